-- clinical.effort_due_summary_by_effort
-- Due states of each reporting effort, kept inside the transaction that changes them.
-- grain:    one row per reporting effort and visibility
-- requires: refresh.store(), refresh.affects(), clinical.effort_due_summary
-- source:   docs/clinical.md, "Due dates"

SELECT refresh.store(
    'clinical.effort_due_summary_by_effort',
    live => 'clinical.effort_due_summary',
    key => '{reporting_effort_id, visibility}',
    due => 'valid_until',
    target_lag => '0'
);

-- by hand, because a mapping that looks at no other table lets writers of different efforts go on side by side: trackers bear their effort
SELECT refresh.affects('clinical.reporting_efforts', 'clinical.effort_due_summary_by_effort', 'SELECT id AS reporting_effort_id FROM changed');
SELECT refresh.affects('clinical.reporting_effort_items', 'clinical.effort_due_summary_by_effort', 'SELECT reporting_effort_id FROM changed');
SELECT refresh.affects('clinical.reporting_effort_item_tracker', 'clinical.effort_due_summary_by_effort', 'SELECT reporting_effort_id FROM changed');

COMMENT ON VIEW clinical.effort_due_summary_by_effort IS
'Same columns and rows as clinical.effort_due_summary.';

GRANT SELECT ON clinical.effort_due_summary_by_effort, clinical.effort_due_summary_by_effort_as_of TO tidemark_operator;
