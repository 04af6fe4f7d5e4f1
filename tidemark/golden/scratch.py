"""Fresh databases for golden cases: created, applied to, and dropped again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tidemark import db, project, scratch, server
from tidemark.config import Settings
from tidemark.deploy.apply import deployment
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
        return scratch.new_name(f"golden_{domain}")

    @contextmanager
    def database(self, name: str) -> Iterator[db.Connection]:
        """A connection to a new database of that name, empty or a copy of the template.

        Errors: DatabaseRefused when the login may not create databases.
        """
        why = "Golden cases run in a database of their own"
        with scratch.database(self.dsn, name, why, template=self.template, keep=self.keep) as connection:
            yield connection


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
    if not deployment.plan(connection, project.shipped()).is_empty:
        yield Step("applying Tidemark")
        finish(deployment.apply(connection, settings, project.shipped()))
    db.value(connection, "compile_nothing")  # only now: applying resets the session
