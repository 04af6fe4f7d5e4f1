-- clinical.programmer_work_by_effort
-- What each programmer has to do in each reporting effort, kept inside the transaction that changes it.
-- grain:    one row per reporting effort, visibility and programmer with a tracker there
-- requires: refresh.store(), refresh.affects(), clinical.programmer_work
-- source:   docs/clinical.md, "Workload"

SELECT refresh.store(
    'clinical.programmer_work_by_effort',
    live => 'clinical.programmer_work',
    key => '{reporting_effort_id, visibility, programmer_id}',
    due => 'valid_until',
    target_lag => '0'
);

-- by hand, because a mapping that looks at no other table lets writers of different efforts go on side by side: trackers bear their effort
SELECT refresh.affects('clinical.reporting_effort_items', 'clinical.programmer_work_by_effort', 'SELECT reporting_effort_id FROM changed');
SELECT refresh.affects('clinical.reporting_effort_item_tracker', 'clinical.programmer_work_by_effort', 'SELECT reporting_effort_id FROM changed');

COMMENT ON VIEW clinical.programmer_work_by_effort IS
'Same columns and rows as clinical.programmer_work.';

GRANT SELECT ON clinical.programmer_work_by_effort, clinical.programmer_work_by_effort_as_of TO tidemark_operator;
