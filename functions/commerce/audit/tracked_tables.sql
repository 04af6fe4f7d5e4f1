-- commerce.tracked_tables
-- Decisions of merchants about bundles and limits of time are recorded.
-- requires: audit.track()
-- source:   docs/audit.md, "What is followed"

SELECT audit.track('commerce.bundle_recommendations');
SELECT audit.track('commerce.timing_limits');
