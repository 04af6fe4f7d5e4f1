"""What a plan says a statement does, compared with what PostgreSQL does: locks, and whether a table is written anew.

Each statement runs in a transaction that is rolled back; before it ends, pg_locks tells what it held.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.deploy.plan import usage
from tidemark.deploy.statements import account, parse, statement_effect
from tidemark.deploy.statements.locks_and_work import Lock, Work
from tidemark.deploy.statements.relations import Known
from tidemark.files import SqlFile

SCHEMA = """
CREATE SCHEMA s;
CREATE TABLE s.parent (parent_id bigint CONSTRAINT parent_pkey PRIMARY KEY, note text);
CREATE TABLE s.child (
    child_id bigint CONSTRAINT child_pkey PRIMARY KEY, parent_id bigint,
    short varchar(10), price numeric(10, 2), at timestamptz, local_at timestamp, fine_at timestamptz(3), day date, code text,
    checked integer CONSTRAINT checked_positive_check CHECK (checked > 0), small integer, fixed char(4),
    proven text CONSTRAINT proven_not_null_check CHECK (proven IS NOT NULL), given text NOT NULL, indexed_at timestamptz, tag text
);
ALTER TABLE s.child ADD CONSTRAINT child_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES s.parent NOT VALID;
ALTER TABLE s.child ADD CONSTRAINT short_check CHECK (short <> '') NOT VALID;
CREATE INDEX child_at_idx ON s.child (at);
CREATE INDEX child_indexed_at_idx ON s.child (indexed_at);
CREATE INDEX child_short_idx ON s.child (short);
CREATE UNIQUE INDEX child_small_key ON s.child (small);
CREATE DOMAIN s.plain AS text;
CREATE DOMAIN s.strict AS text CHECK (value <> '');
CREATE DOMAIN s.required AS text DEFAULT 'x' CHECK (value <> '');
CREATE FUNCTION s.dice() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 4; END';
CREATE FUNCTION s.fixed() RETURNS integer LANGUAGE sql STABLE RETURN 4;
CREATE FUNCTION s.tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER child_before_insert BEFORE INSERT ON s.child FOR EACH ROW EXECUTE FUNCTION s.tg();
CREATE POLICY child_policy ON s.child USING (true);
CREATE VIEW s.looks AS SELECT parent_id FROM s.parent;
CREATE MATERIALIZED VIEW s.stored AS SELECT parent_id FROM s.parent;
CREATE UNIQUE INDEX stored_key ON s.stored (parent_id);
CREATE SEQUENCE s.numbers;
CREATE TABLE s.loose (loose_id bigint NOT NULL, part integer NOT NULL);
CREATE UNLOGGED TABLE s.unlogged (a integer);
CREATE TABLE s.whole (whole_id bigint, part integer) PARTITION BY LIST (part);
CREATE TABLE s.whole_1 PARTITION OF s.whole FOR VALUES IN (1);
CREATE TABLE s.whole_rest PARTITION OF s.whole DEFAULT;
CREATE TABLE s.piece (whole_id bigint, part integer) PARTITION BY LIST (part);
CREATE TABLE s.piece_1 PARTITION OF s.piece FOR VALUES IN (1);
CREATE TABLE s.spare (whole_id bigint, part integer);
CREATE DOMAIN s.amount AS numeric CONSTRAINT amount_check CHECK (value > -1);
CREATE DOMAIN s.price AS s.amount;
CREATE TABLE s.invoice (amount s.amount, price s.price);
CREATE TABLE s.bill (bill_id bigint, price s.price) PARTITION BY LIST (bill_id);
CREATE TABLE s.bill_1 PARTITION OF s.bill FOR VALUES IN (1);
CREATE TRIGGER bill_after_insert AFTER INSERT ON s.bill FOR EACH ROW EXECUTE FUNCTION s.tg();
CREATE MATERIALIZED VIEW s.bills AS SELECT price FROM s.invoice;
ALTER DOMAIN s.amount ADD CONSTRAINT later_check CHECK (value > -2) NOT VALID;
CREATE TYPE s.state AS ENUM ('open', 'shut');
CREATE TABLE s.cases (state s.state);
CREATE TYPE s.pair AS (a integer, b text);
CREATE TABLE s.pairs OF s.pair;
CREATE TABLE s.base (a integer, b text);
CREATE TABLE s.heir () INHERITS (s.base);
CREATE RULE noted AS ON DELETE TO s.base DO ALSO SELECT 1;
CREATE STATISTICS s.stats ON short, code FROM s.child;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE s.remote (a integer) SERVER nowhere;
CREATE PUBLICATION news FOR TABLE s.base;
INSERT INTO s.parent SELECT number, 'x' FROM generate_series(1, 50) AS number;
INSERT INTO s.child SELECT number, number, 'x', 1, now(), now(), now(), now(), 'x', 1, number, 'x', 'x', 'x', now(), '1'
FROM generate_series(1, 50) AS number;
INSERT INTO s.unlogged VALUES (1);
INSERT INTO s.invoice VALUES (1, 1);
INSERT INTO s.bill VALUES (1, 1);
INSERT INTO s.cases VALUES ('open');
INSERT INTO s.pairs VALUES (1, 'x');
INSERT INTO s.whole VALUES (1, 1), (2, 2);
"""

SCHEMA_18 = """
CREATE TABLE s.strong (a integer PRIMARY KEY);
CREATE TABLE s.lax (a integer CONSTRAINT lax_a_fkey REFERENCES s.strong NOT ENFORCED);
INSERT INTO s.strong VALUES (1);
INSERT INTO s.lax VALUES (1);
"""

STATEMENTS = """
ALTER TABLE s.child ADD COLUMN extra integer
ALTER TABLE s.child ADD COLUMN extra integer DEFAULT 5 NOT NULL
ALTER TABLE s.child ADD COLUMN extra integer DEFAULT random()
ALTER TABLE s.child ADD COLUMN extra timestamptz DEFAULT now()
ALTER TABLE s.child ADD COLUMN extra timestamptz DEFAULT clock_timestamp()
ALTER TABLE s.child ADD COLUMN extra integer DEFAULT s.dice()
ALTER TABLE s.child ADD COLUMN extra integer DEFAULT s.fixed()
ALTER TABLE s.child ADD COLUMN extra bigserial
ALTER TABLE s.child ADD COLUMN extra bigint GENERATED ALWAYS AS IDENTITY
ALTER TABLE s.child ADD COLUMN extra bigint GENERATED ALWAYS AS (child_id * 2) STORED
ALTER TABLE s.child ADD COLUMN extra s.plain
ALTER TABLE s.child ADD COLUMN extra s.required
ALTER TABLE s.child ADD COLUMN extra bigint REFERENCES s.parent
ALTER TABLE s.child ADD COLUMN extra bigint DEFAULT 1 REFERENCES s.parent
ALTER TABLE s.child ADD COLUMN extra integer UNIQUE
ALTER TABLE s.child ADD COLUMN extra integer CHECK (extra > 0)
ALTER TABLE s.child DROP COLUMN code
ALTER TABLE s.child ALTER COLUMN code SET DEFAULT 'y'
ALTER TABLE s.child ALTER COLUMN code DROP DEFAULT
ALTER TABLE s.child ALTER COLUMN code SET NOT NULL
ALTER TABLE s.child ALTER COLUMN proven SET NOT NULL
ALTER TABLE s.child ALTER COLUMN given DROP NOT NULL
ALTER TABLE s.child ALTER COLUMN code SET STATISTICS 500
ALTER TABLE s.child ALTER COLUMN code SET (n_distinct = -1)
ALTER TABLE s.child ALTER COLUMN code SET STORAGE EXTERNAL
ALTER TABLE s.child ALTER COLUMN code SET COMPRESSION pglz
ALTER TABLE s.child ALTER COLUMN short TYPE varchar(20)
ALTER TABLE s.child ALTER COLUMN short TYPE varchar(5)
ALTER TABLE s.child ALTER COLUMN short TYPE varchar
ALTER TABLE s.child ALTER COLUMN short TYPE text
ALTER TABLE s.child ALTER COLUMN short TYPE text USING short::text
ALTER TABLE s.child ALTER COLUMN short TYPE text USING upper(short)
ALTER TABLE s.child ALTER COLUMN code TYPE varchar
ALTER TABLE s.child ALTER COLUMN code TYPE varchar(50)
ALTER TABLE s.child ALTER COLUMN code TYPE s.plain
ALTER TABLE s.child ALTER COLUMN code TYPE s.strict
ALTER TABLE s.child ALTER COLUMN code TYPE text COLLATE "C"
ALTER TABLE s.child ALTER COLUMN tag TYPE integer USING tag::integer
ALTER TABLE s.child ALTER COLUMN fixed TYPE char(8)
ALTER TABLE s.child ALTER COLUMN price TYPE numeric(12, 2)
ALTER TABLE s.child ALTER COLUMN price TYPE numeric(12, 3)
ALTER TABLE s.child ALTER COLUMN price TYPE numeric
ALTER TABLE s.child ALTER COLUMN small TYPE bigint
ALTER TABLE s.child ALTER COLUMN checked TYPE bigint
ALTER TABLE s.child ALTER COLUMN at TYPE timestamp
ALTER TABLE s.child ALTER COLUMN local_at TYPE timestamptz
ALTER TABLE s.child ALTER COLUMN fine_at TYPE timestamptz(6)
ALTER TABLE s.child ALTER COLUMN fine_at TYPE timestamptz(1)
ALTER TABLE s.child ALTER COLUMN at TYPE timestamptz(3)
ALTER TABLE s.child ALTER COLUMN day TYPE timestamptz
ALTER TABLE s.child ADD CONSTRAINT code_check CHECK (code <> '')
ALTER TABLE s.child ADD CONSTRAINT code_check CHECK (code <> '') NOT VALID
ALTER TABLE s.child ADD CONSTRAINT other_fkey FOREIGN KEY (parent_id) REFERENCES s.parent
ALTER TABLE s.child ADD CONSTRAINT other_fkey FOREIGN KEY (parent_id) REFERENCES s.parent NOT VALID
ALTER TABLE s.child ADD CONSTRAINT code_key UNIQUE (child_id, code)
ALTER TABLE s.child ADD CONSTRAINT small_key UNIQUE USING INDEX child_small_key
ALTER TABLE s.child ADD CONSTRAINT excl EXCLUDE USING btree (child_id WITH =)
ALTER TABLE s.child VALIDATE CONSTRAINT child_parent_id_fkey
ALTER TABLE s.child VALIDATE CONSTRAINT short_check
ALTER TABLE s.child DROP CONSTRAINT child_parent_id_fkey
ALTER TABLE s.child DROP CONSTRAINT short_check
ALTER TABLE s.child ALTER CONSTRAINT child_parent_id_fkey DEFERRABLE
ALTER TABLE s.child DISABLE TRIGGER child_before_insert
ALTER TABLE s.child ENABLE ALWAYS TRIGGER child_before_insert
ALTER TABLE s.child ENABLE ROW LEVEL SECURITY
ALTER TABLE s.child SET (fillfactor = 80)
ALTER TABLE s.child SET (autovacuum_vacuum_scale_factor = 0.01)
ALTER TABLE s.child SET (user_catalog_table = true)
ALTER TABLE s.child RESET (fillfactor)
ALTER TABLE s.child SET UNLOGGED
ALTER TABLE s.unlogged SET LOGGED
ALTER TABLE s.unlogged SET UNLOGGED
ALTER TABLE s.child REPLICA IDENTITY FULL
ALTER TABLE s.child CLUSTER ON child_at_idx
ALTER TABLE s.child OWNER TO CURRENT_USER
ALTER TABLE s.child SET SCHEMA public
ALTER TABLE s.child RENAME TO other
ALTER TABLE s.child RENAME COLUMN code TO label
ALTER TABLE s.child RENAME CONSTRAINT short_check TO other_check
ALTER TRIGGER child_before_insert ON s.child RENAME TO other
ALTER INDEX s.child_at_idx RENAME TO other
ALTER INDEX s.child_at_idx SET (fillfactor = 80)
ALTER VIEW s.looks SET (security_barrier = true)
ALTER SEQUENCE s.numbers RESTART
ALTER TABLE s.child ADD COLUMN extra integer, ALTER COLUMN code SET STATISTICS 10
ALTER TABLE s.piece ATTACH PARTITION s.spare FOR VALUES IN (3)
ALTER TABLE s.whole ATTACH PARTITION s.spare FOR VALUES IN (3)
ALTER TABLE s.piece DETACH PARTITION s.piece_1
ALTER TABLE s.piece ADD COLUMN extra integer
ALTER TABLE s.piece ALTER COLUMN whole_id TYPE integer
ALTER TABLE s.loose ADD PRIMARY KEY (loose_id)
CREATE INDEX made_idx ON s.child (code)
CREATE INDEX made_idx ON s.piece (whole_id)
DROP INDEX s.child_at_idx
DROP TABLE s.child
DROP TABLE s.loose
DROP TABLE s.piece_1
DROP TABLE s.piece
DROP VIEW s.looks
DROP MATERIALIZED VIEW s.stored
DROP SEQUENCE s.numbers
DROP TRIGGER child_before_insert ON s.child
DROP POLICY child_policy ON s.child
DROP SCHEMA s CASCADE
TRUNCATE s.child
TRUNCATE s.piece
TRUNCATE s.parent CASCADE
REINDEX INDEX s.child_at_idx
REINDEX TABLE s.child
CLUSTER s.child USING child_at_idx
REFRESH MATERIALIZED VIEW s.stored
REFRESH MATERIALIZED VIEW CONCURRENTLY s.stored
ANALYZE s.child
CREATE TRIGGER made AFTER INSERT ON s.child FOR EACH STATEMENT EXECUTE FUNCTION s.tg()
CREATE TRIGGER made AFTER INSERT ON s.piece FOR EACH ROW EXECUTE FUNCTION s.tg()
CREATE POLICY made ON s.child USING (true)
ALTER POLICY child_policy ON s.child USING (false)
CREATE RULE made AS ON DELETE TO s.loose DO INSTEAD NOTHING
CREATE OR REPLACE VIEW s.looks AS SELECT parent_id FROM s.parent
CREATE VIEW s.made AS SELECT parent_id FROM s.parent
CREATE TABLE s.made (parent_id bigint REFERENCES s.parent)
CREATE TABLE s.made (LIKE s.parent)
CREATE TABLE s.made PARTITION OF s.piece FOR VALUES IN (7)
CREATE TABLE s.made PARTITION OF s.whole FOR VALUES IN (7)
CREATE TABLE s.made () INHERITS (s.parent)
CREATE TABLE s.made AS SELECT parent_id FROM s.parent
CREATE MATERIALIZED VIEW s.made AS SELECT parent_id FROM s.parent
CREATE STATISTICS s.made ON child_id, code FROM s.child
COMMENT ON TABLE s.child IS 'x'
COMMENT ON COLUMN s.child.code IS 'x'
COMMENT ON CONSTRAINT short_check ON s.child IS 'x'
COMMENT ON VIEW s.looks IS 'x'
COMMENT ON INDEX s.child_at_idx IS 'x'
COMMENT ON TRIGGER child_before_insert ON s.child IS 'x'
GRANT SELECT ON s.child TO PUBLIC
SELECT note FROM s.parent
SELECT note FROM s.parent FOR UPDATE
INSERT INTO s.parent VALUES (1000)
UPDATE s.parent SET note = 'y' WHERE parent_id = 1
UPDATE s.parent SET note = 'y'
DELETE FROM s.loose
MERGE INTO s.loose USING s.parent ON loose_id = parent_id WHEN MATCHED THEN DELETE
LOCK TABLE s.child IN SHARE MODE
CREATE SEQUENCE s.made
CREATE SCHEMA made
CREATE TYPE s.made AS ENUM ('a')
CREATE FUNCTION s.made() RETURNS integer LANGUAGE sql RETURN 1
ALTER DOMAIN s.amount ADD CONSTRAINT more_check CHECK (value < 100)
ALTER DOMAIN s.amount ADD CONSTRAINT more_check CHECK (value < 100) NOT VALID
ALTER DOMAIN s.price ADD CONSTRAINT more_check CHECK (value < 100)
ALTER DOMAIN s.amount SET NOT NULL
ALTER DOMAIN s.amount DROP NOT NULL
ALTER DOMAIN s.amount SET DEFAULT 5
ALTER DOMAIN s.amount DROP CONSTRAINT amount_check
ALTER DOMAIN s.amount VALIDATE CONSTRAINT later_check
ALTER DOMAIN s.amount RENAME CONSTRAINT amount_check TO other_check
ALTER DOMAIN s.plain ADD CONSTRAINT more_check CHECK (value <> '')
ALTER TYPE s.state ADD VALUE 'lost'
ALTER TYPE s.state RENAME VALUE 'open' TO 'fresh'
ALTER TYPE s.pair ADD ATTRIBUTE c integer CASCADE
ALTER TYPE s.pair DROP ATTRIBUTE b CASCADE
ALTER TYPE s.pair ALTER ATTRIBUTE a TYPE bigint CASCADE
ALTER TYPE s.pair RENAME ATTRIBUTE a TO d CASCADE
ALTER TYPE s.pair RENAME TO couple
CREATE FOREIGN TABLE s.made (a integer) SERVER nowhere
CREATE FOREIGN TABLE s.made PARTITION OF s.whole FOR VALUES IN (7) SERVER nowhere
CREATE FOREIGN TABLE s.made () INHERITS (s.parent) SERVER nowhere
ALTER FOREIGN TABLE s.remote ADD COLUMN b integer
ALTER FOREIGN TABLE s.remote OPTIONS (ADD x 'y')
DROP FOREIGN TABLE s.remote
CREATE PUBLICATION made FOR TABLE s.base, s.whole
CREATE PUBLICATION made FOR TABLE ONLY s.base
CREATE PUBLICATION made FOR TABLES IN SCHEMA s
CREATE PUBLICATION made FOR ALL TABLES
ALTER PUBLICATION news ADD TABLE s.parent
ALTER PUBLICATION news DROP TABLE s.base
ALTER PUBLICATION news SET TABLE s.parent, s.loose
ALTER PUBLICATION news SET (publish = 'insert')
DROP PUBLICATION news
DROP STATISTICS s.stats
ALTER STATISTICS s.stats SET STATISTICS 50
COMMENT ON STATISTICS s.stats IS 'x'
ALTER TRIGGER child_before_insert ON s.child DEPENDS ON EXTENSION plpgsql
ALTER INDEX s.child_at_idx DEPENDS ON EXTENSION plpgsql
ALTER FUNCTION s.dice() DEPENDS ON EXTENSION plpgsql
ALTER FUNCTION s.dice() STABLE
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC
ALTER SCHEMA s OWNER TO CURRENT_USER
ALTER TABLE s.base DISABLE RULE noted
DROP RULE noted ON s.base
COMMENT ON RULE noted ON s.base IS 'x'
EXPLAIN DELETE FROM s.loose
EXPLAIN (ANALYZE) SELECT note FROM s.parent
PREPARE made AS UPDATE s.parent SET note = 'y'
DECLARE made CURSOR FOR SELECT note FROM s.parent FOR UPDATE
CREATE SCHEMA made CREATE TABLE kept (a bigint REFERENCES s.parent) CREATE VIEW looks AS SELECT a FROM kept
CREATE CAST (s.state AS text) WITH INOUT
CREATE AGGREGATE s.made (integer) (sfunc = int4pl, stype = integer)
CREATE OPERATOR s.### (leftarg = integer, rightarg = integer, function = int4pl)
CREATE COLLATION s.made FROM "C"
CREATE TEXT SEARCH CONFIGURATION s.made (COPY = simple)
CREATE DOMAIN s.made AS text CHECK (value <> '')
CREATE TYPE s.made AS RANGE (subtype = integer)
CREATE SERVER made FOREIGN DATA WRAPPER nothing
DROP DOMAIN s.required
ALTER TABLE s.base ENABLE ROW LEVEL SECURITY
ALTER TABLE s.base FORCE ROW LEVEL SECURITY
ALTER TABLE s.base REPLICA IDENTITY FULL
ALTER TABLE s.base SET (fillfactor = 50)
ALTER TABLE s.base ALTER COLUMN a SET (n_distinct = 5)
ALTER TABLE s.base ALTER COLUMN a SET STATISTICS 5
ALTER TABLE s.base ALTER COLUMN a SET DEFAULT 5
ALTER TABLE s.base ALTER COLUMN a SET NOT NULL
ALTER TABLE s.base ALTER COLUMN b SET STORAGE PLAIN
ALTER TABLE s.base ALTER COLUMN b SET COMPRESSION pglz
ALTER TABLE s.base SET WITHOUT CLUSTER
ALTER TABLE s.base ADD CONSTRAINT a_check CHECK (a > 0)
ALTER TABLE s.base DISABLE TRIGGER ALL
ALTER TABLE s.base RENAME COLUMN a TO c
ALTER TABLE s.heir NO INHERIT s.base
ALTER TABLE s.bill DISABLE TRIGGER ALL
ALTER TABLE s.bill DISABLE TRIGGER bill_after_insert
ALTER TABLE s.whole REPLICA IDENTITY FULL
ALTER TABLE s.whole ENABLE ROW LEVEL SECURITY
GRANT USAGE ON SCHEMA s TO PUBLIC
REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC
CHECKPOINT
NOTIFY made
SET CONSTRAINTS ALL IMMEDIATE
""".strip().splitlines()
SINCE_18 = """
ALTER TABLE s.child ADD CONSTRAINT code_check CHECK (code <> '') NOT ENFORCED
ALTER TABLE s.child ADD CONSTRAINT other_fkey FOREIGN KEY (parent_id) REFERENCES s.parent NOT ENFORCED
ALTER TABLE s.child ALTER CONSTRAINT child_parent_id_fkey NOT ENFORCED
ALTER TABLE s.lax ALTER CONSTRAINT lax_a_fkey ENFORCED
ALTER TABLE s.lax ALTER CONSTRAINT lax_a_fkey NOT DEFERRABLE
ALTER TABLE s.child ADD CONSTRAINT code_not_null NOT NULL code
ALTER TABLE s.child ADD CONSTRAINT code_not_null NOT NULL code NOT VALID
ALTER TABLE s.child ADD COLUMN extra bigint GENERATED ALWAYS AS (child_id * 2) VIRTUAL
""".strip().splitlines()
# VACUUM and all that says CONCURRENTLY runs outside a transaction, where nobody can look at its locks in time.

TABLES = """
SELECT cls.oid, nsp.nspname || '.' || cls.relname AS name, pg_relation_filenode(cls.oid) AS file
FROM pg_class AS cls JOIN pg_namespace AS nsp ON cls.relnamespace = nsp.oid
WHERE nsp.nspname = 's' AND cls.relkind IN ('r', 'p', 'v', 'm', 'i', 'S', 'f')
"""
HELD = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted AND relation = ANY (%s)"
FILE_NOW = """
SELECT oid, pg_relation_filenode(oid), pg_stat_get_xact_numscans(oid)
FROM pg_class WHERE oid = ANY (%s) AND relnamespace = ANY (ARRAY[to_regnamespace('s'), 'public'::regnamespace])
"""
# Weaker locks keep nobody from reading, writing or changing; a plan need not know of every one.
WEAK = Lock.ROW_EXCLUSIVE


@pytest.fixture(scope="module")
def scene(server: Any) -> Any:
    with server.database() as name:
        dsn = server.dsn(name)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(SCHEMA)
            if connection.info.server_version >= 180000:
                connection.execute(SCHEMA_18)
            connection.execute("ANALYZE")
        yield dsn


def statement_of(text: str) -> parse.Statement:
    return parse.statements(SqlFile("migrations/0001_test.sql", Path("0001_test.sql"), text))[0]


def mode(name: str) -> Lock:
    """AccessExclusiveLock: Lock.ACCESS_EXCLUSIVE."""
    words = "".join(f"_{letter}" if letter.isupper() else letter for letter in name.removesuffix("Lock"))
    return Lock[words.strip("_").upper()]


@dataclass(frozen=True)
class Observed:
    """The strongest lock on each relation of the scene; tables whose rows were copied; tables read from end to end."""

    locks: dict[str, Lock]
    copied: set[str]
    scanned: set[str]


def observed(dsn: str, statement: str) -> Observed:
    with psycopg.connect(dsn) as connection:
        connection.execute("SET LOCAL TimeZone = 'UTC'")
        before = {oid: (name, file) for oid, name, file in connection.execute(TABLES)}
        kinds = dict(connection.execute("SELECT oid, relkind FROM pg_class WHERE oid = ANY (%s)", [list(before)]))
        connection.rollback()  # the look itself took no lock that stays
        connection.execute("SET LOCAL TimeZone = 'UTC'")
        connection.execute(statement)
        locks: dict[str, Lock] = {}
        for oid, name in connection.execute(HELD, [list(before)]).fetchall():
            relation = before[oid][0]
            locks[relation] = max(locks.get(relation, Lock.NONE), mode(name))
        after = {oid: rest for oid, *rest in connection.execute(FILE_NOW, [list(before)])}
        connection.rollback()
    tables = {oid: rest for oid, rest in before.items() if kinds[oid] in ("r", "m") and oid in after}
    copied = {name for oid, (name, file) in tables.items() if after[oid][0] != file}
    scanned = {name for oid, (name, _) in tables.items() if after[oid][1] > 0}
    return Observed(locks, copied, scanned)


def told(dsn: str, text: str) -> Any:
    statement = statement_of(text)
    with db.connect(dsn) as connection:
        return account.of(statement, usage.known(connection, [statement]))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_locks_and_work_are_those_of_the_server(scene, statement):
    compare(scene, statement)


@pytest.mark.parametrize("statement", SINCE_18)
def test_so_are_those_that_only_a_later_server_knows(scene, statement):
    with psycopg.connect(scene) as connection:
        if connection.info.server_version < 180000:
            pytest.skip("PostgreSQL 18 brought it")
    compare(scene, statement)


def compare(scene, statement):
    seen = observed(scene, statement)
    touches = {touch.relation: touch for touch in told(scene, statement).touches}
    with psycopg.connect(scene) as connection:
        indexes = {name for (name,) in connection.execute("SELECT 's.' || relname FROM pg_class WHERE relkind = 'i'")}
    unnamed = indexes - set(touches)  # the indexes of a table go or change with it
    named = {name: touch.lock for name, touch in touches.items() if name in seen.locks or touch.lock > WEAK}
    assert named == {
        name: lock for name, lock in seen.locks.items() if (name in named or lock > WEAK) and name not in unnamed
    }
    if statement.startswith(("ALTER", "CREATE", "ANALYZE", "CLUSTER", "COMMENT", "REINDEX")):
        copied = {name for name, touch in touches.items() if touch.work is Work.REWRITE}
        assert copied == seen.copied
    if statement.startswith(("ALTER", "CREATE", "CLUSTER", "REINDEX")) and " AS SELECT " not in statement:
        read = {name for name, touch in touches.items() if touch.work >= Work.SCAN}
        assert read == seen.scanned


CONCURRENT = """
CREATE INDEX CONCURRENTLY made_idx ON s.child (code)
DROP INDEX CONCURRENTLY s.child_at_idx
REINDEX INDEX CONCURRENTLY s.child_short_idx
REINDEX TABLE CONCURRENTLY s.child
""".strip().splitlines()
# DETACH PARTITION ... CONCURRENTLY holds nothing while it waits, so there is no moment to look.


@pytest.mark.parametrize("statement", CONCURRENT)
def test_concurrent_steps_lock_their_table_only_against_changes_of_it(server, statement):
    """Caught while they wait for an older transaction, which has written to the table."""
    with server.database() as name:
        dsn = server.dsn(name)
        with psycopg.connect(dsn, autocommit=True) as setup:
            setup.execute(SCHEMA)
        effect = told(dsn, statement)
        assert effect.is_concurrent
        lock = next(touch.lock for touch in effect.touches if touch.relation == "s.child")
        with (
            psycopg.connect(dsn) as writer,
            psycopg.connect(dsn, autocommit=True) as worker,
            psycopg.connect(dsn, autocommit=True) as witness,
        ):
            writer.execute("INSERT INTO s.child SELECT FROM s.child LIMIT 0")
            with ThreadPoolExecutor() as pool:
                running = pool.submit(worker.execute, statement)
                try:
                    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %s"
                    while witness.execute(waiting, [worker.info.backend_pid]).fetchone() == (0,):
                        assert not running.done(), running.exception()
                    held = "SELECT mode FROM pg_locks WHERE granted AND pid = %s AND relation = 's.child'::regclass"
                    modes = [mode(word) for (word,) in witness.execute(held, [worker.info.backend_pid])]
                finally:
                    writer.rollback()
                running.result(timeout=60)
        assert max(modes) == lock == Lock.SHARE_UPDATE_EXCLUSIVE


STATEMENT_KINDS = [name for name in dir(parse.ast) if name.endswith("Stmt")]


def test_every_kind_of_statement_is_described_or_deliberately_unknown():
    """Of the whole grammar; a kind that a later parser brings fails here until somebody looked at it."""
    assert [kind for kind in STATEMENT_KINDS if not statement_effect.is_told(kind)] == []
    assert len(STATEMENT_KINDS) > 100


def test_a_kind_that_nobody_looked_at_is_unknown():
    effect = account.of(parse.Statement("BRAND NEW", 1, type("BrandNewStmt", (), {})()), Known())
    assert effect.unknown
    assert [one.way for one in effect.losses] == ["unknown"]


UNUSUAL = """
ALTER TABLE ALL IN TABLESPACE x SET TABLESPACE y
ALTER INDEX a.i ATTACH PARTITION a.j
ALTER TABLE a.b SET WITHOUT OIDS
ALTER TABLE a.b OF a.t
ALTER FOREIGN TABLE a.f ALTER c OPTIONS (ADD x 'y')
ALTER TYPE a.t ADD ATTRIBUTE x integer CASCADE
ALTER FUNCTION a.f(integer) SET SCHEMA g
COMMENT ON CAST (integer AS text) IS 'x'
COMMENT ON CONSTRAINT c ON DOMAIN a.d IS 'x'
COMMENT ON LARGE OBJECT 5 IS 'x'
COMMENT ON FUNCTION a.f(integer, text) IS 'x'
DROP CAST (integer AS text)
DROP TRANSFORM FOR integer LANGUAGE sql
DROP OPERATOR a.+ (integer, integer)
DROP OPERATOR CLASS a.o USING btree
DROP FUNCTION a.f(integer), g
DROP OWNED BY x
CREATE TABLE IF NOT EXISTS a.b OF a.t (PRIMARY KEY (c))
CREATE RECURSIVE VIEW a.v (n) AS SELECT 1
CREATE UNIQUE INDEX ON a.b (lower(c)) WHERE d
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a.b FROM a.c DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()
CREATE AGGREGATE a.agg (integer) (sfunc = f, stype = integer)
CREATE SCHEMA a CREATE TABLE b (c integer)
GRANT SELECT ON ALL TABLES IN SCHEMA a TO x
REINDEX (VERBOSE) SCHEMA a
CLUSTER
VACUUM (ANALYZE, FULL false) a.b (c)
SELECT * FROM a.f(1), LATERAL (SELECT 1 FROM b) AS x FOR UPDATE OF b
WITH x AS (DELETE FROM a.b RETURNING *) INSERT INTO a.c SELECT * FROM x
COPY (SELECT 1 FROM a.b) TO '/x'
SET LOCAL lock_timeout = '1s'
EXPLAIN SELECT 1 FROM a.b
""".strip().splitlines()


@pytest.mark.parametrize("text", UNUSUAL)
def test_no_statement_is_too_unusual(text):
    """Where nothing is known of a kind of statement or of the database, a plan still has words for it."""
    statement = statement_of(text)
    assert statement_effect.names(statement) is not None
    assert account.of(statement, Known()).kind
    assert account.changed([statement]) is not None


def test_an_option_that_is_off_is_off():
    assert account.of(statement_of("VACUUM (FULL false) s.t"), Known()).touches[0].lock is Lock.SHARE_UPDATE_EXCLUSIVE
    assert account.of(statement_of("VACUUM (FULL) s.t"), Known()).touches[0].lock is Lock.ACCESS_EXCLUSIVE
    assert account.of(statement_of("REINDEX (CONCURRENTLY off) TABLE s.t"), Known()).touches[0].lock is Lock.SHARE
