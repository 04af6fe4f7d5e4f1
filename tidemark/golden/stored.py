"""The stored path of a golden case: on each of its days, a refreshed stored view equals its live twin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused
from tidemark.golden.compare import EXAMPLES, Difference, Finding, Outcome
from tidemark.steps import Step, Steps


def check(connection: db.Connection, schema: str, days: Sequence[str]) -> Steps[list[Finding]]:
    """Moves the business day along the days of the case, refreshes what that makes due and compares.

    Shape:  one finding a stored view and day; the live twin was compared with the expected rows before.
    """
    if not db.fetch(connection, "stored_views_of", schema=schema):
        return [Finding("stored views", Outcome.NOT_COVERED, note=f"{schema} declares none")]
    findings = []
    for done, day in enumerate(days):
        yield Step(f"refreshing and comparing stored views on {day}", done, len(days))
        db.value(connection, "set_as_of", as_of=day)
        db.fetch(connection, "refresh_due")
        for view in db.fetch(connection, "stored_views_of", schema=schema):
            findings.append(_compare(connection, f"{view.view_name} on {day}", view.comparison))
    return findings


def _compare(connection: db.Connection, name: str, comparison: str) -> Finding:
    finding = Finding(name, Outcome.EQUAL)
    try:
        with db.translated(name):
            found: Any = connection.execute(comparison.encode()).fetchone()
    except DatabaseRefused as error:
        return Finding(name, Outcome.FAILED, note=f"{error.sqlstate} {error.message}")
    finding.rows = found.stored_count + found.lacking_count
    for row in found.lacking_rows:
        finding.add(Difference({}, {"row": row}, None, "live, not stored"))
    for row in found.excess_rows:
        finding.add(Difference({}, None, {"row": row}, "stored, not live"))
    finding.differences = found.lacking_count + found.excess_count
    del finding.examples[EXAMPLES:]
    return finding
