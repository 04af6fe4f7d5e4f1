"""yoyo's part: the identity and order of migrations, and the table of applied ones (in schema ``deploy``)."""

from __future__ import annotations

import getpass
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import DatabaseURI
from yoyo.migrations import Migration, MigrationList, parse_metadata_from_sql_comments, topological_sort
from yoyo.topologicalsort import CycleError

from tidemark import db, files
from tidemark.errors import FileProblem
from tidemark.files import SqlFile
from tidemark.project import Project, current


class SqlMigration(Migration):  # type: ignore[misc]
    """A migration that is sent as it is: yoyo's own loader would cut it up with a tokenizer."""

    def __init__(self, file: SqlFile, rollback_file: SqlFile | None, prefix: str = "") -> None:
        """``prefix``: stands before the file's name in its id, so that a project's never meets a shipped one."""
        super().__init__(f"{prefix}{file.location.stem}", str(file.location), str(file.location.parent))
        self.prefix = prefix
        self.file = file
        self.rollback_file = rollback_file
        directives, _, _ = parse_metadata_from_sql_comments("\n".join(file.header))
        self.depends_on: list[str] = directives.get("depends", "").replace(",", " ").split()
        self.replaces: list[str] = [name for value in file.directives("replaces") for name in value.split()]
        self.use_transactions: bool = directives.get("transactional", "true").strip().lower() != "false"

    @property
    def reason(self) -> str:
        """First line of the file, which says why it exists."""
        return self.file.header[0].removeprefix("--").strip() if self.file.header else ""

    def load(self) -> None:
        """Nothing to do: the file was read already, and ``migrate`` sends it."""
        self.steps: list[object] = []

    def resolve(self, known: dict[str, SqlMigration]) -> None:
        """Finds the migrations named by ``depends:``: those of its own project go without their prefix."""
        self.depends_on = [
            f"{self.prefix}{name}" if f"{self.prefix}{name}" in known else name for name in self.depends_on
        ]
        unknown = [name for name in self.depends_on if name not in known]
        if unknown:
            raise FileProblem(
                f"{self.file.path} depends on {', '.join(unknown)}, which does not exist",
                hint="Correct its line -- depends:",
            )
        self._depends = {known[name] for name in self.depends_on}


class Bookkeeper(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """yoyo's tables, over the runner's own connection."""

    def __init__(self, connection: db.Connection) -> None:
        self._given = connection
        super().__init__(DatabaseURI("postgresql+psycopg", None, None, None, None, None, {}), "_yoyo_migration")

    def connect(self, dburi: object) -> db.Connection:
        return self._given

    def quote_identifier(self, s: str) -> str:
        """yoyo quotes every name by this; its tables get their schema, so no search path is needed."""
        quoted: str = super().quote_identifier(s)
        tables = {self.migration_table, self.log_table, self.version_table, self.lock_table}
        return f'"deploy".{quoted}' if s in tables else quoted

    def list_tables(self, **_: Any) -> list[str]:
        return [row.table_name for row in db.fetch(self._given, "bookkeeping_tables")]

    @contextmanager
    def lock(self, timeout: float = 10) -> Iterator[None]:
        """Not a row, which outlives a killed process: the runner holds an advisory lock already."""
        yield

    def get_log_data(self, migration: Migration | None = None, operation: str = "apply") -> dict[str, Any]:
        """yoyo asks the name server for this host, and needs an entry for the user; neither may be there."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):
            user = str(os.geteuid())
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration.id if migration else None,
            "migration_hash": migration.hash if migration else None,
            "username": user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }

    def note(self, migration: SqlMigration, operation: str) -> None:
        """Enters (``apply``) or removes (``rollback``) a migration; part of the caller's transaction."""
        self.log_migration(migration, operation)
        if operation == "apply":
            self.mark_one(migration, log=False)
        else:
            self.unmark_one(migration, log=False)


def read(project: Project | None = None) -> list[SqlMigration]:
    """All migrations of a project, each after what it depends on.

    Errors: FileProblem for an unreadable file, two of one name, an unknown ``depends:`` or a circle of them.
    """
    project = project or current()
    known: dict[str, SqlMigration] = {}
    for place in project.places("migrations"):
        if place.location.name.endswith(".rollback.sql"):
            continue
        down = place.location.with_name(f"{place.location.stem}.rollback.sql")
        migration = SqlMigration(
            files.read(place.location, place.base),
            files.read(down, place.base) if down.exists() else None,
            f"{project.name}/" if project.own and place.base == project.own and project.name else "",
        )
        other = known.setdefault(migration.id, migration)
        if other is not migration:
            raise FileProblem(
                f"{other.file.path} and {migration.file.path} have one name", hint="Give one of them another."
            )
    for migration in known.values():
        migration.load()
        migration.resolve(known)
    try:
        return list(MigrationList(topological_sort(known.values())))
    except CycleError as error:
        circle = ", ".join(migration.id for migration in error.args[1])
        raise FileProblem("the migrations depend on each other in a circle", detail=circle) from None
