-- Clinical: its schema, and who may look into it.
-- depends: 0001_core_schemas

CREATE SCHEMA clinical;
COMMENT ON SCHEMA clinical IS
'Clinical reporting: studies, database releases and reporting efforts, their items, and who produces, checks and discusses each.';

GRANT USAGE ON SCHEMA clinical TO tidemark_app, tidemark_operator;
