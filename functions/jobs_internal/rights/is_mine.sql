-- jobs_internal.is_mine()
-- Whether a job of that tenant and submitter is the caller's own.
-- requires: jobs_internal.own_tenant()
-- source:   docs/jobs.md, "Who may do what"

CREATE OR REPLACE FUNCTION jobs_internal.is_mine(tenant_id uuid, submitted_by text)
RETURNS boolean LANGUAGE sql STABLE
RETURN CASE
    WHEN tenant_id IS NULL THEN submitted_by = coalesce(nullif(current_setting('role'), 'none'), session_user)
    ELSE coalesce(tenant_id = jobs_internal.own_tenant(), FALSE)
END;

COMMENT ON FUNCTION jobs_internal.is_mine IS
'True for the tenant of the job, and for who submitted one without tenant.';
