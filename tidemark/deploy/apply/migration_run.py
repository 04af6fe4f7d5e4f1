"""Runs migrations up and down.

A file is sent whole, in one transaction together with its entry in the table of applied ones; or, with
``-- transactional: false``, statement by statement: see ``outside``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.deploy.apply import nontransactional, roles
from tidemark.deploy.pending import edits, refusals
from tidemark.deploy.pending.bookkeeping import Bookkeeper, SqlMigration
from tidemark.deploy.waiting import one_runner, retry
from tidemark.errors import DatabaseRefused, EditedMigration, FileProblem, UsageProblem
from tidemark.files import FINGERPRINT_ALGORITHM, SqlFile
from tidemark.steps import Step, Steps


@dataclass(frozen=True)
class State:
    """Migrations of the files against those of the database.

    ``edited`` and ``missing`` name applied migrations whose file means something else now or is gone: both stop every
    apply. ``reworded``: only comments or white space changed, which the next apply takes note of.
    """

    applied: list[str]
    pending: list[str]
    edited: list[str]
    reworded: list[str]
    missing: list[str]
    renamed: dict[str, list[str]]  # applied under other names: the ones that its file replaces
    unrecorded: list[str]  # whose content was not kept: by plain yoyo, or in the form of another release
    differences: dict[str, list[str]]  # of those edited or reworded: the lines that changed, as a unified diff


def state(connection: db.Connection, migrations: list[SqlMigration]) -> State:
    """What is applied, pending, edited or missing. Changes nothing, not even in an empty database."""
    rows = db.fetch(connection, "applied_migrations") if db.value(connection, "has_bookkeeping") else []
    known = {migration.id: migration for migration in migrations}
    applied = {row.migration_id: row for row in rows}
    ours = {name: row for name, row in applied.items() if name in known}
    renamed = {
        migration.id: [name for name in migration.replaces if name in applied]
        for migration in migrations
        if migration.id not in applied and any(name in applied for name in migration.replaces)
    }
    replaced = {name for migration in migrations for name in migration.replaces}
    kinds = {name: _edit(row, known[name].file) for name, row in ours.items()}
    return State(
        applied=list(applied),
        pending=[name for name in known if name not in applied and name not in renamed],
        edited=[name for name, kind in kinds.items() if kind == "meaning"],
        reworded=[name for name, kind in kinds.items() if kind == "wording"],
        missing=[name for name in applied if name not in known and name not in replaced],
        renamed=renamed,
        unrecorded=[
            name
            for name, row in ours.items()
            if kinds[name] == "none" and (row.content is None or row.algorithm != FINGERPRINT_ALGORITHM)
        ],
        differences={
            name: edits.difference(ours[name].content, known[name].file)
            for name, kind in kinds.items()
            if kind in ("meaning", "wording")
        },
    )


def _edit(row: Any, file: SqlFile) -> edits.Edit:
    """How a file differs from what was applied, whatever release kept the record."""
    if row.content is None and row.algorithm != FINGERPRINT_ALGORITHM:
        return "none"  # nothing to compare with: the next apply keeps what is there now
    if row.algorithm == FINGERPRINT_ALGORITHM and row.fingerprint == file.fingerprint:
        return "none"
    return edits.kind(row.content, file)


def refuse_edits(found: State) -> None:
    """Errors: EditedMigration when an applied migration is not the file it was."""
    if found.edited:
        raise EditedMigration(
            f"edited after it was applied: {', '.join(found.edited)}",
            detail="The database holds what the old text did; the new text was never run.",
            hint="Put the old text back (git log -p migrations) and write the change as a new migration.",
        )
    if found.missing:
        raise EditedMigration(
            f"applied, but without a file here: {', '.join(found.missing)}",
            detail="The database is ahead of these files, or the files are incomplete.",
            hint="Use the release that this database was last deployed with, or a later one.",
        )


def prepare(connection: db.Connection, missing_roles: list[str] | None = None) -> Steps[Bookkeeper]:
    """Makes the group roles and the runner's tables where they are missing.

    Errors: DatabaseRefused naming the missing right.
    """
    if missing_roles:
        yield Step(f"creating the roles {', '.join(missing_roles)}")
        roles.create(connection, missing_roles)
    if not (db.value(connection, "has_bookkeeping") and db.value(connection, "has_file_texts")):
        yield Step("creating the runner's tables in schema deploy")
        with db.transaction(connection):
            db.run(connection, "create_bookkeeping")
    bookkeeper = Bookkeeper(connection)
    with db.translated("yoyo's tables in schema deploy"):
        bookkeeper.ensure_internal_schema_updated()
    return bookkeeper


def check(found: State, migrations: list[SqlMigration]) -> list[SqlMigration]:
    """The pending migrations, once it is sure that they can be sent.

    Errors: EditedMigration, FileProblem.
    """
    refuse_edits(found)
    pending = [migration for migration in migrations if migration.id in found.pending]
    for migration in pending:
        refusals.refuse_unsendable(migration.file, use_transactions=migration.use_transactions)
    return pending


def adopt(connection: db.Connection, bookkeeper: Bookkeeper, found: State, migrations: list[SqlMigration]) -> None:
    """Enters migrations that were applied under another name, which are not run again.

    Keeps the content of those that were applied without it, or whose comments changed since.
    """
    with db.transaction(connection):
        for migration in migrations:
            if migration.id in found.renamed:
                bookkeeper.note(migration, "apply")
                _record(connection, migration)
        for name in sorted({name for names in found.renamed.values() for name in names}):
            db.run(connection, "forget_migration", migration_id=name)
    for migration in migrations:
        if migration.id in found.unrecorded or migration.id in found.reworded:
            _record(connection, migration)


def run(
    connection: db.Connection,
    settings: Settings,
    bookkeeper: Bookkeeper,
    migration: SqlMigration,
    operation: str,
    before: Callable[[SqlFile], object] | None = None,
) -> Steps[None]:
    """Runs one migration, ``apply`` or ``rollback``, patiently. The caller holds the runner's lock.

    ``before`` runs first in the same transaction.

    Errors: DatabaseRefused or Busy with file and line; a transactional file then leaves nothing behind.
    """
    file = _file(migration, operation)
    try:
        if not migration.use_transactions:
            yield from nontransactional.run(connection, settings, file)
        yield from retry.retried(
            connection,
            settings,
            migration.id,
            lambda: run_once(connection, settings, bookkeeper, migration, operation, before),
            timeout_seconds=retry.timeout_of(settings, file),
        )
    finally:
        retry.reset_session(connection, settings)


def run_once(
    connection: db.Connection,
    settings: Settings,
    bookkeeper: Bookkeeper,
    migration: SqlMigration,
    operation: str,
    before: Callable[[SqlFile], object] | None = None,
) -> Steps[None]:
    """One attempt of ``run``, its transaction; inside an open one it becomes a part of it.

    Of a file outside a transaction, which was sent before, it only enters that it is done.
    """
    file = _file(migration, operation)
    yield from ()
    with db.translated(file.path), bookkeeper.transaction():
        one_runner.check(connection)
        if migration.use_transactions:
            retry.set_lock_timeout(connection, retry.timeout_of(settings, file))
            if before:
                before(file)
            _send_whole(connection, file)
        bookkeeper.note(migration, operation)
        if operation == "apply":
            _record(connection, migration)
        else:
            db.run(connection, "forget_fingerprint", migration_id=migration.id)
        db.run(connection, "forget_progress", path=file.path)


def chosen_for_rollback(
    found: State, migrations: list[SqlMigration], *, count: int = 1, to: str | None = None
) -> list[SqlMigration]:
    """Applied migrations to take back, newest first: the last ``count``, or all after ``to``.

    Errors: UsageProblem for an unknown name; FileProblem when one has no rollback file, or one that cannot be sent.
    """
    refuse_edits(found)
    order = [migration for migration in reversed(migrations) if migration.id in found.applied]
    order = order[:count] if to is None else order[: order.index(named(to, order))]
    for migration in order:
        if migration.rollback_file is None:
            raise FileProblem(
                f"{migration.file.path} has no rollback file",
                hint=f"Write it as {migration.file.location.stem}.rollback.sql beside it.",
            )
        refusals.refuse_unsendable(migration.rollback_file, use_transactions=migration.use_transactions)
    return order


def named(name: str, among: list[SqlMigration], what: str = "an applied migration") -> SqlMigration:
    """The migration meant by its id, its file's name or its number; the project's own come first.

    Errors: UsageProblem when there is none, or more than one.
    """
    found = [
        migration
        for migration in among
        if name in (migration.id, stem := migration.file.location.stem, stem.split("_", 1)[0])
    ]
    own = [migration for migration in found if migration.prefix]
    if not found:
        raise UsageProblem(f"{name} is not {what}", hint="tidemark status -v lists them.")
    if len(own or found) > 1:
        raise UsageProblem(
            f"{name} may mean {' or '.join(migration.id for migration in own or found)}", hint="Write the whole name."
        )
    return (own or found)[0]


def _file(migration: SqlMigration, operation: str) -> SqlFile:
    file = migration.file if operation == "apply" else migration.rollback_file
    if file is None:
        raise FileProblem(f"{migration.file.path} has no rollback file")
    return file


def _send_whole(connection: db.Connection, file: SqlFile) -> None:
    before = db.value(connection, "transaction_id")
    db.send(connection, file.text, file.path)
    # The parser has looked for COMMIT; this looks for anything it cannot see.
    if db.is_idle(connection) or db.value(connection, "transaction_id") != before:
        raise DatabaseRefused(
            f"{file.path} ended the runner's transaction",
            hint="Find out what of it is in the database now, repair it by hand, and remove the cause from the file.",
        )
    retry.refuse_endless(connection, file)


def _record(connection: db.Connection, migration: SqlMigration) -> None:
    db.run(
        connection,
        "record_fingerprint",
        migration_id=migration.id,
        fingerprint=migration.file.fingerprint,
        algorithm=FINGERPRINT_ALGORITHM,
        content=migration.file.text,
    )
