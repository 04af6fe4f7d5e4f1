"""Checks that need databases with the change in them: files of tests, and golden cases with all their steps."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from mutation import reach
from mutation.changes import Mutant
from mutation.check import Check, OutOfTime
from mutation.inside import has_needs
from psycopg import sql

from tidemark import project
from tidemark.errors import TidemarkError
from tidemark.files import SqlFile
from tidemark.golden import run as golden
from tidemark.golden import spec
from tidemark.golden.compare import Outcome
from tidemark.golden.files import find
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Family
from tidemark.steps import finish

# What these folders test is the machine, whatever the families are.
MACHINE = ("repo", "runner", "session", "scripts", "scale", "engine", "derive")
LOADING = "datasets"


@contextmanager
def changed(place: Scratch, mutant: Mutant | None) -> Iterator[str]:
    """The name of a copy of the template that has the change; nobody is connected to it."""
    name = place.new_name("mutant")
    with place.database(name) as connection:
        if mutant:
            connection.execute(mutant.text.encode())
        connection.close()
        yield name


def pytest_files(place: Scratch, dsn: str, wanted: set[str]) -> list[Check]:
    """A check for each file of tests in Python that names a wanted object."""
    base = project.library()
    found = []
    for path in sorted((base / "tests").rglob("test_*.py")):
        local = path.relative_to(base)
        if local.parts[1] not in MACHINE and (names := reach.named_in(path.read_text(encoding="utf-8")) & wanted):
            found.append(Check(str(local), names, _pytest(place, dsn, local), cost=1))
    return found


def _pytest(place: Scratch, dsn: str, path: Path) -> Any:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", str(path)]

    def run(mutant: Mutant | None, limit: float) -> bool:
        with changed(place, mutant) as name:
            environment = os.environ | {"TIDEMARK_TEST_DSN": dsn, "TIDEMARK_TEST_TEMPLATE": name}
            running = subprocess.Popen(
                command,
                cwd=project.library(),
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                return running.wait(limit) not in (0, 5)  # 5: it holds no test
            except subprocess.TimeoutExpired as error:
                raise OutOfTime from error
            finally:
                running.kill()
                running.wait()
                drop_databases(dsn, f"test_{running.pid}_")

    return run


def drop_databases(dsn: str, prefix: str) -> None:
    """Databases whose name starts so, and whatever still works in them."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def whole_cases(place: Scratch, dsn: str, family: Family, files: list[SqlFile]) -> list[Check]:
    """A check for each suite of each case whose steps do more than fill tables.

    It concerns what the statements of its steps name, and what the datasets of the family name.
    """
    directory = project.library() / spec.FOLDER / family.name
    texts = [file.text for file in files if f"/{family.name}/{LOADING}/" in file.path]
    found = []
    for case in golden.cases(family, directory):
        given = find(case)
        for suite in family.suites:
            if has_needs(suite, given) and any(step["do"] != "tables" for step in suite.steps):
                stated = [family.statements[one] for one in _statements(suite.steps)]
                names = set().union(*map(reach.named_in, [*texts, *stated]))
                alone = replace(family, suites=[suite])
                found.append(
                    Check(f"{case.name}, suite {suite.name}", names, _whole(place, dsn, alone, case), cost=2)
                )
    return found


def _statements(steps: Any) -> Iterator[str]:
    """The names of the statements that steps run, however deep they are."""
    for step in steps:
        yield from (step[key] for key in ("statement", "note", "refused") if key in step)
        yield from _statements(step.get("steps", ()))
        for inner in step.get("steps_of", {}).values():
            yield from _statements(inner)


def _whole(place: Scratch, dsn: str, family: Family, case: Path) -> Any:
    def run(mutant: Mutant | None, limit: float) -> bool:
        with changed(place, mutant) as name:
            late = threading.Event()
            prefix = f"{name}_golden"
            alarm = threading.Timer(limit, lambda: (late.set(), drop_databases(dsn, prefix)))
            alarm.start()
            try:
                found = finish(golden.check_in(family, case, Copies(place.settings, place.dsn, False, name)))
            except TidemarkError:
                found = None
            finally:
                alarm.cancel()
            if late.is_set():
                raise OutOfTime
            return found is None or any(one.is_bad and one.outcome is not Outcome.UNKNOWN for one in found)

    return run


class Copies(Scratch):
    """Databases whose names start with that of their template, so that they can be ended from outside."""

    def new_name(self, domain: str) -> str:
        return f"{self.template}_golden_{domain}"[:60]
