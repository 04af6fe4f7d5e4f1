"""The plan says beforehand what PostgreSQL will refuse and what cannot be told; the server is asked whether it is so."""

import psycopg
import pytest

from tidemark.deploy.plan import preview
from tidemark.errors import TidemarkError

UP = """
CREATE SCHEMA s;
CREATE DOMAIN s.amount AS numeric;
CREATE TABLE s.invoice (invoice_id integer, amount s.amount, note text) WITH (fillfactor = 10);
CREATE TABLE s.whole (whole_id integer, part integer) PARTITION BY LIST (part);
CREATE TABLE s.whole_1 PARTITION OF s.whole FOR VALUES IN (1);
CREATE TABLE s.whole_rest PARTITION OF s.whole DEFAULT;
CREATE INDEX whole_part_idx ON s.whole (part);
CREATE INDEX plain_idx ON s.invoice (invoice_id);
CREATE INDEX other_idx ON s.invoice (amount);
CREATE TYPE s.state AS ENUM ('open');
CREATE DOMAIN s.listed AS text;
CREATE TABLE s.lists (words s.listed []);
CREATE DOMAIN s.ranged AS integer;
CREATE TYPE s.row AS (number s.ranged);
CREATE TABLE s.rows (one s.row);
CREATE TABLE s.cases (state s.state, note text);
CREATE FUNCTION s.wipe() RETURNS integer LANGUAGE sql AS 'DELETE FROM s.invoice; SELECT 1';
CREATE PROCEDURE s.sweep() LANGUAGE sql AS 'DELETE FROM s.invoice';
INSERT INTO s.invoice SELECT number, number, repeat('x', 200) FROM generate_series(1, 12000) AS number;
"""

OUTSIDE = "-- transactional: false\n"
REFUSED = {
    "an index on a partitioned table": f"{OUTSIDE}CREATE INDEX CONCURRENTLY made_idx ON s.whole (whole_id);",
    "an index of a partitioned table": f"{OUTSIDE}DROP INDEX CONCURRENTLY s.whole_part_idx;",
    "two indexes": f"{OUTSIDE}DROP INDEX CONCURRENTLY s.plain_idx, s.other_idx;",
    "with CASCADE": f"{OUTSIDE}DROP INDEX CONCURRENTLY s.plain_idx CASCADE;",
    "a part of an index": "DROP INDEX s.whole_1_part_idx;",
    "beside a default partition": f"{OUTSIDE}ALTER TABLE s.whole DETACH PARTITION s.whole_1 CONCURRENTLY;",
    "concurrently in a transaction": "CREATE INDEX CONCURRENTLY made_idx ON s.invoice (note);",
    "vacuum in a transaction": "VACUUM s.invoice;",
    "reindex of parts in a transaction": "REINDEX TABLE s.whole;",
    "reindex of a schema in a transaction": "REINDEX SCHEMA s;",
    "a new value, written": "ALTER TYPE s.state ADD VALUE 'shut';\nINSERT INTO s.cases VALUES ('shut');",
    "a new value, compared": "ALTER TYPE s.state ADD VALUE 'shut';\nDELETE FROM s.cases WHERE state = 'shut';",
    "a new value, cast": "ALTER TYPE s.state ADD VALUE 'shut';\nSELECT 'shut'::s.state;",
    "a new value, as default": "ALTER TYPE s.state ADD VALUE 'shut';\nALTER TABLE s.cases ALTER state SET DEFAULT 'shut';",
    "a new value, of a new column": "ALTER TYPE s.state ADD VALUE 'shut';\nALTER TABLE s.invoice ADD state s.state DEFAULT 'shut';",
    "a domain in an array": "ALTER DOMAIN s.listed ADD CONSTRAINT listed_check CHECK (value <> '');",
    "a domain in a row": "ALTER DOMAIN s.ranged SET NOT NULL;",
    "a new value, in a view": "ALTER TYPE s.state ADD VALUE 'shut';\nCREATE VIEW s.v AS SELECT FROM s.cases WHERE state <> 'shut';",
}
# The same where an earlier pending file makes the table.
MADE = (
    "CREATE TABLE s.made (id integer, state s.state) PARTITION BY LIST (id);\nCREATE INDEX made_idx ON s.made (id);"
)
REFUSED_OF_MADE = {
    "an index": f"{OUTSIDE}CREATE INDEX CONCURRENTLY made_state_idx ON s.made (state);",
    "an index dropped": f"{OUTSIDE}DROP INDEX CONCURRENTLY s.made_idx;",
    "a new value": "ALTER TYPE s.state ADD VALUE 'shut';\nINSERT INTO s.made VALUES (1, 'shut');",
}
ALLOWED = {
    "on one partition": f"{OUTSIDE}CREATE INDEX CONCURRENTLY made_idx ON s.whole_1 (whole_id);",
    "a domain in an array, not checked": "ALTER DOMAIN s.listed ADD CONSTRAINT listed_check CHECK (value <> '') NOT VALID;",
    "on the table alone": "CREATE INDEX made_idx ON ONLY s.whole (whole_id);",
    "one index": f"{OUTSIDE}DROP INDEX CONCURRENTLY s.plain_idx;",
    "two indexes at once": "DROP INDEX s.plain_idx, s.other_idx;",
    "the whole index": "DROP INDEX s.whole_part_idx;",
    "vacuum by itself": f"{OUTSIDE}VACUUM s.invoice;",
    "analyze": "ANALYZE s.invoice;",
    "a value that is there": "ALTER TYPE s.state ADD VALUE IF NOT EXISTS 'open';\nINSERT INTO s.cases VALUES ('open');",
    "a value with another name": "ALTER TYPE s.state RENAME VALUE 'open' TO 'fresh';\nINSERT INTO s.cases VALUES ('fresh');",
    "another text": "ALTER TYPE s.state ADD VALUE 'shut';\nUPDATE s.invoice SET note = 'shut' WHERE invoice_id = 1;",
    "statement by statement": f"{OUTSIDE}ALTER TYPE s.state ADD VALUE 'shut';\nINSERT INTO s.cases VALUES ('shut');",
}
UNKNOWN = {
    "a block": "DO $$ BEGIN DELETE FROM s.invoice; END $$;",
    "a function": "SELECT s.wipe();",
    "a procedure": "CALL s.sweep();",
    "what a role owns": "DROP OWNED BY tidemark_app;",
    "what a role owns, to another": "REASSIGN OWNED BY tidemark_app TO CURRENT_USER;",
    "what was prepared": "PREPARE gone AS SELECT 1;\nEXECUTE gone;",
    "an extension": "DROP EXTENSION plpgsql;",
    "a server with its tables": "DROP SERVER IF EXISTS nowhere CASCADE;",
}


@pytest.fixture(scope="module")
def filled(server):
    """One database for all of this module: what is planned is never applied."""
    with server.database() as name:
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute(UP)
            connection.execute("ANALYZE")
        yield server.dsn(name)


@pytest.fixture
def told(filled, project, runner_on):
    """The statements of one pending migration, as a plan tells them."""

    def tell(up):
        project.migration("0001_next", up)
        runner = runner_on(filled)
        return preview.preview(runner.connection, runner.files).statements

    return tell


@pytest.mark.parametrize("up", REFUSED.values(), ids=REFUSED.keys())
def test_what_postgresql_refuses_is_told_before_it_is_asked(told, filled, up):
    last = told(up)[-1]
    assert [finding.rule for finding in last.findings if finding.linter == "tidemark"] == ["refused"]
    assert last.risk == "medium"
    assert "PostgreSQL will refuse it" in last.reason
    with (
        psycopg.connect(filled, autocommit=up.startswith(OUTSIDE)) as connection,
        pytest.raises(psycopg.Error) as error,
    ):
        connection.execute(up)
    assert error.value.sqlstate in {"0A000", "42809", "25001", "55P04", "55000", "2BP01"}


@pytest.mark.parametrize("up", REFUSED_OF_MADE.values(), ids=REFUSED_OF_MADE.keys())
def test_what_pending_files_make_is_known_to_those_that_follow(filled, project, runner_on, up):
    project.migration("0001_made", MADE)
    project.migration("0002_next", up, depends="0001_made")
    runner = runner_on(filled)
    last = preview.preview(runner.connection, runner.files).statements[-1]
    assert [finding.rule for finding in last.findings if finding.linter == "tidemark"] == ["refused"]


@pytest.mark.parametrize("up", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_postgresql_takes_is_not_called_refused(told, filled, up):
    assert [finding for one in told(up) for finding in one.findings if finding.rule == "refused"] == []
    if not up.startswith(OUTSIDE):
        with psycopg.connect(filled) as connection:
            connection.execute(up)
            connection.rollback()


def test_a_value_added_to_a_new_type_is_refused_by_older_servers(told, filled):
    up = "CREATE TYPE s.mood AS ENUM ('good');\nALTER TYPE s.mood ADD VALUE 'bad';\nSELECT 'bad'::s.mood;"
    rules = [finding.rule for one in told(up) for finding in one.findings if finding.linter == "tidemark"]
    with psycopg.connect(filled) as connection:
        if connection.info.server_version < 170000:
            assert rules == ["refused"]
            with pytest.raises(psycopg.errors.UnsafeNewEnumValueUsage):
                connection.execute(up)
        else:
            assert rules == []
            connection.execute(up)
        connection.rollback()


@pytest.mark.parametrize("up", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_cannot_be_told_is_a_finding_of_its_own(told, up):
    last = told(up)[-1]
    assert last.risk == "medium"
    assert [finding.rule for finding in last.findings if finding.linter == "tidemark"] == ["unknown-effect"]


def test_what_cannot_be_told_is_silenced_with_a_reason(told):
    (one,) = told("-- tidemark-ignore: unknown-effect because it was read and tried\nDO $$ BEGIN NULL; END $$;")
    assert [finding for finding in one.findings if finding.linter == "tidemark"] == []


@pytest.mark.parametrize(
    ("up", "lock", "work", "level"),
    [
        ("ALTER DOMAIN s.amount ADD CONSTRAINT amount_check CHECK (value > 0);", "SHARE", "scanned whole", "medium"),
        ("ALTER DOMAIN s.amount SET NOT NULL;", "SHARE", "scanned whole", "medium"),
        ("ALTER DOMAIN s.amount ADD CONSTRAINT amount_check CHECK (value > 0) NOT VALID;", None, None, "none"),
        ("ALTER DOMAIN s.amount SET DEFAULT 0;", None, None, "none"),
    ],
)
def test_a_constraint_of_a_domain_reads_the_tables_that_store_it(told, up, lock, work, level):
    (one,) = told(up)
    assert one.risk == level
    assert [(touch.relation, touch.lock, touch.work) for touch in one.touches] == (
        [("s.invoice", lock, work)] if lock else []
    )
    if lock:
        assert "nobody can write s.invoice" in one.reason


def test_validating_a_constraint_of_a_domain_reads_them_too(told, filled):
    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute("ALTER DOMAIN s.amount ADD CONSTRAINT late_check CHECK (value > 0) NOT VALID")
        try:
            (one,) = told("ALTER DOMAIN s.amount VALIDATE CONSTRAINT late_check;")
        finally:
            connection.execute("ALTER DOMAIN s.amount DROP CONSTRAINT late_check")
    assert (one.risk, [touch.work for touch in one.touches]) == ("medium", ["scanned whole"])


def test_an_apply_of_what_is_refused_fails_as_told(project, runner):
    """The runner does not stand in the way: a plan may be wrong about a name that comes to mean something else."""
    project.migration("0001_next", UP.split("INSERT INTO")[0])
    runner.apply()
    project.migration("0002_next", REFUSED["a new value, written"], depends="0001_next")
    with pytest.raises(TidemarkError, match="unsafe use of new value"):
        runner.apply()
