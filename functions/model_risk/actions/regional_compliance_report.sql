-- model_risk.regional_compliance_report()
-- Regional deployments with their validation and regional approval, filtered and ordered.
-- requires: model_risk.regional_compliance_by_model_region, model_risk.lob_ancestry_by_lob
-- source:   docs/model_risk.md, "Regional compliance"

CREATE OR REPLACE FUNCTION model_risk.regional_compliance_report(
    p_region_code text DEFAULT NULL,
    p_model_id integer DEFAULT NULL,
    p_team_id integer DEFAULT NULL,
    p_only_deployed boolean DEFAULT true
)
RETURNS TABLE (
    region_code text,
    region_name text,
    requires_regional_approval boolean,
    model_id integer,
    model_name text,
    deployed_version text,
    deployment_date timestamptz,
    deployment_notes text,
    validation_request_id integer,
    validation_status text,
    validation_status_code text,
    validation_completion_date timestamptz,
    has_regional_approval boolean,
    regional_approver_name text,
    regional_approver_role text,
    regional_approval_status text,
    regional_approval_date timestamptz,
    is_deployed_without_validation boolean,
    is_validation_pending boolean,
    is_validation_approved boolean
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT
        com.region_code::text,
        com.region_name::text,
        com.requires_regional_approval,
        com.model_id,
        com.model_name::text,
        com.deployed_version::text,
        com.deployment_date,
        com.deployment_notes,
        com.validation_request_id,
        com.validation_status,
        com.validation_status_code,
        com.validation_completion_date,
        com.has_regional_approval,
        com.regional_approver_name,
        com.regional_approver_role,
        com.regional_approval_status,
        com.regional_approval_date,
        com.is_deployed_without_validation,
        com.is_validation_pending,
        com.is_validation_approved
    FROM model_risk.regional_compliance_by_model_region_as_of AS com
    WHERE (coalesce(p_region_code, '') = '' OR com.region_code = upper(p_region_code COLLATE "C"))
        AND (coalesce(p_model_id, 0) = 0 OR com.model_id = p_model_id)
        AND (com.deployed_version IS NOT NULL OR p_only_deployed IS FALSE)
        AND (
            p_team_id IS NULL
            OR com.lob_id IN (
                SELECT line.lob_id FROM model_risk.lob_ancestry_by_lob_as_of AS line
                WHERE coalesce(line.team_id, 0) = p_team_id
            )
        )
    ORDER BY com.region_code COLLATE "C", com.model_name COLLATE "C", com.model_id;
END;
$$;

COMMENT ON FUNCTION model_risk.regional_compliance_report IS
'One row per model and region that passes the filters. p_region_code in any case, NULL or empty: all, unknown: no rows; p_model_id NULL or 0: all; p_team_id NULL: all, 0: models without a team; p_only_deployed: leave out links without a deployed version (NULL counts as true).';

REVOKE ALL ON FUNCTION model_risk.regional_compliance_report FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.regional_compliance_report TO tidemark_app;
