"""The share of changed keys beyond which recomputing everything is cheaper, for the status view.

One UPDATE changes so many requests, then their models are refreshed by key however many they are; the same number of
other requests follows with a whole pass. The keyed way is cheaper up to the crossover. Changes rows of the database.

    scripts/generate.py model_risk --size 1000000 --as-of 2025-06-30 && python scripts/bench/refresh_crossover.py
"""

from __future__ import annotations

from typing import Any

import psycopg
from common import Report, connect, median, one, parser, timed
from refresh_keyed import CHANGE, STATUS

DECLARE = """
SELECT refresh.store(%s, live => 'model_risk.model_status', key => '{model_id}', due => 'next_change_on',
    target_lag => '5 minutes', full_above => %s)
"""


def declare(connection: psycopg.Connection[Any], full_above: float | None) -> None:
    """``full_above`` 1: always by key; None: as the file declares it."""
    connection.execute(DECLARE, [STATUS, full_above])


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", default="2025-06-30", help="the day of rules")
    arguments.add_argument("--shares", type=float, nargs="*", default=[0.05, 0.1, 0.2, 0.3, 0.5], metavar="SHARE")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(
        "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
        [given.as_of],
    )
    connection.execute("CALL refresh.run_due()")
    models, version = one(connection, "SELECT count(*), current_setting('server_version') FROM model_risk.models")
    report = Report("Crossover", {"models": models, "server": version})
    seed = 0
    try:
        declare(connection, 1)
        connection.execute("SELECT refresh.run(%s)", [STATUS])  # another declaration makes the next run a whole one
        for share in given.shares:
            times: dict[bool, list[float]] = {False: [], True: []}
            keys = 0
            for _ in range(given.runs):
                for whole in (False, True):
                    seed += 1
                    connection.execute(CHANGE, [seed * 7919, round(models * share)])
                    run = "SELECT key_count FROM refresh.run(%s, %s)"
                    times[whole].append(timed(lambda: connection.execute(run, [STATUS, whole])))
                    if not whole:
                        keys = one(connection, "SELECT key_count FROM refresh.runs ORDER BY run_id DESC LIMIT 1")[0]
            by_key, at_once = median(times[False]), median(times[True])
            report.add(
                f"{share:.0%} of the models", keys=keys, by_key_ms=by_key, whole_ms=at_once, times=at_once / by_key
            )
    finally:
        declare(connection, None)
    report.print(given.json)


if __name__ == "__main__":
    main()
