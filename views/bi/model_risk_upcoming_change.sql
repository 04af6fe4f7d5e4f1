-- bi.model_risk_upcoming_change
-- Status changes the calendar will bring if nobody acts.
-- grain:    one row per model and status that will change
-- requires: model_risk.model_status_by_model, model_risk.visible_model
-- source:   docs/bi.md, "Model risk"

CREATE OR REPLACE VIEW bi.model_risk_upcoming_change WITH (security_barrier) AS
SELECT
    sta.model_id,
    mdl.model_name::text AS model_name,
    coming.subject,
    coming.current_status,
    coming.changes_on,
    coming.becomes
FROM model_risk.visible_model AS visible
INNER JOIN model_risk.model_status_by_model AS sta ON visible.model_id = sta.model_id
INNER JOIN model_risk.models AS mdl ON sta.model_id = mdl.model_id
CROSS JOIN LATERAL (
    VALUES
    ('revalidation', sta.revalidation_status, sta.revalidation_change_on, sta.next_revalidation_status),
    ('approval', sta.approval_status, sta.approval_change_on, sta.next_approval_status),
    ('validation', sta.validation_status, sta.validation_change_on, sta.next_validation_status)
) AS coming (subject, current_status, changes_on, becomes)
WHERE coming.changes_on IS NOT NULL;

COMMENT ON VIEW bi.model_risk_upcoming_change IS
'What happens next to each model without a change of data. Grain: one row per model and status. Key: model_id, subject. Data as of: model_risk.model_status_by_model, see bi.freshness.';
COMMENT ON COLUMN bi.model_risk_upcoming_change.model_id IS 'Number of the model.';
COMMENT ON COLUMN bi.model_risk_upcoming_change.model_name IS 'Name; not unique.';
COMMENT ON COLUMN bi.model_risk_upcoming_change.subject IS 'Which status: revalidation, approval or validation (models list).';
COMMENT ON COLUMN bi.model_risk_upcoming_change.current_status IS 'The status today.';
COMMENT ON COLUMN bi.model_risk_upcoming_change.changes_on IS 'First day of the new status.';
COMMENT ON COLUMN bi.model_risk_upcoming_change.becomes IS 'The new status.';

GRANT SELECT ON bi.model_risk_upcoming_change TO tidemark_bi;
