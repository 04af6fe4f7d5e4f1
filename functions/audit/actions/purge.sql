-- audit.purge()
-- Removes old entries of the log of changes, and leaves an entry about it.
-- requires: refresh.now(), audit.record()
-- source:   docs/audit.md, "The purge"

CREATE OR REPLACE FUNCTION audit.purge(p_days integer, p_family text DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- a chosen day may make it remove less, and never more
    v_before timestamptz := least(refresh.now(), clock_timestamp()) - p_days * interval '24 hours';
    v_count bigint;
BEGIN
    IF coalesce(p_days NOT BETWEEN 30 AND 36500, TRUE) OR p_family = 'audit' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'the log of changes cannot be purged like that',
            DETAIL = format('Asked for: older than %s days, of %s.', coalesce(p_days::text, 'NULL'), coalesce(p_family, 'all families')),
            HINT = 'Give 30 to 36500 days, and a family other than audit, or none for all.';
    END IF;
    PERFORM FROM audit_internal.newest_seal AS nse FOR UPDATE;
    INSERT INTO audit_internal.purges (family, before) VALUES (p_family, v_before)
    ON CONFLICT (transaction_id) DO UPDATE SET family = excluded.family, before = excluded.before;
    DELETE FROM audit.entries AS ent WHERE ent.recorded_at < v_before AND (p_family IS NULL OR ent.family = p_family);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    DELETE FROM audit_internal.purges AS pur WHERE pur.transaction_id = pg_current_xact_id();
    UPDATE audit_internal.sealed_entries AS par SET entry_nos = NULL, instants = NULL, digests = NULL
    WHERE par.last_at < v_before AND (p_family IS NULL OR par.family = p_family) AND par.entry_nos IS NOT NULL;
    PERFORM audit.record('audit', 'entries', '0', 'AUDIT_PURGE', p_after => jsonb_build_object(
        'days', p_days, 'n', v_count, 'family', p_family,
        'before', to_char(v_before AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')));
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION audit.purge IS
'Number of entries removed: those recorded more than p_days times 24 hours ago, of one family or of all; from a chosen day that lies back, counted from there. Raises 22023 for less than 30 days.';

REVOKE ALL ON FUNCTION audit.purge FROM PUBLIC;
