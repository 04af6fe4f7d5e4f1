-- What has stepped aside for the migration of another tool, and how it comes back.
-- depends: 0025_load_internal

CREATE SCHEMA deploy_internal;
COMMENT ON SCHEMA deploy_internal IS
'What the functions of schema deploy are made of. Nobody calls these by name.';

CREATE TABLE deploy.stepped_aside (
    kind text NOT NULL,
    identity text NOT NULL,
    state text NOT NULL CONSTRAINT stepped_aside_state_is_known_check CHECK (state IN ('stays', 'emptied', 'dropped', 'again')),
    is_root boolean NOT NULL DEFAULT FALSE,
    path text,
    needs text[] NOT NULL DEFAULT '{}',
    depth integer NOT NULL DEFAULT 0,
    definition text[] NOT NULL DEFAULT '{}',
    attributes jsonb NOT NULL DEFAULT '[]',
    asked_at timestamptz,
    CONSTRAINT stepped_aside_pkey PRIMARY KEY (kind, identity)
);

COMMENT ON TABLE deploy.stepped_aside IS
'Views, functions and triggers between deploy.step_aside() and deploy.come_back() of one transaction, which cannot end while rows are here: other sessions never see one. is_root: what the migration changes. state: stays, emptied (there, and raises when read), dropped, again (a stored view to declare again). needs: kind and identity of what it stands on. path: the file that makes it; NULL: definition does. attributes: owner, rights, comments and the like.';

CREATE TABLE deploy.made_again (
    kind text NOT NULL,
    identity text NOT NULL,
    CONSTRAINT made_again_pkey PRIMARY KEY (kind, identity)
);

COMMENT ON TABLE deploy.made_again IS
'What deploy.come_back() and deploy.give_back() made since the last apply: it may differ from the record of the catalogue, and is no drift. Emptied by apply, which records it as it is.';

CREATE TABLE deploy.adopted_view (
    view_name text CONSTRAINT adopted_view_pkey PRIMARY KEY,
    definition text[] NOT NULL,
    attributes jsonb NOT NULL,
    adopted_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE deploy.adopted_view IS
'Materialized views that became stored views, with the statements that made them and their indexes, so that they can be given back.';
