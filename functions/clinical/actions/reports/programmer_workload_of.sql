-- clinical.programmer_workload_of()
-- What one user has to produce and to check, or each.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.programmer_work_by_effort
-- source:   docs/clinical.md, "Workload"

CREATE OR REPLACE FUNCTION clinical.programmer_workload_of(p_actor_id integer, p_user_id integer DEFAULT NULL)
RETURNS TABLE (
    programmer_id integer,
    programmer_username text,
    prod_total bigint,
    prod_not_started bigint,
    prod_in_progress bigint,
    prod_completed bigint,
    prod_on_hold bigint,
    qc_total bigint,
    qc_not_started bigint,
    qc_in_progress bigint,
    qc_completed bigint,
    qc_failed bigint,
    total_workload bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id);
BEGIN
    RETURN QUERY
    SELECT
        usr.id,
        usr.username,
        coalesce(wrk.prod_total, 0),
        coalesce(wrk.prod_not_started, 0),
        coalesce(wrk.prod_in_progress, 0),
        coalesce(wrk.prod_completed, 0),
        coalesce(wrk.prod_on_hold, 0),
        coalesce(wrk.qc_total, 0),
        coalesce(wrk.qc_not_started, 0),
        coalesce(wrk.qc_in_progress, 0),
        coalesce(wrk.qc_completed, 0),
        coalesce(wrk.qc_failed, 0),
        coalesce(wrk.prod_total + wrk.qc_total, 0)
    FROM clinical.users AS usr
    LEFT JOIN (
        SELECT
            own.programmer_id,
            sum(own.prod_total)::bigint AS prod_total,
            sum(own.prod_not_started)::bigint AS prod_not_started,
            sum(own.prod_in_progress)::bigint AS prod_in_progress,
            sum(own.prod_completed)::bigint AS prod_completed,
            sum(own.prod_on_hold)::bigint AS prod_on_hold,
            sum(own.qc_total)::bigint AS qc_total,
            sum(own.qc_not_started)::bigint AS qc_not_started,
            sum(own.qc_in_progress)::bigint AS qc_in_progress,
            sum(own.qc_completed)::bigint AS qc_completed,
            sum(own.qc_failed)::bigint AS qc_failed
        FROM clinical.programmer_work_by_effort AS own
        WHERE own.visibility = v_visibility AND (p_user_id IS NULL OR own.programmer_id = p_user_id)
        GROUP BY own.programmer_id
    ) AS wrk ON usr.id = wrk.programmer_id
    WHERE p_user_id IS NULL OR usr.id = p_user_id
    ORDER BY usr.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('programmer_workload_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.programmer_workload_of IS
'Users with nothing have zeros, inactive ones are told of too. A tracker with the same person in both roles counts twice in total_workload. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.programmer_workload_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.programmer_workload_of TO tidemark_app;
