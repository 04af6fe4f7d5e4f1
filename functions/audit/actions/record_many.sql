-- audit.record_many()
-- Adds many entries to the log of changes by one statement.
-- requires: nothing
-- source:   docs/audit.md, "Recording"

CREATE OR REPLACE FUNCTION audit.record_many(
    p_family text,
    p_entries audit.new_entry[],
    p_actor text DEFAULT NULL,
    p_actor_role text DEFAULT NULL,
    p_batch text DEFAULT NULL,
    p_client text DEFAULT NULL
)
RETURNS bigint LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count bigint;
BEGIN
    INSERT INTO audit.entries (
        login, actor, actor_role, family, table_name, row_key, action, batch, before_values, after_values, client
    )
    SELECT
        session_user,
        said.actor,
        said.actor_role,
        p_family,
        ent.table_name,
        ent.row_key,
        ent.action,
        p_batch,
        ent.before_values,
        ent.after_values,
        said.client
    FROM (
        SELECT
            coalesce(p_actor, nullif(current_setting('tidemark.actor', TRUE), '')) AS actor,
            coalesce(p_actor_role, nullif(current_setting('tidemark.actor_role', TRUE), '')) AS actor_role,
            coalesce(p_client, concat_ws(' ', coalesce(host(inet_client_addr()), 'local'), nullif(current_setting('application_name'), ''))) AS client
        OFFSET 0  -- asked once, not once for each entry
    ) AS said
    CROSS JOIN unnest(p_entries) AS ent;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION audit.record_many IS
'Number of entries, in the order of the array; none for NULL. p_actor and p_actor_role: who acts, left out, the settings tidemark.actor and tidemark.actor_role; p_client: his address and program, left out, those of the session.';

REVOKE ALL ON FUNCTION audit.record_many FROM PUBLIC;
