-- planning.drill_down_of()
-- Actuals of one project in a window by worker, day or phase.
-- requires: nothing
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.drill_down_of(p_project_id uuid, p_from date, p_to date, p_group_by text)
RETURNS TABLE (
    key text,
    name text,
    total_cost numeric,
    capital_cost numeric,
    expense_cost numeric,
    total_allocation numeric,
    actuals_count bigint
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH keyed AS (
        SELECT
            CASE p_group_by
                WHEN 'worker' THEN coalesce(act.external_worker_id, 'non-labor')
                WHEN 'date' THEN to_char(act.actual_date, 'YYYY-MM-DD')
                ELSE coalesce(pha.id::text, 'unknown')
            END COLLATE "C" AS key,
            CASE p_group_by
                WHEN 'worker' THEN coalesce(act.worker_name, 'Non-Labor')
                WHEN 'date' THEN to_char(act.actual_date, 'YYYY-MM-DD')
                ELSE coalesce(pha.name, 'Unknown Phase')
            END AS name,
            -- a worker may be called as money without people is
            p_group_by = 'worker' AND act.external_worker_id IS NULL AS is_nonlabor,
            act.id,
            act.actual_date,
            act.actual_cost,
            act.capital_amount,
            act.expense_amount,
            act.allocation_percentage
        FROM planning.actuals AS act
        -- phases of one project share no day
        LEFT JOIN planning.project_phases AS pha
            ON p_group_by = 'phase' AND act.project_id = pha.project_id AND act.actual_date BETWEEN pha.start_date AND pha.end_date
        WHERE act.project_id = p_project_id AND act.actual_date BETWEEN p_from AND p_to
            AND p_group_by IN ('worker', 'date', 'phase')
    )

    SELECT
        kyd.key,
        (array_agg(kyd.name ORDER BY kyd.actual_date DESC, kyd.id DESC))[1],
        sum(kyd.actual_cost),
        sum(kyd.capital_amount),
        sum(kyd.expense_amount),
        coalesce(sum(kyd.allocation_percentage), 0),
        count(*)
    FROM keyed AS kyd
    GROUP BY kyd.key, kyd.is_nonlabor
    ORDER BY kyd.key, kyd.is_nonlabor;
END;

COMMENT ON FUNCTION planning.drill_down_of IS
'One row per key, in byte order. A worker whose name changed has that of his last actual. It asks for no user, so it is for the owner and his jobs; applications call planning.drill_down(). No row for a window or a grouping that planning.drill_down() would refuse.';

REVOKE ALL ON FUNCTION planning.drill_down_of FROM PUBLIC;
