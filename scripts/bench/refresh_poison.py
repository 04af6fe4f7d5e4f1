"""What keys that cannot be computed cost a run: 1,000 changed keys, of which some raise an error, against none.

Makes a schema tidemark_bench and drops it at the end: use a database of its own.

    python scripts/bench/refresh_poison.py --poison 1
"""

from __future__ import annotations

from common import Report, connect, median, one, parser, timed

SCHEMA = """
SELECT refresh.drop_view(view_name) FROM refresh.stored_views WHERE view_name LIKE 'tidemark\\_bench.%';
DROP SCHEMA IF EXISTS tidemark_bench CASCADE;
CREATE SCHEMA tidemark_bench;
CREATE TABLE tidemark_bench.item (item_id integer PRIMARY KEY, amount numeric NOT NULL, share numeric NOT NULL);
INSERT INTO tidemark_bench.item SELECT n, n, 1 FROM generate_series(1, 100000) AS n;
CREATE VIEW tidemark_bench.live AS SELECT item_id, amount / share AS ratio FROM tidemark_bench.item;
"""
VIEW = "tidemark_bench.ratio_by_item"
CHANGE = """
UPDATE tidemark_bench.item SET amount = amount + 1, share = CASE WHEN item_id <= %s THEN 0 ELSE 1 END WHERE item_id <= 1000
"""


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--poison", type=int, default=1, metavar="N", help="keys of the 1,000 that fail (1)")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(SCHEMA)
    with connection.transaction():
        connection.execute(
            "SELECT refresh.store(%s, 'tidemark_bench.live', key => '{item_id}', target_lag => '1 minute')", [VIEW]
        )
        connection.execute("SELECT refresh.affects('tidemark_bench.item', %s, 'SELECT item_id FROM changed')", [VIEW])
    connection.execute("CALL refresh.tick()")
    report = Report(
        "Keys that cannot be computed", {"server": one(connection, "SELECT current_setting('server_version')")[0]}
    )
    times: dict[int, list[float]] = {0: [], given.poison: []}
    for _ in range(given.runs + 1):
        for poison, found in times.items():
            connection.execute(CHANGE, [poison])
            found.append(timed(lambda: connection.execute("SELECT refresh.run(%s)", [VIEW])))
            wrong = one(
                connection,
                "SELECT count(*) FROM tidemark_bench.item JOIN tidemark_bench.ratio_by_item USING (item_id) "
                "WHERE share <> 0 AND ratio <> amount / share",
            )[0]
            if wrong:
                raise SystemExit(f"{wrong} keys were not brought up to date")
    # the first run of a session makes plans
    clean, dirty = median(times[0][1:]), median(times[given.poison][1:])
    report.add(f"1,000 keys, {given.poison} fail", clean_ms=clean, poison_ms=dirty, ratio=dirty / clean)
    connection.execute("SELECT refresh.drop_view(%s)", [VIEW])
    connection.execute("DROP SCHEMA tidemark_bench CASCADE")
    report.print(given.json)


if __name__ == "__main__":
    main()
