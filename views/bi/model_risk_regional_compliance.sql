-- bi.model_risk_regional_compliance
-- Is every regional deployment covered by an approved validation and, where asked for, a regional sign-off?
-- grain:    one row per model and region it is linked to
-- requires: model_risk.regional_compliance_by_model_region, model_risk.lob_ancestry_by_lob, model_risk.visible_deployment
-- source:   docs/bi.md, "Model risk"

CREATE OR REPLACE VIEW bi.model_risk_regional_compliance WITH (security_barrier) AS
SELECT
    com.model_id,
    com.model_name::text AS model_name,
    com.region_code::text AS region_code,
    com.region_name::text AS region_name,
    coalesce(team.name, 'Unassigned') AS team_name,
    com.requires_regional_approval,
    com.deployed_version IS NOT NULL AS is_deployed,
    com.deployed_version::text AS deployed_version,
    com.deployment_date AS deployed_at,
    com.validation_request_id,
    com.validation_status,
    com.validation_completion_date AS validated_at,
    com.is_deployed_without_validation,
    com.is_validation_pending,
    com.is_validation_approved,
    com.has_regional_approval,
    com.regional_approval_status,
    com.regional_approver_name,
    com.regional_approval_date AS regionally_decided_at,
    com.deployed_version IS NOT NULL AND NOT (
        com.is_validation_approved
        AND (
            NOT com.requires_regional_approval
            OR coalesce(com.regional_approval_status = 'Approved', false)
        )
    ) AS is_exception
FROM model_risk.visible_deployment AS visible
INNER JOIN model_risk.regional_compliance_by_model_region AS com
    ON visible.model_id = com.model_id AND visible.region_id = com.region_id
LEFT JOIN model_risk.lob_ancestry_by_lob AS line ON com.lob_id = line.lob_id
LEFT JOIN model_risk.teams AS team ON line.team_id = team.team_id;

COMMENT ON VIEW bi.model_risk_regional_compliance IS
'Regional deployments with their validation and regional approval. Grain: one row per model and region. Key: model_id, region_code. Data as of: model_risk.regional_compliance_by_model_region, see bi.freshness.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.model_id IS 'Number of the model.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.model_name IS 'Name; not unique.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.region_code IS 'Code of the region, upper case.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.region_name IS 'Name of the region.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.team_name IS 'Team of the model, or Unassigned.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.requires_regional_approval IS 'The region asks for an approval of its own.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.is_deployed IS 'False: linked to the region, nothing deployed there.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.deployed_version IS 'Version deployed in the region.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.deployed_at IS 'Instant of the deployment.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.validation_request_id IS 'Request that validated this version; NULL: none.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.validation_status IS 'Step that request has reached.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.validated_at IS 'Instant the request was completed.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.is_deployed_without_validation IS 'Deployed, and its version belongs to no request.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.is_validation_pending IS 'The request is still open.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.is_validation_approved IS 'The request is approved.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.has_regional_approval IS 'A regional approval was asked for and assigned; not necessarily granted.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.regional_approval_status IS 'State of the regional approval that counts.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.regional_approver_name IS 'Who decides, or decided, for the region.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.regionally_decided_at IS 'Instant of the regional decision; NULL while open.';
COMMENT ON COLUMN bi.model_risk_regional_compliance.is_exception IS 'Deployed without an approved validation, or without a granted regional approval where one is required.';

GRANT SELECT ON bi.model_risk_regional_compliance TO tidemark_bi;
