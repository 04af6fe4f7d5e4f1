-- bi.{{name}}
-- Say here in one sentence what a dashboard learns from this view.
-- grain:    one row per thing
-- requires: refresh.as_of_date(), access.sees_all()
-- source:   docs/bi.md, "The heading that asks for it"

-- As it stands, only those who see everything see its rows; docs/access.md shows how to filter by what a login was granted.
CREATE OR REPLACE VIEW bi.{{name}} WITH (security_barrier) AS
SELECT refresh.as_of_date() AS as_of
WHERE (SELECT access.sees_all());

COMMENT ON VIEW bi.{{name}} IS
'Say here what the view holds. Grain: one row per thing. Key: as_of. Data as of: the moment of the query.';
COMMENT ON COLUMN bi.{{name}}.as_of IS 'Say here what the value means, its unit and when it is NULL.';

GRANT SELECT ON bi.{{name}} TO tidemark_bi;
