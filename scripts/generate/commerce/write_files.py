#!/usr/bin/env python3
"""Writes the files of a made-up shop: see ``--help``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from console import Answer, Parser, run  # first: it finds the package of this checkout
from shop_files import Plan, generate

from tidemark.steps import Steps

TEACHING = """
Writes orders.csv, variants.csv, catalog.csv and inventory.csv into FOLDER, and beside each FILE.expected.json: how
many records it has, how many of them must be rejected or superseded, and for orders the orders, lines and sum of line
totals that a load must leave. Written record by record: ten million lines take a few minutes and no memory to speak
of. The same options give the same bytes.

examples:
  scripts/generate/commerce/write_files.py /tmp/shop                                 1,000 order lines
  scripts/generate/commerce/write_files.py /tmp/shop --lines 1000000 --minimal       eight columns instead of 31
  scripts/generate/commerce/write_files.py /tmp/shop --lines 50000 --dirt 1          about 1 % of records broken
  tidemark load commerce /tmp/shop/*.csv --set shop=alpha.example --set run=first

exit codes: 0 done, 2 wrong usage
"""


def arguments() -> Parser:
    parser = Parser("Write the files of a made-up shop, with what loading them must give.", TEACHING)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the files go; it is made if need be")
    parser.add_argument("--lines", type=int, default=1_000, metavar="N", help="order lines (1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, another shop (1)")
    parser.add_argument(
        "--dirt", type=float, default=0, metavar="X", help="share of broken records: 1 is the usual one (0)"
    )
    parser.add_argument("--minimal", action="store_true", help="orders with eight columns")
    parser.add_argument("--shuffle", action="store_true", help="records of orders out of order, 100,000 at a time")
    parser.add_argument("--days", type=int, default=200, metavar="N", help="days the orders lie in (200)")
    parser.add_argument(
        "--until", type=datetime.fromisoformat, default=datetime(2025, 9, 17), metavar="DAY", help="the last day, UTC"
    )
    return parser


def work(given: argparse.Namespace) -> Steps[Answer]:
    if given.lines < 1 or given.dirt < 0 or given.days < 1:
        arguments().error("--lines and --days must be at least 1, --dirt at least 0")
    plan = Plan(
        lines=given.lines,
        seed=given.seed,
        dirt=given.dirt,
        is_minimal=given.minimal,
        is_shuffled=given.shuffle,
        days=given.days,
        end=given.until.replace(tzinfo=UTC),
    )
    files = yield from generate(plan, given.folder)
    lines = [f"{file.total_rows:12,}  {given.folder / file.file}" for file in files]
    return Answer([asdict(file) for file in files], lines)


if __name__ == "__main__":
    run(arguments(), "writing files", work)
