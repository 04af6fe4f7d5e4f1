-- Tables partitioned by time have their partitions made ahead and the old ones detached.
-- depends: 0039_audit

CREATE SCHEMA ops_internal;
COMMENT ON SCHEMA ops_internal IS
'What the verbs of schema ops are made of.';

CREATE TABLE ops.partitioned_tables (
    table_name text CONSTRAINT partitioned_tables_pkey PRIMARY KEY,
    period text NOT NULL,
    first_day date NOT NULL,
    ahead integer NOT NULL,
    keep interval,
    settled_on date,
    told text,
    told_at timestamptz,
    CONSTRAINT partitioned_tables_period_is_known_check CHECK (period IN ('month', 'quarter', 'year')),
    CONSTRAINT partitioned_tables_ahead_not_negative_check CHECK (ahead >= 0),
    CONSTRAINT partitioned_tables_keep_is_positive_check CHECK (keep > interval '0')
);

COMMENT ON TABLE ops.partitioned_tables IS
'Tables partitioned by a range of days or instants whose partitions are kept by the system; written by ops.keep_partitions().';
COMMENT ON COLUMN ops.partitioned_tables.first_day IS 'The earliest day that is to have a partition of its own period.';
COMMENT ON COLUMN ops.partitioned_tables.ahead IS 'Periods beyond the current one that are to be there.';
COMMENT ON COLUMN ops.partitioned_tables.keep IS
'Partitions whose last day is longer ago are detached, never dropped; NULL: none.';
COMMENT ON COLUMN ops.partitioned_tables.settled_on IS
'Business day on which all was found done or was passed over; that day it is not looked at again. NULL: to be looked at.';
COMMENT ON COLUMN ops.partitioned_tables.told IS 'What could not be done, and why; NULL: nothing.';

CREATE TABLE ops.detached_partitions (
    partition_name text CONSTRAINT detached_partitions_pkey PRIMARY KEY,
    table_name text NOT NULL,
    -- bounds of a table of days have no zone
    -- squawk-ignore prefer-timestamp-tz
    range_start timestamp,
    -- squawk-ignore prefer-timestamp-tz
    range_end timestamp NOT NULL,
    detached_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE ops.detached_partitions IS
'Partitions that were detached because of their age and are tables of their own now. A table that was dropped or attached again leaves the list with the next tick.';

GRANT SELECT ON ops.partitioned_tables, ops.detached_partitions TO tidemark_operator;

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('keep partitions', 'ops_internal.keep_partitions', interval '0');
