-- {{schema}}.{{name}}
-- Say here in one sentence what is kept, and for whom.
-- grain:    one row per {{key}}
-- requires: refresh.store(), {{schema}}.{{live}}
-- source:   docs/{{schema}}.md, "The heading that asks for it"

SELECT refresh.store(
    '{{schema}}.{{name}}',
    live => '{{schema}}.{{live}}',
    key => '{{{key}}}'
);

COMMENT ON VIEW {{schema}}.{{name}} IS
'Say here what a row means. Same columns and rows as {{schema}}.{{live}}.';
