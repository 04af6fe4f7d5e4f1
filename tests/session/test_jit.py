"""JIT compilation costs more than it brings where estimates count rows that are not read; doctor says so."""

import json

import psycopg
import pytest


@pytest.mark.parametrize("value", ["on", "off"])
def test_doctor_names_jit_where_it_works(value, server, empty_db, command):
    with psycopg.connect(empty_db, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET jit = {value}")
    with psycopg.connect(empty_db) as connection:
        is_available = connection.execute("SELECT pg_jit_available()").fetchone()[0]
    done = command("doctor", "--json", "--dsn", empty_db)
    assert json.loads(done.stdout)["data"], done.stdout
    assert (f"ALTER DATABASE {name} SET jit = off;" in done.stdout) is is_available
