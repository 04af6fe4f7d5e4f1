-- audit_internal.digest_of()
-- Computes the digest of one entry of the log of changes.
-- requires: nothing
-- source:   docs/audit.md, "Seals"

-- Each value, NULL included, has one text, whatever the settings of the session and the encoding of the database.
CREATE OR REPLACE FUNCTION audit_internal.digest_of(ent audit.entries)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(jsonb_build_array(
    (ent).entry_no, (ent).entry_id, extract(EPOCH FROM (ent).recorded_at), (ent).transaction_id::text, (ent).login, (ent).actor, (ent).actor_role, (ent).family,
    (ent).table_name, (ent).row_key, (ent).action, (ent).batch, (ent).before_values::text, (ent).after_values::text, (ent).client,
    extract(EPOCH FROM (ent).loaded_at)
)::text, 'UTF8'));

COMMENT ON FUNCTION audit_internal.digest_of IS
'SHA-256 of all its columns.';

REVOKE ALL ON FUNCTION audit_internal.digest_of FROM PUBLIC;
