-- model_risk.regional_compliance
-- Is every regional deployment covered by an approved validation and, where asked for, a regional sign-off?
-- grain:    one row per model and region it is linked to
-- requires: nothing
-- source:   docs/model_risk.md, "Regional compliance"

CREATE OR REPLACE VIEW model_risk.regional_compliance AS
SELECT
    link.model_id,
    link.region_id,
    reg.code AS region_code,
    reg.name AS region_name,
    reg.requires_regional_approval,
    mdl.model_name,
    own.lob_id,
    ver.version_number AS deployed_version,
    link.deployed_at AS deployment_date,
    link.deployment_notes,
    req.request_id AS validation_request_id,
    sta.label AS validation_status,
    sta.status_code AS validation_status_code,
    req.completion_date AS validation_completion_date,
    approval.approval_id IS NOT NULL AS has_regional_approval,
    approval.full_name AS regional_approver_name,
    approval.approver_role AS regional_approver_role,
    approval.approval_status AS regional_approval_status,
    approval.approved_at AS regional_approval_date,
    ver.version_id IS NOT NULL AND req.request_id IS NULL AS is_deployed_without_validation,
    coalesce(NOT sta.is_closed, false) AS is_validation_pending,
    coalesce(sta.status_code = 'APPROVED', false) AS is_validation_approved
FROM model_risk.model_regions AS link
INNER JOIN model_risk.regions AS reg ON link.region_id = reg.region_id
INNER JOIN model_risk.models AS mdl ON link.model_id = mdl.model_id
INNER JOIN model_risk.users AS own ON mdl.owner_id = own.user_id
LEFT JOIN model_risk.model_versions AS ver ON link.version_id = ver.version_id
LEFT JOIN model_risk.validation_requests AS req ON ver.validation_request_id = req.request_id
LEFT JOIN model_risk.validation_request_statuses AS sta ON req.current_status = sta.status_code
-- an approval still open (no date) outranks an older decision; voided and sent back ones count
LEFT JOIN LATERAL (
    SELECT
        apr.approval_id,
        usr.full_name,
        apr.approver_role,
        apr.approval_status,
        apr.approved_at
    FROM model_risk.validation_approvals AS apr
    INNER JOIN model_risk.users AS usr ON apr.approver_id = usr.user_id
    WHERE reg.requires_regional_approval
        AND apr.request_id = req.request_id
        AND apr.region_id = link.region_id
        AND apr.approval_type = 'Regional'
    ORDER BY apr.approved_at DESC NULLS FIRST, apr.approval_id DESC
    LIMIT 1
) AS approval ON true;

COMMENT ON VIEW model_risk.regional_compliance IS
'Deployments with the validation of the deployed version and the latest regional approval. has_regional_approval says that an approval row exists, not that it was granted.';

GRANT SELECT ON model_risk.regional_compliance TO tidemark_app, tidemark_operator;
