-- bi.clinical_tracker
-- Who produces and checks each item, and how far both are.
-- grain:    one row per tracker
-- requires: clinical.due_state(), refresh.as_of_date(), clinical.reader_visibility(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Clinical"

CREATE OR REPLACE VIEW bi.clinical_tracker WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        CASE WHEN access.sees_all('clinical') THEN 'all' ELSE clinical.reader_visibility(access.sees('clinical', 'user')) END
            AS visibility
),

clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    trk.id AS tracker_id,
    trk.reporting_effort_id,
    itm.id AS item_id,
    itm.item_code,
    itm.item_type,
    itm.item_subtype,
    ttl.label AS item_title,
    itm.is_active,
    prd.username AS production_programmer_name,
    trk.production_status,
    qcp.username AS qc_programmer_name,
    trk.qc_status,
    trk.priority,
    trk.qc_level,
    trk.due_date AS due_on,
    clinical.due_state(trk.production_status, trk.due_date, clock.as_of) AS due_state,
    trk.qc_completion_date AS qc_completed_on,
    trk.in_production_flag AS is_in_production,
    trk.unresolved_comment_count,
    trk.updated_at
FROM clinical.reporting_effort_item_tracker AS trk
INNER JOIN clinical.reporting_effort_items AS itm
    ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
CROSS JOIN reader
CROSS JOIN clock
LEFT JOIN clinical.reporting_effort_tlf_details AS tlf ON itm.id = tlf.reporting_effort_item_id
LEFT JOIN clinical.text_elements AS ttl ON tlf.title_id = ttl.id
LEFT JOIN clinical.users AS prd ON trk.production_programmer_id = prd.id
LEFT JOIN clinical.users AS qcp ON trk.qc_programmer_id = qcp.id
WHERE reader.visibility = 'all' OR (reader.visibility = 'active' AND itm.is_active);

COMMENT ON VIEW bi.clinical_tracker IS
'Trackers of the items that the reader sees. Grain: one row per tracker. Key: tracker_id. Data as of: now, computed when read.';
COMMENT ON COLUMN bi.clinical_tracker.tracker_id IS 'Tracker.';
COMMENT ON COLUMN bi.clinical_tracker.reporting_effort_id IS 'Reporting effort.';
COMMENT ON COLUMN bi.clinical_tracker.item_id IS 'Item.';
COMMENT ON COLUMN bi.clinical_tracker.item_code IS 'Code of the item.';
COMMENT ON COLUMN bi.clinical_tracker.item_type IS 'TLF or Dataset.';
COMMENT ON COLUMN bi.clinical_tracker.item_subtype IS 'Table, Listing, Figure, SDTM or ADaM.';
COMMENT ON COLUMN bi.clinical_tracker.item_title IS 'Title; NULL for data sets.';
COMMENT ON COLUMN bi.clinical_tracker.is_active IS 'False: seen only by who sees inactive items.';
COMMENT ON COLUMN bi.clinical_tracker.production_programmer_name IS 'Who produces it.';
COMMENT ON COLUMN bi.clinical_tracker.production_status IS 'not_started, in_progress, completed or on_hold.';
COMMENT ON COLUMN bi.clinical_tracker.qc_programmer_name IS 'Who checks it.';
COMMENT ON COLUMN bi.clinical_tracker.qc_status IS 'not_started, in_progress, completed or failed.';
COMMENT ON COLUMN bi.clinical_tracker.priority IS 'low, medium, high or critical.';
COMMENT ON COLUMN bi.clinical_tracker.qc_level IS 'level1, level2 or level3.';
COMMENT ON COLUMN bi.clinical_tracker.due_on IS 'Due date.';
COMMENT ON COLUMN bi.clinical_tracker.due_state IS 'done, none, overdue, due_soon or scheduled on the business day.';
COMMENT ON COLUMN bi.clinical_tracker.qc_completed_on IS 'Day entered for the end of QC.';
COMMENT ON COLUMN bi.clinical_tracker.is_in_production IS 'Flag set by hand.';
COMMENT ON COLUMN bi.clinical_tracker.unresolved_comment_count IS 'Comments that wait for an answer.';
COMMENT ON COLUMN bi.clinical_tracker.updated_at IS 'Last change.';

GRANT SELECT ON bi.clinical_tracker TO tidemark_bi;
