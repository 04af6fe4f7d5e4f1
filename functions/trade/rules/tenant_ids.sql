-- trade.tenant_ids()
-- Grants of companies as their keys.
-- requires: nothing
-- source:   docs/trade.md, "Who sees what"

CREATE OR REPLACE FUNCTION trade.tenant_ids(granted text[])
RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT CASE WHEN own.value ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN own.value::uuid END
    FROM unnest(granted) AS own (value)
);

COMMENT ON FUNCTION trade.tenant_ids IS
'What is no key is NULL, and opens nothing.';
