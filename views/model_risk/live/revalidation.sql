-- model_risk.revalidation
-- Where each model stands in its revalidation cycle, and the day on which that changes by itself.
-- grain:    one row per model, whatever its status, tier or kind
-- requires: model_risk.revalidation_schedule, model_risk.revalidation_status(),
-- requires: model_risk.is_revalidation_overdue(), model_risk.revalidation_next_change_on(), refresh.as_of_date()
-- source:   docs/model_risk.md, "The thirteen revalidation statuses"

CREATE OR REPLACE VIEW model_risk.revalidation AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    plan.model_id,
    decided.revalidation_status,
    plan.last_validation_date,
    plan.next_submission_due,
    plan.grace_period_end,
    plan.next_validation_due,
    plan.active_request_id,
    plan.submission_received,
    plan.interim_expiration,
    plan.most_recent_full_request_id,
    plan.previous_full_request_id,
    model_risk.is_revalidation_overdue(decided.revalidation_status) AS is_overdue,
    model_risk.revalidation_next_change_on(
        plan.branch, plan.next_submission_due, plan.grace_period_end,
        plan.next_validation_due, clock.as_of
    ) AS next_change_on
FROM model_risk.revalidation_schedule AS plan
CROSS JOIN clock
CROSS JOIN LATERAL (
    SELECT
        model_risk.revalidation_status(
            plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, clock.as_of
        ) AS revalidation_status
    OFFSET 0  -- decide once, not once per column that needs the status
) AS decided;

COMMENT ON VIEW model_risk.revalidation IS
'Revalidation status per model on refresh.as_of_date(). Days left are a due date minus that day: they change daily, so they are derived where they are shown.';
COMMENT ON COLUMN model_risk.revalidation.next_change_on IS
'First day on which the status differs although no row changes; NULL: never.';

GRANT SELECT ON model_risk.revalidation TO tidemark_app, tidemark_operator;
