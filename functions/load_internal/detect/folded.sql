-- load_internal.folded()
-- A header as it is compared: lineItemQuantity and "Line item-quantity" are the same.
-- requires: load_internal.visible()
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load_internal.folded(header text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(translate(load_internal.visible(header), U&'\0009\000A\000B\000C\000D\0020\00A0_-/', '') COLLATE "C");

COMMENT ON FUNCTION load_internal.folded IS
'Lower case, without white space, characters that nobody sees, underscore, hyphen and slash.';
