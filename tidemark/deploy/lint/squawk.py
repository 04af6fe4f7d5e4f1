"""squawk, a linter of migrations: what takes strong locks or breaks readers, told from the text alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tidemark.deploy.lint.check_file import Finding
from tidemark.errors import ConfigProblem
from tidemark.files import SqlFile
from tidemark.project import Project

_SETTINGS = ".squawk.toml"


def lint(found: Iterable[SqlFile], project: Project) -> list[Finding]:
    """What squawk says about migrations, by ``.squawk.toml`` of the project, or else the shipped one.

    Errors: ConfigProblem when squawk is missing or fails.
    """
    migrations = list(found)
    outside = [file for file in migrations if file.directives("transactional") == ["false"]]
    inside = [file for file in migrations if file not in outside]
    places = [base / _SETTINGS for base in (project.folder, project.library) if base]
    settings = next((path for path in places if path.exists()), places[0])
    return [
        *_run(inside, settings, "--assume-in-transaction"),
        *_run(outside, settings, "--no-assume-in-transaction"),
    ]


def _run(found: list[SqlFile], settings: Path, mode: str) -> list[Finding]:
    if not found:
        return []
    command = [_program(), "--reporter", "json", mode]
    command += ["--config", str(settings)] if settings.exists() else []
    result = subprocess.run(
        [*command, *(str(file.location) for file in found)], capture_output=True, text=True, check=False
    )
    try:
        listed = json.loads(result.stdout)
    except json.JSONDecodeError:
        raise ConfigProblem(
            "squawk failed", detail=(result.stderr or result.stdout).strip()[-1000:] or None, hint=f"See {settings}."
        ) from None
    paths = {str(file.location): file.path for file in found}
    return [
        Finding(
            item["rule_name"],
            paths.get(item["file"], item["file"]),
            item["line"] + 1,
            " ".join(item["message"].split()),
            " ".join((item.get("help") or "See https://squawkhq.com/docs/rules.").split()),
            "squawk",
        )
        for item in listed
    ]


def _program() -> str:
    beside = Path(sys.executable).with_name("squawk")
    found = str(beside) if beside.exists() else shutil.which("squawk")
    if found is None:
        raise ConfigProblem(
            "squawk is not installed", hint="It comes with the package: pip install squawk-cli, or install again."
        )
    return found
