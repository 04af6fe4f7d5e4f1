"""Fresh databases for golden cases: created, applied to, and dropped again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tidemark import db, server
from tidemark.config import Settings
from tidemark.deploy import apply
from tidemark.errors import DatabaseRefused
from tidemark.steps import Step, Steps, finish


@dataclass(frozen=True)
class Scratch:
    """A server on which databases may be made.

    ``dsn``: any database of it; its own rows are never touched. ``keep``: leave the databases for a look.
    ``template``: a database to copy, instead of starting with an empty one.
    """

    settings: Settings
    dsn: str
    keep: bool = False
    template: str | None = None

    def new_name(self, domain: str) -> str:
        """A name nothing else has."""
        return f"golden_{domain}_{os.getpid()}_{secrets.token_hex(3)}"

    @contextmanager
    def database(self, name: str) -> Iterator[db.Connection]:
        """A connection to a new database of that name, empty or a copy of the template.

        Errors: DatabaseRefused when the login may not create databases.
        """
        administrator = db.connect(self.dsn)
        try:
            owner = administrator.info.user
            try:
                if self.template is None:
                    db.call_with_identifiers(administrator, "create_database", database=name, owner=owner)
                else:
                    db.call_with_identifiers(
                        administrator, "copy_database", database=name, owner=owner, template=self.template
                    )
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


@contextmanager
def template(place: Scratch, domain: str) -> Iterator[Scratch]:
    """The same server, whose databases are copies of one that ``fill_template`` fills."""
    name = place.new_name(f"{domain}_template")
    with replace(place, keep=False).database(name) as connection:
        connection.close()
        yield replace(place, template=name)


def fill_template(place: Scratch) -> Steps[None]:
    """Applies once what every database of the run holds; applying takes longer than most cases."""
    with db.connect(place.dsn, dbname=place.template) as connection:
        yield from apply_all(connection, place.settings)


def apply_all(connection: db.Connection, settings: Settings) -> Steps[None]:
    """Tidemark as it stands in these files, told as one step; nothing to do in a copy of a filled template."""
    if not apply.plan(connection).is_empty:
        yield Step("applying Tidemark")
        finish(apply.apply(connection, settings))
    db.value(connection, "compile_nothing")  # only now: applying resets the session
