-- model_risk.revalidation_schedule
-- The rule set each model falls under and the three dates that follow from it; no clock is read.
-- grain:    one row per model
-- requires: model_risk.validation_fact, model_risk.revalidation_branch(), model_risk.add_months()
-- source:   docs/model_risk.md, "The revalidation clock"

-- OFFSET 0 keeps each step a step: flattened, every later date would repeat the expressions of the
-- earlier ones, and a status that compares three dates would compute them a dozen times.
CREATE OR REPLACE VIEW model_risk.revalidation_schedule AS
SELECT
    fact.model_id,
    fact.is_model,
    rule.branch,
    fact.last_request_id,
    fact.last_type,
    fact.last_validation_date,
    submission.next_submission_due,
    grace.grace_period_end,
    validation.next_validation_due,
    CASE WHEN rule.branch IN ('NOSUB', 'SUB') THEN fact.active_request_id END AS active_request_id,
    CASE WHEN rule.branch IN ('NOSUB', 'SUB') THEN fact.submission_received END AS submission_received,
    fact.interim_expiration,
    fact.latest_approved_request_id,
    fact.latest_approved_type,
    fact.most_recent_full_request_id,
    fact.previous_full_request_id,
    fact.substantive_request_id,
    fact.substantive_request_status,
    fact.latest_known_on,
    listed.listed_grace_period_end,
    listed.listed_grace_period_end + fact.lead_days + fact.sla_days AS listed_validation_due
FROM model_risk.validation_fact AS fact
CROSS JOIN LATERAL (
    SELECT
        model_risk.revalidation_branch(
            fact.last_request_id IS NOT NULL,
            fact.has_policy,
            fact.interim_expiration,
            fact.active_request_id IS NOT NULL,
            fact.submission_received
        ) AS branch
    OFFSET 0
) AS rule
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN rule.branch = 'INTERIM' THEN fact.interim_expiration - fact.lead_days
            WHEN rule.branch IN ('NOSUB', 'SUB', 'NONE')
                THEN model_risk.add_months(fact.last_validation_date, fact.frequency_months)
        END AS next_submission_due
    OFFSET 0
) AS submission
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN rule.branch IN ('NOSUB', 'SUB', 'NONE')
                THEN model_risk.add_months(submission.next_submission_due, fact.grace_period_months)
        END AS grace_period_end
    OFFSET 0
) AS grace
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN rule.branch IN ('NO_POLICY', 'INTERIM') THEN fact.interim_expiration
            WHEN rule.branch IN ('NOSUB', 'SUB', 'NONE')
                THEN grace.grace_period_end
                    + coalesce(fact.active_lead_days, fact.lead_days) + fact.sla_days
        END AS next_validation_due
    OFFSET 0
) AS validation
CROSS JOIN LATERAL (  -- the models list dates its own, coarser way
    SELECT
        model_risk.add_months(
            model_risk.add_months(fact.latest_known_on, fact.frequency_months),
            fact.grace_period_months
        ) AS listed_grace_period_end
    OFFSET 0
) AS listed;

COMMENT ON VIEW model_risk.revalidation_schedule IS
'Due dates per model: submission, end of grace, validation. They move only with the data, never with the calendar.';
COMMENT ON COLUMN model_risk.revalidation_schedule.listed_validation_due IS
'Due date of the models list: from the latest completed approval alone, with the model''s own lead time.';
COMMENT ON COLUMN model_risk.revalidation_schedule.active_request_id IS
'Open request that follows the last approved one; NULL where the rule set does not look for one.';

GRANT SELECT ON model_risk.revalidation_schedule TO tidemark_app, tidemark_operator;
