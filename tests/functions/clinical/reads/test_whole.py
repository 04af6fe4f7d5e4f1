"""What holds of everything at once: items have trackers, counters are counts, and what a user may not see is nowhere."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]
ADMIN, EDITOR, VIEWER = 1, 4, 22
READS = {
    "tracker_bulk": "SELECT * FROM clinical.tracker_bulk({0}, 3)",
    "tracker_page": "SELECT rows FROM clinical.tracker_page({0}, 3, '{{id,item_code,due_state,tags}}', p_limit => 1000)",
    "tracker_page, search": "SELECT rows FROM clinical.tracker_page({0}, 3, '{{id}}', '{{\"q\": \"1\"}}', p_limit => 1000)",
    "programmer_workload_of": "SELECT * FROM clinical.programmer_workload_of({0})",
    "programmer_trackers": "SELECT usr.id, trk.* FROM clinical.users AS usr CROSS JOIN clinical.programmer_trackers({0}, usr.id) AS trk",
    "workload_pairs_of": "SELECT * FROM clinical.workload_pairs_of({0})",
    "workload_totals_of": "SELECT * FROM clinical.workload_totals_of({0})",
    "effort_progress_of": "SELECT * FROM clinical.effort_progress_of({0})",
    "effort_subtypes_of": "SELECT * FROM clinical.effort_subtypes_of({0})",
    "due_calendar_of": "SELECT * FROM clinical.due_calendar_of({0})",
    "due_state_of": "SELECT * FROM clinical.due_state_of({0})",
    "effort_due_summary_of": "SELECT * FROM clinical.effort_due_summary_of({0})",
    "overdue_list": "SELECT * FROM clinical.overdue_list({0})",
    "user_dashboard_of": "SELECT * FROM clinical.user_dashboard_of({0})",
    "comment_summary_of": "SELECT * FROM clinical.comment_summary_of({0})",
    "comment_threads": "SELECT trk.id, cmt.* FROM generate_series(1, 1000) AS trk (id) CROSS JOIN clinical.comment_threads({0}, trk.id) AS cmt",
    "tag_usage_of": "SELECT * FROM clinical.tag_usage_of({0})",
    "export_trackers": "SELECT * FROM clinical.export_trackers({0}, 3)",
    "findings_of": "SELECT * FROM clinical.findings_of({0})",
}


def told(connection: Connection, actor: int, read: str) -> Any:
    """All rows of a read, as one text."""
    query = f"SELECT coalesce(jsonb_agg(to_jsonb(got) ORDER BY to_jsonb(got)::text), '[]')::text FROM ({READS[read].format(actor)}) AS got"
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def call(connection: Connection, function: str, *arguments: Any) -> str:
    marks = ", ".join(["%s"] * len(arguments))
    given = [json.dumps(one) if isinstance(one, (list, dict)) else one for one in arguments]
    row = connection.execute(f"SELECT status FROM clinical.{function}({marks})", given).fetchone()
    assert row is not None
    return str(row[0])


BUSY = """
    SELECT trk.id, itm.id FROM clinical.reporting_effort_item_tracker AS trk
    JOIN clinical.reporting_effort_items AS itm ON itm.id = trk.reporting_effort_item_id
    WHERE trk.reporting_effort_id = 3 AND itm.is_active AND trk.production_programmer_id IS NOT NULL AND trk.production_status <> 'completed'
        AND trk.due_date < '2025-06-16' AND EXISTS (SELECT FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = trk.id)
    ORDER BY trk.id LIMIT 1
"""


@pytest.mark.parametrize("read", READS)
def test_an_inactive_item_is_to_a_viewer_as_one_that_is_not_there(efforts: Connection, read: str) -> None:
    """With every read warm, and after somebody who sees all has read the same."""
    found = efforts.execute(BUSY).fetchone()
    assert found is not None
    tracker, item = found
    efforts.execute(
        "INSERT INTO clinical.tracker_item_tags (tracker_id, tag_id) SELECT %s, min(id) FROM clinical.tracker_tags ON CONFLICT DO NOTHING",
        [tracker],
    )
    efforts.execute(
        "UPDATE clinical.reporting_effort_item_tracker SET qc_programmer_id = production_programmer_id WHERE id = %s",
        [tracker],
    )
    shown = told(efforts, VIEWER, read)
    assert efforts.execute(
        "SELECT status FROM clinical.update_item(%s, %s, p_is_active => FALSE)", [EDITOR, item]
    ).fetchone() == ("ok",)
    to_all = told(efforts, ADMIN, read)
    hidden = told(efforts, VIEWER, read)
    assert hidden != shown
    efforts.execute("DELETE FROM clinical.reporting_effort_items WHERE id = %s", [item])
    assert told(efforts, VIEWER, read) == hidden
    assert told(efforts, ADMIN, read) != to_all


def test_every_item_that_a_function_makes_has_one_tracker_and_counters_are_counts(efforts: Connection) -> None:
    row = efforts.execute("SELECT max(id) FROM clinical.reporting_effort_items").fetchone()
    assert row is not None
    rows = [{"item_subtype": "Table", "item_code": f"new {n}", "footnotes": ["A note"]} for n in range(3)]
    assert call(efforts, "bulk_create_items", ADMIN, 3, "TLF", rows) == "applied"
    assert call(efforts, "create_item", EDITOR, 3, "Dataset", "SDTM", "NEW") == "ok"
    assert call(efforts, "copy_items", EDITOR, "reporting_effort", 3, 5) == "ok"
    assert call(efforts, "copy_items", EDITOR, "package", 1, 5) == "ok"
    assert call(efforts, "create_comment", EDITOR, 25, "open", "programming") == "ok"
    assert call(efforts, "create_comment", EDITOR, 25, "and one more", "programming") == "ok"
    made = efforts.execute(
        "SELECT count(*), count(DISTINCT trk.id), count(trk.id), count(*) FILTER (WHERE trk.production_status = 'not_started')"
        " FROM clinical.reporting_effort_items AS itm LEFT JOIN clinical.reporting_effort_item_tracker AS trk"
        " ON trk.reporting_effort_item_id = itm.id WHERE itm.id > %s",
        [row[0]],
    ).fetchone()
    assert made is not None
    assert made[0] > 50
    assert made == (made[0],) * 4
    wrong = efforts.execute(
        "SELECT count(*) FROM clinical.reporting_effort_item_tracker AS trk WHERE unresolved_comment_count <> ("
        "SELECT count(*) FROM clinical.tracker_comments WHERE tracker_id = trk.id AND parent_comment_id IS NULL AND NOT is_resolved)"
    ).fetchone()
    assert wrong == (0,)


def test_an_effort_without_items_has_zeros(efforts: Connection) -> None:
    efforts.execute(
        "INSERT INTO clinical.reporting_efforts (id, study_id, database_release_id, reporting_effort_label)"
        " SELECT 9000, study_id, id, 'empty' FROM clinical.database_releases LIMIT 1"
    )
    row = efforts.execute(
        "SELECT to_jsonb(prg) FROM clinical.effort_progress_of(%s, 9000) AS prg", [VIEWER]
    ).fetchone()
    assert row is not None
    figures = {name: value for name, value in row[0].items() if name != "reporting_effort_id"}
    assert figures.pop("next_due_date") is None
    assert len(figures) == 20
    assert set(figures.values()) == {0}


def statements(connection: Connection, effort: int) -> int:
    """Statements on trackers and what belongs to them that a read of all trackers starts, as auto_explain tells them."""
    notices: list[str] = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
    connection.execute("SELECT * FROM clinical.tracker_bulk(%s, %s)", [ADMIN, effort]).fetchall()
    return len([notice for notice in notices if " on reporting_effort_item_tracker" in notice])


def test_a_read_of_all_trackers_is_as_many_statements_for_few_as_for_many(efforts: Connection) -> None:
    sizes = efforts.execute(
        "SELECT reporting_effort_id FROM clinical.effort_progress_of(%s) WHERE trackers_total > 0 ORDER BY trackers_total",
        [ADMIN],
    ).fetchall()
    efforts.execute("SELECT * FROM clinical.tracker_bulk(%s, %s)", [ADMIN, sizes[0][0]]).fetchall()
    for setting in ("LOAD 'auto_explain'", "SET auto_explain.log_min_duration = 0", "SET auto_explain.log_nested_statements = on",
                    "SET client_min_messages = log"):  # fmt: skip
        efforts.execute(setting)
    assert statements(efforts, sizes[0][0]) == statements(efforts, sizes[-1][0]) == 1


@pytest.mark.parametrize(
    ("q", "pattern"),
    [("T14*", r"^t14"), ("*.1", r"\.1$"), ("%", r"%"), ("_", r"_"), ("*", r""), ("  t14.1 ", r"t14\.1"), ("?", r"\?"), ("t*1", r"^t.*1$")],
)  # fmt: skip
def test_search_is_by_stars_and_takes_everything_else_as_it_is(efforts: Connection, q: str, pattern: str) -> None:
    efforts.execute("UPDATE clinical.reporting_effort_items SET item_code = item_code || '%' WHERE id % 7 = 0")
    efforts.execute("UPDATE clinical.reporting_effort_items SET item_code = item_code || '_x' WHERE id % 11 = 0")
    rows = efforts.execute(
        "SELECT rows FROM clinical.tracker_page(%s, 3, '{id}', jsonb_build_object('q', %s::text), p_limit => 1000)",
        [ADMIN, q],
    ).fetchone()
    expected = efforts.execute(
        "SELECT id FROM clinical.tracker_bulk(%(actor)s, 3) WHERE item_code ~* %(pattern)s OR item_title ~* %(pattern)s"
        " OR prod_programmer_username ~* %(pattern)s OR qc_programmer_username ~* %(pattern)s ORDER BY id",
        {"actor": ADMIN, "pattern": pattern},
    ).fetchall()
    assert rows is not None
    assert [row["id"] for row in rows[0]] == [number for (number,) in expected]
    assert expected or q == "?"


STATUSES = "SELECT id, production_status, qc_status FROM clinical.reporting_effort_item_tracker ORDER BY id"


def test_programmers_set_in_bulk_move_no_status(efforts: Connection) -> None:
    before = efforts.execute(STATUSES).fetchall()
    assert len({row[1:] for row in before}) >= 10
    ids = [row[0] for row in before]
    for role in ("production", "qc"):
        rows = [{"tracker_id": number, "user_id": EDITOR, "role": role} for number in ids]
        assert call(efforts, "bulk_assign_trackers", ADMIN, rows) == "applied"
        assert efforts.execute(STATUSES).fetchall() == before
        rows = [{"tracker_id": number, f"{role}_programmer_id": None} for number in ids]
        assert call(efforts, "bulk_update_trackers", ADMIN, rows) == "applied"
        assert efforts.execute(STATUSES).fetchall() == before
    codes = efforts.execute(
        "SELECT item_code, item_type, item_subtype FROM clinical.tracker_bulk(%s, 3)", [ADMIN]
    ).fetchall()
    (name,) = efforts.execute("SELECT username FROM clinical.users WHERE id = %s", [EDITOR]).fetchone() or ("",)
    imported = [
        {"item_code": code, "item_type": kind, "item_subtype": subtype, "qc_programmer_username": name}
        for code, kind, subtype in codes
    ]
    assert call(efforts, "import_trackers", ADMIN, 3, imported) == "applied"
    assert efforts.execute(STATUSES).fetchall() == before
