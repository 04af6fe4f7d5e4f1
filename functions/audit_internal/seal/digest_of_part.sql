-- audit_internal.digest_of_part()
-- Computes the digest of some sealed entries.
-- requires: nothing
-- source:   docs/audit.md, "Seals"

CREATE OR REPLACE FUNCTION audit_internal.digest_of_part(p_entry_nos bigint[], p_instants timestamptz[], p_digests bytea[])
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
    SELECT sha256(string_agg(
        coalesce(int8send(ent.entry_no) || int8send((extract(EPOCH FROM ent.instant) * 1000000)::bigint) || ent.digest, '\x00'), '' ORDER BY ent.number
    ))
    FROM unnest(p_entry_nos, p_instants, p_digests) WITH ORDINALITY AS ent (entry_no, instant, digest, number)
);

COMMENT ON FUNCTION audit_internal.digest_of_part IS
'SHA-256 of their numbers, instants and digests.';

REVOKE ALL ON FUNCTION audit_internal.digest_of_part FROM PUBLIC;
