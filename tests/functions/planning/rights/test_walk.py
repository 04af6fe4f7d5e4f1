"""Random histories of rights: after each change every answer is the one told from the rows by a second account of the rules."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from planning_office import Connection, Office

WALKS = int(os.environ.get("TIDEMARK_WALK", "1"))
STEPS = 30
ROLES = ["admin", "program_manager", "project_manager", "finance_manager", "resource_manager", "viewer"]
PERMISSIONS = ["read_project", "update_project", "view_budget", "update_budget", "create_project", "read_resource"]
ASKED = """
    SELECT usr.id::text, prm.permission, thing.kind, thing.id::text, own.is_allowed_by_union, own.is_allowed
    FROM unnest(%(users)s::uuid[]) AS usr (id) CROSS JOIN unnest(%(permissions)s::text[]) AS prm (permission)
    CROSS JOIN unnest(%(kinds)s::text[], %(things)s::uuid[]) AS thing (kind, id)
    CROSS JOIN LATERAL planning.check_access(usr.id, thing.kind, thing.id, prm.permission) AS own
"""


class Model:
    """The rows as they are, and what they mean, said without SQL."""

    def __init__(self, connection: Connection, world: World) -> None:
        def rows(statement: str) -> list[Any]:
            return connection.execute(statement, [world.users]).fetchall()

        self.active = {
            user
            for user, is_active in rows("SELECT id::text, is_active FROM planning.users WHERE id = ANY(%s::uuid[])")
            if is_active
        }
        self.roles = {
            role: (user, kind)
            for role, user, kind, is_active in rows(
                "SELECT id::text, user_id::text, role_type, is_active FROM planning.user_roles WHERE user_id = ANY(%s::uuid[])"
            )
            if is_active and user in self.active
        }
        self.scopes = [
            (role, kind, program or project)
            for role, kind, program, project, is_active in rows(
                "SELECT sco.user_role_id::text, sco.scope_type, sco.program_id::text, sco.project_id::text, sco.is_active"
                " FROM planning.scope_assignments AS sco JOIN planning.user_roles AS rol ON rol.id = sco.user_role_id"
                " WHERE rol.user_id = ANY(%s::uuid[])"
            )
            if is_active and role in self.roles
        ]
        self.program_of = dict(
            connection.execute("SELECT id::text, program_id::text FROM planning.projects").fetchall()
        )
        self.portfolio_of = dict(
            connection.execute("SELECT id::text, portfolio_id::text FROM planning.programs").fetchall()
        )
        self.grants = set(
            connection.execute("SELECT role_type, permission FROM planning.role_permissions").fetchall()
        )

    def opens(self, kind: str, named: str | None, thing_kind: str, thing: str) -> str:
        """How a scope opens a thing: fully, to read, or not."""
        if kind == "global":
            return "fully"
        if kind == "program":
            above = {"project": self.program_of.get(thing), "program": thing, "portfolio": None}[thing_kind]
            is_open = above == named if thing_kind != "portfolio" else self.portfolio_of[str(named)] == thing
            return "fully" if is_open else "not"
        program = self.program_of[str(named)]
        if thing_kind == "project":
            return "fully" if thing == named else "not"
        return "to read" if thing in (program, self.portfolio_of[program]) else "not"

    def answer(self, user: str, permission: str, kind: str, thing: str) -> tuple[bool, bool]:
        """By the union of all roles, and with permission and scope paired."""
        own = {role: role_type for role, (holder, role_type) in self.roles.items() if holder == user}
        opened = {(role, self.opens(scope, named, kind, thing)) for role, scope, named in self.scopes if role in own}
        granting = {role for role, role_type in own.items() if (role_type, permission) in self.grants}
        is_reading = permission.split("_")[0] in ("read", "view")
        paired = any(
            role in granting and (how == "fully" or (how == "to read" and is_reading)) for role, how in opened
        )
        return bool(granting) and any(how != "not" for _, how in opened), paired


class World:
    """A few users, programs and projects, and random changes of their rights."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.draw = office, random.Random(seed)
        self.programs = [office.program() for _ in range(2)]
        self.portfolios = [
            office.value("SELECT portfolio_id::text FROM planning.programs WHERE id = %s", program)
            for program in self.programs
        ]
        self.programs.append(office.program(self.portfolios[0]))
        self.projects = [office.project(self.draw.choice(self.programs)) for _ in range(5)]
        self.users = [office.user() for _ in range(3)]
        self.admin = office.user(admin="global")
        for user in self.users:  # one who reads much and changes little
            for role_type, scope in (
                ("viewer", "global"),
                ("project_manager", ("project", self.draw.choice(self.projects))),
            ):
                role = office.value("SELECT planning.assign_role(%s, %s, %s)::text", self.admin, user, role_type)
                kind, target = scope if isinstance(scope, tuple) else (scope, None)
                office.main.execute(
                    "SELECT planning.assign_scope(%s, %s, %s, NULL, %s)", [self.admin, role, kind, target]
                )

    def change(self) -> None:
        draw, office = self.draw, self.office
        user, role_type = draw.choice(self.users), draw.choice(ROLES)
        roles = [
            r
            for (r,) in office.main.execute(
                "SELECT id::text FROM planning.user_roles WHERE user_id = ANY(%s::uuid[])", [self.users]
            )
        ]
        role = draw.choice([*roles, "00000000-0000-0000-0000-000000000000"])
        kind = draw.choice(["global", "program", "program", "project", "project"])
        program = draw.choice(self.programs) if kind == "program" else None
        project = draw.choice(self.projects) if kind == "project" else None
        ways: list[tuple[str, list[Any]]] = [
            ("SELECT planning.assign_role(%s, %s, %s)", [self.admin, user, role_type]),
            ("SELECT planning.assign_role(%s, %s, %s)", [self.admin, user, role_type]),
            ("SELECT planning.assign_scope(%s, %s, %s, %s, %s)", [self.admin, role, kind, program, project]),
            ("SELECT planning.assign_scope(%s, %s, %s, %s, %s)", [self.admin, role, kind, program, project]),
            ("SELECT planning.remove_role(%s, %s, %s)", [self.admin, user, role_type]),
            ("SELECT planning.set_user_active(%s, %s, %s)", [self.admin, user, draw.random() < 0.7]),
            ("UPDATE planning.scope_assignments SET is_active = NOT is_active WHERE user_role_id = %s", [role]),
            ("UPDATE planning.user_roles SET is_active = NOT is_active WHERE id = %s", [role]),
            ("DELETE FROM planning.scope_assignments WHERE user_role_id = %s", [role]),
            ("DELETE FROM planning.user_roles WHERE id = %s", [role]),
            ("UPDATE planning.projects SET program_id = %s WHERE id = %s", [draw.choice(self.programs), draw.choice(self.projects)]),
        ]  # fmt: skip
        for statement, values in draw.sample(ways, draw.choice([1, 1, 2, 3])):
            office.main.execute(statement, values)


@pytest.mark.parametrize("seed", range(2 * WALKS))
def test_every_answer_is_what_the_rows_mean(office: Office, seed: int) -> None:
    world = World(office, seed)
    things = [("portfolio", one) for one in world.portfolios]
    things += [("program", one) for one in world.programs] + [("project", one) for one in world.projects]
    asked = {
        "users": world.users, "permissions": PERMISSIONS, "kinds": [kind for kind, _ in things], "things": [one for _, one in things],
    }  # fmt: skip
    answers: set[tuple[bool, bool]] = set()
    for _ in range(STEPS):
        with office.main.transaction():
            world.change()
        model = Model(office.main, world)
        for user, permission, kind, thing, by_union, counts in office.main.execute(ASKED, asked):
            promised = model.answer(user, permission, kind, thing)
            assert (by_union, counts) == promised, (seed, user, permission, kind, thing)
            answers.add(promised)
    assert answers == {(False, False), (True, False), (True, True)}
    assert office.is_right()
