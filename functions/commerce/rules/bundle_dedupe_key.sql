-- commerce.bundle_dedupe_key()
-- What makes two bundles of an upload the same.
-- requires: nothing
-- source:   docs/commerce.md, "Saving bundles"

CREATE OR REPLACE FUNCTION commerce.bundle_dedupe_key(bundle_type text, objective text, variant_ids text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(
    sha256(convert_to(array_to_string(ARRAY[bundle_type, objective] || variant_ids, E'\n'), 'UTF8')),
    'hex'
);

COMMENT ON FUNCTION commerce.bundle_dedupe_key IS
'Lower-case hex SHA-256 of type, objective and variant ids, joined with line feeds. The ids must be sorted bytewise, as commerce.bundle_variant_ids() gives them.';
