"""Finds the SQL files, reads their headers and puts them in order. Never talks to a database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tidemark import config
from tidemark.errors import FileProblem
from tidemark.project import FOLDERS, Project, current, library

# Stored beside every fingerprint. Raise it when the normalisation below changes.
FINGERPRINT_ALGORITHM = 1

_DIRECTIVE = re.compile(r"^--\s*(requires|depends|grain|source|transactional|lock_timeout|replaces)\s*:\s*(.*?)\s*$")
_NAME = re.compile(r"^--\s+([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*(?:\(\))?)\s*$")


@dataclass(frozen=True)
class SqlFile:
    """One SQL file: ``path`` is relative to the SQL root and always written with ``/``."""

    path: str
    location: Path
    text: str = field(repr=False)  # without byte order mark, line ends as LF

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the normalised text, so that a checkout with CRLF has the same one."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The comment lines before the first statement, blank lines left out."""
        lines = []
        for line in self.text.split("\n"):
            stripped = line.strip()
            if stripped and not stripped.startswith("--"):
                break
            if stripped:
                lines.append(stripped)
        return tuple(lines)

    def directives(self, key: str) -> list[str]:
        """The values of every ``-- key: value`` line of the header."""
        found = (_DIRECTIVE.match(line) for line in self.header)
        return [match[2] for match in found if match and match[1] == key]

    @property
    def lock_timeout_seconds(self) -> float | None:
        """The longest wait for one lock that the header asks for; None when it leaves that to the settings.

        Errors: FileProblem for zero, or for anything that is no duration.
        """
        asked = self.directives("lock_timeout")
        if not asked:
            return None
        seconds = config.duration(asked[-1])
        if not seconds:
            raise FileProblem(
                f"{self.path} asks for a lock_timeout of {asked[-1]!r}",
                hint="Write a duration with its unit, such as -- lock_timeout: 5s. It cannot be switched off: "
                "whoever waits without end keeps everybody behind it waiting too.",
            )
        return seconds

    @property
    def name(self) -> str:
        """What the first line says the file holds: ``schema.view`` or ``schema.function()``.

        Errors: FileProblem when the first line is something else.
        """
        match = _NAME.match(self.header[0]) if self.header else None
        if match is None:
            raise FileProblem(
                f"{self.path} does not begin with the name of its object",
                hint="Make its first line a comment such as -- shop.order_status or -- refresh.now().",
            )
        return match[1]

    @property
    def requires(self) -> tuple[str, ...]:
        """Names of the views and functions that must exist first.

        Errors: FileProblem when the header does not say.
        """
        values = self.directives("requires")
        names = [name for value in values for name in re.split(r"[,\s]+", value) if name]
        if not names:
            raise FileProblem(
                f"{self.path} does not say what it requires",
                hint="Add a header line such as -- requires: refresh.as_of_date(), or -- requires: nothing.",
            )
        return tuple(name for name in names if name != "nothing")


def read(location: Path, base: Path) -> SqlFile:
    """One file, normalised: UTF-8, byte order mark dropped, CRLF read as LF.

    Errors: FileProblem when it cannot be read or is not UTF-8.
    """
    path = location.relative_to(base).as_posix()
    try:
        text = location.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileProblem(f"{path} is not UTF-8", detail=str(error), hint="Save the file in UTF-8.") from None
    except OSError as error:
        raise FileProblem(f"{path} cannot be read", detail=str(error)) from None
    if "\0" in text:
        raise FileProblem(f"{path} contains a zero byte", hint="Save the file as plain text in UTF-8.")
    return SqlFile(path, location, text.removeprefix("\ufeff").replace("\r\n", "\n"))


def rerunnable(project: Project | None = None) -> list[SqlFile]:
    """All functions and views of a project, in an order in which each file comes after what it requires.

    Errors: FileProblem for a missing header, an unknown name, a name held by two files, or a cycle.
    """
    return in_order([*everything(project, ("functions", "views"))])


def everything(project: Project | None = None, kinds: Iterable[str] = FOLDERS) -> Iterator[SqlFile]:
    """Every SQL file of a project, in no order that matters to the database."""
    project = project or current()
    for kind in kinds:
        yield from (read(place.location, place.base) for place in project.places(kind))


def in_order(found: Iterable[SqlFile]) -> list[SqlFile]:
    """The files sorted by ``requires:``; among equals by path, so the order never changes by chance."""
    by_name: dict[str, SqlFile] = {}
    for file in sorted(found, key=lambda file: file.path):
        other = by_name.setdefault(file.name, file)
        if other is not file:
            raise FileProblem(f"{other.path} and {file.path} both hold {file.name}", hint="Keep one of them.")
    graph: dict[str, list[str]] = {}
    for name, file in by_name.items():
        for required in file.requires:
            if required not in by_name:
                raise FileProblem(
                    f"{file.path} requires {required}, which no file holds",
                    hint=_suggestion(required, by_name) or "Correct the name, or leave it out if it is a table.",
                )
        graph[name] = sorted(file.requires)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = [by_name[name].path for name in error.args[1]]
        raise FileProblem(
            f"{circle[0]} requires itself", detail=" requires ".join(reversed(circle)), hint="Break the circle."
        ) from None
    return [by_name[name] for name in order]


def dependents(changed: Iterable[str], ordered: list[SqlFile]) -> list[SqlFile]:
    """The files named in ``changed`` and all that require them, directly or not, in order."""
    reached = set(changed)
    result = []
    for file in ordered:  # one pass is enough: a file stands after everything it requires
        if file.name in reached or reached.intersection(file.requires):
            reached.add(file.name)
            result.append(file)
    return result


def script(name: str) -> SqlFile:
    """A script that the runner itself needs, such as ``create_roles.sql``."""
    base = library()
    return read(base / "scripts" / name, base)


def _suggestion(required: str, known: Iterable[str]) -> str | None:
    twin = required.removesuffix("()") if required.endswith("()") else f"{required}()"
    if twin in known:
        return f"There is {twin}: functions are written with (), views without."
    return None
