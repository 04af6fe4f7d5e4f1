"""``tidemark init``: a new project with one table, one live view, one stored view, their test and a CI snippet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from tidemark import __version__, project
from tidemark.errors import UsageProblem

# template → file; both may hold {{words}}
FILES = {
    "tidemark.toml": project.FILE,
    "README.md": "README.md",
    "orders.sql": "migrations/{{migration}}.sql",
    "orders.rollback.sql": "migrations/{{migration}}.rollback.sql",
    "customer_sales.sql": "views/{{schema}}/live/customer_sales.sql",
    "customer_sales_by_customer.sql": "views/{{schema}}/stored/customer_sales_by_customer.sql",
    "conftest.txt": "tests/conftest.py",
    "test_customer_sales.txt": "tests/test_customer_sales.py",
    "ci.yml": ".github/workflows/tidemark.yml",
}

_WORD = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Made:
    """The project that was written, with paths relative to its folder."""

    name: str
    folder: str
    paths: list[str]


def write(folder: Path, name: str | None = None, uses: tuple[str, ...] = ()) -> Made:
    """Writes the files of a new project into a folder, which is made if need be.

    Errors: UsageProblem, before anything is written, for a name that cannot be used, an unknown family, or a file
    that is there already.
    """
    known = project.families(project.library())
    unknown = [family for family in uses if family not in known]
    if unknown:
        raise UsageProblem(f"{unknown[0]} is no shipped family", hint=f"Shipped are {', '.join(known) or 'none'}.")
    name = _name(folder, name, known)
    words = {
        "name": name,
        "schema": name,
        "migration": f"0001_{name}_orders",
        "uses": ", ".join(f'"{family}"' for family in dict.fromkeys(uses)),
        "families": ", ".join(known) or "none",
        "version": __version__.partition("+")[0],
    }
    texts = {_filled(path, words): _filled(_template(template), words) for template, path in FILES.items()}
    there = [path for path in texts if (folder / path).exists()]
    if there:
        raise UsageProblem(
            f"{folder / there[0]} exists already", hint="Nothing was written. Take another folder, or move it away."
        )
    for path, text in texts.items():
        location = folder / path
        location.parent.mkdir(parents=True, exist_ok=True)
        with location.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return Made(name, str(folder), list(texts))


def _name(folder: Path, given: str | None, known: tuple[str, ...]) -> str:
    """The name of the project and of the schema of its example."""
    name = given or re.sub(r"\W+", "_", folder.resolve().name.lower(), flags=re.ASCII).strip("_")
    if not project.NAME.fullmatch(name):
        raise UsageProblem(
            f"{name!r} is no name for a project",
            hint="Give one of lower-case letters, digits and _, that begins with a letter: --name shop.",
        )
    if name in {project.CORE, *known, *_schemas()} or name.startswith("pg_"):
        raise UsageProblem(
            f"{name} is a schema or a family of Tidemark or PostgreSQL itself", hint="Give another name: --name shop."
        )
    return name


def _schemas() -> set[str]:
    """The schemas that the shipped files and PostgreSQL make."""
    made = re.compile(r"^CREATE SCHEMA (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)
    shipped = (place.location.read_text(encoding="utf-8") for place in project.shipped().places("migrations"))
    return {name for text in shipped for name in made.findall(text)} | {"deploy", "public", "information_schema"}


def _template(name: str) -> str:
    return package_files("tidemark").joinpath("templates", "project", name).read_text(encoding="utf-8")


def _filled(text: str, words: dict[str, str]) -> str:
    return _WORD.sub(lambda found: words[found[1]], text)
