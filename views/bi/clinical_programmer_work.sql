-- bi.clinical_programmer_work
-- What each programmer has to produce and to check in each reporting effort.
-- grain:    one row per reporting effort and programmer with a tracker there
-- requires: clinical.programmer_work_by_effort, clinical.reader_visibility(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Clinical"

CREATE OR REPLACE VIEW bi.clinical_programmer_work WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        CASE WHEN access.sees_all('clinical') THEN 'all' ELSE clinical.reader_visibility(access.sees('clinical', 'user')) END
            AS visibility
)

SELECT
    wrk.reporting_effort_id,
    wrk.programmer_id,
    usr.username AS programmer_name,
    usr.department,
    usr.is_active,
    wrk.prod_total AS production_count,
    wrk.prod_in_progress AS production_in_progress_count,
    wrk.prod_completed AS production_completed_count,
    wrk.qc_total AS qc_count,
    wrk.qc_in_progress AS qc_in_progress_count,
    wrk.qc_completed AS qc_completed_count,
    wrk.qc_failed AS qc_failed_count,
    wrk.prod_total + wrk.qc_total - wrk.role_both AS tracker_count,
    wrk.completed AS done_count,
    wrk.overdue AS overdue_count,
    wrk.due_soon AS due_soon_count
FROM clinical.programmer_work_by_effort_as_of AS wrk
INNER JOIN clinical.users AS usr ON wrk.programmer_id = usr.id
WHERE wrk.visibility = (SELECT reader.visibility FROM reader);

COMMENT ON VIEW bi.clinical_programmer_work IS
'Work of programmers, counting the items that the reader sees. Grain: one row per reporting effort and programmer with a tracker there. Key: reporting_effort_id, programmer_id. Data as of: clinical.programmer_work_by_effort, see bi.freshness.';
COMMENT ON COLUMN bi.clinical_programmer_work.reporting_effort_id IS 'Reporting effort.';
COMMENT ON COLUMN bi.clinical_programmer_work.programmer_id IS 'User.';
COMMENT ON COLUMN bi.clinical_programmer_work.programmer_name IS 'Name of the user.';
COMMENT ON COLUMN bi.clinical_programmer_work.department IS 'Department of the user.';
COMMENT ON COLUMN bi.clinical_programmer_work.is_active IS 'False: the user was deactivated.';
COMMENT ON COLUMN bi.clinical_programmer_work.production_count IS 'Trackers that the user produces.';
COMMENT ON COLUMN bi.clinical_programmer_work.production_in_progress_count IS 'Those in progress.';
COMMENT ON COLUMN bi.clinical_programmer_work.production_completed_count IS 'Those completed.';
COMMENT ON COLUMN bi.clinical_programmer_work.qc_count IS 'Trackers that the user checks.';
COMMENT ON COLUMN bi.clinical_programmer_work.qc_in_progress_count IS 'Those in progress.';
COMMENT ON COLUMN bi.clinical_programmer_work.qc_completed_count IS 'Those completed.';
COMMENT ON COLUMN bi.clinical_programmer_work.qc_failed_count IS 'Those that failed.';
COMMENT ON COLUMN bi.clinical_programmer_work.tracker_count IS 'Different trackers in either role.';
COMMENT ON COLUMN bi.clinical_programmer_work.done_count IS 'Trackers with production and QC completed.';
COMMENT ON COLUMN bi.clinical_programmer_work.overdue_count IS 'Trackers whose due day is past.';
COMMENT ON COLUMN bi.clinical_programmer_work.due_soon_count IS 'Trackers due today or within seven days.';

GRANT SELECT ON bi.clinical_programmer_work TO tidemark_bi;
