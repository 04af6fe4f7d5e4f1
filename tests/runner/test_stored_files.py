"""Stored views through deploys: kept when definitions change, gone when their file or their tables go."""

import shutil

import pytest

from tidemark.deploy.drift import comparison
from tidemark.deploy.pending import bookkeeping
from tidemark.project import library

SETUP = """
CREATE SCHEMA toy;
CREATE TABLE toy.item (item_id integer PRIMARY KEY, kind text NOT NULL, amount integer NOT NULL);
INSERT INTO toy.item VALUES (1, 'a', 10), (2, 'b', 20), (3, 'b', 5);
"""
STORED = "views/toy/stored/total_by_kind.sql"
LIVE = "SELECT itm.kind, {} AS amount{} FROM toy.item AS itm GROUP BY itm.kind"


@pytest.fixture
def toy(project, runner_on, server, fresh_db):
    """All real files and, on top, one stored view with a view that reads it; applied and filled."""
    for folder in ("migrations", "functions", "views"):
        shutil.copytree(library() / folder, project.base / folder, dirs_exist_ok=True)
    last = bookkeeping.read(project.files)[-1].id
    project.migration("9001_toy_item", SETUP, "DROP TABLE toy.item; DROP SCHEMA toy;", depends=last)
    live(project, "sum(itm.amount)")
    project.file(
        STORED,
        "SELECT refresh.store('toy.total_by_kind', live => 'toy.total', key => '{kind}');\n"
        "COMMENT ON VIEW toy.total_by_kind IS 'Totals.';\n"
        "GRANT SELECT ON toy.total_by_kind TO tidemark_app;",
        name="toy.total_by_kind",
        requires="refresh.store(), toy.total",
    )
    project.view(
        "toy.large",
        "SELECT tot.kind, tot.amount FROM toy.total_by_kind AS tot WHERE tot.amount > 12",
        requires="toy.total_by_kind",
    )
    runner = runner_on(server.owner_dsn(fresh_db.rsplit("dbname=", 1)[1]))
    assert runner.apply().migrations == ["9001_toy_item"]
    runner.query("SELECT refresh.run('toy.total_by_kind')")
    assert rows(runner) == [("a", 10), ("b", 25)]
    runner.project = project
    return runner


def live(project, amount, more=""):
    project.view("toy.total", LIVE.format(amount, more))


def drifted(runner):
    return [one.item.address for one in comparison.differences(runner.connection, comparison.read(runner.connection))]


def rows(runner, view="toy.total_by_kind"):
    return [tuple(row) for row in runner.query(f"SELECT kind, amount FROM {view} ORDER BY kind")]


def test_a_second_apply_does_nothing(toy):
    assert toy.apply().is_empty


def test_a_changed_definition_marks_it_and_keeps_its_rows(toy):
    live(toy.project, "max(itm.amount)::bigint")
    done = toy.apply()
    assert STORED in done.files.ran
    assert done.files.dropped == []
    assert rows(toy) == [("a", 10), ("b", 25)]
    toy.query("SELECT refresh.run('toy.total_by_kind')")
    assert rows(toy) == [("a", 10), ("b", 20)]


@pytest.mark.parametrize(
    ("amount", "more"),
    [("sum(itm.amount)", ", count(*) AS items"), ("sum(itm.amount)::numeric(20, 2)", "")],
    ids=["one column more", "another type"],
)
def test_another_shape_leaves_readers_their_rows(toy, amount, more):
    live(toy.project, amount, more)
    toy.apply()
    toy.query("SELECT refresh.run('toy.total_by_kind')")
    assert rows(toy) == [("a", 10), ("b", 25)]
    assert rows(toy, "toy.large") == [("b", 25)]
    assert toy.query("SELECT has_table_privilege('tidemark_app', 'toy.total_by_kind', 'SELECT')") == [(True,)]
    assert toy.query("SELECT obj_description('toy.total_by_kind'::regclass)") == [("Totals.",)]
    assert toy.query("SELECT is_equal FROM refresh.verify('toy.total_by_kind')") == [(True,)]
    assert toy.apply().is_empty


def test_a_storage_that_is_filled_served_and_retired_between_deployments_is_no_drift(toy):
    live(toy.project, "sum(itm.amount)", ", count(*) AS items")
    toy.apply()
    assert drifted(toy) == []
    for round_of_the_engine in ("refresh.run('toy.total_by_kind')", "refresh_internal.drop_retired()"):
        toy.query(f"SELECT {round_of_the_engine}")
        assert drifted(toy) == [], round_of_the_engine
    assert toy.query("SELECT count(*) FROM refresh.retired_storage") == [(0,)]
    toy.apply()
    toy.query("ALTER TABLE toy.item DISABLE TRIGGER refresh_capture_insert")
    assert drifted(toy) == ["TRIGGER refresh_capture_insert on toy.item"]


def test_a_migration_under_a_stored_view(toy):
    toy.project.migration(
        "9002_toy_amount", "ALTER TABLE toy.item ALTER amount TYPE bigint;", depends="9001_toy_item"
    )
    assert toy.apply().migrations == ["9002_toy_amount"]
    toy.query("INSERT INTO toy.item VALUES (4, 'a', 5000000000)")
    toy.query("SELECT refresh.run('toy.total_by_kind')")
    assert rows(toy) == [("a", 5000000010), ("b", 25)]


def test_a_vanished_file_takes_storage_and_capture_along(toy):
    toy.project.remove("views/toy/live/large.sql")
    toy.project.remove(STORED)
    toy.apply()
    assert toy.query("SELECT count(*) FROM refresh.stored_views WHERE view_name LIKE 'toy.%'") == [(0,)]
    assert toy.query("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'toy.item'::regclass AND NOT tgisinternal") == [
        (0,)
    ]
    toy.query("INSERT INTO toy.item VALUES (9, 'z', 1)")


def test_rollback_of_its_table_takes_it_along_and_apply_brings_it_back(toy):
    assert toy.rollback(count=1) == ["9001_toy_item"]
    assert toy.query("SELECT count(*) FROM refresh.stored_views WHERE view_name LIKE 'toy.%'") == [(0,)]
    toy.apply()
    toy.query("SELECT refresh.run('toy.total_by_kind')")
    assert rows(toy) == [("a", 10), ("b", 25)]
