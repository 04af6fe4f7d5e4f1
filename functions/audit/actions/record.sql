-- audit.record()
-- Adds one entry to the log of changes.
-- requires: nothing
-- source:   docs/audit.md, "Recording"

CREATE OR REPLACE FUNCTION audit.record(
    p_family text,
    p_table_name text,
    p_row_key text,
    p_action text,
    p_actor text DEFAULT NULL,
    p_before jsonb DEFAULT NULL,
    p_after jsonb DEFAULT NULL,
    p_batch text DEFAULT NULL
)
RETURNS uuid LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO audit.entries AS ent (
        login, actor, actor_role, family, table_name, row_key, action, batch, before_values, after_values, client
    )
    VALUES (
        session_user,
        coalesce(p_actor, nullif(current_setting('tidemark.actor', TRUE), '')),
        nullif(current_setting('tidemark.actor_role', TRUE), ''),
        p_family,
        p_table_name,
        p_row_key,
        p_action,
        p_batch,
        p_before,
        p_after,
        concat_ws(' ', coalesce(host(inet_client_addr()), 'local'), nullif(current_setting('application_name'), ''))
    )
    RETURNING ent.entry_id;
END;

COMMENT ON FUNCTION audit.record IS
'Gives the name of the entry. p_actor: the user of the family who acts; left out, the setting tidemark.actor. The entry is part of the transaction: what is taken back was not done.';

REVOKE ALL ON FUNCTION audit.record FROM PUBLIC;
