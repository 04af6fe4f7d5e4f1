-- What a grant opens in each bi view of clinical, told from the tables: with item.read_inactive all items, with core.read the active ones
-- Figures of several grants are not added: they are counted over the items that all of these open together.
-- name: clinical_effort_due
-- kind: user
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
FROM clinical.effort_due_summary AS due
INNER JOIN clinical.reporting_efforts AS eff ON due.reporting_effort_id = eff.id
INNER JOIN clinical.database_releases AS rel ON eff.database_release_id = rel.id
INNER JOIN clinical.studies AS stu ON eff.study_id = stu.id
WHERE due.visibility = (SELECT CASE WHEN bool_or(rp.permission = 'item.read_inactive') THEN 'all' ELSE 'active' END AS visibility
    FROM clinical.users AS usr JOIN clinical.role_permissions AS rp USING (role)
    WHERE usr.id::text = ANY (:values) AND usr.is_active HAVING bool_or(rp.permission = 'core.read'));
-- name: clinical_effort_progress
-- kind: user
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
FROM clinical.effort_progress AS prg
INNER JOIN clinical.reporting_efforts AS eff ON prg.reporting_effort_id = eff.id
INNER JOIN clinical.database_releases AS rel ON eff.database_release_id = rel.id
INNER JOIN clinical.studies AS stu ON eff.study_id = stu.id
WHERE prg.visibility = (SELECT CASE WHEN bool_or(rp.permission = 'item.read_inactive') THEN 'all' ELSE 'active' END AS visibility
    FROM clinical.users AS usr JOIN clinical.role_permissions AS rp USING (role)
    WHERE usr.id::text = ANY (:values) AND usr.is_active HAVING bool_or(rp.permission = 'core.read'));
-- name: clinical_programmer_work
-- kind: user
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
FROM clinical.programmer_work AS wrk
INNER JOIN clinical.users AS usr ON wrk.programmer_id = usr.id
WHERE wrk.visibility = (SELECT CASE WHEN bool_or(rp.permission = 'item.read_inactive') THEN 'all' ELSE 'active' END AS visibility
    FROM clinical.users AS usr JOIN clinical.role_permissions AS rp USING (role)
    WHERE usr.id::text = ANY (:values) AND usr.is_active HAVING bool_or(rp.permission = 'core.read'));
-- name: clinical_tracker
-- kind: user
SELECT own.* FROM bi.clinical_tracker AS own CROSS JOIN (
    SELECT CASE WHEN bool_or(rp.permission = 'item.read_inactive') THEN 'all' ELSE 'active' END AS visibility
    FROM clinical.users AS usr JOIN clinical.role_permissions AS rp USING (role)
    WHERE usr.id::text = ANY (:values) AND usr.is_active HAVING bool_or(rp.permission = 'core.read')
) AS reader WHERE reader.visibility = 'all' OR own.is_active;
