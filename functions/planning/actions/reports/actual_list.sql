-- planning.actual_list()
-- One page of the actuals that a user may read.
-- requires: planning.require_permission(), planning.require_page(), planning.reach_of(), planning.page_count(), planning.require_right()
-- source:   docs/planning.md, "Lists"

CREATE OR REPLACE FUNCTION planning.actual_list(
    p_user_id uuid,
    p_project_id uuid DEFAULT NULL,
    p_external_worker_id text DEFAULT NULL,
    p_from date DEFAULT NULL,
    p_to date DEFAULT NULL,
    p_order text DEFAULT 'actual_date',
    p_descending boolean DEFAULT FALSE,
    p_page integer DEFAULT 1,
    p_size integer DEFAULT 20
)
RETURNS TABLE (
    id uuid,
    project_id uuid,
    resource_id uuid,
    import_batch_id uuid,
    external_worker_id text,
    worker_name text,
    allocation_percentage numeric,
    actual_date date,
    actual_cost numeric,
    capital_amount numeric,
    expense_amount numeric,
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
    PERFORM planning.require_page(p_page, p_size, p_order, ARRAY['actual_date', 'worker', 'project']);
    PERFORM planning.require_permission(p_user_id, 'read_actual');
    IF p_project_id IS NOT NULL THEN
        PERFORM planning.require_right(p_user_id, 'read_actual', p_project_id);
    END IF;
    SELECT reach.* INTO v_reach FROM planning.reach_of(ARRAY[p_user_id], 'read_actual') AS reach;
    RETURN QUERY
    SELECT
        page.id,
        page.project_id,
        page.resource_id,
        page.import_batch_id,
        page.external_worker_id,
        page.worker_name,
        page.allocation_percentage,
        page.actual_date,
        page.actual_cost,
        page.capital_amount,
        page.expense_amount,
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
                act.id,
                act.project_id,
                act.resource_id,
                act.import_batch_id,
                act.external_worker_id::text AS external_worker_id,
                act.worker_name::text AS worker_name,
                act.allocation_percentage,
                act.actual_date,
                act.actual_cost,
                act.capital_amount,
                act.expense_amount,
                act.version,
                CASE p_order
                    WHEN 'actual_date' THEN to_char(act.actual_date, 'YYYY-MM-DD')
                    WHEN 'worker' THEN act.external_worker_id
                    WHEN 'project' THEN prj.name
                END COLLATE "C" AS sort_key
            FROM planning.actuals AS act
            INNER JOIN planning.projects AS prj ON act.project_id = prj.id
            WHERE (p_project_id IS NULL OR act.project_id = p_project_id)
                AND (p_external_worker_id IS NULL OR act.external_worker_id = p_external_worker_id)
                AND (p_from IS NULL OR act.actual_date >= p_from)
                AND (p_to IS NULL OR act.actual_date <= p_to)
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

COMMENT ON FUNCTION planning.actual_list IS
'p_from, p_to: days, both included. p_order: actual_date, worker, project; ties by id. total, pages, has_next and has_prev are of what the user may see; a page past the end is empty. Raises 42501 without the permission read_actual, 22023 for a page, size or order that there is not.';

REVOKE ALL ON FUNCTION planning.actual_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.actual_list TO tidemark_app;
