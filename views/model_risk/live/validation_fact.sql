-- model_risk.validation_fact
-- What the rules need to know of each model: its last approvals, its policy, its open request.
-- grain:    one row per model
-- requires: model_risk.approved_request, refresh.time_zone()
-- source:   docs/model_risk.md, "Which request counts as the last"

CREATE OR REPLACE VIEW model_risk.validation_fact AS
WITH setting AS MATERIALIZED (
    SELECT
        refresh.time_zone() AS time_zone,
        coalesce(max(sla.assignment_days + sla.begin_work_days + sla.approval_days), 0) AS sla_days
    FROM model_risk.validation_workflow_slas AS sla
    WHERE sla.workflow_type = 'Validation'
),

approved AS (
    SELECT
        req.model_id,
        max(req.request_id) FILTER (WHERE req.update_rank = 1) AS last_request_id,
        max(req.validation_type) FILTER (WHERE req.update_rank = 1) AS last_type,
        max(coalesce(req.completion_date, req.updated_at))
        FILTER (WHERE req.update_rank = 1) AS last_validated_at,
        max(req.request_id) FILTER (WHERE req.completion_rank = 1) AS latest_approved_request_id,
        max(req.validation_type) FILTER (WHERE req.completion_rank = 1) AS latest_approved_type,
        max(req.completion_date) AS latest_known_at,
        max(req.request_id) FILTER (WHERE req.is_full AND req.full_rank = 1) AS most_recent_full_request_id,
        max(req.request_id) FILTER (WHERE req.is_full AND req.full_rank = 2) AS previous_full_request_id,
        CASE WHEN NOT bool_or(req.is_full) THEN max(outc.expiration_date) END AS interim_expiration
    FROM model_risk.approved_request AS req
    LEFT JOIN model_risk.validation_outcomes AS outc
        ON req.request_id = outc.request_id AND req.validation_type = 'INTERIM'
    GROUP BY req.model_id
),

substantive AS (
    SELECT DISTINCT ON (link.model_id)
        link.model_id,
        req.request_id,
        req.current_status
    FROM model_risk.validation_request_models AS link
    INNER JOIN model_risk.validation_requests AS req ON link.request_id = req.request_id
    INNER JOIN model_risk.validation_request_statuses AS sta
        ON req.current_status = sta.status_code
    WHERE sta.is_substantive
    ORDER BY link.model_id, req.created_at DESC, req.request_id DESC
),

active AS (
    SELECT DISTINCT ON (link.model_id, req.prior_validation_request_id)
        link.model_id,
        req.prior_validation_request_id,
        req.request_id,
        req.submission_received_date
    FROM model_risk.validation_request_models AS link
    INNER JOIN model_risk.validation_requests AS req ON link.request_id = req.request_id
    INNER JOIN model_risk.validation_request_statuses AS sta
        ON req.current_status = sta.status_code
    WHERE req.validation_type = 'COMPREHENSIVE' AND NOT sta.is_closed
    ORDER BY
        link.model_id, req.prior_validation_request_id, req.created_at DESC, req.request_id DESC
)

SELECT
    mdl.model_id,
    mdl.is_model,
    mdl.use_approval_date,
    pol.policy_id IS NOT NULL AS has_policy,
    pol.frequency_months,
    pol.grace_period_months,
    pol.model_change_lead_time_days AS lead_days,
    setting.sla_days,
    approved.last_request_id,
    approved.last_type,
    (approved.last_validated_at AT TIME ZONE setting.time_zone)::date AS last_validation_date,
    approved.latest_approved_request_id,
    approved.latest_approved_type,
    (approved.latest_known_at AT TIME ZONE setting.time_zone)::date AS latest_known_on,
    approved.most_recent_full_request_id,
    approved.previous_full_request_id,
    approved.interim_expiration,
    active.request_id AS active_request_id,
    active.submission_received_date AS submission_received,
    -- an open request is given the longest lead time among all models it covers
    CASE WHEN active.request_id IS NOT NULL THEN coalesce(
        (
            SELECT max(other_pol.model_change_lead_time_days)
            FROM model_risk.validation_request_models AS other
            INNER JOIN model_risk.models AS other_mdl ON other.model_id = other_mdl.model_id
            INNER JOIN model_risk.validation_policies AS other_pol
                ON other_mdl.risk_tier_id = other_pol.risk_tier_id
            WHERE other.request_id = active.request_id
        ), 90
    ) END AS active_lead_days,
    substantive.request_id AS substantive_request_id,
    substantive.current_status AS substantive_request_status
FROM model_risk.models AS mdl
CROSS JOIN setting
LEFT JOIN model_risk.validation_policies AS pol ON mdl.risk_tier_id = pol.risk_tier_id
LEFT JOIN approved ON mdl.model_id = approved.model_id
LEFT JOIN active
    ON mdl.model_id = active.model_id
    AND approved.last_request_id = active.prior_validation_request_id
LEFT JOIN substantive ON mdl.model_id = substantive.model_id;

COMMENT ON VIEW model_risk.validation_fact IS
'Facts per model before any date is compared. last_*: the request that starts the clock (edited last); latest_*: the approval completed last; active_*: the open comprehensive request that follows exactly the last one.';
COMMENT ON COLUMN model_risk.validation_fact.interim_expiration IS
'Latest expiry of the interim approvals, only while the model never had a full validation.';
COMMENT ON COLUMN model_risk.validation_fact.sla_days IS
'Days granted to a validation after the lead time; 0 when no SLA row says otherwise.';

GRANT SELECT ON model_risk.validation_fact TO tidemark_app, tidemark_operator;
