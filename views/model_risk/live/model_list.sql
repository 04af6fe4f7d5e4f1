-- model_risk.model_list
-- The coarse validation status shown beside each model in lists.
-- grain:    one row per model
-- requires: model_risk.model_status, model_risk.days_overdue(), refresh.as_of_date()
-- source:   docs/model_risk.md, "The models list"

CREATE OR REPLACE VIEW model_risk.model_list AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    sta.model_id,
    sta.latest_known_on AS last_validation_date,
    sta.listed_grace_period_end AS grace_period_end,
    sta.listed_validation_due AS next_validation_due_date,
    sta.validation_status,
    sta.past_due_level,
    CASE
        WHEN model_risk.days_overdue(
            sta.listed_validation_due, sta.listed_grace_period_end, clock.as_of
        ) > 0 THEN coalesce(lvl.downgrade_notches, 0)
        ELSE 0
    END AS penalty_notches,
    sta.validation_change_on AS next_change_on
FROM model_risk.model_status AS sta
CROSS JOIN clock
LEFT JOIN model_risk.past_due_levels AS lvl ON sta.past_due_level = lvl.level_code;

COMMENT ON VIEW model_risk.model_list IS
'Validation status of the models list on refresh.as_of_date(). It looks only at the latest completed approval and the model''s own policy, so it differs from model_risk.revalidation on purpose.';
COMMENT ON COLUMN model_risk.model_list.penalty_notches IS
'Notches the past-due bucket takes off a rating; 0 while nothing is overdue.';
COMMENT ON COLUMN model_risk.model_list.next_change_on IS
'First day on which the status differs although no row changes; NULL: never. The past-due bucket can move later.';

GRANT SELECT ON model_risk.model_list TO tidemark_app, tidemark_operator;
