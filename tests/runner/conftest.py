"""Fixtures of the runner's own tests: a small project and a blank database."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import config, db
from tidemark import project as files
from tidemark.deploy.apply import deployment
from tidemark.steps import Step, Steps

_spec = importlib.util.spec_from_file_location("runner_helpers", Path(__file__).with_name("helpers.py"))
assert _spec
assert _spec.loader
_helpers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_helpers)

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from tidemark.cli import main; main()"]


class Runner:
    """The runner on one database; remembers the steps it told."""

    def __init__(self, dsn: str, settings: config.Settings, base: Path) -> None:
        self.dsn = dsn
        self.settings = replace(settings, dsn=dsn)
        self.files = files.alone(base)
        self.steps: list[Step] = []
        self.connection = db.connect(dsn)

    def finish(self, steps: Steps[Any]) -> Any:
        while True:
            try:
                self.steps.append(next(steps))
            except StopIteration as end:
                return end.value

    def apply(self) -> deployment.Result:
        return self.finish(deployment.apply(self.connection, self.settings, self.files))

    def plan(self) -> deployment.Plan:
        return deployment.plan(self.connection, self.files)

    def rollback(self, *, allow_data_loss: bool = True, **chosen: Any) -> list[str]:
        names = deployment.chosen_for_rollback(self.connection, project=self.files, **chosen)
        work = deployment.rollback(self.connection, self.settings, names, self.files, allow_data_loss=allow_data_loss)
        return self.finish(work)

    def query(self, statement: str) -> list[Any]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def project(tmp_path: Path) -> Any:
    return _helpers.Project(tmp_path / "project")


@pytest.fixture
def runner_on(settings: config.Settings, project: Any) -> Iterator[Callable[[str], Runner]]:
    made: list[Runner] = []

    def make(dsn: str) -> Runner:
        made.append(Runner(dsn, settings, project.base))
        return made[-1]

    yield make
    for runner in made:
        runner.connection.close()


@pytest.fixture
def runner(runner_on: Callable[[str], Runner], empty_db: str) -> Runner:
    """On a blank database, whose roles exist."""
    result = runner_on(empty_db)
    roles = Path(__file__).parents[2] / "scripts" / "create_roles.sql"
    result.query(roles.read_text())
    return result


@pytest.fixture
def environment(project: Any, tmp_path: Path) -> dict[str, str]:
    """A clean environment in which the runner reads the files of the project."""
    home = tmp_path / "home"
    home.mkdir()
    for script in (ROOT / "scripts").glob("*.sql"):
        (project.base / "scripts" / script.name).write_text(script.read_text())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "TIDEMARK", "XDG"))}
    return kept | {"HOME": str(home), "TIDEMARK_SQL": str(project.base), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def tidemark(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command to its end; keywords are environment variables."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments], env=environment | more, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def start_command(environment: dict[str, str]) -> Callable[..., subprocess.Popen[str]]:
    """Starts a command and returns its process; keywords are environment variables, ``stdout`` apart."""

    def start(*arguments: str, stdout: int = subprocess.PIPE, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment | more,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            # Where the tests run in the background, SIGINT is ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    return start
