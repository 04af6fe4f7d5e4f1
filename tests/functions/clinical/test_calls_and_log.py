"""What reads leave in the log of calls, and the log of changes page by page."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

ADMIN, EDITOR, VIEWER = 1, 2, 3

READS: dict[str, tuple[str, str, int]] = {
    "tracker_bulk": ("%s, 1", "read", 3),
    "tracker_page": ("%s, 1", "read", 3),
    "export_trackers": ("%s, 1", "read", 3),
    "programmer_trackers": ("%s, 2", "read", 0),
    "comment_summary_of": ("%s", "read", 4),
    "comment_threads": ("%s, 1", "read", 1),
    "tag_usage_of": ("%s", "read", 1),
    "user_list": ("%s", "read", 5),
    "audit_page": ("%s, p_limit => 3", "read", 3),
    "audit_summary_of": ("%s", "report", -1),
    "due_calendar_of": ("%s", "report", 2),
    "due_state_of": ("%s", "report", 4),
    "effort_due_summary_of": ("%s", "report", 2),
    "effort_progress_of": ("%s", "report", 2),
    "effort_subtypes_of": ("%s", "report", 4),
    "findings_of": ("%s", "report", 1),
    "overdue_list": ("%s", "report", 0),
    "programmer_workload_of": ("%s", "report", 5),
    "user_dashboard_of": ("%s", "report", 5),
    "workload_pairs_of": ("%s", "report", 1),
    "workload_totals_of": ("%s", "report", 1),
}
LOOKUPS = {"may", "user_permissions", "visibility_of"}  # of rights: what every call asks


@pytest.mark.parametrize("function", READS)
def test_a_read_leaves_one_row_in_the_log_of_calls(office: Any, function: str) -> None:
    arguments, kind, rows = READS[function]
    office.main.execute("TRUNCATE ops.call")
    office.main.execute(f"SELECT count(*) FROM clinical.{function}({arguments})", [ADMIN]).fetchall()
    query = (
        "SELECT function_name, actor, actor_role, call_kind, call_status, row_count, duration_ms >= 0 FROM ops.call"
    )
    ((name, actor, role, found_kind, status, count, has_time),) = office.rows(query)
    assert (name, actor, role, found_kind, status) == (f"clinical.{function}", str(ADMIN), "ADMIN", kind, "ok")
    assert has_time
    assert count == rows or rows == -1


def test_a_session_may_switch_it_off(office: Any) -> None:
    office.main.execute("TRUNCATE ops.call")
    office.main.execute("SET LOCAL tidemark.call_log = off")
    office.main.execute("SELECT clinical.effort_progress_of(%s)", [ADMIN])
    assert office.value("SELECT count(*) FROM ops.call") == 0


@pytest.mark.once
def test_every_function_of_applications_is_noted(office: Any) -> None:
    silent = office.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'clinical'::regnamespace AND prokind = 'f'"
        " AND EXISTS (SELECT FROM aclexplode(proacl) AS acl WHERE acl.grantee = 'tidemark_app'::regrole) AND prosrc !~ 'clinical.note_(read|write)\\('"
    )
    assert {name for (name,) in silent} == LOOKUPS
    noted = office.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'clinical'::regnamespace AND prosrc ~ 'clinical.note_read\\('"
    )
    assert {name for (name,) in noted} == set(READS)


def page(office: Any, actor: int = ADMIN, **more: Any) -> dict[str, Any]:
    named = "".join(f", p_{name} => %s" for name in more)
    row = office.main.execute(f"SELECT * FROM clinical.audit_page(%s{named})", [actor, *more.values()]).fetchone()
    return dict(row)


@pytest.fixture
def log(office: Any) -> Any:
    """Nine entries of three hours, by two users on two tables; three of one instant."""
    office.main.execute("SELECT audit.purge(30)")
    office.main.execute(
        "INSERT INTO clinical.audit_log (table_name, record_id, action, user_id, changes, created_at)"
        " SELECT CASE WHEN n % 2 = 0 THEN 'studies' ELSE 'packages' END, n / 3, CASE WHEN n % 3 = 0 THEN 'CREATE' ELSE 'UPDATE' END,"
        " 1 + n % 2, '{\"created\": {}, \"before\": {}, \"after\": {}}', '2021-03-04 00:00Z'::timestamptz + n / 3 * interval '1 hour'"
        " FROM generate_series(0, 8) AS n"
    )
    return office


OLD = {"to": "2021-12-31"}


def test_pages_are_newest_first_without_gap_or_repetition(log: Any) -> None:
    whole = page(log, **OLD)
    keys = [(row["created_at"], row["id"]) for row in whole["rows"]]
    assert len(keys) == 9
    assert keys == sorted(keys, reverse=True)
    assert (whole["has_next"], whole["next_cursor"]) == (False, None)
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        one = page(log, limit=2, cursor=cursor, **OLD)
        found += [(row["created_at"], row["id"]) for row in one["rows"]]
        cursor, pages = one["next_cursor"], pages + 1
        assert one["has_next"] == (cursor is not None)
    assert found == keys
    assert pages == 5


def test_the_last_page_that_is_full_has_no_next_one(log: Any) -> None:
    assert page(log, limit=9, **OLD)["has_next"] is False
    assert page(log, limit=8, **OLD)["has_next"] is True


@pytest.mark.parametrize(
    ("narrow", "count"),
    [
        ({"table_name": "studies"}, 5),
        ({"record_id": 1}, 3),
        ({"user_id": 2}, 4),
        ({"action": "CREATE"}, 3),
        ({"from": "2021-03-04 01:00Z", "to": "2021-03-04 01:00Z"}, 3),
        ({"from": "2021-03-04 01:00:01Z", "to": "2021-12-31"}, 3),
        ({"table_name": "studies", "user_id": 2}, 0),
    ],
)
def test_filters_narrow_and_both_ends_count(log: Any, narrow: dict[str, Any], count: int) -> None:
    assert len(page(log, **{**OLD, **narrow})["rows"]) == count


def test_an_entry_names_its_user_and_tells_the_change(log: Any) -> None:
    (row,) = page(log, limit=1, **OLD)["rows"]
    assert row["username"] == "ada"
    assert row["changes"] == {"before": {}, "after": {}}
    assert row["created_at"] == "2021-03-04T02:00:00+00:00"
    assert (row["table_name"], row["action"], row["record_id"], row["user_id"]) == ("studies", "UPDATE", 2, ADMIN)
    assert set(row) == {
        "id", "created_at", "table_name", "record_id", "action", "user_id", "username", "user_role", "batch_id", "changes",
        "ip_address", "user_agent",
    }  # fmt: skip


def test_new_entries_between_two_pages_change_nothing(log: Any) -> None:
    before = [row["id"] for row in page(log, **OLD)["rows"]]
    first = page(log, limit=4, **OLD)
    log.main.execute(
        "INSERT INTO clinical.audit_log (table_name, record_id, action, created_at) VALUES ('studies', 9, 'CREATE', '2021-03-05')"
    )
    rest = page(log, cursor=first["next_cursor"], **OLD)
    assert [row["id"] for row in first["rows"] + rest["rows"]] == before


@pytest.mark.parametrize(
    ("actor", "more", "state", "code"),
    [
        (EDITOR, {}, "42501", "forbidden"),
        (VIEWER, {}, "42501", "forbidden"),
        (ADMIN, {"limit": 0}, "22023", "bad_limit"),
        (ADMIN, {"limit": 1001}, "22023", "bad_limit"),
        (ADMIN, {"limit": None}, "22023", "bad_limit"),
        (ADMIN, {"cursor": "nothing"}, "22023", "bad_cursor"),
    ],
)
def test_what_cannot_be_is_refused(log: Any, actor: int, more: dict[str, Any], state: str, code: str) -> None:
    with pytest.raises(psycopg.Error) as error:
        page(log, actor, **more)
    assert (error.value.sqlstate, error.value.diag.message_detail) == (state, code)


def test_a_cursor_belongs_to_its_filters(log: Any) -> None:
    cursor = page(log, limit=1, **OLD)["next_cursor"]
    with pytest.raises(psycopg.Error) as error:
        page(log, cursor=cursor, action="CREATE", **OLD)
    assert error.value.diag.message_detail == "bad_cursor"
