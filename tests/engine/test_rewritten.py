"""Rows of a source that change although nobody writes: a column computed anew, a crash, a restore, a child that joins.

Each stands for something that people reported of other tools.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from tidemark import config, db, server, server_files, server_place
from tidemark.deploy.apply import deployment
from tidemark.project import shipped
from tidemark.steps import finish

SUM = "toy.sum_by_k"
TABLE = """
    CREATE SCHEMA toy;
    CREATE {} toy.t (id integer PRIMARY KEY, k integer NOT NULL, v integer NOT NULL);
    INSERT INTO toy.t SELECT g, g % 5, g FROM generate_series(1, 50) AS g"""
LIVE = "CREATE VIEW toy.l AS SELECT k, sum(v) AS total FROM toy.t GROUP BY k"
STORE = f"""
    SELECT refresh.store('{SUM}', 'toy.l', '{{k}}');
    SELECT refresh.affects('toy.t', '{SUM}', 'SELECT k FROM changed')"""


@pytest.fixture
def kept(engine):
    engine.run(f"{TABLE.format('TABLE')}; {LIVE}")
    engine.declare(STORE)
    engine.check(SUM)
    return engine


def told_and_mended(engine):
    """Freshness admits that rows are wrong, and one run makes them right."""
    assert not engine.verify(SUM).is_equal, "nothing changed, so the test proves nothing"
    assert engine.freshness(SUM).freshness_status != "fresh"
    engine.check(SUM)
    assert engine.freshness(SUM).freshness_status == "fresh"


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE toy.t ALTER COLUMN v TYPE integer USING v * 2",
        "ALTER TABLE toy.t DROP COLUMN v; ALTER TABLE toy.t ADD COLUMN v integer NOT NULL DEFAULT 9",
    ],
    ids=["computed anew", "dropped and added"],
)
def test_a_column_with_other_values_behind_a_view_that_came_back_as_it_was(kept, change):
    kept.run(f"BEGIN; DROP VIEW toy.l; {change}; {LIVE}; COMMIT")
    told_and_mended(kept)


def test_a_column_computed_anew_behind_a_function_kept_as_text(engine):
    engine.run(f"""{TABLE.format("TABLE")};
        CREATE FUNCTION toy.total(integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(v) FROM toy.t WHERE k = $1';
        CREATE VIEW toy.l AS SELECT k, toy.total(k) AS total FROM toy.t GROUP BY k""")
    engine.declare(STORE)
    engine.check(SUM)
    engine.run("ALTER TABLE toy.t ALTER COLUMN v TYPE integer USING v * 2")
    told_and_mended(engine)


def test_maintenance_changes_no_row_and_costs_no_run(kept):
    for statement in [
        "VACUUM FULL toy.t",
        "CLUSTER toy.t USING t_pkey",
        "REINDEX TABLE toy.t",
        "ALTER TABLE toy.t ADD COLUMN remark text DEFAULT 'none'",
        f"VACUUM FULL {SUM}",
    ]:
        kept.run(statement)
    assert kept.freshness(SUM).freshness_status == "fresh"
    assert kept.check(SUM).mode == "none"
    kept.run("UPDATE toy.t SET v = v + 1 WHERE id = 1")
    assert kept.check(SUM).key_count == 1


def test_new_defaults_cost_no_run(kept):
    kept.run("ALTER TABLE toy.t ALTER COLUMN v SET DEFAULT 3, ALTER COLUMN k SET STATISTICS 500")
    assert kept.freshness(SUM).freshness_status == "fresh"
    assert kept.check(SUM).mode == "none"


def test_a_child_table_that_joins_and_leaves_with_rows(kept):
    kept.run(
        "CREATE TABLE toy.c (LIKE toy.t); INSERT INTO toy.c VALUES (99, 1, 1000); ALTER TABLE toy.c INHERIT toy.t"
    )
    told_and_mended(kept)
    kept.run("UPDATE toy.c SET v = 5")
    told_and_mended(kept)
    kept.run("ALTER TABLE toy.c NO INHERIT toy.t")
    told_and_mended(kept)


def test_a_prepared_transaction_is_seen_when_it_is_committed(kept):
    other = kept.session()
    other.execute("BEGIN; UPDATE toy.t SET v = 0 WHERE k = 1")
    other.execute("PREPARE TRANSACTION 'one'")
    kept.check(SUM)
    kept.session().execute("COMMIT PREPARED 'one'")
    told_and_mended(kept)


def test_rows_restored_with_triggers_off(kept, tmp_path):
    dump = tmp_path / "t.dump"
    made = subprocess.run(
        ["pg_dump", "-Fc", "--data-only", "-t", "toy.t", "-f", dump, "-d", kept.superuser_dsn],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "server version mismatch" in made.stderr:
        pytest.skip("this pg_dump is older than the server")
    assert made.returncode == 0, made.stderr
    kept.run("DELETE FROM toy.t")
    kept.check(SUM)
    restore = ["pg_restore", "--data-only", "--disable-triggers", "-d", kept.superuser_dsn, dump]
    subprocess.run(restore, capture_output=True, check=True)
    told_and_mended(kept)


def test_a_rule_on_another_table_writes_here(kept):
    kept.run("""
        CREATE TABLE toy.o (id integer, k integer, v integer);
        CREATE RULE also AS ON INSERT TO toy.o DO ALSO INSERT INTO toy.t VALUES (NEW.id, NEW.k, NEW.v);
        INSERT INTO toy.o VALUES (200, 1, 7)""")
    told_and_mended(kept)


@pytest.fixture
def own_place():
    """A server of its own that may be killed; the embedded one."""
    home = Path(tempfile.mkdtemp(prefix="tidemark-crash-"))
    home.chmod(0o711)
    place = server_place.locate(home)
    try:
        server_files.prepare(place)
        server_files.create_cluster(place)
        finish(server.start_at(place))
        yield place
        server.stop_at(place)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.once
def test_a_crash_that_empties_an_unlogged_source(own_place):
    dsn = f"host={own_place.socket} port={own_place.port} user=postgres dbname=postgres"
    with db.connect(dsn) as connection:
        finish(deployment.apply(connection, config.Settings(dsn=dsn, dsn_source="the tests"), shipped(())))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"{TABLE.format('UNLOGGED TABLE')}; {LIVE}; {STORE}")
        connection.execute(f"SELECT refresh.run('{SUM}')")
    stop = [own_place.shipped / "bin" / "pg_ctl", "stop", "--mode", "immediate", "--pgdata", own_place.data]
    owner = own_place.data.owner() if os.getuid() == 0 else None
    subprocess.run(stop, user=owner, check=True, capture_output=True)
    finish(server.start_at(own_place))
    with psycopg.connect(dsn, autocommit=True) as connection:

        def value(statement):
            return connection.execute(statement).fetchone()[0]

        status = f"SELECT freshness_status FROM refresh.freshness WHERE view_name = '{SUM}'"
        assert (value("SELECT count(*) FROM toy.t"), value(f"SELECT count(*) FROM {SUM}")) == (0, 5)
        assert value(status) == "stale"
        connection.execute("CALL refresh.tick()")
        assert value(f"SELECT count(*) FROM {SUM}") == 0
        assert value(status) == "fresh"
