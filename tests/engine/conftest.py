"""The engine alone, on toy schemas: nothing of a domain is applied, so a failure here is the engine's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from tidemark import config, db
from tidemark.deploy.apply import deployment
from tidemark.derive import catalog
from tidemark.project import shipped
from tidemark.steps import finish

WAIT_SECONDS = 10.0
EQUAL_NAMES = """
    SELECT vs.source_name, sv.view_name, 'SELECT ' || string_agg(quote_ident(key.name), ', ' ORDER BY key.position) || ' FROM changed'
    FROM refresh.view_sources AS vs
    JOIN refresh.stored_views AS sv USING (view_id)
    CROSS JOIN LATERAL unnest(sv.key_columns) WITH ORDINALITY AS key (name, position)
    JOIN pg_attribute AS att ON att.attrelid = to_regclass(vs.source_name) AND att.attname = key.name AND NOT att.attisdropped
    WHERE (vs.mapping_kind = 'missing' OR vs.map_reason LIKE 'it has columns named like the key%')
        AND (SELECT rel.relkind FROM pg_class AS rel WHERE rel.oid = to_regclass(vs.source_name)) IN ('r', 'p', 'v')
    GROUP BY vs.source_name, sv.view_name
"""


class Engine:
    """One database with the engine in it, and sessions to it. Everything happens as the owner of the files."""

    def __init__(self, dsn: str, superuser_dsn: str) -> None:
        self.dsn = dsn
        self.superuser_dsn = superuser_dsn
        self._stack = ExitStack()
        self._pool = ThreadPoolExecutor(max_workers=8)
        self.main = self.session()

    def close(self) -> None:
        self._stack.close()
        self._pool.shutdown(wait=True)

    def session(self, dsn: str | None = None, **settings: str) -> psycopg.Connection[Any]:
        """A connection in autocommit mode, closed at the end of the test; ``settings`` as in SET."""
        connection = psycopg.connect(dsn or self.dsn, autocommit=True, row_factory=namedtuple_row)
        self._stack.callback(connection.close)
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", [name.replace("__", "."), value])
        return connection

    def run(self, statement: str, *args: Any) -> None:
        """One or several statements, each committed by itself unless they say otherwise."""
        self.main.execute(statement, args or None)

    def rows(self, statement: str, *args: Any) -> list[Any]:
        return self.main.execute(statement, args or None).fetchall()

    def row(self, statement: str, *args: Any) -> Any:
        (row,) = self.rows(statement, *args)
        return row

    def value(self, statement: str, *args: Any) -> Any:
        return self.row(statement, *args)[0]

    def declare(self, statements: str) -> None:
        """Declarations of one file, in one transaction, as apply runs them."""
        with self.main.transaction():
            self.main.execute(statements)
            self.map_equal_names()
            catalog.hand_over_gaps(self.main)

    def map_equal_names(self) -> None:
        """Declares, as a person would, that columns named like the key are the key; in the toys of these tests they are."""
        for row in self.main.execute(EQUAL_NAMES).fetchall():
            self.main.execute("SELECT refresh.affects(%s, %s, %s)", list(row))

    def as_of(self, moment: str) -> None:
        self.main.execute("SELECT set_config('tidemark.as_of', %s, false)", [moment])

    def refresh(self, view: str, full: bool = False) -> Any:
        return self.row("SELECT * FROM refresh.run(%s, %s)", view, full)

    def verify(self, view: str) -> Any:
        return self.row("SELECT * FROM refresh.verify(%s)", view)

    def check(self, view: str) -> Any:
        """Refreshes the view, demands that it equals its live twin, and gives what the run did."""
        done = self.refresh(view)
        found = self.verify(view)
        assert found.is_equal, f"{view} differs from its live twin after {done}: {found}"
        assert found.pending_count == 0
        return done

    def freshness(self, view: str) -> Any:
        return self.row("SELECT * FROM refresh.freshness WHERE view_name = %s", view)

    def background(self, call: Callable[[], Any]) -> Future[Any]:
        return self._pool.submit(call)

    def wait_until_blocked(self, connection: psycopg.Connection[Any]) -> None:
        """Returns once that session waits for a lock: the schedules below have no sleeps."""
        pid = connection.info.backend_pid
        end = time.monotonic() + WAIT_SECONDS
        watcher = self.session()
        while time.monotonic() < end:
            blocked = watcher.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0 AS is_blocked", [pid]).fetchone()
            if blocked and blocked.is_blocked:
                watcher.close()
                return
            threading.Event().wait(0.01)
        raise AssertionError("the session was expected to wait for a lock")

    @contextmanager
    def raises(self, sqlstate: str) -> Iterator[pytest.ExceptionInfo[psycopg.Error]]:
        with pytest.raises(psycopg.Error) as caught:
            yield caught
        assert caught.value.sqlstate == sqlstate, caught.value
        assert caught.value.diag.message_hint, "an error without a hint"


@pytest.fixture(scope="session")
def engine_template(server: Any) -> Iterator[str]:
    """Name of a template database that holds core alone: the refresh engine and what it stands on."""
    with server.database() as name:
        dsn = server.owner_dsn(name)
        with db.connect(dsn) as connection:
            finish(deployment.apply(connection, config.Settings(dsn=dsn, dsn_source="the tests"), shipped(())))
        yield name


@pytest.fixture
def engine(server: Any, engine_template: str) -> Iterator[Engine]:
    """A database of its own for one test."""
    with server.database(engine_template) as name:
        made = Engine(server.owner_dsn(name), server.dsn(name))
        yield made
        made.close()


@pytest.fixture
def toy(engine: Engine) -> Engine:
    """Schema toy: models with a policy by tier and a status that time changes, kept as toy.status_by_model."""
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.policy (tier text PRIMARY KEY, days integer NOT NULL);
        CREATE TABLE toy.model (model_id integer PRIMARY KEY, name text NOT NULL, tier text REFERENCES toy.policy);
        CREATE TABLE toy.request (request_id integer PRIMARY KEY, done_on date);
        CREATE TABLE toy.link (
            request_id integer REFERENCES toy.request ON DELETE CASCADE,
            model_id integer REFERENCES toy.model ON DELETE CASCADE, PRIMARY KEY (request_id, model_id));
        CREATE FUNCTION toy.status(last_on date, days integer, as_of date) RETURNS text LANGUAGE sql IMMUTABLE
            RETURN CASE WHEN last_on IS NULL THEN 'never' WHEN as_of > last_on + days THEN 'late' ELSE 'on time' END;
        CREATE VIEW toy.status_live AS
            WITH clock AS MATERIALIZED (SELECT refresh.as_of_date() AS as_of)
            SELECT model.model_id, model.name, model.tier, last.last_on,
                toy.status(last.last_on, policy.days, clock.as_of) AS status,
                CASE WHEN clock.as_of <= last.last_on + policy.days THEN last.last_on + policy.days + 1 END AS next_change_on
            FROM toy.model
            LEFT JOIN toy.policy USING (tier)
            LEFT JOIN LATERAL (
                SELECT max(request.done_on) AS last_on FROM toy.link JOIN toy.request USING (request_id)
                WHERE link.model_id = model.model_id
            ) AS last ON TRUE
            CROSS JOIN clock;
        INSERT INTO toy.policy VALUES ('high', 10), ('low', 100);
        INSERT INTO toy.model SELECT g, 'model ' || g, CASE WHEN g % 3 = 0 THEN 'high' ELSE 'low' END FROM generate_series(1, 60) AS g;
        INSERT INTO toy.request SELECT g, date '2025-05-01' + g FROM generate_series(1, 80) AS g;
        INSERT INTO toy.link SELECT g, 1 + g % 50 FROM generate_series(1, 80) AS g;
    """)
    engine.as_of("2025-06-30")
    engine.declare("""
        SELECT refresh.store('toy.status_by_model', live => 'toy.status_live', key => '{model_id}', due => 'next_change_on');
        SELECT refresh.affects('toy.request', 'toy.status_by_model',
            $$ SELECT link.model_id FROM changed JOIN link USING (request_id) $$);
        SELECT refresh.affects('toy.policy', 'toy.status_by_model',
            $$ SELECT model.model_id FROM changed JOIN model USING (tier) $$);
    """)
    engine.check("toy.status_by_model")
    return engine
