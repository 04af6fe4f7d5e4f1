-- audit.verify()
-- Lists what was changed in the log of changes behind its back.
-- requires: audit_internal.digest_of(), audit_internal.digest_of_part(), audit_internal.digest_of_seal()
-- source:   docs/audit.md, "Verifying"

CREATE OR REPLACE FUNCTION audit.verify(p_seal_no bigint DEFAULT NULL, p_digest text DEFAULT NULL)
RETURNS TABLE (problem text, seal_no bigint, entry_no bigint, recorded_at timestamptz, family text, table_name text, row_key text, remark text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '64MB'
BEGIN ATOMIC
    WITH chain AS (
        SELECT sea.*, lag(sea.digest) OVER (ORDER BY sea.seal_no) AS digest_before, lag(sea.seal_no) OVER (ORDER BY sea.seal_no) AS number_before,
            lag(sea.final_below) OVER (ORDER BY sea.seal_no) AS final_before, lag(sea.cluster_id) OVER (ORDER BY sea.seal_no) AS cluster_before
        FROM audit.seals AS sea
    ),

    last AS (SELECT sea.seal_no, sea.digest, sea.first_entry_no, sea.final_below FROM audit.seals AS sea ORDER BY sea.seal_no DESC LIMIT 1),

    -- of the entries of a seal, none was written before this moment
    earliest AS MATERIALIZED (
        SELECT cha.seal_no, cha.sealed_at, (
            SELECT max(sea.sealed_at) FROM audit.seals AS sea
            WHERE sea.seal_no < cha.seal_no AND sea.cluster_id = cha.cluster_id AND sea.begun_below <= cha.final_before
        ) AS written_after
        FROM chain AS cha
        WHERE cha.cluster_id = cha.cluster_before
        UNION ALL
        SELECT NULL, clock_timestamp(), max(sea.sealed_at) FROM audit.seals AS sea CROSS JOIN last
        WHERE sea.begun_below <= last.final_below AND sea.cluster_id = (SELECT pgc.system_identifier FROM pg_control_system() AS pgc)
    ),

    sealed AS MATERIALIZED (
        SELECT par.seal_no, par.family, ent.entry_no, ent.instant, ent.digest
        FROM audit_internal.sealed_entries AS par
        CROSS JOIN LATERAL unnest(par.entry_nos, par.instants, par.digests) AS ent (entry_no, instant, digest)
    ),

    present AS MATERIALIZED (
        SELECT ent.entry_no, ent.recorded_at, ent.transaction_id, ent.family, ent.table_name, ent.row_key, ent.action, ent.after_values, ent.loaded_at,
            audit_internal.digest_of(ent) AS digest
        FROM audit.entries AS ent
    ),

    compared AS MATERIALIZED (
        SELECT
            sea.seal_no, sea.instant, sea.family AS sealed_family, coalesce(sea.entry_no, pre.entry_no) AS entry_no, pre.recorded_at, pre.family,
            pre.table_name,
            pre.row_key, pre.action, pre.after_values, pre.loaded_at, pre.transaction_id, pre.entry_no IS NULL AS is_missing,
            sea.digest = pre.digest AS is_same, pre.digest AS present_digest
        FROM sealed AS sea FULL JOIN present AS pre ON sea.entry_no = pre.entry_no
    ),

    purged AS MATERIALIZED (
        SELECT com.after_values ->> 'family' AS family, max((com.after_values ->> 'before')::timestamptz) AS before
        FROM compared AS com
        WHERE com.family = 'audit' AND com.action = 'AUDIT_PURGE' AND com.is_same IS NOT FALSE AND com.after_values ->> 'before' ~ '^\d{4}-\d\d-\d\dT[\d:.]+Z$'
        GROUP BY com.after_values ->> 'family'
    ),

    found (problem, seal_no, entry_no, recorded_at, family, table_name, row_key, remark) AS (
        SELECT 'seal altered', cha.seal_no, NULL::bigint, NULL::timestamptz, NULL, NULL, NULL, said.remark
        FROM chain AS cha
        CROSS JOIN LATERAL (VALUES
            (audit_internal.digest_of_seal(ROW(cha.seal_no, cha.sealed_at, cha.cluster_id, cha.first_entry_no, cha.final_below, cha.begun_below,
                cha.entry_count,
                cha.previous, cha.digest)::audit.seals) IS DISTINCT FROM cha.digest, 'what it seals or says is not what was sealed'),
            (cha.previous IS DISTINCT FROM coalesce(cha.digest_before, ''), 'it does not follow from the seal before'),
            (cha.seal_no = p_seal_no AND encode(cha.digest, 'hex') IS DISTINCT FROM p_digest, 'it is not the seal that was noted elsewhere')
        ) AS said (is_wrong, remark)
        WHERE said.is_wrong
        UNION ALL
        SELECT 'seal removed', cha.seal_no - 1, NULL, NULL, NULL, NULL, NULL, 'the number is missing'
        FROM chain AS cha WHERE cha.seal_no <> coalesce(cha.number_before, 0) + 1
        UNION ALL
        SELECT 'seal removed', coalesce(nse.seal_no, p_seal_no), NULL, NULL, NULL, NULL, NULL, 'it was the newest one'
        FROM (SELECT p_seal_no AS noted) AS asked
        LEFT JOIN audit_internal.newest_seal AS nse ON TRUE
        WHERE nse.seal_no IS NULL OR nse.seal_no <> coalesce((SELECT last.seal_no FROM last), 0) OR nse.digest <> coalesce((SELECT last.digest FROM last), '')
            OR (asked.noted IS NOT NULL AND NOT EXISTS (SELECT FROM audit.seals AS sea WHERE sea.seal_no = asked.noted))
        UNION ALL
        SELECT 'seal altered', par.seal_no, NULL, NULL, par.family, NULL, NULL, 'the digests of its entries were changed'
        FROM audit_internal.sealed_entries AS par
        WHERE CASE WHEN par.entry_nos IS NULL
            THEN NOT EXISTS (SELECT FROM purged AS pur WHERE coalesce(pur.family = par.family, TRUE) AND par.last_at < pur.before)
            ELSE audit_internal.digest_of_part(par.entry_nos, par.instants, par.digests) IS DISTINCT FROM par.digest END
            OR NOT EXISTS (SELECT FROM audit.seals AS sea WHERE sea.seal_no = par.seal_no)
        UNION ALL
        SELECT 'removed', com.seal_no, com.entry_no, com.instant, com.sealed_family, NULL, NULL, 'it was sealed and is not there'
        FROM compared AS com
        WHERE com.is_missing
            AND NOT EXISTS (SELECT FROM purged AS pur WHERE coalesce(pur.family = com.sealed_family, TRUE) AND com.instant < pur.before)
        UNION ALL
        SELECT CASE WHEN EXISTS (SELECT FROM compared AS twin WHERE twin.entry_no = com.entry_no AND twin.is_same) THEN 'slipped in' ELSE 'altered' END,
            com.seal_no, com.entry_no, com.recorded_at, com.family, com.table_name, com.row_key, 'it is not as it was sealed'
        FROM compared AS com WHERE NOT com.is_missing AND com.is_same IS FALSE
        UNION ALL
        SELECT 'slipped in', com.seal_no, com.entry_no, com.recorded_at, com.family, com.table_name, com.row_key, said.remark
        FROM compared AS com
        LEFT JOIN last ON TRUE
        LEFT JOIN earliest AS ear ON ear.seal_no IS NOT DISTINCT FROM com.seal_no
        CROSS JOIN LATERAL (VALUES (CASE
            WHEN com.seal_no IS NULL AND com.entry_no < last.first_entry_no OR com.seal_no IS NULL AND com.transaction_id < last.final_below
                THEN 'its transaction was sealed without it'
            WHEN com.seal_no IS NULL AND com.transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
                AND com.transaction_id IS DISTINCT FROM pg_current_xact_id_if_assigned()
                THEN 'its transaction is still to come'
            WHEN coalesce(com.loaded_at, com.recorded_at) < ear.written_after - interval '1 minute' THEN 'it says that it is older than it is'
            WHEN com.recorded_at > ear.sealed_at + interval '1 minute' THEN 'it says that it is younger than it is'
        END)) AS said (remark)
        WHERE NOT com.is_missing AND com.is_same IS NOT FALSE AND said.remark IS NOT NULL
    )

    SELECT fou.problem, fou.seal_no, fou.entry_no, fou.recorded_at, fou.family, fou.table_name, fou.row_key, fou.remark
    FROM found AS fou
    ORDER BY fou.seal_no, fou.entry_no, fou.problem, fou.remark;
END;

COMMENT ON FUNCTION audit.verify IS
'No row when the log is as it was written. p_seal_no and p_digest: a seal that was noted elsewhere, in hexadecimal digits. problem: altered, removed, slipped in; seal altered, seal removed.';

REVOKE ALL ON FUNCTION audit.verify FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.verify TO tidemark_operator;
