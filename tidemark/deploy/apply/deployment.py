"""The whole of ``tidemark apply``, ``plan`` and ``rollback``: migrations first, then functions and views."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tidemark import db, files
from tidemark.config import Settings
from tidemark.deploy.apply import functions_and_views, migration_run, missing_rights, replace, roles
from tidemark.deploy.drift import comparison, expectations
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.pending.bookkeeping import Bookkeeper, SqlMigration
from tidemark.deploy.rollback import loss
from tidemark.deploy.waiting import one_runner, retry
from tidemark.errors import CannotConnect, DatabaseRefused, TidemarkError
from tidemark.files import SqlFile
from tidemark.project import Project, current
from tidemark.steps import Step, Steps

# An object that a migration changes is used by views or functions: they must make way and come back afterwards.
DEPENDENTS_IN_THE_WAY = {"2BP01", "0A000"}


@dataclass(frozen=True)
class Plan:
    """What ``apply`` would do now. Making one changes nothing in the database."""

    project: Project
    migrations: migration_run.State
    files: functions_and_views.Plan
    missing_roles: list[str]

    @property
    def is_empty(self) -> bool:
        return not self.migrations.pending and self.files.is_empty and not self.missing_roles


@dataclass(frozen=True)
class Result:
    """What ``apply`` did."""

    migrations: list[str] = field(default_factory=list)
    files: functions_and_views.Result = field(default_factory=lambda: functions_and_views.Result([], [], []))

    @property
    def is_empty(self) -> bool:
        return not self.migrations and not self.files.ran and not self.files.dropped


def plan(connection: db.Connection, project: Project | None = None) -> Plan:
    """Compares files and database."""
    project = project or current()
    return _compare(connection, project, bookkeeping.read(project), files.rerunnable(project))


def apply(
    connection: db.Connection, settings: Settings, project: Project | None = None, *, repair: bool = False
) -> Steps[Result]:
    """Brings the database to the state of the files. ``repair``: files whose objects were changed by hand run again.

    Errors: EditedMigration, FileProblem before anything is changed; DatabaseRefused, Busy afterwards. Each migration
    is one transaction and so are all functions and views together: what failed is not there, what came before is.
    """
    project = project or current()
    migrations, ordered = bookkeeping.read(project), files.rerunnable(project)
    with _explained(connection), _limited(connection, settings):
        todo, pending = yield from _checked(connection, settings, project, migrations, ordered, repair)
        if _is_done(connection, todo) and comparison.is_current(connection):
            return Result()
        yield from one_runner.acquire(connection, settings)
        try:
            # Another runner may have been at work until now.
            todo, pending = yield from _checked(connection, settings, project, migrations, ordered, repair)
            return (yield from _apply(connection, settings, todo, migrations, pending))
        finally:
            one_runner.release(connection)


def chosen_for_rollback(
    connection: db.Connection, *, count: int = 1, to: str | None = None, project: Project | None = None
) -> list[str]:
    """Names of the migrations that a rollback would take back, newest first.

    Errors: UsageProblem for an unknown name; EditedMigration, FileProblem when they cannot be taken back.
    """
    migrations = bookkeeping.read(project)
    chosen = migration_run.chosen_for_rollback(
        migration_run.state(connection, migrations), migrations, count=count, to=to
    )
    return [migration.id for migration in chosen]


def rollback(
    connection: db.Connection,
    settings: Settings,
    chosen: list[str],
    project: Project | None = None,
    *,
    allow_data_loss: bool = False,
) -> Steps[list[str]]:
    """Takes migrations back in the given order, with the views and functions that stand on what they made.

    Errors: UsageProblem, before anything is changed, when rows would be lost and that is not allowed. DatabaseRefused
    or Busy with file and line; the migrations before that one are taken back, it is not.
    """
    migrations = bookkeeping.read(project)
    by_name = {migration.id: migration for migration in migrations}
    ordered = files.rerunnable(project)

    def make_way(file: SqlFile) -> None:
        if not allow_data_loss:  # again, now that nobody can add rows any more
            loss.lock(connection, file)
            loss.refuse(loss.of(connection, file), hint="Rows arrived meanwhile; this migration stays.")
        replacer = replace.Replacer(connection, ordered)
        for path in _make_way(connection, replacer, file, for_good=True):
            replacer.forget(path)

    def refuse_losses() -> None:
        downs = [file for name in chosen if (file := by_name[name].rollback_file)]
        loss.refuse([one for file in downs for one in loss.of(connection, file)])

    with _explained(connection), _limited(connection, settings):
        yield from one_runner.acquire(connection, settings)
        try:
            bookkeeper = yield from retry.retried(
                connection, settings, "the runner's tables", lambda: migration_run.prepare(connection)
            )
            if not allow_data_loss:
                yield from retry.retried(connection, settings, "counting rows", lambda: retry.plainly(refuse_losses))

            def take_back(_: expectations.Deployment) -> Steps[list[str]]:
                for number, name in enumerate(chosen):
                    yield Step(f"taking back {name}", number, len(chosen))
                    yield from migration_run.run(
                        connection, settings, bookkeeper, by_name[name], "rollback", make_way
                    )
                return chosen

            return (yield from expectations.recorded(connection, settings, migrations, take_back))
        finally:
            one_runner.release(connection)


def _checked(
    connection: db.Connection,
    settings: Settings,
    project: Project,
    migrations: list[SqlMigration],
    ordered: list[SqlFile],
    repair: bool,
) -> Steps[tuple[Plan, list[SqlMigration]]]:
    """The plan, and the migrations to run, once it is sure that everything of it can be sent."""
    todo = yield from retry.retried(
        connection,
        settings,
        "comparing files and database",
        lambda: retry.plainly(lambda: _compare(connection, project, migrations, ordered, repair)),
    )
    pending = migration_run.check(todo.migrations, migrations)
    functions_and_views.check(todo.files)
    return todo, pending


def _compare(
    connection: db.Connection,
    project: Project,
    migrations: list[SqlMigration],
    ordered: list[SqlFile],
    repair: bool = False,
) -> Plan:
    again = comparison.files_to_repair(connection) if repair else ()
    return Plan(
        project,
        migration_run.state(connection, migrations),
        functions_and_views.plan(connection, ordered, again),
        roles.missing(connection, project),
    )


def _apply(
    connection: db.Connection,
    settings: Settings,
    todo: Plan,
    migrations: list[SqlMigration],
    pending: list[SqlMigration],
) -> Steps[Result]:

    def set_up() -> Steps[Bookkeeper]:
        bookkeeper = yield from migration_run.prepare(connection, todo.missing_roles)
        migration_run.adopt(connection, bookkeeper, todo.migrations, migrations)
        functions_and_views.keep_texts(connection, todo.files)
        return bookkeeper

    bookkeeper = yield from retry.retried(connection, settings, "the runner's tables", set_up)

    def work(deployment: expectations.Deployment) -> Steps[Result]:
        result = yield from _run(connection, settings, bookkeeper, todo, pending)
        deployment.ran |= set(result.files.ran)
        return result

    return (yield from expectations.recorded(connection, settings, migrations, work))


def _run(
    connection: db.Connection,
    settings: Settings,
    bookkeeper: Bookkeeper,
    todo: Plan,
    pending: list[SqlMigration],
) -> Steps[Result]:
    for number, migration in enumerate(pending):
        yield Step(migration.id, number, len(pending))
        try:
            yield from migration_run.run(connection, settings, bookkeeper, migration, "apply")
        except DatabaseRefused as error:
            if error.sqlstate not in DEPENDENTS_IN_THE_WAY or not _holds_any(connection, todo.files.ordered):
                raise
            yield Step(f"{migration.id} changes what views or functions use: running the rest as one transaction")
            result = yield from _apply_as_one(connection, settings, bookkeeper, todo, pending[number:], error)
            return Result([done.id for done in pending], result)
    # Migrations may have taken objects along, so the comparison is made again.
    then = functions_and_views.plan(connection, todo.files.ordered, todo.files.again)
    result = yield from functions_and_views.apply(connection, settings, then)
    return Result([migration.id for migration in pending], result)


def _apply_as_one(
    connection: db.Connection,
    settings: Settings,
    bookkeeper: Bookkeeper,
    todo: Plan,
    rest: list[SqlMigration],
    refusal: DatabaseRefused,
) -> Steps[functions_and_views.Result]:
    """Migrations, functions and views in one transaction, so that no reader finds a view missing in between."""
    outside = [migration.id for migration in rest if not migration.use_transactions]
    if outside:
        refusal.hint = (
            f"Views or functions are in the way. They can be replaced together with this migration only if all "
            f"pending ones are transactional, and {outside[0]} is not: release it separately, later."
        )
        raise refusal

    def attempt() -> Steps[functions_and_views.Result]:
        with db.translated("apply"), bookkeeper.transaction():
            replacer = replace.Replacer(connection, todo.files.ordered)
            for migration in rest:
                yield from migration_run.run_once(
                    connection,
                    settings,
                    bookkeeper,
                    migration,
                    "apply",
                    lambda file: _make_way(connection, replacer, file, for_good=False),
                )
            files_then = functions_and_views.plan(connection, todo.files.ordered, todo.files.again)
            result = yield from functions_and_views.run_once(connection, settings, files_then)
            replacer.restore_rights()
        return result

    timeout = max(retry.timeout_of(settings, file) for file in [*(one.file for one in rest), *todo.files.ordered])
    try:
        return (yield from retry.retried(connection, settings, rest[0].id, attempt, timeout_seconds=timeout))
    finally:
        retry.reset_session(connection, settings)


def _make_way(connection: db.Connection, replacer: replace.Replacer, file: SqlFile, *, for_good: bool) -> set[str]:
    """Drops the views and functions of files that use what a migration changes; returns their paths."""
    roots = replace.roots_of(connection, file)
    return replacer.clear(roots, f"{file.path} changes what it uses", for_good=for_good)


def _is_done(connection: db.Connection, todo: Plan) -> bool:
    """Whether there is nothing to do and nothing to write down."""
    found = todo.migrations
    noted = not (found.unrecorded or found.reworded or found.renamed)
    return todo.is_empty and noted and not functions_and_views.lacks_texts(connection)


def _holds_any(connection: db.Connection, ordered: list[SqlFile]) -> bool:
    return len(functions_and_views.plan(connection, ordered).changed) < len(ordered)


@contextmanager
def _limited(connection: db.Connection, settings: Settings) -> Iterator[None]:
    """Nothing that is sent from here on waits for a lock without end."""
    retry.limit_session(connection, settings)
    try:
        yield
    finally:
        with suppress(CannotConnect):
            db.reset_session(connection)


@contextmanager
def _explained(connection: db.Connection) -> Iterator[None]:
    try:
        yield
    except TidemarkError as error:
        missing_rights.explain(connection, error)
        raise
