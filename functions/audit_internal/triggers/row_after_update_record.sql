-- audit_internal.tg_row_after_update_record()
-- Records what an UPDATE changed in a table that is followed.
-- requires: audit_internal.row_key()
-- source:   docs/audit.md, "Direct changes"

-- Arguments and rights as those of audit_internal.tg_row_after_insert_record().
CREATE OR REPLACE FUNCTION audit_internal.tg_row_after_update_record()
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
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION audit_internal.tg_row_after_update_record IS
'A function of the triggers that audit.track() makes; actions: UPDATE, and INSERT and DELETE where it changed the key of a row.';

REVOKE ALL ON FUNCTION audit_internal.tg_row_after_update_record FROM PUBLIC;
