-- audit_internal.digest_of_seal()
-- Computes the digest of a seal from what it says and from the digests of its parts.
-- requires: nothing
-- source:   docs/audit.md, "Seals"

CREATE OR REPLACE FUNCTION audit_internal.digest_of_seal(sea audit.seals)
RETURNS bytea LANGUAGE sql STABLE
RETURN sha256((sea).previous || convert_to(jsonb_build_array(
    (sea).seal_no, extract(EPOCH FROM (sea).sealed_at), (sea).cluster_id, (sea).first_entry_no, (sea).final_below::text, (sea).begun_below::text,
    (sea).entry_count
)::text, 'UTF8') || coalesce((
    SELECT string_agg(convert_to(jsonb_build_array(
        par.family, par.part, par.entry_count, extract(EPOCH FROM par.first_at), extract(EPOCH FROM par.last_at)
    )::text, 'UTF8') || par.digest, '' ORDER BY par.family COLLATE "C", par.part)
    FROM audit_internal.sealed_entries AS par WHERE par.seal_no = (sea).seal_no
), ''));

COMMENT ON FUNCTION audit_internal.digest_of_seal IS
'SHA-256 of the seal before, of its own columns, and of its parts.';

REVOKE ALL ON FUNCTION audit_internal.digest_of_seal FROM PUBLIC;
