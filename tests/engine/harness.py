"""Stored = live, for any registered stored view, whatever its sources suffer.

Give it a database with stored views and ``run`` it: it finds the tables below the views in the engine's own registry
(``writers``) and lets hypothesis choose statements of every kind, moved keys, savepoints, rollbacks, two more sessions that
commit late under any isolation level, clock moves and runs in any order. After every refresh each view must equal its live
twin with nothing left in a queue; before it, a view that differs must not be called fresh. A statement that constraints or
other sessions refuse is undone and counts as tried.

A later domain needs its name, rows to begin with, and hints for the few columns whose values cannot be guessed.
``TIDEMARK_TEST_EXAMPLES``, ``TIDEMARK_TEST_STEPS`` and ``TIDEMARK_TEST_SEED`` make runs longer and different.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import hypothesis
import psycopg
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from psycopg.rows import namedtuple_row

from tests.engine.writers import KINDS, Hints, Session, Table, Tables

Connect = Callable[[], Session]
FIRST_MOMENT = datetime(2025, 6, 30)
# leap days, ends of months, the nights that have no or two o'clock twice
MOMENTS = (
    "2028-02-28",
    "2028-02-29",
    "2028-03-01",
    "2026-03-08 02:30",
    "2025-11-02 01:30",
    "2025-12-31 23:59",
    "2025-06-30",
)
ZONES = ("UTC", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Santiago")
LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
REFUSED = (
    psycopg.errors.IntegrityError,
    psycopg.errors.DataError,
    psycopg.errors.NotSupportedError,
    psycopg.errors.LockNotAvailable,  # the other session holds the row
    psycopg.errors.DeadlockDetected,
    psycopg.errors.RaiseException,
    psycopg.errors.CardinalityViolation,  # MERGE, when the new row is there already
    psycopg.errors.ObjectNotInPrerequisiteState,
)
EXAMPLES = int(os.environ.get("TIDEMARK_TEST_EXAMPLES", "0"))
STEPS = int(os.environ.get("TIDEMARK_TEST_STEPS", "0"))
SEED = int(os.environ.get("TIDEMARK_TEST_SEED", "0"))


@dataclass
class Site:
    """What is tested. ``open`` gives, for the time of one example, a way to connect to a database with the first rows.

    ``views``: names of the stored views, as LIKE takes them. ``starts_empty``: its tables are emptied and get random rows.
    ``often``: tables that many mappings start from, written four times as often as the others.
    """

    open: Callable[[], AbstractContextManager[Connect]]
    views: str = "%"
    hints: Hints | None = None
    starts_empty: bool = False
    often: tuple[str, ...] = ()


def copies(server: Any, template: str, *damage: str) -> Callable[[], AbstractContextManager[Connect]]:
    """For ``Site.open``: each example has its own copy of a database; ``damage`` is done to it first."""

    @contextmanager
    def opened() -> Iterator[Connect]:
        with server.database(template) as name:
            with psycopg.connect(server.dsn(name), autocommit=True) as connection:
                for statement in damage:
                    connection.execute(statement)
            yield lambda: psycopg.connect(server.owner_dsn(name), autocommit=True, row_factory=namedtuple_row)

    return opened


def deaf(table: str) -> str:
    """A damage that freshness cannot see: the triggers of a source are there and pass nothing on."""
    return (
        "DO $$ BEGIN EXECUTE (SELECT format('CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %L', "
        "tgfoid::regproc, 'BEGIN RETURN NULL; END') FROM pg_trigger "
        f"WHERE tgrelid = '{table}'::regclass AND tgname = 'refresh_capture_update'); END $$"
    )


@dataclass
class Tally:
    """What a run did, so that a test can demand that it did enough."""

    tried: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    views: list[str] = field(default_factory=list)
    checks: int = 0

    def write(self, table: str, kind: str, rows: int) -> None:
        self.tried[table] += 1
        if rows > 0:
            self.changed[table] += 1
            self.kinds[kind] += 1

    def still(self, share: float) -> list[str]:
        """Tables of which fewer statements than that share took effect, views of which no change reached a row, unused kinds."""
        return (
            [table for table, tried in self.tried.items() if self.changed[table] < share * tried]
            + [view for view in self.views if not self.shown[view]]
            + [kind for kind in sorted(set(KINDS)) if not self.kinds[kind]]
        )


def machine(site: Site, tally: Tally) -> type[RuleBasedStateMachine]:
    class StoredEqualsLive(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.stack = ExitStack()
            connect = self.stack.enter_context(site.open())
            self.main, *self.late = [self.stack.enter_context(connect()) for _ in range(3)]
            self.tables = Tables(self.main, site.views, site.hints)
            self.names = sorted(self.tables.tables)
            self.drawn = self.names + 3 * [name for name in self.names if name in site.often]
            self.kinds = KINDS
            self.moment, self.zone = FIRST_MOMENT, "UTC"
            self.journal: list[str] = []
            self.set_clock()
            self.views = [
                row.view_name
                for row in self.main.execute(
                    "SELECT view_name FROM refresh.stored_views WHERE view_name LIKE %s ORDER BY view_id",
                    [site.views],
                )
            ]
            tally.views = self.views

        def teardown(self) -> None:
            try:
                for number in range(len(self.late)):
                    self.finish_late(number, True)
                self.refresh_and_check(False)
            finally:
                self.stack.close()

        def set_clock(self) -> None:
            self.tables.today = self.moment.date()
            as_of = self.moment.isoformat(" ", "minutes").removesuffix(" 00:00")
            for session in (self.main, *self.late):
                if session.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                    session.execute(
                        "SELECT set_config('tidemark.as_of', %s, FALSE) AS as_of, set_config('tidemark.time_zone', %s, FALSE) AS zone",
                        [as_of, self.zone],
                    )
            self.journal.append(f"-- it is {as_of} in {self.zone}")

        def change(self, session: Session, seed: int, kinds: tuple[str, ...] | None = None) -> None:
            """One statement, in a savepoint of its own if a transaction is open."""
            choice = random.Random(seed)
            table, kind = self.tables.tables[choice.choice(self.drawn)], choice.choice(kinds or self.kinds)
            rows, written = self.attempt(session, choice, kind, table)
            tally.write(table.name, kind, rows)
            who = "main" if session is self.main else f"late {self.late.index(session)}"
            self.journal.append(f"-- {who}: {kind} {table.name}, {rows} rows: {written}")

        def attempt(self, session: Session, choice: random.Random, kind: str, table: Table) -> tuple[int, str]:
            try:
                with session.transaction():
                    return self.tables.change(session, choice, kind, table), self.tables.last
            except REFUSED as error:
                return 0, f"{self.tables.last} refused: {error}".split("\n")[0]

        seeds = st.integers(0, 2**32)
        sessions = st.integers(0, 1)

        @initialize(zone=st.sampled_from(ZONES))
        def first(self, zone: str) -> None:
            self.zone = zone
            self.set_clock()
            if site.starts_empty:
                self.fill()
            self.refresh_and_check(False)
            for session in (self.main, *self.late):
                session.execute("SET lock_timeout = '50ms'")

        def fill(self) -> None:
            """The same rows for every example, so that a failure can be repeated and made smaller."""
            self.main.execute(f"TRUNCATE {', '.join(self.names)} CASCADE")
            for seed in range(30):
                for table in self.tables.tables.values():
                    self.attempt(self.main, random.Random(seed), "insert", table)

        @rule(seed=seeds, count=st.integers(1, 10))
        def write(self, seed: int, count: int) -> None:
            for number in range(count):
                self.change(self.main, seed + number)

        @rule(seed=seeds, rolled_back=st.booleans())
        def write_some_and_roll_back_more(self, seed: int, rolled_back: bool) -> None:
            with self.main.transaction(force_rollback=rolled_back):
                self.change(self.main, seed)
                with self.main.transaction(force_rollback=True):
                    self.change(self.main, seed + 1)
                self.change(self.main, seed + 2)
                self.change(self.main, seed + 3)
            self.journal.append("ROLLBACK" if rolled_back else "COMMIT")

        @rule(seed=seeds, number=sessions, level=st.sampled_from(LEVELS), count=st.integers(1, 3))
        def write_in_a_session_that_commits_later(self, seed: int, number: int, level: str, count: int) -> None:
            session = self.late[number]
            if session.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                self.set_clock()
                session.execute(f"BEGIN ISOLATION LEVEL {level}")
            try:
                for step in range(count):  # no TRUNCATE: the next refresh would wait for it
                    self.change(session, seed + step, KINDS[:-1])
            except psycopg.errors.SerializationFailure:
                self.finish_late(number, False)

        @rule(number=sessions, commit=st.booleans())
        def finish_late(self, number: int, commit: bool) -> None:
            session = self.late[number]
            if session.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self.journal.append(f"-- late {number}: {'COMMIT' if commit else 'ROLLBACK'}")
                try:
                    session.execute("COMMIT" if commit else "ROLLBACK")
                except (psycopg.errors.SerializationFailure, *REFUSED):
                    session.execute("ROLLBACK")

        @rule(days=st.sampled_from([1, 1, 1, 2, 7, 31, 365, -3]), minutes=st.sampled_from([0, 0, 90, 719]))
        def move_the_clock(self, days: int, minutes: int) -> None:
            self.moment += timedelta(days=days, minutes=minutes)
            self.set_clock()

        @rule(moment=st.sampled_from(MOMENTS))
        def move_to_a_day_that_is_special(self, moment: str) -> None:
            self.moment = datetime.fromisoformat(moment)
            self.set_clock()

        @rule(view=st.integers(0, 50), days=st.sampled_from([0, 0, -1]))
        def move_to_when_time_alone_changes_a_row(self, view: int, days: int) -> None:
            found = self.main.execute(
                "SELECT next_due_at AT TIME ZONE refresh.time_zone() AS due FROM refresh.freshness"
                " WHERE next_due_at < '2100-01-01' AND view_name LIKE %s ORDER BY view_id",
                [site.views],
            ).fetchall()
            if found:
                self.moment = found[view % len(found)].due.replace(second=0, microsecond=0) + timedelta(days=days)
                self.set_clock()

        @rule(zone=st.sampled_from(ZONES))
        def move_to_another_zone(self, zone: str) -> None:
            self.zone = zone
            self.set_clock()

        @rule(say=st.booleans())
        def refresh_and_check(self, say: bool) -> None:
            self.main.execute("SET lock_timeout = 0")
            self.set_clock()
            if say:
                self.check_nothing_stale_is_called_fresh()
            for done in self.ran("SELECT * FROM refresh_internal.run_all()"):
                self.note(done)
            for view in self.views:
                self.check(view)
            stale = self.main.execute(
                "SELECT * FROM refresh.freshness WHERE (freshness_status <> 'fresh' OR needs_run OR pending_count > 0)"
                " AND view_name LIKE %s",
                [site.views],
            ).fetchall()
            assert not stale, "\n".join((f"not fresh after a run: {stale}", *self.journal))
            explained = random.Random(tally.checks).choice(self.views)
            said = [row.explain for row in self.main.execute("SELECT refresh.explain(%s)", [explained])]
            assert said[0] == f"{explained} is fresh: nothing waits.", said
            assert any(sentence.startswith("Waiting now: 0 ") for sentence in said), said
            tally.checks += 1
            self.journal.clear()
            self.main.execute("SET lock_timeout = '50ms'")

        @rule(view=st.integers(0, 50))
        def run_one_view_out_of_order(self, view: int) -> None:
            self.main.execute("SET lock_timeout = 0")
            self.set_clock()
            name = self.views[view % len(self.views)]
            for done in self.ran("SELECT * FROM refresh.run(%s)", name):
                self.note(done)
            self.check(name)
            self.main.execute("SET lock_timeout = '50ms'")

        def ran(self, statement: str, *parameters: str) -> list[Any]:
            """A run that recomputes all of a view with target lag 0 gives in to open writers of it: they end first."""
            try:
                return self.main.execute(statement, parameters).fetchall()
            except psycopg.errors.LockNotAvailable:
                for number in range(len(self.late)):
                    self.finish_late(number, True)
                return self.main.execute(statement, parameters).fetchall()

        def note(self, done: Any) -> None:
            self.journal.append(f"-- ran {done.view_name}: {done.mode}, {done.reason}, {done.key_count} keys")
            if done.change_count:
                rows = (done.inserted_count, done.updated_count, done.deleted_count)  # NULL in mode full
                tally.shown[done.view_name] += sum(count or 0 for count in rows)

        def check(self, view: str) -> None:
            found = self.main.execute("SELECT * FROM refresh.verify(%s)", [view]).fetchone()
            assert found.is_equal, "\n".join((str(found), *self.journal))
            assert found.pending_count == 0, "\n".join((f"a queue is not empty: {found}", *self.journal))

        def check_nothing_stale_is_called_fresh(self) -> None:
            for row in self.main.execute(
                "SELECT * FROM refresh.freshness WHERE freshness_status = 'fresh' AND view_name LIKE %s", [site.views]
            ).fetchall():
                found = self.main.execute("SELECT * FROM refresh.verify(%s)", [row.view_name]).fetchone()
                assert found.is_equal, "\n".join((f"called fresh: {row}\n{found}", *self.journal))

        @invariant()
        def views_inside_the_writers_transaction_are_right_at_any_time(self) -> None:
            found = self.main.execute(
                "SELECT ver.view_name, ver.is_equal FROM refresh.stored_views CROSS JOIN LATERAL refresh.verify(stored_views.view_name) AS ver"
                " WHERE target_lag = interval '0' AND clock_use = 'none' AND stored_views.view_name LIKE %s"
                " AND view_id NOT IN (SELECT view_id FROM refresh.view_sources WHERE source_view_id IS NOT NULL)",
                [site.views],
            ).fetchall()
            assert all(row.is_equal for row in found), found

    return StoredEqualsLive


def run(site: Site, examples: int, steps: int) -> Tally:
    """Runs ``examples`` sequences of up to ``steps`` rules, unless the environment asks for other numbers."""
    tally = Tally()
    phases = [Phase.generate] if SEED else [Phase.generate, Phase.shrink]
    wanted = hypothesis.settings(
        max_examples=EXAMPLES or examples,
        stateful_step_count=STEPS or steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        derandomize=not SEED,
        database=None,
        report_multiple_bugs=False,
        phases=phases,
    )
    tested = machine(site, tally)
    run_state_machine_as_test(hypothesis.seed(SEED)(tested) if SEED else tested, settings=wanted)
    return tally


# One step of a walk: what it does and how often, beside the others.
WRITES_AND_RUNS: tuple[tuple[int, Callable[[Any, random.Random], None]], ...] = (
    (8, lambda state, chance: state.write(seed=chance.getrandbits(32), count=chance.randint(1, 10))),
    (3, lambda state, chance: state.write_some_and_roll_back_more(chance.getrandbits(32), chance.random() < 0.5)),
    (
        4,
        lambda state, chance: state.write_in_a_session_that_commits_later(
            chance.getrandbits(32), chance.randint(0, 1), chance.choice(LEVELS), chance.randint(1, 3)
        ),
    ),
    (3, lambda state, chance: state.finish_late(chance.randint(0, 1), chance.random() < 0.8)),
    (5, lambda state, chance: state.refresh_and_check(chance.random() < 0.5)),
    (5, lambda state, chance: state.run_one_view_out_of_order(chance.randint(0, 50))),
)

CLOCK: tuple[tuple[int, Callable[[Any, random.Random], None]], ...] = (
    (2, lambda state, chance: state.move_the_clock(chance.choice((1, 1, 2, 7, 31, 365, -3)), chance.choice((0, 90)))),
    (1, lambda state, chance: state.move_to_a_day_that_is_special(chance.choice(MOMENTS))),
    (
        2,
        lambda state, chance: state.move_to_when_time_alone_changes_a_row(
            chance.randint(0, 50), chance.choice((0, -1))
        ),
    ),
    (1, lambda state, chance: state.move_to_another_zone(chance.choice(ZONES))),
)


def walk(site: Site, steps: int, seed: int = 1, calm: bool = False) -> Tally:
    """One long sequence of the same steps over one database, for domains whose databases are slow to copy.

    Hypothesis would choose better, but begin each of many examples anew. A failure names the statements since the last check.
    ``calm``: the clock stands still and no table is truncated. Both lead to whole recomputes, which hide a lost key.
    """
    tally = Tally()
    chance = random.Random(SEED or seed)
    weights, moves = zip(*(WRITES_AND_RUNS if calm else WRITES_AND_RUNS + CLOCK), strict=True)
    state = machine(site, tally)()
    state.kinds = KINDS[:-1] if calm else KINDS
    try:
        state.first(zone=chance.choice(ZONES))
        for move in chance.choices(moves, weights, k=STEPS or steps):
            move(state, chance)
            state.views_inside_the_writers_transaction_are_right_at_any_time()
        for number in range(len(state.late)):
            state.finish_late(number, True)
        state.refresh_and_check(True)
    finally:
        state.stack.close()
    return tally
