-- Calls of public functions are noted: how long they took and how they ended.
-- depends: 0044_events

CREATE UNLOGGED TABLE ops.call (
    function_name text NOT NULL,
    actor text,
    actor_role text,
    started_at timestamptz NOT NULL,
    duration_ms double precision NOT NULL,
    row_count bigint,
    call_status text,
    call_kind text NOT NULL,
    is_slow boolean NOT NULL,
    is_error boolean NOT NULL
);
CREATE INDEX call_started_at_idx ON ops.call (started_at);
COMMENT ON TABLE ops.call IS
'One row per call of a public function that noted itself and whose transaction was committed; written by ops.note_call(), trimmed by ticks. Not logged: a crash empties it, and standbys do not have it.';
COMMENT ON COLUMN ops.call.function_name IS 'Name of the function, with its schema.';
COMMENT ON COLUMN ops.call.actor IS 'The user of the family who called; NULL: unknown.';
COMMENT ON COLUMN ops.call.actor_role IS 'Role of that user at the time.';
COMMENT ON COLUMN ops.call.started_at IS 'When the function began, by the clock of the server.';
COMMENT ON COLUMN ops.call.duration_ms IS 'Milliseconds from then until it noted itself.';
COMMENT ON COLUMN ops.call.row_count IS 'Rows returned or changed; NULL: not told.';
COMMENT ON COLUMN ops.call.call_status IS 'Status that the function returned.';
COMMENT ON COLUMN ops.call.call_kind IS 'read, write or report.';
COMMENT ON COLUMN ops.call.is_slow IS 'Longer than 100 ms for a read, 500 ms for a write, 2000 ms for a report.';
COMMENT ON COLUMN ops.call.is_error IS 'The status is neither ok nor applied.';

GRANT SELECT ON ops.call TO tidemark_operator;

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('trim calls', 'ops_internal.trim_calls', interval '10 minutes');
