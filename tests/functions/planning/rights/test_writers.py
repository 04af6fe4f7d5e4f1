"""Many who change rights at once: nobody locks anybody out, readers never wait, and the rows are right in the end."""

from __future__ import annotations

import os
import random
import threading

import psycopg
import pytest
from planning_office import Office

ROUNDS = int(os.environ.get("TIDEMARK_WALK", "1"))
RAW = {
    "role": "UPDATE planning.user_roles SET is_active = NOT is_active WHERE user_id = %s",
    "scope": "UPDATE planning.scope_assignments SET is_active = NOT is_active WHERE user_role_id IN (SELECT id FROM planning.user_roles WHERE user_id = %s)",
    "user": "UPDATE planning.users SET email = email WHERE id = %s",
}


@pytest.mark.parametrize("kind", RAW)
def test_two_who_change_two_users_in_opposite_order_do_not_deadlock(office: Office, kind: str) -> None:
    """In any SQL: the first statement waits before it has locked a row."""
    program = office.program()
    one, two = (office.user(viewer=("program", program)) for _ in range(2))
    a, b = office.session(), office.session()
    a.execute("BEGIN")
    a.execute(RAW[kind], [one])
    b.execute("BEGIN")
    waiting = office.background(lambda: b.execute(RAW[kind], [two]))
    office.wait_until_blocked(b)
    a.execute(RAW[kind], [two])
    a.execute("COMMIT")
    waiting.result()
    b.execute(RAW[kind], [one])
    b.execute("COMMIT")
    assert office.is_right()


def test_functions_in_opposite_order_do_not_deadlock(office: Office) -> None:
    admin = office.user(admin="global")
    one, two = (office.user(viewer=None) for _ in range(2))
    a, b = office.session(), office.session()
    a.execute("BEGIN")
    a.execute("SELECT planning.remove_role(%s, %s, 'viewer')", [admin, one])
    b.execute("BEGIN")
    waiting = office.background(lambda: b.execute("SELECT planning.remove_role(%s, %s, 'viewer')", [admin, two]))
    office.wait_until_blocked(b)
    a.execute("SELECT planning.remove_role(%s, %s, 'viewer')", [admin, two])
    a.execute("COMMIT")
    waiting.result()
    b.execute("SELECT planning.remove_role(%s, %s, 'viewer')", [admin, one])
    b.execute("COMMIT")
    assert office.is_right()


def test_who_was_admin_when_the_change_was_asked_for_is_not_when_its_turn_comes(office: Office) -> None:
    """The actor is judged after waiting, so two admins who remove each other cannot both succeed."""
    one, two = office.user(admin="global"), office.user(admin="global")
    a, b = office.session(), office.session()
    a.execute("BEGIN")
    a.execute("SELECT planning.remove_role(%s, %s, 'admin')", [one, two])
    asked = office.background(lambda: b.execute("SELECT planning.remove_role(%s, %s, 'admin')", [two, one]))
    office.wait_until_blocked(b)
    a.execute("COMMIT")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked.result()
    assert office.may(one, "manage_roles", None, "all")


def test_readers_never_wait_for_who_changes_rights(office: Office) -> None:
    user = office.user(viewer="global")
    writer, reader = office.session(), office.session()
    writer.execute("BEGIN")
    writer.execute(RAW["role"], [user])
    reader.execute("SET statement_timeout = '5s'")
    assert office.may(user, "read_project", None, "all", by=reader)
    writer.execute("ROLLBACK")


def test_who_plans_does_not_wait_for_who_changes_rights(office: Office) -> None:
    program = office.program()
    user = office.user(viewer=("program", program))
    writer, planner = office.session(), office.session()
    writer.execute("BEGIN")
    writer.execute(RAW["role"], [user])
    planner.execute("SET lock_timeout = '5s'")
    assert office.project(program, by=planner)
    writer.execute("ROLLBACK")


def test_a_revocation_holds_while_others_write_and_read(office: Office) -> None:
    """Readers note when a revocation was committed and never see it undone, while writers change everybody else."""
    program = office.program()
    project = office.project(program)
    admin = office.user(admin="global")
    crowd = [office.user(viewer=("program", program)) for _ in range(8)]
    victims = [office.user(viewer=("program", program)) for _ in range(6 * ROUNDS)]
    gone: set[str] = set()
    done = threading.Event()
    wrong: list[str] = []

    def write(number: int) -> None:
        session, draw = office.session(), random.Random(number)
        while not done.is_set():
            with session.transaction():
                for user in draw.sample(crowd, 2):
                    session.execute(RAW[draw.choice(["role", "scope", "user"])], [user])

    def read(number: int) -> None:
        session, draw = office.session(), random.Random(number)
        while not done.is_set():
            known, user = set(gone), draw.choice(victims)
            if office.may(user, "view_budget", project, by=session) and user in known:
                wrong.append(user)

    work = [office.background(lambda n=n: write(n)) for n in range(3)]
    work += [office.background(lambda n=n: read(n)) for n in range(3)]
    try:
        for user in victims:
            assert office.value("SELECT planning.remove_role(%s, %s, 'viewer')", admin, user) is True
            gone.add(user)
            assert not office.may(user, "view_budget", project)
    finally:
        done.set()
    for one in work:
        one.result()
    assert wrong == []
    assert office.is_right()
