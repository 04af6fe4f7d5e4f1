-- model_risk.kpi_fact_by_model
-- KPI flags of every active model, kept.
-- grain:    one row per active model
-- requires: refresh.store(), refresh.affects(), model_risk.kpi_fact
-- source:   docs/model_risk.md, "The 26 KPIs"

SELECT refresh.store(
    'model_risk.kpi_fact_by_model',
    live => 'model_risk.kpi_fact',
    key => '{model_id}',
    due => 'next_change_on',
    also_by => '{lob_id}'  -- the tallies recompute one line of business at a time
);

-- A tier sets the lead time of every model that shares an open request with this one.
SELECT refresh.affects('model_risk.models', 'model_risk.kpi_fact_by_model', $$
    SELECT changed.model_id FROM changed
    UNION
    SELECT peer.model_id
    FROM changed
    INNER JOIN validation_request_models AS own ON changed.model_id = own.model_id
    INNER JOIN validation_request_models AS peer ON own.request_id = peer.request_id
$$);
SELECT refresh.affects('model_risk.validation_request_models', 'model_risk.kpi_fact_by_model', $$
    SELECT changed.model_id FROM changed
    UNION
    SELECT peer.model_id
    FROM changed
    INNER JOIN validation_request_models AS peer ON changed.request_id = peer.request_id
$$);
SELECT refresh.affects('model_risk.validation_requests', 'model_risk.kpi_fact_by_model', $$
    SELECT link.model_id
    FROM changed
    INNER JOIN validation_request_models AS link ON changed.request_id = link.request_id
$$);
SELECT refresh.affects('model_risk.validation_outcomes', 'model_risk.kpi_fact_by_model', $$
    SELECT link.model_id
    FROM changed
    INNER JOIN validation_request_models AS link ON changed.request_id = link.request_id
$$);
SELECT refresh.affects('model_risk.validation_policies', 'model_risk.kpi_fact_by_model', $$
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
SELECT refresh.affects('model_risk.validation_workflow_slas', 'model_risk.kpi_fact_by_model', 'all');
SELECT refresh.affects('model_risk.validation_types', 'model_risk.kpi_fact_by_model', 'all');
SELECT refresh.affects('model_risk.validation_request_statuses', 'model_risk.kpi_fact_by_model', 'all');
SELECT refresh.affects('model_risk.validation_scorecard_results', 'model_risk.kpi_fact_by_model', $$
    SELECT link.model_id
    FROM changed
    INNER JOIN validation_request_models AS link ON changed.request_id = link.request_id
$$);
SELECT refresh.affects('model_risk.risk_tiers', 'model_risk.kpi_fact_by_model', $$
    SELECT mdl.model_id
    FROM changed
    INNER JOIN models AS mdl ON changed.risk_tier_id = mdl.risk_tier_id
    UNION
    SELECT link.model_id
    FROM changed
    INNER JOIN validation_requests AS req ON changed.risk_tier_id = req.validated_risk_tier_id
    INNER JOIN validation_request_models AS link ON req.request_id = link.request_id
$$);
SELECT refresh.affects('model_risk.residual_risk_maps', 'model_risk.kpi_fact_by_model', 'all');
SELECT refresh.affects('model_risk.residual_risk_map_cells', 'model_risk.kpi_fact_by_model', 'all');
SELECT refresh.affects('model_risk.users', 'model_risk.kpi_fact_by_model', $$
    SELECT mdl.model_id
    FROM changed
    INNER JOIN models AS mdl ON changed.user_id = mdl.owner_id
$$);
SELECT refresh.affects('model_risk.methodologies', 'model_risk.kpi_fact_by_model', $$
    SELECT mdl.model_id
    FROM changed
    INNER JOIN models AS mdl ON changed.methodology_id = mdl.methodology_id
$$);
SELECT refresh.affects('model_risk.methodology_categories', 'model_risk.kpi_fact_by_model', $$
    SELECT mdl.model_id
    FROM changed
    INNER JOIN methodologies AS met ON changed.category_id = met.category_id
    INNER JOIN models AS mdl ON met.methodology_id = mdl.methodology_id
$$);
-- Timeliness concerns the members of the plan, the latest result every model that has one in the cycle.
SELECT refresh.affects('model_risk.monitoring_cycles', 'model_risk.kpi_fact_by_model', $$
    SELECT mem.model_id
    FROM changed
    INNER JOIN monitoring_plan_memberships AS mem ON changed.plan_id = mem.plan_id
    UNION
    SELECT res.model_id
    FROM changed
    INNER JOIN monitoring_results AS res ON changed.cycle_id = res.cycle_id
$$);
SELECT refresh.affects('model_risk.model_exceptions', 'model_risk.kpi_fact_by_model', 'SELECT model_id FROM changed');
SELECT refresh.affects('model_risk.model_limitations', 'model_risk.kpi_fact_by_model', 'SELECT model_id FROM changed');
SELECT refresh.affects('model_risk.monitoring_plan_memberships', 'model_risk.kpi_fact_by_model', 'SELECT model_id FROM changed');
SELECT refresh.affects('model_risk.monitoring_results', 'model_risk.kpi_fact_by_model', 'SELECT model_id FROM changed');
SELECT refresh.affects('model_risk.recommendations', 'model_risk.kpi_fact_by_model', 'SELECT model_id FROM changed');

COMMENT ON VIEW model_risk.kpi_fact_by_model IS
'KPI flags of active models. Same columns and rows as model_risk.kpi_fact.';

GRANT SELECT ON model_risk.kpi_fact_by_model, model_risk.kpi_fact_by_model_as_of TO tidemark_app, tidemark_operator;
