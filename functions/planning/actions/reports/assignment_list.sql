-- planning.assignment_list()
-- One page of the assignments that a user may read.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count(), planning.require_right()
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.assignment_list(
    p_user_id uuid,
    p_project_id uuid DEFAULT NULL,
    p_resource_id uuid DEFAULT NULL,
    p_from date DEFAULT NULL,
    p_to date DEFAULT NULL,
    p_order text DEFAULT 'assignment_date',
    p_descending boolean DEFAULT FALSE,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    project_id uuid,
    resource_id uuid,
    assignment_date date,
    capital_percentage numeric,
    expense_percentage numeric,
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
    PERFORM planning.require_page(p_page, p_size, p_order, ARRAY['assignment_date', 'project']);
    PERFORM planning.require_permission(p_user_id, 'read_assignment');
    IF p_project_id IS NOT NULL THEN
        PERFORM planning.require_right(p_user_id, 'read_assignment', p_project_id);
    END IF;
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_assignment') AS reach;
    RETURN QUERY
    SELECT
        page.id,
        page.project_id,
        page.resource_id,
        page.assignment_date,
        page.capital_percentage,
        page.expense_percentage,
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
                asg.id,
                asg.project_id,
                asg.resource_id,
                asg.assignment_date,
                asg.capital_percentage,
                asg.expense_percentage,
                asg.version,
                CASE p_order
                    WHEN 'assignment_date' THEN to_char(asg.assignment_date, 'YYYY-MM-DD')
                    WHEN 'project' THEN prj.name
                END COLLATE "C" AS sort_key
            FROM planning.resource_assignments AS asg
            INNER JOIN planning.projects AS prj ON asg.project_id = prj.id
            WHERE (p_project_id IS NULL OR asg.project_id = p_project_id)
                AND (p_resource_id IS NULL OR asg.resource_id = p_resource_id)
                AND (p_from IS NULL OR asg.assignment_date >= p_from)
                AND (p_to IS NULL OR asg.assignment_date <= p_to)
                AND (v_reach.sees_all OR prj.program_id = ANY(v_reach.program_ids) OR prj.id = ANY(v_reach.project_ids))
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

COMMENT ON FUNCTION planning.assignment_list IS
'p_from, p_to: days, both included. p_order: assignment_date, project; ties by id. total, pages, has_next and has_prev are of what the user may see; a page past the end is empty. Raises 42501 without the permission read_assignment, 22023 for a page, size or order that there is not.';

REVOKE ALL ON FUNCTION planning.assignment_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.assignment_list TO tidemark_app;
