-- trade.bulk_import
-- Jobs that import tariff codes; for operators, because the codes are everybody's.
-- requires: jobs.register(), trade.run_import_job()
-- source:   docs/trade.md, "Jobs"

SELECT jobs.register('bulk_import', 'trade.run_import_job', priority => 'low', ttl_seconds => 7200, for_operators => TRUE);
