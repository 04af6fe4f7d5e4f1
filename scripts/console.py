"""What the scripts of this folder share: their common options, and errors told the way ``tidemark`` tells them.

Import it before anything of ``tidemark``: a checkout then works without being installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tidemark.errors import ExitCode, TidemarkError, UsageProblem
from tidemark.output import Output
from tidemark.steps import Steps


@dataclass(frozen=True)
class Answer:
    """What a script found out. ``data`` is for ``--json``, ``lines`` for people."""

    data: Any
    lines: list[str]
    exit_code: ExitCode = ExitCode.OK


class Parser(argparse.ArgumentParser):
    """Arguments that every script has, and wrong usage told like any other error."""

    def __init__(self, description: str, epilog: str) -> None:
        super().__init__(description=description, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter)
        self.add_argument(
            "--dsn",
            help="the database, as postgresql://user@host:5432/name; without it TIDEMARK_DSN, the PG* variables, "
            "or the embedded PostgreSQL",
        )
        self.add_argument("--json", action="store_true", help="print one JSON document on stdout, also on failure")
        self.add_argument("--quiet", action="store_true", help="no progress")

    def error(self, message: str) -> NoReturn:
        raise UsageProblem(message, hint=f"{self.prog} --help explains the options.")


def run(parser: Parser, title: str, work: Callable[[argparse.Namespace], Steps[Answer]]) -> NoReturn:
    """Parses the command line, does the work while showing its steps, prints the answer and exits."""
    output = Output(as_json="--json" in sys.argv[1:])
    try:
        given = parser.parse_args()
        output.quiet = given.quiet
        answer = output.run(work(given), title)
    except TidemarkError as error:
        output.fail(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        output.note("interrupted")
        sys.exit(ExitCode.INTERRUPTED)
    for line in answer.lines:
        output.say(line)
    output.succeed(answer.data, ok=answer.exit_code is ExitCode.OK)
    sys.exit(answer.exit_code)
