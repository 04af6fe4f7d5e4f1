"""The demonstration: what each family shows, from an empty database to reports. Every figure comes from SQL.

``scripts/demo/<family>/demo.toml`` says how its rows get there, ``report.sql`` beside it what is shown:

    size = 10000                                            what --size asks for, when it does not
    [[prepare]]
    { do = "tables", from = "FOLDER", optional = true }     CSV files, one a table
    { do = "generate" }                                     the generator of the family
    { do = "program", script = "FILE", arguments = ["{folder}"] }   a program that writes files into a scratch folder
    { do = "load", dataset = "NAME", files = ["a.csv"], parameters = { shop = "x" } }   files of that folder
    { do = "run", statement = "NAME" }                      a statement of report.sql

Of report.sql, ``is_filled`` says whether there are rows already, ``facts`` gives one row of values for all others and
for titles, and each statement with a ``-- title:`` is a table that is shown.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tidemark import db, project, refresh
from tidemark.config import Settings
from tidemark.deploy.apply import deployment
from tidemark.errors import ConfigProblem, DatabaseRefused, UsageProblem
from tidemark.generate import Request, generate
from tidemark.golden import files as golden_files
from tidemark.golden import load
from tidemark.golden.spec import named
from tidemark.load import uploads
from tidemark.steps import Step, Steps

FOLDER = "scripts/demo"
DEFAULT_SIZE = 10_000


@dataclass(frozen=True)
class Table:
    """One result that is shown. ``columns`` are names for people; ``rows`` are as the server gave them."""

    family: str
    name: str
    title: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Show:
    """What one family does in the demonstration."""

    family: str
    given: dict[str, Any]
    statements: dict[str, str]

    def run(self, connection: db.Connection, name: str, values: dict[str, Any] | None = None) -> list[Any]:
        """The rows of one of its statements.

        Errors: ConfigProblem when it has none of that name; DatabaseRefused.
        """
        if name not in self.statements:
            raise ConfigProblem(f"{FOLDER}/{self.family}/report.sql has no statement {name}")
        with db.translated(f"{FOLDER}/{self.family}/report.sql, {name}"):
            cursor = connection.execute(self.statements[name].encode(), values or {})
            return cursor.fetchall() if cursor.description else []


def shows(families: Iterable[str] | None = None) -> list[Show]:
    """The families that have something to show, in the order of their names.

    Errors: UsageProblem for one that has not.
    """
    base = project.library() / FOLDER
    known = [name for name in project.families(project.library()) if (base / name / "demo.toml").is_file()]
    chosen = known if families is None else list(families)
    if unknown := [name for name in chosen if name not in known]:
        raise UsageProblem(f"{unknown[0]} has nothing to show", hint=f"Known: {', '.join(known)}.")
    return [
        Show(
            name,
            tomllib.loads((base / name / "demo.toml").read_text(encoding="utf-8")),
            named((base / name / "report.sql").read_text(encoding="utf-8")),
        )
        for name in chosen
    ]


def is_filled(connection: db.Connection, found: list[Show]) -> bool:
    """True when one of the families has rows; False also before its tables are there."""
    there = {row.schema_name for row in db.fetch(connection, "schema_names")}
    return any(show.run(connection, "is_filled")[0][0] for show in found if show.family in there)


def prepare(
    connection: db.Connection, settings: Settings, found: list[Show], size: int | None, seed: int
) -> Steps[None]:
    """Applies the files, fills what is empty, refreshes. Rows that are there stay: a second call only refreshes.

    Errors: those of apply, of the generator and of the loader; DatabaseRefused when a stored view fails.
    """
    yield from deployment.apply(connection, settings, project.shipped())
    for show in found:
        if not show.run(connection, "is_filled")[0][0]:
            yield from _fill(connection, settings, show, size, seed)
    yield Step("refreshing the stored views")
    for row in (yield from refresh.run(connection, settings, [])):
        if row.mode == "failed":
            raise DatabaseRefused(
                f"{row.view_name}: {row.error_message}",
                detail=row.error_detail or None,
                hint=row.error_hint or None,
                sqlstate=row.error_code,
            )


def report(connection: db.Connection, found: list[Show]) -> list[Table]:
    """Reads what is shown through the public functions and views."""
    tables = []
    for show in found:
        row = show.run(connection, "facts")[0]
        facts = row._asdict()
        for name, statement in show.statements.items():
            title = re.search(r"^-- title: (.+)$", statement, re.MULTILINE)
            if title is None:
                continue
            with db.translated(f"{FOLDER}/{show.family}/report.sql, {name}"), connection.cursor() as cursor:
                cursor.row_factory = lambda _cursor: tuple  # headings are no names of attributes
                cursor.execute(statement.encode(), facts)
                columns = [column.name for column in cursor.description or ()]
                tables.append(Table(show.family, name, title[1].format_map(facts), columns, cursor.fetchall()))
    return tables


def _fill(connection: db.Connection, settings: Settings, show: Show, size: int | None, seed: int) -> Steps[None]:
    size = size or show.given.get("size", DEFAULT_SIZE)
    with tempfile.TemporaryDirectory() as folder:
        for step in show.given["prepare"]:
            match step["do"]:
                case "tables":
                    yield from _tables(connection, show, step)
                case "generate":
                    yield Step(f"generating rows of {show.family}")
                    is_second = bool(show.run(connection, "is_filled")[0][0])
                    yield from generate(connection, show.family, Request(size, date.today(), seed, append=is_second))
                case "program":
                    yield Step(f"running {step['script']}")
                    _program(step, Path(folder))
                case "load":
                    yield from _load(settings, step, Path(folder))
                case "run":
                    yield Step(f"{show.family}: {step['statement'].replace('_', ' ')}")
                    show.run(connection, step["statement"], show.run(connection, "facts")[0]._asdict())
                case other:
                    raise ConfigProblem(f"{FOLDER}/{show.family}/demo.toml asks for {other}, which is no step")


def _tables(connection: db.Connection, show: Show, step: dict[str, Any]) -> Steps[None]:
    folder = project.library() / step["from"]
    if folder.is_dir() or not step.get("optional"):
        yield from load.load_tables(connection, show.given["schema"], golden_files.find(folder).values())


def _program(step: dict[str, Any], folder: Path) -> None:
    script = project.library() / step["script"]
    arguments = [argument.replace("{folder}", str(folder)) for argument in step["arguments"]]
    done = subprocess.run(
        [sys.executable, str(script), "--quiet", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ConfigProblem(f"{step['script']} failed", detail=done.stderr.strip()[-1000:] or None)


def _load(settings: Settings, step: dict[str, Any], folder: Path) -> Steps[None]:
    jobs = [
        uploads.Job(step["dataset"], str(folder / name), step.get("parameters", {}), again=True)
        for name in step["files"]
    ]
    for loaded in (yield from uploads.load_files(settings, jobs)):
        if loaded.error is not None:
            raise loaded.error
        if not loaded.is_good:
            raise DatabaseRefused(f"{loaded.upload.file_name} was not loaded: {loaded.upload.error_message}")
