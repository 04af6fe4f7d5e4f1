"""Applies the re-runnable files: what changed since the last time, and what requires it, in one transaction.

A file replaces its object. When PostgreSQL refuses that (other columns, another return type), the object and its
dependents are dropped one by one and made again from their files, with their owners and rights: see ``replace``.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from tidemark import db, files
from tidemark.config import Settings
from tidemark.deploy.apply import replace
from tidemark.deploy.pending import refusals
from tidemark.deploy.waiting import one_runner, retry
from tidemark.derive import catalog as derived
from tidemark.files import FINGERPRINT_ALGORITHM, SqlFile
from tidemark.steps import Step, Steps


@dataclass(frozen=True)
class Plan:
    """What an apply would do with the re-runnable files."""

    ordered: list[SqlFile]  # all files
    changed: list[str]  # paths: new, edited, or with an object that is gone
    to_run: list[SqlFile]  # the changed ones and everything that requires them
    vanished: list[str]  # paths in the database whose file is gone; their objects are dropped
    again: Container[str] = ()  # paths that run although nothing changed in them

    @property
    def is_empty(self) -> bool:
        return not self.to_run and not self.vanished


@dataclass(frozen=True)
class Result:
    """What an apply did: paths run in order, descriptions of dropped objects."""

    ran: list[str]
    dropped: list[str]
    recreated: list[str]  # paths whose object had to be dropped and made anew


def plan(connection: db.Connection, ordered: list[SqlFile], again: Container[str] = ()) -> Plan:
    """Compares the files with the record of the last apply: one query, nothing changed.

    ``again``: paths of files that run even if they are as they were.
    """
    rows = db.fetch(connection, "applied_files") if db.value(connection, "has_bookkeeping") else []
    applied = {row.path: row for row in rows}
    changed = [
        file
        for file in ordered
        if file.path not in applied
        or applied[file.path].algorithm != FINGERPRINT_ALGORITHM
        or applied[file.path].fingerprint != file.fingerprint
        or not applied[file.path].is_complete
        or file.path in again
    ]
    known = {file.path for file in ordered}
    return Plan(
        ordered=ordered,
        changed=[file.path for file in changed],
        to_run=files.dependents((file.name for file in changed), ordered),
        vanished=[path for path in applied if path not in known],
        again=again,
    )


def apply(connection: db.Connection, settings: Settings, todo: Plan) -> Steps[Result]:
    """Runs a plan, patiently. The caller holds the runner's lock.

    Errors: DatabaseRefused or Busy with file and line; nothing of the plan is then in the database.
    """
    if todo.is_empty:
        return Result([], [], [])
    try:
        return (
            yield from retry.retried(
                connection,
                settings,
                "functions and views",
                lambda: run_once(connection, settings, todo),
                timeout_seconds=longest_timeout(settings, todo),
            )
        )
    finally:
        retry.reset_session(connection, settings)


def lacks_texts(connection: db.Connection) -> bool:
    """Whether files were applied by a release that kept no texts."""
    return not db.value(connection, "has_file_texts") or bool(db.fetch(connection, "files_without_text"))


def keep_texts(connection: db.Connection, todo: Plan) -> None:
    """Keeps the texts of files that a release without them applied, as far as they are still the same."""
    by_path = {file.path: file for file in todo.ordered}
    for row in db.fetch(connection, "files_without_text"):
        file = by_path.get(row.path)
        if file and (row.fingerprint, row.algorithm) == (file.fingerprint, FINGERPRINT_ALGORITHM):
            replace.keep_text(connection, file)


def check(todo: Plan) -> None:
    """Errors: FileProblem for a file that cannot be sent inside a transaction and under a lock timeout."""
    for file in todo.to_run:
        refusals.refuse_unsendable(file, use_transactions=True)


def longest_timeout(settings: Settings, todo: Plan) -> float:
    """Seconds that a statement of any of the files may wait for a lock."""
    return max((retry.timeout_of(settings, file) for file in todo.to_run), default=settings.lock_timeout_seconds)


def run_once(connection: db.Connection, settings: Settings, todo: Plan) -> Steps[Result]:
    """One attempt of ``apply``; inside an open transaction it becomes a part of it."""
    with db.transaction(connection):
        one_runner.check(connection)
        replacer = replace.Replacer(connection, todo.ordered)
        position = {file.path: number for number, file in enumerate(todo.ordered)}
        pending = {file.path for file in todo.to_run}
        ran: list[str] = []
        while pending:
            path = min(pending, key=position.__getitem__)
            pending.remove(path)
            yield Step(path, len(ran), len(ran) + len(pending) + 1)
            file = todo.ordered[position[path]]
            retry.set_lock_timeout(connection, retry.timeout_of(settings, file))
            # A file whose object is dropped on the way runs again, even if it ran already.
            pending |= replacer.run(file) - {path}
            retry.refuse_endless(connection, file)
            ran.append(path)
        for path in _users_first({path: replacer.standing_on(path) for path in todo.vanished}):
            yield Step(f"dropping what {path} held")
            replacer.forget(path)
        replacer.restore_rights()
        derived.hand_over(connection)
        finish_adopting(connection)
    return Result(list(dict.fromkeys(ran)), replacer.dropped, replacer.recreated)


def finish_adopting(connection: db.Connection) -> None:
    """Fills the stored views that took the place of materialized views, once every mapping is known.

    Their files call ``deploy.come_back()`` themselves; it waits while a source has no mapping yet.
    """
    if db.value(connection, "can_step_aside") and db.value(connection, "is_aside"):
        db.run(connection, "come_back")


def _users_first(users: dict[str, set[str]]) -> list[str]:
    """Paths of files that are gone, each behind those whose objects use its own.

    ``users``: of each path the paths that stand on it.
    """
    left = dict(users)
    ordered: list[str] = []
    while left:
        path = next((path for path in left if users[path].isdisjoint(left.keys() - {path})), min(left))
        del left[path]
        ordered.append(path)
    return ordered
