"""The command line: arguments, one call, an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback

import typer

from tidemark.cli import (  # noqa: F401  (commands register themselves)
    access,
    audit,
    bundle,
    demo,
    deploy,
    doctor,
    events,
    give_back,
    jobs,
    lint,
    load,
    new,
    plan,
    project,
    prove,
    refresh,
    rollback,
    server,
    watch,
    worker,
)
from tidemark.cli.base import app, current
from tidemark.errors import ConfigProblem, ExitCode, InternalFault, TidemarkError, UsageProblem
from tidemark.output import Output

__all__ = ["main"]

_FLAGS = {"--json", "--quiet", "-q", "--verbose", "-v", "-vv", "-vvv"}
# The base of all complaints about arguments; its own module moved between versions of typer.
_WrongUsage: type[Exception] = typer.BadParameter.__mro__[2]


def main() -> None:
    """Entry point of the console script."""
    arguments = _options_first(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):  # a character that the terminal lacks is no reason to fail
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    current.output = Output(as_json="--json" in arguments)
    try:
        code = app(arguments, standalone_mode=False)
    except TidemarkError as error:
        code = _report(error)
    except _WrongUsage as error:
        code = _wrong_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe left (head, less); without this Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    except OSError as error:
        code = _report(ConfigProblem(str(error)))
    except Exception as error:
        code = _report(_fault(error))
    if code == ExitCode.INTERRUPTED:
        interrupted = TidemarkError(
            "interrupted", detail="The open transaction was rolled back; nothing is half done."
        )
        interrupted.exit_code = ExitCode.INTERRUPTED
        _report(interrupted)
    sys.exit(int(code or 0))


def _report(error: TidemarkError) -> ExitCode:
    if current.output.verbose > 1:
        traceback.print_exc()
    current.output.fail(error)
    return error.exit_code


def _fault(error: Exception) -> InternalFault:
    """What nobody expected. Its code is its own: 1 would be an answer."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{last[0].filename}, line {last[0].lineno}" if last else None
    fault = InternalFault(
        f"tidemark failed: {type(error).__name__}: {error}",
        detail="This is a fault of tidemark, not of the database. An open transaction was rolled back.",
        hint="Report it with the output of the same command with -vv.",
        where=place,
    )
    fault.__cause__ = error
    return fault


def _wrong_usage(error: Exception) -> ExitCode:
    if current.output.as_json:
        return _report(UsageProblem(error.format_message(), hint="See tidemark --help."))  # type: ignore[attr-defined]
    error.show()  # type: ignore[attr-defined]
    return ExitCode.USAGE


def _options_first(arguments: list[str]) -> list[str]:
    """``status --json`` means the same as ``--json status``."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            return [*front, *rest, argument, *waiting]
        if argument in _FLAGS or argument.startswith(("--dsn=", "--project=")):
            front.append(argument)
        elif argument in ("--dsn", "--project") and waiting:
            front += [argument, waiting.pop(0)]
        else:
            rest.append(argument)
    return [*front, *rest]
