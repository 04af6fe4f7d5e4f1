"""tidemark bundle: one script and psql do what apply does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import config, db, project
from tidemark.deploy.apply import bundle, deployment
from tidemark.deploy.drift import catalog
from tidemark.steps import finish

PSQL = shutil.which("psql") or "/usr/lib/postgresql/15/bin/psql"

TABLES = """
-- The tables of a shop.
-- depends: 0011_load

CREATE SCHEMA shop;
CREATE TABLE shop.orders (order_id integer PRIMARY KEY, customer_id integer, amount integer);
"""
FILES = {
    "functions/shop/rules/size_of.sql": """-- shop.size_of()
-- Small or large.
-- requires: nothing

CREATE OR REPLACE FUNCTION shop.size_of(amount integer)
RETURNS text LANGUAGE sql IMMUTABLE RETURN CASE WHEN amount < 10 THEN 'small' ELSE 'large' END;
""",
    "views/shop/live/order_size.sql": """-- shop.order_size
-- Orders with their size.
-- requires: shop.size_of()

CREATE OR REPLACE VIEW shop.order_size AS
SELECT ord.order_id, ord.customer_id, ord.amount, shop.size_of(ord.amount) AS size FROM shop.orders AS ord;
""",
    "views/shop/live/total_live.sql": """-- shop.total_live
-- What each customer bought.
-- requires: nothing

CREATE OR REPLACE VIEW shop.total_live AS
SELECT ord.customer_id, sum(ord.amount) AS total FROM shop.orders AS ord GROUP BY ord.customer_id;
""",
    "views/shop/stored/total.sql": """-- shop.total
-- What each customer bought, kept.
-- requires: shop.total_live, refresh.store()

SELECT refresh.store('shop.total', live => 'shop.total_live', key => '{customer_id}');
SELECT refresh.affects('shop.orders', 'shop.total', 'SELECT customer_id FROM changed');
""",
    "views/shop/live/old.sql": """-- shop.old
-- To be removed.
-- requires: shop.order_size

CREATE OR REPLACE VIEW shop.old AS SELECT siz.order_id FROM shop.order_size AS siz;
""",
}


class Target:
    """A blank database and a login that owns it, may create roles and is no superuser."""

    def __init__(self, server: Any, name: str, folder: Path) -> None:
        self.admin, self.owner = server.dsn(name), server.owner_dsn(name)
        self._psql = [PSQL, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.owner]
        self._folder = folder

    def run(self, script: str, *, expect: int = 0) -> str:
        file = self._folder / "bundle.sql"
        file.write_text(script)
        done = subprocess.run(
            [*self._psql, "-f", str(file)], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == expect, done.stderr
        return done.stdout + done.stderr

    def ask(self, statement: str) -> list[Any]:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def catalogue(self) -> dict[str, Any]:
        with db.connect(self.owner) as connection:
            return catalog.read(connection)

    def apply(self, what: project.Project) -> deployment.Result:
        settings = config.Settings(dsn=self.owner, dsn_source="the tests")
        with db.connect(self.owner) as connection:
            return finish(deployment.apply(connection, settings, what))


@pytest.fixture
def target(server: Any, tmp_path: Path) -> Iterator[Target]:
    with server.database() as name:
        yield Target(server, name, tmp_path)


@pytest.fixture
def shop(tmp_path: Path) -> project.Project:
    folder = tmp_path / "shop"
    (folder / "migrations").mkdir(parents=True)
    (folder / "tidemark.toml").write_text('name = "shop"\nschemas = ["shop"]\nroles = ["bundle_reader"]\n')
    (folder / "migrations" / "0001_shop_tables.sql").write_text(TABLES.lstrip())
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return project.read(folder)


def edit(what: project.Project, path: str, old: str, new: str) -> None:
    file = what.own / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_psql_alone_makes_a_working_engine(target: Target) -> None:
    """Core only; a team with tables of its own declares a stored view by hand and calls the tick."""
    core = project.shipped(())
    text = bundle.script(core)
    target.ask(
        "DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET default_tablespace = pg_default', current_database()); END $$"
    )
    target.run(text)
    assert target.ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    target.ask("CREATE SCHEMA own; CREATE TABLE own.sale (sale_id integer PRIMARY KEY, region text, price integer)")
    target.ask("CREATE VIEW own.region_live AS SELECT region, sum(price) AS total FROM own.sale GROUP BY region")
    target.ask(
        "SELECT refresh.store('own.region', live => 'own.region_live', key => '{region}');"
        "SELECT refresh.affects('own.sale', 'own.region', 'SELECT region FROM changed')"
    )
    target.ask("INSERT INTO own.sale SELECT n, 'r' || n % 3, n FROM generate_series(1, 30) AS n")
    target.ask("CALL refresh.tick()")
    target.ask("UPDATE own.sale SET region = 'r9' WHERE sale_id < 4; DELETE FROM own.sale WHERE sale_id = 30")
    target.ask("CALL refresh.tick()")
    assert target.ask("SELECT is_equal, stored_count FROM refresh.verify('own.region')") == [(True, 4)]
    before = target.catalogue()
    target.run(text)
    assert target.catalogue() == before
    result = target.apply(core)
    assert result.is_empty
    assert target.ask("SELECT is_equal FROM refresh.verify('own.region')") == [(True,)]


def test_the_catalogue_is_the_one_that_apply_makes(target: Target, fresh_db: str) -> None:
    everything = project.shipped()
    with db.connect(fresh_db) as connection:
        target.run(bundle.script(everything, bundle.derived(connection), bundle.gaps(connection)))
        applied = catalog.read(connection)
        kept = connection.execute(
            "SELECT path, kind, identity, object_name, table_name FROM deploy.file_object ORDER BY 2, 3"
        ).fetchall()
        texts = connection.execute(
            "SELECT path, statement_no, line, statement FROM deploy.file_statement ORDER BY 1, 2"
        )
        texts = texts.fetchall()
        runner_tables = connection.execute(
            "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
            " WHERE attrelid::regclass::text LIKE 'deploy.\\_yoyo%' AND attnum > 0 AND NOT attisdropped ORDER BY 1, attnum"
        )
        runner_tables = runner_tables.fetchall()
    made = target.catalogue()

    def numbered(items: dict[str, Any]) -> set[str]:
        """Generated names carry numbers in the order of declarations, which may differ."""
        return {key for key, item in items.items() if item.schema != "refresh_data"}

    assert numbered(made) == numbered(applied)
    differing = {key for key in numbered(made) if made[key].facts != applied[key].facts}
    assert {
        key for key in differing if not key.startswith("VIEW") or "refresh_data" not in str(made[key].facts)
    } == set()
    assert (
        target.ask("SELECT path, kind, identity, object_name, table_name FROM deploy.file_object ORDER BY 2, 3")
        == kept
    )
    assert target.ask("SELECT path, statement_no, line, statement FROM deploy.file_statement ORDER BY 1, 2") == texts
    assert (
        target.ask(
            "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
            " WHERE attrelid::regclass::text LIKE 'deploy.\\_yoyo%' AND attnum > 0 AND NOT attisdropped ORDER BY 1, attnum"
        )
        == runner_tables
    )
    assert target.apply(everything).is_empty


def test_a_later_bundle_upgrades(target: Target, shop: project.Project) -> None:
    target.run(bundle.script(shop))
    target.ask(
        "INSERT INTO shop.orders SELECT n, n % 5, n FROM generate_series(1, 50) AS n; SELECT refresh.run('shop.total')"
    )
    target.ask(
        "CREATE VIEW shop.by_hand AS SELECT customer_id, total FROM shop.total; GRANT SELECT ON shop.by_hand TO tidemark_bi"
    )
    target.ask("GRANT SELECT ON shop.order_size TO tidemark_bi; COMMENT ON VIEW shop.by_hand IS 'By hand.'")
    (shop.own / "migrations" / "0002_shop_cents.sql").write_text(
        "-- Cents.\n-- depends: 0001_shop_tables\n\nALTER TABLE shop.orders ALTER COLUMN amount TYPE numeric(12, 2);\n"
    )
    edit(shop, "functions/shop/rules/size_of.sql", "(amount integer)", "(amount numeric)")
    edit(shop, "views/shop/live/order_size.sql", "ord.order_id, ord.customer_id", "ord.order_id")
    edit(
        shop,
        "views/shop/live/total_live.sql",
        "sum(ord.amount) AS total",
        "sum(ord.amount) AS total, count(*) AS orders",
    )
    (shop.own / "views/shop/live/old.sql").unlink()
    target.run(bundle.script(shop))
    assert target.ask("SELECT to_regclass('shop.old'), to_regprocedure('shop.size_of(integer)')") == [(None, None)]
    assert target.ask("SELECT order_id, size FROM shop.order_size WHERE order_id = 9") == [(9, "small")]
    assert target.ask("SELECT has_table_privilege('tidemark_bi', 'shop.order_size', 'SELECT')") == [(True,)]
    assert target.ask("SELECT has_table_privilege('tidemark_bi', 'shop.by_hand', 'SELECT')") == [(True,)]
    assert target.ask("SELECT obj_description('shop.by_hand'::regclass)") == [("By hand.",)]
    target.ask("CALL refresh.tick()")
    assert target.ask("SELECT is_equal FROM refresh.verify('shop.total')") == [(True,)]
    assert target.ask(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'shop.by_hand'::regclass AND attname = 'total'"
    ) == [("numeric",)]
    assert target.ask("SELECT * FROM deploy.stepped_aside") == []
    assert target.ask("SELECT count(*) FROM pg_roles WHERE rolname = 'bundle_reader'") == [(1,)]
    assert target.apply(shop).is_empty
    before = target.catalogue()
    target.run(bundle.script(shop))
    assert target.catalogue() == before


def test_what_fails_leaves_nothing_and_names_file_and_line(target: Target, shop: project.Project) -> None:
    target.run(bundle.script(shop))
    before = target.catalogue()
    edit(shop, "views/shop/live/order_size.sql", "ord.customer_id", "ord.nobody")
    told = target.run(bundle.script(shop), expect=3)
    assert "views/shop/live/order_size.sql, line 5" in told
    assert target.catalogue() == before


def test_an_edited_migration_is_refused(target: Target, shop: project.Project) -> None:
    target.run(bundle.script(shop))
    edit(shop, "migrations/0001_shop_tables.sql", "amount integer", "amount bigint")
    assert "was edited after it was applied" in target.run(bundle.script(shop), expect=3)


def test_the_core_alone_leaves_a_project_in_peace(target: Target, shop: project.Project) -> None:
    target.run(bundle.script(shop))
    target.run(bundle.script(project.shipped(())))
    assert target.ask("SELECT to_regclass('shop.total') IS NOT NULL") == [(True,)]
    assert target.apply(shop).is_empty


def test_it_waits_for_no_other_runner(target: Target, shop: project.Project) -> None:
    with psycopg.connect(target.owner, autocommit=True) as runner:
        runner.execute("SELECT pg_advisory_lock(x'746964656d61726b'::bigint)")
        assert "another runner is at work" in target.run(bundle.script(shop), expect=3)


def test_derived_mappings_come_along(target: Target, shop: project.Project) -> None:
    """A stored view whose file leaves them out: told by the database in which they were derived."""
    edit(
        shop,
        "views/shop/stored/total.sql",
        "SELECT refresh.affects('shop.orders', 'shop.total', 'SELECT customer_id FROM changed');",
        "",
    )
    assert bundle.needs_derived(shop)
    mapping = '[{"source": "shop.orders", "mapping": "SELECT customer_id FROM changed", "reason": null}]'
    text = bundle.script(shop, [("shop.total", mapping)])
    target.run(text)
    target.ask(
        "INSERT INTO shop.orders SELECT n, n % 5, n FROM generate_series(1, 50) AS n; SELECT refresh.run('shop.total')"
    )
    target.ask("UPDATE shop.orders SET amount = 500 WHERE order_id = 3")
    assert target.ask("SELECT mode FROM refresh.run('shop.total')") == [("keys",)]
    assert target.ask("SELECT is_equal FROM refresh.verify('shop.total')") == [(True,)]
    with db.connect(target.owner) as connection:
        assert [(view, json.loads(told)) for view, told in bundle.derived(connection)] == [
            ("shop.total", json.loads(mapping))
        ]
    before = target.catalogue()
    target.run(text)
    assert target.catalogue() == before
