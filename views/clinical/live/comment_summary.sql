-- clinical.comment_summary
-- How much is said about each tracker, and how much of it is open.
-- grain:    one row per tracker with comments
-- requires: nothing
-- source:   docs/clinical.md, "Comments"

CREATE OR REPLACE VIEW clinical.comment_summary AS
SELECT
    cmt.tracker_id,
    count(*) AS total_comments,
    count(*) FILTER (WHERE cmt.parent_comment_id IS NULL AND NOT cmt.is_resolved) AS unresolved_count,
    count(*) FILTER (WHERE cmt.parent_comment_id IS NULL AND NOT cmt.is_resolved AND cmt.comment_type = 'programming')
        AS programming_unresolved_count,
    count(*) FILTER (WHERE cmt.parent_comment_id IS NULL AND NOT cmt.is_resolved AND cmt.comment_type = 'biostat')
        AS biostat_unresolved_count,
    count(*) FILTER (WHERE cmt.parent_comment_id IS NULL AND cmt.is_resolved) AS resolved_parent_comments,
    count(*) FILTER (WHERE cmt.parent_comment_id IS NOT NULL) AS total_replies,
    max(cmt.created_at) AS latest_comment_at
FROM clinical.tracker_comments AS cmt
GROUP BY cmt.tracker_id;

COMMENT ON VIEW clinical.comment_summary IS
'A tracker without comments has no row. Who may see a tracker is decided by who reads it.';

GRANT SELECT ON clinical.comment_summary TO tidemark_operator;
