-- Planning: its schema, and who may look into it.
-- depends: 0001_core_schemas

CREATE SCHEMA planning;
COMMENT ON SCHEMA planning IS
'Planning: portfolios, programs, projects and phases, their budgets, plans, actuals and forecasts, and who may do what.';

GRANT USAGE ON SCHEMA planning TO tidemark_app, tidemark_operator;

-- equality for an exclusion constraint, without an extension: two ranges of one value overlap when the values are equal
CREATE TYPE planning.uuid_range AS RANGE (subtype = uuid);
COMMENT ON TYPE planning.uuid_range IS
'Ranges of one uuid, for exclusion constraints.';
