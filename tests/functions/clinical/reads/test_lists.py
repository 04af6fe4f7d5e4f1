"""Pages of trackers: cursors, refusals, fields, plans; and that a viewer never learns of an inactive item."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]
EDITOR, VIEWER, INACTIVE, UNKNOWN = 4, 22, 8, 999999
SORTS = ["id", "item_code", "due_date", "priority", "updated_at", "unresolved_comment_count"]


def page(
    connection: Connection, actor: int = EDITOR, effort: int = 3, **given: Any
) -> tuple[list[dict[str, Any]], str | None]:
    arguments = ", ".join(f"p_{name} => %({name})s" for name in given)
    row = connection.execute(
        f"SELECT rows, next_cursor, has_next FROM clinical.tracker_page({actor}, {effort}{', ' * bool(given)}{arguments})",
        given,
    ).fetchone()
    assert row is not None
    assert row[2] == (row[1] is not None)
    return row[0], row[1]


def code_of(connection: Connection, statement: str) -> tuple[str, str | None]:
    with pytest.raises(psycopg.Error) as refused, connection.transaction():
        connection.execute(statement)
    return str(refused.value.sqlstate), refused.value.diag.message_detail


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
def test_rows_written_between_two_pages_hide_and_repeat_no_other(
    efforts: Connection, sort: str, direction: str
) -> None:
    """One row before the cursor comes, one of the page goes, the key of a third one of the page changes."""
    full = [row["id"] for row in page(efforts, sort=sort, direction=direction, limit=1000)[0]]
    first, cursor = page(efforts, sort=sort, direction=direction, limit=50)
    seen = [row["id"] for row in first]
    assert seen == full[:50]
    efforts.execute("DELETE FROM clinical.reporting_effort_item_tracker WHERE id = %s", [seen[10]])
    efforts.execute(
        """
        UPDATE clinical.reporting_effort_item_tracker
        SET due_date = '2031-01-01', priority = CASE priority WHEN 'low' THEN 'critical' ELSE 'low' END, updated_at = '2031-01-01' WHERE id = %s
        """,
        [seen[20]],
    )
    efforts.execute(
        """
        WITH item AS (
            INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code)
            VALUES (3, 'TLF', 'Table', 'a-new-one') RETURNING id
        )
        INSERT INTO clinical.reporting_effort_item_tracker (id, reporting_effort_item_id, reporting_effort_id) SELECT -5, id, 3 FROM item
        """
    )
    rest = []
    while cursor:
        rows, cursor = page(efforts, sort=sort, direction=direction, limit=50, cursor=cursor)
        rest += [row["id"] for row in rows]
    unchanged = [one for one in rest if one not in (-5, seen[20])]
    assert unchanged == full[50:]


@pytest.mark.parametrize(
    "other",
    [
        "4, 4", "4, 3, p_filters => '{\"q\": \"a\"}'", "4, 3, p_sort => 'priority'", "4, 3, p_direction => 'desc'", "22, 3",
    ],
)  # fmt: skip
def test_a_cursor_belongs_to_its_list(efforts: Connection, other: str) -> None:
    _, cursor = page(efforts, sort="id", limit=5)
    assert code_of(efforts, f"SELECT clinical.tracker_page({other}, p_limit => 5, p_cursor => '{cursor}')") == (
        "22023",
        "bad_cursor",
    )


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "cursor", ["", "x", "e30", "bnVsbA", "????", "eyJpZCI6ICJhIiwgImtleSI6ICJiIiwgInByaW50IjogImMifQ"]
)
def test_a_text_that_is_no_cursor_is_refused(efforts: Connection, sort: str, cursor: str) -> None:
    assert code_of(efforts, f"SELECT clinical.tracker_page(4, 3, p_sort => '{sort}', p_cursor => '{cursor}')") == (
        "22023",
        "bad_cursor",
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("p_limit => 0", "bad_limit"), ("p_limit => 1001", "bad_limit"), ("p_limit => NULL", "bad_limit"),
        ("p_fields => '{id,email}'", "bad_field"), ("p_fields => '{}'", "bad_field"), ("p_fields => '{NULL}'", "bad_field"),
        ("p_sort => 'item_title'", "bad_sort"), ("p_direction => 'up'", "bad_sort"), ("p_sort => NULL", "bad_sort"),
        ("p_filters => '{\"email\": 1}'", "bad_filter"), ("p_filters => '[]'", "bad_filter"), ("p_filters => NULL", "bad_filter"),
        ("p_filters => '{\"due_from\": \"2025-02-30\"}'", "bad_filter"), ("p_filters => '{\"tag_id\": null}'", "bad_filter"),
        ("p_filters => '{\"priority\": [1]}'", "bad_filter"), ("p_filters => '{\"priority\": \"low\"}'", "bad_filter"),
        ("p_filters => '{\"has_comments\": 1}'", "bad_filter"), ("p_filters => '{\"programmer_id\": 1.5}'", "bad_filter"),
        ("p_filters => '{\"q\": 1}'", "bad_filter"), ("p_filters => '{\"production_programmer_id\": \"4\"}'", "bad_filter"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_code(efforts: Connection, arguments: str, code: str) -> None:
    assert code_of(efforts, f"SELECT clinical.tracker_page(4, 3, {arguments})") == ("22023", code)


@pytest.mark.parametrize("actor", [INACTIVE, UNKNOWN, "NULL"])
@pytest.mark.parametrize(
    "read",
    [
        "tracker_page({0}, 3)", "tracker_bulk({0}, 3)", "effort_progress_of({0})", "effort_subtypes_of({0})", "due_calendar_of({0})",
        "due_state_of({0})", "effort_due_summary_of({0})", "overdue_list({0})", "user_dashboard_of({0})", "comment_summary_of({0})",
        "comment_threads({0}, 25)", "tag_usage_of({0})", "export_trackers({0}, 3)", "findings_of({0})", "programmer_workload_of({0})",
        "programmer_trackers({0}, 4)", "workload_pairs_of({0})", "workload_totals_of({0})", "user_list({0})",
    ],
)  # fmt: skip
def test_nobody_reads_without_the_permission(efforts: Connection, read: str, actor: Any) -> None:
    assert code_of(efforts, f"SELECT * FROM clinical.{read.format(actor)}") == ("42501", "forbidden")


def test_the_fields_are_those_asked_for(efforts: Connection) -> None:
    rows, _ = page(efforts, fields=["tags", "id", "days_late"], limit=3)
    assert [set(row) for row in rows] == [{"tags", "id", "days_late"}] * 3
    columns = [
        one.name for one in efforts.execute("SELECT * FROM clinical.tracker_bulk(4, 3) LIMIT 0").description or ()
    ]
    whole = {row["id"]: row for row in page(efforts, fields=[*columns, "due_state"], limit=1000)[0]}
    asked = efforts.execute("SELECT id, to_jsonb(trk) FROM clinical.tracker_bulk(4, 3) AS trk").fetchall()
    assert len(asked) == len(whole)
    for number, row in asked:
        found = {
            name: value for name, value in whole[number].items() if name != "due_state" and not name.endswith("_at")
        }
        assert found == {name: value for name, value in row.items() if not name.endswith("_at")}


INSIDE = {
    "rows": "SELECT clinical.tracker_rows(ARRAY[151, 152], %s, '2025-06-16')",
    "ids": "SELECT * FROM clinical.tracker_page_ids(3, %s, %s, '2025-06-16', %s, %s, 51, %s, %s)",
}


def plan_of(connection: Connection, what: str, *given: Any) -> str:
    """Of the statement inside, which is where the constants are; in the log of auto_explain."""
    notices: list[str] = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
    for setting in ("LOAD 'auto_explain'", "SET auto_explain.log_min_duration = 0", "SET auto_explain.log_nested_statements = on",
                    "SET client_min_messages = log"):  # fmt: skip
        connection.execute(setting)
    connection.execute(INSIDE[what], given)
    connection.execute("SET auto_explain.log_min_duration = -1")
    return next(notice for notice in notices if "reporting_effort_item_tracker" in notice)


@pytest.mark.once
def test_what_no_field_needs_is_not_joined(efforts: Connection) -> None:
    plan = plan_of(efforts, "rows", ["id", "production_status"]).split("Query Text", 1)[1].split("\n", 1)[1]
    plan = plan[plan.index("cost=") :]
    for table in (
        "users",
        "text_elements",
        "tracker_comments",
        "tracker_item_tags",
        "reporting_effort_items",
        "tlf_details",
    ):
        assert f" on {table}" not in plan


@pytest.mark.once
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["id", "due_date", "updated_at", "unresolved_comment_count"])
def test_a_page_is_read_from_an_index_in_order(efforts: Connection, sort: str, direction: str) -> None:
    key = {"id": None, "due_date": "2025-06-20", "updated_at": "2025-05-01", "unresolved_comment_count": "1"}[sort]
    efforts.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
    plan = plan_of(efforts, "ids", "all", "{}", sort, direction, key, 200)
    plan = plan[plan.index("cost=") :]
    assert "Sort" not in plan
    assert "Index" in plan
    assert "SubPlan" not in plan


def test_a_viewer_learns_of_no_inactive_item_after_an_administrator_read(efforts: Connection) -> None:
    inactive = {
        row[0] for row in efforts.execute("SELECT id FROM clinical.reporting_effort_items WHERE NOT is_active")
    }
    assert len(inactive) > 10
    for actor, sees in ((1, True), (VIEWER, False)):
        found = {
            row[0]
            for effort in range(1, 13)
            for row in efforts.execute(
                "SELECT reporting_effort_item_id FROM clinical.tracker_bulk(%s, %s)", [actor, effort]
            )
        }
        assert bool(found & inactive) is sees
        found = {row[0] for row in efforts.execute("SELECT item_id FROM clinical.findings_of(%s)", [actor])}
        assert bool(found & inactive) is sees
        counted = efforts.execute(
            "SELECT sum(items_inactive) FROM clinical.effort_progress_of(%s)", [actor]
        ).fetchone()
        assert counted is not None
        assert (counted[0] > 0) is sees


def test_switching_an_item_off_is_seen_at_once(efforts: Connection) -> None:
    """In every figure, by whoever may not see it, and without a run."""
    before = efforts.execute("SELECT trackers_total FROM clinical.effort_progress_of(22, 3)").fetchone()
    efforts.execute(
        """
        UPDATE clinical.reporting_effort_items SET is_active = FALSE WHERE id = (
            SELECT min(reporting_effort_item_id) FROM clinical.tracker_bulk(22, 3)
        )
        """
    )
    after = efforts.execute("SELECT trackers_total FROM clinical.effort_progress_of(22, 3)").fetchone()
    assert before is not None
    assert after == (before[0] - 1,)


def test_contact_is_for_those_who_may_and_for_oneself(efforts: Connection) -> None:
    assert efforts.execute("SELECT count(*) FROM clinical.user_list(1) WHERE email IS NOT NULL").fetchone() == (23,)
    assert efforts.execute(
        "SELECT username, email FROM clinical.user_list(22) WHERE email IS NOT NULL"
    ).fetchall() == [("sue", "sue@sponsor.example")]


def test_an_effort_that_is_not_there(efforts: Connection) -> None:
    assert efforts.execute("SELECT * FROM clinical.tracker_bulk(1, 9999)").fetchall() == []
    assert page(efforts, effort=9999) == ([], None)
    assert code_of(efforts, "SELECT * FROM clinical.export_trackers(1, 9999)") == ("22023", "effort_has_no_items")
