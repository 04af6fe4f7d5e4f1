#!/usr/bin/env python3
"""Fills the tables of a family with realistic rows: see ``--help``."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date

from console import Answer, Parser, run  # first: it finds the package of this checkout

from tidemark import config, db, server
from tidemark.generate import Request, families, generate, measure
from tidemark.steps import Steps

TEACHING = """
The rows look like those of a mid-size company around one day: most things are in time, some late, some long over.
They are made inside the database by plain SQL (scripts/generate/FAMILY), in one transaction: interrupted, nothing is
left behind. The same size, seed and day give the same rows on every server.

model_risk: a bank of N models; 100,000 of them bring about 3 million rows and take about a minute.
planning: an organisation with N projects; 2,400 of them bring about 10 million actuals and 12 million assignments.
clinical: N trackers of reporting efforts; 1,000,000 of them bring about 7 million rows and take some minutes.
trade: N verdicts; 1,000,000 of them bring 200 companies, 20,000 rules and 100,000 assessments to be judged.

examples:
  scripts/generate.py model_risk                                10,000 models in the embedded database
  scripts/generate.py model_risk --size 100000 --seed 7       another bank, larger
  scripts/generate.py model_risk --append --size 500            500 more models beside those that exist
  scripts/generate.py planning --size 2400 --as-of 2025-06-30   a large organisation around that day
  scripts/generate.py clinical --size 1000000                   a million trackers in a thousand reporting efforts
  scripts/generate.py model_risk --dsn postgresql://me@db/trial

The tables must exist: run `tidemark apply` first. Afterwards `tidemark refresh` brings the stored views up to date.
exit codes: 0 done, 2 wrong usage, 3 configuration, 4 cannot connect, 5 the database refused, 6 busy, try again
"""


def arguments() -> Parser:
    parser = Parser("Fill the tables of a family with realistic, repeatable rows.", TEACHING)
    parser.add_argument("family", choices=families(), metavar="FAMILY", help=f"one of: {', '.join(families())}")
    parser.add_argument(
        "--size",
        type=int,
        metavar="N",
        help="how many of what the family is about: "
        + ", ".join(f"{size.noun} ({size.default})" for size in map(measure, families())),
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, other rows (1)")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, default=date.today(), metavar="DAY", help="dates lie around it (today)"
    )
    parser.add_argument("--append", action="store_true", help="go on after the rows that exist")
    parser.add_argument("--dry-run", action="store_true", help="make the rows, count them, and take them back")
    return parser


def work(given: argparse.Namespace) -> Steps[Answer]:
    settings = config.read(given.dsn)
    dsn = settings.dsn
    if dsn is None:
        dsn = yield from server.ensure(settings)
    size = given.size if given.size is not None else measure(given.family).default
    request = Request(size, given.as_of, given.seed, given.append, given.dry_run)
    connection = db.connect(dsn, timeout_seconds=settings.connect_timeout_seconds)
    try:
        tables = yield from generate(connection, given.family, request)
    finally:
        connection.close()
    total = sum(table.rows for table in tables)
    lines = [f"{table.rows:12,}  {table.table}" for table in tables]
    lines.append(f"{total:12,}  rows{', all taken back (dry run)' if given.dry_run else ''}")
    return Answer({"rows": total, "tables": [asdict(table) for table in tables]}, lines)


if __name__ == "__main__":
    run(arguments(), "generating rows", work)
