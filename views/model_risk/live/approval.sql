-- model_risk.approval
-- Whether each model may be used, by which approval, and the day on which that runs out by itself.
-- grain:    one row per model; a tool that is only registered has no status
-- requires: model_risk.revalidation_schedule, model_risk.revalidation_status(), model_risk.is_approval_overdue(),
-- requires: model_risk.approval_status(), model_risk.approval_next_change_on(), refresh.as_of_date()
-- source:   docs/model_risk.md, "The approval status"

CREATE OR REPLACE VIEW model_risk.approval AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    plan.model_id,
    model_risk.approval_status(
        plan.is_model,
        plan.last_request_id IS NOT NULL,
        decided.is_overdue,
        plan.latest_approved_type,
        plan.substantive_request_id IS NOT NULL
    ) AS approval_status,
    decided.latest_approved_request_id,
    CASE WHEN decided.is_approved_before THEN plan.latest_approved_type END AS latest_approved_type,
    CASE WHEN decided.is_approved_before THEN decided.is_overdue END AS is_overdue,
    CASE WHEN decided.is_approved_before THEN plan.next_validation_due END AS next_validation_due,
    CASE
        WHEN decided.is_approved_before AND decided.is_overdue THEN plan.substantive_request_id
    END AS active_request_id,
    CASE
        WHEN decided.is_approved_before AND decided.is_overdue THEN plan.substantive_request_status
    END AS active_request_status,
    model_risk.approval_next_change_on(
        plan.is_model, plan.branch, plan.next_submission_due, plan.grace_period_end,
        plan.next_validation_due, clock.as_of
    ) AS next_change_on
FROM model_risk.revalidation_schedule AS plan
CROSS JOIN clock
CROSS JOIN LATERAL (
    SELECT
        plan.is_model AND plan.last_request_id IS NOT NULL AS is_approved_before,
        CASE WHEN plan.is_model THEN plan.latest_approved_request_id END AS latest_approved_request_id,
        model_risk.is_approval_overdue(
            model_risk.revalidation_status(
                plan.branch, plan.next_submission_due, plan.grace_period_end,
                plan.next_validation_due, clock.as_of
            ),
            plan.next_validation_due,
            clock.as_of
        ) AS is_overdue
    OFFSET 0
) AS decided;

COMMENT ON VIEW model_risk.approval IS
'Approval status per model on refresh.as_of_date(). Never validated: only the status is filled. Whether the approvals of that request are complete is in model_risk.approval_completeness and never changes the status.';
COMMENT ON COLUMN model_risk.approval.next_change_on IS
'Day on which a standing approval runs out although no row changes; NULL: never, or already over.';

GRANT SELECT ON model_risk.approval TO tidemark_app, tidemark_operator;
