-- One queue of changes per source instead of one per stored view; a view remembers the snapshot of what it has seen.
-- depends: 0017_refresh_internal

SET LOCAL lock_timeout = '5s';

ALTER TABLE refresh.view_state
ADD COLUMN seen pg_snapshot,
ADD COLUMN seen_xid xid8,
ADD COLUMN seen_command bigint,
ADD COLUMN unsettled xid8[],
ADD COLUMN held_count bigint NOT NULL DEFAULT 0,
ADD COLUMN held_since timestamptz;

COMMENT ON COLUMN refresh.view_state.seen IS
'Transactions whose changes the view has taken; NULL: none, so the next run is a whole one. Never the transaction of the run itself.';
COMMENT ON COLUMN refresh.view_state.seen_xid IS
'The transaction of the last run, if it had changed sources itself before; of these changes all up to seen_command are taken.';
COMMENT ON COLUMN refresh.view_state.unsettled IS
'Writers that were under way when capture was set up: until they have ended, runs are whole. Empty: not looked yet; NULL: none.';

ALTER TABLE refresh.view_sources
ADD COLUMN reads jsonb NOT NULL DEFAULT '{}',
ADD COLUMN is_derived boolean NOT NULL DEFAULT FALSE,
ADD COLUMN map_reason text;

-- only the engine itself writes this table
-- squawk-ignore ban-drop-constraint
ALTER TABLE refresh.view_sources DROP CONSTRAINT view_sources_keys_have_queue_check;

COMMENT ON COLUMN refresh.view_sources.queue_columns IS
'Columns of the source that mappings of this view need, of it and of its other sources.';
COMMENT ON COLUMN refresh.view_sources.queue_name IS
'Where changes wait that only this view sees: views with target_lag 0. The others share the queue of the source.';
COMMENT ON COLUMN refresh.view_sources.reads IS
'Per source that this mapping reads under its bare name, the columns it needs; changed stands for the source itself.';

ALTER TABLE refresh.captured_sources ADD COLUMN active text NOT NULL DEFAULT 'a'
CONSTRAINT captured_sources_active_is_known_check CHECK (active IN ('a', 'b'));

COMMENT ON COLUMN refresh.captured_sources.active IS
'Which of the two tables of the queue writers fill; the other one is emptied once every view has seen its rows.';

CREATE TABLE refresh_internal.derived_mappings (
    view_name text NOT NULL,
    source_name text NOT NULL,
    mapping text NOT NULL,
    reason text,
    definition_hash text,
    CONSTRAINT derived_mappings_pkey PRIMARY KEY (view_name, source_name)
);

COMMENT ON TABLE refresh_internal.derived_mappings IS
'Mappings that the runner derived from the definition of the live view. definition_hash: the definition they hold for; NULL: any.';

-- what views declared by an earlier release followed by equal column names alone is no longer trusted
INSERT INTO refresh_internal.derived_mappings (view_name, source_name, mapping, reason)
SELECT sv.view_name, vs.source_name, 'all', 'an earlier release mapped it by equal column names, which prove nothing'
FROM refresh.view_sources AS vs
INNER JOIN refresh.stored_views AS sv USING (view_id)
WHERE vs.mapping_kind = 'keys' AND NOT EXISTS (
    SELECT FROM refresh.declared_mappings AS dec
    WHERE dec.view_name = sv.view_name AND dec.source_name = vs.source_name
);

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('empty queues', 'refresh_internal.empty_queues', interval '0'),
('end capture', 'refresh_internal.end_captures', interval '0');
