-- planning.resource_list()
-- One page of the resources that a user may read.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count()
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.resource_list(
    p_user_id uuid,
    p_resource_type text DEFAULT NULL,
    p_order text DEFAULT 'name',
    p_descending boolean DEFAULT FALSE,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    name text,
    resource_type text,
    description text,
    worker_id uuid,
    resource_role_id uuid,
    version integer,
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
    PERFORM planning.require_page(p_page, p_size, p_order, ARRAY['name', 'resource_type']);
    PERFORM planning.require_permission(p_user_id, 'read_resource');
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_resource') AS reach;
    RETURN QUERY
    SELECT
        page.id,
        page.name,
        page.resource_type,
        page.description,
        page.worker_id,
        page.resource_role_id,
        page.version,
        page.total,
        planning.page_count(page.total, p_size),
        p_page < planning.page_count(page.total, p_size),
        p_page > 1
    FROM (
        SELECT
            opened.*,
            count(*) OVER () AS total
        FROM (
            SELECT
                res.id,
                res.name::text AS name,
                res.resource_type,
                res.description::text AS description,
                res.worker_id,
                res.resource_role_id,
                res.version,
                CASE p_order
                    WHEN 'name' THEN res.name
                    WHEN 'resource_type' THEN res.resource_type
                END COLLATE "C" AS sort_key
            FROM planning.resources AS res
            WHERE (p_resource_type IS NULL OR res.resource_type = p_resource_type)
                AND (v_reach.sees_all OR EXISTS (
                    SELECT FROM planning.resource_assignments AS asg
                    INNER JOIN planning.projects AS prj ON asg.project_id = prj.id
                    WHERE asg.resource_id = res.id
                        AND (prj.program_id = ANY(v_reach.program_ids) OR prj.id = ANY(v_reach.project_ids))
                ))
        ) AS opened
        ORDER BY
            CASE WHEN NOT p_descending THEN opened.sort_key END,
            CASE WHEN p_descending THEN opened.sort_key END DESC,
            opened.id
        LIMIT p_size OFFSET (p_page - 1)::bigint * p_size
    ) AS page
    ORDER BY
        CASE WHEN NOT p_descending THEN page.sort_key END,
        CASE WHEN p_descending THEN page.sort_key END DESC,
        page.id;
END;
$$;

COMMENT ON FUNCTION planning.resource_list IS
'All resources with a global scope; otherwise those with an assignment, of any day, on an opened project. p_resource_type: LABOR or NON_LABOR only. p_order: name, resource_type; ties by id. total, pages, has_next and has_prev are of what the user may see; a page past the end is empty. Raises 42501 without the permission read_resource, 22023 for a page, size or order that there is not.';

REVOKE ALL ON FUNCTION planning.resource_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.resource_list TO tidemark_app;
