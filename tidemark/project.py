"""Which SQL files belong together: the shipped core, the shipped families a project uses, and its own. No database.

A project is a folder with ``tidemark.toml``, found upwards from the working folder, or named by ``--project`` or
``TIDEMARK_PROJECT``. ``TIDEMARK_SQL`` names a folder whose files stand alone, without the core.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark.errors import ConfigProblem, FileProblem

FILE = "tidemark.toml"
CORE = "core"
FOLDERS = ("migrations", "functions", "views")

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEYS = {"name", "uses", "schemas", "roles"}
_chosen: list[Path] = []


@dataclass(frozen=True)
class Place:
    """Where one SQL file is. ``base``: the folder its path is told from; ``owner``: core, a family or a project."""

    location: Path
    base: Path
    owner: str | None


@dataclass(frozen=True)
class Project:
    """A set of SQL files.

    ``name``: None for files that stand alone. ``folder``: its own files. ``library``: the shipped ones; None for
    files that stand alone. ``uses``: families. ``schemas``, ``roles``: its own schemas, and roles they grant to.
    """

    name: str | None
    folder: Path | None
    library: Path | None
    uses: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def own(self) -> Path | None:
        """The folder of its own files; None when it has none beside the shipped ones."""
        return None if self.folder == self.library else self.folder

    @property
    def in_words(self) -> str:
        """Which files these are, in one line."""
        if self.library is None:
            return f"the files in {self.folder} alone"
        used = " and ".join(filter(None, (CORE, ", ".join(self.uses))))
        return f"{self.name} in {self.folder}, uses {used}" if self.name else f"the shipped files, {used}"

    @property
    def as_dict(self) -> dict[str, object]:
        """The same for ``--json``."""
        return {
            "name": self.name,
            "folder": str(self.folder) if self.folder else None,
            "uses": [*((CORE,) if self.library else ()), *self.uses],
            "schemas": list(self.schemas),
            "roles": list(self.roles),
        }

    def places(self, kind: str) -> Iterator[Place]:
        """Its SQL files of one of ``FOLDERS``: core, then families, then its own, each by path."""
        if self.library:
            found = sorted((self.library / kind).rglob("*.sql"))
            known = families(self.library)
            owners = {path: owner_of(path.relative_to(self.library).as_posix(), known) for path in found}
            for owner in (CORE, *self.uses):
                yield from (Place(path, self.library, owner) for path in found if owners[path] == owner)
        if self.own:
            yield from (Place(path, self.own, self.name) for path in sorted((self.own / kind).rglob("*.sql")))


def families(library: Path) -> tuple[str, ...]:
    """The shipped families: the folders beside core in ``migrations``."""
    folders = (path.name for path in (library / "migrations").iterdir() if path.is_dir())
    return tuple(sorted(name for name in folders if name != CORE))


def owner_of(path: str, known: tuple[str, ...]) -> str:
    """Core or the family that a shipped file belongs to, by its path.

    ``migrations/<owner>/``, ``functions/<family>/``, ``views/<family>/`` and ``views/bi/<family>_<subject>.sql``.
    """
    kind, second, *rest = path.split("/")
    if kind == "views" and second == "bi":
        return max((name for name in known if rest[0].startswith(f"{name}_")), key=len, default=CORE)
    return second if second in known else CORE


def library() -> Path:
    """The folder of the shipped SQL files: inside the wheel, or the checkout.

    Errors: FileProblem when it is not there.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "sql", package.parent):
        if (folder / "migrations" / CORE).is_dir():
            return folder
    raise FileProblem(
        "the SQL files of Tidemark are missing",
        detail=f"No folder migrations/{CORE} in {package / 'sql'} or {package.parent}.",
        hint="Install the wheel again, or run from a complete checkout.",
    )


def shipped(uses: tuple[str, ...] | None = None) -> Project:
    """Core with the given families, or with all of them, and no files of a project.

    Errors: ConfigProblem for a family that is not shipped.
    """
    base = library()
    return Project(None, None, base, _known(families(base) if uses is None else uses, base, "--uses"))


def alone(folder: Path) -> Project:
    """The files of one folder and no others, not even the core.

    Errors: FileProblem when it holds none of the folders.
    """
    if not any((folder / kind).is_dir() for kind in FOLDERS):
        raise FileProblem(
            f"{folder} holds no SQL files", detail=f"It has none of the folders {', '.join(FOLDERS)}.",
            hint="Correct TIDEMARK_SQL.",
        )  # fmt: skip
    return Project(None, folder, None)


def choose(folder: Path) -> None:
    """Takes the project of this folder instead of the one around the working folder (``--project``)."""
    _chosen[:] = [folder]


def current(environ: Mapping[str, str] = os.environ) -> Project:
    """The project at hand.

    Errors: ConfigProblem when there is none, or its file is wrong.
    """
    named = _chosen[0] if _chosen else Path(environ["TIDEMARK_PROJECT"]) if environ.get("TIDEMARK_PROJECT") else None
    if named is None and environ.get("TIDEMARK_SQL"):
        return alone(Path(environ["TIDEMARK_SQL"]))
    start = (named or Path.cwd()).resolve()
    around = [start] if named else [start, *start.parents]
    folder = next((path for path in around if (path / FILE).is_file()), None)
    if folder is None:
        raise ConfigProblem(
            f"{start} holds no {FILE}" if named else f"no {FILE} in {start} or above it",
            detail="A project says which SQL files are to be applied.",
            hint="Make one: tidemark init. Or name its folder: --project DIR.",
        )
    return read(folder)


def read(folder: Path) -> Project:
    """The project of a folder.

    Errors: ConfigProblem naming file and key.
    """
    file = folder / FILE
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigProblem(f"{file} cannot be read", detail=str(error)) from None
    unknown = sorted(set(content) - _KEYS)
    if unknown:
        raise ConfigProblem(f"unknown key {unknown[0]} in {file}", hint=f"Known keys: {', '.join(sorted(_KEYS))}.")
    name = content.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ConfigProblem(
            f"name in {file} is {name!r}",
            hint='Give the project a name of lower-case letters, digits and _, such as name = "shop". '
            "It stands before the names of its migrations in the database, so it never changes.",
        )
    base = library()
    taken = {CORE, *families(base)}
    if name in taken:
        raise ConfigProblem(f"name in {file} is {name}, which is shipped with Tidemark", hint="Choose another name.")
    return Project(
        name,
        folder,
        base,
        _known(_words(content, "uses", file), base, str(file)),
        _words(content, "schemas", file),
        _words(content, "roles", file),
    )


def _words(content: dict[str, Any], key: str, file: Path) -> tuple[str, ...]:
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and NAME.fullmatch(item) for item in value):
        raise ConfigProblem(
            f"{key} in {file} is {value!r}", hint=f'Write a list of plain lower-case names: {key} = ["one", "two"].'
        )
    return tuple(dict.fromkeys(value))


def _known(uses: tuple[str, ...], base: Path, where: str) -> tuple[str, ...]:
    known = families(base)
    unknown = [name for name in uses if name not in known]
    if unknown:
        raise ConfigProblem(
            f"{where} uses {unknown[0]}, which is no shipped family",
            hint=f"Shipped are {', '.join(known) or 'none'}.",
        )
    return tuple(name for name in known if name in uses)
