-- model_risk.model_status_by_model
-- The three statuses of every model, kept.
-- grain:    one row per model
-- requires: refresh.store(), refresh.affects(), model_risk.model_status
-- source:   docs/model_risk.md, "What changes because time passes"

SELECT refresh.store(
    'model_risk.model_status_by_model',
    live => 'model_risk.model_status',
    key => '{model_id}',
    due => 'next_change_on'
);

-- A tier sets the lead time of every model that shares an open request with this one.
SELECT refresh.affects('model_risk.models', 'model_risk.model_status_by_model', $$
    SELECT changed.model_id FROM changed
    UNION
    SELECT peer.model_id
    FROM changed
    INNER JOIN validation_request_models AS own ON changed.model_id = own.model_id
    INNER JOIN validation_request_models AS peer ON own.request_id = peer.request_id
$$);
SELECT refresh.affects('model_risk.validation_request_models', 'model_risk.model_status_by_model', $$
    SELECT changed.model_id FROM changed
    UNION
    SELECT peer.model_id
    FROM changed
    INNER JOIN validation_request_models AS peer ON changed.request_id = peer.request_id
$$);
SELECT refresh.affects('model_risk.validation_requests', 'model_risk.model_status_by_model', $$
    SELECT link.model_id
    FROM changed
    INNER JOIN validation_request_models AS link ON changed.request_id = link.request_id
$$);
SELECT refresh.affects('model_risk.validation_outcomes', 'model_risk.model_status_by_model', $$
    SELECT link.model_id
    FROM changed
    INNER JOIN validation_request_models AS link ON changed.request_id = link.request_id
$$);
SELECT refresh.affects('model_risk.validation_policies', 'model_risk.model_status_by_model', $$
    SELECT mdl.model_id
    FROM changed
    INNER JOIN models AS mdl ON changed.risk_tier_id = mdl.risk_tier_id
    UNION
    SELECT peer.model_id
    FROM changed
    INNER JOIN models AS mdl ON changed.risk_tier_id = mdl.risk_tier_id
    INNER JOIN validation_request_models AS own ON mdl.model_id = own.model_id
    INNER JOIN validation_request_models AS peer ON own.request_id = peer.request_id
$$);
SELECT refresh.affects('model_risk.validation_workflow_slas', 'model_risk.model_status_by_model', 'all');
SELECT refresh.affects('model_risk.validation_types', 'model_risk.model_status_by_model', 'all');
SELECT refresh.affects('model_risk.validation_request_statuses', 'model_risk.model_status_by_model', 'all');
SELECT refresh.affects('model_risk.past_due_levels', 'model_risk.model_status_by_model', 'all');

COMMENT ON VIEW model_risk.model_status_by_model IS
'Statuses of every model, recomputed when its rows change and on the day they change by themselves. Same columns and rows as model_risk.model_status.';

GRANT SELECT ON model_risk.model_status_by_model, model_risk.model_status_by_model_as_of TO tidemark_app, tidemark_operator;
