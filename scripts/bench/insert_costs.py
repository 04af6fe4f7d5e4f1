#!/usr/bin/env python3
"""What limits a load of orders: what inserting its rows costs, index by index and key by key.

Makes its own database, loads an orders file, and inserts the same rows, checked and typed already, into empty copies of
both tables that have one more index, trigger or foreign key each time. No load can be faster than the last of these.
Ratios are rates over COPY of the file into text columns.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

import psycopg
from commerce import Bench, copy
from common import Report, parser, timed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generate" / "commerce"))
from shop_files import Plan, generate

from tidemark import config, db, server
from tidemark.deploy.apply import deployment
from tidemark.steps import finish

SETUP = """
CREATE SCHEMA cost;
CREATE UNLOGGED TABLE cost.typed_orders AS SELECT * FROM commerce.orders;
CREATE UNLOGGED TABLE cost.typed_lines AS SELECT * FROM commerce.order_lines;
CREATE TABLE cost.orders (LIKE commerce.orders);
CREATE TABLE cost.lines (LIKE commerce.order_lines);
CREATE FUNCTION cost.see_rows() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN PERFORM count(*) FROM new_rows; RETURN NULL; END $$;
"""
# table, what is added, its definition
STEPS = (
    ("orders", "nothing", ""),
    ("orders", "primary key", "ALTER TABLE cost.orders ADD PRIMARY KEY (shop_id, order_id)"),
    ("orders", "index on upload", "CREATE INDEX ON cost.orders (csv_upload_id)"),
    ("orders", "index on time", "CREATE INDEX ON cost.orders (shop_id, created_at)"),
    (
        "orders",
        "foreign key to uploads",
        "ALTER TABLE cost.orders ADD FOREIGN KEY (csv_upload_id) REFERENCES commerce.csv_uploads",
    ),
    ("lines", "nothing", ""),
    ("lines", "primary key", "ALTER TABLE cost.lines ADD PRIMARY KEY (shop_id, order_id, line_key)"),
    ("lines", "index on upload", "CREATE INDEX ON cost.lines (csv_upload_id)"),
    (
        "lines",
        "index on variant",
        "CREATE INDEX ON cost.lines (shop_id, variant_id) WHERE variant_id IS NOT NULL",
    ),
    ("lines", "index on SKU", "CREATE INDEX ON cost.lines (shop_id, sku) WHERE variant_id IS NULL"),
    (
        "lines",
        "trigger that sees the rows",
        "CREATE TRIGGER see AFTER INSERT ON cost.lines REFERENCING NEW TABLE AS new_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION cost.see_rows()",
    ),
    (
        "lines",
        "foreign key to orders",
        "ALTER TABLE cost.lines ADD FOREIGN KEY (shop_id, order_id) REFERENCES cost.orders",
    ),
)


def measure(bench: Bench, path: Path, report: Report) -> None:
    copied = median(copy(bench, path) for _ in range(bench.runs))
    report.add("COPY of the file", ms=round(copied))
    with bench.connect() as connection:
        connection.execute(SETUP)
        limit = 0.0
        for table, added, definition in STEPS:
            connection.execute("TRUNCATE cost.lines" if table == "lines" else "TRUNCATE cost.orders, cost.lines")
            connection.execute(definition.encode())
            insert = f"INSERT INTO cost.{table} SELECT * FROM cost.typed_{table}".encode()
            took = []
            for run in range(bench.runs):
                if run:
                    connection.execute(
                        "TRUNCATE cost.lines" if table == "lines" else "TRUNCATE cost.orders, cost.lines"
                    )
                took.append(timed(lambda insert=insert: connection.execute(insert)))
            report.add(f"{table}: + {added}", ms=round(median(took)))
            if "foreign" in added:
                limit += median(took)
        report.add("no load is faster than", ms=round(limit), of_copy_rate=round(copied / limit, 2))


def main() -> None:
    options = parser(__doc__ or "")
    options.add_argument("--lines", type=int, default=1_000_000, metavar="N", help="order lines (1,000,000)")
    given = options.parse_args()
    settings = config.read(given.dsn)
    dsn = settings.dsn or finish(server.ensure(settings))
    name = f"bench_costs_{secrets.token_hex(3)}"
    administrator = db.connect(dsn)
    db.call_with_identifiers(administrator, "create_database", database=name, owner=administrator.info.user)
    report = Report("Inserting order lines", {"lines": given.lines})
    try:
        own = replace(settings, dsn=psycopg.conninfo.make_conninfo(dsn, dbname=name))
        with db.connect(own.dsn or "") as connection:
            finish(deployment.apply(connection, own))
        bench = Bench(own, given.runs)
        with tempfile.TemporaryDirectory() as folder:
            finish(generate(Plan(lines=given.lines), Path(folder)))
            bench.load(Path(folder), "orders.csv", shop="a.example")
            measure(bench, Path(folder) / "orders.csv", report)
    finally:
        db.call_with_identifiers(administrator, "drop_database", database=name)
    report.print(given.json)


if __name__ == "__main__":
    main()
