-- model_risk.model_status
-- Everything the calendar decides about a model, in one pass: revalidation, approval, models list.
-- grain:    one row per model, whatever its status, tier or kind
-- requires: model_risk.revalidation_schedule, model_risk.revalidation_status(), model_risk.is_revalidation_overdue(),
-- requires: model_risk.is_approval_overdue(), model_risk.approval_status(), model_risk.validation_status(),
-- requires: model_risk.days_overdue(), model_risk.revalidation_next_change_on(), model_risk.approval_next_change_on(),
-- requires: model_risk.validation_next_change_on(), refresh.as_of_date()
-- source:   docs/model_risk.md, "The thirteen revalidation statuses"

CREATE OR REPLACE VIEW model_risk.model_status AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    plan.model_id,
    decided.revalidation_status,
    decided.is_overdue,
    plan.last_validation_date,
    plan.next_submission_due,
    plan.grace_period_end,
    plan.next_validation_due,
    plan.active_request_id,
    plan.submission_received,
    plan.interim_expiration,
    plan.most_recent_full_request_id,
    plan.previous_full_request_id,
    coming.revalidation_change_on,
    CASE WHEN coming.revalidation_change_on IS NOT NULL THEN
        model_risk.revalidation_status(
            plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, coming.revalidation_change_on
        )
    END AS next_revalidation_status,
    model_risk.approval_status(
        plan.is_model, plan.last_request_id IS NOT NULL, approved.is_overdue,
        plan.latest_approved_type, plan.substantive_request_id IS NOT NULL
    ) AS approval_status,
    CASE WHEN plan.is_model THEN plan.latest_approved_request_id END AS latest_approved_request_id,
    CASE WHEN plan.is_model THEN plan.latest_approved_type END AS latest_approved_type,
    CASE WHEN approved.is_judged THEN approved.is_overdue END AS is_approval_overdue,
    CASE WHEN approved.is_judged THEN plan.next_validation_due END AS approval_due_on,
    CASE WHEN approved.is_judged AND approved.is_overdue THEN plan.substantive_request_id END
        AS substantive_request_id,
    CASE WHEN approved.is_judged AND approved.is_overdue THEN plan.substantive_request_status END
        AS substantive_request_status,
    coming.approval_change_on,
    CASE WHEN coming.approval_change_on IS NOT NULL THEN
        model_risk.approval_status(
            true, true, true, plan.latest_approved_type, plan.substantive_request_id IS NOT NULL
        )
    END AS next_approval_status,
    plan.latest_known_on,
    plan.listed_grace_period_end,
    plan.listed_validation_due,
    model_risk.validation_status(plan.listed_validation_due, clock.as_of) AS validation_status,
    (
        SELECT lvl.level_code
        FROM model_risk.past_due_levels AS lvl
        WHERE lvl.is_active
            AND late.days_overdue >= coalesce(lvl.min_days, late.days_overdue)
            AND late.days_overdue <= coalesce(lvl.max_days, late.days_overdue)
        ORDER BY lvl.sort_order, lvl.level_code
        LIMIT 1
    ) AS past_due_level,
    coming.validation_change_on,
    CASE WHEN coming.validation_change_on IS NOT NULL THEN
        model_risk.validation_status(plan.listed_validation_due, coming.validation_change_on)
    END AS next_validation_status,
    least(
        coming.revalidation_change_on,
        coming.approval_change_on,
        coming.validation_change_on,
        (  -- from the due date on, the past-due bucket moves as well
            SELECT min(plan.listed_grace_period_end + edge.days)
            FROM model_risk.past_due_levels AS lvl
            CROSS JOIN LATERAL (VALUES (lvl.min_days), (lvl.max_days + 1)) AS edge (days)
            WHERE lvl.is_active
                AND clock.as_of >= plan.listed_validation_due
                AND plan.listed_grace_period_end + edge.days > clock.as_of
        )
    ) AS next_change_on
FROM model_risk.revalidation_schedule AS plan
CROSS JOIN clock
CROSS JOIN LATERAL (  -- OFFSET 0: decide once, not once per column that needs the decision
    SELECT
        sta.revalidation_status,
        model_risk.is_revalidation_overdue(sta.revalidation_status) AS is_overdue
    FROM (
        SELECT
            model_risk.revalidation_status(
                plan.branch, plan.next_submission_due, plan.grace_period_end,
                plan.next_validation_due, clock.as_of
            ) AS revalidation_status
        OFFSET 0
    ) AS sta
) AS decided
CROSS JOIN LATERAL (
    SELECT
        plan.is_model AND plan.last_request_id IS NOT NULL AS is_judged,
        model_risk.is_approval_overdue(
            decided.revalidation_status, plan.next_validation_due, clock.as_of
        ) AS is_overdue
    OFFSET 0
) AS approved
CROSS JOIN LATERAL (
    SELECT
        model_risk.revalidation_next_change_on(
            plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, clock.as_of
        ) AS revalidation_change_on,
        model_risk.approval_next_change_on(
            plan.is_model, plan.branch, plan.next_submission_due, plan.grace_period_end,
            plan.next_validation_due, clock.as_of
        ) AS approval_change_on,
        model_risk.validation_next_change_on(plan.listed_validation_due, clock.as_of)
            AS validation_change_on
    OFFSET 0
) AS coming
CROSS JOIN LATERAL (
    SELECT
        model_risk.days_overdue(
            plan.listed_validation_due, plan.listed_grace_period_end, clock.as_of
        ) AS days_overdue
    OFFSET 0
) AS late;

COMMENT ON VIEW model_risk.model_status IS
'The three statuses of each model on refresh.as_of_date(), the dates behind them, and what each becomes next. Days left or overdue change daily: they are derived from the dates where they are shown.';
COMMENT ON COLUMN model_risk.model_status.next_change_on IS
'First day on which any column of this row differs although no row changes; NULL: never.';
COMMENT ON COLUMN model_risk.model_status.is_approval_overdue IS
'Overdue in the sense of the approval status, which also lets an interim approval without a policy run out.';

GRANT SELECT ON model_risk.model_status TO tidemark_app, tidemark_operator;
