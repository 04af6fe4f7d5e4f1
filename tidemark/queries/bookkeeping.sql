-- name: create_bookkeeping
-- The runner's own tables, made before the first migration. Nothing happens where they exist.
CREATE SCHEMA IF NOT EXISTS deploy;

COMMENT ON SCHEMA deploy IS
'Bookkeeping of the runner: applied migrations and files. Written by tidemark only.';

CREATE TABLE IF NOT EXISTS deploy.migration_fingerprint (
    migration_id text PRIMARY KEY,
    fingerprint text NOT NULL,
    algorithm smallint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    content text
);

COMMENT ON TABLE deploy.migration_fingerprint IS
'Content of each applied migration: a file edited afterwards is found by it. algorithm: version of the normalisation. content: the text that was applied, so that the kind of an edit can be told.';

CREATE TABLE IF NOT EXISTS deploy.migration_statement (
    path text NOT NULL,
    statement_no integer NOT NULL,
    fingerprint text NOT NULL,
    statement text NOT NULL,
    found_before text[] NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (path, statement_no)
);

COMMENT ON TABLE deploy.migration_statement IS
'Progress of a migration that runs outside a transaction, so that an interrupted one goes on where it stopped. found_before: what bore the names of the statement when it started, and so is not its work.';

CREATE TABLE IF NOT EXISTS deploy.applied_file (
    path text PRIMARY KEY,
    name text NOT NULL,
    fingerprint text NOT NULL,
    algorithm smallint NOT NULL,
    requires text[] NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE deploy.applied_file IS
'Functions and views as last applied, one row a file.';

CREATE TABLE IF NOT EXISTS deploy.file_object (
    path text NOT NULL REFERENCES deploy.applied_file ON DELETE CASCADE,
    kind text NOT NULL,
    identity text NOT NULL,
    object_name text NOT NULL,
    table_name text,
    PRIMARY KEY (kind, identity)
);

COMMENT ON TABLE deploy.file_object IS
'Database objects that a file holds, as pg_identify_object names them. object_name and table_name: of a trigger and its table.';

CREATE TABLE IF NOT EXISTS deploy.file_statement (
    path text NOT NULL REFERENCES deploy.applied_file ON DELETE CASCADE,
    statement_no integer NOT NULL,
    line integer NOT NULL,
    statement text NOT NULL,
    PRIMARY KEY (path, statement_no)
);

COMMENT ON TABLE deploy.file_statement IS
'The text of each file as last applied, so that deploy.come_back() can make its objects again without the file.';

-- name: has_bookkeeping
-- True once the runner's tables exist, all of them.
SELECT to_regclass('deploy.migration_fingerprint') IS NOT NULL
    AND to_regclass('deploy.migration_statement') IS NOT NULL
    AND to_regclass('deploy.applied_file') IS NOT NULL
    AND to_regclass('deploy.file_object') IS NOT NULL
    AND to_regclass('deploy._yoyo_migration') IS NOT NULL;

-- name: has_file_texts
-- False in a database whose last apply was one of a release that kept fingerprints only.
SELECT to_regclass('deploy.file_statement') IS NOT NULL;

-- name: bookkeeping_tables
-- Tables of schema deploy, for yoyo, which asks for its own.
SELECT cls.relname::text AS table_name
FROM pg_catalog.pg_class AS cls
WHERE cls.relnamespace = to_regnamespace('deploy') AND cls.relkind = 'r';

-- name: applied_migrations
-- Applied migrations in the order of their application, with the recorded content.
SELECT
    applied.migration_id,
    content.fingerprint,
    content.algorithm,
    content.content,
    applied.applied_at_utc AT TIME ZONE 'UTC' AS applied_at
FROM deploy._yoyo_migration AS applied
LEFT JOIN deploy.migration_fingerprint AS content USING (migration_id)
ORDER BY applied.applied_at_utc, applied.migration_id;

-- name: record_fingerprint
INSERT INTO deploy.migration_fingerprint (migration_id, fingerprint, algorithm, content)
VALUES (%(migration_id)s, %(fingerprint)s, %(algorithm)s, %(content)s)
ON CONFLICT (migration_id) DO UPDATE
SET fingerprint = excluded.fingerprint, algorithm = excluded.algorithm, content = excluded.content, recorded_at = now();

-- name: forget_fingerprint
DELETE FROM deploy.migration_fingerprint WHERE migration_id = %(migration_id)s;

-- name: forget_migration
-- An applied migration whose place others take.
WITH fingerprint AS (
    DELETE FROM deploy.migration_fingerprint WHERE migration_id = %(migration_id)s
)

DELETE FROM deploy._yoyo_migration WHERE migration_id = %(migration_id)s;

-- name: applied_files
-- Functions and views as last applied. is_complete: all their objects still exist.
SELECT
    fil.path,
    fil.name,
    fil.fingerprint,
    fil.algorithm,
    coalesce(bool_and(CASE obj.kind
        WHEN 'routine' THEN to_regprocedure(obj.identity) IS NOT NULL
        WHEN 'trigger' THEN EXISTS (
            SELECT FROM pg_catalog.pg_trigger AS trg
            WHERE trg.tgname = obj.object_name AND trg.tgrelid = to_regclass(obj.table_name)
        )
        ELSE to_regclass(obj.identity) IS NOT NULL
    END) FILTER (WHERE obj.kind IS NOT NULL), TRUE) AS is_complete
FROM deploy.applied_file AS fil
LEFT JOIN deploy.file_object AS obj USING (path)
GROUP BY fil.path
ORDER BY fil.path;

-- name: record_file
INSERT INTO deploy.applied_file (path, name, fingerprint, algorithm, requires)
VALUES (%(path)s, %(name)s, %(fingerprint)s, %(algorithm)s, %(requires)s::text [])
ON CONFLICT (path) DO UPDATE SET
    name = excluded.name, fingerprint = excluded.fingerprint, algorithm = excluded.algorithm,
    requires = excluded.requires, applied_at = now();

-- name: files_without_text
-- Files that were applied by a release that kept no texts.
SELECT fil.path, fil.fingerprint, fil.algorithm
FROM deploy.applied_file AS fil
WHERE NOT EXISTS (SELECT FROM deploy.file_statement AS sta WHERE sta.path = fil.path);

-- name: forget_statements
DELETE FROM deploy.file_statement WHERE path = %(path)s;

-- name: record_statements
INSERT INTO deploy.file_statement (path, statement_no, line, statement)
SELECT %(path)s, part.number, part.line, part.text
FROM unnest(%(lines)s::integer [], %(texts)s::text []) WITH ORDINALITY AS part (line, text, number);

-- name: forget_file
DELETE FROM deploy.applied_file WHERE path = %(path)s;

-- name: forget_objects
DELETE FROM deploy.file_object WHERE path = %(path)s;

-- name: record_object
-- An object that moves to another file changes hands.
INSERT INTO deploy.file_object (path, kind, identity, object_name, table_name)
VALUES (%(path)s, %(kind)s, %(identity)s, %(object_name)s, %(table_name)s)
ON CONFLICT (kind, identity) DO UPDATE SET
    path = excluded.path, object_name = excluded.object_name, table_name = excluded.table_name;
