"""Writes one SQL script that does what ``apply`` does, for databases that no runner may enter.

The script needs psql, or any client that sends it whole, and a login that may create roles or finds them there. It
keeps the runner's records, so that a later bundle, or the runner itself, goes on from what it did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from tidemark import __version__, db, files
from tidemark.deploy.apply import roles
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.statements import account, parse
from tidemark.errors import FileProblem
from tidemark.files import FINGERPRINT_ALGORITHM, SqlFile
from tidemark.project import CORE, Project

_TAG = "$tidemark$"


def needs_derived(project: Project) -> bool:
    """Whether stored views of a project may leave their mappings to be derived."""
    ordered = files.rerunnable(project)
    can_derive = any(file.name == "refresh_internal.take_derived()" for file in ordered)
    return can_derive and any(item.kind == "stored" for file in ordered for item in parse.declared(file))


def derived(connection: db.Connection) -> list[tuple[str, str]]:
    """Stored views of a database where the project was applied, with their derived mappings as JSON."""
    if not db.value(connection, "has_derived"):
        return []
    return [(row.view_name, row.mappings) for row in db.fetch(connection, "derived_mappings")]


def gaps(connection: db.Connection) -> list[tuple[str, str | None]]:
    """Stored views of such a database with a due column, and why time alone may bring rows of them."""
    if not db.value(connection, "has_derived"):
        return []
    return [(row.view_name, row.clock_gap) for row in db.fetch(connection, "clock_gaps")]


def script(
    project: Project, mappings: Iterable[tuple[str, str]] = (), gaps: Iterable[tuple[str, str | None]] = ()
) -> str:
    """The bundle of a project: roles, migrations, functions and views, in one transaction.

    ``mappings`` and ``gaps``: what ``derived`` and ``gaps`` told.

    Errors: FileProblem for a migration that must run outside a transaction, or a text that holds ``$tidemark$``.
    """
    ordered = files.rerunnable(project)
    migrations = bookkeeping.read(project)
    outside = [one.file.path for one in migrations if not one.use_transactions]
    if outside:
        raise FileProblem(
            f"{outside[0]} runs outside a transaction and cannot be part of a bundle",
            hint="Apply it with tidemark apply, or by hand.",
        )
    queries = db.queries()
    uses = ", ".join((CORE, *project.uses))
    parts = [
        f"-- Tidemark {__version__}: {uses}; {len(migrations)} migrations, {len(ordered)} functions and views.\n"
        "-- One transaction, made by tidemark bundle for: psql -X -v ON_ERROR_STOP=1 -f this_file\n"
        "-- Running it again changes nothing; a later bundle goes on from here.",
        queries["bundle_session"],
        *(made.text.strip() for made in roles.scripts(roles.wanted(project))),
        queries["create_bookkeeping"],
        queries["bundle_tables"],
        queries["bundle_gaps"],
        queries["bundle_functions"],
        *(_migration(one) for one in migrations),
        *(_file(number, file) for number, file in enumerate(ordered)),
        *(
            db.written("bundle_derived", position=number, view=view, mappings=text)
            for number, (view, text) in enumerate(mappings)
        ),
        *(db.written("bundle_gap", position=number, view=view, gap=gap) for number, (view, gap) in enumerate(gaps)),
        db.written("bundle_install", scope=_scope(ordered)),
        queries["bundle_finish"],
    ]
    return "\n\n".join(parts) + "\n"


def _migration(one: bookkeeping.SqlMigration) -> str:
    return db.written(
        "bundle_migration",
        verbatim={"content": _quoted(one.file)},
        id=one.id,
        hash=one.hash,
        path=one.file.path,
        fingerprint=one.file.fingerprint,
        algorithm=FINGERPRINT_ALGORITHM,
        replaces=list(one.replaces),
        changes=[name for kind, name in account.changed(parse.statements(one.file)) if kind == "object"],
    )


def _file(position: int, file: SqlFile) -> str:
    found = parse.statements(file)
    starts, place = [], 0
    for statement in found:
        place = file.text.index(statement.text, place)
        starts.append(place + 1)
        place += len(statement.text)
    return db.written(
        "bundle_file",
        verbatim={"content": _quoted(file)},
        position=position,
        path=file.path,
        name=file.name,
        fingerprint=file.fingerprint,
        algorithm=FINGERPRINT_ALGORITHM,
        requires=list(file.requires),
        lines=[statement.line for statement in found],
        starts=starts,
        lengths=[len(statement.text) for statement in found],
        declared=json.dumps([_declared(item) for item in parse.declared(file)]),
    )


def _declared(item: parse.Declared) -> dict[str, str | None]:
    """An object with its name as the server looks it up."""
    name = item.name if item.kind == "trigger" else ".".join(part for part in (item.schema, item.name) if part)
    if item.kind == "routine":
        name += f"({', '.join(item.arguments)})"
    return {"kind": item.kind, "name": name, "table": item.table}


def _scope(ordered: list[SqlFile]) -> list[str]:
    """Folders for which the bundle answers, as patterns: what is there and not in the bundle goes."""
    folders = {"/".join(file.path.split("/")[:2]) for file in ordered}
    return sorted(f"{folder}/%" for folder in folders if folder != "views/bi")


def _quoted(file: SqlFile) -> str:
    if _TAG in file.text:
        raise FileProblem(f"{file.path} holds the text {_TAG}", hint="Choose another mark for its dollar quotes.")
    return f"{_TAG}{file.text}{_TAG}"
