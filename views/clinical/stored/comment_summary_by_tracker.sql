-- clinical.comment_summary_by_tracker
-- What is said about each tracker, kept inside the transaction that changes it.
-- grain:    one row per tracker with comments
-- requires: refresh.store(), refresh.affects(), clinical.comment_summary
-- source:   docs/clinical.md, "Comments"

SELECT refresh.store(
    'clinical.comment_summary_by_tracker',
    live => 'clinical.comment_summary',
    key => '{tracker_id}',
    target_lag => '0'
);

-- by hand, because only so plain a mapping lets writers of different trackers go on side by side
SELECT refresh.affects('clinical.tracker_comments', 'clinical.comment_summary_by_tracker', 'SELECT tracker_id FROM changed');

COMMENT ON VIEW clinical.comment_summary_by_tracker IS
'Same columns and rows as clinical.comment_summary.';

GRANT SELECT ON clinical.comment_summary_by_tracker, clinical.comment_summary_by_tracker_as_of TO tidemark_operator;
