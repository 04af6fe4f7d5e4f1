"""The SQL files under test, read once and parsed once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tidemark import files
from tidemark.deploy.statements import parse
from tidemark.files import SqlFile
from tidemark.project import families, library, shipped

ROOT = Path(__file__).parents[2]
DOMAINS = set(families(library()))
SHARED = {
    "deploy",
    "deploy_internal",
    "refresh",
    "refresh_internal",
    "load",
    "load_internal",
    "access",
    "jobs",
    "jobs_internal",
    "audit",
    "audit_internal",
    "events",
    "events_internal",
    "ops",
    "ops_internal",
}


@cache
def all_files() -> tuple[SqlFile, ...]:
    return tuple(files.everything(shipped(), ("functions", "views")))


@cache
def parsed(file: SqlFile) -> tuple[parse.Statement, ...]:
    return tuple(parse.statements(file))


def pytest_generate_tests(metafunc: Any) -> None:
    """``file``: one test for each function or view file; ``migration``: for each migration."""
    if "file" in metafunc.fixturenames:
        metafunc.parametrize("file", all_files(), ids=lambda file: file.path)
    if "migration" in metafunc.fixturenames:
        found = list(files.everything(shipped(), ("migrations",)))
        metafunc.parametrize("migration", found, ids=lambda file: file.path)


@pytest.fixture
def statements_of() -> Any:
    return parsed


@pytest.fixture(scope="session")
def domains() -> set[str]:
    return DOMAINS


@pytest.fixture(scope="session")
def schemas() -> set[str]:
    return DOMAINS | SHARED
