-- trade.sees_every_tenant()
-- Whether the reader sees the rows of all companies.
-- requires: nothing
-- source:   docs/trade.md, "Who sees what"

CREATE OR REPLACE FUNCTION trade.sees_every_tenant()
RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT NOT row_security_active('trade.psra_verdicts') OR pg_has_role(current_user, 'tidemark_operator', 'USAGE');
END;

COMMENT ON FUNCTION trade.sees_every_tenant IS
'The owner of the tables, who is past row security, and operators.';

REVOKE ALL ON FUNCTION trade.sees_every_tenant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.sees_every_tenant TO tidemark_app, tidemark_operator;
