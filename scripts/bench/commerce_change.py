#!/usr/bin/env python3
"""What one changed order line costs the stored views of a large shop, and what a load of many lines costs their capture.

Makes its own database on the server: one shop of --lines order lines beside --others small ones, drawn like those of
the generator (200 days, denser towards the end; few articles sell most). One line is changed, deleted or written, and
each stored view is refreshed; so --runs times, each time with another line, in proportion to how often an article
sells. The last rows are a line of the article that sells most. REFRESH MATERIALIZED VIEW CONCURRENTLY of the same live
view stands beside. Then an orders file of --load lines is loaded into a shop of its own, and the rows counted that
wait in the queues.

    scripts/bench/commerce_change.py --lines 1000000
    scripts/bench/commerce_change.py --make --keep              # the shops alone; says the name of their database
    scripts/bench/commerce_change.py --database NAME --load 0   # measured there, as often as wanted
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from common import Report, one, parser, timed  # first: it finds the package of this checkout

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generate" / "commerce"))
from shop_files import Plan, generate

from tidemark import config, db, server
from tidemark.config import Settings
from tidemark.deploy.apply import deployment
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

VIEWS = {
    "commerce.daily_sales_by_day": "commerce.daily_sales",
    "commerce.variant_kpi_by_variant": "commerce.variant_kpi",
    "commerce.upload_coverage": "commerce.run_coverage",
}

MAKE = """
INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type, status)
SELECT %(shop)s, 'r', kind || '.csv', kind, 'completed'
FROM unnest(ARRAY['orders', 'variants', 'catalog_joined', 'inventory_levels']) AS kind;
INSERT INTO commerce.variants (shop_id, variant_id, csv_upload_id, product_id, sku, price, inventory_item_id)
SELECT %(shop)s, 'v' || n, upl.id, 'p' || n / 3, 'sku' || n, 30, 'i' || n
FROM generate_series(1, %(articles)s) AS n CROSS JOIN commerce.csv_uploads AS upl
WHERE upl.shop_id = %(shop)s AND upl.csv_type = 'variants';
INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, price, inventory_item_id, product_created_at)
SELECT %(shop)s, 'r', 'v' || n, upl.id, 'p' || n / 3, 30, 'i' || n, timestamptz '2025-09-17' - n * interval '1 day'
FROM generate_series(1, %(articles)s) AS n CROSS JOIN commerce.csv_uploads AS upl
WHERE upl.shop_id = %(shop)s AND upl.csv_type = 'catalog_joined';
INSERT INTO commerce.inventory_levels (shop_id, inventory_item_id, location_id, csv_upload_id, available)
SELECT %(shop)s, 'i' || n, 'l', upl.id, n %% 100
FROM generate_series(1, %(articles)s) AS n CROSS JOIN commerce.csv_uploads AS upl
WHERE upl.shop_id = %(shop)s AND upl.csv_type = 'inventory_levels';
INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency, total)
SELECT %(shop)s, 'gid://shopify/Order/' || 1000000 + n, upl.id,
    timestamptz '2025-03-01' + sqrt(n::double precision / %(orders)s) * interval '200 days', 'USD', 100
FROM generate_series(1, %(orders)s) AS n CROSS JOIN commerce.csv_uploads AS upl
WHERE upl.shop_id = %(shop)s AND upl.csv_type = 'orders';
INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, line_item_id, variant_id, sku, quantity, unit_price, line_total)
SELECT %(shop)s, 'gid://shopify/Order/' || 1000000 + 1 + (n - 1) %% %(orders)s, 'li:gid://shopify/LineItem/' || n, upl.id,
    'gid://shopify/LineItem/' || n,
    CASE WHEN n %% 50 > 0 THEN 'v' || least(%(articles)s, (1 + drawn.u * (%(articles)s ^ 0.15 - 1)) ^ (1 / 0.15))::integer END,
    'sku' || least(%(articles)s, (1 + drawn.u * (%(articles)s ^ 0.15 - 1)) ^ (1 / 0.15))::integer, 1 + n %% 3, 30, 30 * (1 + n %% 3)
FROM generate_series(1, %(lines)s) AS n
CROSS JOIN LATERAL (SELECT (hashint8(n) & 1048575) / 1048576.0::double precision AS u) AS drawn
CROSS JOIN commerce.csv_uploads AS upl
WHERE upl.shop_id = %(shop)s AND upl.csv_type = 'orders'
"""

CHANGES = {
    "changed line": "UPDATE commerce.order_lines SET quantity = quantity + 1 WHERE shop_id = 'large.example' AND order_id = %(order)s AND line_key = %(line)s",
    "deleted line": "DELETE FROM commerce.order_lines WHERE shop_id = 'large.example' AND order_id = %(order)s AND line_key = %(line)s",
    "new line, newest day": """
        INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, quantity, unit_price, line_total)
        SELECT ord.shop_id, ord.order_id, 'new:' || %(line)s, ord.csv_upload_id, %(variant)s, 1, 30, 30
        FROM commerce.orders AS ord WHERE ord.shop_id = 'large.example' ORDER BY ord.created_at DESC LIMIT 1""",
    "order gets another total": "UPDATE commerce.orders SET total = total + 1 WHERE shop_id = 'large.example' AND order_id = %(order)s",
    "changed line, top article": """
        UPDATE commerce.order_lines SET quantity = quantity + 1
        WHERE (shop_id, order_id, line_key) = (
            SELECT shop_id, order_id, line_key FROM commerce.order_lines WHERE shop_id = 'large.example' AND variant_id = 'v1' LIMIT 1)""",
}  # fmt: skip


def make_shops(connection: psycopg.Connection[Any], lines: int, others: int) -> None:
    with connection.transaction(), psycopg.ClientCursor(connection) as cursor:
        for number in range(others + 1):
            shop, count = ("large.example", lines) if number == 0 else (f"small{number}.example", 5_000)
            articles = 2_500 if number == 0 else 100
            cursor.execute(MAKE, {"shop": shop, "lines": count, "orders": count // 2, "articles": articles})
    for table in ("csv_uploads", "orders", "order_lines", "variants", "catalog_snapshot", "inventory_levels"):
        connection.execute(psycopg.sql.SQL("VACUUM ANALYZE {}").format(psycopg.sql.Identifier("commerce", table)))


def changes(connection: psycopg.Connection[Any], lines: int, runs: int, report: Report) -> None:
    for view, live in VIEWS.items():
        connection.execute("SELECT refresh.rebuild(%s)", [view])
        twin = f"commerce.twin_of_{view.partition('.')[2]}"
        connection.execute(f"DROP MATERIALIZED VIEW IF EXISTS {twin}")
        connection.execute(f"CREATE MATERIALIZED VIEW {twin} AS SELECT * FROM {live}")
        connection.execute(
            f"CREATE UNIQUE INDEX ON {twin} (shop_id, run_id{', day' if 'daily' in view else ', variant_id' if 'kpi' in view else ''})"
        )
    for what, change in CHANGES.items():
        ours: dict[str, list[float]] = {view: [] for view in VIEWS}
        modes: dict[str, set[str]] = {view: set() for view in VIEWS}
        for run in range(runs + 1):
            drawn = (run * 7919 + len(what) * 104_729) % lines + 1
            order, line, variant = one(
                connection,
                "SELECT order_id, line_key, coalesce(variant_id, 'v9') FROM commerce.order_lines "
                "WHERE shop_id = 'large.example' AND order_id = %s AND line_key = %s",
                [
                    f"gid://shopify/Order/{1_000_001 + (drawn - 1) % (lines // 2)}",
                    f"li:gid://shopify/LineItem/{drawn}",
                ],
            )
            connection.execute(change, {"order": order, "line": line, "variant": variant})
            for view in VIEWS:
                duration = timed(lambda: connection.execute("SELECT refresh.run(%s)", [view]))
                (mode,) = one(
                    connection,
                    "SELECT mode FROM refresh.runs WHERE view_name = %s ORDER BY run_id DESC LIMIT 1",
                    [view],
                )
                if run > 0:  # the first one plans
                    ours[view].append(duration)
                    modes[view].add(mode)
        for view in VIEWS:
            report.add(
                f"{what}: {view.partition('.')[2]}",
                median_ms=round(median(ours[view]), 1),
                worst_ms=round(max(ours[view]), 1),
                mode="/".join(sorted(modes[view])),
            )
    for view in VIEWS:
        twin = f"commerce.twin_of_{view.partition('.')[2]}"
        native = median(
            timed(lambda: connection.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {twin}")) for _ in range(3)
        )
        whole = median(timed(lambda: connection.execute("SELECT refresh.rebuild(%s)", [view])) for _ in range(3))
        report.add(f"everything: {view.partition('.')[2]}", concurrently_ms=round(native), rebuild_ms=round(whole))
    for view, live in VIEWS.items():
        (differing,) = one(
            connection,
            f"SELECT count(*) FROM ((TABLE {live} EXCEPT ALL TABLE {view}) UNION ALL (TABLE {view} EXCEPT ALL TABLE {live})) AS d",
        )
        if differing:
            raise SystemExit(f"{view} is wrong in {differing} rows")


def load(connection: psycopg.Connection[Any], settings: Settings, lines: int, runs: int, report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        finish(generate(Plan(lines=lines), Path(folder)))
        seconds = []
        for run in range(runs):
            job = Job("commerce", f"{folder}/orders.csv", {"shop": f"loaded{run}.example", "run": "r"}, again=True)
            seconds.append(timed(lambda: finish(load_files(settings, [job]))))
    waiting = connection.execute(
        "SELECT view_name, pending_count FROM refresh.freshness WHERE view_name = ANY (%s) ORDER BY view_name",
        [list(VIEWS)],
    ).fetchall()
    report.add(
        f"{runs} loads of {lines:,} lines",
        median_ms=round(median(seconds)),
        **{f"waiting_{view.partition('.')[2]}": count for view, count in waiting},
    )
    (merge,) = one(
        connection,
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) FROM commerce.operation_timing WHERE csv_type = 'orders' AND phase = 'merge'",
    )
    report.add("of it merging", median_ms=round(merge or 0))


def main() -> None:
    options = parser(__doc__ or "")
    options.add_argument(
        "--lines", type=int, default=1_000_000, metavar="N", help="lines of the large shop (1000000)"
    )
    options.add_argument("--others", type=int, default=10, metavar="N", help="shops of 5,000 lines beside it (10)")
    options.add_argument("--load", type=int, default=100_000, metavar="N", help="lines of the file to load (100000)")
    options.add_argument("--keep", action="store_true", help="leave the database there, and say its name")
    options.add_argument("--database", metavar="NAME", help="measure in a database that --keep left there")
    options.add_argument("--make", action="store_true", help="make the shops and measure nothing; with --keep")
    given = options.parse_args()
    settings = config.read(given.dsn)
    dsn = settings.dsn or finish(server.ensure(settings))
    name = given.database or f"bench_commerce_{secrets.token_hex(3)}"
    administrator = db.connect(dsn)
    if not given.database:
        db.call_with_identifiers(administrator, "create_database", database=name, owner=administrator.info.user)
    report = Report("One changed line of a large shop", {"lines": given.lines})
    try:
        own = replace(settings, dsn=psycopg.conninfo.make_conninfo(dsn, dbname=name))
        if not given.database:
            with db.connect(own.dsn or "") as connection:
                finish(deployment.apply(connection, own))
        with psycopg.connect(own.dsn or "", autocommit=True) as connection:
            if not given.database:
                make_shops(connection, given.lines, given.others)
            if not given.make:
                changes(connection, given.lines, given.runs, report)
            if given.load and not given.make:
                load(connection, own, given.load, 3, report)
    finally:
        if given.keep or given.database:
            print(name, file=sys.stderr)
        else:
            db.call_with_identifiers(administrator, "drop_database", database=name)
    report.print(given.json)


if __name__ == "__main__":
    main()
