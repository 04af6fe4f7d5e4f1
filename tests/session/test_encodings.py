"""Only UTF8 holds every text; a database that is not says so before anything is written, in every command."""

import json
from contextlib import contextmanager

import psycopg
import pytest

pytestmark = pytest.mark.once

COMMANDS = [("apply",), ("plan",), ("status",), ("doctor",), ("tick",), ("load", "uploads"), ("rollback", "--yes")]


@contextmanager
def encoded(server, encoding):
    name = f"encoded_{encoding.lower()}"
    server.execute(f"CREATE DATABASE {name} OWNER tidemark TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    try:
        yield server.owner_dsn(name)
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def schemas(server, dsn):
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    with psycopg.connect(server.dsn(name)) as connection:
        return connection.execute(
            "SELECT count(*) FROM pg_namespace WHERE nspname !~ '^(pg_|public$|information_schema$)'"
        ).fetchone()[0]


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1252", "SQL_ASCII", "EUC_JP"])
def test_another_encoding_is_refused_before_the_first_write(server, command, encoding):
    with encoded(server, encoding) as dsn:
        for arguments in COMMANDS:
            done = command(*arguments, "--json", "--dsn", dsn)
            error = json.loads(done.stdout)["error"]
            assert (done.returncode, encoding in error["message"]) == (3, True), (arguments, done.stdout)
            assert "createdb -T template0 -E UTF8" in error["hint"]
        assert schemas(server, dsn) == 0


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1252", "SQL_ASCII"])
@pytest.mark.parametrize("by", ["environment", "role", "options"])
def test_the_encoding_of_the_client_changes_no_row(server, fresh_db, command, cases, encoding, by):
    name = psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"]
    more = {}
    if by == "environment":
        more["PGCLIENTENCODING"] = encoding
    elif by == "options":
        more["PGOPTIONS"] = f"-c client_encoding={encoding}"
    else:
        server.execute(f"ALTER DATABASE {name} SET client_encoding = '{encoding}'")
    file = str(cases / "latin1_client" / "orders.csv")
    done = command("load", "commerce", file, "--set", "shop=alpha.example", "--json", "--dsn", fresh_db, **more)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(fresh_db, client_encoding="UTF8") as connection:
        assert connection.execute(
            "SELECT ord.order_id, line.sku, line.name FROM commerce.orders AS ord"
            " INNER JOIN commerce.order_lines AS line USING (shop_id, order_id)"
        ).fetchall() == [("B-Ä", "SÜ-1", "Café ☕ €")]
