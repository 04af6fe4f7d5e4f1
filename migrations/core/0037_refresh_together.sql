-- Stored views that switch together.
-- depends: 0036_refresh_held_keys

SET LOCAL lock_timeout = '5s';

CREATE TABLE refresh.grouped_views (
    view_id integer CONSTRAINT grouped_views_pkey PRIMARY KEY
    CONSTRAINT grouped_views_view_id_fkey REFERENCES refresh.stored_views ON DELETE CASCADE,
    group_name text NOT NULL
);

CREATE INDEX grouped_views_group_name_idx ON refresh.grouped_views (group_name);

COMMENT ON TABLE refresh.grouped_views IS
'Stored views that refresh.together() joined: they are refreshed in one transaction, so that a reader sees all of them at one moment.';

GRANT SELECT ON refresh.grouped_views TO tidemark_operator;
