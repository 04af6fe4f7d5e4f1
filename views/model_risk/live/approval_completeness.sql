-- model_risk.approval_completeness
-- Whether every approval that the latest approved request needs was given.
-- grain:    one row per model that has an approved request
-- requires: model_risk.approval
-- source:   docs/model_risk.md, "Are the approvals complete?"

CREATE OR REPLACE VIEW model_risk.approval_completeness AS
SELECT
    approval.model_id,
    counted.pending_required = 0 AND condition.is_met AS approvals_complete,
    -- while the condition is open, a required conditional approval counts in both terms
    counted.pending_required + CASE WHEN condition.is_met THEN 0 ELSE counted.pending_conditional END
        AS pending_approval_count
FROM model_risk.approval AS approval
INNER JOIN model_risk.models AS mdl ON approval.model_id = mdl.model_id
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (
            WHERE apr.is_required AND apr.approval_status = 'Pending' AND apr.voided_at IS NULL
        ) AS pending_required,
        count(*) FILTER (
            WHERE apr.conditional_role_id IS NOT NULL
                AND apr.approval_status = 'Pending' AND apr.voided_at IS NULL
        ) AS pending_conditional,
        count(apr.conditional_role_id) AS conditional_count
    FROM model_risk.validation_approvals AS apr
    WHERE apr.request_id = approval.latest_approved_request_id
) AS counted
CROSS JOIN LATERAL (
    SELECT counted.conditional_count = 0 OR mdl.use_approval_date IS NOT NULL AS is_met
) AS condition
WHERE approval.latest_approved_request_id IS NOT NULL;

COMMENT ON VIEW model_risk.approval_completeness IS
'State of the approvals of the latest approved request. A voided conditional approval still makes the request conditional.';

GRANT SELECT ON model_risk.approval_completeness TO tidemark_app, tidemark_operator;
