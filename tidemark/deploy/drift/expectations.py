"""Keeps the record of what the catalogue should say, around each apply and rollback.

A deployment vouches for its own work only. What differed before is remembered in the database while it runs, so that
it is not taken for the runner's doing, also when the runner is killed and another one finishes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tidemark import db
from tidemark.config import Settings
from tidemark.deploy.drift import catalog, comparison, engine_objects
from tidemark.deploy.drift.catalog import FACTS_ALGORITHM, Item
from tidemark.deploy.drift.comparison import Difference, item_of
from tidemark.deploy.pending.bookkeeping import SqlMigration
from tidemark.deploy.statements import parse
from tidemark.deploy.waiting import retry
from tidemark.errors import TidemarkError
from tidemark.steps import Steps

T = TypeVar("T")
R = TypeVar("R")

# A file that runs again sets all else of what it holds; it grants, but takes no right away.
NOT_SET_BY_FILES = {"owner", "rights"}


@dataclass(frozen=True)
class Known:
    """What differed before the deployment: how, the object as expected, and the facts that were found."""

    kind: str
    item: Item
    found: dict[str, Any]


@dataclass
class Deployment:
    """One apply or rollback. ``ran``: the caller adds the paths of re-runnable files that ran to their end."""

    before: set[str]  # addresses
    known: dict[str, Known]
    ran: set[str] = field(default_factory=set)


def recorded(
    connection: db.Connection,
    settings: Settings,
    migrations: list[SqlMigration],
    work: Callable[[Deployment], Steps[T]],
) -> Steps[T]:
    """Does the work of an apply or rollback: what is there at its end, also when it failed, is what should be there.

    The caller holds the runner's lock; the runner's tables exist.
    """

    def patiently(attempt: Callable[[], R]) -> Steps[R]:
        what = "the record of the catalogue"
        return retry.retried(connection, settings, what, lambda: retry.plainly(attempt))

    deployment = yield from patiently(lambda: _begin(connection))
    try:
        result = yield from work(deployment)
    except BaseException:
        # What came before the failure stays. Without a connection the record stays open, and the next run closes it.
        if not connection.closed and db.is_idle(connection):
            with suppress(TidemarkError):  # the failure itself is what the caller must hear of
                _end(connection, deployment, migrations)
        raise
    yield from patiently(lambda: _end(connection, deployment, migrations))
    return result


def accept(connection: db.Connection, chosen: list[Difference]) -> None:
    """Takes differences as right: from now on they are what should be."""
    actual = engine_objects.settled(connection, catalog.read(connection), engine_objects.registry(connection))
    record = comparison.read(connection)
    gone = {one.item.address for one in chosen if one.kind == "missing"}
    there = {one.item.address for one in chosen if one.kind != "missing"}
    items = record.items.values() if record else ()
    with db.transaction(connection):
        _forget(connection, [item for item in items if item.address in gone or gone.intersection(item.parents)])
        _write(connection, [_row(item) for item in actual.values() if there & {item.address, *item.parents}])


def _begin(connection: db.Connection) -> Deployment:
    if not db.value(connection, "has_expectations"):
        db.run(connection, "create_expectations")
    record = comparison.read(connection)
    stored = engine_objects.registry(connection)
    actual = engine_objects.settled(connection, catalog.read(connection), stored)
    if record and record.is_open:  # the last runner was killed: what it remembered counts
        rows = [row for row in db.fetch(connection, "expected_objects") if row.drift]
        return Deployment(
            set(actual), {item_of(row).address: Known(row.drift, item_of(row), row.found) for row in rows}
        )
    known = {}
    for one in comparison.compare(connection, record, actual, stored) if record else ():
        there = one.item if one.kind == "extra" else one.found
        known[one.item.address] = Known(one.kind, one.item, there.facts if there else {})
    with db.transaction(connection):
        _write(connection, [_row(one.item, one.kind, one.found) for one in known.values()])
        db.run(connection, "note_expectations", algorithm=FACTS_ALGORITHM, is_open=True)
    return Deployment(set(actual), known)


def _end(connection: db.Connection, deployment: Deployment, migrations: list[SqlMigration]) -> None:
    actual = engine_objects.settled(connection, catalog.read(connection), engine_objects.registry(connection))
    recorded_before = {item.address: item for item in map(item_of, db.fetch(connection, "expected_objects"))}
    expected = _expected(connection, deployment, migrations, actual, recorded_before)
    gone = [item for address, item in recorded_before.items() if address not in expected]
    changed = [
        item
        for address, item in expected.items()
        if recorded_before.get(address) != item or address in deployment.known
    ]
    with db.transaction(connection):
        _forget(connection, gone)
        _write(connection, [_row(item) for item in changed])
        db.run(connection, "note_expectations", algorithm=FACTS_ALGORITHM, is_open=False)
        if comparison.made_again(connection):
            db.run(connection, "forget_made_again")


def _expected(
    connection: db.Connection,
    deployment: Deployment,
    migrations: list[SqlMigration],
    actual: dict[str, Item],
    recorded_before: dict[str, Item],
) -> dict[str, Item]:
    """What should be in the database from now on."""
    held = comparison.held_by(connection)
    vouched = {address for address, path in held.items() if path in deployment.ran}
    applied = {row.migration_id for row in db.fetch(connection, "applied_migrations")}
    made = (parse.created_schemas(one.file) for one in migrations if one.id in applied)
    own = {f"SCHEMA {name}" for names in made for name in names}
    own |= {address for address, item in recorded_before.items() if item.kind == "SCHEMA"}
    expected: dict[str, Item] = {}
    for address, item in sorted(actual.items(), key=lambda pair: _depth(pair[1])):
        if known := deployment.known.get(address):
            if (merged := _merged(known, item, bool(vouched & {address, *item.parents}))) is not None:
                expected[address] = merged
        elif (
            address in recorded_before
            or address in held
            or address not in deployment.before
            or item.is_wide  # there from the first record on: one that came later by hand is known as extra
            or own & {address, f"SCHEMA {item.schema}"}
            or (item.parents and item.parents[0] in expected)
        ):
            expected[address] = item
    for address, known in deployment.known.items():
        if known.kind == "missing" and address not in actual:
            expected[address] = known.item
    return expected


def _merged(known: Known, item: Item, is_vouched: bool) -> Item | None:
    """What should be there of an object that differed before; None: nothing."""
    if known.kind == "missing":
        return item
    if known.kind == "extra":
        return None if item.facts == known.found and not is_vouched else item
    kept = {
        name: known.item.facts[name]
        for name, value in item.facts.items()
        if name in known.item.facts
        and value == known.found.get(name)
        and (name in NOT_SET_BY_FILES or not is_vouched)
    }
    return replace(item, facts=item.facts | kept)


def _depth(item: Item) -> int:
    """Schemas before relations before what belongs to them."""
    return 0 if item.kind == "SCHEMA" else 1 if item.parents and item.parents[0].startswith("SCHEMA ") else 2


def _row(item: Item, kind: str | None = None, found: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "identity": item.identity,
        "schema_name": item.schema,
        "parents": item.parents,
        "is_partition": item.is_partition,
        "facts": item.facts,
        "drift": kind,
        "found": found,
    }


def _write(connection: db.Connection, rows: list[dict[str, Any]]) -> None:
    db.run(connection, "expect_objects", objects=json.dumps(rows, ensure_ascii=False))


def _forget(connection: db.Connection, items: list[Item]) -> None:
    db.run(
        connection,
        "forget_expected",
        kinds=[item.kind for item in items],
        identities=[item.identity for item in items],
    )
