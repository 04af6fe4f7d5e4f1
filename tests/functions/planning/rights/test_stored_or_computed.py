"""The answers are the same with the stored rows, without them, and when they are made anew."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from planning_office import Connection, Office, expected

ANSWERS = """
    SELECT md5(string_agg(own::text || coalesce(reach.answers, ''), ',' ORDER BY usr.id))
    FROM planning.users AS usr
    CROSS JOIN LATERAL planning.access_of(usr.id) AS own
    CROSS JOIN LATERAL (
        SELECT string_agg(planning.reach_of(ARRAY[usr.id], prm.permission)::text, ',' ORDER BY prm.permission) AS answers
        FROM planning.permissions AS prm WHERE prm.permission LIKE '%project%' OR prm.permission LIKE 'view%'
    ) AS reach
    WHERE usr.id < '20000000-0000-0000-0000-000000000000' OR usr.id > 'e0000000-0000-0000-0000-000000000000'
"""
STORAGE = "SELECT storage_name FROM refresh.stored_views WHERE view_name = 'planning.user_access_by_role'"


def answers(connection: Connection) -> Any:
    row = connection.execute(ANSWERS).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("state", ["bypassed", "emptied", "half emptied", "dropped", "rebuilt"])
def test_the_answers_are_the_same(golden: Connection, state: str) -> None:
    before = answers(golden)
    storage = golden.execute(STORAGE).fetchone()[0]  # type: ignore[index]
    golden.execute(
        {
            "bypassed": "SELECT refresh.bypass('planning.user_access_by_role', true)",
            "emptied": f"TRUNCATE {storage}",
            "half emptied": f"DELETE FROM {storage} WHERE user_id > '18000000-0000-0000-0000-000000000000'",
            "dropped": f"DROP TABLE {storage} CASCADE",
            "rebuilt": "SELECT refresh.rebuild('planning.user_access_by_role')",
        }[state]
    )
    assert answers(golden) == before


def test_emptied_rows_come_back_with_a_rebuild(golden: Connection) -> None:
    count = "SELECT count(*) FROM planning.user_access_by_role"
    before = golden.execute(count).fetchone()
    golden.execute(f"TRUNCATE {golden.execute(STORAGE).fetchone()[0]}")  # type: ignore[index]
    golden.execute("SELECT refresh.rebuild('planning.user_access_by_role')")
    assert golden.execute(count).fetchone() == before


def test_a_global_scope_is_a_flag_and_no_row_per_project(golden: Connection) -> None:
    """The stored rows of a user with a global scope are those of his roles, however many projects there are."""
    row = golden.execute(
        "SELECT count(*), max(cardinality(program_ids) + cardinality(project_ids)) FROM planning.user_access_by_role WHERE has_global_scope"
    ).fetchone()
    assert row is not None
    count, largest = row
    holders = [row for row in expected("expected_user_access.csv") if row["has_global_scope"] == "t"]
    assert len(holders) <= count <= 6 * len(holders)
    assert largest < 14, "fewer than the 14 programs and 78 projects that are open"


def test_a_new_project_touches_no_stored_row(golden: Connection) -> None:
    """So nobody who plans waits for somebody who changes rights."""
    where = "SELECT source_name FROM refresh.view_sources JOIN refresh.stored_views USING (view_id) WHERE view_name = 'planning.user_access_by_role'"
    assert {name for (name,) in golden.execute(where)} == {
        "planning.users",
        "planning.user_roles",
        "planning.scope_assignments",
    }


def test_the_hit_rate_is_counted_without_a_write(office: Office) -> None:
    user = office.user(viewer="global")
    reader = office.session()

    def counted() -> tuple[int, int]:
        reader.execute("SELECT pg_stat_force_next_flush()")
        row = reader.execute("SELECT asked_count, computed_count FROM planning.access_hit_rate").fetchone()
        assert row is not None
        return row[0], row[1]

    reader.execute("SELECT pg_current_xact_id_if_assigned()")
    asked, computed = counted()
    reader.execute("SET default_transaction_read_only = on")
    for _ in range(9):
        assert office.may(user, "read_project", None, "all", by=reader)
    assert not office.may("00000000-0000-0000-0000-000000000001", "read_project", None, "all", by=reader)
    assert counted() == (asked + 10, computed + 1)
    assert reader.execute("SELECT hit_pct BETWEEN 0 AND 100 FROM planning.access_hit_rate").fetchone() == (True,)


def test_nobody_but_the_owner_reads_access_of_others_raw(golden: Connection) -> None:
    for role in ("tidemark_bi", "tidemark_app"):
        golden.execute(f"RESET ROLE; SET LOCAL ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), golden.transaction():
            golden.execute("SELECT * FROM planning.user_access_of(ARRAY[gen_random_uuid()])")
