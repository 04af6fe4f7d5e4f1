"""The SQL files under test, read once and parsed once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tidemark import files
from tidemark.deploy import parse
from tidemark.files import SqlFile

ROOT = Path(__file__).parents[2]
DOMAINS = {"model_risk", "commerce", "planning", "clinical", "trade"}
SHARED = {"refresh", "load", "access", "jobs", "audit", "ops"}


@cache
def all_files() -> tuple[SqlFile, ...]:
    base = files.root()
    found = [
        files.read(path, base)
        for folder in ("functions", "views")
        for path in sorted((base / folder).rglob("*"))
        if path.is_file()
    ]
    return tuple(found)


@cache
def parsed(file: SqlFile) -> tuple[parse.Statement, ...]:
    return tuple(parse.statements(file))


def pytest_generate_tests(metafunc: Any) -> None:
    """``file``: one test for each function or view file; ``migration``: for each migration."""
    if "file" in metafunc.fixturenames:
        metafunc.parametrize("file", all_files(), ids=lambda file: file.path)
    if "migration" in metafunc.fixturenames:
        base = files.root()
        found = [files.read(path, base) for path in sorted((base / "migrations").glob("*.sql"))]
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
