"""Looks for what can go wrong: server, rights, files against the catalogue. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tidemark import access, db, files, server
from tidemark.config import Settings
from tidemark.deploy.apply import deployment, roles
from tidemark.deploy.drift import catalog, comparison, expectations, remedy
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.waiting import retry
from tidemark.errors import AnswerIsNo, Busy
from tidemark.project import Project, current
from tidemark.steps import Step, Steps

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at. Only a ``problem`` makes the answer "no"."""

    level: Level
    subject: str
    text: str
    hint: str | None = None


def examine(connection: db.Connection, settings: Settings) -> Steps[list[Finding]]:
    """All findings, good ones included."""
    project = current()
    found = [Finding("ok", "project", project.in_words)]
    retry.set_lock_timeout(connection, settings.lock_timeout_seconds)
    yield Step("examining server and rights")
    found += _server(connection, settings, project)
    found += _readers(connection)
    yield Step("examining migrations and files")
    found += _deployment(connection)
    yield Step("examining the catalogue")
    found += _catalog(connection)
    return found


def drifted(connection: db.Connection, settings: Settings, *, accept: bool = False) -> Steps[list[remedy.Finding]]:
    """Every object that is not what the files made, one finding each. ``accept``: from now on they are right.

    Errors: AnswerIsNo when there is nothing to compare with.
    """
    yield Step("comparing the catalogue with its record")
    record = comparison.read(connection)
    if record is None:
        raise AnswerIsNo(
            "there is no record of what the catalogue should say",
            hint="tidemark apply makes one, even when nothing is pending.",
        )
    if record.is_open:
        for row in db.fetch(connection, "runner_lock_holder"):
            raise Busy(
                "a deployment is under way in this database",
                detail=f"Held by pid {row.pid} ({row.role_name}).",
                hint="Compare again when it has ended.",
            )
        yield Step(
            "the last deployment was interrupted: what it did counts as drift until apply runs", is_warning=True
        )
    found = yield from retry.retried(
        connection,
        settings,
        "the comparison",
        lambda: retry.plainly(lambda: comparison.differences(connection, record)),
    )
    told = remedy.findings(connection, found, comparison.held_by(connection))
    if accept:
        expectations.accept(connection, found)
    return told


def _server(connection: db.Connection, settings: Settings, project: Project) -> Iterator[Finding]:
    login = db.fetch(connection, "login_rights")[0]
    place = f"PostgreSQL {login.server_version}, database {login.database_name}, login {login.role_name}"
    yield Finding("ok", "server", f"{place} (from {settings.dsn_source})")
    if settings.is_embedded:
        state = server.status(settings)
        yield Finding("ok", "embedded server", f"folder {state.folder}, TCP port {state.port}")
    if login.is_standby:
        yield Finding("problem", "server", "this is a standby, which cannot be changed", "Connect to the primary.")
    if login.is_superuser:
        yield Finding(
            "warning", "login", "is a superuser, more than is needed", "Deploy as the owner of the database."
        )
    if login.replication_role != "origin":
        yield Finding(
            "problem",
            "session_replication_role",
            f"is {login.replication_role}: triggers do not fire, so changes are not captured",
            "Unset it for the login and the database (ALTER ROLE ... RESET session_replication_role).",
        )
    for row in db.fetch(connection, "replica_settings"):
        yield Finding(
            "problem",
            "session_replication_role",
            f"is set to {row.value} for {row.target}: its writes are not captured",
            "Unset it, then rebuild the stored views that its writes concern.",
        )
    jit = db.fetch(connection, "jit")[0]
    if jit.is_on:
        yield Finding(
            "warning", "jit", "is on: views that may read live rows are compiled for longer than they run", jit.remedy
        )
    missing = roles.missing(connection, project)
    if missing:
        yield Finding(
            "problem",
            "roles",
            f"missing: {', '.join(missing)}",
            "tidemark apply, or an administrator runs what tidemark roles prints.",
        )
    else:
        yield Finding("ok", "roles", ", ".join(roles.wanted(project)))
    if missing and not login.may_create_roles:
        yield Finding(
            "problem", "rights", "the login may not create roles", f"ALTER ROLE {login.role_name} CREATEROLE;"
        )
    if not login.may_create_schemas:
        yield Finding(
            "warning",
            "rights",
            "the login may not create schemas in this database",
            f"GRANT CREATE ON DATABASE {login.database_name} TO {login.role_name};",
        )


def _readers(connection: db.Connection) -> Iterator[Finding]:
    """Logins of dashboards: what they may, and what they cannot see."""
    found = access.gaps(connection)
    for gap in found:
        hint = gap.remedy or "See docs/access.md."
        yield Finding("warning", f"login {gap.login}" if gap.login else f"database: {gap.subject}", gap.problem, hint)
    if not found and db.value(connection, "has_access"):
        yield Finding("ok", "BI logins", "have what they should, and no more")
    for gone in access.grants(connection) if db.value(connection, "has_access") else []:
        if not gone.holds:
            yield Finding(
                "warning",
                f"grant to {gone.login}",
                f"{gone.family} {gone.scope_kind} {gone.scope_value}: {gone.problem}",
                f"tidemark access confirm {gone.login}, or tidemark access revoke {gone.login}",
            )


def _deployment(connection: db.Connection) -> Iterator[Finding]:
    todo = deployment.plan(connection)
    found = todo.migrations
    if found.edited:
        yield Finding(
            "problem",
            "migrations",
            f"edited after they were applied: {', '.join(found.edited)}",
            "Put the old text back.",
        )
    if found.missing:
        yield Finding("problem", "migrations", f"applied, but without a file here: {', '.join(found.missing)}")
    without = [migration.id for migration in bookkeeping.read() if migration.rollback_file is None]
    if without:
        yield Finding("warning", "migrations", f"no rollback file: {', '.join(without)}")
    if found.pending or not todo.files.is_empty:
        counts = f"{len(found.pending)} migrations and {len(todo.files.to_run)} files to apply"
        yield Finding("problem", "deployment", counts, "tidemark plan shows them, tidemark apply runs them.")
    else:
        applied = f"{len(found.applied)} migrations and {len(todo.files.ordered)} files applied"
        yield Finding("ok", "deployment", applied)
    for row in db.fetch(connection, "runner_lock_holder"):
        yield Finding("warning", "runner", f"another one is at work: pid {row.pid}, {row.role_name}")


def _catalog(connection: db.Connection) -> Iterator[Finding]:
    if db.value(connection, "has_bookkeeping"):
        gaps = catalog.uncovered(connection, files.rerunnable())
        for path, name in gaps:
            yield Finding("problem", path, f"uses {name} but does not require it", "Add it to the line -- requires:")
        if not gaps:
            yield Finding("ok", "requires", "covers everything that the catalogue knows")
    record = comparison.read(connection)
    if record and not record.is_open:
        if changed := len(comparison.differences(connection, record)):
            yield Finding(
                "problem", "drift", f"{changed} objects differ from the files", "tidemark doctor --drift lists them."
            )
        else:
            yield Finding("ok", "drift", f"none in {len(record.items)} objects")
    for row in db.fetch(connection, "unsound_objects"):
        yield Finding("problem", row.identity, row.problem, row.remedy)
    for row in db.fetch(connection, "partitions_passed_over") if db.value(connection, "has_kept_partitions") else []:
        yield Finding("warning", row.table_name, f"its partitions: {row.told}", "See docs/partitions.md.")
