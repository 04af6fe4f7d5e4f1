"""What a rollback would do: which statements, which views and functions go along, which rows are lost."""

from __future__ import annotations

from dataclasses import dataclass

from tidemark import db, files
from tidemark.deploy.apply import replace
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.rollback import loss
from tidemark.deploy.rollback.loss import Loss
from tidemark.deploy.statements import parse
from tidemark.project import Project


@dataclass(frozen=True)
class TakeBack:
    """One migration to take back. ``drops``: paths of files whose objects go first; apply makes them again."""

    name: str
    path: str
    statements: list[str]
    drops: list[str]
    losses: list[Loss]


def plan(connection: db.Connection, chosen: list[str], project: Project | None = None) -> list[TakeBack]:
    """The migrations in the given order, newest first. Changes nothing and locks nothing for longer than a query."""
    by_name = {migration.id: migration for migration in bookkeeping.read(project)}
    replacer = replace.Replacer(connection, files.rerunnable(project))
    gone: set[str] = set()
    found = []
    for name in chosen:
        file = by_name[name].rollback_file
        if file is None:  # refused when it was chosen
            continue
        users = replacer.users(replace.roots_of(connection, file)) - gone
        gone |= users
        texts = [parse.text_of(statement.node) for statement in parse.statements(file)]
        found.append(TakeBack(name, file.path, texts, sorted(users), loss.of(connection, file)))
    return found
