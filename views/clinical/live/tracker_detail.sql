-- clinical.tracker_detail
-- Everything that is told of a tracker in a list.
-- grain:    one row per tracker
-- requires: nothing
-- source:   docs/clinical.md, "Lists"

CREATE OR REPLACE VIEW clinical.tracker_detail AS
SELECT
    trk.reporting_effort_id,
    trk.id,
    trk.reporting_effort_item_id,
    itm.item_code,
    itm.item_type,
    itm.item_subtype,
    ttl.label AS item_title,
    trk.production_programmer_id,
    prd.username AS prod_programmer_username,
    trk.production_status,
    trk.qc_programmer_id,
    qcp.username AS qc_programmer_username,
    trk.qc_status,
    trk.priority,
    trk.qc_level,
    trk.due_date,
    trk.qc_completion_date,
    trk.in_production_flag,
    itm.is_active,
    trk.unresolved_comment_count,
    (SELECT count(*) FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = trk.id) AS comment_count,
    coalesce(
        (
            SELECT jsonb_agg(
                jsonb_build_object('id', tag.id, 'name', tag.name, 'color', tag.color) ORDER BY tag.name COLLATE "C", tag.id
            )
            FROM clinical.tracker_item_tags AS lnk
            INNER JOIN clinical.tracker_tags AS tag ON lnk.tag_id = tag.id
            WHERE lnk.tracker_id = trk.id
        ),
        '[]'
    ) AS tags,
    trk.created_at,
    trk.updated_at
FROM clinical.reporting_effort_item_tracker AS trk
INNER JOIN clinical.reporting_effort_items AS itm
    ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
LEFT JOIN clinical.reporting_effort_tlf_details AS tlf ON itm.id = tlf.reporting_effort_item_id
LEFT JOIN clinical.text_elements AS ttl ON tlf.title_id = ttl.id
LEFT JOIN clinical.users AS prd ON trk.production_programmer_id = prd.id
LEFT JOIN clinical.users AS qcp ON trk.qc_programmer_id = qcp.id;

COMMENT ON VIEW clinical.tracker_detail IS
'Items without a tracker are not in it.';
COMMENT ON COLUMN clinical.tracker_detail.item_title IS 'NULL for data sets and for items without a title.';
COMMENT ON COLUMN clinical.tracker_detail.comment_count IS 'All comments, replies too.';
COMMENT ON COLUMN clinical.tracker_detail.tags IS 'Array of id, name and color, by name; empty without tags.';

GRANT SELECT ON clinical.tracker_detail TO tidemark_operator;
