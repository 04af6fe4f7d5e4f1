-- bi.clinical_effort_due
-- Due states of each reporting effort on the business day.
-- grain:    one row per reporting effort
-- requires: clinical.effort_due_summary_by_effort, refresh.as_of_date(), clinical.reader_visibility(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Clinical"

CREATE OR REPLACE VIEW bi.clinical_effort_due WITH (security_barrier) AS
WITH reader AS MATERIALIZED (
    SELECT
        CASE WHEN access.sees_all('clinical') THEN 'all' ELSE clinical.reader_visibility(access.sees('clinical', 'user')) END
            AS visibility
)

SELECT
    due.reporting_effort_id,
    eff.study_id,
    stu.study_label,
    rel.database_release_label,
    eff.reporting_effort_label,
    due.overdue AS overdue_count,
    due.due_soon AS due_soon_count,
    due.scheduled AS scheduled_count,
    due.no_due_date AS undated_count,
    due.done AS completed_count,
    due.oldest_overdue_date AS oldest_overdue_on,
    refresh.as_of_date() - due.oldest_overdue_date AS most_late_days,
    nullif(due.valid_until, 'infinity') AS next_change_on
FROM clinical.effort_due_summary_by_effort_as_of AS due
INNER JOIN clinical.reporting_efforts AS eff ON due.reporting_effort_id = eff.id
INNER JOIN clinical.database_releases AS rel ON eff.database_release_id = rel.id
INNER JOIN clinical.studies AS stu ON eff.study_id = stu.id
WHERE due.visibility = (SELECT reader.visibility FROM reader);

COMMENT ON VIEW bi.clinical_effort_due IS
'Due states of the trackers that the reader sees, by reporting effort. A tracker whose production is completed is in completed_count only. Grain: one row per reporting effort. Key: reporting_effort_id. Data as of: clinical.effort_due_summary_by_effort, see bi.freshness.';
COMMENT ON COLUMN bi.clinical_effort_due.reporting_effort_id IS 'Reporting effort.';
COMMENT ON COLUMN bi.clinical_effort_due.study_id IS 'Study.';
COMMENT ON COLUMN bi.clinical_effort_due.study_label IS 'Its label.';
COMMENT ON COLUMN bi.clinical_effort_due.database_release_label IS 'Label of the database release.';
COMMENT ON COLUMN bi.clinical_effort_due.reporting_effort_label IS 'Label of the reporting effort.';
COMMENT ON COLUMN bi.clinical_effort_due.overdue_count IS 'Trackers whose due day is past.';
COMMENT ON COLUMN bi.clinical_effort_due.due_soon_count IS 'Trackers due today or within seven days.';
COMMENT ON COLUMN bi.clinical_effort_due.scheduled_count IS 'Trackers due later.';
COMMENT ON COLUMN bi.clinical_effort_due.undated_count IS 'Trackers without a due date.';
COMMENT ON COLUMN bi.clinical_effort_due.completed_count IS 'Trackers whose production is completed.';
COMMENT ON COLUMN bi.clinical_effort_due.oldest_overdue_on IS 'Earliest due date among the overdue ones.';
COMMENT ON COLUMN bi.clinical_effort_due.most_late_days IS 'Days since then; NULL: nothing is overdue.';
COMMENT ON COLUMN bi.clinical_effort_due.next_change_on IS 'First day on which a tracker changes its state although nothing is written; NULL: never.';

GRANT SELECT ON bi.clinical_effort_due TO tidemark_bi;
