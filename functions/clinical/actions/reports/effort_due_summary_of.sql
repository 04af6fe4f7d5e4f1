-- clinical.effort_due_summary_of()
-- Due states of one reporting effort, or of each, on a day.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.stored_since(), clinical.effort_due_summary, clinical.effort_due_summary_by_effort, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.effort_due_summary_of(
    p_actor_id integer, p_effort_id integer DEFAULT NULL, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    reporting_effort_id integer,
    overdue bigint,
    due_soon bigint,
    scheduled bigint,
    no_due_date bigint,
    done bigint,
    oldest_overdue_date date,
    most_days_late integer,
    valid_until date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id);
    -- a row kept for a day answers for it and later days before its next change, and for no earlier day
    v_is_kept boolean := coalesce(
        p_as_of >= refresh.as_of_date() AND p_as_of >= clinical.stored_since('clinical.effort_due_summary_by_effort'), FALSE
    );
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY
    SELECT
        eff.id,
        due.overdue,
        due.due_soon,
        due.scheduled,
        due.no_due_date,
        due.done,
        due.oldest_overdue_date,
        p_as_of - due.oldest_overdue_date,
        due.valid_until
    FROM clinical.reporting_efforts AS eff
    CROSS JOIN LATERAL (
        SELECT kept.*
        FROM clinical.effort_due_summary_by_effort AS kept
        WHERE v_is_kept AND kept.reporting_effort_id = eff.id AND kept.visibility = v_visibility AND kept.valid_until > p_as_of
        UNION ALL
        SELECT live.*
        FROM clinical.effort_due_summary AS live
        WHERE live.reporting_effort_id = eff.id AND live.visibility = v_visibility
            AND NOT (v_is_kept AND EXISTS (
                SELECT FROM clinical.effort_due_summary_by_effort AS kept
                WHERE kept.reporting_effort_id = eff.id AND kept.visibility = v_visibility AND kept.valid_until > p_as_of
            ))
        OFFSET 0
    ) AS due
    WHERE p_effort_id IS NULL OR eff.id = p_effort_id
    ORDER BY eff.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
    PERFORM clinical.note_read('effort_due_summary_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.effort_due_summary_of IS
'Counts, oldest_overdue_date and valid_until hold until the day before valid_until; most_days_late grows every day. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.effort_due_summary_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.effort_due_summary_of TO tidemark_app;
