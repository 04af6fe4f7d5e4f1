-- clinical.user_dashboard_of()
-- What one user has before him on a day, or each user.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.stored_since(), clinical.programmer_work, clinical.programmer_work_by_effort, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/clinical.md, "Workload"

CREATE OR REPLACE FUNCTION clinical.user_dashboard_of(
    p_actor_id integer, p_user_id integer DEFAULT NULL, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    user_id integer,
    total_assignments bigint,
    role_production bigint,
    role_qc bigint,
    role_both bigint,
    not_started bigint,
    in_progress bigint,
    completed bigint,
    overdue bigint,
    due_soon bigint,
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
        p_as_of >= refresh.as_of_date() AND p_as_of >= clinical.stored_since('clinical.programmer_work_by_effort'), FALSE
    );
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY
    SELECT
        usr.id,
        coalesce(wrk.prod_total + wrk.qc_total - wrk.role_both, 0),
        coalesce(wrk.prod_total - wrk.role_both, 0),
        coalesce(wrk.qc_total - wrk.role_both, 0),
        coalesce(wrk.role_both, 0),
        coalesce(wrk.not_started, 0),
        coalesce(wrk.in_progress, 0),
        coalesce(wrk.completed, 0),
        coalesce(wrk.overdue, 0),
        coalesce(wrk.due_soon, 0),
        coalesce(wrk.valid_until, 'infinity')
    FROM clinical.users AS usr
    CROSS JOIN LATERAL (
        SELECT
            sum(own.prod_total)::bigint AS prod_total,
            sum(own.qc_total)::bigint AS qc_total,
            sum(own.role_both)::bigint AS role_both,
            sum(own.not_started)::bigint AS not_started,
            sum(own.in_progress)::bigint AS in_progress,
            sum(own.completed)::bigint AS completed,
            sum(own.overdue)::bigint AS overdue,
            sum(own.due_soon)::bigint AS due_soon,
            min(own.valid_until) AS valid_until
        FROM (
            SELECT kept.*
            FROM clinical.programmer_work_by_effort AS kept
            WHERE v_is_kept AND kept.programmer_id = usr.id AND kept.visibility = v_visibility AND kept.valid_until > p_as_of
            UNION ALL
            SELECT live.*
            FROM clinical.programmer_work_by_effort AS kept
            CROSS JOIN LATERAL (
                SELECT one.*
                FROM clinical.programmer_work AS one
                WHERE one.reporting_effort_id = kept.reporting_effort_id AND one.visibility = kept.visibility
                    AND one.programmer_id = kept.programmer_id
                OFFSET 0
            ) AS live
            WHERE v_is_kept AND kept.programmer_id = usr.id AND kept.visibility = v_visibility AND kept.valid_until <= p_as_of
            UNION ALL
            SELECT live.*
            FROM clinical.programmer_work AS live
            WHERE NOT v_is_kept AND live.programmer_id = usr.id AND live.visibility = v_visibility
        ) AS own
    ) AS wrk
    WHERE p_user_id IS NULL OR usr.id = p_user_id
    ORDER BY usr.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
    PERFORM clinical.note_read('user_dashboard_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.user_dashboard_of IS
'total_assignments: distinct trackers; not_started and in_progress: either status has that value, so they overlap; completed: done. Holds until the day before valid_until. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.user_dashboard_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.user_dashboard_of TO tidemark_app;
