"""A source without a way to keys is an error when applied; declared mappings are checked and may change."""

import json

import pytest

VIEW = "toy.status_by_model"


def test_an_unmapped_source_is_an_error_at_commit_with_an_example_that_works(toy):
    toy.run("""
        CREATE VIEW toy.date_live AS SELECT model_id, max(done_on) AS done_on
        FROM toy.model LEFT JOIN toy.link USING (model_id) LEFT JOIN toy.request USING (request_id) GROUP BY model_id""")
    with toy.raises("55000") as caught:
        toy.declare("SELECT refresh.store('toy.date_by_model', 'toy.date_live', '{model_id}')")
    diag = caught.value.diag
    assert "toy.request" in diag.message_primary
    assert "toy.date_by_model" in diag.message_primary
    example = diag.message_hint.split("for example: ")[1].split("; or ")[0]
    toy.declare(f"SELECT refresh.store('toy.date_by_model', 'toy.date_live', '{{model_id}}'); {example}")
    toy.check("toy.date_by_model")
    toy.run("UPDATE toy.request SET done_on = '2025-06-01' WHERE request_id = 4")
    assert toy.check("toy.date_by_model").key_count == 1


def test_tables_below_views_and_sql_functions_are_found(toy):
    toy.run("""
        CREATE TABLE toy.rate (code text PRIMARY KEY, rate numeric);
        CREATE FUNCTION toy.rate_of(p text) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT rate FROM toy.rate WHERE code = p; END;
        CREATE VIEW toy.inner_view AS SELECT model_id, toy.rate_of(tier) AS rate FROM toy.model;
        CREATE VIEW toy.outer_live AS SELECT model_id, rate * 2 AS rate FROM toy.inner_view""")
    with toy.raises("55000") as caught:
        toy.declare("SELECT refresh.store('toy.rate_by_model', 'toy.outer_live', '{model_id}')")
    assert "toy.rate" in caught.value.diag.message_primary


def test_functions_that_may_hide_reads_are_named(toy):
    toy.run("""
        CREATE FUNCTION toy.hidden(p integer) RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(*) FROM toy.link WHERE model_id = p); END $$;
        CREATE VIEW toy.hidden_live AS SELECT model_id, toy.hidden(model_id) AS links FROM toy.model""")
    notices = []
    toy.main.add_notice_handler(lambda diag: notices.append(diag.message_detail))
    toy.declare("""
        SELECT refresh.store('toy.hidden_by_model', 'toy.hidden_live', '{model_id}');
        SELECT refresh.affects('toy.link', 'toy.hidden_by_model', 'SELECT model_id FROM changed')""")
    assert any("toy.hidden" in (notice or "") for notice in notices)
    toy.check("toy.hidden_by_model")
    toy.run("DELETE FROM toy.link WHERE model_id = 5")
    assert toy.check("toy.hidden_by_model").key_count == 1


@pytest.mark.parametrize(
    ("mapping", "sqlstate"),
    [
        ("SELECT nothing FROM changed", "42703"),
        ("SELECT request_id FROM changed", "42703"),
        ("SELECT FROM changed", "42703"),
        ("SELECT model_id FROM changed JOIN nothing USING (request_id)", "42P01"),
        ("SELECT model_id FROM changed JOIN toy.link USING (request_id)", "42P16"),
        ("SELECT", "42703"),
        ("SELEC model_id FROM changed", "42601"),
        ("SELECT 1 AS model_id FROM changed; DROP TABLE toy.link", "42601"),
        ("SELECT done_on AS model_id FROM changed", "42846"),
        ("", "22023"),
        (None, "22023"),
    ],
)
def test_a_wrong_mapping_is_refused_with_a_hint(toy, mapping, sqlstate):
    with toy.raises(sqlstate), toy.main.transaction():
        toy.run("SELECT refresh.affects('toy.request', 'toy.status_by_model', %s)", mapping)
    toy.check(VIEW)


def test_only_needed_columns_travel_through_the_queue(toy):
    columns = dict(
        toy.rows(
            "SELECT source_name, queue_columns FROM refresh.view_sources JOIN refresh.stored_views USING (view_id)"
        )
    )
    assert columns == {
        "toy.model": ["model_id", "tier"],
        "toy.link": ["request_id", "model_id"],
        "toy.request": ["request_id"],
        "toy.policy": ["tier"],
    }


def test_applying_again_does_nothing(toy):
    before = toy.value("SELECT txid_current()")
    functions = toy.rows("SELECT oid, xmin FROM pg_proc WHERE pronamespace = 'refresh_data'::regnamespace ORDER BY 1")
    toy.declare("""
        SELECT refresh.store('toy.status_by_model', live => 'toy.status_live', key => '{model_id}', due => 'next_change_on');
        SELECT refresh.affects('toy.request', 'toy.status_by_model', $$ SELECT link.model_id FROM changed JOIN link USING (request_id) $$);
        SELECT refresh.affects('toy.policy', 'toy.status_by_model', $$ SELECT model.model_id FROM changed JOIN model USING (tier) $$)""")
    assert (
        toy.rows("SELECT oid, xmin FROM pg_proc WHERE pronamespace = 'refresh_data'::regnamespace ORDER BY 1")
        == functions
    )
    assert (
        toy.value(
            "SELECT count(*) FROM pg_class WHERE age(xmin) <= %s AND relnamespace = 'refresh_data'::regnamespace", 0
        )
        == 0
    )
    assert toy.value("SELECT txid_current()") == before + 2
    assert toy.check(VIEW).mode == "none"


def test_a_changed_mapping_recomputes_everything_once(toy):
    toy.run("UPDATE toy.request SET done_on = '2025-06-29' WHERE request_id = 1")
    toy.declare("SELECT refresh.affects('toy.request', 'toy.status_by_model', 'all')")
    done = toy.check(VIEW)
    assert (done.mode, done.reason) == ("whole", "sources changed: toy.request")
    assert toy.check(VIEW).mode == "none"
    toy.run("UPDATE toy.request SET done_on = '2025-06-28' WHERE request_id = 1")
    assert toy.check(VIEW).reason == "all keys: toy.request"


def test_a_source_declared_not_to_matter_is_not_captured(toy):
    toy.declare("SELECT refresh.affects('toy.policy', 'toy.status_by_model', 'none')")
    toy.check(VIEW)
    assert toy.rows("SELECT FROM pg_trigger WHERE tgrelid = 'toy.policy'::regclass AND tgname LIKE 'refresh%%'") == []
    toy.run("UPDATE toy.policy SET days = days + 1")
    assert toy.refresh(VIEW).mode == "none"


def test_a_mapping_the_file_no_longer_declares_gives_way_to_the_derived_one(toy):
    derived = [{"source": f"toy.{name}", "mapping": "SELECT model_id FROM changed"} for name in ("link", "model")]
    toy.declare("SELECT refresh.affects('toy.link', 'toy.status_by_model', 'all')")
    toy.check(VIEW)
    toy.main.execute("SELECT refresh_internal.take_derived(%s, %s)", [VIEW, json.dumps(derived)])
    assert toy.value("SELECT mapping_kind FROM refresh.view_sources WHERE source_name = 'toy.link'") == "all", (
        "what a person declared wins"
    )
    toy.declare("""
        SELECT refresh.store('toy.status_by_model', live => 'toy.status_live', key => '{model_id}', due => 'next_change_on');
        SELECT refresh.affects('toy.request', 'toy.status_by_model', $$ SELECT link.model_id FROM changed JOIN link USING (request_id) $$);
        SELECT refresh.affects('toy.policy', 'toy.status_by_model', $$ SELECT model.model_id FROM changed JOIN model USING (tier) $$)""")
    assert toy.rows("SELECT mapping, is_derived FROM refresh.view_sources WHERE source_name = 'toy.link'") == [
        ("SELECT model_id FROM changed", True)
    ]
    toy.check(VIEW)


def test_affects_may_come_before_store(toy):
    toy.run(
        "CREATE VIEW toy.date_live AS SELECT model_id, max(done_on) AS done_on FROM toy.link JOIN toy.request USING (request_id) GROUP BY model_id"
    )
    toy.run(
        "SELECT refresh.affects('toy.request', 'toy.date_by_model', $$ SELECT model_id FROM changed JOIN link USING (request_id) $$)"
    )
    toy.declare("SELECT refresh.store('toy.date_by_model', 'toy.date_live', '{model_id}')")
    toy.check("toy.date_by_model")


def test_a_mapping_that_needs_no_column_of_the_change(toy):
    toy.declare(
        "SELECT refresh.affects('toy.policy', 'toy.status_by_model', 'SELECT model_id FROM model WHERE tier = ''high''')"
    )
    toy.check(VIEW)
    toy.run("UPDATE toy.policy SET days = 7 WHERE tier = 'high'")
    assert toy.check(VIEW).key_count == 20
    assert toy.check(VIEW).mode == "none"


def test_several_views_share_the_capture_of_one_source(toy):
    toy.run("""
        CREATE VIEW toy.tier_live AS SELECT tier, count(*) AS models FROM toy.model GROUP BY tier;
        CREATE VIEW toy.name_live AS SELECT name, count(*) AS models FROM toy.model GROUP BY name;
        CREATE VIEW toy.total_live AS SELECT count(*) AS models FROM toy.model""")
    toy.declare("""
        SELECT refresh.store('toy.tier_count', 'toy.tier_live', '{tier}');
        SELECT refresh.store('toy.name_count', 'toy.name_live', '{name}');
        SELECT refresh.store('toy.total', 'toy.total_live')""")
    views = (VIEW, "toy.tier_count", "toy.name_count", "toy.total")
    for view in views:
        toy.check(view)
    toy.run("UPDATE toy.model SET name = 'same', tier = 'high' WHERE model_id IN (1, 2)")
    assert [toy.check(view).key_count for view in views] == [2, 2, 3, None]
    toy.run("SELECT refresh.drop_view('toy.name_count')")
    toy.run("DELETE FROM toy.model WHERE model_id = 1")
    for view in (VIEW, "toy.tier_count", "toy.total"):
        assert toy.check(view).mode != "none"


def test_dropping_a_view_leaves_nothing_behind(toy):
    toy.run("SELECT refresh.drop_view('toy.status_by_model')")
    assert (
        toy.rows("SELECT relname FROM pg_class WHERE relnamespace = 'refresh_data'::regnamespace AND relkind <> 't'")
        == []
    )
    assert toy.rows("SELECT proname FROM pg_proc WHERE pronamespace = 'refresh_data'::regnamespace") == []
    assert toy.rows("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'refresh_capture%%'") == []
    for table in (
        "stored_views",
        "view_state",
        "view_sources",
        "captured_sources",
        "declared_mappings",
        "key_locks",
        "retired_storage",
    ):
        assert toy.rows(f"SELECT * FROM refresh.{table}") == [], table
    toy.run("UPDATE toy.model SET name = 'still writable'")


def test_a_view_in_use_is_not_dropped(toy):
    toy.run("CREATE VIEW toy.reader AS SELECT status FROM toy.status_by_model")
    with toy.raises("2BP01"):
        toy.run("SELECT refresh.drop_view('toy.status_by_model')")
