-- bi.{{name}}
-- Say here in one sentence what a dashboard learns from this view.
-- grain:    one row per thing
-- requires: refresh.as_of_date()
-- source:   docs/bi.md, "The heading that asks for it"

CREATE OR REPLACE VIEW bi.{{name}} AS
SELECT refresh.as_of_date() AS as_of;

COMMENT ON VIEW bi.{{name}} IS
'Say here what the view holds. Grain: one row per thing. Key: as_of. Data as of: the moment of the query.';
COMMENT ON COLUMN bi.{{name}}.as_of IS 'Say here what the value means, its unit and when it is NULL.';

GRANT SELECT ON bi.{{name}} TO tidemark_bi;
