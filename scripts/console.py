"""What the scripts of this folder share: progress, the JSON document, errors and exit codes.

Import it before anything of ``tidemark``: a checkout then works without being installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tidemark.errors import ExitCode, TidemarkError, UsageProblem
from tidemark.steps import Steps

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What a script found out. ``data`` is for ``--json``, ``text`` for people."""

    data: Any
    text: str
    exit_code: ExitCode = ExitCode.OK


class Parser(argparse.ArgumentParser):
    """Arguments that every script has, and wrong usage told like any other error."""

    def __init__(self, description: str, epilog: str) -> None:
        super().__init__(description=description, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter)
        self.add_argument(
            "--dsn",
            help="the database, as postgresql://user@host:5432/name; without it TIDEMARK_DSN, "
            "the PG* variables, or the embedded PostgreSQL",
        )
        self.add_argument("--json", action="store_true", help="print exactly one JSON document on stdout")
        self.add_argument("--quiet", action="store_true", help="no progress on stderr")

    def error(self, message: str) -> NoReturn:
        raise UsageProblem(message, hint=f"{self.prog} --help explains the options.")


def run(parser: Parser, work: Callable[[argparse.Namespace], Steps[Answer]]) -> NoReturn:
    """Parses the command line, does the work with one line a step on stderr, prints the answer and exits."""
    as_json = "--json" in sys.argv[1:]
    try:
        given = parser.parse_args()
        answer = _follow(work(given), silent=given.quiet or given.json)
    except TidemarkError as error:
        _report(error, as_json)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(ExitCode.INTERRUPTED)
    if as_json:
        print(json.dumps({"ok": answer.exit_code is ExitCode.OK, "data": answer.data, "error": None}, default=str))
    else:
        print(answer.text)
    sys.exit(answer.exit_code)


def _follow(steps: Steps[T], silent: bool) -> T:
    began = time.monotonic()
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        if not silent:
            place = f"[{step.done + 1}/{step.total}] " if step.done is not None and step.total else ""
            print(f"{time.monotonic() - began:6.1f} s  {place}{step.text}", file=sys.stderr, flush=True)


def _report(error: TidemarkError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"ok": False, "data": None, "error": error.as_dict()}))
        return
    where = f" ({error.where})" if error.where else ""
    print(f"error: {error.message}{where}", file=sys.stderr)
    for label, text in (("detail", error.detail), ("hint", error.hint), ("SQLSTATE", error.sqlstate)):
        if text:
            print(f"  {label}: {text}", file=sys.stderr)
