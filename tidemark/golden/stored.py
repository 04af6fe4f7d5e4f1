"""The stored path of a golden case: on each of its days a refreshed stored view equals its live twin, and the reports
that read stored rows still give what is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused
from tidemark.golden.compare import Difference, Finding, Outcome
from tidemark.steps import Step, Steps


def check(
    connection: db.Connection, schema: str, days: Sequence[str], ask_again: Callable[[str], list[Finding]]
) -> Steps[list[Finding]]:
    """Moves the business day along the days of the case, refreshes what that makes due and compares.

    ``ask_again`` compares the reports of one day with the expected rows.
    Shape:  one finding a stored view and one a report, over all days; a difference names its day.
    """
    if not db.fetch(connection, "stored_views_of", schema=schema):
        return [Finding("stored views", Outcome.NOT_COVERED, note=f"{schema} declares none")]
    found: dict[str, Finding] = {}
    for done, day in enumerate(days):
        yield Step(f"refreshing and comparing stored views on {day}", done, len(days))
        db.value(connection, "set_as_of", as_of=day)
        db.run(connection, "refresh_due")
        of_day = [
            _compare(connection, view.view_name, view.comparison, day)
            for view in db.fetch(connection, "stored_views_of", schema=schema)
        ]
        for finding in of_day + ask_again(day):
            found.setdefault(finding.name, Finding(finding.name, Outcome.EQUAL)).merge(finding)
    return list(found.values())


def _compare(connection: db.Connection, name: str, comparison: str, day: str) -> Finding:
    finding = Finding(name, Outcome.EQUAL)
    try:
        with db.translated(name):
            found: Any = connection.execute(comparison.encode()).fetchone()
    except DatabaseRefused as error:
        return Finding(name, Outcome.FAILED, note=f"{error.sqlstate} {error.message}")
    finding.rows = found.stored_count + found.lacking_count
    for row in found.lacking_rows:
        finding.add(Difference({"as_of": day}, {"row": row}, None, "live, not stored"))
    for row in found.excess_rows:
        finding.add(Difference({"as_of": day}, None, {"row": row}, "stored, not live"))
    finding.differences = found.lacking_count + found.excess_count
    return finding
