"""A login that is mapped to a user of planning sees in bi what that user may see, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from isolation import login
from planning_office import Connection, Office


@contextmanager
def reader(office: Office, name: str, *users: str) -> Iterator[Connection]:
    with login(office.main, name, "tidemark_bi"):
        for user in users:
            office.main.execute("SELECT access.grant_scope(%s, 'planning', 'user', %s)", [name, [user]])
        connection = office.session(office.dsn.replace("user=postgres", f"user={name}"))
        try:
            yield connection
        finally:
            connection.close()


def projects(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT project_id::text FROM bi.planning_project").fetchall()}


def test_rows_are_those_of_the_user_now(office: Office) -> None:
    program = office.program()
    project, other = office.project(program), office.project(office.program())
    user = office.user(viewer=("program", program))
    with reader(office, "planning_reader", user) as ann:
        assert projects(ann) == {project}
        new = office.project(program)
        assert projects(ann) == {project, new}
        office.main.execute("UPDATE planning.user_roles SET is_active = false WHERE user_id = %s", [user])
        assert projects(ann) == set()
        office.main.execute("UPDATE planning.user_roles SET is_active = true WHERE user_id = %s", [user])
        assert projects(ann) == {project, new}
        office.main.execute("UPDATE planning.users SET is_active = false WHERE id = %s", [user])
        assert projects(ann) == set()
        assert other not in projects(ann)


def test_a_name_maps_too_and_several_users_add_up(office: Office) -> None:
    one, two = office.project(office.program()), office.project(office.program())
    first, second = office.user(viewer=("project", one)), office.user(project_manager=("project", two))
    name = office.value("SELECT username FROM planning.users WHERE id = %s", first)
    with reader(office, "planning_reader", name, second) as ann:
        assert projects(ann) == {one, two}


def test_a_global_scope_opens_everything_and_a_grant_of_all_too(office: Office) -> None:
    office.project(office.program())
    count = office.value("SELECT count(*) FROM planning.projects")
    with reader(office, "planning_reader", office.user(viewer="global")) as ann:
        assert len(projects(ann)) == count
    with reader(office, "planning_reader") as ann:
        assert projects(ann) == set()
        office.main.execute("SELECT access.grant_scope('planning_reader', 'planning', 'all')")
        assert len(projects(ann)) == count


def test_budgets_are_for_who_may_view_them(office: Office) -> None:
    """A resource manager sees the project and no budget; the budget of another project by another role opens nothing here."""
    program, other = office.program(), office.program()
    for project in (office.project(program), office.project(other)):
        office.main.execute(
            "INSERT INTO planning.project_phases (project_id, name, start_date, end_date, labor_capital_budget, total_budget)"
            " VALUES (%s, 'p', '2025-01-01', '2025-12-31', 7, 7)",
            [project],
        )
    user = office.user(resource_manager=("program", program), viewer=("program", other))
    with reader(office, "planning_reader", user) as ann:
        assert len(projects(ann)) == 2
        rows = ann.execute("SELECT program_id::text, total_amount FROM bi.planning_phase_budget").fetchall()
    assert rows == [(other, 7)]


def test_permission_and_scope_are_paired_here_too(office: Office) -> None:
    """Who may read everything by a role that grants nothing of it sees nothing of it."""
    project = office.project(office.program())
    user = office.user(viewer=None, finance_manager=("project", project))
    office.main.execute(
        "DELETE FROM planning.role_permissions WHERE (role_type, permission) = ('finance_manager', 'read_project')"
    )
    try:
        with reader(office, "planning_reader", user) as ann:
            assert projects(ann) == set()
    finally:
        office.main.execute(
            "INSERT INTO planning.role_permissions (role_type, permission) VALUES ('finance_manager', 'read_project')"
        )


@pytest.mark.parametrize(
    "value", ["no user", "00000000-0000-0000-0000-000000000000", "'; DROP TABLE planning.users; --"]
)
def test_a_grant_that_is_no_user_opens_nothing_and_raises_nothing(office: Office, value: Any) -> None:
    office.project(office.program())
    with reader(office, "planning_reader") as ann:
        office.main.execute("SELECT access.grant_scope('planning_reader', 'planning', 'user', %s, false)", [[value]])
        assert projects(ann) == set()


def test_no_function_reads_without_a_user(office: Office) -> None:
    """A reader of bi may run rules and what views filter by; an application is asked for a user first."""
    callable_by = """
        SELECT pro.proname, pro.proargnames[1] FROM pg_proc AS pro
        WHERE pro.pronamespace = 'planning'::regnamespace AND pro.prorettype <> 'trigger'::regtype AND pro.provolatile <> 'i'
            AND has_function_privilege(%s, pro.oid, 'EXECUTE')
    """
    assert office.main.execute(callable_by, ["tidemark_bi"]).fetchall() == [("reader_projects", "p_users")]
    found = office.main.execute(callable_by, ["tidemark_app"]).fetchall()
    assert len(found) > 30
    assert {first for _, first in found} == {"p_user_id", "p_actor_id"}
