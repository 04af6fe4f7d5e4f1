-- planning.refuse_import_conflicts()
-- Refuses a file of labor actuals that would bring a worker-day over 100 percent.
-- requires: planning.lock_workers(), load.fail()
-- source:   docs/planning_writes.md, "At the same time"

CREATE OR REPLACE FUNCTION planning.refuse_import_conflicts(p_upload_id bigint)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count bigint;
BEGIN
    PERFORM planning.lock_workers(ARRAY(SELECT DISTINCT imp.worker_id FROM pg_temp.import_rows AS imp));
    -- a statement of its own: it sees what was committed while the locks were waited for
    INSERT INTO load.outcomes (upload_id, seq, outcome, details)
    SELECT p_upload_id, row_number() OVER (ORDER BY day.external_worker_id COLLATE "C", day.actual_date), 'conflict', jsonb_build_object(
        'external_worker_id', day.external_worker_id,
        'actual_date', day.actual_date,
        'existing_allocation', old.allocation,
        'new_allocation', day.allocation,
        'total_allocation', old.allocation + day.allocation,
        'excess', old.allocation + day.allocation - 100
    )
    FROM (
        SELECT imp.external_worker_id, imp.actual_date, sum(imp.allocation_percentage) AS allocation
        FROM pg_temp.import_rows AS imp
        GROUP BY imp.external_worker_id, imp.actual_date
    ) AS day
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(act.allocation_percentage), 0) AS allocation
        FROM planning.actuals AS act
        WHERE act.external_worker_id = day.external_worker_id AND act.actual_date = day.actual_date
    ) AS old
    WHERE old.allocation + day.allocation > 100;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN
        PERFORM load.fail(p_upload_id, 'ALLOCATION_CONFLICT', v_count::text,
            format('%s worker-days would be over 100 percent; nothing was imported.', v_count));
    END IF;
    RETURN v_count > 0;
END;
$$;

COMMENT ON FUNCTION planning.refuse_import_conflicts IS
'True, and the upload has failed: load.outcomes has each such worker-day once, with both sums. Of all projects; exactly 100 is no conflict.';

REVOKE ALL ON FUNCTION planning.refuse_import_conflicts FROM PUBLIC;
