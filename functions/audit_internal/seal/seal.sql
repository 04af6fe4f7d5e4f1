-- audit_internal.seal()
-- The chore of a tick: seals the entries that became final since the last seal.
-- requires: audit_internal.digest_of(), audit_internal.digest_of_part(), audit_internal.digest_of_seal()
-- source:   docs/audit.md, "Seals"

-- Entries are committed in another order than they are written. Final are those of transactions below the oldest one that is still
-- open; the others wait for a later seal. In another cluster transactions are counted anew: then, and at first, whatever is there is
-- sealed while nobody writes, and only entries with larger numbers count from there on.
CREATE OR REPLACE FUNCTION audit_internal.seal()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
AS $$
DECLARE
    v_last audit.seals;
    v_seal audit.seals;
    v_is_new boolean;
    v_from xid8;
    v_below xid8;
    v_timeout text := current_setting('lock_timeout');
BEGIN
    SELECT pgc.system_identifier INTO v_seal.cluster_id FROM pg_control_system() AS pgc;
    SELECT sea.* INTO v_last FROM audit.seals AS sea ORDER BY sea.seal_no DESC LIMIT 1;
    v_is_new := v_last.cluster_id IS DISTINCT FROM v_seal.cluster_id;
    v_below := pg_snapshot_xmin(pg_current_snapshot());
    -- nothing to do, as nearly always
    IF (NOT v_is_new AND NOT EXISTS (
        SELECT FROM audit.entries AS ent
        WHERE ent.transaction_id >= v_last.final_below AND ent.transaction_id < v_below AND ent.entry_no >= v_last.first_entry_no
    )) OR (v_last.seal_no IS NULL AND NOT EXISTS (SELECT FROM audit.entries)) THEN
        RETURN 0;
    END IF;
    PERFORM FROM audit_internal.newest_seal AS nse FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;  -- another one seals or purges
    END IF;
    IF v_is_new THEN
        -- we give in before anybody's deadlock detector looks; the next tick tries again
        PERFORM set_config('lock_timeout', '100ms', TRUE);
        BEGIN
            LOCK TABLE audit.entries IN SHARE MODE;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                PERFORM set_config('lock_timeout', v_timeout, TRUE);
                RETURN 0;
        END;
        PERFORM set_config('lock_timeout', v_timeout, TRUE);
    END IF;
    -- who held the row before us may have made one
    SELECT sea.* INTO v_last FROM audit.seals AS sea ORDER BY sea.seal_no DESC LIMIT 1;
    v_seal.seal_no := coalesce(v_last.seal_no, 0) + 1;
    v_seal.sealed_at := clock_timestamp();
    v_seal.previous := coalesce(v_last.digest, '');
    SELECT pg_snapshot_xmin(now.snapshot), pg_snapshot_xmax(now.snapshot) INTO v_seal.final_below, v_seal.begun_below
    FROM (SELECT pg_current_snapshot() AS snapshot OFFSET 0) AS now;
    IF v_is_new THEN
        SELECT coalesce(max(ent.entry_no), 0) + 1 INTO v_seal.first_entry_no FROM audit.entries AS ent;
        v_from := '0';
        v_below := '18446744073709551615';
    ELSE
        v_seal.first_entry_no := v_last.first_entry_no;
        v_from := v_last.final_below;
        v_below := v_seal.final_below;
    END IF;
    INSERT INTO audit_internal.sealed_entries (seal_no, family, part, entry_count, first_at, last_at, digest, entry_nos, instants, digests)
    SELECT v_seal.seal_no, par.family, par.part, cardinality(par.entry_nos), par.first_at, par.last_at,
        audit_internal.digest_of_part(par.entry_nos, par.instants, par.digests), par.entry_nos, par.instants, par.digests
    FROM (
        SELECT
            num.family, num.part, min(num.recorded_at) AS first_at, max(num.recorded_at) AS last_at,
            array_agg(num.entry_no ORDER BY num.entry_no) AS entry_nos,
            array_agg(num.recorded_at ORDER BY num.entry_no) AS instants,
            array_agg(num.digest ORDER BY num.entry_no) AS digests
        FROM (
            SELECT ent.family, ent.entry_no, ent.recorded_at, audit_internal.digest_of(ent) AS digest,
                (row_number() OVER (PARTITION BY ent.family ORDER BY ent.entry_no) - 1) / 1000 AS part
            FROM audit.entries AS ent
            WHERE ent.transaction_id >= v_from AND ent.transaction_id < v_below
                AND (v_is_new OR ent.entry_no >= v_last.first_entry_no)
                AND (NOT v_is_new OR ent.entry_no NOT IN (
                    SELECT unnest(old.entry_nos) FROM audit_internal.sealed_entries AS old WHERE old.entry_nos IS NOT NULL
                ))
        ) AS num
        GROUP BY num.family, num.part
    ) AS par;
    SELECT coalesce(sum(par.entry_count), 0) INTO v_seal.entry_count FROM audit_internal.sealed_entries AS par WHERE par.seal_no = v_seal.seal_no;
    v_seal.digest := audit_internal.digest_of_seal(v_seal);
    INSERT INTO audit.seals SELECT v_seal.*;
    UPDATE audit_internal.newest_seal AS nse SET seal_no = v_seal.seal_no, digest = v_seal.digest WHERE nse.is_there;
    RETURN v_seal.entry_count;
END;
$$;

COMMENT ON FUNCTION audit_internal.seal IS
'Number of entries sealed; no seal is made when there is none. An entry of a transaction that is still open waits for a later seal.';

REVOKE ALL ON FUNCTION audit_internal.seal FROM PUBLIC;
