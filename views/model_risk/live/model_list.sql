-- model_risk.model_list
-- The coarse validation status shown beside each model in lists.
-- grain:    one row per model
-- requires: model_risk.validation_fact, model_risk.add_months(), model_risk.validation_status(),
-- requires: model_risk.validation_next_change_on(), model_risk.days_overdue(), refresh.as_of_date()
-- source:   docs/model_risk.md, "The models list"

CREATE OR REPLACE VIEW model_risk.model_list AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    fact.model_id,
    fact.latest_known_on AS last_validation_date,
    grace.grace_period_end,
    due.next_validation_due_date,
    model_risk.validation_status(due.next_validation_due_date, clock.as_of) AS validation_status,
    bucket.level_code AS past_due_level,
    CASE WHEN late.days_overdue > 0 THEN coalesce(bucket.downgrade_notches, 0) ELSE 0 END
        AS penalty_notches,
    model_risk.validation_next_change_on(due.next_validation_due_date, clock.as_of)
        AS next_status_change_on,
    coalesce(
        model_risk.validation_next_change_on(due.next_validation_due_date, clock.as_of),
        (
            SELECT min(grace.grace_period_end + lvl.min_days)
            FROM model_risk.past_due_levels AS lvl
            WHERE lvl.is_active AND grace.grace_period_end + lvl.min_days > clock.as_of
        )
    ) AS next_change_on
FROM model_risk.validation_fact AS fact
CROSS JOIN clock
CROSS JOIN LATERAL (
    SELECT
        model_risk.add_months(
            model_risk.add_months(fact.latest_known_on, fact.frequency_months),
            fact.grace_period_months
        ) AS grace_period_end
    OFFSET 0
) AS grace
CROSS JOIN LATERAL (
    SELECT grace.grace_period_end + fact.lead_days + fact.sla_days AS next_validation_due_date
    OFFSET 0
) AS due
CROSS JOIN LATERAL (
    SELECT
        model_risk.days_overdue(
            due.next_validation_due_date, grace.grace_period_end, clock.as_of
        ) AS days_overdue
    OFFSET 0
) AS late
LEFT JOIN LATERAL (
    SELECT
        lvl.level_code,
        lvl.downgrade_notches
    FROM model_risk.past_due_levels AS lvl
    WHERE lvl.is_active
        AND late.days_overdue >= coalesce(lvl.min_days, late.days_overdue)
        AND late.days_overdue <= coalesce(lvl.max_days, late.days_overdue)
    ORDER BY lvl.sort_order, lvl.level_code
    LIMIT 1
) AS bucket ON true;

COMMENT ON VIEW model_risk.model_list IS
'Validation status of the models list on refresh.as_of_date(). It looks only at the latest completed approval and the model''s own policy, so it differs from model_risk.revalidation on purpose.';
COMMENT ON COLUMN model_risk.model_list.penalty_notches IS
'Notches the past-due bucket takes off a rating; 0 while nothing is overdue.';
COMMENT ON COLUMN model_risk.model_list.next_change_on IS
'First day on which the status or the past-due bucket differs although no row changes; NULL: never.';

GRANT SELECT ON model_risk.model_list TO tidemark_app, tidemark_operator;
