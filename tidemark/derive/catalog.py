"""What has to be known of the database to derive the mappings of a stored view."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from tidemark import db
from tidemark.derive import mapping, presence
from tidemark.derive.mapping import Mapping
from tidemark.derive.tree import Schema


@dataclass(frozen=True)
class Stored:
    """A stored view as it is declared."""

    view_name: str
    live_name: str
    key: tuple[str, ...]
    sources: tuple[str, ...]


def declared(connection: db.Connection) -> list[Stored]:
    """Every stored view that is kept by key, with the sources that the engine found for it."""
    return [
        Stored(row.view_name, row.live_name, tuple(row.key_columns), tuple(row.sources))
        for row in db.fetch(connection, "derive_stored_views")
    ]


def hand_over(connection: db.Connection, only: str | None = None) -> None:
    """Derives the mappings of every stored view, or one, and gives them to the engine, in the caller's transaction.

    What was declared by hand stays. Without an engine there is nothing to do.
    """
    if not db.value(connection, "takes_derived"):
        return
    functions = _functions(connection)
    for stored in declared(connection):
        if only not in (None, stored.view_name):
            continue
        found = mappings(connection, stored, functions)
        db.value(
            connection,
            "take_derived",
            view=stored.view_name,
            mappings=json.dumps([asdict(one) for one in found]),
        )
    hand_over_gaps(connection, only)


def hand_over_gaps(connection: db.Connection, only: str | None = None) -> None:
    """Tells the engine of each stored view with a due column whether the clock decides which rows it has."""
    for row in db.fetch(connection, "derive_with_due"):
        if only not in (None, row.view_name):
            continue
        stored = Stored(row.view_name, row.live_name, tuple(row.key_columns), tuple(row.sources))
        db.value(connection, "take_clock_gap", view=stored.view_name, gap=clock_gap(connection, stored))


def clock_gap(connection: db.Connection, stored: Stored) -> str | None:
    """Why time alone may bring rows of a stored view; None: it cannot."""
    known = _functions(connection)
    schema, (columns, definition) = _schema(connection, stored, known)
    rows = db.fetch(connection, "derive_timeless", live=stored.live_name, safe=sorted(known.safe))
    functions = presence.Functions(
        timeless=frozenset(row.name for row in rows if row.is_timeless),
        sets=frozenset(row.name for row in rows if row.is_set),
        looked_for=frozenset(row.name for row in rows if row.is_looked_for),
    )
    return presence.gap(schema, functions, definition, columns, stored.key)


def mappings(connection: db.Connection, stored: Stored, functions: Functions | None = None) -> list[Mapping]:
    """The derived mapping of each source of a stored view."""
    schema, (columns, definition) = _schema(connection, stored, functions or _functions(connection))
    return mapping.derived(schema, definition, columns, stored.key, stored.sources)


def _schema(
    connection: db.Connection, stored: Stored, functions: Functions
) -> tuple[Schema, tuple[tuple[str, ...], str]]:
    """What the catalogue says, with columns and definition of the live view."""
    views = {
        row.view_name: (tuple(row.columns), row.definition)
        for row in db.fetch(connection, "derive_views", live=stored.live_name)
    }
    sources = list(stored.sources)
    schema = Schema(
        sources={
            row.source_name: tuple(row.columns) for row in db.fetch(connection, "derive_sources", sources=sources)
        },
        views=views,
        required=frozenset(
            (row.source_name, row.column_name) for row in db.fetch(connection, "derive_required", sources=sources)
        ),
        aggregates=functions.aggregates,
        safe=functions.safe,
        also={row.second_name: row.view_name for row in db.fetch(connection, "derive_second_names")},
    )
    return schema, views[stored.live_name]


@dataclass(frozen=True)
class Functions:
    """Names of aggregates, and of functions that are the same at any time."""

    aggregates: frozenset[str]
    safe: frozenset[str]


def _functions(connection: db.Connection) -> Functions:
    return Functions(
        frozenset(row.name for row in db.fetch(connection, "derive_aggregates")),
        frozenset(row.name for row in db.fetch(connection, "derive_safe_functions")),
    )
