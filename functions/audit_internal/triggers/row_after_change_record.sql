-- audit_internal.tg_row_after_change_record()
-- Records what a statement changed in a table that is followed.
-- requires: audit_internal.row_key()
-- source:   docs/audit.md, "Direct changes"

-- One function for all tables: columns that are added later are recorded without anybody's doing. Its arguments are family, table,
-- key columns and hidden columns. SECURITY DEFINER: whoever may write the table may add entries about it, and none other.
CREATE OR REPLACE FUNCTION audit_internal.tg_row_after_change_record()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_actor text := coalesce(nullif(current_setting('tidemark.actor', TRUE), ''), nullif(current_setting('role'), 'none'), session_user);
    v_actor_role text := nullif(current_setting('tidemark.actor_role', TRUE), '');
    v_client text := concat_ws(' ', coalesce(host(inet_client_addr()), 'local'), nullif(current_setting('application_name'), ''));
    v_key text[] := tg_argv[2]::text[];
    v_only text := CASE WHEN cardinality(v_key) = 1 THEN v_key[1] END;  -- a call of a function for each row costs as much as all else
    v_hidden text[] := tg_argv[3]::text[];
    v_mask jsonb := coalesce((SELECT jsonb_object_agg(col.name, '(hidden)') FROM unnest(v_hidden) AS col (name)), '{}');
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO audit.entries (login, actor, actor_role, family, table_name, row_key, action, after_values, client)
        SELECT session_user, v_actor, v_actor_role, tg_argv[0], tg_argv[1],
            CASE WHEN v_only IS NULL THEN audit_internal.row_key(made.row, v_key) ELSE made.row ->> v_only END, 'INSERT', made.row || v_mask, v_client
        FROM (SELECT to_jsonb(new_rows) AS row FROM new_rows OFFSET 0) AS made;
    ELSIF tg_op = 'DELETE' THEN
        INSERT INTO audit.entries (login, actor, actor_role, family, table_name, row_key, action, before_values, client)
        SELECT session_user, v_actor, v_actor_role, tg_argv[0], tg_argv[1],
            CASE WHEN v_only IS NULL THEN audit_internal.row_key(gone.row, v_key) ELSE gone.row ->> v_only END, 'DELETE', gone.row || v_mask, v_client
        FROM (SELECT to_jsonb(old_rows) AS row FROM old_rows OFFSET 0) AS gone;
    ELSIF tg_op = 'TRUNCATE' THEN
        EXECUTE format('INSERT INTO audit.entries (login, actor, actor_role, family, table_name, row_key, action, before_values, client) '
            'SELECT session_user, $1, $2, $3, $4, audit_internal.row_key(gone.row, $5), ''TRUNCATE'', gone.row || $6, $7 '
            'FROM (SELECT to_jsonb(old) AS row FROM ONLY %s AS old) AS gone', tg_relid::regclass)
        USING v_actor, v_actor_role, tg_argv[0], tg_argv[1], v_key, v_mask, v_client;
    ELSE
        -- a row whose key was changed is another one
        INSERT INTO audit.entries (login, actor, actor_role, family, table_name, row_key, action, before_values, after_values, client)
        SELECT session_user, v_actor, v_actor_role, tg_argv[0], tg_argv[1], coalesce(gone.row_key, made.row_key),
            CASE WHEN gone.row IS NULL THEN 'INSERT' WHEN made.row IS NULL THEN 'DELETE' ELSE 'UPDATE' END,
            CASE WHEN made.row IS NULL THEN gone.row || v_mask ELSE difference.before END,
            CASE WHEN gone.row IS NULL THEN made.row || v_mask ELSE difference.after END, v_client
        FROM (
            SELECT one.row, CASE WHEN v_only IS NULL THEN audit_internal.row_key(one.row, v_key) ELSE one.row ->> v_only END AS row_key
            FROM (SELECT to_jsonb(old_rows) AS row FROM old_rows OFFSET 0) AS one
        ) AS gone
        FULL JOIN (
            SELECT one.row, CASE WHEN v_only IS NULL THEN audit_internal.row_key(one.row, v_key) ELSE one.row ->> v_only END AS row_key
            FROM (SELECT to_jsonb(new_rows) AS row FROM new_rows OFFSET 0) AS one
        ) AS made ON gone.row_key = made.row_key
        LEFT JOIN LATERAL (
            SELECT
                jsonb_object_agg(col.name, CASE WHEN col.name = ANY(v_hidden) THEN '"(hidden)"' ELSE col.value END) AS before,
                jsonb_object_agg(col.name, CASE WHEN col.name = ANY(v_hidden) THEN '"(hidden)"' ELSE made.row -> col.name END) AS after
            FROM jsonb_each(gone.row) AS col (name, value)
            WHERE col.value IS DISTINCT FROM made.row -> col.name
        ) AS difference ON gone.row IS NOT NULL AND made.row IS NOT NULL
        WHERE gone.row IS DISTINCT FROM made.row;
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION audit_internal.tg_row_after_change_record IS
'The function of the triggers that audit.track() makes; actions are INSERT, UPDATE, DELETE and TRUNCATE.';

REVOKE ALL ON FUNCTION audit_internal.tg_row_after_change_record FROM PUBLIC;
