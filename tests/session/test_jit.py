"""JIT compilation costs more than it brings where estimates count rows that are not read; doctor says so."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]


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


def test_no_view_of_bi_looks_dear_enough_to_compile(fresh_db):
    """Of the two branches of an _as_of view one runs; the planner, which adds up both, must not guess at the other."""
    generate = [sys.executable, ROOT / "scripts" / "generate.py", "model_risk", "--size", "100", "--dsn", fresh_db]
    subprocess.run(generate, check=True, capture_output=True)
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        connection.execute("CALL refresh.tick()")
        connection.execute("ANALYZE")
        threshold = float(
            connection.execute("SELECT boot_val FROM pg_settings WHERE name = 'jit_above_cost'").fetchone()[0]
        )
        guesses = connection.execute(
            "SELECT DISTINCT prorows FROM pg_proc WHERE pronamespace = 'refresh_data'::regnamespace AND proname ~ '^live_'"
        ).fetchall()
        views = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'bi'::regnamespace"
        ).fetchall()
        costs = {
            view: connection.execute(f"EXPLAIN (FORMAT json) SELECT * FROM {view}").fetchone()[0][0]["Plan"][
                "Total Cost"
            ]
            for (view,) in views
        }
    assert guesses == [(1,)]
    assert costs
    assert {view: cost for view, cost in costs.items() if cost > threshold / 10} == {}


def test_an_older_guess_is_mended_by_the_next_apply(fresh_db):
    with psycopg.connect(fresh_db) as connection:
        (name,) = connection.execute(
            "SELECT min(oid::regprocedure::text) FROM pg_proc WHERE pronamespace = 'refresh_data'::regnamespace AND proname ~ '^live_'"
        ).fetchone()
        connection.execute(f"ALTER FUNCTION {name} ROWS 1000")
        connection.execute("SELECT refresh_internal.regenerate()")
        assert connection.execute("SELECT prorows FROM pg_proc WHERE oid = %s::regprocedure", [name]).fetchone() == (
            1,
        )
