"""Fresh databases for golden cases: created, applied to, and dropped again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tidemark import apply, db, server
from tidemark.config import Settings
from tidemark.errors import DatabaseRefused
from tidemark.steps import Step, Steps, finish


@dataclass(frozen=True)
class Scratch:
    """A server on which databases may be made.

    ``dsn``: any database of it; its own rows are never touched. ``keep``: leave the databases for a look.
    """

    settings: Settings
    dsn: str
    keep: bool = False

    def new_name(self, domain: str) -> str:
        """A name nothing else has."""
        return f"golden_{domain}_{os.getpid()}_{secrets.token_hex(3)}"

    @contextmanager
    def database(self, name: str) -> Iterator[db.Connection]:
        """A connection to a new, empty database of that name.

        Errors: DatabaseRefused when the login may not create databases.
        """
        administrator = db.connect(self.dsn)
        try:
            owner = administrator.info.user
            try:
                db.call_with_identifiers(administrator, "create_database", database=name, owner=owner)
            except DatabaseRefused as error:
                if error.sqlstate == db.MISSING_RIGHT:
                    error.hint = f"Golden cases run in a database of their own: ALTER ROLE {owner} CREATEDB;"
                raise
            try:
                connection = db.connect(self.dsn, dbname=name)
                try:
                    yield connection
                finally:
                    connection.close()
            finally:
                if not self.keep:
                    db.call_with_identifiers(administrator, "drop_database", database=name)
        finally:
            administrator.close()


def prepare(settings: Settings, keep: bool) -> Steps[Scratch]:
    """The server that the settings name; without any, the embedded one, started if need be."""
    dsn = settings.dsn
    if dsn is None:
        dsn = yield from server.ensure(settings)
    return Scratch(settings, dsn, keep)


def apply_all(connection: db.Connection, settings: Settings) -> Steps[None]:
    """Tidemark as it stands in these files, told as one step."""
    yield Step("applying Tidemark")
    finish(apply.apply(connection, settings))
