"""Random schedules of several sessions, DDL and declarations; the oracle: nothing wrong is ever called fresh.

One thread drives all sessions, so a seed is a schedule. A step that would wait for another session gives up after a moment
(55P03) and is skipped. After each step, in one snapshot, every stored view that calls itself fresh must equal its live twin; a
writer or reader never gets any other error. In the end, with all transactions over and capture on again, two ticks must leave
every view right and fresh.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import psycopg

SETUP = """
    CREATE SCHEMA toy;
    CREATE TYPE toy.state AS ENUM ('open', 'done');
    CREATE TABLE toy.t (k int PRIMARY KEY, v int NOT NULL DEFAULT 0, g int, s toy.state NOT NULL DEFAULT 'open', ends date);
    CREATE TABLE toy.u (id int PRIMARY KEY, g int, x int NOT NULL DEFAULT 0);
    CREATE TABLE toy.p (k int, d int, v int) PARTITION BY LIST (d);
    CREATE TABLE toy.p1 PARTITION OF toy.p FOR VALUES IN (1);
    CREATE TABLE toy.p2 PARTITION OF toy.p FOR VALUES IN (2);
    CREATE TABLE toy.spare (k int, d int, v int);
    INSERT INTO toy.spare VALUES (1, 2, 77), (5, 2, 78);
    CREATE FUNCTION toy.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + 1';
    INSERT INTO toy.t SELECT i, i, i % 3, 'open', current_date + i - 4 FROM generate_series(1, 8) AS i;
    INSERT INTO toy.u SELECT i, i % 3, i FROM generate_series(1, 6) AS i;
    INSERT INTO toy.p SELECT 1 + i % 5, 1 + i % 2, i FROM generate_series(1, 8) AS i
"""

# per stored view: its live twin in several versions (same columns), key, more arguments, mappings
VIEWS: dict[str, tuple[list[str], str, str, dict[str, str]]] = {
    "toy.plain": (["SELECT k, v FROM toy.t", "SELECT k, v * 2 AS v FROM toy.t", "SELECT k, v FROM toy.t WHERE v % 2 = 0"],
        "k", "", {"toy.t": "SELECT k FROM changed"}),
    "toy.rule": (["SELECT k, toy.f(v) AS v, s::text AS s FROM toy.t", "SELECT k, toy.f(v) + 1 AS v, s::text AS s FROM toy.t"],
        "k", "", {"toy.t": "SELECT k FROM changed"}),
    "toy.linked": (["SELECT t.k, t.v, (SELECT sum(u.x) FROM toy.u WHERE u.g = t.g) AS x FROM toy.t",
                    "SELECT t.k, t.v, (SELECT max(u.x)::bigint FROM toy.u WHERE u.g = t.g) AS x FROM toy.t"],
        "k", "", {"toy.t": "SELECT k FROM changed WHERE g IS NOT NULL OR TRUE", "toy.u": "SELECT t.k FROM changed JOIN t USING (g)"}),
    "toy.grouped": (["SELECT g, count(*) AS n, sum(v) AS v FROM toy.t GROUP BY g"], "g", "", {"toy.t": "SELECT g FROM changed"}),
    "toy.parts": (["SELECT k, sum(v) AS v FROM toy.p GROUP BY k", "SELECT k, max(v)::bigint AS v FROM toy.p GROUP BY k"],
        "k", "", {"toy.p": "SELECT k FROM changed"}),
    "toy.dated": (["SELECT k, ends < refresh.as_of_date() AS over, CASE WHEN ends >= refresh.as_of_date() THEN ends + 1 END AS due FROM toy.t"],
        "k", ", due => 'due'", {"toy.t": "SELECT k FROM changed"}),
    "toy.above": (["SELECT g, sum(n) AS n FROM toy.grouped GROUP BY g"], "g", "", {"toy.grouped": "SELECT g FROM changed"}),
    "toy.whole": (["SELECT count(*) AS n, sum(v) AS v FROM toy.p"], "", "", {"toy.p": "all"}),
}  # fmt: skip

WRITES = (
    "UPDATE toy.t SET v = v + 1 WHERE k = {k}",
    "UPDATE toy.t SET g = {g} WHERE k = {k}",
    "UPDATE toy.t SET ends = current_date + {k} - 4 WHERE k = {k}",
    "INSERT INTO toy.t (k, v, g, ends) VALUES ({k}, {g}, {g}, current_date) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
    "DELETE FROM toy.t WHERE k = {k}",
    "UPDATE toy.u SET x = x + 1 WHERE id = {k}",
    "UPDATE toy.u SET g = {g} WHERE id = {k}",
    "INSERT INTO toy.u (id, g, x) VALUES ({k}, {g}, 1) ON CONFLICT DO NOTHING",
    "INSERT INTO toy.p VALUES ({k}, 1 + {g} % 2, {k})",
    "UPDATE toy.p SET v = v + 1 WHERE k = {k}",
    "INSERT INTO toy.p1 VALUES ({k}, 1, {k})",
    "DELETE FROM toy.p WHERE k = {k}",
    "TRUNCATE toy.u",
)

# what a database administrator does to tables, each with its way back or its own next form
STRUCTURE = (
    "ALTER TABLE toy.t DISABLE TRIGGER USER",
    "ALTER TABLE toy.t ENABLE TRIGGER USER",
    "ALTER TABLE toy.u DISABLE TRIGGER ALL",
    "ALTER TABLE toy.u ENABLE TRIGGER ALL",
    "ALTER TABLE toy.p1 DISABLE TRIGGER USER",
    "ALTER TABLE toy.p1 ENABLE TRIGGER USER",
    "ALTER TABLE toy.p DETACH PARTITION toy.p2",
    "ALTER TABLE toy.p ATTACH PARTITION toy.p2 FOR VALUES IN (2)",
    "ALTER TABLE toy.p DETACH PARTITION toy.p2; ALTER TABLE toy.p2 RENAME TO old; ALTER TABLE toy.spare RENAME TO p2;"
    " ALTER TABLE toy.old RENAME TO spare; ALTER TABLE toy.p ATTACH PARTITION toy.p2 FOR VALUES IN (2)",
    "DROP TABLE toy.p1; CREATE TABLE toy.p1 PARTITION OF toy.p FOR VALUES IN (1)",
    "CREATE OR REPLACE FUNCTION toy.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x + {k}'",
    "ALTER TYPE toy.state RENAME VALUE 'open' TO 'pending'",
    "ALTER TYPE toy.state RENAME VALUE 'pending' TO 'open'",
    "ALTER TABLE toy.t RENAME COLUMN g TO grp",
    "ALTER TABLE toy.t RENAME COLUMN grp TO g",
    "DROP TRIGGER refresh_capture_update ON toy.t",
)

HARMLESS = {"55P03"}  # somebody was in the way
# what the table is called or has at the moment decides whether such a statement means anything
MEANINGLESS = {
    "42703",
    "42P01",
    "42704",
    "42701",
    "42P07",
    "42809",
    "55000",
    "22023",
    "23514",
    "42710",
    "0A000",
    "42P17",
}


class Wrong(AssertionError):
    """A stored view that is wrong and calls itself fresh, or an error that nobody should get."""


@dataclass
class Schedule:
    connect: Any
    seed: int
    steps: int = 30
    lines: list[str] = field(default_factory=list)

    def run(self) -> int:
        """Gives the number of oracle questions that were answered; raises Wrong with the schedule."""
        self.draw = random.Random(self.seed)
        self.asked = 0
        self.main = self.connect(lock_timeout="60ms", tidemark__clock="database")
        self.eye = self.connect(tidemark__clock="database")
        self.writers = [self.connect(lock_timeout="60ms", tidemark__clock="database") for _ in range(3)]
        self.main.execute(SETUP)
        self.lags = {view: self.draw.choice(("0", "1 minute", "1 minute")) for view in VIEWS}
        self.lags["toy.whole"] = "1 minute"
        for view in self.draw.sample(list(VIEWS), 3):
            self.declare(view)
        for _ in range(self.steps):
            self.step()
            self.judge()
        self.finish()
        for session in (self.main, self.eye, *self.writers):
            session.close()
        return self.asked

    def step(self) -> None:
        kind = self.draw.choices(
            (
                "write",
                "begin",
                "end",
                "declare",
                "redefine",
                "drop",
                "structure",
                "tick",
                "run",
                "look back",
                "bypass",
            ),
            (12, 4, 4, 5, 2, 1, 5, 4, 3, 2, 1),
        )[0]
        writer = self.draw.choice(self.writers)
        view = self.draw.choice(list(VIEWS))
        if kind == "write":
            self.write(writer)
        elif kind == "begin" and writer.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            self.do(writer, self.draw.choice(("BEGIN", "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ")))
            self.write(writer)
        elif kind == "end":
            self.do(writer, self.draw.choice(("COMMIT", "COMMIT", "ROLLBACK")))
        elif kind == "declare":
            self.declare(view)
        elif kind == "redefine":
            self.do(
                self.main, f"CREATE OR REPLACE VIEW {view}_live AS {self.draw.choice(VIEWS[view][0])}", MEANINGLESS
            )
        elif kind == "drop":
            self.do(self.main, f"SELECT refresh.drop_view('{view}')", {"42704", "2BP01"})
        elif kind == "structure":
            statement = self.draw.choice(STRUCTURE).format(k=self.draw.randint(1, 9))
            self.do(self.main, f"BEGIN; {statement}; COMMIT", MEANINGLESS)
        elif kind == "tick":
            self.do(self.main, "CALL refresh.tick()")
        elif kind == "run":
            self.do(
                self.main,
                f"SELECT mode FROM refresh.{self.draw.choice(('run', 'run', 'rebuild'))}('{view}')",
                {"42704", "55000"},
            )
        elif kind == "look back":
            day = self.draw.choice(("2020-01-01", "2040-01-01", ""))
            self.do(self.draw.choice((writer, self.main)), f"SELECT set_config('tidemark.as_of', '{day}', FALSE)")
        elif kind == "bypass":
            self.do(
                self.main,
                f"SELECT refresh.bypass('{view}', {self.draw.choice(('TRUE', 'FALSE', 'FALSE'))})",
                {"42704"},
            )

    def write(self, session: psycopg.Connection[Any]) -> None:
        statement = self.draw.choice(WRITES).format(k=self.draw.randint(1, 9), g=self.draw.randint(0, 3))
        harmless = {"40001", "23514", "40P01"}  # an older snapshot; no such partition at the moment
        if "SET g" in statement or ", g," in statement:
            harmless |= {"42703"}  # the column has its other name
        if "toy.p1" in statement:
            harmless |= {"42P01"}
        self.do(session, statement, harmless)

    def declare(self, view: str) -> None:
        definitions, key, more, mappings = VIEWS[view]
        key = f"'{{{key}}}'" if key else "NULL"
        text = "; ".join([
            "BEGIN",
            f"CREATE OR REPLACE VIEW {view}_live AS {self.draw.choice(definitions)}",
            f"SELECT refresh.store('{view}', '{view}_live', {key}{more}, target_lag => '{self.lags[view]}')",
            *(f"SELECT refresh.affects('{source}', '{view}', '{mapping}')" for source, mapping in mappings.items()),
            "COMMIT",
        ])  # fmt: skip
        # a column under its other name, or a stored view below that is not there
        self.do(self.main, text, {"42703", "42P01", "55000"})

    def do(self, session: psycopg.Connection[Any], statement: str, harmless: set[str] | None = None) -> None:
        name = "main" if session is self.main else f"writer {self.writers.index(session)}"
        try:
            session.execute(statement)
            self.lines.append(f"{name}: {statement}")
        except psycopg.Error as error:
            self.lines.append(f"{name}: {statement} -- {error.sqlstate}")
            if session.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
                session.execute("ROLLBACK")
            if error.sqlstate not in HARMLESS | (harmless or set()):
                raise Wrong(f"{error.sqlstate} {error} {error.diag.context}\n{self.story()}") from error

    def judge(self) -> None:
        with self.eye.transaction():
            self.eye.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for row in self.eye.execute("SELECT view_name, freshness_status FROM refresh.freshness").fetchall():
                if row.freshness_status != "fresh":
                    continue
                found = self.eye.execute("SELECT * FROM refresh.verify(%s)", [row.view_name]).fetchone()
                self.asked += 1
                if found is None or not found.is_equal:
                    raise Wrong(f"{row.view_name} is wrong and called fresh: {found}\n{self.story()}")

    def finish(self) -> None:
        for session in (*self.writers, self.main):
            self.do(session, "COMMIT")
            self.do(session, "SELECT set_config('tidemark.as_of', '', FALSE)")
        self.main.execute("SET lock_timeout = '5s'")
        for table in ("toy.t", "toy.u", "toy.p1"):
            self.do(self.main, f"ALTER TABLE {table} ENABLE TRIGGER USER", MEANINGLESS)
        self.do(self.main, "ALTER TABLE toy.t RENAME COLUMN grp TO g", MEANINGLESS)
        names = [row.view_name for row in self.main.execute("SELECT view_name FROM refresh.stored_views").fetchall()]
        for name in names:
            self.do(self.main, f"SELECT refresh.bypass('{name}', FALSE)")
        self.main.execute("UPDATE refresh.view_state SET retry_at = NULL")
        for _ in range(2):
            self.do(self.main, "CALL refresh.tick()")
        self.judge()
        rows = self.eye.execute(
            "SELECT view_name, freshness_status, mode, mode_reason FROM refresh.freshness"
        ).fetchall()
        late = [
            row
            for row in rows
            if row.freshness_status != "fresh" and not (row.mode == "full" and row.freshness_status == "behind")
        ]
        if late:
            log = self.eye.execute(
                "SELECT error_code, error_message FROM refresh.runs WHERE error_code IS NOT NULL"
            ).fetchall()
            raise Wrong(f"not fresh in the end: {late} {log[-3:]}\n{self.story()}")

    def story(self) -> str:
        return f"seed {self.seed}, lags {self.lags}\n" + "\n".join(self.lines)


def clean(session: psycopg.Connection[Any]) -> None:
    """Takes everything of a schedule away again, above before below."""
    session.execute("""
        DO $$
        DECLARE v_name text;
        BEGIN
            FOR v_name IN
                SELECT sv.view_name FROM refresh.stored_views AS sv LEFT JOIN refresh.dependency AS dep USING (view_id)
                GROUP BY sv.view_name ORDER BY max(dep.distance) DESC NULLS LAST
            LOOP
                EXECUTE format('DROP VIEW IF EXISTS toy.above_live');
                PERFORM refresh.drop_view(v_name);
            END LOOP;
        END $$;
        DROP SCHEMA toy CASCADE; DELETE FROM refresh.runs""")
    session.execute("CALL refresh.tick()")
