-- One schema per shared service, and who may look into it.
-- replaces: 0001_shared_schemas

CREATE SCHEMA refresh;
COMMENT ON SCHEMA refresh IS
'The clock and the refresh engine: which stored views exist, what changed, how fresh each one is.';

CREATE SCHEMA load;
COMMENT ON SCHEMA load IS
'CSV files: registered datasets, batches, rejected rows with their reasons.';

CREATE SCHEMA access;
COMMENT ON SCHEMA access IS
'Users, their roles and scopes: who may see which row.';

CREATE SCHEMA jobs;
COMMENT ON SCHEMA jobs IS
'Queued work and its progress.';

CREATE SCHEMA audit;
COMMENT ON SCHEMA audit IS
'Who changed what, and when.';

CREATE SCHEMA ops;
COMMENT ON SCHEMA ops IS
'Health of the database and advice for its administrators.';

CREATE SCHEMA bi;
COMMENT ON SCHEMA bi IS
'The public contract: the only schema a dashboard reads.';

-- bi needs no other schema: a view looks up what it reads when it is created, not when it is read.
GRANT USAGE ON SCHEMA bi TO tidemark_bi, tidemark_app, tidemark_operator;
-- Applications call actions of the families; those name the clock and the row rights.
GRANT USAGE ON SCHEMA refresh, access, jobs TO tidemark_app;
-- Operators run the engine and read what it compares; loading, queues, history and health are theirs too.
GRANT USAGE ON SCHEMA refresh, load, jobs, audit, ops TO tidemark_operator;
