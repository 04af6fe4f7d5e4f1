"""The application object and what every command gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from tidemark import __version__, config, db, server
from tidemark import project as projects
from tidemark.errors import ExitCode
from tidemark.output import Output

HELP = """Keeps reports and compliance figures inside PostgreSQL, fresh and provably right.

Without --dsn, TIDEMARK_DSN or libpq's PG* variables, every command starts and uses an embedded PostgreSQL.

\b
  tidemark init shop          a project of your own, with an example that works
  tidemark demo               a whole bank of models, with its reports
  tidemark plan               what apply would change
  tidemark apply              bring the database to the state of the files
  tidemark refresh            bring the stored views up to date
  tidemark status --json      for scripts

The options below may also stand behind the command.

Exit codes: 0 done, 1 the answer is "no", 2 wrong usage, 3 configuration, 4 cannot connect,
5 the database refused, 6 busy (try again), 7 the database is not in the state that is needed,
70 a fault of tidemark itself, 130 interrupted."""

app = typer.Typer(
    name="tidemark",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@dataclass
class Current:
    """The output of the command that runs, so that ``main`` reports a failure in the way it was asked for."""

    output: Output


current = Current(Output())


@dataclass(frozen=True)
class Call:
    """Where to connect and how to print."""

    settings: config.Settings
    output: Output

    @contextmanager
    def database(self, *, may_share: bool = False) -> Iterator[tuple[db.Connection, config.Settings]]:
        """A connection, on the embedded server if no other is named, and the settings with its address.

        ``may_share``: the command can do with one transaction at a time, as behind a pooler in transaction mode.
        """
        settings = self.settings
        if settings.is_embedded:
            dsn = self.output.run(server.ensure(settings), "starting the embedded PostgreSQL")
            settings = replace(settings, dsn=dsn)
        self.output.debug(f"{db.target(settings.dsn or '')} (from {settings.dsn_source})")
        seconds = settings.connect_timeout_seconds
        with db.connect(settings.dsn or "", timeout_seconds=seconds, may_share=may_share) as connection:
            yield connection, settings

    def finish(self, data: Any, code: ExitCode = ExitCode.OK) -> NoReturn:
        """Prints the JSON document, if asked for, and leaves with the exit code."""
        self.output.succeed(data, ok=code == ExitCode.OK)
        raise typer.Exit(int(code))


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"tidemark {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    dsn: Annotated[
        str | None,
        typer.Option("--dsn", help="Connection string or URI; keep passwords in ~/.pgpass.", metavar="DSN"),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(
            "--project",
            help="Folder of tidemark.toml; otherwise TIDEMARK_PROJECT, or found upwards from here.",
            metavar="DIR",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, also on failure.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks.")] = False,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Say more; -vv shows tracebacks.", show_default=False)
    ] = 0,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    current.output = Output(as_json=json, quiet=quiet, verbose=verbose)
    if project:
        projects.choose(project)
    # Read when a command asks for it: its --help must not fail on a broken settings file.
    context.obj = lambda: Call(config.read(dsn), current.output)


def call(context: typer.Context) -> Call:
    """The call that a command belongs to."""
    make: Callable[[], Call] = context.obj
    return make()
