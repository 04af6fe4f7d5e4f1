"""Replaces database objects by the text of their files, and drops what stands in the way: never by CASCADE."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import NamedTuple

from tidemark import db, parse
from tidemark.errors import DatabaseRefused
from tidemark.files import FINGERPRINT_ALGORITHM, SqlFile

# CREATE OR REPLACE was refused because the object has another shape or kind: it must be dropped first.
REPLACE_REFUSED = {"42P16", "42P13", "42809", "42710", "42P07"}


class Object(NamedTuple):
    """An object of a file: ``kind`` is view, routine, trigger or stored; ``identity`` as PostgreSQL writes it."""

    kind: str
    identity: str


class Address(NamedTuple):
    """Where the catalogue keeps an object."""

    classid: int
    objid: int


class Replacer:
    """Works inside the caller's transaction and remembers what it dropped."""

    def __init__(self, connection: db.Connection, ordered: list[SqlFile]) -> None:
        self.dropped: list[str] = []
        self.recreated: list[str] = []
        self._connection = connection
        self._by_path = {file.path: file for file in ordered}
        self._rights: list[tuple[str, str]] = []  # identity, statement
        self._objects: dict[str, set[Object]] = {}
        self._reload()

    def run(self, file: SqlFile) -> set[str]:
        """Runs one file and returns the paths that must run (again), because their objects had to be dropped.

        Errors: DatabaseRefused, with file and line.
        """
        affected: set[str] = set()
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
        now = self._existing(file)
        # A function whose arguments changed leaves its old form behind.
        stale = {item for item in self._objects.get(file.path, set()) - now if self._owner(item) == file.path}
        if stale:
            affected |= self.drop(stale, f"{file.path} no longer holds it")
        self._record(file, now)
        return affected - {file.path}

    def forget(self, path: str) -> None:
        """Drops the objects of a file that is gone. Everything that used them has been replaced before.

        Errors: DatabaseRefused when something still depends on one.
        """
        held = self._objects.get(path, set())
        if held:
            self.drop(held, f"{path} is gone", allow_dependents=False)
        db.run(self._connection, "forget_file", path=path)
        self._objects.pop(path, None)

    def clear(self, roots: list[Address], reason: str) -> set[str]:
        """Drops what files hold on top of the given objects, which stay; returns the paths to run afterwards."""
        return self._drop(roots, reason, keep_roots=True, allow_dependents=True)

    def drop(self, objects: set[Object], reason: str, *, allow_dependents: bool = True) -> set[str]:
        """Drops objects and, one by one before them, what depends on them; returns the paths of the dependents.

        Errors: DatabaseRefused naming the first dependent that no file holds.
        """
        addresses = self._addresses()
        roots = [addresses[item] for item in sorted(objects) if item in addresses]
        return self._drop(roots, reason, keep_roots=False, allow_dependents=allow_dependents)

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

    def _drop(self, roots: list[Address], reason: str, *, keep_roots: bool, allow_dependents: bool) -> set[str]:
        if not roots:
            return set()
        rows = db.fetch(
            self._connection,
            "dependents",
            classids=[root.classid for root in roots],
            objids=[root.objid for root in roots],
        )
        owners = {address: self._owner(item) for item, address in self._addresses().items()}
        graph: dict[Address, set[Address]] = {}
        facts = {}
        for row in rows:
            here = Address(row.classid, row.objid)
            facts[here] = row
            needs = graph.setdefault(here, set())
            if row.ref_objid is not None and (above := Address(row.ref_classid, row.ref_objid)) != here:
                needs.add(above)
        given = set(roots)
        doomed = [here for here in reversed(list(TopologicalSorter(graph).static_order())) if here in facts]
        if keep_roots:  # what no file holds is not ours to judge here: the server will say if it is in the way
            doomed = [here for here in doomed if here not in given and here in owners]
        # Types, indexes and the like go with their object.
        explicit = [here for here in doomed if not (facts[here].is_automatic and here not in owners)]
        for here in explicit:
            if here in given:
                continue
            if owners.get(here) is None or not allow_dependents:
                base = next(facts[root].description for root in roots)
                raise DatabaseRefused(
                    f"{facts[here].description} stands in the way: {reason}",
                    detail=f"It depends on {base}, and {self._held_by(owners.get(here))}.",
                    hint="Drop it or move it away yourself; the runner drops only what its files make again.",
                    sqlstate="2BP01",
                )
        self._remember_rights([here for here in explicit if here in owners])
        for here in explicit:
            if facts[here].is_automatic and here not in given:
                continue  # goes with the object below it, and its file makes it again
            if facts[here].drop_sql is None:
                raise DatabaseRefused(f"{facts[here].description} cannot be replaced: {reason}", sqlstate="2BP01")
            db.send(self._connection, facts[here].drop_sql, f"making way: {reason}")
            self.dropped.append(facts[here].description)
        return {path for here in explicit if here not in given and (path := owners.get(here)) in self._by_path}

    def _held_by(self, path: str | None) -> str:
        return f"is held by {path}" if path else "no file of this project holds it"

    def _remember_rights(self, addresses: list[Address]) -> None:
        at = {address: item for item, address in self._addresses().items()}
        items = [at[address] for address in addresses]
        rows = db.fetch(
            self._connection,
            "rights_on",
            views=[item.identity for item in items if item.kind == "view"],
            routines=[item.identity for item in items if item.kind == "routine"],
        )
        self._rights += [(row.identity, row.statement) for row in rows]

    # --- what files hold ----------------------------------------------------------------------------------

    def _reload(self) -> None:
        self._objects = {}
        for row in db.fetch(self._connection, "file_objects"):
            self._objects.setdefault(row.path, set()).add(Object(row.kind, row.identity))

    def _addresses(self) -> dict[Object, Address]:
        rows = db.fetch(self._connection, "file_objects")
        return {Object(row.kind, row.identity): Address(row.classid, row.objid) for row in rows if row.objid}

    def _owner(self, item: Object) -> str | None:
        return next((path for path, held in self._objects.items() if item in held), None)

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
        if item.kind == "stored":
            return name
        if item.kind == "routine":
            name = f"{name}({', '.join(item.arguments)})"
        identity: str | None = db.value(self._connection, f"find_{item.kind}", name=name, table=item.table)
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
