"""Stored = live, for any registered stored view, whatever its sources suffer.

Give it a database with stored views and ``run`` it: it finds the tables the views read in the engine's own registry, learns
columns, keys and foreign keys from the catalogue, and lets hypothesis choose inserts, updates, moved keys, deletes,
truncates, savepoints, rollbacks, a second session that commits late, clock moves and runs in any order. After every refresh
each view must equal its live twin. A statement the constraints refuse is undone and counts as tried.

A domain whose tables need more than random values passes its own ``writers``: callables that take a connection and a
random.Random, and do one change.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from psycopg import sql

Writer = Callable[[psycopg.Connection[Any], random.Random], None]
FIRST_DAY = date(2025, 6, 30)

# Base tables below all stored views, and what a random row of them needs.
TABLES = """
    WITH RECURSIVE base AS (
        SELECT DISTINCT vs.source_name FROM refresh.view_sources AS vs
        WHERE vs.source_view_id IS NULL AND vs.mapping_kind IN ('keys', 'all')
    )
    SELECT base.source_name AS table_name, att.attname AS column_name,
        coalesce(dom.typbasetype, att.atttypid)::regtype::text AS type_name, att.attnotnull AS is_required,
        att.attidentity = 'a' OR att.attgenerated <> '' AS is_automatic, att.atthasdef AS has_default,
        (SELECT array_agg(enm.enumlabel ORDER BY enm.enumsortorder) FROM pg_enum AS enm WHERE enm.enumtypid = att.atttypid) AS labels,
        coalesce((SELECT bool_or(att.attnum = ANY (con.conkey)) FROM pg_constraint AS con
            WHERE con.conrelid = att.attrelid AND con.contype = 'p'), FALSE) AS is_key,
        fk.target, fk.target_column,
        (SELECT array_agg(m[1]) FROM pg_constraint AS con,
            regexp_matches(pg_get_constraintdef(con.oid), '''([^'']*)''::', 'g') AS m
         WHERE con.conrelid = att.attrelid AND con.contype = 'c' AND con.conkey = ARRAY[att.attnum]) AS allowed
    FROM base
    INNER JOIN pg_attribute AS att ON att.attrelid = to_regclass(base.source_name) AND att.attnum > 0 AND NOT att.attisdropped
    LEFT JOIN pg_type AS dom ON dom.oid = att.atttypid AND dom.typtype = 'd'
    LEFT JOIN LATERAL (
        SELECT con.confrelid::regclass::text AS target, ref.attname AS target_column
        FROM pg_constraint AS con
        INNER JOIN pg_attribute AS ref ON ref.attrelid = con.confrelid AND ref.attnum = con.confkey[array_position(con.conkey, att.attnum)]
        WHERE con.conrelid = att.attrelid AND con.contype = 'f' AND att.attnum = ANY (con.conkey)
        LIMIT 1
    ) AS fk ON TRUE
    ORDER BY base.source_name, att.attnum
"""


@dataclass
class Table:
    name: str
    columns: list[Any] = field(default_factory=list)

    @property
    def identifier(self) -> sql.SQL:
        return sql.SQL(self.name)  # as the registry quotes it


class Tables:
    """Random changes of the base tables, made from what the catalogue says about them."""

    def __init__(self, connection: psycopg.Connection[Any], only: Sequence[str] = ()) -> None:
        self.tables: dict[str, Table] = {}
        for row in connection.execute(TABLES).fetchall():
            if not only or row.table_name in only:
                self.tables.setdefault(row.table_name, Table(row.table_name)).columns.append(row)

    def change(self, connection: psycopg.Connection[Any], choice: random.Random, kind: str) -> None:
        table = self.tables[choice.choice(sorted(self.tables))]
        getattr(self, kind)(connection, choice, table)

    def insert(self, connection: psycopg.Connection[Any], choice: random.Random, table: Table) -> None:
        columns = [
            column
            for column in table.columns
            if not column.is_automatic
            and (column.is_required or column.is_key or choice.random() < 0.8)
            and not (column.has_default and choice.random() < 0.5)
        ]
        if not columns:
            return
        rows = [
            [self.value(connection, choice, column) for column in columns]
            for _ in range(choice.choice((1, 1, 1, 3, 12)))
        ]
        connection.cursor().executemany(
            sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
                table.identifier,
                sql.SQL(", ").join(sql.Identifier(column.column_name) for column in columns),
                sql.SQL(", ").join(sql.SQL("%s") for _ in columns),
            ),
            rows,
        )

    def update(self, connection: psycopg.Connection[Any], choice: random.Random, table: Table) -> None:
        """Any column may change, the key included."""
        possible = [column for column in table.columns if not column.is_automatic]
        column = choice.choice(possible)
        connection.execute(
            sql.SQL("UPDATE {} SET {} = %s WHERE ctid = ANY (ARRAY({}))").format(
                table.identifier, sql.Identifier(column.column_name), self.some_rows(choice, table)
            ),
            [self.value(connection, choice, column)],
        )

    def delete(self, connection: psycopg.Connection[Any], choice: random.Random, table: Table) -> None:
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE ctid = ANY (ARRAY({}))").format(
                table.identifier, self.some_rows(choice, table)
            )
        )

    def truncate(self, connection: psycopg.Connection[Any], choice: random.Random, table: Table) -> None:
        connection.execute(sql.SQL("TRUNCATE {}").format(table.identifier))

    @staticmethod
    def some_rows(choice: random.Random, table: Table) -> sql.Composed:
        return sql.SQL("SELECT ctid FROM {} ORDER BY md5(ctid::text || {}) LIMIT {}").format(
            table.identifier, sql.Literal(str(choice.random())), sql.Literal(choice.choice((1, 1, 2, 5)))
        )

    def value(self, connection: psycopg.Connection[Any], choice: random.Random, column: Any) -> Any:
        if not column.is_required and not column.is_key and choice.random() < 0.15:
            return None
        if column.target:
            found = connection.execute(
                sql.SQL("SELECT {0} FROM {1} ORDER BY md5({0}::text || {2}) LIMIT 1").format(
                    sql.Identifier(column.target_column), sql.SQL(column.target), sql.Literal(str(choice.random()))
                )
            ).fetchone()
            return found[0] if found else None
        if column.labels or column.allowed:
            return choice.choice(column.labels or column.allowed)
        return random_value(choice, column.type_name)


def random_value(choice: random.Random, type_name: str) -> Any:
    """A value from a small range, so that values meet."""
    day = FIRST_DAY + timedelta(days=choice.randint(-900, 400))
    if type_name in ("smallint", "integer", "bigint"):
        return choice.randint(1, 40)
    if type_name in ("numeric", "double precision", "real"):
        return choice.choice((Decimal(0), Decimal("1.0"), Decimal("1.00"), Decimal(choice.randint(1, 9))))
    if type_name == "boolean":
        return choice.random() < 0.5
    if type_name == "date":
        return day
    if type_name.startswith("timestamp"):
        return datetime(day.year, day.month, day.day, choice.randint(0, 23), choice.randint(0, 59), tzinfo=UTC)
    if type_name == "uuid":
        return f"00000000-0000-0000-0000-{choice.randint(1, 40):012d}"
    return choice.choice(string.ascii_letters[:20]) + choice.choice(("", "'", '"', " x"))


def machine(
    connect: Callable[[], psycopg.Connection[Any]], writers: Sequence[Writer] = ()
) -> type[RuleBasedStateMachine]:
    """A state machine over the database ``connect`` leads to. Without ``writers`` its base tables are emptied first."""

    class StoredEqualsLive(RuleBasedStateMachine):
        sessions = Bundle("sessions")

        def __init__(self) -> None:
            super().__init__()
            self.connection = connect()
            self.late = connect()
            self.late_open = False
            self.tables = Tables(self.connection)
            self.day = FIRST_DAY
            self.set_clock()

        def teardown(self) -> None:
            self.finish_late(True)
            self.refresh_and_check()
            self.connection.close()
            self.late.close()

        def set_clock(self) -> None:
            for session in (self.connection, self.late):
                if session.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                    session.execute("SELECT set_config('tidemark.as_of', %s, FALSE)", [self.day.isoformat()])

        def one_change(self, session: psycopg.Connection[Any], seed: int, kind: str) -> None:
            if writers and kind != "truncate":
                self.attempt(session, random.Random(seed).choice(list(writers)), seed)
            else:
                self.attempt(session, lambda s, choice: self.tables.change(s, choice, kind), seed)

        @staticmethod
        def attempt(session: psycopg.Connection[Any], writer: Writer, seed: int) -> None:
            try:
                with session.transaction():
                    writer(session, random.Random(seed))
            except (psycopg.errors.IntegrityError, psycopg.errors.DataError, psycopg.errors.FeatureNotSupported):
                pass  # the constraints said no
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                pass  # the other session holds the row

        kinds = st.sampled_from(["insert"] * 6 + ["update"] * 8 + ["delete"] * 3 + ["truncate"])
        seeds = st.integers(0, 2**32)

        @initialize()
        def first(self) -> None:
            """The same rows for every example, so that a failure can be repeated and made smaller."""
            if not writers:
                names = sql.SQL(", ").join(table.identifier for table in self.tables.tables.values())
                self.connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
                for seed in range(30):
                    for table in self.tables.tables.values():
                        self.attempt(self.connection, lambda s, c, table=table: self.tables.insert(s, c, table), seed)
            self.refresh_and_check()
            self.connection.execute("SET lock_timeout = '50ms'")
            self.late.execute("SET lock_timeout = '50ms'")

        @rule(seed=seeds, kind=kinds)
        def write(self, seed: int, kind: str) -> None:
            self.one_change(self.connection, seed, kind)

        @rule(seed=seeds, kind=kinds, rolled_back=st.booleans())
        def write_some_and_roll_back_more(self, seed: int, kind: str, rolled_back: bool) -> None:
            with self.connection.transaction(force_rollback=rolled_back):
                self.one_change(self.connection, seed, kind)
                with self.connection.transaction(force_rollback=True):
                    self.one_change(self.connection, seed + 1, kind)
                self.one_change(self.connection, seed + 2, "update")

        @rule(
            seed=seeds,
            kind=st.sampled_from(["insert", "update", "delete"]),
            level=st.sampled_from(["READ COMMITTED", "SERIALIZABLE"]),
        )
        def write_in_a_session_that_commits_later(self, seed: int, kind: str, level: str) -> None:
            if not self.late_open:
                self.set_clock()
                self.late.execute(f"BEGIN ISOLATION LEVEL {level}")
                self.late_open = True
            try:
                self.one_change(self.late, seed, kind)
            except psycopg.errors.SerializationFailure:
                self.finish_late(False)

        @rule(commit=st.booleans())
        def finish_late(self, commit: bool) -> None:
            if self.late_open:
                self.late_open = False
                try:
                    self.late.execute("COMMIT" if commit else "ROLLBACK")
                except psycopg.errors.SerializationFailure:
                    self.late.execute("ROLLBACK")

        @rule(days=st.sampled_from([1, 1, 1, 2, 7, 31, 365, -3]))
        def move_the_clock(self, days: int) -> None:
            self.day += timedelta(days=days)
            self.set_clock()

        @rule()
        def refresh_and_check(self) -> None:
            self.connection.execute("SET lock_timeout = 0")
            self.set_clock()
            self.connection.execute("SELECT * FROM refresh.run_all()").fetchall()
            for (view,) in self.connection.execute(
                "SELECT view_name FROM refresh.stored_views ORDER BY view_id"
            ).fetchall():
                found = self.connection.execute("SELECT * FROM refresh.verify(%s)", [view]).fetchone()
                assert found.is_equal, found
            self.connection.execute("SET lock_timeout = '50ms'")

        @rule(view=st.integers(0, 50))
        def run_one_view_out_of_order(self, view: int) -> None:
            views = self.connection.execute("SELECT view_name FROM refresh.stored_views ORDER BY view_id").fetchall()
            self.connection.execute("SELECT * FROM refresh.run(%s)", [views[view % len(views)].view_name])

        @invariant()
        def views_inside_the_writers_transaction_are_right_at_any_time(self) -> None:
            found = self.connection.execute(
                "SELECT ver.view_name, ver.is_equal FROM refresh.stored_views CROSS JOIN LATERAL refresh.verify(stored_views.view_name) AS ver"
                " WHERE target_lag = interval '0' AND clock_use = 'none'"
                " AND view_id NOT IN (SELECT view_id FROM refresh.view_sources WHERE source_view_id IS NOT NULL)"
            ).fetchall()
            assert all(row.is_equal for row in found), found

    return StoredEqualsLive


def run(connect: Callable[[], psycopg.Connection[Any]], writers: Sequence[Writer] = (), **settings: Any) -> None:
    """Runs the machine with hypothesis settings such as ``max_examples`` and ``stateful_step_count``."""
    from hypothesis import HealthCheck
    from hypothesis import settings as hypothesis_settings

    run_state_machine_as_test(
        machine(connect, writers),
        settings=hypothesis_settings(
            deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, derandomize=True, **settings
        ),
    )
