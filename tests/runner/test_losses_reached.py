"""What a way down takes along through foreign keys, partitions, inheritance, rules and triggers, compared with the truth.

One database for all: each statement runs in a transaction that is rolled back, and the rows of every table before and
after say what it really took. What is told must cover that, and where nothing hidden is at work must be exactly that.
"""

from collections import Counter
from pathlib import Path

import psycopg
import pytest

from tidemark import db
from tidemark.deploy.plan import preview
from tidemark.deploy.rollback import loss
from tidemark.deploy.statements import parse
from tidemark.errors import FileProblem
from tidemark.files import SqlFile

# The other end of a foreign key, by what becomes of it.
ACTIONS = {
    "cascade": "ON DELETE CASCADE ON UPDATE CASCADE",
    "null": "ON DELETE SET NULL ON UPDATE SET NULL",
    "dflt": "ON DELETE SET DEFAULT ON UPDATE SET DEFAULT",
    "restrict": "ON DELETE RESTRICT ON UPDATE RESTRICT",
    "noaction": "",
    "deferred": "DEFERRABLE INITIALLY DEFERRED",
    "later": "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
}
KEYS = "".join(
    f"""
CREATE TABLE r.p_{name} (id integer PRIMARY KEY, note text);
CREATE TABLE r.c_{name} (id integer PRIMARY KEY, p_id integer DEFAULT 0 REFERENCES r.p_{name} {action});
INSERT INTO r.p_{name} VALUES (0, 'x'), (1, 'x'), (2, 'x');
INSERT INTO r.c_{name} VALUES (1, 1), (2, 2);
"""
    for name, action in ACTIONS.items()
)
UP = f"""
CREATE SCHEMA r;
{KEYS}
CREATE TABLE r.a (id integer PRIMARY KEY);
CREATE TABLE r.b (id integer PRIMARY KEY, a_id integer REFERENCES r.a ON DELETE CASCADE);
CREATE TABLE r.c (id integer PRIMARY KEY, b_id integer REFERENCES r.b ON DELETE CASCADE);
CREATE TABLE r.d (id integer PRIMARY KEY, c_id integer REFERENCES r.c ON DELETE SET NULL);
CREATE TABLE r.e (id integer PRIMARY KEY, d_id integer REFERENCES r.d ON UPDATE CASCADE);
INSERT INTO r.a VALUES (1); INSERT INTO r.b VALUES (1, 1); INSERT INTO r.c VALUES (1, 1); INSERT INTO r.d VALUES (1, 1);
INSERT INTO r.e VALUES (1, 1);
CREATE TABLE r.node (id integer PRIMARY KEY, above integer REFERENCES r.node ON DELETE CASCADE);
INSERT INTO r.node VALUES (1, NULL), (2, 1);
CREATE TABLE r.pair (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE r.pairs (id integer PRIMARY KEY, a integer, b integer, FOREIGN KEY (a, b) REFERENCES r.pair ON DELETE SET NULL (b));
INSERT INTO r.pair VALUES (1, 1); INSERT INTO r.pairs VALUES (1, 1, 1);
CREATE TABLE r.whole (id integer PRIMARY KEY, note text) PARTITION BY RANGE (id);
CREATE TABLE r.whole_1 PARTITION OF r.whole FOR VALUES FROM (0) TO (10);
CREATE TABLE r.whole_2 PARTITION OF r.whole FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE r.whole_2_1 PARTITION OF r.whole_2 FOR VALUES FROM (10) TO (20);
CREATE TABLE r.piece (id integer, whole_id integer REFERENCES r.whole ON DELETE CASCADE) PARTITION BY LIST (id);
CREATE TABLE r.piece_1 PARTITION OF r.piece FOR VALUES IN (1);
CREATE TABLE r.piece_rest PARTITION OF r.piece DEFAULT;
CREATE TABLE r.some (id integer, p_id integer) PARTITION BY LIST (id);
CREATE TABLE r.some_1 PARTITION OF r.some FOR VALUES IN (1);
CREATE TABLE r.p_some (id integer PRIMARY KEY);
ALTER TABLE r.some_1 ADD FOREIGN KEY (p_id) REFERENCES r.p_some ON DELETE CASCADE;
INSERT INTO r.whole VALUES (1, 'x'), (11, 'x'); INSERT INTO r.piece VALUES (1, 1), (2, 11);
INSERT INTO r.p_some VALUES (1); INSERT INTO r.some VALUES (1, 1);
CREATE TABLE r.base (id integer PRIMARY KEY, note text);
CREATE TABLE r.heir (CONSTRAINT heir_pkey PRIMARY KEY (id)) INHERITS (r.base);
CREATE TABLE r.of_heir (id integer PRIMARY KEY, heir_id integer REFERENCES r.heir ON DELETE CASCADE);
INSERT INTO r.heir VALUES (1, 'x'); INSERT INTO r.of_heir VALUES (1, 1);
CREATE TABLE r.log (id integer); INSERT INTO r.log VALUES (1);
CREATE FUNCTION r.tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM r.log; RETURN coalesce(new, old); END';
CREATE TABLE r.p_trigger (id integer PRIMARY KEY);
CREATE TABLE r.audited (id integer PRIMARY KEY, p_id integer REFERENCES r.p_trigger ON DELETE CASCADE);
CREATE TRIGGER audited AFTER DELETE ON r.audited FOR EACH ROW EXECUTE FUNCTION r.tg();
CREATE TABLE r.p_rule (id integer PRIMARY KEY);
CREATE TABLE r.ruled (id integer PRIMARY KEY, p_id integer REFERENCES r.p_rule ON DELETE CASCADE);
CREATE RULE ruled AS ON DELETE TO r.ruled DO ALSO DELETE FROM r.log;
INSERT INTO r.p_trigger VALUES (1); INSERT INTO r.audited VALUES (1, 1); INSERT INTO r.p_rule VALUES (1); INSERT INTO r.ruled VALUES (1, 1);
CREATE TABLE r.parted (id integer) PARTITION BY LIST (id);
CREATE TABLE r.parted_1 PARTITION OF r.parted FOR VALUES IN (1);
CREATE TRIGGER parted_1 BEFORE DELETE ON r.parted_1 FOR EACH ROW EXECUTE FUNCTION r.tg();
CREATE TABLE r.emptied (id integer); INSERT INTO r.emptied VALUES (1);
CREATE TRIGGER emptied BEFORE TRUNCATE ON r.emptied FOR EACH STATEMENT EXECUTE FUNCTION r.tg();
CREATE TABLE r.off (id integer); INSERT INTO r.off VALUES (1); INSERT INTO r.parted VALUES (1);
CREATE TRIGGER off AFTER INSERT ON r.off FOR EACH ROW EXECUTE FUNCTION r.tg();
ALTER TABLE r.off DISABLE TRIGGER off;
CREATE VIEW r.seen AS SELECT id, note FROM r.p_null;
CREATE VIEW r.wiped AS SELECT 1 AS id;
CREATE RULE wiped AS ON DELETE TO r.wiped DO INSTEAD DELETE FROM r.log;
CREATE VIEW r.triggered AS SELECT 1 AS id;
CREATE TRIGGER triggered INSTEAD OF DELETE ON r.triggered FOR EACH ROW EXECUTE FUNCTION r.tg();
CREATE TABLE r.made (id integer PRIMARY KEY, name text, initial text GENERATED ALWAYS AS (left(name, 3)) STORED, n numeric);
CREATE TABLE r.made_of (id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY LIST (id);
CREATE TABLE r.made_of_1 PARTITION OF r.made_of FOR VALUES IN (1);
CREATE FUNCTION r.short(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN left($1, 2);
CREATE TABLE r.shortened (name text, short text GENERATED ALWAYS AS (r.short(name)) STORED);
CREATE DOMAIN r.code AS text;
CREATE TABLE r.coded (name text, code r.code GENERATED ALWAYS AS (left(name, 1)) STORED);
INSERT INTO r.made (id, name, n) VALUES (1, 'abc', 1.5); INSERT INTO r.made_of VALUES (1);
INSERT INTO r.shortened VALUES ('abc'); INSERT INTO r.coded VALUES ('abc');
"""

D, C, T, X = "deletes from", "changes", "empties", "drops"
# What exactly is told: effect and relation.
TAKES = {
    "cascade": ("DELETE FROM r.p_cascade", {(D, "r.p_cascade"), (D, "r.c_cascade")}),
    "cascade of a key": ("UPDATE r.p_cascade SET id = id + 10", {(C, "r.p_cascade"), (C, "r.c_cascade")}),
    "set null": ("DELETE FROM r.p_null", {(D, "r.p_null"), (C, "r.c_null")}),
    "set null of a key": ("UPDATE r.p_null SET id = id + 10", {(C, "r.p_null"), (C, "r.c_null")}),
    "set default": ("DELETE FROM r.p_dflt WHERE id > 0", {(D, "r.p_dflt"), (C, "r.c_dflt")}),
    "set default of a key": ("UPDATE r.p_dflt SET id = id + 10 WHERE id > 0", {(C, "r.p_dflt"), (C, "r.c_dflt")}),
    "restrict": ("DELETE FROM r.p_restrict WHERE id = 0", {(D, "r.p_restrict")}),
    "no action": ("DELETE FROM r.p_noaction WHERE id = 0", {(D, "r.p_noaction")}),
    "deferred": ("DELETE FROM r.p_deferred WHERE id = 0", {(D, "r.p_deferred")}),
    "deferred cascade": ("DELETE FROM r.p_later", {(D, "r.p_later"), (D, "r.c_later")}),
    "truncate of no action": ("TRUNCATE r.p_noaction CASCADE", {(T, "r.p_noaction"), (T, "r.c_noaction")}),
    "truncate of restrict": ("TRUNCATE r.p_restrict CASCADE", {(T, "r.p_restrict"), (T, "r.c_restrict")}),
    "truncate of both": ("TRUNCATE r.p_null, r.c_null", {(T, "r.p_null"), (T, "r.c_null")}),
    "a chain": ("DELETE FROM r.a", {(D, "r.a"), (D, "r.b"), (D, "r.c"), (C, "r.d"), (C, "r.e")}),
    "a chain emptied": ("TRUNCATE r.a CASCADE", {(T, f"r.{name}") for name in "abcde"}),
    "a table of itself": ("DELETE FROM r.node WHERE id = 1", {(D, "r.node")}),
    "one column of two": ("DELETE FROM r.pair", {(D, "r.pair"), (C, "r.pairs")}),
    "a merge": (
        "MERGE INTO r.p_cascade AS p USING r.c_cascade AS c ON p.id = c.p_id WHEN MATCHED THEN DELETE",
        {(C, "r.p_cascade"), (C, "r.c_cascade")},
    ),
    "in WITH": (
        "WITH x AS (DELETE FROM r.p_null RETURNING 1) SELECT count(*) FROM x",
        {(D, "r.p_null"), (C, "r.c_null")},
    ),
    "partitions and theirs": ("DELETE FROM r.whole", {(D, "r.whole"), (D, "r.piece")}),
    "one partition": ("DELETE FROM r.whole_1", {(D, "r.whole_1"), (D, "r.piece")}),
    "a partition of a partition": ("DELETE FROM r.whole_2", {(D, "r.whole_2"), (D, "r.piece")}),
    "a partition emptied": ("TRUNCATE r.piece_1", {(T, "r.piece_1")}),
    "partitions emptied": ("TRUNCATE r.whole CASCADE", {(T, "r.whole"), (T, "r.piece")}),
    "a partition dropped": ("DROP TABLE r.piece_rest", {(X, "r.piece_rest")}),
    "partitions dropped": ("DROP TABLE r.piece, r.whole", {(X, "r.piece"), (X, "r.whole")}),
    "a key of one partition": ("DELETE FROM r.p_some", {(D, "r.p_some"), (D, "r.some_1")}),
    "heirs": ("DELETE FROM r.base", {(D, "r.base"), (D, "r.of_heir")}),
    "heirs emptied": ("TRUNCATE r.base CASCADE", {(T, "r.base"), (T, "r.of_heir")}),
    "an heir dropped": ("DROP TABLE r.heir CASCADE", {(X, "r.heir")}),
    "heirs dropped": ("DROP TABLE r.base CASCADE", {(X, "r.base")}),
    "a column of heirs": ("ALTER TABLE r.base DROP COLUMN note", {("drops column", "r.base")}),
    "a column of partitions": ("ALTER TABLE r.whole DROP COLUMN note", {("drops column", "r.whole")}),
    "a narrower column": ("ALTER TABLE r.made ALTER n TYPE integer", {("retypes column", "r.made")}),
}
# Something hidden is at work, so it cannot be told what else goes.
HIDDEN = {
    "a trigger behind a key": "DELETE FROM r.p_trigger",
    "a rule behind a key": "DELETE FROM r.p_rule",
    "a trigger of a partition": "DELETE FROM r.parted",
    "a trigger of truncate": "TRUNCATE r.emptied",
    "a rule of a view": "DELETE FROM r.wiped",
    "a trigger of a view": "DELETE FROM r.triggered",
    "a trigger switched on": "ALTER TABLE r.off ENABLE TRIGGER off; INSERT INTO r.off VALUES (2)",
    "a trigger made": "CREATE TRIGGER t AFTER INSERT ON r.made FOR EACH ROW EXECUTE FUNCTION r.tg(); INSERT INTO r.made VALUES (9)",
    "a rule made": "CREATE RULE t AS ON INSERT TO r.made DO ALSO DELETE FROM r.log; INSERT INTO r.made VALUES (9)",
    "a key made": "ALTER TABLE r.log ADD FOREIGN KEY (id) REFERENCES r.made ON DELETE CASCADE; DELETE FROM r.made",
    "a parent made": "ALTER TABLE r.log ADD COLUMN note text; ALTER TABLE r.log ALTER id SET NOT NULL; "
    "ALTER TABLE r.log INHERIT r.base; DELETE FROM r.base WHERE note IS NULL",
}
KEEPS = {
    "a generated column": "ALTER TABLE r.made DROP COLUMN initial",
    "a generated column retyped": "ALTER TABLE r.made ALTER initial TYPE varchar(3)",
    "a generated column retyped to a domain": "ALTER TABLE r.made ALTER initial TYPE r.code",
    "a generated column without its expression": "ALTER TABLE r.made ALTER initial DROP EXPRESSION",
    "a generated column of partitions": "ALTER TABLE r.made_of DROP COLUMN twice",
    "a generated column of partitions retyped": "ALTER TABLE r.made_of ALTER twice TYPE bigint",
    "a generated column with its function": "DROP FUNCTION r.short(text) CASCADE",
    "a generated column with its domain": "DROP DOMAIN r.code CASCADE",
    "a trigger that is off": "INSERT INTO r.off VALUES (2)",
    "an insert beside keys": "INSERT INTO r.p_cascade VALUES (9)",
    "an insert into partitions": "INSERT INTO r.whole VALUES (3)",
    "an insert beside a key to a trigger": "INSERT INTO r.p_trigger VALUES (9)",
    "a key": "ALTER TABLE r.c_cascade DROP CONSTRAINT c_cascade_p_id_fkey",
    "a partition detached": "ALTER TABLE r.piece DETACH PARTITION r.piece_1",
    "a trigger": "DROP TRIGGER audited ON r.audited",
    "a rule": "DROP RULE ruled ON r.ruled",
    "a view": "DROP VIEW r.seen",
}


@pytest.fixture(scope="module")
def filled(server):
    with server.database() as name:
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute(UP)
            connection.execute("ANALYZE")
        yield server.dsn(name)


def told(dsn, text):
    with db.connect(dsn) as connection:
        return loss.of(connection, SqlFile("migrations/a.rollback.sql", Path("a.rollback.sql"), f"{text};"))


COLUMNS = """
SELECT cls.oid::regclass::text, att.attname
FROM pg_class AS cls INNER JOIN pg_attribute AS att ON att.attrelid = cls.oid
WHERE cls.relnamespace = 'r'::regnamespace AND cls.relkind = 'r' AND att.attnum > 0 AND NOT att.attisdropped
    AND (att.attgenerated = '' OR %s)
"""


def rows_of(connection, *, generated=False):
    """Every value of every table that holds rows itself: table to column to a count of rows by key and value."""
    found = {}
    for table, column in connection.execute(COLUMNS, [generated]).fetchall():
        values = connection.execute(f"SELECT t.{column}::text FROM ONLY {table} AS t").fetchall()
        found.setdefault(table, {})[column] = Counter(value for (value,) in values if value is not None)
    return found


def really_lost(dsn, text):
    """Tables of which a value that was there is not there afterwards."""
    with psycopg.connect(dsn) as connection:
        before = rows_of(connection)
        connection.execute(text)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        after = rows_of(connection, generated=True)
        connection.rollback()
    return {
        table
        for table, columns in before.items()
        for column, values in columns.items()
        if values - after.get(table, {}).get(column, Counter())
    }


def above(dsn, table):
    """The table and those whose part it is."""
    ancestors = """WITH RECURSIVE up AS (SELECT to_regclass(%s)::oid AS oid
        UNION SELECT inh.inhparent FROM up INNER JOIN pg_inherits AS inh ON up.oid = inh.inhrelid)
        SELECT oid::regclass::text FROM up"""
    with psycopg.connect(dsn) as connection:
        return {name for (name,) in connection.execute(ancestors, [table])}


@pytest.mark.parametrize(("text", "expected"), TAKES.values(), ids=TAKES.keys())
def test_what_goes_along_is_told_exactly(filled, text, expected):
    found = told(filled, text)
    assert {(one.effect, one.relation) for one in found} == expected
    lost = really_lost(filled, text)
    assert lost
    named = {one.relation for one in found}
    assert [table for table in lost if not named & above(filled, table)] == []


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN.keys())
def test_where_something_hidden_is_at_work_nothing_is_promised(filled, text):
    assert "r.log" in really_lost(filled, text)
    assert "unknown" in {one.effect for one in told(filled, text)}


@pytest.mark.parametrize("text", KEEPS.values(), ids=KEEPS.keys())
def test_what_takes_nothing_is_told_as_nothing(filled, text):
    assert told(filled, text) == []
    assert really_lost(filled, text) == set()


@pytest.mark.parametrize("text", [KEEPS[name] for name in KEEPS if name.startswith("a generated column")][:6])
def test_the_plan_calls_no_generated_value_lost(filled, text, project, runner_on):
    project.migration("0001_next", f"{text};")
    runner = runner_on(filled)
    (one,) = preview.preview(runner.connection, runner.files).statements
    assert (one.lost, one.risk) == (None, "low")


COPIES = {
    "as pg_dump writes it": (
        "CREATE TABLE s.t (a integer, b text);\n\nCOPY s.t (a, b) FROM stdin;\n1\tit's\n\\.\n",
        4,
    ),
    "with options": ("COPY s.t\nFROM STDIN WITH (FORMAT csv, DELIMITER ';');\n1,x\n2,y\n\\.\nSELECT 'x';\n", 2),
    "without an end": ("copy s.t from stdin;\nabc\tdef\n", 2),
    "of no rows": ("COPY s.t FROM stdin;\n\\.\n", 2),
}


@pytest.mark.parametrize(("text", "line"), COPIES.values(), ids=COPIES.keys())
def test_rows_after_copy_are_named_with_what_to_write(text, line):
    file = SqlFile("migrations/0001.sql", Path("0001.sql"), f"-- x\n{text}")
    with pytest.raises(FileProblem, match=r"rows after COPY s\.t( \(a, b\))? FROM stdin") as caught:
        parse.statements(file)
    assert caught.value.hint.startswith("Write them as INSERT statements")
    assert caught.value.where == f"migrations/0001.sql, line {line}"


def test_another_mistake_beside_a_copy_is_told_as_what_it_is():
    file = SqlFile(
        "migrations/0001.sql", Path("0001.sql"), "COPY s.t FROM '/tmp/x';\nSELEC 1;\n-- COPY s.t FROM stdin;\n"
    )
    with pytest.raises(FileProblem, match="not valid SQL"):
        parse.statements(file)
