-- {{schema}}.{{name}}_live
-- The query of the materialized view {{schema}}.{{name}}, as it was when it was adopted.
-- grain:    one row per {{key}}
-- requires: {{requires}}
-- source:   docs/{{schema}}.md, "The heading that asks for it"

CREATE OR REPLACE VIEW {{schema}}.{{name}}_live AS
{{query}};

COMMENT ON VIEW {{schema}}.{{name}}_live IS
'Rows of {{schema}}.{{name}} as they are at this moment.';
