"""What an interrupted concurrent statement left behind: recognised from the catalogue, finished or taken away.

Before such a statement starts, the catalogue is asked what already bears its names (``marks``), and the answer is
kept. After an interruption only what is new since then, and is what the statement would have made, counts as its
work: an index of somebody else is never dropped, however much it looks the same.
"""

from __future__ import annotations

from typing import Any

from tidemark import db
from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.deploy.waiting.blockers import in_words
from tidemark.errors import Busy, DatabaseRefused

LOCK_NOT_AVAILABLE = "55P03"


class Concurrent:
    """One statement that commits on its way and so can be interrupted half done."""

    leaves_waste = True  # what an interruption leaves is in the way of others until it is removed

    def __init__(self, statement: Statement) -> None:
        self.left: list[str] = []  # what could not be removed, and why
        self._statement = statement
        self._node: Any = statement.node

    def marks(self, connection: db.Connection) -> list[str]:
        """What is there of its names now."""
        return [row.mark for row in self._rows(connection)]

    def settle(self, connection: db.Connection, before: list[str]) -> bool:
        """Repairs after an interruption; True when the work is done, False when the statement has to run again.

        ``before``: the marks when it was started. Errors: Busy when another session is at work there.
        """
        raise NotImplementedError

    def verify(self, connection: db.Connection) -> None:
        """Errors: DatabaseRefused when the server reported success and the work is not done."""

    def explain(self, error: DatabaseRefused) -> None:
        """Adds what is known about a failure."""

    def _rows(self, connection: db.Connection) -> list[Any]:
        raise NotImplementedError


class Build(Concurrent):
    """CREATE INDEX CONCURRENTLY: an index that is not valid stays behind."""

    def settle(self, connection: db.Connection, before: list[str]) -> bool:
        for row in self._rows(connection):
            if row.mark in before or not row.is_on_table or not self._is_like(connection, row.definition):
                continue
            if row.is_valid:
                return True
            _drop(connection, row)
        return False

    def verify(self, connection: db.Connection) -> None:
        if any(not row.is_valid for row in self._rows(connection)):
            raise DatabaseRefused(
                f"the index {self._node.idxname} exists and is not valid",
                detail="IF NOT EXISTS passed it over: an interrupted build of somebody else left it.",
                hint=f"Drop it (DROP INDEX CONCURRENTLY {self._node.idxname}) and run the command again.",
                sqlstate="55000",
            )

    def explain(self, error: DatabaseRefused) -> None:
        if error.sqlstate == "42P07" and error.hint is None:
            error.hint = (
                f"This file did not make it. Look at it with \\d {self._node.idxname}; if it is INVALID, somebody's "
                f"build was interrupted: DROP INDEX CONCURRENTLY {self._node.idxname}, then run the command again."
            )

    def _rows(self, connection: db.Connection) -> list[Any]:
        table = parse.name_of(self._node.relation)
        return db.fetch(connection, "relations_named", index=self._node.idxname, table=table)

    def _is_like(self, connection: db.Connection, definition: str | None) -> bool:
        """True if the index is what the statement makes: tried on an empty table of the same columns."""
        table = db.fetch(connection, "name_of_table", table=parse.name_of(self._node.relation))
        if definition is None or not table:
            return False
        try:
            with db.trial(connection):
                db.call_with_identifiers(connection, "make_twin", schema=table[0].nspname, table=table[0].relname)
                db.send(connection, parse.index_on(self._statement, "pg_temp.tidemark_twin"), "an index on a twin")
                made: str = db.value(connection, "twin_index")
        except DatabaseRefused:
            return False  # it cannot be told, so it is not ours
        return _without_table(made) == _without_table(definition)


class Drop(Concurrent):
    """DROP INDEX CONCURRENTLY: the index is there, perhaps no longer valid, or it is gone."""

    leaves_waste = False

    def settle(self, connection: db.Connection, before: list[str]) -> bool:
        return bool(before) and not db.fetch(connection, "still_there", marks=before)

    def _rows(self, connection: db.Connection) -> list[Any]:
        *schema, name = (part.sval for part in self._node.objects[0])
        index = ast.RangeVar(schemaname=schema[-1] if schema else None, relname=name)
        return db.fetch(connection, "index_oid", index=parse.name_of(index))


class Reindex(Concurrent):
    """REINDEX CONCURRENTLY: a new (_ccnew) or replaced (_ccold) index stays behind; it may simply run again."""

    def settle(self, connection: db.Connection, before: list[str]) -> bool:
        for row in self._rows(connection):
            if row.mark in before:
                continue
            try:
                _drop(connection, row)
            except DatabaseRefused as error:
                if error.sqlstate != db.MISSING_RIGHT or not row.is_toast:
                    raise
                # An owner may drop it, but only who may enter schema pg_toast can name it.
                self.left.append(
                    "an unfinished index of a TOAST table is left, as the login may not enter its schema: "
                    f"let a superuser run {row.drop_sql}, or GRANT USAGE ON SCHEMA pg_toast before the next time"
                )
        return False

    def _rows(self, connection: db.Connection) -> list[Any]:
        kinds = enums.ReindexObjectType
        kind = {kinds.REINDEX_OBJECT_INDEX: "index", kinds.REINDEX_OBJECT_TABLE: "table"}.get(self._node.kind)
        if kind:
            name = parse.name_of(self._node.relation)
        else:
            kind = "schema" if self._node.kind == kinds.REINDEX_OBJECT_SCHEMA else "database"
            name = parse.name_of(ast.RangeVar(relname=self._node.name or ""))
        return db.fetch(connection, "unfinished_reindex", kind=kind, name=name)


class Detach(Concurrent):
    """ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY: the partition stays half detached (pending)."""

    leaves_waste = False

    def settle(self, connection: db.Connection, before: list[str]) -> bool:
        now = self.marks(connection)
        if not now:
            return bool(before)
        if now[0].startswith("pending") and now[0] not in before:
            db.send(connection, parse.finalize(self._statement), "finishing a partition that is half detached")
            return True
        return False

    def _rows(self, connection: db.Connection) -> list[Any]:
        command = parse.detached(self._node)
        parent, partition = parse.name_of(self._node.relation), parse.name_of(command.def_.name)
        return db.fetch(connection, "partition_of", parent=parent, partition=partition)


def of(statement: Statement) -> Concurrent | None:
    """The kind of a concurrent statement; None for one that a transaction can hold, or that may simply run again."""
    node = statement.node
    if isinstance(node, ast.IndexStmt) and node.concurrent:
        return Build(statement)
    if isinstance(node, ast.DropStmt) and node.concurrent:
        return Drop(statement)
    if parse.is_concurrent_reindex(node):
        return Reindex(statement)
    if parse.detached(node) is not None:
        return Detach(statement)
    return None


def _drop(connection: db.Connection, row: Any) -> None:
    """Removes an unfinished index, unless a session is at work on its table: then it may be that session's."""
    others = db.fetch(connection, "at_work_on_table", table=row.table_oid)
    if others:
        raise Busy(
            "another session is at work on the table of an unfinished index",
            detail=f"In the way: {'; '.join(in_words(other) for other in others)}.",
            sqlstate=LOCK_NOT_AVAILABLE,
        )
    db.send(connection, row.drop_sql, "removing an unfinished index")


def _without_table(definition: str) -> tuple[bool, str]:
    """Unique or not, and all that stands behind the names of index and table."""
    return definition.startswith("CREATE UNIQUE "), definition.partition(" USING ")[2]
