"""The scripts of jobs and the matrix of transitions, as the reference data have them."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

GOLDEN = Path(__file__).parents[2] / "golden" / "jobs"
Connection = psycopg.Connection[Any]


def rows_of(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(name="queue")
def _queue(conn: Connection) -> Iterator[Connection]:
    """An empty queue with the two types of the reference, whose handlers are outside the database."""
    conn.execute("SET LOCAL TIME ZONE 'UTC'")
    conn.execute("""
        SELECT jobs.register('assessment', 'tests', 'outside'),
            jobs.register('bulk_import', 'tests', 'outside', priority => 'low', ttl_seconds => 7200)""")
    yield conn


def play(connection: Connection, event: dict[str, str]) -> tuple[str, str]:
    """Outcome and, for a claim, the job."""
    arguments, at, job = json.loads(event["args"]), event["at"], event["job_id"] or None

    def call(text: str, *values: Any) -> Any:
        row = connection.execute(f"SELECT {text}", values).fetchone()
        assert row
        return row[0]

    if event["event"] == "submit":
        row = connection.execute(
            "SELECT outcome FROM jobs.submit(%s, %s, %s, %s, %s, %s, %s, p_now => %s)",
            [arguments["job_type"], json.dumps(arguments["payload"]), arguments.get("priority"), arguments.get("ttl_seconds"),
             arguments.get("tenant_id"), arguments.get("user_id"), job, at],
        ).fetchone()  # fmt: skip
        assert row
        return row[0], ""
    if event["event"] == "claim":
        row = connection.execute("SELECT outcome, job_id FROM jobs.claim(NULL, %s)", [at]).fetchone()
        assert row
        return row[0], str(row[1] or "")
    if event["event"] == "progress":
        return call("jobs.progress(%s, %s, %s)", job, arguments["progress"], arguments.get("message")), ""
    if event["event"] == "complete":
        return call("jobs.complete(%s, %s, p_now => %s)", job, json.dumps(arguments["result"]), at), ""
    if event["event"] == "fail":
        return call("jobs.fail(%s, %s, %s, p_now => %s)", job, arguments["error"], arguments["traceback"], at), ""
    if event["event"] == "purge":
        return str(call("jobs.purge(%s)", at)), ""
    return call(f"jobs.{event['event']}(%s, p_now => %s)", job, at), ""


def text(value: Any) -> str:
    """A value as the files have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value).removesuffix(":00") if hasattr(value, "tzinfo") else str(value)


def snapshot(connection: Connection, columns: list[str]) -> list[dict[str, str]]:
    found = connection.cursor(row_factory=dict_row).execute(
        "SELECT sta.*, job.error_traceback FROM jobs.job_status AS sta JOIN jobs.job USING (job_id) ORDER BY job.job_no"
    )
    return [{column: text(row[column]) for column in columns} for row in found]


EVENTS = defaultdict(list)
for _event in rows_of("job_events"):
    EVENTS[_event["scenario"]].append(_event)


@pytest.mark.parametrize("scenario", sorted(EVENTS))
def test_a_script_gives_its_outcomes_jobs_and_health(queue: Connection, scenario: str) -> None:
    outcomes = {row["seq"]: row for row in rows_of("expected_job_events") if row["scenario"] == scenario}
    jobs, health = defaultdict(list), {}
    for row in rows_of("expected_jobs"):
        if row["scenario"] == scenario:
            jobs[row["after_seq"]].append(row)
    for row in rows_of("expected_job_health"):
        if row["scenario"] == scenario:
            health[row["after_seq"]] = row
    queue.execute("SELECT jobs.set_capacity(%s)", [next(iter(health.values()))["max_concurrent_jobs"]])
    found = []
    for event in EVENTS[scenario]:
        outcome, job = play(queue, event)
        found.append({"scenario": scenario, "seq": event["seq"], "outcome": outcome, "claimed_job_id": job})
        if expected := jobs.get(event["seq"]):
            columns = [column for column in expected[0] if column not in ("scenario", "after_seq")]
            assert snapshot(queue, columns) == [{column: row[column] for column in columns} for row in expected]
        if event["seq"] in health:
            columns = [column for column in health[event["seq"]] if column not in ("scenario", "after_seq")]
            row = queue.cursor(row_factory=dict_row).execute("SELECT * FROM jobs.health").fetchone()
            assert row
            assert {column: text(row[column]) for column in columns} == {
                column: health[event["seq"]][column] for column in columns
            }
    assert found == list(outcomes.values())


@pytest.mark.parametrize(
    "case", rows_of("expected_job_transitions"), ids=lambda row: f"{row['from_status']}-{row['event']}"
)
def test_a_job_goes_from_status_to_status_as_the_matrix_says(queue: Connection, case: dict[str, str]) -> None:
    at = "2025-10-13 10:00:00+00"
    job = "0dbd51fe-9c16-4437-aa66-cda23e2396cd"

    def do(event: str, **arguments: Any) -> str:
        given = {
            "progress": 10,
            "result": {},
            "error": "e",
            "traceback": "t",
            "job_type": "assessment",
            "payload": {},
        }
        return play(queue, {"event": event, "at": at, "job_id": job, "args": json.dumps(given | arguments)})[0]

    do("submit")
    reach = {
        "pending": [], "running": ["claim"], "completed": ["claim", "complete"], "failed": ["claim", "fail"],
        "cancelled": ["cancel"],
    }  # fmt: skip
    if (case["from_status"], case["event"], case["to_status"]) == ("running", "cancel_ack", "cancelled"):
        reach["running"].append("cancel")
    for event in reach[case["from_status"]]:
        do(event)
    assert do(case["event"]) == case["outcome"]
    row = queue.execute("SELECT status FROM jobs.job").fetchone()
    assert row == (case["to_status"],)
