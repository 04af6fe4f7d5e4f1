"""Finds every object of the database that is not what the files made of it.

The measure is a record of the catalogue that the runner writes at the end of each apply and rollback. What differed
before a deployment and was not touched by it goes on being reported: a deployment vouches for its own work only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tidemark import db
from tidemark.deploy.drift import catalog, engine_objects, same_meaning
from tidemark.deploy.drift.catalog import FACTS_ALGORITHM, Item
from tidemark.deploy.drift.engine_objects import Storage

# Not what files decide: versions of extensions belong to the server, positions of columns say nothing. Creation is
# said by the other facts.
NOT_COMPARED = {"version", "position", "creation"}
# All else of a partition follows the table that it belongs to.
OWN_OF_PARTITIONS = {"TABLE", "FOREIGN TABLE", "TRIGGER"}


@dataclass(frozen=True)
class Difference:
    """One object that is not as expected. ``facts``: by name, what is expected and what is there.

    ``kind``: ``missing``, ``extra`` or ``differs``.
    """

    kind: str
    item: Item  # as expected; of an extra object: as found
    found: Item | None = None
    facts: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What the catalogue should say. ``own``: schemas that the files made, in which nothing else may be."""

    items: dict[str, Item]
    own: set[str]
    algorithm: int
    is_open: bool  # a runner is at work, or was killed at it


def read(connection: db.Connection) -> Record | None:
    """The record; None when there is none yet."""
    if not db.value(connection, "has_expectations"):
        return None
    states = db.fetch(connection, "expected_state")
    if not states:
        return None
    rows = [row for row in db.fetch(connection, "expected_objects") if row.drift != "extra"]
    items = {item.address: item for item in map(item_of, rows)}
    own = {item.identity for item in items.values() if item.kind == "SCHEMA"}
    return Record(items, own, states[0].algorithm, states[0].is_open)


def is_current(connection: db.Connection) -> bool:
    """True when there is a complete record in the form of this release."""
    if not db.value(connection, "has_expectations"):
        return False
    states = db.fetch(connection, "expected_state")
    is_complete = bool(states) and states[0].algorithm == FACTS_ALGORITHM and not states[0].is_open
    return is_complete and not made_again(connection)


def differences(connection: db.Connection, record: Record) -> list[Difference]:
    """Every object that is not as expected, in the order of addresses. Changes nothing."""
    stored = engine_objects.registry(connection)
    return compare(connection, record, engine_objects.settled(connection, catalog.read(connection), stored), stored)


def compare(
    connection: db.Connection, record: Record, actual: dict[str, Item], stored: list[Storage]
) -> list[Difference]:
    """The same for a catalogue that was read already. What goes or comes with its parent is not told again."""
    expected = record.items
    again = made_again(connection)
    found = [
        Difference("missing", item)
        for address, item in expected.items()
        if address not in actual
        and not any(parent in expected and parent not in actual for parent in item.parents)
        and not engine_objects.comes_and_goes(item, stored, is_missing=True)
        and not (again and _is_generated(item))
    ]
    kinds = {item.kind for item in expected.values()} if record.algorithm != FACTS_ALGORITHM else None
    found += [
        Difference("extra", item)
        for address, item in actual.items()
        if address not in expected
        and (item.schema in record.own or item.is_wide or _belongs_to_ours(item, expected))
        and item.kind not in ("SCHEMA", "EXTENSION")
        and (kinds is None or item.kind in kinds)
        and not _comes_along(item, record, actual)
        and not engine_objects.comes_and_goes(item, stored, is_missing=False)
        and not _is_made_again(item, again)
    ]
    with same_meaning.reading(connection):
        changed = [
            Difference("differs", expected[address], item, facts)
            for address, item in actual.items()
            if address in expected
            and (not item.is_partition or item.kind in OWN_OF_PARTITIONS)
            and not _is_made_again(item, again)
            and (facts := _changed(connection, expected[address], item))
        ]
    replaced = {one.item.address for one in changed if one.item.kind == "VIEW" and "definition" in one.facts}
    # The columns of a view that was replaced are part of its definition.
    everything = [one for one in found + changed if one.item.kind != "COLUMN" or one.item.parents[0] not in replaced]
    return sorted(everything, key=lambda one: one.item.address)


def _belongs_to_ours(item: Item, expected: dict[str, Item]) -> bool:
    """A part of something that should be there; of what a publication names, also a part of the publication."""
    owners = item.parents if item.kind.startswith("PUBLICATION ") else item.parents[:1]
    return any(parent in expected for parent in owners)


def _comes_along(item: Item, record: Record, actual: dict[str, Item]) -> bool:
    """Whether something that is extra brought it. What others own is not told, so it hides no publication of it."""
    extra = [actual[parent] for parent in item.parents if parent in actual and parent not in record.items]
    if item.kind.startswith("PUBLICATION "):
        extra = [parent for parent in extra if parent.schema in record.own or parent.is_wide]
    return bool(extra)


def made_again(connection: db.Connection) -> set[str]:
    """Addresses of what deploy.come_back() or deploy.give_back() made since the last apply."""
    if not db.value(connection, "has_made_again"):
        return set()
    return {row.address for row in db.fetch(connection, "made_again")}


def _is_made_again(item: Item, again: set[str]) -> bool:
    """Whether an object is one of those, a part of one, or what the engine generated anew with them."""
    return bool(again) and (_is_generated(item) or bool(again & {item.address, *item.parents}))


def _is_generated(item: Item) -> bool:
    """Whether the engine made it: storage, queues, functions, and the capture on a source."""
    is_capture = item.kind == "TRIGGER" and item.identity.startswith("refresh_capture_")
    return is_capture or any("refresh_data." in name for name in (item.identity, *item.parents))


def _changed(connection: db.Connection, expected: Item, actual: Item) -> dict[str, tuple[Any, Any]]:
    """Facts that differ; one that is known on one side only comes from another release and says nothing."""
    names = (expected.facts.keys() & actual.facts.keys()) - NOT_COMPARED
    pairs = {name: (expected.facts[name], actual.facts[name]) for name in sorted(names)}
    if pairs.get("type", (None, None))[0] != pairs.get("type", (None, None))[1]:
        pairs.pop("storage", None)  # each type has its own
    return {
        name: (old, new)
        for name, (old, new) in pairs.items()
        if old != new
        and not (
            isinstance(old, str)
            and isinstance(new, str)
            and same_meaning.means_the_same(connection, expected, name, old, new)
        )
    }


def held_by(connection: db.Connection) -> dict[str, str]:
    """The file that holds each function, view and trigger, by address."""
    if not db.value(connection, "has_bookkeeping"):
        return {}
    words = {"routine": ("FUNCTION", "PROCEDURE", "AGGREGATE"), "trigger": ("TRIGGER",)}
    return {
        f"{word} {row.identity}": row.path
        for row in db.fetch(connection, "file_objects")
        for word in words.get(row.kind, ("VIEW",))
    }


def files_to_repair(connection: db.Connection) -> frozenset[str]:
    """Paths of the files that put back what they hold when they run again."""
    record = read(connection)
    held = held_by(connection)
    return frozenset(
        path
        for one in (differences(connection, record) if record else ())
        if one.kind == "differs" and one.facts.keys() - {"owner", "rights", "fires"}
        for path in (held.get(one.item.address), one.item.kind == "COLUMN" and held.get(one.item.parents[0]))
        if path
    )


def item_of(row: Any) -> Item:
    """An object of the record."""
    return Item(row.kind, row.identity, row.schema_name, tuple(row.parents), row.is_partition, row.facts)
