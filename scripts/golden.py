#!/usr/bin/env python3
"""Compares Tidemark with a directory of golden cases: see ``--help``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from console import Answer, Parser, run  # first: it finds the package of this checkout

from tidemark import config
from tidemark.errors import ExitCode
from tidemark.golden.compare import Difference, Finding
from tidemark.golden.run import check
from tidemark.golden.spec import families
from tidemark.steps import Steps

TEACHING = """
A golden directory holds input (rows of tables, files to load) and what each report must say about it; its README.md
explains the files, tests/golden/FAMILY/golden.toml says what is done with them (docs/golden.md). Every file may be
gzip-compressed. The directory need not be one of those in tests/golden: put your own cases into the same files and
they are checked the same way.

The checker makes a new database on the server, applies Tidemark to it, loads the rows, asks the public functions for
every result, and compares all rows and all columns, with the order where it matters. Then it walks through the days
of the case, refreshes the stored views and compares them with their live twins. The database is dropped at the end.

examples:
  scripts/golden.py model_risk tests/golden/model_risk
  scripts/golden.py model_risk ~/audit/2026-q1 --dsn postgresql://me@db/postgres --keep

A file that is absent is said and passed over; an unknown one is named. The login needs the right to create databases.
exit codes: 0 all equal, 1 something differs, 2 wrong usage, 3 a file cannot be read, 4 cannot connect,
            5 the database refused the rows, 6 busy, try again
"""


def arguments() -> Parser:
    parser = Parser("Compare Tidemark with a directory of golden cases.", TEACHING)
    parser.add_argument("family", choices=families(), metavar="FAMILY", help=f"one of: {', '.join(families())}")
    parser.add_argument("directory", type=Path, metavar="DIR", help="the golden directory")
    parser.add_argument("--keep", action="store_true", help="leave the database on the server and say its name")
    parser.add_argument(
        "--time-zone", default="UTC", metavar="NAME", help="of the session; no result may depend on it (UTC)"
    )
    parser.add_argument(
        "--template", metavar="DATABASE", help="copy this one, which has everything applied and no rows: quicker"
    )
    return parser


def work(given: argparse.Namespace) -> Steps[Answer]:
    findings = yield from check(
        given.family,
        given.directory,
        config.read(given.dsn),
        keep=given.keep,
        time_zone=given.time_zone,
        template=given.template,
    )
    bad = [finding for finding in findings if finding.is_bad]
    return Answer(
        {"equal": not bad, "files": [asdict(finding) for finding in findings]},
        list(_in_words(findings)),
        ExitCode.NO if bad else ExitCode.OK,
    )


def _in_words(findings: list[Finding]) -> Iterator[str]:
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        counts = f"{finding.rows:8,} rows" if finding.rows else " " * 13
        differences = f", {finding.differences:,} differ" if finding.differences else ""
        note = f": {finding.note}" if finding.note else ""
        yield f"{finding.name:{width}}  {counts}  {finding.outcome}{differences}{note}"
        for example in finding.examples:
            yield f"    {_example(example)}"
        if finding.differences > len(finding.examples) > 0:
            yield f"    ... and {finding.differences - len(finding.examples):,} more"
    compared = [finding for finding in findings if finding.outcome in ("equal", "differs", "cannot be computed")]
    wrong = sum(finding.is_bad for finding in compared)
    yield (
        f"{sum(finding.rows for finding in compared):,} rows compared in {len(compared)} files and stored views: "
        + (f"{wrong} of them differ" if wrong else "all equal")
    )


def _example(difference: Difference) -> str:
    case = ", ".join(f"{column} {value or 'NULL'}" for column, value in difference.case.items())
    parts = [case] if case else []
    if difference.note:
        parts.append(difference.note)
    for side, cells in (("expected", difference.expected), ("actual", difference.actual)):
        if cells is not None:
            told = ", ".join(f"{column} = {'NULL' if value is None else value}" for column, value in cells.items())
            parts.append(f"{side} {told}")
    return "; ".join(parts)


if __name__ == "__main__":
    run(arguments(), "checking golden cases", work)
