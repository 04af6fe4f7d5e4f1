"""One account of a statement: what it takes away is told alike to plan, to rollback and to making way.

Each rollback file below lost rows or values without a word in an earlier release, or is of the same kind.
"""

import psycopg
import pytest

from tidemark.deploy.apply import replace
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.plan import preview
from tidemark.deploy.rollback import loss
from tidemark.deploy.statements import losses, parse
from tidemark.errors import UsageProblem

UP = """
CREATE SCHEMA shop;
CREATE TABLE shop.country (country_id integer PRIMARY KEY);
CREATE TABLE shop.customer (
    customer_id integer PRIMARY KEY, country_id integer REFERENCES shop.country, seen_at timestamptz, name varchar(50),
    label varchar(50) DEFAULT 'x',
    initial text GENERATED ALWAYS AS (left(name, 1)) STORED
);
CREATE TABLE shop.orders (
    order_id integer PRIMARY KEY, customer_id integer REFERENCES shop.customer ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE shop.notes (
    note_id integer PRIMARY KEY, order_id integer REFERENCES shop.orders ON DELETE SET NULL, body text
);
CREATE TABLE shop.empty (empty_id integer PRIMARY KEY);
CREATE TABLE shop.log (at date NOT NULL, line text) PARTITION BY RANGE (at);
CREATE TABLE shop.log_2025 PARTITION OF shop.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop.base (a integer);
CREATE TABLE shop.child (b integer) INHERITS (shop.base);
CREATE TYPE shop.kind AS ENUM ('a', 'b');
CREATE TABLE shop.typed (kind shop.kind);
CREATE TABLE shop.audited (a integer);
CREATE TABLE shop.ruled (a integer);
CREATE FUNCTION shop.wipe() RETURNS integer LANGUAGE sql AS 'DELETE FROM shop.customer; SELECT 1';
CREATE FUNCTION shop.tg_audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM shop.customer; RETURN NULL; END';
CREATE RULE gone AS ON UPDATE TO shop.ruled DO ALSO DELETE FROM shop.customer;
CREATE VIEW shop.names AS SELECT customer_id, name FROM shop.customer;
INSERT INTO shop.customer (customer_id, seen_at, name) SELECT n, now() + n * interval '1 s', 'n' || n FROM generate_series(1, 10) n;
INSERT INTO shop.orders SELECT n, n FROM generate_series(1, 10) n;
INSERT INTO shop.notes SELECT n, n, 'x' FROM generate_series(1, 10) n;
INSERT INTO shop.log VALUES ('2025-05-05', 'x');
INSERT INTO shop.child VALUES (1, 1);
INSERT INTO shop.typed VALUES ('a');
INSERT INTO shop.audited VALUES (1);
INSERT INTO shop.ruled VALUES (1);
CREATE TRIGGER audit AFTER INSERT OR DELETE ON shop.audited FOR EACH STATEMENT EXECUTE FUNCTION shop.tg_audit();
"""
EVERYTHING = (
    "SELECT md5(string_agg(line, '|' ORDER BY line)) FROM ("
    + " UNION ALL ".join(
        f"SELECT '{table}' || t::text AS line FROM shop.{table} AS t"
        for table in ("customer", "orders", "notes", "log", "base", "typed", "audited", "ruled")
    )
    + ") AS lines"
)

TAKES = {
    "a": "TRUNCATE shop.country CASCADE",
    "b": "ALTER TABLE shop.customer ALTER COLUMN seen_at TYPE date USING seen_at::date",
    "b without USING": "ALTER TABLE shop.customer ALTER COLUMN seen_at TYPE date",
    "b shorter": "ALTER TABLE shop.customer ALTER COLUMN customer_id TYPE smallint",
    "c": "WITH gone AS (DELETE FROM shop.customer RETURNING 1) SELECT count(*) FROM gone",
    "c update": "WITH gone AS (UPDATE shop.customer SET name = '' RETURNING 1) SELECT count(*) FROM gone",
    "c in a table": "CREATE TABLE shop.kept AS WITH gone AS (SELECT shop.wipe() AS w) SELECT w FROM gone",
    "c explained": "EXPLAIN (ANALYZE) DELETE FROM shop.customer",
    "d": "SELECT shop.wipe()",
    "d in a default": "ALTER TABLE shop.empty ADD COLUMN w integer DEFAULT shop.wipe()",
    "d unqualified": "SELECT wipe()",
    "e owned": "DROP OWNED BY CURRENT_USER",
    "e upsert": "INSERT INTO shop.customer (customer_id) VALUES (1) ON CONFLICT (customer_id) DO UPDATE SET name = ''",
    "e insert of a call": "INSERT INTO shop.empty SELECT shop.wipe()",
    "a foreign key that cascades": "DELETE FROM shop.customer",
    "a foreign key that sets NULL": "DELETE FROM shop.orders",
    "a foreign key that follows": "UPDATE shop.customer SET customer_id = customer_id + 100",
    "a partition": "TRUNCATE shop.log",
    "a detached partition": "ALTER TABLE shop.log DETACH PARTITION shop.log_2025; DROP TABLE shop.log_2025",
    "an inheriting table": "DELETE FROM shop.base",
    "an inheriting table dropped": "DROP TABLE shop.base CASCADE",
    "a column of heirs": "ALTER TABLE shop.base DROP COLUMN a",
    "a trigger": "INSERT INTO shop.audited VALUES (2)",
    "a trigger of an empty delete": "DELETE FROM shop.audited WHERE false",
    "a rule": "UPDATE shop.ruled SET a = 2 WHERE false",
    "a view": "DELETE FROM shop.names",
    "a type": "DROP TYPE shop.kind CASCADE",
    "a merge": "MERGE INTO shop.customer USING shop.orders ON true WHEN MATCHED THEN DELETE",
    "a name that moves": "ALTER TABLE shop.customer RENAME TO clients; TRUNCATE shop.clients CASCADE",
    "a column that moves": "ALTER TABLE shop.notes RENAME COLUMN body TO text; ALTER TABLE shop.notes DROP COLUMN text",
    "a path that moves": "SET LOCAL search_path = shop; TRUNCATE orders CASCADE",
    "a block": "DO $$ BEGIN DELETE FROM shop.customer; END $$",
    "a prepared statement": "PREPARE gone AS DELETE FROM shop.notes; EXECUTE gone",
    "a large object": "SELECT lo_unlink(1)",
}
KEEPS = {
    "a generated column": "ALTER TABLE shop.customer DROP COLUMN initial",
    "a wider type": "ALTER TABLE shop.customer ALTER COLUMN label TYPE text; ALTER TABLE shop.notes ALTER COLUMN note_id TYPE bigint",
    "a longer type": "ALTER TABLE shop.customer ALTER COLUMN label TYPE varchar(80)",
    "an empty table": "DROP TABLE shop.empty",
    "an empty truncate": "TRUNCATE shop.empty",
    "a view with its users": "DROP VIEW shop.names CASCADE",
    "a function": "DROP FUNCTION shop.wipe() CASCADE",
    "a definition": "CREATE OR REPLACE FUNCTION shop.f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT shop.wipe(); END",
    "a select": "SELECT count(*), lower(name) FROM shop.customer GROUP BY 2",
    "an insert": "INSERT INTO shop.empty SELECT 1",
    "a constraint": "ALTER TABLE shop.orders DROP CONSTRAINT orders_customer_id_fkey",
    "rights": "REVOKE ALL ON shop.customer FROM PUBLIC; COMMENT ON TABLE shop.customer IS 'x'",
}


@pytest.fixture
def shop(project, runner):
    def make(down: str):
        project.migration("0001_shop", UP)
        project.migration("0002_change", "SELECT 1;", f"{down};", depends="0001_shop")
        runner.apply()
        return runner

    return make


@pytest.mark.parametrize("down", TAKES.values(), ids=TAKES.keys())
def test_a_rollback_that_takes_something_is_refused(shop, down):
    runner = shop(down)
    before = runner.query(EVERYTHING)
    with pytest.raises(UsageProblem, match="--allow-data-loss"):
        runner.rollback(allow_data_loss=False)
    assert runner.query(EVERYTHING) == before


@pytest.mark.parametrize("down", KEEPS.values(), ids=KEEPS.keys())
def test_a_rollback_that_keeps_everything_needs_no_permission(shop, down):
    runner = shop(down)
    before = runner.query(
        "SELECT count(*), sum(customer_id), string_agg(name, ',' ORDER BY customer_id) FROM shop.customer"
    )
    assert runner.rollback(allow_data_loss=False) == ["0002_change"]
    after = runner.query(
        "SELECT count(*), sum(customer_id), string_agg(name, ',' ORDER BY customer_id) FROM shop.customer"
    )
    assert before == after


@pytest.mark.parametrize(
    "kind",
    [
        name
        for name in dir(parse.ast)
        if name.endswith("Stmt") and name not in ("RawStmt", "PLAssignStmt", "ReturnStmt", "SetOperationStmt")
    ],
)
def test_every_kind_of_statement_is_told_in_one_way(kind):
    """One that a later PostgreSQL brings is unknown until somebody looked at it."""
    told = [kind in names for names in (losses._HARMLESS, losses._TOLD_BY_PARTS, losses.UNKNOWN)]
    told.append(kind in ("DropStmt", "AlterTableStmt", "TruncateStmt"))
    assert sum(told) <= 1
    assert any(told)


READERS = {
    name: TAKES[name]
    for name in (
        "a",
        "b",
        "c",
        "d",
        "d in a default",
        "e owned",
        "e insert of a call",
        "a foreign key that cascades",
        "a block",
        "a type",
    )
}


@pytest.mark.parametrize("text", READERS.values(), ids=READERS.keys())
def test_the_plan_tells_of_it_too(shop, project, text):
    """As a migration up: the plan says what is lost, or that it cannot be told; never that it is harmless."""
    runner = shop("SELECT 1")
    project.migration("0003_up", f"{text};", depends="0002_change")
    (told,) = preview.preview(runner.connection, runner.files).statements
    assert told.risk != "none"
    assert loss.of(runner.connection, next(file for file in _files(runner) if "0003" in file.path))


def test_a_delete_inside_with_takes_the_lock_of_a_delete(shop, project):
    runner = shop("SELECT 1")
    project.migration("0003_up", f"{TAKES['c']};", depends="0002_change")
    (told,) = preview.preview(runner.connection, runner.files).statements
    assert {(one.relation, one.lock) for one in told.touches} >= {("shop.customer", "ROW EXCLUSIVE")}


def test_making_way_reads_the_same_account(shop, project):
    runner = shop("ALTER TABLE shop.customer ALTER COLUMN name TYPE text")
    file = next(file for file in _files(runner) if "0002" in file.path)
    (address,) = replace.roots_of(runner.connection, file)
    with psycopg.connect(runner.dsn) as connection:
        assert connection.execute("SELECT %s::oid = 'shop.customer'::regclass", [address.objid]).fetchone() == (True,)


def _files(runner):
    found = bookkeeping.read(runner.files)
    return [file for one in found for file in (one.rollback_file or one.file,)]
