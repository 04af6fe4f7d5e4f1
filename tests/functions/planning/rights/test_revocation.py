"""A right that was taken away is gone with the commit that takes it, and no later; whatever was warm, open or prepared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from planning_office import Connection, Office

Change = Callable[[Office, str, str], tuple[str, list[Any]]]

WAYS: dict[str, Change] = {
    "role switched off": lambda office, user, _: ("UPDATE planning.user_roles SET is_active = false WHERE user_id = %s", [user]),
    "role row deleted": lambda office, user, _: ("DELETE FROM planning.user_roles WHERE user_id = %s", [user]),
    "role given to another": lambda office, user, _: (
        "UPDATE planning.user_roles SET user_id = %s WHERE user_id = %s", [office.user(), user]),
    "role made another": lambda office, user, _: (
        "UPDATE planning.user_roles SET role_type = 'resource_manager' WHERE user_id = %s", [user]),
    "scope switched off": lambda office, user, _: (
        "UPDATE planning.scope_assignments SET is_active = false WHERE id = %s", [office.scope(user)]),
    "scope row deleted": lambda office, user, _: ("DELETE FROM planning.scope_assignments WHERE id = %s", [office.scope(user)]),
    "scope of another program": lambda office, user, _: (
        "UPDATE planning.scope_assignments SET program_id = %s WHERE id = %s", [office.program(), office.scope(user)]),
    "scope of another role": lambda office, user, _: (
        "UPDATE planning.scope_assignments SET user_role_id = %s WHERE id = %s",
        [office.role(office.user(viewer=None), "viewer"), office.scope(user)]),
    "user switched off": lambda office, user, _: ("UPDATE planning.users SET is_active = false WHERE id = %s", [user]),
    "user deleted": lambda office, user, _: ("DELETE FROM planning.users WHERE id = %s", [user]),
    "project moved away": lambda office, _, project: (
        "UPDATE planning.projects SET program_id = %s WHERE id = %s", [office.program(), project]),
    "project deleted": lambda office, _, project: ("DELETE FROM planning.projects WHERE id = %s", [project]),
    "by our function": lambda office, user, _: (
        "SELECT planning.remove_role(%s, %s, 'viewer')", [office.user(admin="global"), user]),
}  # fmt: skip
ASK = """
    SELECT planning.may(%s, 'view_budget', %s),
        EXISTS (SELECT FROM planning.projects_of(%s, 'view_budget') AS own WHERE own.project_id = %s AND own.is_allowed)
"""


def sees(reader: Connection, user: str, project: str) -> Any:
    return reader.execute(ASK, [user, project, user, project], prepare=True).fetchone()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("reading", ["statements", "a transaction"])
def test_the_next_statement_after_the_commit_sees_nothing(office: Office, way: str, reading: str) -> None:
    program = office.program()
    project = office.project(program)
    user = office.user(viewer=("program", program))
    reader, writer = office.session(), office.session()
    if reading == "a transaction":
        reader.execute("BEGIN")
    for _ in range(6):  # warm, and prepared
        assert sees(reader, user, project) == (True, True)
    change, values = WAYS[way](office, user, project)
    writer.execute("BEGIN")
    writer.execute(change, values)
    assert sees(reader, user, project) == (True, True), "not before the commit"
    writer.execute("ROLLBACK")
    assert sees(reader, user, project) == (True, True), "a change that was taken back changes nothing"
    writer.execute(change, values)
    assert sees(reader, user, project) == (False, False)
    assert office.is_right()


def test_a_new_project_is_seen_at_commit_by_who_holds_its_program_or_everything(office: Office) -> None:
    program = office.program()
    project = office.project(program)
    users = [office.user(viewer=("program", program)), office.user(viewer="global")]
    other = office.user(viewer=("project", project))
    writer = office.session()
    writer.execute("BEGIN")
    new = office.project(program, by=writer)
    assert [sees(office.main, user, new) for user in [*users, other]] == [(False, False)] * 3
    writer.execute("COMMIT")
    assert [sees(office.main, user, new) for user in [*users, other]] == [(True, True), (True, True), (False, False)]


def test_what_was_computed_before_a_revocation_is_never_stored_after_it(office: Office) -> None:
    """A computes the rows of a user and waits with the commit; B takes the role away meanwhile."""
    program = office.program()
    project = office.project(program)
    user = office.user(viewer=("program", program))
    slow, revoker = office.session(), office.session()
    slow.execute("BEGIN")
    slow.execute(
        "INSERT INTO planning.scope_assignments (user_role_id, scope_type, project_id) VALUES (%s, 'project', %s)",
        [office.role(user, "viewer"), office.project(office.program())],
    )
    revoked = office.background(
        lambda: revoker.execute("UPDATE planning.user_roles SET is_active = false WHERE user_id = %s", [user])
    )
    office.wait_until_blocked(revoker)
    slow.execute("COMMIT")
    revoked.result()
    assert sees(office.main, user, project) == (False, False)
    assert office.is_right()


def test_a_rebuild_that_read_before_a_revocation_does_not_bring_it_back(office: Office) -> None:
    program = office.program()
    project = office.project(program)
    user = office.user(viewer=("program", program))
    rebuilder, revoker = office.session(), office.session()
    rebuilder.execute("BEGIN; SELECT refresh.rebuild('planning.user_access_by_role')")
    revoked = office.background(
        lambda: revoker.execute("UPDATE planning.users SET is_active = false WHERE id = %s", [user])
    )
    office.wait_until_blocked(revoker)
    assert sees(office.main, user, project) == (True, True), "readers never wait"
    rebuilder.execute("COMMIT")
    revoked.result()
    assert sees(office.main, user, project) == (False, False)
    assert office.is_right()


def test_a_writer_who_read_before_a_revocation_is_sent_back(office: Office) -> None:
    """REPEATABLE READ keeps what it saw, so it may not store anything computed from it."""
    program = office.program()
    user = office.user(viewer=("program", program))
    old = office.session()
    old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    old.execute("SELECT count(*) FROM planning.user_roles")
    office.main.execute("UPDATE planning.user_roles SET is_active = false WHERE user_id = %s", [user])
    with pytest.raises(psycopg.errors.SerializationFailure):
        old.execute(
            "INSERT INTO planning.scope_assignments (user_role_id, scope_type) VALUES (%s, 'global')",
            [office.role(user, "viewer")],
        )
    old.execute("ROLLBACK")
    assert office.is_right()
