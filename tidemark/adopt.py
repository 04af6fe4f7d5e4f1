"""Existing materialized views become stored views, and stored views materialized views again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidemark import db, files, scaffold
from tidemark.config import Settings
from tidemark.deploy.plan.adoptions import Adoption
from tidemark.deploy.waiting import retry
from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.project import Project
from tidemark.scaffold import Made
from tidemark.steps import Steps


def write(
    connection: db.Connection, project: Project, name: str, *, key: tuple[str, ...] = (), due: str | None = None
) -> tuple[Made, Adoption]:
    """The pair of files for the materialized view ``name``: its query as a live view, and a stored view of its name.

    Errors: UsageProblem when there is none, the key is not one, or a file is there already.
    """
    schema, bare = scaffold.split(project, name)
    if not db.value(connection, "can_adopt"):
        raise UsageProblem("the core is not in this database yet", hint="Run tidemark apply first.")
    old = db.fetch(connection, "adoption_of", view=name)[0]
    if old.query is None:
        raise UsageProblem(
            f"there is no materialized view {name}", hint="tidemark new view --layer stored makes one."
        )
    key = key or _only_key(name, old)
    unknown = [column for column in (*key, *([due] if due else [])) if column not in old.column_names]
    if unknown:
        raise UsageProblem(
            f"{name} has no column {unknown[0]}", detail=f"Its columns: {', '.join(old.column_names)}."
        )
    _refuse_twice(connection, schema, bare, key)
    requires = sorted(set(old.uses) & {file.name for file in files.rerunnable(project)})
    words = {
        "schema": schema,
        "name": bare,
        "key": ",".join(key),
        "query": old.query,
        "requires": ", ".join(requires) or "nothing",
        "more": _more(old, key, due),
    }
    live, stored = f"views/{schema}/live/{bare}_live.sql", f"views/{schema}/stored/{bare}.sql"
    steps = [f"index not kept: {definition}" for definition in old.not_kept]
    steps += ["tidemark plan, to see who makes way", "tidemark apply"]
    made = scaffold.write_pair(
        project, {live: ("adopted_live.sql", words), stored: ("adopted_stored.sql", words)}, steps
    )
    return made, Adoption(name, stored, old.size_bytes, old.makes_way)


def give_back(connection: db.Connection, settings: Settings, project: Project, view: str) -> Steps[Made]:
    """Makes a stored view a materialized view again and deletes its two files from the project.

    Errors: UsageProblem when it is no stored view of a file of this project; DatabaseRefused, Busy.
    """
    paths = paths_of(connection, project, view)

    def attempt() -> list[str]:
        return list(db.value(connection, "give_back", view=view))

    back = yield from retry.retried(connection, settings, view, lambda: retry.plainly(attempt))
    for path in paths:
        path.unlink(missing_ok=True)
    base = project.folder or Path()
    return Made([path.relative_to(base).as_posix() for path in paths], [f"came back: {item}" for item in back])


def paths_of(connection: db.Connection, project: Project, view: str) -> list[Path]:
    """The files of a stored view and its live twin.

    Errors: UsageProblem when they are not the project's own.
    """
    known = {row.path for row in db.fetch(connection, "files_of_stored", view=view)}
    own = [
        place.location
        for place in project.places("views")
        if place.location.relative_to(place.base).as_posix() in known
    ]
    if not known or len(own) < len(known) or project.folder is None:
        raise UsageProblem(
            f"{view} is no stored view of this project",
            detail=f"Its files: {', '.join(sorted(known))}." if known else None,
            hint="Of one that no file declares: SELECT deploy.give_back('schema.view').",
        )
    return own


def _only_key(name: str, old: Any) -> tuple[str, ...]:
    """The key by its unique index, if it has exactly one."""
    if len(old.unique_keys) != 1:
        raise UsageProblem(
            f"which columns identify a row of {name}?",
            detail=f"Its unique indexes: {'; '.join(old.unique_keys) or 'none'}.",
            hint="Name them: --key customer_id, once for each or with commas.",
        )
    return tuple(column.strip().strip('"') for column in old.unique_keys[0].split(","))


def _more(old: Any, key: tuple[str, ...], due: str | None) -> str:
    """Arguments of refresh.store() that only some views have."""
    also = [way for way in (*old.also_by, *old.unique_keys) if way != ", ".join(key)]
    lines = [f"due => '{due}'"] if due else []
    if also:
        lines.append("also_by => ARRAY[" + ", ".join(f"'{way}'" for way in dict.fromkeys(also)) + "]")
    return "".join(f",\n    {line}" for line in lines)


def _refuse_twice(connection: db.Connection, schema: str, bare: str, key: tuple[str, ...]) -> None:
    twice = db.value_with_names(
        connection, "twice_in_adopted", view=(schema, bare), key=[(column,) for column in key]
    )
    if twice is not None:
        raise DatabaseRefused(
            f"{', '.join(key)} is no key of {schema}.{bare}",
            detail=f"More than one row has {twice}.",
            hint="Name columns that identify a row.",
            sqlstate="23505",
        )
