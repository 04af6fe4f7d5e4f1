-- planning.project_list()
-- One page of the projects that a user may read.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count(), planning.require_right()
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.project_list(
    p_user_id uuid,
    p_program_id uuid DEFAULT NULL,
    p_order text DEFAULT 'name',
    p_descending boolean DEFAULT FALSE,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    program_id uuid,
    name text,
    business_sponsor text,
    project_manager text,
    technical_lead text,
    start_date date,
    end_date date,
    cost_center_code text,
    currency_code text,
    description text,
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
    PERFORM planning.require_page(p_page, p_size, p_order, ARRAY['name', 'project_manager', 'cost_center_code', 'start_date', 'end_date']);
    PERFORM planning.require_permission(p_user_id, 'read_project');
    IF p_program_id IS NOT NULL THEN
        PERFORM planning.require_right(p_user_id, 'read_project', p_program_id, 'program');
    END IF;
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_project') AS reach;
    RETURN QUERY
    SELECT
        page.id,
        page.program_id,
        page.name,
        page.business_sponsor,
        page.project_manager,
        page.technical_lead,
        page.start_date,
        page.end_date,
        page.cost_center_code,
        page.currency_code,
        page.description,
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
                prj.id,
                prj.program_id,
                prj.name::text AS name,
                prj.business_sponsor::text AS business_sponsor,
                prj.project_manager::text AS project_manager,
                prj.technical_lead::text AS technical_lead,
                prj.start_date,
                prj.end_date,
                prj.cost_center_code::text AS cost_center_code,
                prj.currency_code::text AS currency_code,
                prj.description::text AS description,
                prj.version,
                CASE p_order
                    WHEN 'name' THEN prj.name
                    WHEN 'project_manager' THEN prj.project_manager
                    WHEN 'cost_center_code' THEN prj.cost_center_code
                    WHEN 'start_date' THEN to_char(prj.start_date, 'YYYY-MM-DD')
                    WHEN 'end_date' THEN to_char(prj.end_date, 'YYYY-MM-DD')
                END COLLATE "C" AS sort_key
            FROM planning.projects AS prj
            WHERE (p_program_id IS NULL OR prj.program_id = p_program_id)
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

COMMENT ON FUNCTION planning.project_list IS
'p_program_id: of this program only. p_order: name, project_manager, cost_center_code, start_date, end_date; ties by id. total, pages, has_next and has_prev are of what the user may see; a page past the end is empty. Raises 42501 without the permission read_project, 22023 for a page, size or order that there is not.';

REVOKE ALL ON FUNCTION planning.project_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.project_list TO tidemark_app;
