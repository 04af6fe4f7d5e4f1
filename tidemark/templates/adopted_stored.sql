-- {{schema}}.{{name}}
-- Takes the place of the materialized view of this name, with its readers, rights and comments.
-- grain:    one row per {{key}}
-- requires: deploy.adopt(), refresh.store(), deploy.come_back(), {{schema}}.{{name}}_live
-- source:   docs/{{schema}}.md, "The heading that asks for it"

-- does nothing where there is no materialized view any more
SELECT deploy.adopt('{{schema}}.{{name}}');

SELECT refresh.store(
    '{{schema}}.{{name}}',
    live => '{{schema}}.{{name}}_live',
    key => '{{{key}}}'{{more}}
);

SELECT deploy.come_back();
