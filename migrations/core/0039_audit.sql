-- Who changed what, kept for good: one log for every family.
-- depends: 0038_refresh_capture_state

-- a partitioned table may not be told the tablespace of its database by name, which a login's setting may do
SET LOCAL default_tablespace = '';

CREATE TABLE audit.entries (
    entry_no bigint GENERATED ALWAYS AS IDENTITY,
    entry_id uuid NOT NULL DEFAULT gen_random_uuid(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    login text NOT NULL,
    actor text,
    actor_role text,
    family text NOT NULL,
    table_name text NOT NULL,
    row_key text NOT NULL,
    action text NOT NULL,
    batch text,
    before_values jsonb,
    after_values jsonb,
    client text,
    CONSTRAINT entries_pkey PRIMARY KEY (recorded_at, entry_no)
) PARTITION BY RANGE (recorded_at);

CREATE TABLE audit.entries_default PARTITION OF audit.entries DEFAULT;

CREATE INDEX entries_family_table_name_row_key_idx ON audit.entries (family, table_name, row_key, recorded_at);

COMMENT ON TABLE audit.entries IS
'What was changed in the families, by whom. Rows are added by audit.record() and never changed.';
COMMENT ON COLUMN audit.entries.entry_no IS 'Order in which entries were written; numbers of transactions that were taken back are missing.';
COMMENT ON COLUMN audit.entries.entry_id IS 'Name of the entry for those who refer to it.';
COMMENT ON COLUMN audit.entries.recorded_at IS 'When, by the clock of the server; also the month that the entry is kept in.';
COMMENT ON COLUMN audit.entries.transaction_id IS 'Entries of one number were committed together.';
COMMENT ON COLUMN audit.entries.login IS 'Database login.';
COMMENT ON COLUMN audit.entries.actor IS 'Who acted, as the application knows him: the key of a user of the family.';
COMMENT ON COLUMN audit.entries.actor_role IS 'In which role he acted, if the application says so.';
COMMENT ON COLUMN audit.entries.family IS 'Schema of the family.';
COMMENT ON COLUMN audit.entries.table_name IS 'Table or kind of thing, as the page of the family calls it.';
COMMENT ON COLUMN audit.entries.row_key IS 'Key of the row.';
COMMENT ON COLUMN audit.entries.action IS 'What was done, in the words of the family.';
COMMENT ON COLUMN audit.entries.batch IS 'The load or import that it was part of; NULL: none.';
COMMENT ON COLUMN audit.entries.before_values IS 'Values before; NULL: there was no row.';
COMMENT ON COLUMN audit.entries.after_values IS 'Values after; NULL: there is no row any more.';
COMMENT ON COLUMN audit.entries.client IS 'Address and program of the session.';
COMMENT ON TABLE audit.entries_default IS 'Entries of months that have no partition of their own.';

GRANT SELECT ON audit.entries TO tidemark_operator;
