-- Versions and deployments: versions with the request that validated them, regions, models covered by each request

CREATE TEMP TABLE generated_link ON COMMIT DROP AS
WITH link AS (
    SELECT
        request.request_id,
        mdl.n,
        mdl.model_id,
        request.current_status,
        request.requested_on
    FROM pg_temp.generated_request AS request
    INNER JOIN pg_temp.generated_model AS mdl ON request.for_leader = mdl.leader
    UNION ALL
    SELECT
        request.request_id,
        mdl.n,
        mdl.model_id,
        request.current_status,
        request.requested_on
    FROM pg_temp.generated_request AS request
    INNER JOIN pg_temp.generated_model AS mdl USING (n)
    WHERE request.for_leader IS NULL
)

SELECT
    link.*,
    -- Age rank within the model, the youngest first; a cancelled request validates nothing.
    row_number() OVER (
        PARTITION BY link.n, link.current_status = 'CANCELLED'
        ORDER BY link.requested_on DESC, link.request_id DESC
    ) AS age_rank
FROM link;

ANALYZE pg_temp.generated_link;

CREATE TEMP TABLE generated_version ON COMMIT DROP AS
WITH version AS (
    SELECT
        mdl.n,
        mdl.model_id,
        mdl.status,
        mdl.n::bigint * 4 + number.no AS draw_id,
        number.no,
        pg_temp.choose(pg_temp.draw(mdl.n, 100), '{0.5,0.85}', '{1,2,3}')::integer AS version_count
    FROM pg_temp.generated_model AS mdl
    CROSS JOIN generate_series(1, 3) AS number (no)
)

SELECT
    base.version_id + row_number() OVER (ORDER BY version.n, version.no) AS version_id,
    version.n,
    version.model_id,
    version.no,
    version.no = version.version_count AS is_latest,
    version.draw_id,
    version.status AS model_status,
    CASE WHEN pg_temp.draw(version.draw_id, 101) < 0.98 THEN link.request_id END AS request_id,
    link.current_status AS request_status,
    coalesce(link.requested_on, plan.as_of - 200) - pg_temp.draw_int(version.draw_id, 102, 5, 60) AS created_on
FROM version
CROSS JOIN pg_temp.generated_plan AS plan
LEFT JOIN pg_temp.generated_link AS link
    ON
        version.n = link.n
        AND link.current_status <> 'CANCELLED'
        AND link.age_rank = version.version_count - version.no + 1
CROSS JOIN (SELECT coalesce(max(version_id), 0) AS version_id FROM model_risk.model_versions) AS base
WHERE version.no <= version.version_count;

ANALYZE pg_temp.generated_version;

INSERT INTO model_risk.model_versions (
    version_id, model_id, version_number, change_type, scope, status, validation_request_id, created_at
)
SELECT
    version.version_id,
    version.model_id,
    (ARRAY['1.0', '1.1', '2.0'])[version.no],
    CASE WHEN version.no = 2 THEN 'MINOR' ELSE 'MAJOR' END,
    CASE WHEN pg_temp.draw(version.draw_id, 103) < 0.2 THEN 'REGIONAL' ELSE 'GLOBAL' END,
    CASE
        WHEN NOT version.is_latest THEN 'SUPERSEDED'
        WHEN version.request_id IS NOT NULL AND version.request_status <> 'APPROVED' THEN 'IN_VALIDATION'
        WHEN version.model_status = 'In Development' THEN 'DRAFT'
        WHEN pg_temp.draw(version.draw_id, 104) < 0.15 THEN 'APPROVED'
        ELSE 'ACTIVE'
    END,
    version.request_id,
    pg_temp.working_hour(version.created_on, pg_temp.draw(version.draw_id, 105))
FROM pg_temp.generated_version AS version
ORDER BY version.version_id;

CREATE TEMP TABLE generated_region ON COMMIT DROP AS
SELECT
    region.region_id,
    region.code,
    region.requires_regional_approval,
    row_number() OVER (ORDER BY region.region_id) - 1 AS no,
    count(*) OVER () AS region_count
FROM model_risk.regions AS region;

-- A model starts in one region, the first ones more often than the last, and spreads to those that follow.
CREATE TEMP TABLE generated_deployment ON COMMIT DROP AS
SELECT
    base.model_region_id + row_number() OVER (ORDER BY mdl.n, region.no) AS model_region_id,
    mdl.n,
    mdl.model_id,
    mdl.n::bigint * 256 + region.no AS draw_id,
    region.region_id,
    region.code,
    region.requires_regional_approval
FROM pg_temp.generated_model AS mdl
INNER JOIN pg_temp.generated_region AS region
    ON (
        region.no - floor(pg_temp.draw(mdl.n, 106) * pg_temp.draw(mdl.n, 107) * region.region_count)::integer
        + region.region_count
    ) % region.region_count
    < pg_temp.choose(pg_temp.draw(mdl.n, 108), '{0.12,0.52,0.78,0.92,0.96,0.98}', '{0,1,2,3,4,5,6}')::integer
CROSS JOIN (SELECT coalesce(max(model_region_id), 0) AS model_region_id FROM model_risk.model_regions) AS base;

ANALYZE pg_temp.generated_deployment;

INSERT INTO model_risk.model_regions (
    model_region_id, model_id, region_id, version_id, deployed_at, deployment_notes
)
SELECT
    deployment.model_region_id,
    deployment.model_id,
    deployment.region_id,
    version.version_id,
    CASE WHEN version.version_id IS NOT NULL
            THEN pg_temp.working_hour(
                    least(version.created_on + pg_temp.draw_int(deployment.draw_id, 109, 20, 260), plan.as_of - 1),
                    pg_temp.draw(deployment.draw_id, 110)
                )
    END,
    CASE WHEN version.version_id IS NOT NULL AND pg_temp.draw(deployment.draw_id, 111) < 0.08
            THEN 'Local parameters approved by the ' || deployment.code || ' desk'
    END
FROM pg_temp.generated_deployment AS deployment
CROSS JOIN pg_temp.generated_plan AS plan
-- Four links of five carry a deployed version; one deployment of eight still runs the first version.
LEFT JOIN pg_temp.generated_version AS version
    ON
        deployment.n = version.n
        AND pg_temp.draw(deployment.draw_id, 112) < 0.8
        AND CASE WHEN pg_temp.draw(deployment.draw_id, 113) < 0.12 THEN version.no = 1 ELSE version.is_latest END
ORDER BY deployment.model_region_id;

INSERT INTO model_risk.validation_request_models (request_id, model_id, version_id)
SELECT
    link.request_id,
    link.model_id,
    version.version_id
FROM pg_temp.generated_link AS link
LEFT JOIN pg_temp.generated_version AS version ON link.n = version.n AND link.request_id = version.request_id
ORDER BY link.request_id, link.model_id;

ANALYZE model_risk.model_versions, model_risk.model_regions, model_risk.validation_request_models;
