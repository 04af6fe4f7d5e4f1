-- planning.portfolio_list()
-- One page of the portfolios that a user may read.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count()
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.portfolio_list(
    p_user_id uuid,
    p_order text DEFAULT 'name',
    p_descending boolean DEFAULT FALSE,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    name text,
    description text,
    owner text,
    reporting_start_date date,
    reporting_end_date date,
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
    PERFORM planning.require_page(p_page, p_size, p_order, ARRAY['name', 'owner', 'reporting_start_date', 'reporting_end_date']);
    PERFORM planning.require_permission(p_user_id, 'read_portfolio');
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_portfolio') AS reach;
    RETURN QUERY
    SELECT
        page.id,
        page.name,
        page.description,
        page.owner,
        page.reporting_start_date,
        page.reporting_end_date,
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
                pfo.id,
                pfo.name::text AS name,
                pfo.description::text AS description,
                pfo.owner::text AS owner,
                pfo.reporting_start_date,
                pfo.reporting_end_date,
                pfo.version,
                CASE p_order
                    WHEN 'name' THEN pfo.name
                    WHEN 'owner' THEN pfo.owner
                    WHEN 'reporting_start_date' THEN to_char(pfo.reporting_start_date, 'YYYY-MM-DD')
                    WHEN 'reporting_end_date' THEN to_char(pfo.reporting_end_date, 'YYYY-MM-DD')
                END COLLATE "C" AS sort_key
            FROM planning.portfolios AS pfo
            WHERE v_reach.sees_all OR EXISTS (
                SELECT FROM planning.programs AS prg
                WHERE prg.portfolio_id = pfo.id
                    AND (prg.id = ANY(v_reach.program_ids) OR EXISTS (
                        SELECT FROM planning.projects AS prj WHERE prj.program_id = prg.id AND prj.id = ANY(v_reach.project_ids)
                    ))
            )
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

COMMENT ON FUNCTION planning.portfolio_list IS
'Portfolios above what the scopes open. p_order: name, owner, reporting_start_date, reporting_end_date; ties by id. total, pages, has_next and has_prev are of what the user may see; a page past the end is empty. Raises 42501 without the permission read_portfolio, 22023 for a page, size or order that there is not.';

REVOKE ALL ON FUNCTION planning.portfolio_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.portfolio_list TO tidemark_app;
