"""plpgsql_check finds nothing to complain about in any PL/pgSQL function of ours, generated ones included."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tidemark import files
from tidemark.project import shipped

# Trigger functions are checked for each table they serve; the others by themselves.
CHECK = """
SELECT found.functionid::regprocedure::text, found.lineno, found.level, found.message
FROM pg_proc AS fun
JOIN pg_namespace AS nsp ON fun.pronamespace = nsp.oid
JOIN pg_language AS lan ON fun.prolang = lan.oid
LEFT JOIN pg_trigger AS trg ON trg.tgfoid = fun.oid
CROSS JOIN LATERAL plpgsql_check_function_tb(
    funcoid => fun.oid, relid => coalesce(trg.tgrelid, 0), fatal_errors => false, performance_warnings => false,
    oldtable => CASE WHEN trg.oid IS NOT NULL AND fun.prosrc LIKE '%%old_rows%%' THEN 'old_rows' END,
    newtable => CASE WHEN trg.oid IS NOT NULL AND fun.prosrc LIKE '%%new_rows%%' THEN 'new_rows' END
) AS found
WHERE lan.lanname = 'plpgsql' AND nsp.nspname = ANY (%s)
    AND (fun.prorettype <> 'trigger'::regtype OR trg.oid IS NOT NULL)
    AND found.level IN ('error', 'warning')
    -- a table that the function itself makes does not exist yet, nor do the rows it will give
    AND NOT (fun.prosrc LIKE '%%pg_temp.%%' AND found.message ~ '^(relation "pg_temp|schema "pg_temp"|record ".*" is not assigned|cached plan)')
    -- a generated function declares what any of its kind may need
    AND NOT (nsp.nspname = 'refresh_data' AND found.message LIKE 'unused variable%%')
ORDER BY 1, 2
"""
# what is generated, too
SCHEMAS = sorted({"refresh_data", *(file.path.split("/")[1] for file in files.everything(shipped(), ("functions",)))})


@pytest.fixture
def checked(fresh_db: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(fresh_db, autocommit=True)
    try:
        connection.execute("CREATE EXTENSION plpgsql_check")
    except psycopg.Error as missing:  # not there at all, or only its control file: that of another server
        pytest.skip(
            f"plpgsql_check is not installed for this server (Debian: postgresql-15-plpgsql-check): {missing}"
        )
    return connection


def test_no_function_has_an_error_or_a_warning(checked: psycopg.Connection[Any]) -> None:
    found = checked.execute(CHECK, [SCHEMAS]).fetchall()
    assert found == []


CALLS = """
SELECT DISTINCT format('%%s.%%s()', nsp.nspname, fun.proname), format('%%s.%%s', found.schema, found.name), found.type
FROM pg_proc AS fun
JOIN pg_namespace AS nsp ON fun.pronamespace = nsp.oid
JOIN pg_language AS lan ON fun.prolang = lan.oid
LEFT JOIN pg_trigger AS trg ON trg.tgfoid = fun.oid
CROSS JOIN LATERAL plpgsql_show_dependency_tb(fun.oid::regprocedure, coalesce(trg.tgrelid, 0)::regclass) AS found
WHERE lan.lanname = 'plpgsql' AND nsp.nspname = ANY (%s) AND nsp.nspname <> 'refresh_data'
    AND (fun.prorettype <> 'trigger'::regtype OR trg.oid IS NOT NULL)
"""


def test_headers_require_what_plpgsql_bodies_call(checked: psycopg.Connection[Any]) -> None:
    """The catalogue does not look into PL/pgSQL, so an order by ``requires:`` would hold by luck."""
    reach: dict[str, set[str]] = {}
    for file in files.rerunnable(shipped()):
        reach[file.name] = {file.name}.union(*(reach[name] for name in file.requires))
    missing = set()
    for caller, used, kind in checked.execute(CALLS, [SCHEMAS]).fetchall():
        name = f"{used}()" if kind in ("FUNCTION", "PROCEDURE") else used
        if caller in reach and name in reach and name not in reach[caller]:
            missing.add((caller, name))
    assert sorted(missing) == []
