-- clinical.due_calendar_by_day
-- How much of a reporting effort is due on each day, kept inside the transaction that changes it.
-- grain:    one row per reporting effort, visibility and due date
-- requires: refresh.store(), refresh.affects(), clinical.due_calendar
-- source:   docs/clinical.md, "Due dates"

SELECT refresh.store(
    'clinical.due_calendar_by_day',
    live => 'clinical.due_calendar',
    key => '{reporting_effort_id, visibility, due_date}',
    target_lag => '0'
);

-- by hand, because a mapping that looks at no other table lets writers of different efforts go on side by side: trackers bear their effort
SELECT refresh.affects('clinical.reporting_effort_items', 'clinical.due_calendar_by_day', 'SELECT reporting_effort_id FROM changed');
SELECT refresh.affects('clinical.reporting_effort_item_tracker', 'clinical.due_calendar_by_day', 'SELECT reporting_effort_id FROM changed');

COMMENT ON VIEW clinical.due_calendar_by_day IS
'Same columns and rows as clinical.due_calendar.';

GRANT SELECT ON clinical.due_calendar_by_day, clinical.due_calendar_by_day_as_of TO tidemark_operator;
