-- name: create_expectations
-- What the catalogue should say. Nothing happens where the tables exist.
CREATE TABLE IF NOT EXISTS deploy.expected_object (
    kind text NOT NULL,
    identity text NOT NULL,
    schema_name text NOT NULL,
    parents text[] NOT NULL,
    is_partition boolean NOT NULL,
    facts jsonb NOT NULL,
    drift text,
    found jsonb,
    PRIMARY KEY (kind, identity)
);

COMMENT ON TABLE deploy.expected_object IS
'Every object of our schemas as apply or rollback left it; doctor --drift compares. drift and found: only while a runner is at work, what differed before (missing, extra, differs) and how it looked then, so that it is not taken for the runner''s doing.';

CREATE TABLE IF NOT EXISTS deploy.expected_state (
    is_only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (is_only_row),
    algorithm smallint NOT NULL,
    server_version text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    is_open boolean NOT NULL
);

COMMENT ON TABLE deploy.expected_state IS
'One row. algorithm: version of the facts in deploy.expected_object. is_open: a runner is at work, or was killed at it.';

-- name: has_expectations
SELECT to_regclass('deploy.expected_object') IS NOT NULL AND to_regclass('deploy.expected_state') IS NOT NULL;

-- name: expected_state
SELECT algorithm, server_version, recorded_at, is_open
FROM deploy.expected_state;

-- name: expected_objects
SELECT kind, identity, schema_name, parents, is_partition, facts, drift, found
FROM deploy.expected_object;

-- name: note_expectations
INSERT INTO deploy.expected_state (algorithm, server_version, is_open)
VALUES (%(algorithm)s, current_setting('server_version'), %(is_open)s)
ON CONFLICT (is_only_row) DO UPDATE SET
    algorithm = excluded.algorithm, server_version = excluded.server_version, is_open = excluded.is_open,
    recorded_at = clock_timestamp();

-- name: expect_objects
-- The given objects replace those of the same name.
INSERT INTO deploy.expected_object (kind, identity, schema_name, parents, is_partition, facts, drift, found)
SELECT given.kind, given.identity, given.schema_name, given.parents, given.is_partition, given.facts, given.drift, given.found
FROM jsonb_to_recordset(%(objects)s::jsonb) AS given (
    kind text, identity text, schema_name text, parents text[], is_partition boolean, facts jsonb, drift text, found jsonb
)
ON CONFLICT (kind, identity) DO UPDATE SET
    schema_name = excluded.schema_name, parents = excluded.parents, is_partition = excluded.is_partition,
    facts = excluded.facts, drift = excluded.drift, found = excluded.found;

-- name: forget_expected
DELETE FROM deploy.expected_object AS obj
USING unnest(%(kinds)s::text [], %(identities)s::text []) AS given (kind, identity)
WHERE obj.kind = given.kind AND obj.identity = given.identity;

-- name: has_stored_views
SELECT to_regclass('refresh.stored_views') IS NOT NULL;

-- name: stored_storage
-- What each stored view reads, by the registry of the engine. storage_name differs from serving_name until a run has filled it.
SELECT view_name, live_name, storage_name, serving_name, is_bypassed
FROM refresh.stored_views;

-- name: has_detached_partitions
SELECT to_regclass('ops.detached_partitions') IS NOT NULL;

-- name: detached_partitions
-- Tables that a tick detached because of their age: they belong to nobody's files any more.
SELECT partition_name FROM ops.detached_partitions;

-- name: first_superuser
-- The role that initdb made.
SELECT rol.rolname::text FROM pg_catalog.pg_roles AS rol WHERE rol.oid = 10;

-- name: definition_of_view
SELECT pg_get_viewdef(to_regclass('pg_temp.tidemark_probe')) AS definition;

-- name: definition_of_index
SELECT pg_get_indexdef(idx.indexrelid) AS definition
FROM pg_index AS idx
WHERE idx.indrelid = to_regclass('pg_temp.tidemark_probe');

-- name: definition_of_rule
SELECT pg_get_ruledef(rul.oid) AS definition
FROM pg_rewrite AS rul
WHERE rul.ev_class = to_regclass('pg_temp.tidemark_probe');

-- name: definition_of_trigger
SELECT pg_get_triggerdef(trg.oid) AS definition
FROM pg_trigger AS trg
WHERE trg.tgrelid = to_regclass('pg_temp.tidemark_probe');

-- name: definition_of_function
SELECT pg_get_functiondef(pro.oid) AS definition
FROM pg_proc AS pro
WHERE pro.pronamespace = pg_my_temp_schema();
