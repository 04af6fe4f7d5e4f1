"""Follows a room of events. Order and rights are decided in schema events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.errors import StateProblem, UsageProblem

# A message wakes the reader; what it reads are the events themselves. This is for messages that a proxy swallowed.
LOOK_SECONDS = 30.0


@dataclass
class Place:
    """Who reads which room, and the last event that was read: None, when only new ones are asked for."""

    family: str
    room: str
    actor: str | None
    after: int | None


def family_of(connection: db.Connection, family: str | None) -> str:
    """The family that is meant: the one named, otherwise the only one there is.

    Errors: StateProblem before apply; UsageProblem when there are several, or none.
    """
    if not db.value(connection, "has_events"):
        raise StateProblem("this database has no events yet", hint="tidemark apply brings them.")
    if family is not None:
        return family
    known = [row.family for row in db.fetch(connection, "event_families")]
    if len(known) == 1:
        return str(known[0])
    raise UsageProblem(
        "the family of the room is not said",
        detail=f"There are {', '.join(known) or 'none'}.",
        hint="Name it: --family NAME.",
    )


def follow(connection: db.Connection, place: Place, seconds: float = LOOK_SECONDS) -> Iterator[Any]:
    """Events of the room after ``place.after``, one by one and without end; None when there was none for a while.

    ``place.after`` moves along, so who calls this again with a new connection misses none and gets none twice.

    Errors: CannotConnect when the connection is lost; DatabaseRefused for a closed room or an event that is not kept.
    """
    db.listen(connection, f"{place.family}_{place.room}".translate(_LOWER))
    if place.after is None:
        newest = _since(connection, place)
        place.after = newest[-1].event_id if newest else 0
    while True:
        found = _since(connection, place)
        for event in found:
            place.after = event.event_id
            yield event
        if not found and not db.was_told(connection, seconds):
            yield None


# As the database does it: letters of ASCII alone.
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _since(connection: db.Connection, place: Place) -> list[Any]:
    return db.fetch(
        connection, "events_since", family=place.family, room=place.room, actor=place.actor, after=place.after
    )
