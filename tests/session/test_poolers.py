"""Through a pooler: other clients' sessions stay as they were, no lock is left, and what cannot work says so at once."""

import json

import psycopg
import pytest

pytestmark = pytest.mark.once

SHARED = "shares sessions (transaction mode)"
# What can do with one transaction at a time, and what needs a session of its own.
WORK = [
    ("tick",),
    ("freshness",),
    ("refresh",),
    ("refresh", "--jobs", "2"),
    ("refresh", "commerce.daily_sales_by_day", "--full", "--verify"),
    ("verify",),
    ("explain", "commerce.daily_sales_by_day"),
]
REFUSE = [
    ("apply",),
    ("apply", "--dry-run"),
    ("plan",),
    ("status",),
    ("rollback", "--yes", "--allow-data-loss"),
    ("doctor",),
    ("doctor", "--drift"),
    ("prove",),
    ("load", "commerce", "ORDERS", "--set", "shop=alpha.example"),
    ("load", "uploads"),
    ("demo", "--yes"),
]


def state(connection):
    """Every setting of a foreign client's session."""
    connection.execute("DO 'BEGIN END'")  # settings of PL/pgSQL are there once it is loaded
    settings = dict(connection.execute("SELECT name, setting FROM pg_settings WHERE context = 'user'").fetchall())
    connection.commit()
    return settings


def locks(dsn):
    with psycopg.connect(dsn, autocommit=True) as direct:
        found = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        return direct.execute(found).fetchone()[0]


@pytest.fixture
def orders(cases):
    return str(cases / "latin1_client" / "orders.csv")


@pytest.mark.parametrize("arguments", [*WORK, *REFUSE], ids=" ".join)
def test_transaction_mode_leaves_other_clients_as_they_were(fresh_db, pooler, command, orders, arguments):
    through = pooler(fresh_db, "transaction", "default_pool_size = 1")  # so that all share one session
    with psycopg.connect(through, application_name="foreign") as foreign:
        before = state(foreign)
        done = command(*(orders if part == "ORDERS" else part for part in arguments), "--dsn", through, "--json")
        assert state(foreign) == before
    assert locks(fresh_db) == 0
    answer = json.loads(done.stdout)
    if arguments in WORK:
        assert answer["error"] is None, (done.stdout, done.stderr)
    else:
        assert (done.returncode, answer["ok"]) == (3, False)
        assert SHARED in answer["error"]["message"]


def test_session_mode_will_do_for_everything_and_ends_clean(fresh_db, pooler, command, orders):
    through = pooler(fresh_db, "session")
    with psycopg.connect(through, application_name="foreign") as foreign:
        before = state(foreign)
    for arguments in [*WORK, ("apply",), ("plan",), ("status",), ("doctor", "--drift"), ("load", "uploads")]:
        done = command(*arguments, "--dsn", through, "--json")
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    done = command("load", "commerce", orders, "--set", "shop=alpha.example", "--dsn", through, "--json")
    assert json.loads(done.stdout)["data"]["files"][0]["status"] == "loaded", done.stdout
    with psycopg.connect(through, application_name="foreign") as foreign:
        assert state(foreign) == before
    assert locks(fresh_db) == 0


@pytest.mark.parametrize("more", ["server_round_robin = 1", "default_pool_size = 1", "min_pool_size = 5"])
@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_the_mode_is_recognised_whatever_the_pool_looks_like(fresh_db, pooler, command, mode, more):
    through = pooler(fresh_db, mode, more)
    refused = command("status", "--dsn", through)
    assert refused.returncode == (3 if mode == "transaction" else 0), refused.stderr


def test_statement_mode_is_refused(fresh_db, pooler, command):
    done = command("status", "--dsn", pooler(fresh_db, "statement"))
    assert done.returncode == 3
    assert SHARED in done.stderr


def test_refreshing_through_transaction_mode_brings_the_views_up_to_date(fresh_db, pooler, command, orders):
    """Not only without harm: the work is done, and its times and intervals are read right."""
    assert command("load", "commerce", orders, "--set", "shop=alpha.example", "--dsn", fresh_db).returncode == 0
    with psycopg.connect(fresh_db, autocommit=True) as direct:
        direct.execute("ALTER ROLE postgres IN DATABASE " + direct.info.dbname + " SET IntervalStyle = 'iso_8601'")
    through = pooler(fresh_db, "transaction")
    ran = json.loads(command("refresh", "--dsn", through, "--json").stdout)["data"]
    assert "commerce.daily_sales_by_day" in {row["view_name"] for row in ran if row["inserted_count"]}
    rows = json.loads(command("freshness", "--dsn", through, "--json").stdout)["data"]
    assert {type(row["lag"]) for row in rows} == {float}
    assert all(row["is_within_target"] for row in rows)
