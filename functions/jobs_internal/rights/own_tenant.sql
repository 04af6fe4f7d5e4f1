-- jobs_internal.own_tenant()
-- The tenant that the session works for.
-- requires: nothing
-- source:   docs/jobs.md, "Who may do what"

CREATE OR REPLACE FUNCTION jobs_internal.own_tenant()
RETURNS uuid LANGUAGE sql STABLE
RETURN CASE
    WHEN current_setting('app.current_tenant_id', TRUE) ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' COLLATE "C"
        THEN current_setting('app.current_tenant_id', TRUE)::uuid
END;

COMMENT ON FUNCTION jobs_internal.own_tenant IS
'The setting app.current_tenant_id; NULL where it is missing or no uuid.';
