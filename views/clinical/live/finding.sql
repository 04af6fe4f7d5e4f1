-- clinical.finding
-- What looks wrong about a tracker or an item; nothing of it is forbidden.
-- grain:    one row per item and finding
-- requires: clinical.is_done()
-- source:   docs/clinical.md, "Findings"

CREATE OR REPLACE VIEW clinical.finding AS
SELECT
    itm.reporting_effort_id,
    itm.id AS item_id,
    trk.id AS tracker_id,
    itm.is_active,
    fnd.finding
FROM clinical.reporting_effort_items AS itm
LEFT JOIN clinical.reporting_effort_item_tracker AS trk
    ON itm.id = trk.reporting_effort_item_id AND itm.reporting_effort_id = trk.reporting_effort_id
LEFT JOIN clinical.users AS prd ON trk.production_programmer_id = prd.id
LEFT JOIN clinical.users AS qcp ON trk.qc_programmer_id = qcp.id
-- a list and not rows of VALUES: most items have no finding, and nine rows for each would be most of the work
CROSS JOIN LATERAL unnest(array_remove(ARRAY[
    CASE WHEN trk.production_programmer_id = trk.qc_programmer_id THEN 'same_programmer' END,
    CASE WHEN trk.qc_status <> 'not_started' AND trk.production_status <> 'completed' THEN 'qc_ahead_of_production' END,
    CASE WHEN trk.production_status IN ('in_progress', 'completed') AND trk.production_programmer_id IS NULL THEN 'production_without_programmer' END,
    CASE WHEN trk.qc_status <> 'not_started' AND trk.qc_programmer_id IS NULL THEN 'qc_without_programmer' END,
    CASE WHEN trk.qc_status = 'completed' AND trk.qc_completion_date IS NULL THEN 'qc_completed_without_date' END,
    CASE WHEN trk.qc_status <> 'completed' AND trk.qc_completion_date IS NOT NULL THEN 'qc_date_without_completion' END,
    CASE
        WHEN NOT clinical.is_done(trk.production_status, trk.qc_status) AND (NOT prd.is_active OR NOT qcp.is_active)
            THEN 'inactive_programmer'
    END,
    CASE
        WHEN clinical.is_done(trk.production_status, trk.qc_status) AND trk.unresolved_comment_count > 0
            THEN 'done_with_unresolved_comments'
    END,
    CASE WHEN trk.id IS NULL THEN 'item_without_tracker' END
], NULL)) AS fnd (finding);

COMMENT ON VIEW clinical.finding IS
'For item_without_tracker tracker_id is NULL.';

GRANT SELECT ON clinical.finding TO tidemark_operator;
