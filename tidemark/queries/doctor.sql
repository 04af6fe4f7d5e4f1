-- name: replica_settings
-- Logins and databases whose sessions do not fire triggers.
SELECT
    coalesce(quote_ident(rol.rolname), 'every role') || coalesce(' in database ' || quote_ident(dat.datname), '') AS target,
    split_part(item.setting, '=', 2) AS value
FROM pg_catalog.pg_db_role_setting AS opt
CROSS JOIN LATERAL unnest(opt.setconfig) AS item (setting)
LEFT JOIN pg_catalog.pg_roles AS rol ON opt.setrole = rol.oid
LEFT JOIN pg_catalog.pg_database AS dat ON opt.setdatabase = dat.oid
WHERE item.setting ~ '^session_replication_role=' AND item.setting <> 'session_replication_role=origin';

-- name: unsound_objects
-- Things in our schemas that exist but do not work.
SELECT
    (pg_identify_object('pg_catalog.pg_class'::regclass, idx.indexrelid, 0)).identity AS identity,
    'is an invalid index' AS problem,
    format('REINDEX INDEX CONCURRENTLY %s;', (pg_identify_object('pg_catalog.pg_class'::regclass, idx.indexrelid, 0)).identity) AS remedy
FROM pg_catalog.pg_index AS idx
INNER JOIN pg_catalog.pg_class AS cls ON idx.indexrelid = cls.oid
INNER JOIN pg_catalog.pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE NOT idx.indisvalid AND nsp.nspname !~ '^pg_' AND nsp.nspname <> 'information_schema'
UNION ALL
SELECT
    (pg_identify_object('pg_catalog.pg_trigger'::regclass, trg.oid, 0)).identity,
    'is a disabled trigger: the changes it should see are lost',
    format('ALTER TABLE %s ENABLE TRIGGER %I;', (pg_identify_object('pg_catalog.pg_class'::regclass, trg.tgrelid, 0)).identity, trg.tgname)
FROM pg_catalog.pg_trigger AS trg
WHERE trg.tgenabled = 'D' AND NOT trg.tgisinternal
UNION ALL
SELECT
    (pg_identify_object('pg_catalog.pg_constraint'::regclass, con.oid, 0)).identity,
    'is a constraint that was never validated',
    format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', (pg_identify_object('pg_catalog.pg_class'::regclass, con.conrelid, 0)).identity, con.conname)
FROM pg_catalog.pg_constraint AS con
WHERE NOT con.convalidated AND con.conrelid <> 0
ORDER BY identity;

-- name: jit
-- Whether sessions of this database compile their queries, and the command that ends it.
SELECT
    current_setting('jit')::boolean AND pg_catalog.pg_jit_available() AS is_on,
    format('ALTER DATABASE %I SET jit = off;', current_database()) AS remedy;

-- name: has_kept_partitions
SELECT to_regclass('ops.partitioned_tables') IS NOT NULL;

-- name: partitions_passed_over
-- Tables whose partitions a tick could not make or detach, and why.
SELECT par.table_name, par.told
FROM ops.partitioned_tables AS par
WHERE par.told IS NOT NULL
ORDER BY par.table_name;
