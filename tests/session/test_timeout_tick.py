"""A slow stored view that the login's statement_timeout cancels is a failure of its own: it is noted, backs off, and what
comes behind it is refreshed by the same tick."""

import psycopg
import pytest


@pytest.fixture
def login(server, fresh_db, cases):
    """Connection string of a login that owns the two views of the case and has a statement_timeout of its own."""
    name = psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"]
    lines = (cases / "statement_timeout_tick" / "repro.sql").read_text().splitlines()
    made = "\n".join(lines[: next(at for at, line in enumerate(lines) if line.startswith("set statement_timeout"))])
    first, _, later = made.partition("call refresh.tick();")
    with psycopg.connect(server.owner_dsn(name), autocommit=True) as connection:
        connection.execute(first)
        connection.execute("CALL refresh.tick()")
        connection.execute(later)
    server.execute(f"ALTER ROLE tidemark IN DATABASE {name} SET statement_timeout = '1s'")
    return server.owner_dsn(name)


def test_sql_sessions_like_those_of_pg_cron(login):
    with psycopg.connect(login, autocommit=True) as connection:
        for _ in range(3):
            connection.execute("CALL refresh.tick()")
        seen = answers(connection)
    assert seen == expected()


def test_the_command(login, command):
    for _ in range(3):
        done = command("tick", "--json", "--dsn", login)
        assert '"error": null' in done.stdout, (done.stdout, done.stderr)
    with psycopg.connect(login, autocommit=True) as connection:
        assert answers(connection) == expected()


def expected():
    return {
        "waiting": [("s.quick", 0, 0), ("s.slowv", 1, 1)],
        "runs": [("s.slowv", "57014")],
        "backed off": [(True,)],
        "stored": [(1, 1)],
    }


def answers(connection):
    asked = {
        "waiting": "SELECT view_name, pending_count, failure_count FROM refresh.freshness"
        " WHERE view_name LIKE 's.%' ORDER BY view_name",
        "runs": "SELECT view_name, error_code FROM refresh.runs WHERE mode = 'failed'",
        # 30 seconds after the failure, so the later ticks leave it alone
        "backed off": "SELECT retry_at > last_run_at + interval '20 seconds' FROM refresh.freshness WHERE view_name = 's.slowv'",
        "stored": "SELECT id, v FROM s.quick",
    }
    return {name: connection.execute(statement).fetchall() for name, statement in asked.items()}
