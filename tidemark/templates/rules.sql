-- {{schema}}.{{name}}()
-- Say here in one sentence what this rule decides.
-- requires: nothing
-- source:   docs/{{schema}}.md, "The heading that asks for it"

CREATE OR REPLACE FUNCTION {{schema}}.{{name}}(due_on date, as_of date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN as_of > due_on;

COMMENT ON FUNCTION {{schema}}.{{name}} IS
'Say here what the value means, and what it is when an argument is NULL.';
