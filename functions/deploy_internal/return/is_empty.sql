-- deploy_internal.is_empty()
-- Says whether a view or routine still is as step_aside() left it.
-- requires: deploy_internal.address_of()
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.is_empty(p_kind text, p_identity text)
RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM deploy_internal.address_of(p_kind, p_identity) AS adr
        WHERE strpos(
            CASE WHEN adr.classid = 'pg_proc'::regclass THEN (SELECT pro.prosrc FROM pg_proc AS pro WHERE pro.oid = adr.objid)
                ELSE pg_get_viewdef(adr.objid) END,
            'deploy_internal.refuse_reading('
        ) > 0
    );
END;

COMMENT ON FUNCTION deploy_internal.is_empty IS
'False when the migration replaced or dropped it itself.';

REVOKE ALL ON FUNCTION deploy_internal.is_empty FROM PUBLIC;
