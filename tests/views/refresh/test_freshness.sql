-- refresh.freshness and bi.freshness: one row per stored view, for whoever may look at dashboards.
BEGIN;
SELECT plan(8);
SET LOCAL tidemark.as_of = '2025-06-30';

DO $$ BEGIN  -- as the owner of the engine, whose rights a run has
    PERFORM set_config('role', pg_get_userbyid(rel.relowner)::text, TRUE) FROM pg_class AS rel WHERE rel.oid = 'refresh.stored_views'::regclass;
END $$;
CREATE SCHEMA toy;
CREATE TABLE toy.thing (thing_id integer PRIMARY KEY, name text);
CREATE VIEW toy.thing_live AS SELECT thing_id, name FROM toy.thing;
DO $$ BEGIN PERFORM refresh.store('toy.thing_by_id', 'toy.thing_live', '{thing_id}'); END $$;
DO $$ BEGIN PERFORM refresh.affects('toy.thing', 'toy.thing_by_id', 'SELECT thing_id FROM changed'); END $$;
SET CONSTRAINTS ALL IMMEDIATE;
RESET ROLE;

PREPARE state AS SELECT freshness_status, is_within_target, pending_count, lag FROM refresh.freshness
WHERE view_name = 'toy.thing_by_id';
SELECT results_eq('state', $$VALUES ('empty', FALSE, 0::bigint, NULL::interval)$$, 'it is empty before its first run');
SELECT is((SELECT mode FROM refresh.run('toy.thing_by_id')), 'whole', 'the first run fills it');
SELECT results_eq('state', $$VALUES ('fresh', TRUE, 0::bigint, interval '0')$$, 'then nothing waits');
INSERT INTO toy.thing VALUES (1, 'one');
SELECT is((SELECT freshness_status FROM refresh.freshness WHERE view_name = 'toy.thing_by_id'), 'behind', 'a change makes it wait');
SELECT cmp_ok(
    (SELECT lag FROM refresh.freshness WHERE view_name = 'toy.thing_by_id'), '>', interval '0', 'the lag is the age of the change'
);
SELECT is((SELECT key_count FROM refresh.run('toy.thing_by_id')), 1::bigint, 'a run takes the one key');
SELECT bag_eq(
    'SELECT view_name FROM refresh.freshness', 'SELECT view_name FROM refresh.stored_views', 'one row per stored view'
);

CREATE ROLE toy_reader IN ROLE tidemark_bi, tidemark_bi_all;
SET LOCAL ROLE toy_reader;
DO $$ BEGIN
    PERFORM set_config('toy.seen', fre.freshness_status, TRUE) FROM bi.freshness AS fre WHERE fre.view_name = 'toy.thing_by_id';
END $$;
RESET ROLE;
SELECT is(current_setting('toy.seen'), 'fresh', 'dashboards see it without further rights');

SELECT * FROM finish();
ROLLBACK;
