"""Roles, scopes and what they open, as the golden files have it; and where what counts is less than the union says."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from planning_office import GOLDEN, Connection, expected
from psycopg import sql

# the golden cases that only the union allows: one role grants, another opens; or a project is to open what is above it for a change
ONLY_BY_UNION = {
    ("c629defc-2a38-43f5-a093-fe4e48f72a53", "project", "15afb9f3-4aa9-435a-9221-4cbe2642670b", "delete_assignment"),
    ("4bb39119-3ecb-42b9-a54a-fbc036fe0757", "portfolio", "8a54f06e-8fa2-42b7-b6f0-9e8823a3d799", "update_program"),
    ("cebda77b-a791-460e-95b7-7b84b03b2e09", "project", "b7dea743-df5d-47cd-8a0c-3d6829946883", "view_forecast"),
    ("39630ae5-faea-43a1-b006-480d67cda226", "portfolio", "f148c2e4-a2e6-41fc-8ca2-a5f71a5b5966", "update_budget"),
    ("0363b77e-5908-4c25-b7f9-ba24741c5854", "portfolio", "f148c2e4-a2e6-41fc-8ca2-a5f71a5b5966", "update_budget"),
    ("7866a5c6-2968-4492-a79e-d261da8ecd55", "project", "4549f7b2-1a75-40f0-8f07-4a41851d6ae9", "update_program"),
    ("9f6616c9-e500-4e41-a647-79c9149b6ed6", "portfolio", "f148c2e4-a2e6-41fc-8ca2-a5f71a5b5966", "update_budget"),
    ("f6cae6df-45c5-48d0-b445-cf6a34d2ac79", "program", "65ffe813-f80d-4a36-b854-74dc5341a601", "view_forecast"),
    ("a3ebefce-e14d-43c4-aaf1-4860d47d606c", "project", "15afb9f3-4aa9-435a-9221-4cbe2642670b", "update_budget"),
    ("0ce3d515-34b3-4342-96d1-3fe9876bf698", "project", "3ac8bf5d-082c-4c81-bf9a-2367261a6329", "create_resource"),
    ("b5a75c97-1387-46e3-975f-a75ea3efdd6a", "project", "40b45ef7-0140-4574-aa7c-d05dc97c3780", "delete_worker"),
    ("dd15fb33-082a-4443-a68a-6e4e1cf62f1b", "program", "eb561948-718b-4605-9101-e3ddb9c22882", "delete_worker"),
}
ACCESS = """
    SELECT own.user_id::text, own.is_active, own.permissions, own.portfolio_ids::text[], own.program_ids::text[],
        own.project_ids::text[], own.has_global_scope, own.accessible_program_count, own.accessible_project_count,
        own.direct_program_scopes::text[], own.direct_project_scopes::text[]
    FROM unnest(%s::uuid[]) AS usr (id) CROSS JOIN LATERAL planning.access_of(usr.id) AS own
"""
DIGESTS = """
    SELECT own.user_id::text, cardinality(own.permissions)::text, planning_test.digest(own.permissions),
        cardinality(own.portfolio_ids)::text, cardinality(own.program_ids)::text, planning_test.digest(own.program_ids::text[]),
        cardinality(own.project_ids)::text, planning_test.digest(own.project_ids::text[]), left(own.has_global_scope::text, 1)
    FROM unnest(%s::uuid[]) AS usr (id) CROSS JOIN LATERAL planning.access_of(usr.id) AS own
"""
DIGEST = """
    CREATE SCHEMA planning_test;
    CREATE FUNCTION planning_test.digest(text[]) RETURNS text LANGUAGE sql
    RETURN md5(coalesce((SELECT string_agg(x, ',' ORDER BY x COLLATE "C") FROM unnest($1) AS x), ''))
"""
# what one step of the golden history does to the tables
ACTIONS = {
    "activate_user": "UPDATE planning.users SET is_active = true WHERE id = %(user_id)s",
    "deactivate_user": "UPDATE planning.users SET is_active = false WHERE id = %(user_id)s",
    "activate_role": "UPDATE planning.user_roles SET is_active = true WHERE id = %(user_role_id)s",
    "deactivate_role": "UPDATE planning.user_roles SET is_active = false WHERE id = %(user_role_id)s",
    "remove_role": "UPDATE planning.user_roles SET is_active = false WHERE id = %(user_role_id)s",
    "assign_role": "INSERT INTO planning.user_roles (id, user_id, role_type, is_active)"
    " VALUES (%(user_role_id)s, %(user_id)s, %(role_type)s, %(is_active)s)"
    " ON CONFLICT (id) DO UPDATE SET is_active = excluded.is_active",
    "delete_role_row": "DELETE FROM planning.user_roles WHERE id = %(user_role_id)s",
    "activate_scope": "UPDATE planning.scope_assignments SET is_active = true WHERE id = %(scope_assignment_id)s",
    "remove_scope": "UPDATE planning.scope_assignments SET is_active = false WHERE id = %(scope_assignment_id)s",
    "assign_scope": "INSERT INTO planning.scope_assignments (id, user_role_id, scope_type, program_id, project_id, is_active)"
    " VALUES (%(scope_assignment_id)s, %(user_role_id)s, %(scope_type)s, %(program_id)s, %(project_id)s, %(is_active)s)",
    "delete_scope_row": "DELETE FROM planning.scope_assignments WHERE id = %(scope_assignment_id)s",
    "create_project": "INSERT INTO planning.projects (id, program_id, name, business_sponsor, project_manager, technical_lead,"
    " start_date, end_date, cost_center_code) VALUES (%(project_id)s::uuid, %(program_id)s, 'n', 'b', 'm', 't', '2026-01-01',"
    " '2026-12-31', %(project_id)s::uuid::text)",
    "move_project": "UPDATE planning.projects SET program_id = %(program_id)s WHERE id = %(project_id)s",
    "delete_project": "DELETE FROM planning.projects WHERE id = %(project_id)s",
}  # fmt: skip


def array(text: str) -> list[str]:
    return [part for part in text.strip("{}").split(",") if part]


def test_every_user_has_the_golden_access(golden: Connection) -> None:
    rows = expected("expected_user_access.csv")
    promised = {
        (
            row["user_id"],
            row["is_active"] == "t",
            *(tuple(array(row[name])) for name in ("permissions", "portfolio_ids", "program_ids", "project_ids")),
            row["has_global_scope"] == "t",
            int(row["accessible_program_count"]),
            int(row["accessible_project_count"]),
            tuple(array(row["direct_program_scopes"])),
            tuple(array(row["direct_project_scopes"])),
        )
        for row in rows
    }
    found = {
        tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row)
        for row in golden.execute(ACCESS, [[row["user_id"] for row in rows]])
    }
    assert found == promised
    assert len(found) == 260


def test_every_check_is_the_union_and_what_counts_is_never_more(golden: Connection) -> None:
    only_by_union = set()
    rows = expected("expected_access_checks.csv")
    for row in rows:
        case = (row["user_id"], row["entity_type"], row["entity_id"], row["permission"])
        answer = golden.execute("SELECT * FROM planning.check_access(%s, %s, %s, %s)", case).fetchone()
        assert answer is not None
        by_union, counts = answer
        assert by_union == (row["allowed"] == "t"), case
        assert by_union or not counts, case
        if by_union != counts:
            only_by_union.add(case)
    assert only_by_union == ONLY_BY_UNION
    assert len(rows) == 500


def test_the_sets_with_their_second_column_agree_with_each_check(golden: Connection) -> None:
    """What a list of projects says of each is what is said of it alone, for several permissions."""
    users = [row["user_id"] for row in expected("expected_user_access.csv")][::9]
    for permission in ("update_project", "view_budget", "read_assignment"):
        for kind in ("project", "program", "portfolio"):
            wrong = golden.execute(
                sql.SQL(
                    "SELECT usr.id, own.* FROM unnest(%s::uuid[]) AS usr (id), planning.{}(usr.id, %s) AS own (entity_id, is_allowed)"
                    " WHERE own.is_allowed <> planning.may(usr.id, %s, own.entity_id, %s)"
                ).format(sql.Identifier(f"{kind}s_of")),
                [users, permission, permission, kind],
            ).fetchall()
            assert wrong == []
            outside = golden.execute(
                sql.SQL(
                    "SELECT usr.id, thing.id FROM unnest(%s::uuid[]) AS usr (id), planning.{} AS thing WHERE planning.may(usr.id, %s, thing.id, %s)"
                    " AND thing.id NOT IN (SELECT own.entity_id FROM planning.{}(usr.id, %s) AS own (entity_id, is_allowed))"
                ).format(sql.Identifier(f"{kind}s"), sql.Identifier(f"{kind}s_of")),
                [users, permission, kind, permission],
            ).fetchall()
            assert outside == []


def test_the_golden_history_step_by_step_with_stored_rows(server: Any, golden_db: str) -> None:
    steps, after = expected("access_mutations.csv"), expected("expected_access_after_step.csv")
    promised: dict[str, list[tuple[str, ...]]] = {}
    for row in after:
        promised.setdefault(row["step_no"], []).append(tuple(row.values())[1:])
    with (
        server.database(golden_db) as name,
        psycopg.connect(server.dsn(name), autocommit=True) as reader,
        psycopg.connect(server.dsn(name), autocommit=True) as writer,
    ):
        writer.execute(DIGEST)
        for step in steps:
            users = [row[0] for row in promised[step["step_no"]]]
            reader.execute(DIGESTS, [users]).fetchall()
            writer.execute(ACTIONS[step["action"]], {key: cell or None for key, cell in step.items()})
            found = sorted(tuple(row) for row in reader.execute(DIGESTS, [users]))
            assert found == sorted(promised[step["step_no"]]), step
        row = writer.execute("SELECT is_equal FROM refresh.verify('planning.user_access_by_role')").fetchone()
        assert row == (True,)
    assert (len(steps), len(after)) == (80, 238)


def test_nobody_is_nobody(golden: Connection) -> None:
    """An unknown user, and NULL, have what an inactive one has: nothing, and no error."""
    for user in ("00000000-0000-0000-0000-000000000000", None):
        row = golden.execute("SELECT * FROM planning.access_of(%s::uuid)", [user]).fetchone()
        assert row is not None
        assert row[1:] == (False, [], [], [], [], False, 0, 0, [], [])
        answer = golden.execute(
            "SELECT planning.may(%s::uuid, 'read_project', (SELECT min(id::text)::uuid FROM planning.projects))",
            [user],
        )
        assert answer.fetchone() == (False,)  # fmt: skip


def test_the_permissions_of_the_roles_are_those_of_the_file(golden: Connection) -> None:
    lines = (GOLDEN / "data" / "planning.role_permissions.csv").read_text(encoding="utf-8").split("\n")[1:]
    promised = {tuple(line.split(",")) for line in lines if line}
    found = set(golden.execute("SELECT role_type, permission FROM planning.role_permissions").fetchall())
    assert found == promised
    assert len(found) == 109


@pytest.mark.parametrize("permission", ["read_project", "view_budget", "update_budget", "manage_roles"])
def test_things_that_do_not_exist_are_open_to_nobody(golden: Connection, permission: str) -> None:
    for kind in ("project", "program", "portfolio", "resource", "unknown"):
        open_to = golden.execute(
            "SELECT usr.id FROM planning.users AS usr WHERE planning.may(usr.id, %s, gen_random_uuid(), %s)",
            [permission, kind],
        ).fetchall()
        assert open_to == []
