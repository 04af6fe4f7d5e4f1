"""Changing rights through functions: who may, what they return, what is written down, and which scopes are refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from planning_office import Connection, Office

NOBODY = "00000000-0000-0000-0000-000000000000"
LOG = "SELECT operation, entity_type, user_id::text, after_values FROM planning.audit_logs WHERE entity_id = %s ORDER BY created_at"


def call(office: Office, function: str, *arguments: Any, by: Connection | None = None) -> Any:
    return office.value(f"SELECT planning.{function}({', '.join(['%s'] * len(arguments))})", *arguments, by=by)


def scope(office: Office, *arguments: Any) -> tuple[Any, str]:
    row = office.main.execute("SELECT * FROM planning.assign_scope(%s, %s, %s, %s, %s)", arguments).fetchone()
    assert row is not None
    return row[0], row[1]


def test_a_role_is_given_taken_and_given_again_in_one_row(office: Office) -> None:
    admin, user = office.user(admin="global"), office.user()
    first = call(office, "assign_role", admin, user, "viewer")
    assert call(office, "assign_role", admin, user, "viewer", False) == first
    assert not call(office, "has_any_permission", user, ["read_project"])
    assert call(office, "assign_role", admin, user, "viewer") == first
    assert call(office, "has_all_permissions", user, ["read_project", "view_budget"])
    assert not call(office, "has_all_permissions", user, ["read_project", "update_budget"])
    assert call(office, "remove_role", admin, user, "viewer") is True
    assert call(office, "remove_role", admin, user, "admin") is False
    assert call(office, "set_role_active", admin, NOBODY, True) is False
    assert call(office, "set_role_active", admin, first, True) is True
    log = office.main.execute(LOG, [user]).fetchall()
    assert [(operation, kind, actor) for operation, kind, actor, _ in log] == [
        (operation, "Permission", admin)
        for operation in ("ROLE_ASSIGNED", "ROLE_REMOVED", "ROLE_ASSIGNED", "ROLE_REMOVED", "ROLE_ASSIGNED")
    ]
    assert all(details["role_type"] == "viewer" and str(details["user_role_id"]) == str(first) for *_, details in log)


def test_scopes_are_rows_of_their_own_and_removing_keeps_them(office: Office) -> None:
    admin, program = office.user(admin="global"), office.program()
    user = office.user(viewer=None)
    role = office.role(user, "viewer")
    (first, code), (second, _) = (scope(office, admin, role, "program", program, None) for _ in range(2))
    assert code == "OK"
    assert first != second
    assert office.may(user, "read_program", program, "program")
    assert call(office, "remove_scope", admin, first) is True
    assert office.may(user, "read_program", program, "program"), "the second row still opens it"
    assert call(office, "remove_scope", admin, second) is True
    assert not office.may(user, "read_program", program, "program")
    assert call(office, "remove_scope", admin, NOBODY) is False
    assert call(office, "set_scope_active", admin, first, True) is True
    assert office.may(user, "read_program", program, "program")
    operations = [operation for operation, *_ in office.main.execute(LOG, [user])]
    assert operations == ["SCOPE_ASSIGNED"] * 2 + ["SCOPE_REMOVED"] * 2 + ["SCOPE_ASSIGNED"]


def test_a_new_user_may_do_nothing_and_names_are_taken_once(office: Office) -> None:
    admin, name = office.user(admin="global"), uuid4().hex
    user = call(office, "create_user", admin, name, f"{name}@example.com")
    assert office.value("SELECT (planning.access_of(%s)).permissions", user) == []
    with pytest.raises(psycopg.errors.UniqueViolation):
        call(office, "create_user", admin, name, "other@example.com")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        call(office, "create_user", user, "other", "other@example.com")
    log = office.main.execute(LOG, [user]).fetchall()
    assert [(operation, kind, actor) for operation, kind, actor, _ in log] == [("CREATE", "User", admin)]


def test_a_user_is_shut_out_and_let_in_again(office: Office) -> None:
    admin, user = office.user(admin="global"), office.user(viewer="global")
    assert call(office, "set_user_active", admin, user, False) is True
    assert not office.may(user, "read_project", None, "all")
    assert call(office, "set_user_active", admin, user, True) is True
    assert office.may(user, "read_project", None, "all")
    assert call(office, "set_user_active", admin, NOBODY, True) is False
    before = office.value(
        "SELECT before_values FROM planning.audit_logs WHERE entity_id = %s AND operation = 'UPDATE' LIMIT 1", user
    )
    assert before == {"is_active": True}  # fmt: skip


SHAPES = [
    ("global", True, False, "GLOBAL_WITH_TARGET"),
    ("global", False, True, "GLOBAL_WITH_TARGET"),
    ("global", True, True, "GLOBAL_WITH_TARGET"),
    ("program", False, False, "PROGRAM_REQUIRED"),
    ("program", False, True, "PROGRAM_REQUIRED"),
    ("program", True, True, "PROGRAM_WITH_PROJECT"),
    ("project", False, False, "PROJECT_REQUIRED"),
    ("project", True, False, "PROJECT_REQUIRED"),
    ("project", True, True, "PROJECT_WITH_PROGRAM"),
]


@pytest.mark.parametrize(("kind", "with_program", "with_project", "code"), SHAPES)
def test_an_illegal_scope_has_its_code_and_is_refused_by_the_table(
    office: Office, kind: str, with_program: bool, with_project: bool, code: str
) -> None:
    program = office.program()
    project = office.project(program)
    admin = office.user(admin="global")
    role = office.role(office.user(viewer=None), "viewer")
    targets = (program if with_program else None, project if with_project else None)
    assert scope(office, admin, role, kind, *targets) == (None, code)
    with pytest.raises(psycopg.errors.CheckViolation):
        office.main.execute(
            "INSERT INTO planning.scope_assignments (user_role_id, scope_type, program_id, project_id) VALUES (%s, %s, %s, %s)",
            [role, kind, *targets],
        )


def test_unknown_targets_have_their_code(office: Office) -> None:
    admin, role = office.user(admin="global"), office.role(office.user(viewer=None), "viewer")
    assert scope(office, admin, role, "program", uuid4(), None) == (None, "PROGRAM_NOT_FOUND")
    assert scope(office, admin, role, "project", None, uuid4()) == (None, "PROJECT_NOT_FOUND")
    assert scope(office, admin, uuid4(), "global", None, None) == (None, "USER_ROLE_NOT_FOUND")
    assert scope(office, admin, role, "world", None, None) == (None, "SCOPE_TYPE_UNKNOWN")


def test_many_scopes_at_once_keep_the_good_and_name_the_bad(office: Office) -> None:
    admin, user = office.user(admin="global"), office.user(project_manager=None)
    programs, unknown = [office.program(), office.program()], str(uuid4())
    rows = office.main.execute(
        "SELECT id::text, code, scope_assignment_id IS NOT NULL FROM planning.assign_scopes(%s, %s, 'program', %s::uuid[])",
        [admin, office.role(user, "project_manager"), [programs[0], unknown, programs[1]]],
    ).fetchall()
    assert rows == [(programs[0], "OK", True), (unknown, "PROGRAM_NOT_FOUND", False), (programs[1], "OK", True)]
    assert all(office.may(user, "update_project", office.project(program)) for program in programs)


LESSER = {
    "nobody": lambda office, _: NOBODY,
    "a viewer of everything": lambda office, _: office.user(viewer="global"),
    "an admin without scope": lambda office, _: office.user(admin=None),
    "an admin of nothing who views everything": lambda office, _: office.user(admin=None, viewer="global"),
    "an admin of one program": lambda office, program: office.user(admin=("program", program)),
}


@pytest.mark.parametrize("who", LESSER)
def test_roles_are_changed_only_by_an_admin_of_everything(office: Office, who: str) -> None:
    """The role that grants manage_roles is the one that must open everything."""
    program = office.program()
    actor, user = LESSER[who](office, program), office.user(viewer=None)
    role = office.role(user, "viewer")
    for function, arguments in (
        ("assign_role", (user, "admin")),
        ("assign_role", (actor, "admin")),
        ("remove_role", (user, "viewer")),
        ("set_role_active", (role, False)),
        ("set_user_active", (user, False)),
        ("set_user_active", (NOBODY, False)),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            call(office, function, actor, *arguments)
        assert caught.value.diag.message_hint
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        scope(office, actor, role, "global", None, None)
    assert call(office, "has_any_permission", user, ["read_project"])


def test_an_admin_of_one_program_gives_and_takes_scopes_in_it_and_nowhere_else(office: Office) -> None:
    mine, other = office.program(), office.program()
    project, foreign = office.project(mine), office.project(other)
    actor, user = office.user(admin=("program", mine)), office.user(viewer=None)
    role = office.role(user, "viewer")
    given, code = scope(office, actor, role, "project", None, project)
    assert code == "OK"
    assert scope(office, actor, role, "program", mine, None)[1] == "OK"
    assert call(office, "remove_scope", actor, given) is True
    answers = set()
    for arguments in (
        ("program", other, None),
        ("program", uuid4(), None),
        ("project", None, foreign),
        ("project", None, uuid4()),
        ("global", None, None),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            scope(office, actor, role, *arguments)
        answers.add((caught.value.diag.message_primary, caught.value.diag.message_detail))
    assert len(answers) == 1, "what is not there and what is out of reach are told alike"
    held = office.scope(office.user(viewer=("program", other)))
    for scope_id in (held, NOBODY):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            call(office, "remove_scope", actor, scope_id)
    # an illegal shape is told only to who may give scopes at all
    assert scope(office, actor, role, "global", mine, None) == (None, "GLOBAL_WITH_TARGET")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        scope(office, office.user(viewer="global"), role, "global", mine, None)


def test_an_admin_of_one_project_has_no_part_in_its_program(office: Office) -> None:
    program = office.program()
    actor = office.user(admin=("project", office.project(program)))
    assert office.may(actor, "read_program", program, "program")
    assert not office.may(actor, "update_program", program, "program")
    assert not office.may(actor, "create_project", program, "program")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        scope(office, actor, office.role(actor, "admin"), "program", program, None)


def test_what_is_taken_back_is_not_in_the_log(office: Office) -> None:
    admin, user = office.user(admin="global"), office.user()
    writer = office.session()
    writer.execute("BEGIN")
    call(office, "assign_role", admin, user, "admin", by=writer)
    writer.execute("ROLLBACK")
    assert office.main.execute(LOG, [user]).fetchall() == []


def test_an_application_calls_these_and_changes_no_table(office: Office) -> None:
    admin, user = office.user(admin="global"), office.user(viewer=None)
    app = office.session()
    app.execute("SET ROLE tidemark_app")
    assert call(office, "assign_role", admin, user, "viewer", by=app)
    assert call(office, "remove_role", admin, user, "viewer", by=app) is True
    for statement in (
        "UPDATE planning.user_roles SET is_active = true",
        "DELETE FROM planning.scope_assignments",
        "INSERT INTO planning.users (username, email) VALUES ('x', 'x')",
        "UPDATE planning.role_permissions SET permission = 'x'",
        "SELECT planning.lock_rights()",
        f"SELECT planning.record_right('{admin}', '{user}', 'ROLE_ASSIGNED', '{{}}')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)
