-- clinical.tracker_due
-- Where each tracker stands on refresh.as_of_date().
-- grain:    one row per tracker
-- requires: clinical.due_state(), clinical.days_late(), clinical.due_valid_until(), refresh.as_of_date()
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE VIEW clinical.tracker_due AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    trk.id AS tracker_id,
    trk.reporting_effort_id,
    itm.is_active,
    trk.due_date,
    trk.priority_rank,
    clinical.due_state(trk.production_status, trk.due_date, clock.as_of) AS due_state,
    clinical.days_late(trk.production_status, trk.due_date, clock.as_of) AS days_late,
    clinical.due_valid_until(trk.production_status, trk.due_date, clock.as_of) AS valid_until
FROM clinical.reporting_effort_item_tracker AS trk
INNER JOIN clinical.reporting_effort_items AS itm
    ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
CROSS JOIN clock;

COMMENT ON VIEW clinical.tracker_due IS
'due_state: done, none, overdue, due_soon or scheduled.';
COMMENT ON COLUMN clinical.tracker_due.valid_until IS 'Day on which due_state is another one if nothing is written; infinity: never.';

GRANT SELECT ON clinical.tracker_due TO tidemark_operator;
