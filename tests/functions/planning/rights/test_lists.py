"""Lists show what the scopes open and nothing else, cut into pages after that."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from planning_office import Connection, Office, expected
from psycopg import sql

LISTS = ("portfolio_list", "program_list", "project_list", "resource_list", "assignment_list", "actual_list")
OF_A_KIND = {"portfolio_list": "portfolios", "program_list": "programs", "project_list": "projects"}


def page(connection: Connection, name: str, user: str, **arguments: Any) -> list[Any]:
    given = sql.SQL(", ").join(
        sql.SQL("{} => {}").format(sql.Identifier(f"p_{key}"), sql.Placeholder(key)) for key in arguments
    )
    query = sql.SQL(
        "SELECT own.id::text, own.total, own.pages, own.has_next, own.has_prev FROM planning.{}(%(user)s{}{}) AS own"
    )
    return connection.execute(
        query.format(sql.Identifier(name), sql.SQL(", " if arguments else ""), given), {"user": user, **arguments}
    ).fetchall()  # fmt: skip


@pytest.mark.parametrize("name", OF_A_KIND)
def test_a_list_holds_what_the_user_may_read_and_no_more(golden: Connection, name: str) -> None:
    """Every ninth user of the golden rows: the pages together are the things that planning.may() opens to him."""
    kind, asked = name.removesuffix("_list"), 0
    for user in [row["user_id"] for row in expected("expected_user_access.csv") if row["permissions"] != "{}"][::9]:
        may = [
            thing
            for (thing,) in golden.execute(
                sql.SQL("SELECT id::text FROM planning.{} WHERE planning.may(%s, %s, id, %s)").format(
                    sql.Identifier(OF_A_KIND[name])
                ),
                [user, f"read_{kind}", kind],
            )
        ]
        found: list[str] = []
        for number in range(1, len(may) // 7 + 2):
            rows = page(golden, name, user, page=number, size=7)
            found += [row[0] for row in rows]
            pages = -(-len(may) // 7)
            assert all(row[1:] == (len(may), pages, number < pages, number > 1) for row in rows)
        assert sorted(found) == sorted(may)
        assert page(golden, name, user, page=len(may) // 7 + 2, size=7) == []
        asked += len(may)
    assert asked > 20


def test_the_order_is_that_asked_for_and_then_by_id(office: Office) -> None:
    program = office.program()
    user = office.user(viewer=("program", program))
    projects = sorted(office.project(program) for _ in range(5))
    office.main.execute("UPDATE planning.projects SET name = 'a' WHERE id = %s", [projects[3]])
    office.main.execute("UPDATE planning.projects SET start_date = '2024-01-01' WHERE id = %s", [projects[4]])

    def ids(**arguments: Any) -> list[str]:
        return [row[0] for row in page(office.main, "project_list", user, **arguments)]

    p = projects
    assert ids() == [p[3], p[0], p[1], p[2], p[4]]
    assert ids(descending=True) == [p[0], p[1], p[2], p[4], p[3]]
    assert ids(order="start_date") == [p[4], p[0], p[1], p[2], p[3]]
    assert ids(size=2, page=2) == [p[1], p[2]]
    assert ids(order="start_date", size=2, page=3) == [p[3]]


@pytest.mark.parametrize("name", LISTS)
def test_without_the_permission_there_is_an_error_and_without_a_scope_an_empty_list(
    office: Office, name: str
) -> None:
    nobody, inactive = office.user(), office.user(admin="global")
    office.main.execute("UPDATE planning.users SET is_active = false WHERE id = %s", [inactive])
    for user in (nobody, inactive, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            page(office.main, name, user)
        assert caught.value.diag.message_hint
    assert page(office.main, name, office.user(viewer=None)) == []


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("wrong", [{"page": 0}, {"size": 0}, {"size": 101}, {"page": None}, {"order": "budget"}])
def test_a_page_that_cannot_be_is_refused(office: Office, name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue) as caught:
        page(office.main, name, office.user(admin="global"), **wrong)
    assert caught.value.diag.message_hint


@pytest.mark.parametrize(
    ("name", "of"),
    [("program_list", "portfolio"), ("project_list", "program"), ("assignment_list", "project"), ("actual_list", "project")],
)  # fmt: skip
def test_a_thing_out_of_scope_and_one_that_does_not_exist_are_refused_alike(
    office: Office, name: str, of: str
) -> None:
    mine, other = office.program(), office.program()
    office.project(mine)
    foreign = {"program": other, "project": office.project(other)}
    foreign["portfolio"] = office.value("SELECT portfolio_id::text FROM planning.programs WHERE id = %s", other)
    user, answers = office.user(viewer=("program", mine)), set()
    for thing in (foreign[of], "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            page(office.main, name, user, **{f"{of}_id": thing})
        answers.add(
            (caught.value.diag.message_primary, caught.value.diag.message_detail, caught.value.diag.message_hint)
        )
    assert len(answers) == 1


def test_the_log_is_seen_by_who_may_view_it_as_far_as_his_scopes_go(office: Office) -> None:
    program = office.program()
    project, foreign = office.project(program), office.project(office.program())
    for thing in (project, foreign):
        office.main.execute("SELECT audit.record('planning', 'Project', %s, 'UPDATE', %s)", [thing, office.user()])
    read = "SELECT entity_id::text, total FROM planning.audit_log_list(%s, p_entity_type => 'Project')"
    part = office.user(finance_manager=("program", program), viewer="global")
    assert office.main.execute(read, [part]).fetchall() == [(project, 1)]
    assert {project, foreign} <= {row[0] for row in office.main.execute(read, [office.user(admin="global")])}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        office.main.execute(read, [office.user(viewer="global")])


def test_an_application_without_rights_on_tables_reads_lists(golden: Connection) -> None:
    golden.execute("SET LOCAL ROLE tidemark_app")
    user = next(row["user_id"] for row in expected("expected_user_access.csv") if row["has_global_scope"] == "t")
    assert len(page(golden, "project_list", user)) == 20
    for name in (*LISTS, "audit_log_list"):
        golden.execute("RESET ROLE; SET LOCAL ROLE tidemark_bi")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), golden.transaction():
            page(golden, name, user)
