-- {{schema}}.{{name}}
-- Say here in one sentence what a row of this view tells.
-- grain:    one row per thing
-- requires: refresh.as_of_date()
-- source:   docs/{{schema}}.md, "The heading that asks for it"

CREATE OR REPLACE VIEW {{schema}}.{{name}} AS
WITH clock AS MATERIALIZED (  -- read the clock once, not once per row and branch
    SELECT refresh.as_of_date() AS as_of
)

SELECT clock.as_of
FROM clock;

COMMENT ON VIEW {{schema}}.{{name}} IS
'Say here what a row means, its units and its edges.';
