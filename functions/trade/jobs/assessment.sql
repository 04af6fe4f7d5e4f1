-- trade.assessment
-- Jobs that judge assessments.
-- requires: jobs.register(), trade.run_assessment_job()
-- source:   docs/trade.md, "Jobs"

SELECT jobs.register('assessment', 'trade.run_assessment_job', priority => 'normal', ttl_seconds => 3600);
