-- model_risk.status_transition
-- What happens next to each model if nobody does anything.
-- grain:    one row per model
-- requires: model_risk.revalidation_schedule, model_risk.revalidation, model_risk.approval, model_risk.model_list,
-- requires: model_risk.revalidation_status(), model_risk.approval_status(), model_risk.validation_status()
-- source:   docs/model_risk.md, "What changes because time passes"

CREATE OR REPLACE VIEW model_risk.status_transition AS
SELECT
    rev.model_id,
    rev.revalidation_status,
    rev.next_change_on AS next_revalidation_change,
    CASE WHEN rev.next_change_on IS NOT NULL THEN
        model_risk.revalidation_status(
            plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, rev.next_change_on
        )
    END AS next_revalidation_status,
    apr.approval_status,
    apr.next_change_on AS next_approval_change,
    CASE WHEN apr.next_change_on IS NOT NULL THEN
        model_risk.approval_status(
            plan.is_model, true, true, plan.latest_approved_type,
            plan.substantive_request_id IS NOT NULL
        )
    END AS next_approval_status,
    lst.validation_status,
    lst.next_status_change_on AS next_validation_status_change,
    CASE WHEN lst.next_status_change_on IS NOT NULL THEN
        model_risk.validation_status(lst.next_validation_due_date, lst.next_status_change_on)
    END AS next_validation_status
FROM model_risk.revalidation AS rev
INNER JOIN model_risk.revalidation_schedule AS plan ON rev.model_id = plan.model_id
INNER JOIN model_risk.approval AS apr ON rev.model_id = apr.model_id
INNER JOIN model_risk.model_list AS lst ON rev.model_id = lst.model_id;

COMMENT ON VIEW model_risk.status_transition IS
'Current statuses, the first later day on which each changes by the calendar alone, and what it becomes then; empty when never.';

GRANT SELECT ON model_risk.status_transition TO tidemark_app, tidemark_operator;
