-- clinical.effort_subtypes_by_effort
-- How far each kind of item of a reporting effort is, kept inside the transaction that changes it.
-- grain:    one row per reporting effort, visibility, item type and subtype with trackers
-- requires: refresh.store(), refresh.affects(), clinical.effort_subtypes
-- source:   docs/clinical.md, "Progress"

SELECT refresh.store(
    'clinical.effort_subtypes_by_effort',
    live => 'clinical.effort_subtypes',
    key => '{reporting_effort_id, visibility, item_type, item_subtype}',
    target_lag => '0'
);

-- by hand, because a mapping that looks at no other table lets writers of different efforts go on side by side: trackers bear their effort
SELECT refresh.affects('clinical.reporting_effort_items', 'clinical.effort_subtypes_by_effort', 'SELECT reporting_effort_id FROM changed');
SELECT refresh.affects('clinical.reporting_effort_item_tracker', 'clinical.effort_subtypes_by_effort', 'SELECT reporting_effort_id FROM changed');

COMMENT ON VIEW clinical.effort_subtypes_by_effort IS
'Same columns and rows as clinical.effort_subtypes.';

GRANT SELECT ON clinical.effort_subtypes_by_effort, clinical.effort_subtypes_by_effort_as_of TO tidemark_operator;
