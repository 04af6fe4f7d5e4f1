-- trade.case_hash()
-- The digest of what is judged.
-- requires: nothing
-- source:   docs/trade.md, "The digest of a case"

CREATE OR REPLACE FUNCTION trade.case_hash(case_text text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(case_text, 'UTF8')), 'hex');

COMMENT ON FUNCTION trade.case_hash IS
'SHA-256 in small hexadecimal digits.';
