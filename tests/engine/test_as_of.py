"""The second name of a stored view: stored rows where they are right for the day, live ones elsewhere."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

VIEW = "toy.status_by_model"
ALL = "SELECT * FROM {} ORDER BY model_id"


def plan(engine: Any, statement: str) -> str:
    return "\n".join(line[0] for line in engine.rows(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement}"))


def test_on_the_day_of_the_last_run_the_stored_rows_answer(toy: Any) -> None:
    assert toy.rows(ALL.format("toy.status_by_model_as_of")) == toy.rows(ALL.format(VIEW))
    live = next(line for line in plan(toy, "SELECT * FROM toy.status_by_model_as_of").split("\n") if "live_" in line)
    assert "never executed" in live


def test_on_another_day_the_live_rows_answer(toy: Any) -> None:
    toy.as_of("2025-07-20")
    live = toy.rows(ALL.format("toy.status_live"))
    assert toy.rows(ALL.format("toy.status_by_model_as_of")) == live
    assert toy.rows(ALL.format(VIEW)) != live, "nothing changed between the days: the test shows nothing"
    toy.check(VIEW)
    assert toy.value("SELECT refresh_internal.is_current(%s)", VIEW)


def test_before_the_first_run_the_live_rows_answer(toy: Any) -> None:
    toy.declare("""
        SELECT refresh.store('toy.late', live => 'toy.status_live', key => '{model_id}', due => 'next_change_on');
        SELECT refresh.affects('toy.request', 'toy.late', 'all');
        SELECT refresh.affects('toy.policy', 'toy.late', 'all')""")
    assert toy.rows("SELECT * FROM toy.late") == []
    assert toy.rows(ALL.format("toy.late_as_of")) == toy.rows(ALL.format("toy.status_live"))


def test_the_session_may_choose_the_source(toy: Any) -> None:
    toy.run("UPDATE toy.model SET name = 'renamed' WHERE model_id = 1")
    name = "SELECT name FROM toy.status_by_model_as_of WHERE model_id = 1"
    assert toy.value(name) == "model 1", "a change in the queue is covered by the target lag"
    toy.run("SET tidemark.source = 'live'")
    assert toy.value(name) == "renamed"
    toy.run("SET tidemark.source = 'stored'")
    toy.as_of("2030-01-01")
    assert toy.value(name) == "model 1"
    toy.run("SET tidemark.source = 'elsewhere'")
    with toy.raises("22023"):
        toy.value(name)


def test_a_report_on_several_views_asks_once_and_restores_the_setting(toy: Any) -> None:
    assert toy.value("SELECT refresh.prefer_stored(%s)", VIEW) == ""
    with toy.main.transaction():
        toy.value("SELECT refresh.prefer_stored(%s)", VIEW)
        assert toy.value("SELECT current_setting('tidemark.source')") == "stored"
    toy.as_of("2025-07-20")
    with toy.main.transaction():
        toy.value("SELECT refresh.prefer_stored(%s)", VIEW)
        assert toy.value("SELECT current_setting('tidemark.source', true)") == ""


@pytest.fixture
def tower(toy: Any) -> Any:
    """A summary whose live view reads the stored view below it by its second name."""
    toy.run("""
        CREATE VIEW toy.count_live AS
        SELECT status COLLATE "C" AS status, count(*) AS models FROM toy.status_by_model_as_of GROUP BY status""")
    toy.declare("SELECT refresh.store('toy.count_by_status', live => 'toy.count_live', key => '{status}')")
    toy.check("toy.count_by_status")
    return toy


def test_a_summary_reads_the_stored_view_below_and_nothing_under_it(tower: Any) -> None:
    sources = tower.rows(
        "SELECT source_name FROM refresh.view_sources JOIN refresh.stored_views USING (view_id)"
        " WHERE view_name = 'toy.count_by_status'"
    )
    assert [row.source_name for row in sources] == [VIEW]


def test_one_definition_serves_the_chain_and_any_other_day(tower: Any) -> None:
    tower.as_of("2025-07-20")
    expected = tower.rows("SELECT status, count(*) FROM toy.status_live GROUP BY status ORDER BY 1")
    assert tower.rows("SELECT * FROM toy.count_by_status_as_of ORDER BY 1") == expected
    assert not tower.value("SELECT refresh_internal.is_current('toy.count_by_status')"), (
        "the view below is of another day"
    )
    tower.check(VIEW)
    tower.check("toy.count_by_status")
    assert tower.rows("SELECT * FROM toy.count_by_status ORDER BY 1") == expected


def test_a_column_keeps_its_collation(tower: Any) -> None:
    for name in ("toy.count_by_status", "toy.count_by_status_as_of"):
        collation = tower.value(
            "SELECT col.collname FROM pg_attribute AS att JOIN pg_collation AS col ON att.attcollation = col.oid"
            " WHERE attrelid = %s::regclass AND attname = 'status'",
            name,
        )
        assert collation == "C"


def test_readers_of_the_second_name_need_no_right_on_the_live_view(toy: Any) -> None:
    toy.run("GRANT USAGE ON SCHEMA toy TO tidemark_bi; GRANT SELECT ON toy.status_by_model_as_of TO tidemark_bi")
    reader = toy.session(toy.superuser_dsn, tidemark__as_of="2025-07-20")
    reader.execute("SET ROLE tidemark_bi")
    assert reader.execute("SELECT count(*) FROM toy.status_by_model_as_of").fetchone()[0] == 60
    for statement in (
        "SELECT * FROM toy.status_live",
        "SELECT * FROM refresh_data.live_1() AS row (model_id integer)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(statement)


def test_a_column_can_be_retyped_under_a_second_name_nobody_uses(toy: Any) -> None:
    toy.run("DROP VIEW toy.status_by_model_as_of; DROP VIEW toy.status_live")
    toy.run("CREATE VIEW toy.status_live AS SELECT model_id, name::varchar(20) AS name, tier FROM toy.model")
    toy.declare("SELECT refresh.store('toy.status_by_model', live => 'toy.status_live', key => '{model_id}')")
    toy.check(VIEW)
    assert toy.rows(ALL.format("toy.status_by_model_as_of")) == toy.rows(ALL.format("toy.status_live"))


def indexes(engine: Any) -> list[str]:
    found = engine.rows(
        "SELECT pg_get_indexdef(indexrelid) AS text FROM pg_index WHERE indrelid = ("
        " SELECT to_regclass(storage_name) FROM refresh.stored_views WHERE view_name = %s)"
        " AND (SELECT relname FROM pg_class WHERE oid = indexrelid) LIKE 'by\\_%%'",
        VIEW,
    )
    return sorted(row.text.split(" USING ")[1] for row in found)


def test_other_ways_to_look_rows_up_are_declared_changed_and_dropped(toy: Any) -> None:
    store = "SELECT refresh.store(%s, live => 'toy.status_live', key => '{model_id}', due => 'next_change_on'"
    toy.main.execute(store + ", also_by => ARRAY['tier', 'status, name'])", [VIEW])
    assert indexes(toy) == ["btree (status, name)", "btree (tier)"]
    toy.check(VIEW)
    toy.main.execute(store + ", also_by => '{tier}')", [VIEW])
    assert indexes(toy) == ["btree (tier)"]
    toy.main.execute(store + ")", [VIEW])
    assert indexes(toy) == []
    with toy.raises("42703"):
        toy.main.execute(store + ", also_by => '{colour}')", [VIEW])
