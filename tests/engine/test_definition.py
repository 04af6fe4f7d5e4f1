"""Definitions change under readers, dependents, grants and comments, which all stay."""

import pytest
from psycopg.errors import LockNotAvailable

VIEW = "toy.status_by_model"
DECLARE = "SELECT refresh.store('toy.status_by_model', live => 'toy.status_live', key => '{model_id}', due => 'next_change_on')"


@pytest.fixture
def used(toy):
    toy.run("""
        CREATE VIEW toy.report AS SELECT status, count(*) AS models FROM toy.status_by_model GROUP BY status;
        COMMENT ON VIEW toy.status_by_model IS 'Status of every model.';
        COMMENT ON COLUMN toy.status_by_model.status IS 'On time, late or never.';
        GRANT SELECT ON toy.status_by_model TO tidemark_bi""")
    return toy


def surroundings(engine):
    return (
        engine.value("SELECT obj_description('toy.status_by_model'::regclass)"),
        engine.value("SELECT has_table_privilege('tidemark_bi', 'toy.status_by_model', 'SELECT')"),
        engine.value(
            "SELECT col_description('toy.status_by_model'::regclass, attnum) FROM pg_attribute"
            " WHERE attrelid = 'toy.status_by_model'::regclass AND attname = 'status'"
        ),
    )


def live(more="", status="toy.status(last.last_on, policy.days, clock.as_of)", tier="model.tier"):
    return f"""
        CREATE OR REPLACE VIEW toy.status_live AS
        WITH clock AS MATERIALIZED (SELECT refresh.as_of_date() AS as_of)
        SELECT model.model_id, model.name, {tier}, last.last_on, {status} AS status,
            CASE WHEN clock.as_of <= last.last_on + policy.days THEN last.last_on + policy.days + 1 END AS next_change_on {more}
        FROM toy.model LEFT JOIN toy.policy USING (tier)
        LEFT JOIN LATERAL (SELECT max(request.done_on) AS last_on FROM toy.link JOIN toy.request USING (request_id)
            WHERE link.model_id = model.model_id) AS last ON TRUE CROSS JOIN clock"""


def test_a_changed_rule_marks_the_view_stale_although_its_text_is_the_same(used):
    used.run(
        "CREATE OR REPLACE FUNCTION toy.status(last_on date, days integer, as_of date) RETURNS text LANGUAGE sql IMMUTABLE"
        " RETURN CASE WHEN last_on IS NULL THEN 'unknown' WHEN as_of > last_on + days THEN 'late' ELSE 'on time' END"
    )
    assert used.declare(DECLARE) is None
    assert used.freshness(VIEW).freshness_status == "stale"
    done = used.check(VIEW)
    assert (done.mode, done.reason, done.updated_count) == ("whole", "definition changed", 10)
    assert surroundings(used) == ("Status of every model.", True, "On time, late or never.")


@pytest.mark.parametrize("by", ["run", "tick"])
def test_a_rule_replaced_by_hand_is_noticed(used, by):
    used.run(
        "CREATE OR REPLACE FUNCTION toy.status(last_on date, days integer, as_of date) RETURNS text LANGUAGE sql IMMUTABLE"
        " RETURN CASE WHEN as_of > last_on + days THEN 'late' ELSE 'on time' END"
    )
    if by == "tick":
        assert used.row("CALL refresh.tick()").run_count == 1
    else:
        assert used.refresh(VIEW).mode == "whole"
    assert used.verify(VIEW).is_equal


def test_a_grant_on_a_rule_is_no_change(used):
    used.run("GRANT EXECUTE ON FUNCTION toy.status TO tidemark_app")
    assert used.check(VIEW).mode == "none"


def test_a_new_column_is_there_at_once_and_filled_by_the_next_run(used):
    storage = used.value("SELECT storage_name FROM refresh.stored_views")
    used.run(live(", length(model.name) AS name_length"))
    used.declare(DECLARE)
    assert (
        used.value("SELECT count(*) FROM toy.status_by_model WHERE name_length IS NULL AND status IS NOT NULL") == 60
    )
    assert used.freshness(VIEW).freshness_status == "rebuilding"
    done = used.check(VIEW)
    assert (done.mode, done.inserted_count, done.reason) == ("whole", 60, "columns, key or mode changed")
    assert used.value("SELECT count(*) FROM toy.status_by_model WHERE name_length IS NULL") == 0
    used.run("CALL refresh.tick()")
    assert used.value("SELECT to_regclass(%s)", storage) is None, "the old storage is gone"
    assert surroundings(used) == ("Status of every model.", True, "On time, late or never.")
    used.run("UPDATE toy.model SET name = 'longer than before' WHERE model_id = 1")
    assert used.check(VIEW).key_count == 1


def test_a_reader_of_the_old_rows_does_not_stop_the_rebuild_and_gets_no_error(used):
    reader = used.session()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM toy.status_by_model")
    used.run("SET lock_timeout = '2s'")
    used.run(live(", length(model.name) AS name_length"))
    with pytest.raises(LockNotAvailable):
        used.declare(DECLARE)
    reader.execute("COMMIT")
    used.declare(DECLARE)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM toy.status_by_model").fetchone()[0] == 60
    done = used.refresh(VIEW)
    assert "readers still hold the old storage" in done.reason
    assert reader.execute("SELECT count(status) FROM toy.status_by_model").fetchone()[0] == 60
    used.run("UPDATE toy.model SET name = 'meanwhile' WHERE model_id = 1")
    assert used.refresh(VIEW).mode == "keys", "the new storage is kept fresh while it waits"
    reader.execute("COMMIT")
    used.run("CALL refresh.tick()")
    assert used.verify(VIEW).is_equal
    assert used.value("SELECT name FROM toy.status_by_model WHERE model_id = 1") == "meanwhile"
    assert reader.execute("SELECT count(name_length) FROM toy.status_by_model").fetchone()[0] == 60


@pytest.mark.parametrize("change", ["removed", "retyped"])
def test_a_removed_or_retyped_column_asks_for_its_dependents_first(used, change):
    used.run("GRANT SELECT ON toy.status_by_model TO tidemark_app WITH GRANT OPTION")
    tier = "model.tier::varchar(10) AS tier" if change == "retyped" else "model.name AS other_name"
    used.run("DROP VIEW toy.status_live")
    used.run(live(tier=tier))
    with used.raises("42P16") as caught:
        used.declare(DECLARE)
    assert "toy.report" in caught.value.diag.message_detail
    with used.main.transaction():
        used.run("DROP VIEW toy.report")
        used.run(DECLARE)
        used.run(
            "CREATE VIEW toy.report AS SELECT status, count(*) AS models FROM toy.status_by_model GROUP BY status"
        )
    assert used.value("SELECT count(*) FROM toy.status_by_model") == 60, "filled in the same transaction"
    assert surroundings(used) == ("Status of every model.", True, "On time, late or never.")
    assert used.value("SELECT has_table_privilege('tidemark_app', 'toy.status_by_model', 'SELECT WITH GRANT OPTION')")
    used.check(VIEW)
    used.run("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
    assert used.check(VIEW).key_count == 1


def test_the_public_view_dropped_by_somebody_comes_back(used):
    used.run(
        "DROP VIEW toy.report; DROP VIEW toy.status_by_model_as_of; DROP FUNCTION refresh_data.live_1(); DROP VIEW toy.status_by_model"
    )
    used.declare(DECLARE)
    assert used.value("SELECT count(*) FROM toy.status_by_model") == 60
    used.check(VIEW)


def test_another_key_builds_another_storage_beside(used):
    used.run("CREATE UNIQUE INDEX ON toy.model (name)")
    used.declare(
        "SELECT refresh.store('toy.status_by_model', 'toy.status_live', '{name}', 'next_change_on');"
        "SELECT refresh.affects('toy.link', 'toy.status_by_model', 'SELECT model.name FROM changed JOIN model USING (model_id)');"
        "SELECT refresh.affects('toy.request', 'toy.status_by_model', 'SELECT model.name FROM changed JOIN link USING (request_id) JOIN model USING (model_id)');"
        "SELECT refresh.affects('toy.policy', 'toy.status_by_model', 'SELECT model.name FROM changed JOIN model USING (tier)')"
    )
    assert used.value("SELECT count(*) FROM toy.status_by_model") == 60
    used.check(VIEW)
    used.run("DELETE FROM toy.link WHERE request_id = 60")
    assert used.check(VIEW).key_count == 1


def test_a_view_on_top_follows_a_rebuilt_storage(toy):
    toy.run(
        "CREATE VIEW toy.count_live AS SELECT status, count(*) AS models FROM toy.status_by_model GROUP BY status"
    )
    toy.declare("SELECT refresh.store('toy.count_by_status', 'toy.count_live', '{status}')")
    toy.check("toy.count_by_status")
    toy.run(live(", 1 AS one"))
    toy.declare(DECLARE)
    toy.check(VIEW)
    assert toy.check("toy.count_by_status").reason == "all keys: toy.status_by_model"
    toy.run("UPDATE toy.request SET done_on = '2020-01-01'")
    toy.check(VIEW)
    assert toy.check("toy.count_by_status").key_count > 0


def test_a_definition_that_reads_another_table_captures_it(used):
    used.run("CREATE TABLE toy.flag (model_id integer PRIMARY KEY, flag text)")
    used.run(live(", (SELECT flag FROM toy.flag WHERE flag.model_id = model.model_id) AS flag"))
    used.declare(DECLARE)
    used.check(VIEW)
    used.run("INSERT INTO toy.flag VALUES (4, 'red')")
    assert used.check(VIEW).key_count == 1
    used.run("DROP VIEW toy.report; DROP VIEW toy.status_by_model_as_of; DROP VIEW toy.status_live")
    used.run(live())
    used.declare(DECLARE)
    used.check(VIEW)
    assert used.rows("SELECT FROM pg_trigger WHERE tgrelid = 'toy.flag'::regclass") == []


def test_bypass_shows_the_live_rows_and_back(used):
    used.run("UPDATE toy.model SET name = 'live' WHERE model_id = 1")
    assert used.value("SELECT refresh.bypass('toy.status_by_model', TRUE)") is True
    assert used.value("SELECT refresh.bypass('toy.status_by_model', TRUE)") is False
    assert used.value("SELECT name FROM toy.status_by_model WHERE model_id = 1") == "live"
    assert used.freshness(VIEW).freshness_status == "bypassed"
    used.run("UPDATE toy.model SET name = 'both' WHERE model_id = 1")
    assert used.check(VIEW).key_count == 1
    used.run("SELECT refresh.bypass('toy.status_by_model', FALSE)")
    assert used.value("SELECT name FROM toy.status_by_model WHERE model_id = 1") == "both"
    assert surroundings(used) == ("Status of every model.", True, "On time, late or never.")


def test_mode_full_is_native_never_blocks_and_keeps_duplicates(toy):
    toy.run("CREATE VIEW toy.tier_live AS SELECT tier, NULL::json AS doc FROM toy.model")
    toy.declare("SELECT refresh.store('toy.tiers', 'toy.tier_live')")
    assert toy.value("SELECT count(*) FROM toy.tiers") == 0
    assert toy.check("toy.tiers").mode == "native"
    storage = toy.value("SELECT storage_name FROM refresh.stored_views WHERE view_name = 'toy.tiers'")
    assert toy.value("SELECT relkind FROM pg_class WHERE oid = %s::regclass", storage) == "m"
    reader = toy.session()
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM toy.tiers").fetchone()[0] == 60
    toy.run("SET lock_timeout = '1s'")
    toy.run("UPDATE toy.model SET tier = 'low' WHERE model_id <= 6")
    assert toy.check("toy.tiers").mode == "native"
    reader.execute("COMMIT")
    assert toy.check("toy.tiers").mode == "none"
    toy.run("CREATE OR REPLACE VIEW toy.tier_live AS SELECT tier, NULL::json AS doc, name FROM toy.model")
    toy.declare("SELECT refresh.store('toy.tiers', 'toy.tier_live')")
    toy.check("toy.tiers")
    toy.run("DROP VIEW toy.tiers_as_of; DROP VIEW toy.tier_live")
    toy.run("CREATE VIEW toy.tier_live AS SELECT tier FROM toy.model")
    toy.declare("SELECT refresh.store('toy.tiers', 'toy.tier_live')")
    toy.check("toy.tiers")
    toy.run("CALL refresh.tick()")
    assert toy.value("SELECT count(*) FROM pg_class WHERE relkind = 'm'") == 1


def test_mode_full_below_a_keyed_view_marks_every_key(toy):
    toy.run("CREATE VIEW toy.tier_live AS SELECT tier, count(*) AS n FROM toy.model GROUP BY tier")
    toy.declare("SELECT refresh.store('toy.tiers', 'toy.tier_live')")
    toy.check("toy.tiers")
    toy.run("CREATE VIEW toy.share_live AS SELECT model_id, n FROM toy.model LEFT JOIN toy.tiers USING (tier)")
    toy.declare("SELECT refresh.store('toy.share_by_model', 'toy.share_live', '{model_id}')")
    toy.check("toy.share_by_model")
    toy.run("UPDATE toy.model SET tier = 'low' WHERE model_id = 3")
    toy.run("CALL refresh.run_due()")
    assert toy.verify("toy.share_by_model").is_equal


def test_a_mode_can_change_both_ways(used):
    used.declare("SELECT refresh.store('toy.status_by_model', 'toy.status_live')")
    assert used.check(VIEW).mode == "native"
    used.run("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
    assert used.check(VIEW).mode == "native"
    used.declare(
        DECLARE
        + """; SELECT refresh.affects('toy.request', 'toy.status_by_model', $$ SELECT link.model_id FROM changed JOIN link USING (request_id) $$);
        SELECT refresh.affects('toy.policy', 'toy.status_by_model', $$ SELECT model.model_id FROM changed JOIN model USING (tier) $$)"""
    )
    assert used.check(VIEW).mode == "whole"
    used.run("UPDATE toy.model SET name = 'y' WHERE model_id = 1")
    assert used.check(VIEW).key_count == 1
    assert surroundings(used)[0] == "Status of every model."


def test_a_dump_and_restore_brings_everything_along(used, server, engine_template):
    """Object numbers change in a restore; the first run notices that nothing else did."""
    used.run("UPDATE refresh.view_state SET watched_objects = '{1,2,3}', catalog_stamp = 'other numbers'")
    assert used.check(VIEW).mode == "none"
    assert used.value("SELECT catalog_stamp <> 'other numbers' FROM refresh.view_state")


def test_a_declaration_that_waited_for_a_run_knows_what_the_run_left(toy):
    toy.run(live(more=", 'a' AS a"))
    toy.declare(DECLARE)
    toy.run("CREATE VIEW toy.other_live AS SELECT status_live.*, 'b' AS b FROM toy.status_live")
    run = toy.session(tidemark__as_of="2025-06-30")
    run.execute("BEGIN; SELECT refresh.run('toy.status_by_model')")  # fills the new storage and serves it
    declaring = toy.session(tidemark__as_of="2025-06-30")
    declared = toy.background(lambda: declaring.execute(DECLARE.replace("toy.status_live", "toy.other_live")))
    toy.wait_until_blocked(declaring)
    run.execute("COMMIT")
    declared.result()
    assert not toy.rows(
        "SELECT FROM refresh.retired_storage JOIN refresh.stored_views ON relation_name IN (serving_name, storage_name)"
    )
    toy.check(VIEW)
    assert toy.value("SELECT count(DISTINCT a || b) FROM toy.status_by_model") == 1
