"""Bulk writes of trackers against one statement and one commit a row, in a table of a million.

Fills the database with trackers unless it has as many, and refreshes the stored views: use one made for it. Both ways change trackers of one effort, another
one each time; one piece of work changes trackers drawn over all efforts, which recomputes the progress of each of them. The way by rows is what an application with
an object mapper does: it looks a tracker up, updates it, writes the log of changes and commits, for each row; it does so for a tenth of the rows.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import psycopg
from common import Report, connect, in_turn, median, one, parser, percentile

PEOPLE = """
INSERT INTO clinical.users (username, role)
SELECT 'bench ' || n, CASE WHEN n = 1 THEN 'ADMIN' ELSE 'EDITOR' END FROM generate_series(1, 400) AS n
"""
EFFORTS = """
WITH study AS (INSERT INTO clinical.studies (study_label) VALUES ('bench') RETURNING id),
lock AS (INSERT INTO clinical.database_releases (study_id, database_release_label) SELECT id, 'bench' FROM study RETURNING id, study_id)
INSERT INTO clinical.reporting_efforts (study_id, database_release_id, reporting_effort_label)
SELECT lock.study_id, lock.id, 'bench ' || n FROM lock, generate_series(1, %(efforts)s) AS n
"""
ITEMS = """
INSERT INTO clinical.reporting_effort_items (reporting_effort_id, item_type, item_subtype, item_code)
SELECT eff.id, 'TLF', 'Table', 't14.' || n
FROM clinical.reporting_efforts AS eff, generate_series(1, %(each)s) AS n WHERE eff.reporting_effort_label LIKE 'bench %%'
"""
TRACKERS = """
INSERT INTO clinical.reporting_effort_item_tracker
(reporting_effort_item_id, reporting_effort_id, production_programmer_id, production_status, due_date, priority)
SELECT itm.id, itm.reporting_effort_id, usr.ids[1 + itm.id %% 400], (ARRAY['not_started', 'in_progress', 'completed'])[1 + itm.id %% 3],
    date '2025-06-01' + (itm.id %% 120), (ARRAY['low', 'medium', 'high', 'critical'])[1 + itm.id %% 4]
FROM clinical.reporting_effort_items AS itm
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM clinical.users WHERE username LIKE 'bench %%') AS usr
WHERE NOT EXISTS (SELECT FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.reporting_effort_item_id = itm.id)
"""
BY_ROW = "UPDATE clinical.reporting_effort_item_tracker SET qc_level = %s, due_date = %s WHERE id = %s"
LOG = """
INSERT INTO audit.entries (login, actor, family, table_name, row_key, action, before_values, after_values)
VALUES (session_user, %s, 'clinical', 'reporting_effort_item_tracker', %s, 'UPDATE', %s, %s)
"""


def fill(connection: psycopg.Connection[Any], wanted: int) -> None:
    (count,) = one(connection, "SELECT count(*) FROM clinical.reporting_effort_item_tracker")
    if count >= wanted:
        return
    each = 1000
    connection.execute(PEOPLE)
    connection.execute(EFFORTS, {"efforts": max(1, wanted // each)})
    connection.execute(ITEMS, {"each": each})
    connection.execute(TRACKERS, {})
    connection.execute(
        "ANALYZE clinical.reporting_effort_items, clinical.reporting_effort_item_tracker, clinical.users"
    )


class Work:
    """Both ways to do the same, each time with other rows and other values."""

    def __init__(self, connection: psycopg.Connection[Any], count: int) -> None:
        self.connection, self.count = connection, count
        self.chance = random.Random(3)
        (self.actor,) = one(connection, "SELECT min(id) FROM clinical.users WHERE role = 'ADMIN' AND is_active")
        self.by_effort: dict[int, list[int]] = {}
        for number, effort in connection.execute(
            "SELECT id, reporting_effort_id FROM clinical.reporting_effort_item_tracker"
        ).fetchall():
            self.by_effort.setdefault(effort, []).append(number)
        sizes = sorted(self.by_effort.values(), key=lambda ids: abs(len(ids) - count))
        self.efforts = [ids for ids in sizes if len(ids) >= count][:50]
        self.ids = [number for ids in self.by_effort.values() for number in ids]
        self.editors = [
            row[0] for row in connection.execute("SELECT id FROM clinical.users WHERE is_active").fetchall()
        ]

    def values(self) -> tuple[str, str]:
        return (
            f"level{self.chance.randint(1, 3)}",
            f"2025-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}",
        )

    def chosen(self) -> list[int]:
        return self.chance.sample(self.chance.choice(self.efforts), self.count)

    def send(self, function: str, rows: list[dict[str, Any]]) -> None:
        (status, updated) = one(
            self.connection,
            f"SELECT status, updated_count FROM clinical.{function}(%s, %s)",
            [self.actor, json.dumps(rows)],
        )
        assert status == "applied", status
        assert updated > self.count * 0.9

    def in_bulk(self) -> None:
        self.update(self.chosen())

    def scattered(self) -> None:
        self.update(self.chance.sample(self.ids, self.count))

    def update(self, numbers: list[int]) -> None:
        rows = []
        for number in numbers:
            level, day = self.values()
            rows.append({"tracker_id": number, "qc_level": level, "due_date": day})
        self.send("bulk_update_trackers", rows)

    def assigned(self) -> None:
        rows = [
            {"tracker_id": number, "user_id": self.chance.choice(self.editors), "role": "qc"}
            for number in self.chosen()
        ]
        self.send("bulk_assign_trackers", rows)

    def by_row(self) -> None:
        for number in self.chosen()[: self.count // 10]:
            level, day = self.values()
            with self.connection.transaction():
                row = one(
                    self.connection,
                    "SELECT qc_level, due_date::text FROM clinical.reporting_effort_item_tracker WHERE id = %s",
                    [number],
                )
                self.connection.execute(BY_ROW, [level, day, number])
                was, new = ({"qc_level": one_[0], "due_date": one_[1]} for one_ in (row, (level, day)))
                self.connection.execute(LOG, [str(self.actor), str(number), json.dumps(was), json.dumps(new)])


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--trackers", type=int, default=1_000_000, help="in the table (1000000)")
    arguments.add_argument("--rows", type=int, default=1000, help="changed by each call (1000)")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    fill(connection, given.trackers)
    # views that follow their writers at once would leave all the new rows to the first of them
    connection.execute("SELECT refresh.run(view_name) FROM refresh.freshness WHERE view_name LIKE 'clinical.%'")
    work = Work(connection, given.rows)
    (count,) = one(connection, "SELECT count(*) FROM clinical.reporting_effort_item_tracker")
    report = Report("Writes of many trackers", {"trackers": count, "rows": given.rows, "runs": given.runs})
    works: dict[str, Callable[[], object]] = {
        "bulk": work.in_bulk, "assign": work.assigned, "scattered": work.scattered, "rows": work.by_row
    }  # fmt: skip
    for name, warm in works.items():
        if name != "scattered":
            warm()
    times = in_turn(given.runs, **works)
    a_row = median(times["rows"]) / (given.rows // 10)
    for name, what, rows in (
        ("bulk", "bulk update in one effort, one call", given.rows),
        ("assign", "bulk assignment in one effort, one call", given.rows),
        ("scattered", "bulk update over all efforts, one call", given.rows),
        ("rows", "a statement and a commit a row", given.rows // 10),
    ):
        middle = median(times[name])
        report.add(
            what, rows=rows, median_ms=middle, p95_ms=percentile(times[name], 95), ratio_by_row=a_row * rows / middle
        )
    report.print(given.json)


if __name__ == "__main__":
    main()
