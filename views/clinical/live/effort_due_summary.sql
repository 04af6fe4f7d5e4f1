-- clinical.effort_due_summary
-- How many trackers of each reporting effort are in which due state on refresh.as_of_date().
-- grain:    one row per reporting effort and visibility
-- requires: clinical.due_state(), clinical.due_valid_until(), refresh.as_of_date()
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE VIEW clinical.effort_due_summary AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    eff.id AS reporting_effort_id,
    vis.visibility,
    count(due.state) FILTER (WHERE due.state = 'overdue') AS overdue,
    count(due.state) FILTER (WHERE due.state = 'due_soon') AS due_soon,
    count(due.state) FILTER (WHERE due.state = 'scheduled') AS scheduled,
    count(due.state) FILTER (WHERE due.state = 'none') AS no_due_date,
    count(due.state) FILTER (WHERE due.state = 'done') AS done,
    min(due.due_date) FILTER (WHERE due.state = 'overdue') AS oldest_overdue_date,
    coalesce(min(due.valid_until), 'infinity') AS valid_until
FROM clinical.reporting_efforts AS eff
CROSS JOIN (VALUES ('all'), ('active')) AS vis (visibility)
LEFT JOIN (
    SELECT
        trk.reporting_effort_id,
        itm.is_active,
        trk.due_date,
        clinical.due_state(trk.production_status, trk.due_date, clock.as_of) AS state,
        clinical.due_valid_until(trk.production_status, trk.due_date, clock.as_of) AS valid_until
    FROM clinical.reporting_effort_item_tracker AS trk
    INNER JOIN clinical.reporting_effort_items AS itm
        ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
    CROSS JOIN clock
) AS due ON eff.id = due.reporting_effort_id AND (vis.visibility = 'all' OR due.is_active)
GROUP BY eff.id, vis.visibility;

COMMENT ON VIEW clinical.effort_due_summary IS
'done: production completed. Days late are told by the reader: as_of minus oldest_overdue_date.';
COMMENT ON COLUMN clinical.effort_due_summary.valid_until IS 'First day on which a tracker changes its state although nothing is written; infinity: never.';

GRANT SELECT ON clinical.effort_due_summary TO tidemark_operator;
