-- The log of changes is sealed, so that a change of it is found, and tables may be followed by it.
-- depends: 0047_refresh_bulk

SET LOCAL lock_timeout = '5s';

CREATE SCHEMA audit_internal;
COMMENT ON SCHEMA audit_internal IS
'What the verbs of schema audit are made of.';

CREATE SCHEMA records_itself;
COMMENT ON SCHEMA records_itself IS
'Empty. A function that has it in its search_path records in the log of changes itself what its statements do.';

-- what became final since the last seal is found by it
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX entries_transaction_id_idx ON audit.entries (transaction_id);

CREATE TABLE audit.seals (
    seal_no bigint CONSTRAINT seals_pkey PRIMARY KEY,
    sealed_at timestamptz NOT NULL,
    cluster_id bigint NOT NULL,
    first_entry_no bigint NOT NULL,
    final_below xid8 NOT NULL,
    begun_below xid8 NOT NULL,
    entry_count bigint NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL
);
COMMENT ON TABLE audit.seals IS
'Each seal holds the digest of the entries that became final since the last one, and of the last one; made by ticks.';
COMMENT ON COLUMN audit.seals.cluster_id IS 'Database system that made it. Transaction numbers of another one mean nothing here.';
COMMENT ON COLUMN audit.seals.first_entry_no IS 'Entries with smaller numbers were sealed by seals of this number or before, whatever their transaction.';
COMMENT ON COLUMN audit.seals.final_below IS 'All transactions with smaller numbers had ended: what they wrote is sealed.';
COMMENT ON COLUMN audit.seals.begun_below IS 'Transactions from this number on began later.';
COMMENT ON COLUMN audit.seals.previous IS 'Digest of the seal before; empty for the first one.';
COMMENT ON COLUMN audit.seals.digest IS 'SHA-256 of all of this and of what audit_internal.sealed_entries holds for the seal.';

CREATE TABLE audit_internal.sealed_entries (
    seal_no bigint NOT NULL,
    family text NOT NULL,
    part integer NOT NULL,
    entry_count integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    entry_nos bigint[],
    instants timestamptz[],
    digests bytea[],
    CONSTRAINT sealed_entries_pkey PRIMARY KEY (seal_no, family, part)
);
COMMENT ON TABLE audit_internal.sealed_entries IS
'The digest of each sealed entry, up to 1000 in a row, so that it can be said which entry was changed. Arrays are NULL where all were purged.';

CREATE TABLE audit_internal.newest_seal (
    is_there boolean CONSTRAINT newest_seal_pkey PRIMARY KEY DEFAULT TRUE CONSTRAINT newest_seal_is_one_row_check CHECK (is_there),
    seal_no bigint NOT NULL,
    digest bytea NOT NULL
);
COMMENT ON TABLE audit_internal.newest_seal IS
'The newest seal, once more: so that one which was removed is missed. Its row is the lock of sealing and purging.';
INSERT INTO audit_internal.newest_seal (seal_no, digest) VALUES (0, '');

CREATE TABLE audit_internal.purges (
    transaction_id xid8 CONSTRAINT purges_pkey PRIMARY KEY DEFAULT pg_current_xact_id(),
    family text,
    before timestamptz NOT NULL
);
COMMENT ON TABLE audit_internal.purges IS
'What the purge that is under way may remove; empty otherwise.';

CREATE TABLE audit.tracked_tables (
    table_name text CONSTRAINT tracked_tables_pkey PRIMARY KEY,
    family text NOT NULL,
    key_columns text[] NOT NULL,
    hidden_columns text[] NOT NULL
);
COMMENT ON TABLE audit.tracked_tables IS
'Tables whose direct changes are recorded; written by audit.track().';
COMMENT ON COLUMN audit.tracked_tables.key_columns IS 'Columns that make the row_key of an entry.';
COMMENT ON COLUMN audit.tracked_tables.hidden_columns IS 'Columns of which it is recorded that they changed, and not how.';

GRANT SELECT ON audit.seals, audit.tracked_tables TO tidemark_operator;

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('seal the log of changes', 'audit_internal.seal', interval '0');
