-- model_risk.lob_code()
-- The code of a line of business, made from its name.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.lob_code(name text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(upper(regexp_replace(name, '[^A-Za-z0-9_]', '', 'g') COLLATE "C"), 50);

COMMENT ON FUNCTION model_risk.lob_code IS
'Letters, digits and underscores of the name in upper case, the first 50; may be empty.';
