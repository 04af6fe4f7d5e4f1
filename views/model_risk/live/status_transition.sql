-- model_risk.status_transition
-- What happens next to each model if nobody does anything.
-- grain:    one row per model
-- requires: model_risk.model_status
-- source:   docs/model_risk.md, "What changes because time passes"

CREATE OR REPLACE VIEW model_risk.status_transition AS
SELECT
    sta.model_id,
    sta.revalidation_status,
    sta.revalidation_change_on AS next_revalidation_change,
    sta.next_revalidation_status,
    sta.approval_status,
    sta.approval_change_on AS next_approval_change,
    sta.next_approval_status,
    sta.validation_status,
    sta.validation_change_on AS next_validation_status_change,
    sta.next_validation_status
FROM model_risk.model_status AS sta;

COMMENT ON VIEW model_risk.status_transition IS
'Current statuses, the first later day on which each changes by the calendar alone, and what it becomes then; empty when never.';

GRANT SELECT ON model_risk.status_transition TO tidemark_app, tidemark_operator;
