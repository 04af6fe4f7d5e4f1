-- ops_internal.copy_triggers()
-- Gives a new partition the triggers of statements that the default partition has of its own.
-- requires: nothing
-- source:   docs/partitions.md

-- Triggers of rows come from the partitioned table with ATTACH. Those of statements do not, and a partition may be named by itself.
CREATE OR REPLACE FUNCTION ops_internal.copy_triggers(p_default regclass, p_target text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    v_statement text;
BEGIN
    FOR v_statement IN
        SELECT overlay(def.text PLACING p_target FROM strpos(def.text, def.place) + 4 FOR length(def.place) - 5)
        FROM pg_trigger AS trg
        INNER JOIN pg_class AS rel ON trg.tgrelid = rel.oid
        INNER JOIN pg_namespace AS nsp ON rel.relnamespace = nsp.oid
        INNER JOIN pg_proc AS fun ON trg.tgfoid = fun.oid
        CROSS JOIN LATERAL (
            SELECT pg_get_triggerdef(trg.oid) AS text, format(' ON %I.%I ', nsp.nspname, rel.relname) AS place
        ) AS def
        WHERE trg.tgrelid = p_default AND NOT trg.tgisinternal AND trg.tgparentid = 0 AND (trg.tgtype & 1) = 0
            AND trg.tgenabled <> 'D'
            -- the capture of stored views is set up by the engine
            AND fun.pronamespace <> to_regnamespace('refresh_data')
        ORDER BY trg.tgname
    LOOP
        EXECUTE v_statement;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION ops_internal.copy_triggers IS
'Does nothing when p_default is NULL.';

REVOKE ALL ON FUNCTION ops_internal.copy_triggers FROM PUBLIC;
