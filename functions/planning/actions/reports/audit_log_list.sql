-- planning.audit_log_list()
-- One page of the log of changes, newest first, as far as a user may see it.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count(), planning.audit_logs
-- source:   docs/planning.md, "The log of changes"

CREATE OR REPLACE FUNCTION planning.audit_log_list(
    p_user_id uuid,
    p_entity_type text DEFAULT NULL,
    p_entity_id uuid DEFAULT NULL,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    user_id uuid,
    entity_type text,
    entity_id uuid,
    operation text,
    before_values jsonb,
    after_values jsonb,
    created_at timestamptz,
    total bigint,
    pages bigint,
    has_next boolean,
    has_prev boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_reach record;
BEGIN
    PERFORM planning.require_page(p_page, p_size, 'created_at', ARRAY['created_at']);
    PERFORM planning.require_permission(p_user_id, 'view_audit_logs');
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'view_audit_logs') AS reach;
    RETURN QUERY
    SELECT
        page.*,
        planning.page_count(page.total, p_size),
        p_page < planning.page_count(page.total, p_size),
        p_page > 1
    FROM (
        SELECT
            log.id,
            log.user_id,
            log.entity_type,
            log.entity_id,
            log.operation,
            log.before_values,
            log.after_values,
            log.created_at,
            count(*) OVER () AS total
        FROM planning.audit_logs AS log
        WHERE (p_entity_type IS NULL OR log.entity_type = p_entity_type)
            AND (p_entity_id IS NULL OR log.entity_id = p_entity_id)
            -- the values of a change show the thing, so who sees a part sees the changes of things in it
            AND (
                v_reach.sees_all OR log.entity_id = ANY(v_reach.program_ids) OR log.entity_id = ANY(v_reach.project_ids)
                OR log.entity_id IN (SELECT prj.id FROM planning.projects AS prj WHERE prj.program_id = ANY(v_reach.program_ids))
            )
        ORDER BY log.created_at DESC, log.id
        LIMIT p_size OFFSET (p_page - 1)::bigint * p_size
    ) AS page
    ORDER BY page.created_at DESC, page.id;
END;
$$;

COMMENT ON FUNCTION planning.audit_log_list IS
'With a global scope every change; otherwise those of programs named by a scope and of opened projects, changes of rights not among them. total, pages, has_next and has_prev are of what the user may see. Raises 42501 without the permission view_audit_logs, 22023 for a page or size that there is not.';

REVOKE ALL ON FUNCTION planning.audit_log_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.audit_log_list TO tidemark_app;
