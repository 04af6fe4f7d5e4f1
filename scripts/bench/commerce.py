#!/usr/bin/env python3
"""How long loading, coverage, rules and saving bundles of a shop take, beside COPY of the same bytes.

Makes its own database on the server, files with the generator, and prints medians. COPY goes into a table of text
columns without index: what a load costs beyond it is checking, keys, indexes and foreign keys.

    scripts/bench/commerce.py                        files of 259 rows and 1,000 lines, 40 and 1,000 bundles
    scripts/bench/commerce.py --lines 50000 1000000  orders files of these sizes too
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from common import Report, load_alone, parser, timed  # first: it finds the package of this checkout

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generate" / "commerce"))
from shop_files import Plan, generate

from tidemark import config, db, server
from tidemark.config import Settings
from tidemark.deploy.apply import deployment
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

FILES = ("catalog.csv", "inventory.csv", "variants.csv", "orders.csv")


class Bench:
    """One database that lasts as long as the run."""

    def __init__(self, settings: Settings, runs: int) -> None:
        self.settings = settings
        self.runs = runs
        self.shops = 0

    def load(self, folder: Path, *names: str, shop: str, side_by_side: int = 1) -> None:
        jobs = [Job("commerce", str(folder / name), {"shop": shop, "run": "r"}, again=True) for name in names]
        loaded = finish(load_files(self.settings, jobs, side_by_side))
        bad = [item for item in loaded if not item.is_good]
        if bad:
            raise SystemExit(f"{bad[0].job.path} was not loaded: {bad[0].error or bad[0].upload.error_message}")

    def new_shop(self) -> str:
        self.shops += 1
        return f"shop{self.shops}.example"

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.settings.dsn or "", autocommit=True)

    def median(self, work: Callable[[], object]) -> float:
        return median(timed(work) for _ in range(self.runs))


def main() -> None:
    options = parser(__doc__ or "")
    options.add_argument("--lines", type=int, nargs="*", default=[50_000], metavar="N", help="orders files (50000)")
    options.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="keep the orders files in FOLDER/<lines>, and use those that are there",
    )
    given = options.parse_args()
    settings = config.read(given.dsn)
    dsn = settings.dsn or finish(server.ensure(settings))
    name = f"bench_commerce_{secrets.token_hex(3)}"
    administrator = db.connect(dsn)
    db.call_with_identifiers(administrator, "create_database", database=name, owner=administrator.info.user)
    report = Report("Commerce")
    try:
        own = replace(settings, dsn=psycopg.conninfo.make_conninfo(dsn, dbname=name))
        with db.connect(own.dsn or "") as connection:
            finish(deployment.apply(connection, own))
        bench = Bench(own, given.runs)
        with tempfile.TemporaryDirectory() as folder:
            small(bench, Path(folder), report)
            for lines in given.lines:
                large(bench, (given.folder or Path(folder)) / str(lines), lines, report)
            bundles(bench, report)
    finally:
        db.call_with_identifiers(administrator, "drop_database", database=name)
    report.print(given.json)


def load_new(bench: Bench, folder: Path, name: str) -> None:
    """One file for a shop that has nothing yet."""
    bench.load(folder, name, shop=bench.new_shop())


def small(bench: Bench, folder: Path, report: Report) -> None:
    """Files as small shops have them: 259 rows, 1,000 order lines."""
    finish(generate(Plan(lines=1_000), folder / "orders"))
    finish(generate(Plan(lines=25_000), folder / "rows"))
    for name in FILES:
        source = folder / ("orders" if name == "orders.csv" else "rows") / name
        count = 1_001 if name == "orders.csv" else 260
        (folder / name).write_text("".join(source.read_text().splitlines(keepends=True)[:count]))
    alone = 0.0
    for name in FILES:
        first = bench.median(partial(load_new, bench, folder, name))
        again = bench.median(partial(bench.load, folder, name, shop="shop1.example"))
        alone += first
        report.add(f"small {name}", first_ms=round(first), again_ms=round(again))
    one = bench.median(lambda: bench.load(folder, *FILES, shop=bench.new_shop()))
    four = bench.median(lambda: bench.load(folder, *FILES, shop=bench.new_shop(), side_by_side=4))
    report.add("four small files", sum_ms=round(alone), one_call_ms=round(one), four_at_once_ms=round(four))


def large(bench: Bench, folder: Path, lines: int, report: Report) -> None:
    """One orders file, COPY of the same bytes, then what reads its run."""
    if not (folder / "orders.csv").exists():
        finish(generate(Plan(lines=lines), folder))
    size = (folder / "orders.csv").stat().st_size
    copied = median(copy(bench, folder / "orders.csv") for _ in range(3))
    shop = bench.new_shop()
    alone = load_alone(bench.settings.dsn or "", "commerce", folder / "orders.csv", {"shop": shop, "run": "r"})
    loaded = alone["seconds"] * 1000
    for name in FILES[:3]:
        bench.load(folder, name, shop=shop)
    report.add(
        f"orders, {lines:,} lines",
        megabytes=round(size / 1e6),
        copy_ms=round(copied),
        load_ms=round(loaded),
        of_copy_rate=round(copied / loaded, 3),
        us_per_line=round(loaded * 1000 / lines, 1),
        client_peak_megabytes=alone["megabytes"],
    )
    with bench.connect() as connection:
        phases = connection.execute(
            "SELECT phase, duration_ms FROM commerce.operation_timing WHERE shop_id = %s AND csv_type = 'orders'",
            [shop],
        ).fetchall()
        report.add(f"phases of {lines:,} lines", **{f"{phase}_ms": round(ms) for phase, ms in phases})
        connection.execute(
            "ANALYZE commerce.orders, commerce.order_lines, commerce.variants, commerce.catalog_snapshot"
        )
        ask = connection.execute
        coverage = timed(lambda: ask("SELECT * FROM commerce.coverage_of(%s, 'r')", [shop]))
        pairs = timed(lambda: ask("SELECT commerce.mine_association_rules(%s, 'r', 2)", [shop]))
        triples = timed(lambda: ask("SELECT commerce.mine_association_rules(%s, 'r', 3)", [shop]))
        report.add(
            f"reading {lines:,} lines", coverage_ms=round(coverage), pairs_ms=round(pairs), triples_ms=round(triples)
        )
        for view in ("upload_coverage", "daily_sales_by_day", "variant_kpi_by_variant"):
            report.add(
                f"refresh after {lines:,} lines",
                view=view,
                ms=round(timed(partial(ask, "SELECT refresh.run(%s)", [f"commerce.{view}"]))),
            )


def copy(bench: Bench, path: Path) -> float:
    """Milliseconds of COPY into text columns, the fastest way in that there is."""
    with bench.connect() as connection, path.open("rb") as file:
        columns = ", ".join(f"c{number} text" for number in range(file.readline().count(b",") + 1))
        connection.execute(f"CREATE TABLE public.raw_copy ({columns})".encode())
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(b"COPY public.raw_copy FROM STDIN (FORMAT csv)") as target:
            while data := file.read(1 << 20):
                target.write(data)
        elapsed = (time.perf_counter() - began) * 1000
        connection.execute("DROP TABLE public.raw_copy")
    return elapsed


def bundles(bench: Bench, report: Report) -> None:
    """Lists of 40 and 1,000 bundles, new and saved again."""
    with bench.connect() as connection:
        (upload,) = connection.execute(
            "SELECT id::text FROM commerce.csv_uploads WHERE csv_type = 'orders' ORDER BY upload_no LIMIT 1"
        ).fetchone() or ("",)
        for count in (40, 1_000):
            times: dict[str, list[float]] = {"new": [], "again": []}
            for run in range(bench.runs):
                batch = json.dumps(
                    [
                        {"upload": upload, "products": [f"{count}-{run}-{n}", "V"], "confidence": n / count}
                        for n in range(count)
                    ]
                )
                for kind in times:
                    times[kind].append(
                        timed(partial(connection.execute, "SELECT commerce.save_bundles(%s)", [batch]))
                    )
            report.add(
                f"saving {count:,} bundles",
                new_ms=round(median(times["new"])),
                again_ms=round(median(times["again"])),
            )


if __name__ == "__main__":
    main()
