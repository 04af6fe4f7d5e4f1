-- Schema refresh keeps what people and schedulers call; what that is made of moves to a schema of its own.
-- depends: 0011_load

CREATE SCHEMA refresh_internal;
COMMENT ON SCHEMA refresh_internal IS
'What the verbs of schema refresh are made of. Called by the engine and its runner, never by applications.';
GRANT USAGE ON SCHEMA refresh_internal TO tidemark_operator, tidemark_app;

-- its function comes back in the new schema
DROP TRIGGER IF EXISTS stored_views_at_commit_check ON refresh.stored_views;

-- readers' views hold on to this one, so it moves with them; the others are made anew by their files
DO $$
BEGIN
    IF to_regprocedure('refresh.is_current(text)') IS NOT NULL THEN
        ALTER FUNCTION refresh.is_current(text) SET SCHEMA refresh_internal;
    END IF;
END;
$$;

CREATE TABLE refresh_internal.chores (
    chore_name text CONSTRAINT chores_pkey PRIMARY KEY,
    call text NOT NULL,
    every interval NOT NULL,
    last_at timestamptz,
    error_code text,
    error_message text,
    CONSTRAINT chores_every_not_negative_check CHECK (every >= interval '0')
);

COMMENT ON TABLE refresh_internal.chores IS
'Tidying up that refresh.tick() asks for: a function without arguments, and how often. A part of the system adds its own row in a migration. error_code and error_message tell how the last call failed.';

INSERT INTO refresh_internal.chores (chore_name, call, every) VALUES
('trim the run log', 'refresh_internal.trim_log', interval '10 minutes'),
('drop retired storage', 'refresh_internal.drop_retired', interval '0'),
('discard abandoned uploads', 'load.discard_uploads', interval '1 hour');
