-- model_risk.revalidation
-- Where each model stands in its revalidation cycle, and the day on which that changes by itself.
-- grain:    one row per model, whatever its status, tier or kind
-- requires: model_risk.model_status
-- source:   docs/model_risk.md, "The thirteen revalidation statuses"

CREATE OR REPLACE VIEW model_risk.revalidation AS
SELECT
    sta.model_id,
    sta.revalidation_status,
    sta.last_validation_date,
    sta.next_submission_due,
    sta.grace_period_end,
    sta.next_validation_due,
    sta.active_request_id,
    sta.submission_received,
    sta.interim_expiration,
    sta.most_recent_full_request_id,
    sta.previous_full_request_id,
    sta.is_overdue,
    sta.revalidation_change_on AS next_change_on
FROM model_risk.model_status AS sta;

COMMENT ON VIEW model_risk.revalidation IS
'Revalidation status per model on refresh.as_of_date(). Days left are a due date minus that day.';
COMMENT ON COLUMN model_risk.revalidation.next_change_on IS
'First day on which the status differs although no row changes; NULL: never.';

GRANT SELECT ON model_risk.revalidation TO tidemark_app, tidemark_operator;
