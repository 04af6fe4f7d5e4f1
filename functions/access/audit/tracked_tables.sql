-- access.tracked_tables
-- Who was let in to which rows is recorded.
-- requires: audit.track()
-- source:   docs/audit.md, "What is followed"

SELECT audit.track('access.grants');
