"""Keyed refresh against REFRESH MATERIALIZED VIEW CONCURRENTLY of the same live definition.

One UPDATE changes the dates of approved validation requests, the changed models are refreshed by key, and then the
materialized view beside is refreshed; so in turn, --runs times for each number of changes. With --chain the same for
all views behind the KPI report. Changes rows of the database: use one made for it.

    scripts/generate.py model_risk --size 1000000 --as-of 2025-06-30 && python scripts/bench/refresh_keyed.py
"""

from __future__ import annotations

from typing import Any

import psycopg
from common import Report, connect, median, parser, timed
from refresh_native import native

STATUS = "model_risk.model_status_by_model"
CHAIN = [
    STATUS,
    "model_risk.kpi_fact_by_model",
    "model_risk.kpi_tally_by_lob",
    "model_risk.kpi_tier_tally_by_lob",
    "model_risk.kpi_cell_by_scope",
    "model_risk.kpi_breakdown_cell_by_scope",
]

CHANGE = """
UPDATE model_risk.validation_requests SET
    updated_at = updated_at + interval '40 days',
    completion_date = completion_date + interval '40 days'
WHERE request_id IN (
    SELECT request_id FROM model_risk.validation_requests WHERE current_status = 'APPROVED'
    ORDER BY hashint4(request_id + %s) LIMIT %s
)
"""


class Comparison:
    def __init__(self, connection: psycopg.Connection[Any], twins: dict[str, str], report: Report) -> None:
        self._connection, self._twins, self._report = connection, twins, report
        self._seed = 0

    def measure(self, views: list[str], changes: int, runs: int, native_runs: int) -> None:
        ours: dict[str, list[float]] = {view: [] for view in views}
        theirs: dict[str, list[float]] = {view: [] for view in views}
        keys: dict[str, set[str]] = {view: set() for view in views}
        for run in range(runs):
            self._seed += 1
            self._connection.execute(CHANGE, [self._seed * 7919, changes])
            for view in views:
                ours[view].append(timed(lambda: keys[view].add(self._refresh(view))))
            if run < native_runs:
                for view in views:
                    command = f"REFRESH MATERIALIZED VIEW CONCURRENTLY {self._twins[view]}"
                    theirs[view].append(timed(lambda: self._connection.execute(command)))
        for view in views:
            self._add(
                f"{view.partition('.')[2]}, {changes} changed",
                ours[view],
                theirs[view],
                "; ".join(sorted(keys[view])),
            )
        if len(views) > 1:
            rounds = [sum(one) for one in zip(*ours.values())], [sum(one) for one in zip(*theirs.values())]
            self._add(f"KPI chain, {changes} changed", *rounds, f"{len(views)} views")

    def _refresh(self, view: str) -> str:
        row = self._connection.execute("SELECT mode, key_count FROM refresh.run(%s)", [view]).fetchone()
        assert row is not None
        return row[0] if row[0] != "keys" else f"{row[1]} keys"

    def _add(self, what: str, ours: list[float], theirs: list[float], how: str) -> None:
        self._report.add(
            what, keyed_ms=median(ours), concurrently_ms=median(theirs), times=median(theirs) / median(ours),
            runs=f"{len(ours)}/{len(theirs)}", how=how,
        )  # fmt: skip


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", default="2025-06-30", help="the day of rules")
    arguments.add_argument("--changes", type=int, nargs="*", default=[100, 10_000, 100_000], metavar="N")
    arguments.add_argument(
        "--native-runs", type=int, metavar="N", help="fewer measurements of the slow side (as --runs)"
    )
    arguments.add_argument("--chain", action="store_true", help="measure the smallest change on the whole KPI chain")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(
        "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
        [given.as_of],
    )
    connection.execute("SET jit = off")  # compiling takes longer than it saves, on both sides
    connection.execute("CALL refresh.run_due()")
    facts = connection.execute("SELECT count(*), current_setting('server_version') FROM model_risk.models").fetchone()
    assert facts is not None
    report = Report("Keyed refresh", {"models": facts[0], "server": facts[1]})
    native_runs = min(given.runs, given.native_runs or given.runs)
    with native(connection, CHAIN if given.chain else [STATUS]) as twins:
        comparison = Comparison(connection, twins, report)
        for number, changes in enumerate(sorted(given.changes)):
            views = CHAIN if given.chain and number == 0 else [STATUS]
            comparison.measure(views, changes, given.runs, native_runs)
    report.print(given.json)


if __name__ == "__main__":
    main()
