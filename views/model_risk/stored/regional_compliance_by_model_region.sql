-- model_risk.regional_compliance_by_model_region
-- The regional compliance report, kept.
-- grain:    one row per model and region it is linked to
-- requires: refresh.store(), refresh.affects(), model_risk.regional_compliance
-- source:   docs/model_risk.md, "Regional compliance"

SELECT refresh.store(
    'model_risk.regional_compliance_by_model_region',
    live => 'model_risk.regional_compliance',
    key => '{model_id, region_id}'
);

-- A user is shown as an approver, and decides the line of the models he owns.
-- by hand: through the latest approval, a DISTINCT ON, only the region could be derived
SELECT refresh.affects('model_risk.users', 'model_risk.regional_compliance_by_model_region', $$
    SELECT link.model_id, link.region_id
    FROM changed
    INNER JOIN models AS mdl ON changed.user_id = mdl.owner_id
    INNER JOIN model_regions AS link ON mdl.model_id = link.model_id
    UNION
    SELECT link.model_id, link.region_id
    FROM changed
    INNER JOIN validation_approvals AS apr ON changed.user_id = apr.approver_id
    INNER JOIN model_versions AS ver ON apr.request_id = ver.validation_request_id
    INNER JOIN model_regions AS link
        ON ver.version_id = link.version_id AND apr.region_id = link.region_id
$$);
SELECT refresh.affects('model_risk.validation_approvals', 'model_risk.regional_compliance_by_model_region', $$
    SELECT link.model_id, link.region_id
    FROM changed
    INNER JOIN model_versions AS ver ON changed.request_id = ver.validation_request_id
    INNER JOIN model_regions AS link
        ON ver.version_id = link.version_id AND changed.region_id = link.region_id
$$);

COMMENT ON VIEW model_risk.regional_compliance_by_model_region IS
'Regional deployments with validation and approval. Same columns and rows as model_risk.regional_compliance.';

GRANT SELECT ON model_risk.regional_compliance_by_model_region, model_risk.regional_compliance_by_model_region_as_of TO tidemark_app, tidemark_operator;
