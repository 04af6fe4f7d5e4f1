"""Proves on a scratch database that every migration can be taken back, and applied again.

Each one goes up, down and up again, and the whole catalogue is compared: after the way down with what was there
before, after the second way up with what the first one left. Then all of them go down together, with the functions
and views that stand on them, and up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tidemark import db, scratch
from tidemark.config import Settings
from tidemark.deploy.apply import deployment, migration_run, roles
from tidemark.deploy.drift import catalog
from tidemark.deploy.drift.catalog import Item
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.pending.bookkeeping import Bookkeeper, SqlMigration
from tidemark.deploy.waiting import one_runner
from tidemark.errors import DatabaseRefused, FileProblem
from tidemark.project import Project, current
from tidemark.steps import Step, Steps, finish

T = TypeVar("T")
Catalog = dict[str, Item]


@dataclass(frozen=True)
class Proof:
    """What was found about one migration, or about all together (``name`` empty)."""

    name: str
    problems: list[str] = field(default_factory=list)
    is_back: bool = True  # applied again in the end; without it nothing after it can be proved

    @property
    def is_proved(self) -> bool:
        return not self.problems


def prove(
    settings: Settings, names: Iterable[str] = (), project: Project | None = None, *, keep: bool = False
) -> Steps[list[Proof]]:
    """The proofs of the named migrations, or of all of them and of all together, in order.

    Errors: UsageProblem for an unknown name; DatabaseRefused when the login may not create databases, or when a
    migration cannot even be applied.
    """
    project = project or current()
    migrations = bookkeeping.read(project)
    chosen = _chosen(migrations, list(names))
    name = scratch.new_name("tidemark_prove")
    why = "Migrations are proved in a database of their own"
    yield Step(f"creating the database {name}")
    with scratch.database(settings.dsn or "", name, why, keep=keep) as connection:
        proofs = yield from _one_by_one(connection, settings, migrations, chosen, project)
        if len(proofs) == len(migrations) and proofs[-1].is_back:
            proofs.append((yield from _together(connection, settings, migrations, project)))
        return proofs


def _chosen(migrations: list[SqlMigration], names: list[str]) -> set[str]:
    found = {migration_run.named(name, migrations, "a migration").id for name in names}
    return found or {migration.id for migration in migrations}


def _one_by_one(
    connection: db.Connection,
    settings: Settings,
    migrations: list[SqlMigration],
    chosen: set[str],
    project: Project,
) -> Steps[list[Proof]]:
    yield from one_runner.acquire(connection, settings)
    try:
        bookkeeper = yield from migration_run.prepare(connection, roles.missing(connection, project))
        last = max(number for number, migration in enumerate(migrations) if migration.id in chosen)
        proofs = []
        before = catalog.read(connection)
        for number, migration in enumerate(migrations[: last + 1]):
            yield Step(migration.id, number, last + 1)
            yield from migration_run.run(connection, settings, bookkeeper, migration, "apply")
            after = catalog.read(connection)
            if migration.id in chosen:
                proofs.append((yield from _proof(connection, settings, bookkeeper, migration, before, after)))
                if not proofs[-1].is_back:
                    break
            before = after
        return proofs
    finally:
        one_runner.release(connection)


def _proof(
    connection: db.Connection,
    settings: Settings,
    bookkeeper: Bookkeeper,
    migration: SqlMigration,
    before: Catalog,
    after: Catalog,
) -> Steps[Proof]:
    try:
        yield from migration_run.run(connection, settings, bookkeeper, migration, "rollback")
    except (DatabaseRefused, FileProblem) as error:
        where = f" ({error.where})" if error.where else ""
        return Proof(migration.id, [f"it cannot be taken back: {error.message}{where}"])
    problems = [f"after the way down: {text}" for text in unlike(before, catalog.read(connection))]
    try:
        yield from migration_run.run(connection, settings, bookkeeper, migration, "apply")
    except DatabaseRefused as error:
        return Proof(
            migration.id, [*problems, f"it cannot be applied again: {error.message} ({error.where})"], is_back=False
        )
    problems += [f"after the second way up: {text}" for text in unlike(after, catalog.read(connection))]
    return Proof(migration.id, problems)


def _together(
    connection: db.Connection, settings: Settings, migrations: list[SqlMigration], project: Project | None
) -> Steps[Proof]:
    """All of them with functions and views: down to nothing, one after the other, and up again."""
    yield from _told("functions and views, on top of all migrations", deployment.apply(connection, settings, project))
    full = catalog.read(connection)
    down = [migration.id for migration in reversed(migrations)]
    back = deployment.rollback(connection, settings, down, project, allow_data_loss=True)
    try:
        yield from _told("all migrations down, with the functions and views", back)
    except DatabaseRefused as error:
        return Proof("", [f"with functions and views they cannot be taken back: {error.message} ({error.where})"])
    left = catalog.read(connection)
    kept = {address: item for address, item in left.items() if item.kind == "EXTENSION" or address == "SCHEMA public"}
    problems = [f"after all ways down: {text}" for text in unlike(kept, left)]
    yield from _told("everything up again", deployment.apply(connection, settings, project))
    problems += [f"after all ways up again: {text}" for text in unlike(full, catalog.read(connection))]
    return Proof("", problems)


def unlike(wanted: Catalog, found: Catalog) -> list[str]:
    """The objects in which two catalogues differ; what goes with its table or schema is not named again."""
    lines = []
    for address in sorted(wanted.keys() | found.keys()):
        old, new = wanted.get(address), found.get(address)
        if old is None and new is not None:
            if not any(parent in found and parent not in wanted for parent in new.parents):
                lines.append(f"{address} is left")
        elif new is None and old is not None:
            if not any(parent in wanted and parent not in found for parent in old.parents):
                lines.append(f"{address} is missing")
        elif old and new and old.facts != new.facts:
            names = sorted(
                name for name in old.facts.keys() | new.facts.keys() if old.facts.get(name) != new.facts.get(name)
            )
            lines.append(f"{address} differs in {', '.join(names)}")
    return lines


def _told(what: str, steps: Steps[T]) -> Steps[T]:
    """The same work as one step."""
    yield Step(what)
    return finish(steps)
