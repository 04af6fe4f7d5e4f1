-- load_internal.folded()
-- A header as it is compared: lineItemQuantity and "Line item-quantity" are the same.
-- requires: nothing
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load_internal.folded(header text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(translate(header, U&'\0009\000A\000B\000C\000D\0020\00A0\200B\2060\FEFF_-/', '') COLLATE "C");

COMMENT ON FUNCTION load_internal.folded IS
'Lower case, without white space, characters without width, underscore, hyphen and slash.';
