-- commerce.fail_stalled_generations()
-- Ends generations that have said nothing for 30 minutes; names those that are silent for 10.
-- requires: refresh.now()
-- source:   docs/commerce.md, "Generation"

CREATE OR REPLACE FUNCTION commerce.fail_stalled_generations()
RETURNS TABLE (csv_upload_id uuid, silent_for interval, is_failed boolean) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := refresh.now();
BEGIN
    RETURN QUERY
    WITH silent AS (
        SELECT upl.id, v_now - pro.updated_at AS silent_for
        FROM commerce.generation_progress AS pro
        INNER JOIN commerce.csv_uploads AS upl ON pro.csv_upload_id = upl.id
        WHERE upl.status IN ('bundle_generation_queued', 'generating_bundles')
            AND pro.status = 'in_progress'
            AND pro.updated_at <= v_now - interval '10 minutes'
        ORDER BY upl.id
        FOR NO KEY UPDATE OF upl, pro SKIP LOCKED  -- somebody works on it: it is not silent, and nobody waits for its rules
    ),
    failed AS (
        UPDATE commerce.csv_uploads AS upl
        SET status = 'bundle_generation_failed', updated_at = clock_timestamp()
        FROM silent
        WHERE upl.id = silent.id AND silent.silent_for >= interval '30 minutes'
        RETURNING upl.id
    ),
    locked AS (
        UPDATE commerce.generation_progress AS pro
        SET status = 'failed', message = 'No progress for 30 minutes.', updated_at = v_now
        FROM failed
        WHERE pro.csv_upload_id = failed.id
    )
    SELECT silent.id, silent.silent_for, failed.id IS NOT NULL
    FROM silent
    LEFT JOIN failed ON silent.id = failed.id;
END;
$$;

COMMENT ON FUNCTION commerce.fail_stalled_generations IS
'One row per generation without a report for 10 minutes or more, for the log of the caller; from 30 minutes on it is failed and can be tried again. Run it every few minutes.';

REVOKE ALL ON FUNCTION commerce.fail_stalled_generations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.fail_stalled_generations TO tidemark_app, tidemark_operator;
