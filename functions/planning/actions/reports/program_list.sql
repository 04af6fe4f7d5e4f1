-- planning.program_list()
-- One page of the programs that a user may read.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count(), planning.require_right()
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.program_list(
    p_user_id uuid,
    p_portfolio_id uuid DEFAULT NULL,
    p_order text DEFAULT 'name',
    p_descending boolean DEFAULT FALSE,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    portfolio_id uuid,
    name text,
    business_sponsor text,
    program_manager text,
    technical_lead text,
    start_date date,
    end_date date,
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
    PERFORM planning.require_page(p_page, p_size, p_order, ARRAY['name', 'program_manager', 'start_date', 'end_date']);
    PERFORM planning.require_permission(p_user_id, 'read_program');
    IF p_portfolio_id IS NOT NULL THEN
        PERFORM planning.require_right(p_user_id, 'read_program', p_portfolio_id, 'portfolio');
    END IF;
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_program') AS reach;
    RETURN QUERY
    SELECT
        page.id,
        page.portfolio_id,
        page.name,
        page.business_sponsor,
        page.program_manager,
        page.technical_lead,
        page.start_date,
        page.end_date,
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
                prg.id,
                prg.portfolio_id,
                prg.name::text AS name,
                prg.business_sponsor::text AS business_sponsor,
                prg.program_manager::text AS program_manager,
                prg.technical_lead::text AS technical_lead,
                prg.start_date,
                prg.end_date,
                prg.description::text AS description,
                prg.version,
                CASE p_order
                    WHEN 'name' THEN prg.name
                    WHEN 'program_manager' THEN prg.program_manager
                    WHEN 'start_date' THEN to_char(prg.start_date, 'YYYY-MM-DD')
                    WHEN 'end_date' THEN to_char(prg.end_date, 'YYYY-MM-DD')
                END COLLATE "C" AS sort_key
            FROM planning.programs AS prg
            WHERE (p_portfolio_id IS NULL OR prg.portfolio_id = p_portfolio_id)
                AND (v_reach.sees_all OR prg.id = ANY(v_reach.program_ids) OR EXISTS (
                    SELECT FROM planning.projects AS prj WHERE prj.program_id = prg.id AND prj.id = ANY(v_reach.project_ids)
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

COMMENT ON FUNCTION planning.program_list IS
'Programs opened by a scope, and those of opened projects. p_portfolio_id: of this portfolio only. p_order: name, program_manager, start_date, end_date; ties by id. total, pages, has_next and has_prev are of what the user may see; a page past the end is empty. Raises 42501 without the permission read_program, 22023 for a page, size or order that there is not.';

REVOKE ALL ON FUNCTION planning.program_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.program_list TO tidemark_app;
