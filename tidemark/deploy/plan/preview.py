"""The whole of ``tidemark plan``: what apply would do, what it takes, what it touches, and how much it can hurt.

Everything is read in one transaction that can change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidemark import db
from tidemark.deploy.apply import deployment
from tidemark.deploy.lint import check_file, check_project, squawk
from tidemark.deploy.lint.check_file import Finding
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.pending.bookkeeping import SqlMigration
from tidemark.deploy.plan import adoptions, outcomes, risk, stored_views, usage
from tidemark.deploy.plan.risk import Level, Risk
from tidemark.deploy.plan.usage import Facts, Session, User
from tidemark.deploy.statements import account, parse
from tidemark.deploy.statements.locks_and_work import Effect
from tidemark.deploy.statements.parse import Statement
from tidemark.errors import ConfigProblem
from tidemark.files import SqlFile
from tidemark.project import Project, current


@dataclass(frozen=True)
class Touched:
    """A relation that a statement touches. Size and rows are None for one that does not exist yet (``is_new``)."""

    relation: str
    lock: str
    work: str
    is_new: bool
    size_bytes: int | None
    rows: int | None
    users: list[User]
    sessions: list[Session]


@dataclass(frozen=True)
class Told:
    """One pending statement. ``risk``: none, low, medium or high; ``lost``: what is gone for good afterwards.

    ``makes_way``: PostgreSQL refuses it while views or functions use what it changes: these go first and come back.
    ``refused_by``: policies and triggers that use it too; these do not make way, so apply will fail.
    """

    path: str
    line: int
    kind: str
    risk: str
    reason: str
    lost: str | None
    touches: list[Touched]
    findings: list[Finding]
    makes_way: bool
    refused_by: list[str]


@dataclass(frozen=True)
class Preview:
    """What ``apply`` would do now."""

    todo: deployment.Plan
    migrations: list[SqlMigration]  # pending, in order
    statements: list[Told]
    findings: list[Finding]
    outcomes: list[outcomes.Outcome]
    missing_linter: str | None  # why squawk said nothing
    adoptions: list[adoptions.Adoption]
    every_key: list[stored_views.EveryKey]
    by_time: list[stored_views.ByTime]
    unsteady: list[stored_views.Unsteady]

    @property
    def risk(self) -> str:
        """The highest of all statements."""
        levels = [Level[told.risk.upper()] for told in self.statements]
        return max(levels, default=Level.NONE).word


def preview(connection: db.Connection, project: Project | None = None) -> Preview:
    """Compares files and database, and tells what that means. Changes nothing, and waits for nobody.

    Errors: FileProblem for a pending file that is not valid SQL.
    """
    project = project or current()
    with db.reading(connection):
        todo = deployment.plan(connection, project)
        pending = [migration for migration in bookkeeping.read(project) if migration.id in todo.migrations.pending]
        changed = [file for file in todo.files.ordered if file.path in todo.files.changed]
        everything = [migration.file for migration in bookkeeping.read(project)] + todo.files.ordered
        findings = check_project.own([*(migration.file for migration in pending), *changed], everything)
        missing_linter = None
        try:
            findings += squawk.lint([migration.file for migration in pending], project)
        except ConfigProblem as error:  # a plan is worth having without it
            missing_linter = error.message
        replaced = {file.name for file in changed if not file.name.endswith("()")}
        told = explain(connection, [migration.file for migration in pending], findings, replaced)
        # What only a database can tell was found beside the statements.
        findings = sorted(
            {*findings, *(finding for item in told for finding in item.findings)},
            key=lambda finding: (finding.path, finding.line, finding.rule),
        )
        found = outcomes.outcomes(connection, todo.files, _making_way(told, pending))
        adopted = adoptions.planned(connection, todo.files.to_run)
        to_run = {file.name for file in todo.files.to_run}
        every, by_time = stored_views.every_key(connection, to_run), stored_views.by_time(connection, to_run)
        unsteady = stored_views.unsteady(connection, to_run)
        return Preview(todo, pending, told, findings, found, missing_linter, adopted, every, by_time, unsteady)


def explain(
    connection: db.Connection,
    pending: Iterable[SqlFile],
    findings: Iterable[Finding] = (),
    replaced: set[str] | None = None,
) -> list[Told]:
    """Every statement of some files, in the order in which they would run."""
    listed = [(file, parse.statements(file)) for file in pending]
    known = usage.read(connection, [statement for _, statements in listed for statement in statements])
    made: set[str] = set()
    gone: set[str] = set()
    result: list[Told] = []
    for file, statements in listed:
        done: list[tuple[Statement, Effect]] = []
        risks: list[Risk] = []
        touched: list[list[Touched]] = []
        long: list[tuple[int, Statement]] = []
        for number, statement in enumerate(statements):
            effect = account.of(statement, known.known)
            made |= set(effect.makes) - set(known.known.relations)
            gone |= set(effect.drops)
            done.append((statement, effect))
            risks.append(risk.of(effect, known, made))
            touched.append(_touched(effect, known, made))
            long += [(number, statement)] if risk.is_long(effect, known, made) else []
            known = known.after(statement.node)
            if effect.renames:
                known = known.after_rename(*effect.renames)
        in_transaction = file.directives("transactional") != ["false"]
        if in_transaction:
            risks = _held(risks, done, known, made, long)
        own = [
            *findings,
            *check_file.used_columns(file, done, known, replaced or set()),
            *check_file.effects(file, done, known, in_transaction=in_transaction),
        ]
        for number, (statement, effect) in enumerate(done):
            last = statement.line + statement.text.count("\n")
            said = [item for item in own if item.path == file.path and statement.line <= item.line <= last]
            worst = _with_refusals(risks[number], said)
            result.append(
                Told(
                    file.path,
                    statement.line,
                    effect.kind,
                    worst.level.word,
                    worst.reason,
                    effect.lost,
                    touched[number],
                    said,
                    _makes_way(effect, known),
                    _refused_by(effect, known, gone),
                )
            )
    return result


def _with_refusals(found: Risk, said: Iterable[Finding]) -> Risk:
    """A statement that the server will refuse stops the deployment."""
    refused = [item.message for item in said if item.rule == check_file.REFUSED]
    return Risk(Level.MEDIUM, refused[0]) if refused and found.level <= Level.MEDIUM else found


def _held(
    risks: list[Risk],
    done: list[tuple[Statement, Effect]],
    known: Facts,
    made: set[str],
    long: list[tuple[int, Statement]],
) -> list[Risk]:
    """A file is one transaction: a short lock is a long one when long work follows."""
    result = []
    for number, (found, (_, effect)) in enumerate(zip(risks, done, strict=True)):
        later = next((statement for place, statement in long if place > number), None)
        held = risk.holds_up(effect, known, made)
        if later and held and found.level < Level.MEDIUM:
            reason = f"{held[0]} stays locked while line {later.line} of the same file is at work"
            found = replace(found, level=Level.MEDIUM, reason=reason)
        result.append(found)
    return result


def _makes_way(effect: Effect, known: Facts) -> bool:
    return any(user.kind in ("view", "bi view", "function") for user in _in_the_way(effect, known))


def _refused_by(effect: Effect, known: Facts, gone: set[str]) -> list[str]:
    """``gone``: what the pending files drop themselves."""
    if not effect.columns:
        return []  # a dropped table takes its policies and triggers along
    users = [user for user in _in_the_way(effect, known) if user.kind in ("policy", "trigger")]
    return [f"{user.kind} {user.identity}" for user in users if user.identity not in gone]


def _in_the_way(effect: Effect, known: Facts) -> list[User]:
    """What uses a column or relation that goes, or a column whose type changes."""
    users = [user for relation, column in effect.columns for user in known.users_of_column(relation, column)]
    return users + [user for relation in effect.drops for user in known.users.get(relation, [])]


def _making_way(told: list[Told], pending: list[SqlMigration]) -> list[SqlFile]:
    """Migrations that run as one transaction with all views: the first that is refused, and those after it."""
    paths = [item.path for item in told if item.makes_way]
    files_in_order = [migration.file for migration in pending]
    first = next((number for number, file in enumerate(files_in_order) if file.path in paths), len(files_in_order))
    return files_in_order[first:]


def _touched(effect: Effect, known: Facts, made: set[str]) -> list[Touched]:
    found = []
    for touch in effect.touches:
        here = known.known.relation(touch.relation)
        columns = [column for relation, column in effect.columns if relation == touch.relation]
        users = known.users.get(touch.relation, [])
        if columns:  # what reads other columns is no concern of this statement
            reading = {user.identity for column in columns for user in known.users_of_column(touch.relation, column)}
            users = [user for user in users if user.identity in reading]
        found.append(
            Touched(
                touch.relation,
                touch.lock.words,
                touch.work.words,
                touch.relation in made,
                here.size_bytes if here else None,
                here.rows if here else None,
                users,
                known.sessions.get(touch.relation, []),
            )
        )
    return found
