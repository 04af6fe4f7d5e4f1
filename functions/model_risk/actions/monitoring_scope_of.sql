-- model_risk.monitoring_scope_of()
-- The models whose results a monitoring cycle takes.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing monitoring results"

CREATE OR REPLACE FUNCTION model_risk.monitoring_scope_of(p_cycle_id integer)
RETURNS SETOF integer LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH frozen AS (
        SELECT sco.model_id FROM model_risk.monitoring_cycle_model_scopes AS sco WHERE sco.cycle_id = p_cycle_id
    ),

    measured AS (
        SELECT DISTINCT res.model_id
        FROM model_risk.monitoring_results AS res
        WHERE res.cycle_id = p_cycle_id AND res.model_id IS NOT NULL
    )

    SELECT fro.model_id FROM frozen AS fro
    UNION ALL
    SELECT mea.model_id FROM measured AS mea WHERE NOT EXISTS (SELECT 1 FROM frozen)
    UNION ALL
    SELECT mem.model_id
    FROM model_risk.monitoring_cycles AS cyc
    INNER JOIN model_risk.monitoring_plan_memberships AS mem ON cyc.plan_id = mem.plan_id
    WHERE cyc.cycle_id = p_cycle_id
        AND mem.effective_to IS NULL
        AND NOT EXISTS (SELECT 1 FROM frozen)
        AND NOT EXISTS (SELECT 1 FROM measured);
END;

COMMENT ON FUNCTION model_risk.monitoring_scope_of IS
'The models frozen into the cycle; if none, those with results in it; if none, the open members of its plan. Each model once.';

REVOKE ALL ON FUNCTION model_risk.monitoring_scope_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.monitoring_scope_of TO tidemark_app;
