-- trade.current_tenant()
-- The company that the session works for.
-- requires: nothing
-- source:   docs/trade.md, "Who sees what"

CREATE OR REPLACE FUNCTION trade.current_tenant()
RETURNS uuid
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN current_setting('app.current_tenant_id', TRUE) ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
            THEN current_setting('app.current_tenant_id', TRUE)::uuid
    END;
END;

COMMENT ON FUNCTION trade.current_tenant IS
'From the setting app.current_tenant_id; NULL: none, or what is no uuid. The policies of the tables say the same.';

REVOKE ALL ON FUNCTION trade.current_tenant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.current_tenant TO tidemark_app, tidemark_operator;
