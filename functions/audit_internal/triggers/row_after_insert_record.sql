-- audit_internal.tg_row_after_insert_record()
-- Records the rows that an INSERT made in a table that is followed.
-- requires: audit_internal.row_key()
-- source:   docs/audit.md, "Direct changes"

-- One function for all tables: columns that are added later are recorded without anybody's doing. Its arguments are family, table,
-- key columns and hidden columns. SECURITY DEFINER: whoever may write the table may add entries about it, and none other.
-- One for each event, as the transition tables differ: plpgsql_check, looking at every start, ends the server where one function
-- names a table that another of its triggers has not.
CREATE OR REPLACE FUNCTION audit_internal.tg_row_after_insert_record()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_actor text := coalesce(nullif(current_setting('tidemark.actor', TRUE), ''), nullif(current_setting('role'), 'none'), session_user);
    v_actor_role text := nullif(current_setting('tidemark.actor_role', TRUE), '');
    v_client text := concat_ws(' ', coalesce(host(inet_client_addr()), 'local'), nullif(current_setting('application_name'), ''));
    v_key text[] := tg_argv[2]::text[];
    v_only text := CASE WHEN cardinality(v_key) = 1 THEN v_key[1] END;  -- a call of a function for each row costs as much as all else
    v_mask jsonb := coalesce((SELECT jsonb_object_agg(col.name, '(hidden)') FROM unnest(tg_argv[3]::text[]) AS col (name)), '{}');
BEGIN
    INSERT INTO audit.entries (login, actor, actor_role, family, table_name, row_key, action, after_values, client)
    SELECT session_user, v_actor, v_actor_role, tg_argv[0], tg_argv[1],
        CASE WHEN v_only IS NULL THEN audit_internal.row_key(made.row, v_key) ELSE made.row ->> v_only END, 'INSERT', made.row || v_mask, v_client
    FROM (SELECT to_jsonb(new_rows) AS row FROM new_rows OFFSET 0) AS made;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION audit_internal.tg_row_after_insert_record IS
'A function of the triggers that audit.track() makes; actions: INSERT.';

REVOKE ALL ON FUNCTION audit_internal.tg_row_after_insert_record FROM PUBLIC;
