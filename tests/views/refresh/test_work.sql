-- refresh.work and refresh.dependency: order and urgency of what is to do.
BEGIN;
SELECT plan(4);
SET LOCAL tidemark.as_of = '2025-06-30';

DO $$ BEGIN  -- as the owner of the engine, whose rights a run has
    PERFORM set_config('role', pg_get_userbyid(rel.relowner)::text, TRUE) FROM pg_class AS rel WHERE rel.oid = 'refresh.stored_views'::regclass;
END $$;
CREATE SCHEMA toy;
CREATE TABLE toy.thing (thing_id integer PRIMARY KEY, name text);
CREATE VIEW toy.thing_live AS SELECT thing_id, name FROM toy.thing;
DO $$ BEGIN PERFORM refresh.store('toy.thing_by_id', 'toy.thing_live', '{thing_id}'); END $$;
CREATE VIEW toy.name_live AS SELECT name, count(*) AS things FROM toy.thing_by_id GROUP BY name;
DO $$ BEGIN PERFORM refresh.store('toy.thing_by_name', 'toy.name_live', '{name}'); END $$;
DO $$ BEGIN PERFORM refresh.run(view_name) FROM (VALUES ('toy.thing_by_id'), ('toy.thing_by_name')) AS v (view_name); END $$;
SET CONSTRAINTS ALL IMMEDIATE;
RESET ROLE;

SELECT is_empty('SELECT FROM refresh.work WHERE view_name LIKE ''toy.%''', 'nothing to do after a run');
INSERT INTO toy.thing VALUES (1, 'one');
SELECT results_eq(
    'SELECT view_name, level::integer, waits_for, needs_run FROM refresh.work WHERE view_name LIKE ''toy.%'' ORDER BY 2',
    $$VALUES ('toy.thing_by_id', 0, ARRAY[]::text[], TRUE), ('toy.thing_by_name', 1, ARRAY['toy.thing_by_id'], FALSE)$$,
    'the view below goes first, the one above waits for it'
);
SELECT results_eq(
    'SELECT sv.view_name, below.view_name, dep.distance::integer FROM refresh.dependency AS dep
    JOIN refresh.stored_views AS sv USING (view_id) JOIN refresh.stored_views AS below ON below.view_id = dep.source_view_id
    WHERE sv.view_name LIKE ''toy.%''',
    $$VALUES ('toy.thing_by_name', 'toy.thing_by_id', 1)$$,
    'the catalogue tells which is built on which'
);
SELECT is(
    (SELECT array_agg(run.view_name) FROM refresh_internal.run_all() AS run WHERE run.view_name LIKE 'toy.%'),
    ARRAY['toy.thing_by_id', 'toy.thing_by_name'], 'run_all follows that order'
);

SELECT * FROM finish();
ROLLBACK;
