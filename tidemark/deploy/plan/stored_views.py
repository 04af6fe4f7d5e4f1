"""What ``tidemark plan`` tells of stored views: which run wider than they need, and which may answer differently."""

from __future__ import annotations

from dataclasses import dataclass

from tidemark import db
from tidemark.derive import narrower


@dataclass(frozen=True)
class EveryKey:
    """A source whose every change concerns every key of a stored view; ``narrower``: what would change that.

    ``is_pending``: a file of the view, or of its live view, is among those that apply would run.
    """

    view: str
    source: str
    reason: str
    narrower: str | None
    is_pending: bool


@dataclass(frozen=True)
class ByTime:
    """A stored view that the clock makes recompute everything, although it has a due column.

    ``reason``: the construct by which time alone may bring rows; ``often``: each new day, or within its target lag.
    """

    view: str
    reason: str
    often: str
    narrower: str
    is_pending: bool


@dataclass(frozen=True)
class Unsteady:
    """What a pending stored view may answer differently for the same rows; ``remedy``: how to get one answer."""

    view: str
    part: str
    place: str
    remedy: str


def every_key(connection: db.Connection, to_run: set[str]) -> list[EveryKey]:
    """As the mappings in the database stand; what a pending file changes about them is told by the next plan."""
    if not db.value(connection, "takes_derived"):
        return []
    return [
        EveryKey(
            row.view_name,
            row.source_name,
            row.map_reason or "no narrower rule is known",
            narrower.remedy(row.map_reason),
            is_pending=bool({row.view_name, row.live_name} & to_run),
        )
        for row in db.fetch(connection, "plan_every_key")
    ]


def by_time(connection: db.Connection, to_run: set[str]) -> list[ByTime]:
    if not db.value(connection, "takes_clock_gaps"):
        return []
    return [
        ByTime(
            row.view_name,
            row.clock_gap,
            "each new day" if row.clock_use == "day" else "within its target lag",
            narrower.by_time(row.clock_gap),
            is_pending=bool({row.view_name, row.live_name} & to_run),
        )
        for row in db.fetch(connection, "plan_by_time")
    ]


def unsteady(connection: db.Connection, to_run: set[str]) -> list[Unsteady]:
    """Only of views that are pending: to look into all takes a while."""
    if not db.value(connection, "tells_unsteady"):
        return []
    rows = db.fetch(connection, "plan_unsteady", names=sorted(to_run))
    return [Unsteady(row.view_name, row.part, row.place, row.remedy) for row in rows]
