-- clinical.audit_summary_of()
-- How many entries the log of changes got in the last days, by action, table, user, role and day.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.refuse_argument(), clinical.audit_log, refresh.now()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.audit_summary_of(p_actor_id integer, p_days integer DEFAULT 7)
RETURNS TABLE (dimension text, key text, n bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
BEGIN
    PERFORM clinical.require_permission(p_actor_id, 'audit.read');
    IF coalesce(p_days NOT BETWEEN 1 AND 365, TRUE) THEN
        PERFORM clinical.refuse_argument('bad_days', format('no summary of %s days', coalesce(p_days::text, 'NULL')), 'Give 1 to 365 days.');
    END IF;
    RETURN QUERY
    SELECT
        dim.name,
        dim.value,
        count(*)
    FROM clinical.audit_log AS log
    CROSS JOIN LATERAL (
        VALUES
        ('total', '*'), ('action', log.action::text), ('table', log.table_name::text), ('user', log.user_id::text), ('role', log.user_role),
        ('day', to_char(log.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
    ) AS dim (name, value)
    WHERE log.created_at BETWEEN refresh.now() - p_days * interval '24 hours' AND refresh.now() AND dim.value IS NOT NULL
    GROUP BY dim.name, dim.value;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('audit_summary_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.audit_summary_of IS
'dimension: total, action, table, user (its id), role or day (UTC). Days are 24 hours each, back from now, both ends included. Needs audit.read; raises 42501 and 22023.';

REVOKE ALL ON FUNCTION clinical.audit_summary_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.audit_summary_of TO tidemark_app;
