"""A project says which SQL files belong together, and what it says wrong is told with its place."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tidemark import db, doctor, files, project
from tidemark.deploy.apply import deployment
from tidemark.deploy.pending import bookkeeping
from tidemark.errors import ConfigProblem, FileProblem
from tidemark.steps import finish

FAMILIES = project.families(project.library())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project named shop with one table and one view, that uses no family."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "views/shop/live").mkdir(parents=True)
    (tmp_path / "tidemark.toml").write_text('name = "shop"\nschemas = ["shop"]\n')
    (tmp_path / "migrations/0001_shop.sql").write_text(
        "-- Orders.\n\nCREATE SCHEMA shop;\nCREATE TABLE shop.orders (order_id bigint);\n"
    )
    (tmp_path / "migrations/0002_more.sql").write_text(
        "-- More.\n-- depends: 0001_shop\n\nALTER TABLE shop.orders ADD COLUMN note text;\n"
    )
    (tmp_path / "migrations/0002_more.rollback.sql").write_text(
        "-- Less.\n\nALTER TABLE shop.orders DROP COLUMN note;\n"
    )
    (tmp_path / "views/shop/live/noted.sql").write_text(
        "-- shop.noted\n-- Orders with a note.\n-- requires: refresh.as_of_date()\n\n"
        "CREATE OR REPLACE VIEW shop.noted AS SELECT order_id, refresh.as_of_date() AS as_of FROM shop.orders;\n"
    )
    return tmp_path


def test_a_project_is_found_upwards_and_by_name(shop, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(shop / "views" / "shop")
    assert project.current({}).folder == shop
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert project.current({"TIDEMARK_PROJECT": str(shop)}).name == "shop"
    with pytest.raises(ConfigProblem) as caught:
        project.current({})
    assert "tidemark init" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name = "shop"\nuse = []', "unknown key use"),
        ('name = "Shop"', "name in"),
        ('name = "core"', "is shipped with Tidemark"),
        ("uses = []", "name in"),
        ('name = "shop"\nuses = ["banking"]', "uses banking"),
        ('name = "shop"\nschemas = "shop"', "schemas in"),
        ('name = "shop', "cannot be read"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(tmp_path, text, told):
    (tmp_path / "tidemark.toml").write_text(text)
    with pytest.raises(ConfigProblem) as caught:
        project.read(tmp_path)
    assert told in caught.value.message
    assert str(tmp_path) in caught.value.message


def test_its_migrations_never_meet_shipped_ones(shop):
    found = bookkeeping.read(project.read(shop))
    own = [migration for migration in found if migration.file.location.is_relative_to(shop)]
    assert [migration.id for migration in own] == ["shop/0001_shop", "shop/0002_more"]
    assert own[1].depends_on == ["shop/0001_shop"]


def test_two_files_of_one_path_are_refused(shop):
    """Nobody guesses which of two files was meant."""
    (shop / "functions/refresh/rules").mkdir(parents=True)
    (shop / "functions/refresh/rules/now.sql").write_text("-- refresh.now()\n-- Mine.\n-- requires: nothing\n")
    with pytest.raises(FileProblem):
        files.rerunnable(project.read(shop))


# core alone, each family alone, each pair, and all: with two families the pair is all of them
CHOICES = sorted({*(choice for size in range(3) for choice in combinations(FAMILIES, size)), FAMILIES})


@pytest.mark.parametrize("uses", CHOICES, ids=lambda uses: "+".join(("core", *uses)))
def test_any_choice_of_families_applies_on_an_empty_database(server, settings, uses):
    chosen = project.shipped(uses)
    with server.database() as name, db.connect(server.owner_dsn(name)) as connection:
        finish(deployment.apply(connection, settings, chosen))
        assert deployment.plan(connection, chosen).is_empty
        assert finish(doctor.drifted(connection, settings)) == []
        schemas = {row[0] for row in connection.execute("SELECT nspname::text FROM pg_namespace")}
    assert schemas & set(FAMILIES) == set(uses)


def test_a_project_stands_on_the_core_alone(server, settings, shop):
    with server.database() as name, db.connect(server.owner_dsn(name)) as connection:
        finish(deployment.apply(connection, settings, project.read(shop)))
        assert connection.execute("SELECT count(*) FROM shop.noted").fetchone() == (0,)
        assert deployment.plan(connection, project.read(shop)).is_empty
        taken = deployment.chosen_for_rollback(connection, to="0001", project=project.read(shop))
        assert taken == ["shop/0002_more"]


def test_a_migration_applied_under_its_former_name_is_not_run_again(server, settings, shop):
    before, after = shop / "migrations/0001_shop.sql", shop / "migrations/0001_orders.sql"
    with server.database() as name, db.connect(server.owner_dsn(name)) as connection:
        finish(deployment.apply(connection, settings, project.read(shop)))
        text = before.read_text()
        before.unlink()
        after.write_text(text.replace("-- Orders.\n", "-- Orders.\n-- replaces: shop/0001_shop\n"))
        more = shop / "migrations/0002_more.sql"
        more.write_text(more.read_text().replace("0001_shop", "0001_orders"))
        assert finish(deployment.apply(connection, settings, project.read(shop))).is_empty
        found = deployment.plan(connection, project.read(shop)).migrations
        assert (found.pending, found.missing, found.edited) == ([], [], [])
        assert "shop/0001_orders" in found.applied
        assert "shop/0001_shop" not in found.applied
