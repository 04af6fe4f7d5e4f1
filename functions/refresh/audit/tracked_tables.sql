-- refresh.tracked_tables
-- How stored views are declared is recorded.
-- requires: audit.track()
-- source:   docs/audit.md, "What is followed"

SELECT audit.track('refresh.stored_views');
