-- bi.clinical_effort_progress
-- How far each reporting effort is.
-- grain:    one row per reporting effort
-- requires: clinical.effort_progress_by_effort, clinical.reader_visibility(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Clinical"

CREATE OR REPLACE VIEW bi.clinical_effort_progress WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        CASE WHEN access.sees_all('clinical') THEN 'all' ELSE clinical.reader_visibility(access.sees('clinical', 'user')) END
            AS visibility
)

SELECT
    prg.reporting_effort_id,
    eff.study_id,
    stu.study_label,
    rel.database_release_label,
    eff.reporting_effort_label,
    prg.items_total AS item_count,
    prg.items_inactive AS inactive_item_count,
    prg.items_without_tracker AS item_without_tracker_count,
    prg.trackers_total AS tracker_count,
    prg.prod_not_started AS production_not_started_count,
    prg.prod_in_progress AS production_in_progress_count,
    prg.prod_completed AS production_completed_count,
    prg.prod_on_hold AS production_on_hold_count,
    prg.qc_not_started AS qc_not_started_count,
    prg.qc_in_progress AS qc_in_progress_count,
    prg.qc_completed AS qc_completed_count,
    prg.qc_failed AS qc_failed_count,
    prg.done AS done_count,
    prg.completion_pct,
    prg.unassigned_production AS production_unassigned_count,
    prg.unassigned_qc AS qc_unassigned_count,
    prg.unresolved_comments AS unresolved_comment_count,
    prg.next_due_date AS next_due_on
FROM clinical.effort_progress_by_effort AS prg
INNER JOIN clinical.reporting_efforts AS eff ON prg.reporting_effort_id = eff.id
INNER JOIN clinical.database_releases AS rel ON eff.database_release_id = rel.id
INNER JOIN clinical.studies AS stu ON eff.study_id = stu.id
WHERE prg.visibility = (SELECT reader.visibility FROM reader);

COMMENT ON VIEW bi.clinical_effort_progress IS
'Progress of reporting efforts, counting the items that the reader sees. Grain: one row per reporting effort. Key: reporting_effort_id. Data as of: clinical.effort_progress_by_effort, see bi.freshness.';
COMMENT ON COLUMN bi.clinical_effort_progress.reporting_effort_id IS 'Reporting effort.';
COMMENT ON COLUMN bi.clinical_effort_progress.study_id IS 'Study.';
COMMENT ON COLUMN bi.clinical_effort_progress.study_label IS 'Its label.';
COMMENT ON COLUMN bi.clinical_effort_progress.database_release_label IS 'Label of the database release.';
COMMENT ON COLUMN bi.clinical_effort_progress.reporting_effort_label IS 'Label of the reporting effort.';
COMMENT ON COLUMN bi.clinical_effort_progress.item_count IS 'Items.';
COMMENT ON COLUMN bi.clinical_effort_progress.inactive_item_count IS 'Inactive ones among them.';
COMMENT ON COLUMN bi.clinical_effort_progress.item_without_tracker_count IS 'Items without a tracker.';
COMMENT ON COLUMN bi.clinical_effort_progress.tracker_count IS 'Trackers.';
COMMENT ON COLUMN bi.clinical_effort_progress.production_not_started_count IS 'Trackers whose production is not started.';
COMMENT ON COLUMN bi.clinical_effort_progress.production_in_progress_count IS 'Trackers whose production is in progress.';
COMMENT ON COLUMN bi.clinical_effort_progress.production_completed_count IS 'Trackers whose production is completed.';
COMMENT ON COLUMN bi.clinical_effort_progress.production_on_hold_count IS 'Trackers whose production is on hold.';
COMMENT ON COLUMN bi.clinical_effort_progress.qc_not_started_count IS 'Trackers whose QC is not started.';
COMMENT ON COLUMN bi.clinical_effort_progress.qc_in_progress_count IS 'Trackers whose QC is in progress.';
COMMENT ON COLUMN bi.clinical_effort_progress.qc_completed_count IS 'Trackers whose QC is completed.';
COMMENT ON COLUMN bi.clinical_effort_progress.qc_failed_count IS 'Trackers whose QC failed.';
COMMENT ON COLUMN bi.clinical_effort_progress.done_count IS 'Trackers with production and QC completed.';
COMMENT ON COLUMN bi.clinical_effort_progress.completion_pct IS 'Share of the trackers that is done, 0 to 100, whole numbers; 0 without trackers.';
COMMENT ON COLUMN bi.clinical_effort_progress.production_unassigned_count IS 'Trackers without a production programmer.';
COMMENT ON COLUMN bi.clinical_effort_progress.qc_unassigned_count IS 'Trackers without a QC programmer.';
COMMENT ON COLUMN bi.clinical_effort_progress.unresolved_comment_count IS 'Comments that wait for an answer.';
COMMENT ON COLUMN bi.clinical_effort_progress.next_due_on IS 'Earliest due date of a production that is not completed, past or to come.';

GRANT SELECT ON bi.clinical_effort_progress TO tidemark_bi;
