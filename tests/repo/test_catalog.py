"""What the files made, seen from the catalogue of a database with everything applied."""

import re
from pathlib import Path

from tidemark import db, files
from tidemark.deploy.drift import catalog

# Called by views or by applications in their own name; they change nothing but settings of the caller's transaction.
HARMLESS = ["refresh.use_as_of", "refresh.prefer_stored", "deploy_internal.refuse_reading"]
OURS = "nsp.nspname !~ '^pg_' AND nsp.nspname NOT IN ('information_schema', 'public', 'refresh_data')"


def test_requires_covers_what_objects_use(shared_db):
    with db.connect(shared_db) as connection:
        assert catalog.uncovered(connection, files.rerunnable()) == []


def test_every_relation_has_a_comment(conn):
    rows = conn.execute(
        "SELECT cls.oid::regclass::text FROM pg_class AS cls JOIN pg_namespace AS nsp ON nsp.oid = cls.relnamespace"
        f" WHERE {OURS} AND cls.relkind IN ('r', 'p', 'v', 'm') AND obj_description(cls.oid, 'pg_class') IS NULL"
        " AND cls.relname !~ '^_yoyo'"
    ).fetchall()
    assert rows == []


def test_every_routine_has_a_comment(conn):
    rows = conn.execute(
        "SELECT pro.oid::regprocedure::text FROM pg_proc AS pro"
        " JOIN pg_namespace AS nsp ON nsp.oid = pro.pronamespace"
        f" WHERE {OURS} AND obj_description(pro.oid, 'pg_proc') IS NULL"
        # PostgreSQL makes the constructors of a range type itself; they belong to the superuser
        " AND NOT EXISTS (SELECT FROM pg_depend AS dep WHERE dep.classid = 'pg_proc'::regclass AND dep.objid = pro.oid"
        " AND dep.refclassid = 'pg_type'::regclass AND dep.deptype = 'i')"
    ).fetchall()
    assert rows == []


def test_every_schema_has_a_comment(conn):
    rows = conn.execute(
        f"SELECT nsp.nspname FROM pg_namespace AS nsp WHERE {OURS}"
        " AND obj_description(nsp.oid, 'pg_namespace') IS NULL"
    ).fetchall()
    assert rows == []


def test_every_column_of_bi_has_a_comment(conn):
    rows = conn.execute(
        "SELECT att.attrelid::regclass::text, att.attname FROM pg_attribute AS att"
        " JOIN pg_class AS cls ON cls.oid = att.attrelid WHERE cls.relnamespace = 'bi'::regnamespace"
        " AND att.attnum > 0 AND col_description(att.attrelid, att.attnum) IS NULL"
    ).fetchall()
    assert rows == []


def test_bi_holds_views_only(conn):
    assert (
        conn.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'bi'::regnamespace AND relkind <> 'v'"
        ).fetchall()
        == []
    )
    assert conn.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'bi'::regnamespace").fetchall() == []


def test_what_changes_data_is_not_for_everybody(conn):
    """PUBLIC may call rules and what only reads, as views do it in the caller's name."""
    rows = conn.execute(
        "SELECT pro.oid::regprocedure::text FROM pg_proc AS pro"
        " JOIN pg_namespace AS nsp ON nsp.oid = pro.pronamespace"
        f" WHERE {OURS} AND pro.prorettype <> 'trigger'::regtype"
        " AND (pro.provolatile = 'v' OR (pro.prosecdef AND nsp.nspname NOT IN ('refresh', 'refresh_internal')))"
        " AND has_function_privilege('public', pro.oid, 'EXECUTE')"
    ).fetchall()
    assert [name for (name,) in rows if name.split("(")[0] not in HARMLESS] == []


def test_nothing_was_put_into_public(conn):
    rows = conn.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert rows == []


def test_schema_load_holds_its_verbs_only_and_the_docs_list_them(conn):
    """At most what fits on a screen, each with its row in the table of docs/loading.md."""
    rows = conn.execute(
        "SELECT DISTINCT pro.proname FROM pg_proc AS pro WHERE pro.pronamespace = 'load'::regnamespace"
    ).fetchall()
    verbs = {name for (name,) in rows}
    page = (Path(__file__).parents[2] / "docs" / "loading.md").read_text()
    table = page.split("### The functions of schema load\n")[1].split("\n### ")[0]
    listed = set(re.findall(r"^\|[^|]*\| `(\w+)\(", table, re.MULTILINE))
    assert len(verbs) <= 25
    assert verbs == listed
