-- audit_internal.tg_row_before_truncate_record()
-- Records the rows that a TRUNCATE takes from a table that is followed.
-- requires: audit_internal.row_key()
-- source:   docs/audit.md, "Direct changes"

-- Arguments and rights as those of audit_internal.tg_row_after_insert_record().
CREATE OR REPLACE FUNCTION audit_internal.tg_row_before_truncate_record()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_actor text := coalesce(nullif(current_setting('tidemark.actor', TRUE), ''), nullif(current_setting('role'), 'none'), session_user);
    v_actor_role text := nullif(current_setting('tidemark.actor_role', TRUE), '');
    v_client text := concat_ws(' ', coalesce(host(inet_client_addr()), 'local'), nullif(current_setting('application_name'), ''));
    v_key text[] := tg_argv[2]::text[];
    v_mask jsonb := coalesce((SELECT jsonb_object_agg(col.name, '(hidden)') FROM unnest(tg_argv[3]::text[]) AS col (name)), '{}');
BEGIN
    EXECUTE format('INSERT INTO audit.entries (login, actor, actor_role, family, table_name, row_key, action, before_values, client) '
        'SELECT session_user, $1, $2, $3, $4, audit_internal.row_key(gone.row, $5), ''TRUNCATE'', gone.row || $6, $7 '
        'FROM (SELECT to_jsonb(old) AS row FROM ONLY %s AS old) AS gone', tg_relid::regclass)
    USING v_actor, v_actor_role, tg_argv[0], tg_argv[1], v_key, v_mask, v_client;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION audit_internal.tg_row_before_truncate_record IS
'A function of the triggers that audit.track() makes; actions: TRUNCATE.';

REVOKE ALL ON FUNCTION audit_internal.tg_row_before_truncate_record FROM PUBLIC;
