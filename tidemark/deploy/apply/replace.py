"""Replaces database objects by the text of their files, and drops what stands in the way: never by CASCADE."""

from __future__ import annotations

from collections.abc import Collection
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from tidemark import db
from tidemark.deploy.statements import account, parse
from tidemark.errors import DatabaseRefused
from tidemark.files import FINGERPRINT_ALGORITHM, SqlFile, dependents

# CREATE OR REPLACE was refused because the object has another shape or kind: it must be dropped first.
REPLACE_REFUSED = {"42P16", "42P13", "42809", "42710", "42P07"}


class Object(NamedTuple):
    """An object of a file: ``kind`` as in ``parse.Declared``, ``identity`` as PostgreSQL writes it."""

    kind: str
    identity: str


class Address(NamedTuple):
    """Where the catalogue keeps an object."""

    classid: int
    objid: int


def roots_of(connection: db.Connection, file: SqlFile) -> list[Address]:
    """The objects that a migration drops or alters."""
    return [
        Address(row.classid, row.objid)
        for kind, name in account.changed(parse.statements(file))
        for row in db.fetch(connection, f"address_of_{kind}", name=name)
    ]


def keep_text(connection: db.Connection, file: SqlFile) -> None:
    """Writes the statements of an applied file into the database, from where SQL alone can run them again."""
    found = parse.statements(file)
    db.run(connection, "forget_statements", path=file.path)
    db.run(
        connection,
        "record_statements",
        path=file.path,
        lines=[statement.line for statement in found],
        texts=[statement.text for statement in found],
    )


class Replacer:
    """Works inside the caller's transaction and remembers what it dropped."""

    def __init__(self, connection: db.Connection, ordered: list[SqlFile]) -> None:
        self.dropped: list[str] = []
        self.recreated: list[str] = []
        self._connection = connection
        self._by_path = {file.path: file for file in ordered}
        self._position = {file.path: number for number, file in enumerate(ordered)}
        self._rights: list[tuple[str, str]] = []  # identity, statement
        self._objects: dict[str, set[Object]] = {}
        self._reload()

    def run(self, file: SqlFile) -> set[str]:
        """Runs one file and returns the paths that must run (again), because their objects had to be dropped.

        Errors: DatabaseRefused, with file and line.
        """
        affected: set[str] = set()
        # A function whose arguments changed must go first: beside its old form the name would be ambiguous.
        stale = {
            item
            for item in self._objects.get(file.path, set()) - self._existing(file)
            if self._owner(item) == file.path
        }
        if stale:
            affected |= self.drop(stale, f"{file.path} no longer holds it")
        try:
            with db.transaction(self._connection):
                db.send(self._connection, file.text, file.path)
        except DatabaseRefused as error:
            held = self._objects.get(file.path, set()) | self._existing(file)
            if error.sqlstate not in REPLACE_REFUSED or not held:
                raise
            affected |= self.drop(held, f"{file.path} changes its shape")
            self.recreated.append(file.path)
            db.send(self._connection, file.text, file.path)
        self._record(file, self._existing(file))
        return affected - {file.path}

    def forget(self, path: str) -> None:
        """Drops the objects of a file that is gone. Everything that used them has been replaced before.

        Errors: DatabaseRefused when something still depends on one.
        """
        held = self._objects.get(path, set())
        if held:
            self._drop(self._roots(held), f"{path} is gone", allow_dependents=False, for_good=True)
        db.run(self._connection, "forget_file", path=path)
        self._objects.pop(path, None)

    def drop(self, objects: set[Object], reason: str) -> set[str]:
        """Drops objects and, one by one before them, what depends on them; returns the paths of the dependents.

        Errors: DatabaseRefused naming the first dependent that no file holds.
        """
        return self._drop(self._roots(objects), reason)

    def clear(self, roots: list[Address], reason: str, *, for_good: bool) -> set[str]:
        """Drops what files hold on top of the given objects, which stay; returns the paths.

        ``for_good``: the files will not run again, so the stored views that need what is dropped go first.
        """
        if not for_good:
            return self._drop(roots, reason, keep_roots=True)
        affected = self.users(roots)
        held = {item for path in affected for item in self._objects.get(path, ())}
        # A trigger that code made is in no file, but it goes with what the migration takes back.
        facts = self._graph(roots)[0] if roots else {}
        along = {here for here, row in facts.items() if row.is_automatic or row.is_hung}
        return affected | self._drop(self._roots(held), reason, for_good=True, along=along)

    def standing_on(self, path: str) -> set[str]:
        """Paths of the files whose objects would have to go if those of this file did. Changes nothing."""
        return self.above(self._roots(self._objects.get(path, set()))) - {path}

    def above(self, roots: list[Address]) -> set[str]:
        """Paths of the files whose objects depend on the given ones or are among them. Changes nothing."""
        owners = self._owners()
        return {owners[here][0] for here in self._graph(roots)[1] if here in owners} if roots else set()

    def held(self, path: str) -> list[Object]:
        """The objects of a file that was applied."""
        return sorted(self._objects.get(path, set()))

    def users(self, roots: list[Address]) -> set[str]:
        """Paths of the files whose objects stand on the given ones. Changes nothing."""
        owners = self._owners()
        affected = {owners[here][0] for here in self._graph(roots)[0] if here in owners}
        # The catalogue does not tie a stored view to its live twin; the files do.
        return affected | {path for path in self._above(affected) if self._is_stored(path)}

    def restore_rights(self) -> None:
        """Gives recreated objects the owners and rights that they had before."""
        if not self._rights:
            return
        identities = sorted({identity for identity, _ in self._rights})
        rows = db.fetch(
            self._connection,
            "existing",
            views=[name for name in identities if not name.endswith(")")],
            routines=[name for name in identities if name.endswith(")")],
        )
        alive = {row.identity for row in rows}
        for identity, statement in self._rights:
            if identity in alive:
                db.send(self._connection, statement, f"rights on {identity}")

    # --- dropping -----------------------------------------------------------------------------------------

    def _drop(
        self,
        roots: list[Address],
        reason: str,
        *,
        keep_roots: bool = False,
        allow_dependents: bool = True,
        for_good: bool = False,
        along: Collection[Address] = (),
    ) -> set[str]:
        if not roots:
            return set()
        facts, doomed = self._graph(roots)
        owners = self._owners()
        given = set(roots)
        if keep_roots:  # what no file holds is not ours to judge here: the server will say if it is in the way
            doomed = [here for here in doomed if here not in given and (here in owners or facts[here].is_generated)]
        # Types, indexes and the like go with their object.
        explicit = [here for here in doomed if here in owners or here in given or not facts[here].is_automatic]
        if for_good:
            # The engine takes its own along. A stored view must go before its live twin, which only the files tell.
            explicit = [here for here in explicit if here in owners or not facts[here].is_generated]
            last = len(self._position)  # what goes along stands on what files hold
            unheld = dict.fromkeys(along, -last)
            explicit.sort(
                key=lambda here: -self._position.get(owners[here][0], 0) if here in owners else unheld.get(here, 0)
            )
        for here in explicit:
            if here not in owners and facts[here].is_generated:
                continue
            if here not in given and here not in along and (here not in owners or not allow_dependents):
                held = f"is held by {owners[here][0]}" if here in owners else "no file of this project holds it"
                raise DatabaseRefused(
                    f"{facts[here].description} stands in the way: {reason}",
                    detail=f"It depends on {facts[roots[0]].description}, and {held}.",
                    hint="Drop it or move it away yourself; the runner drops only what its files make again.",
                    sqlstate="2BP01",
                )
        self._remember_rights([owners[here][1] for here in explicit if here in owners])
        for here in explicit:
            kind = owners[here][1].kind if here in owners else ""
            if (facts[here].is_automatic and here not in given) or (for_good and kind == "stored_as_of"):
                continue  # goes with the object below it
            if for_good and kind == "stored":
                db.run(self._connection, "drop_stored", view=owners[here][1].identity)
            elif facts[here].drop_sql:
                db.send(self._connection, facts[here].drop_sql, f"making way: {reason}")
            else:
                raise DatabaseRefused(f"{facts[here].description} cannot be replaced: {reason}", sqlstate="2BP01")
            self.dropped.append(facts[here].description)
        return {owners[here][0] for here in explicit if here not in given and here in owners}

    def _graph(self, roots: list[Address]) -> tuple[dict[Address, Any], list[Address]]:
        """What depends on the roots: facts about each object, and all of them, dependents first."""
        rows = db.fetch(
            self._connection,
            "dependents",
            classids=[root.classid for root in roots],
            objids=[root.objid for root in roots],
        )
        facts: dict[Address, Any] = {}
        needs: dict[Address, set[Address]] = {}
        for row in rows:
            here = Address(row.classid, row.objid)
            facts[here] = row
            below = needs.setdefault(here, set())
            if row.ref_objid is not None:
                below.add(Address(row.ref_classid, row.ref_objid))
        order = [here for here in TopologicalSorter(needs).static_order() if here in facts]
        return facts, order[::-1]

    def _remember_rights(self, items: list[Object]) -> None:
        rows = db.fetch(
            self._connection,
            "rights_on",
            views=[item.identity for item in items if item.kind not in ("routine", "trigger")],
            routines=[item.identity for item in items if item.kind == "routine"],
        )
        self._rights += [(row.identity, row.statement) for row in rows]

    # --- what files hold ----------------------------------------------------------------------------------

    def _reload(self) -> None:
        self._objects = {}
        for row in db.fetch(self._connection, "file_objects"):
            self._objects.setdefault(row.path, set()).add(Object(row.kind, row.identity))

    def _owners(self) -> dict[Address, tuple[str, Object]]:
        rows = db.fetch(self._connection, "file_objects")
        return {
            Address(row.classid, row.objid): (row.path, Object(row.kind, row.identity)) for row in rows if row.objid
        }

    def _roots(self, objects: set[Object]) -> list[Address]:
        at = {item: address for address, (_, item) in self._owners().items()}
        return [at[item] for item in sorted(objects) if item in at]

    def _owner(self, item: Object) -> str | None:
        return next((path for path, held in self._objects.items() if item in held), None)

    def _above(self, paths: set[str]) -> set[str]:
        """Paths of the files that require one of the given ones, directly or not."""
        names = {self._by_path[path].name for path in paths if path in self._by_path}
        return {file.path for file in dependents(names, list(self._by_path.values()))}

    def _is_stored(self, path: str) -> bool:
        return any(item.kind == "stored" for item in self._objects.get(path, ()))

    def _existing(self, file: SqlFile) -> set[Object]:
        """The objects that the text declares, as far as they exist now."""
        found = set()
        for item in parse.declared(file):
            identity = self._identity(item)
            if identity:
                found.add(Object(item.kind, identity))
        return found

    def _identity(self, item: parse.Declared) -> str | None:
        name = f"{item.schema}.{item.name}" if item.schema else item.name
        if item.kind == "routine":
            name = f"{name}({', '.join(item.arguments)})"
        kind = item.kind if item.kind in ("routine", "trigger") else "view"
        identity: str | None = db.value(self._connection, f"find_{kind}", name=name, table=item.table)
        return identity

    def _record(self, file: SqlFile, held: set[Object]) -> None:
        db.run(
            self._connection,
            "record_file",
            path=file.path,
            name=file.name,
            fingerprint=file.fingerprint,
            algorithm=FINGERPRINT_ALGORITHM,
            requires=list(file.requires),
        )
        keep_text(self._connection, file)
        db.run(self._connection, "forget_objects", path=file.path)
        tables = {item.name: item.table for item in parse.declared(file) if item.kind == "trigger"}
        for item in sorted(held):
            name = item.identity.split(" on ")[0] if item.kind == "trigger" else item.identity
            db.run(
                self._connection,
                "record_object",
                path=file.path,
                kind=item.kind,
                identity=item.identity,
                object_name=name,
                table_name=tables.get(name),
            )
            for held_elsewhere in self._objects.values():
                held_elsewhere.discard(item)
        self._objects[file.path] = held
