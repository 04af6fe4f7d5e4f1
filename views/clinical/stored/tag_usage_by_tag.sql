-- clinical.tag_usage_by_tag
-- How many trackers carry each tag, kept.
-- grain:    one row per tag and visibility
-- requires: refresh.store(), clinical.tag_usage
-- source:   docs/clinical.md, "Tags"

SELECT refresh.store(
    'clinical.tag_usage_by_tag',
    live => 'clinical.tag_usage',
    key => '{tag_id, visibility}',
    target_lag => '1 minute'
);

COMMENT ON VIEW clinical.tag_usage_by_tag IS
'Same columns and rows as clinical.tag_usage.';

GRANT SELECT ON clinical.tag_usage_by_tag, clinical.tag_usage_by_tag_as_of TO tidemark_operator;
