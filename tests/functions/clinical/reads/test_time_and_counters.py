"""What the day changes, what is kept, and the counter of unresolved comments."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]
RECOUNT = """
    SELECT trk.id FROM clinical.reporting_effort_item_tracker AS trk
    WHERE trk.unresolved_comment_count <> (
        SELECT count(*) FROM clinical.tracker_comments AS cmt
        WHERE cmt.tracker_id = trk.id AND cmt.parent_comment_id IS NULL AND NOT cmt.is_resolved
    )
"""
DIFFERENT = """
    SELECT sv.view_name FROM refresh.stored_views AS sv
    CROSS JOIN LATERAL refresh.verify(sv.view_name) AS seen
    WHERE sv.view_name LIKE 'clinical.%' AND sv.target_lag = interval '0' AND NOT (to_jsonb(seen) ->> 'is_equal')::boolean
"""


def test_a_state_holds_until_the_day_it_says_and_no_longer(efforts: Connection) -> None:
    wrong = efforts.execute(
        """
        SELECT count(*)
        FROM (SELECT DISTINCT production_status, due_date FROM clinical.reporting_effort_item_tracker) AS trk
        CROSS JOIN generate_series('2025-06-16'::timestamp, '2025-06-18', '1 day') AS first (day)
        CROSS JOIN generate_series(0, 120) AS ahead (days)
        CROSS JOIN LATERAL (SELECT first.day::date AS as_of, first.day::date + ahead.days AS later) AS on_day
        CROSS JOIN LATERAL (
            SELECT
                clinical.due_state(trk.production_status, trk.due_date, on_day.as_of) AS state,
                clinical.due_state(trk.production_status, trk.due_date, on_day.later) AS state_later,
                clinical.due_valid_until(trk.production_status, trk.due_date, on_day.as_of) AS valid_until
        ) AS told
        WHERE (on_day.later < told.valid_until AND told.state <> told.state_later)
            OR (on_day.later = told.valid_until AND told.state = told.state_later)
        """
    ).fetchone()
    assert wrong == (0,)


@pytest.mark.parametrize("call", ["effort_due_summary_of(%s, NULL, %s)", "user_dashboard_of(%s, NULL, %s)"])
def test_kept_rows_answer_as_computed_ones_on_every_day(efforts: Connection, call: str) -> None:
    """Days before the last run, after it without a run, and with one; also after a write between."""
    efforts.execute("SELECT refresh.rebuild(view_name) FROM refresh.stored_views WHERE view_name LIKE 'clinical.%'")
    answers: dict[Any, list[Any]] = {}
    for day in ("2025-06-10", "2025-06-16", "2025-06-17", "2025-06-25", "2025-09-01"):
        for actor in (1, 22):
            answers[day, actor] = efforts.execute(
                f"SELECT own::text FROM clinical.{call} AS own", [actor, day]
            ).fetchall()
    efforts.execute(
        "SELECT refresh.bypass(view_name, TRUE) FROM refresh.stored_views WHERE view_name LIKE 'clinical.%_by_effort' AND clock_use = 'day'"
    )
    for (day, actor), kept in answers.items():
        assert efforts.execute(f"SELECT own::text FROM clinical.{call} AS own", [actor, day]).fetchall() == kept


def test_whatever_changes_comments_the_counter_is_right(efforts: Connection) -> None:
    # what was loaded on another day than that of the test
    efforts.execute(
        "SELECT refresh.rebuild(view_name) FROM refresh.stored_views WHERE view_name LIKE 'clinical.%' AND due_column IS NOT NULL"
    )
    for change in (
        "UPDATE clinical.tracker_comments SET is_resolved = TRUE, resolved_at = now() WHERE parent_comment_id IS NULL AND id % 3 = 0",
        "UPDATE clinical.tracker_comments SET is_resolved = FALSE, resolved_at = NULL, resolved_by_user_id = NULL WHERE id % 6 = 0 AND is_resolved",
        "DELETE FROM clinical.tracker_comments WHERE id % 5 = 0",
        "INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text) SELECT id, 1, 'new' FROM clinical.reporting_effort_item_tracker WHERE id % 2 = 0",
        "UPDATE clinical.tracker_comments SET tracker_id = 1 WHERE id = (SELECT min(c.id) FROM clinical.tracker_comments AS c WHERE c.tracker_id > 5 AND c.parent_comment_id IS NULL AND NOT EXISTS (SELECT FROM clinical.tracker_comments AS r WHERE r.parent_comment_id = c.id))",
        "DELETE FROM clinical.reporting_effort_items WHERE id % 7 = 0",
        "TRUNCATE clinical.tracker_comments",
    ):
        efforts.execute(change)
        assert efforts.execute(RECOUNT).fetchall() == []
        assert efforts.execute(DIFFERENT).fetchall() == []


def test_a_comment_touches_its_tracker_and_a_reply_does_not(efforts: Connection) -> None:
    before = efforts.execute("SELECT updated_at FROM clinical.reporting_effort_item_tracker WHERE id = 1").fetchone()
    parent = efforts.execute(
        "INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text) VALUES (1, 1, 'a') RETURNING id"
    ).fetchone()
    between = efforts.execute("SELECT updated_at FROM clinical.reporting_effort_item_tracker WHERE id = 1").fetchone()
    assert parent is not None
    efforts.execute(
        "INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text, parent_comment_id) VALUES (1, 1, 'b', %s)",
        [parent[0]],
    )
    after = efforts.execute("SELECT updated_at FROM clinical.reporting_effort_item_tracker WHERE id = 1").fetchone()
    assert before != between == after
    assert efforts.execute(RECOUNT).fetchall() == []


def test_writers_of_the_same_trackers_leave_right_counters_and_rows(busy_dsn: str) -> None:
    """Comments, statuses and visibility of an effort, by sessions at once; a deadlock is tried again."""

    def write(number: int) -> None:
        chance = random.Random(number)
        with psycopg.connect(busy_dsn, autocommit=True) as connection:
            for _ in range(12):
                tracker = chance.randint(70, 90)
                statement = chance.choice(
                    [
                        "INSERT INTO clinical.tracker_comments (tracker_id, user_id, comment_text) VALUES (%(t)s, 1, 'at once')",
                        "UPDATE clinical.tracker_comments SET is_resolved = TRUE, resolved_at = now() WHERE tracker_id BETWEEN %(t)s - 5 AND %(t)s AND parent_comment_id IS NULL",
                        "UPDATE clinical.reporting_effort_item_tracker SET production_status = 'on_hold', due_date = due_date + 1 WHERE id = %(t)s",
                        "UPDATE clinical.reporting_effort_items SET is_active = NOT is_active WHERE id = (SELECT reporting_effort_item_id FROM clinical.reporting_effort_item_tracker WHERE id = %(t)s)",
                        "DELETE FROM clinical.tracker_comments WHERE tracker_id = %(t)s AND comment_text = 'at once'",
                    ]
                )
                for _attempt in range(10):
                    try:
                        connection.execute(statement, {"t": tracker})
                        break
                    except psycopg.errors.DeadlockDetected:
                        continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with psycopg.connect(busy_dsn) as connection:
        assert connection.execute(RECOUNT).fetchall() == []
        assert connection.execute(DIFFERENT).fetchall() == []
