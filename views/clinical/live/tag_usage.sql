-- clinical.tag_usage
-- How many trackers carry each tag.
-- grain:    one row per tag and visibility
-- requires: nothing
-- source:   docs/clinical.md, "Tags"

CREATE OR REPLACE VIEW clinical.tag_usage AS
SELECT
    tag.id AS tag_id,
    vis.visibility,
    count(use.id) AS usage_count
FROM clinical.tracker_tags AS tag
CROSS JOIN (VALUES ('all'), ('active')) AS vis (visibility)
LEFT JOIN (
    SELECT
        lnk.tag_id,
        itm.id,
        itm.is_active
    FROM clinical.tracker_item_tags AS lnk
    INNER JOIN clinical.reporting_effort_item_tracker AS trk ON lnk.tracker_id = trk.id
    INNER JOIN clinical.reporting_effort_items AS itm
        ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
) AS use ON tag.id = use.tag_id AND (vis.visibility = 'all' OR use.is_active)
GROUP BY tag.id, vis.visibility;

COMMENT ON VIEW clinical.tag_usage IS
'A tag that nobody uses has a row with zero.';

GRANT SELECT ON clinical.tag_usage TO tidemark_operator;
