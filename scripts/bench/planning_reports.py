"""Reports of planning in a large organisation, beside the loop over single projects and days that they replace.

The loop asks as an application would that computes a project from its rows: phases, actuals, the assignments still to
come with the rate of each one by itself, occurrences. It also proves the figures: both must say the same.

    scripts/generate.py planning --size 2400 && tidemark refresh && python scripts/bench/planning_reports.py
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import psycopg
from common import Report, connect, load_alone, median, one, parser, percentile, timed

Connection = psycopg.Connection[Any]
RATE = """
    SELECT rat.rate_amount FROM planning.rates AS rat
    JOIN planning.workers AS wrk USING (worker_type_id) JOIN planning.resources AS res ON res.worker_id = wrk.id
    WHERE res.id = %s AND rat.start_date <= %s AND (rat.end_date IS NULL OR rat.end_date >= %s)
"""
CENT = Decimal("0.01")


def loop_of_project(connection: Connection, project: str, day: date) -> Decimal:
    """The remaining cost of one project, asked row by row."""
    (start,) = one(connection, "SELECT start_date FROM planning.projects WHERE id = %s", [project])
    connection.execute("SELECT total_budget FROM planning.project_phases WHERE project_id = %s", [project]).fetchall()
    spent: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for resource, capital, expense in connection.execute(
        "SELECT resource_id, capital_amount, expense_amount FROM planning.actuals "
        "WHERE project_id = %s AND actual_date BETWEEN %s AND %s",
        [project, start, day],
    ).fetchall():
        spent[resource, "CAPITAL"] += capital
        spent[resource, "EXPENSE"] += expense
    total = Decimal()
    for resource, on, percentage in connection.execute(
        "SELECT resource_id, assignment_date, capital_percentage + expense_percentage "
        "FROM planning.resource_assignments WHERE project_id = %s AND assignment_date > %s",
        [project, day],
    ).fetchall():
        rate = connection.execute(RATE, [resource, on, on]).fetchone()
        total += ((rate[0] if rate else 1000) * percentage / 100).quantize(CENT, ROUND_HALF_EVEN)
    overdue: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lines = "SELECT id, resource_id, cost_treatment FROM planning.nonlabor_plan_lines WHERE project_id = %s AND status = 'ACTIVE'"
    for line, resource, treatment in connection.execute(lines, [project]).fetchall():
        for on, amount in connection.execute(
            "SELECT occurrence_date, coalesce(override_amount, base_amount) "
            "FROM planning.nonlabor_plan_occurrences WHERE plan_line_id = %s",
            [line],
        ).fetchall():
            if on > day:
                total += amount
            else:
                overdue[resource, treatment] += amount
    return total + sum((max(amount - spent[key], Decimal()) for key, amount in overdue.items()), Decimal())


def loop_of_variance(connection: Connection, project: str, day: date) -> int:
    """Days of resources on which work was planned or booked, compared one by one; how many differ in what was done."""
    (start,) = one(connection, "SELECT start_date FROM planning.projects WHERE id = %s", [project])
    planned: dict[tuple[str, date], Decimal] = {}
    for resource, on, percentage in connection.execute(
        "SELECT resource_id, assignment_date, capital_percentage + expense_percentage FROM planning.resource_assignments "
        "WHERE project_id = %s AND assignment_date BETWEEN %s AND %s AND capital_percentage + expense_percentage > 0",
        [project, start, day],
    ).fetchall():
        connection.execute(RATE, [resource, on, on]).fetchone()
        planned[resource, on] = percentage
    worked: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for resource, on, percentage in connection.execute(
        "SELECT resource_id, actual_date, allocation_percentage FROM planning.actuals "
        "WHERE project_id = %s AND actual_date BETWEEN %s AND %s AND external_worker_id IS NOT NULL",
        [project, start, day],
    ).fetchall():
        worked[resource, on] += percentage
    return len(planned.keys() ^ worked.keys())


def loop_of_month(connection: Connection, resources: list[str], month: tuple[date, date]) -> int:
    """Days above 100 per cent, asked for one resource after the other."""
    query = """
        SELECT assignment_date FROM planning.resource_assignments
        WHERE resource_id = %s AND assignment_date BETWEEN %s AND %s
        GROUP BY assignment_date HAVING sum(capital_percentage + expense_percentage) > 100
    """
    return sum(len(connection.execute(query, [resource, *month]).fetchall()) for resource in resources)


class Measures:
    """Times of calls with other arguments each, after some to warm up."""

    def __init__(self, report: Report, calls: int) -> None:
        self.report, self.calls = report, calls

    def add(self, what: str, limit: float, call: Callable[[int], object], loop: Callable[[int], object] | None = None,
            loops: int = 5, scale: float = 1) -> None:  # fmt: skip
        for number in range(self.calls):  # warm: what was asked once is asked again
            call(number)
        own = [timed(lambda number=number: call(number)) for number in range(self.calls)]  # type: ignore[misc]
        figures = {"p50_ms": median(own), "p95_ms": percentile(own, 95), "limit_ms": limit}
        if loop:
            slow = [timed(lambda number=number: loop(number)) * scale for number in range(loops)]  # type: ignore[misc]
            figures |= {"loop_ms": median(slow), "times": median(slow) / median(own[:loops])}
        self.report.add(what, **figures)


def write_import(connection: Connection, path: Path, rows: int, day: date, chance: random.Random) -> int:
    """A file of labor actuals of one per cent each, of workers with room, on ten projects; how many rows it has."""
    found = connection.execute(
        """
        WITH project AS MATERIALIZED (
            SELECT id FROM planning.projects WHERE start_date < %(day)s - 60 AND end_date > %(day)s - 30 ORDER BY md5(id::text || %(seed)s) LIMIT 10
        )
        SELECT asg.project_id, wrk.external_id, wrk.name, asg.assignment_date, 0.5, 0.5
        FROM project
        JOIN planning.resource_assignments AS asg ON asg.project_id = project.id AND asg.assignment_date BETWEEN %(day)s - 60 AND %(day)s - 1
        JOIN planning.resources AS res ON res.id = asg.resource_id JOIN planning.workers AS wrk ON wrk.id = res.worker_id
        WHERE coalesce((SELECT sum(act.allocation_percentage) FROM planning.actuals AS act
                WHERE act.external_worker_id = wrk.external_id AND act.actual_date = asg.assignment_date), 0) < 60
            AND EXISTS (SELECT FROM planning.rates AS rat WHERE rat.worker_type_id = wrk.worker_type_id
                AND asg.assignment_date BETWEEN rat.start_date AND coalesce(rat.end_date, 'infinity'))
        ORDER BY md5(asg.id::text) LIMIT %(rows)s
        """,
        {"day": day, "rows": rows, "seed": str(chance.random())},
    ).fetchall()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["project_id", "external_worker_id", "worker_name", "date", "capital_percentage", "expense_percentage"]
        )
        writer.writerows(found)
    return len(found)


def measure_imports(connection: Connection, report: Report, day: date, times: int, is_compared: bool) -> None:
    views = [name for (name,) in connection.execute(
        "SELECT view_name FROM refresh.stored_views WHERE view_name LIKE 'planning.%' ORDER BY view_name"
    )]  # fmt: skip
    chance = random.Random(7)
    loads, ticks, keys = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            path = Path(folder) / f"{number}.csv"
            rows = write_import(connection, path, 1000, day, chance)
            loads.append(load_alone(connection.info.dsn, "planning", path, {"kind": "labor"})["seconds"] * 1000)
            ticks.append(0.0)
            for view in views:
                ticks[-1] += timed(
                    lambda: keys.append(one(connection, "SELECT key_count FROM refresh.run(%s)", [view])[0])
                )
    report.add(f"import of {rows} rows into 10 projects", p50_ms=median(loads), p95_ms=max(loads))
    added = {"p50_ms": median(ticks), "p95_ms": max(ticks), "limit_ms": 2000.0}
    report.facts["keys of an import"] = median([float(key or 0) for key in keys])
    if not is_compared:
        report.add("all stored figures after it", **added)
        return
    whole = sum(timed(lambda: connection.execute("SELECT refresh.run(%s, true)", [view])) for view in views)
    equal = all(one(connection, "SELECT is_equal FROM refresh.verify(%s)", [view])[0] for view in views)
    report.add("all stored figures after it", **added, loop_ms=whole, times=whole / median(ticks))
    report.facts["stored equals live"] = equal


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument(
        "--as-of", type=date.fromisoformat, default=date.today(), help="the day of the rows (today)"
    )
    arguments.add_argument(
        "--calls", type=int, default=100, help="calls of each kind, with other arguments each (100)"
    )
    arguments.add_argument(
        "--imports", type=int, default=5, help="files of 1,000 rows that are imported (5, 0: none)"
    )
    arguments.add_argument(
        "--no-whole", action="store_true", help="after imports no view is recomputed whole to be compared"
    )
    given: argparse.Namespace = arguments.parse_args()
    day: date = given.as_of
    with connect(given.dsn) as connection:
        connection.execute(
            "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
            [str(day)],
        )
        version, actuals, projects = one(
            connection,
            "SELECT current_setting('server_version'), (SELECT count(*) FROM planning.actuals), (SELECT count(*) FROM planning.projects)",
        )
        report = Report(
            "Reports of planning", {"server": version, "actuals": actuals, "projects": projects, "day": str(day)}
        )
        chance = random.Random(1)
        (admin,) = one(connection, "SELECT id::text FROM planning.users WHERE username = 'user1'")
        users = [row[0] for row in connection.execute("SELECT id::text FROM planning.users ORDER BY id")]
        ids = [row[0] for row in connection.execute("SELECT id::text FROM planning.projects ORDER BY id")]
        running = [row[0] for row in connection.execute(
            "SELECT id::text FROM planning.projects WHERE start_date <= %s AND end_date > %s ORDER BY md5(id::text)", [day, day]
        )]  # fmt: skip
        programs = [row[0] for row in connection.execute(
            "SELECT program_id::text FROM planning.projects GROUP BY program_id ORDER BY count(*) DESC"
        )]  # fmt: skip
        members = {program: [row[0] for row in connection.execute(
            "SELECT id::text FROM planning.projects WHERE program_id = %s", [program]
        )] for program in programs[:3]}  # fmt: skip
        resources = [
            row[0]
            for row in connection.execute("SELECT id::text FROM planning.resources WHERE worker_id IS NOT NULL")
        ]
        month = (day.replace(day=1), day)
        asked = [chance.choice(users) for _ in range(given.calls)]
        chosen = [chance.choice(ids) for _ in range(given.calls)]

        def rows(query: str, *values: object) -> list[tuple[Any, ...]]:
            return connection.execute(query, values).fetchall()

        for project in running[:5]:
            ((stored,),) = rows("SELECT forecast_total FROM planning.forecast_of(%s, %s)", admin, project)
            if stored != (alone := loop_of_project(connection, project, day)):
                raise SystemExit(f"project {project}: {stored} by Tidemark, {alone} by the loop")
        measures = Measures(report, given.calls)
        measures.add(
            "planning.may()", 10, lambda n: rows("SELECT planning.may(%s, 'view_budget', %s)", asked[n], chosen[n])
        )
        measures.add("planning.access_of()", 10, lambda n: rows("SELECT * FROM planning.access_of(%s)", asked[n]))
        measures.add(
            "forecast of one project, stored", 10,
            lambda n: rows("SELECT * FROM planning.forecast_of(%s, %s)", admin, running[n % len(running)]),
            lambda n: loop_of_project(connection, running[n], day),
        )  # fmt: skip
        measures.add(
            "report of one of the three largest programs", 100,
            lambda n: rows("SELECT * FROM planning.program_rollup(%s, %s)", admin, programs[n % min(3, len(programs))]),
            lambda n: [loop_of_project(connection, project, day) for project in members[programs[n]][:20]], loops=1,
            scale=len(members[programs[0]]) / min(20, len(members[programs[0]])),
        )  # fmt: skip
        measures.add(
            "report of all programs", 100, lambda n: rows("SELECT * FROM planning.program_rollup(%s)", admin)
        )
        measures.add(
            "variance by worker and day of one project to date", 100,
            lambda n: rows("SELECT * FROM planning.variance_worker_day(%s, %s)", admin, running[n % len(running)]),
            lambda n: loop_of_variance(connection, running[n], day),
        )  # fmt: skip
        measures.add(
            "over-allocation of one month, stored", 100,
            lambda n: rows("SELECT * FROM planning.over_allocation(%s, %s, %s)", admin, *month),
        )  # fmt: skip
        measures.add(
            "over-allocation of one month, live", 100,
            lambda n: rows("SELECT * FROM planning.assignment_conflict WHERE assignment_date BETWEEN %s AND %s", *month),
            lambda n: loop_of_month(connection, resources[:500], month), loops=1, scale=len(resources) / min(500, len(resources)),
        )  # fmt: skip
        measures.add(
            "actuals of one month above 100 per cent", 100,
            lambda n: rows("SELECT * FROM planning.actual_conflict WHERE actual_date BETWEEN %s AND %s", *month),
        )  # fmt: skip
        measures.add(
            "time series of one project, monthly", 100,
            lambda n: rows("SELECT * FROM planning.time_series(%s, %s, %s, %s, 'monthly')", admin, running[n % len(running)], date(day.year - 1, 1, 1), day),
        )  # fmt: skip
        if given.imports:
            measure_imports(connection, report, day, given.imports, not given.no_whole)
        report.print(given.json)


if __name__ == "__main__":
    main()
