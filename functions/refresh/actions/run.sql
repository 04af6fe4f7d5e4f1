-- refresh.run()
-- Refreshes one stored view, and those that switch together with it, and says what that took.
-- requires: refresh_internal.run_one(), refresh_internal.registered(), refresh_internal.members_of(), refresh_internal.pending_of(), refresh_internal.refuse()
-- source:   docs/refresh.md, "A run, step by step"

CREATE OR REPLACE FUNCTION refresh.run(
    view text,
    p_full boolean DEFAULT FALSE,
    OUT view_name text,
    OUT mode text,
    OUT reason text,
    OUT change_count bigint,
    OUT key_count bigint,
    OUT inserted_count bigint,
    OUT updated_count bigint,
    OUT deleted_count bigint,
    OUT duration_ms double precision
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(run.view);
    v_members text[];
    v_member text;
    v_round integer := 0;
    v_done record;
BEGIN
    IF current_setting('transaction_isolation') = 'serializable' THEN
        PERFORM refresh_internal.refuse('invalid_transaction_state', format('%s cannot be refreshed in this transaction', v_view.view_name),
            'Its isolation level is serializable: every writer of the sources could make it fail.',
            'Call refresh.run() under READ COMMITTED, or for views that switch together under REPEATABLE READ.');
    END IF;
    IF NOT EXISTS (SELECT FROM refresh.grouped_views AS grp WHERE grp.view_id = v_view.view_id) THEN
        SELECT one.* INTO view_name, mode, reason, change_count, key_count, inserted_count, updated_count, deleted_count, duration_ms
        FROM refresh_internal.run_one(v_view.view_name, p_full) AS one;
        RETURN;
    END IF;
    v_members := refresh_internal.members_of(v_view.view_id);
    LOOP
        FOREACH v_member IN ARRAY v_members LOOP
            SELECT one.* INTO v_done FROM refresh_internal.run_one(v_member, p_full AND v_member = v_view.view_name AND v_round = 0) AS one;
            CONTINUE WHEN v_member <> v_view.view_name;
            view_name := v_done.view_name;
            mode := CASE WHEN v_round = 0 OR v_done.mode <> 'none' THEN v_done.mode ELSE mode END;
            reason := CASE WHEN v_round = 0 OR v_done.mode <> 'none' THEN v_done.reason ELSE reason END;
            change_count := coalesce(change_count, 0) + v_done.change_count;
            key_count := CASE WHEN v_round = 0 THEN v_done.key_count ELSE key_count + v_done.key_count END;
            inserted_count := coalesce(inserted_count, 0) + v_done.inserted_count;
            updated_count := coalesce(updated_count, 0) + v_done.updated_count;
            deleted_count := coalesce(deleted_count, 0) + v_done.deleted_count;
            duration_ms := coalesce(duration_ms, 0) + v_done.duration_ms;
        END LOOP;
        -- A fixed snapshot shows all members the same. Without one the members may have seen different moments: they are right
        -- together when at some moment nothing waits for any of them.
        EXIT WHEN cardinality(v_members) = 1 OR current_setting('transaction_isolation') = 'repeatable read' OR NOT EXISTS (
            SELECT FROM refresh_internal.pending_of() AS pen
            INNER JOIN refresh.stored_views AS sv USING (view_id)
            WHERE sv.view_name = ANY (v_members) AND pen.pending_count > 0
        );
        v_round := v_round + 1;
        IF v_round > 5 THEN
            RAISE EXCEPTION USING
                ERRCODE = 'serialization_failure',
                MESSAGE = format('%s and what switches together with it found no common moment', v_view.view_name),
                DETAIL = 'Their sources are written all the time, and each run came a little later than the one before.',
                HINT = 'Call refresh.tick(), which gives them one snapshot, or begin the transaction with ISOLATION LEVEL REPEATABLE READ.';
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh.run IS
'Brings one stored view up to date in this transaction. p_full: recompute everything and change what differs. mode: none, keys, whole or native (mode full). A view that refresh.together() joined with others takes them along. Raises 25000 under SERIALIZABLE, 40001 when such views find no common moment, 42704 for an unknown view.';

REVOKE ALL ON FUNCTION refresh.run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.run TO tidemark_operator;
