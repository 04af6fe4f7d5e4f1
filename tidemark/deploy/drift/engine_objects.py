"""Takes out of the catalogue what the engine and the loader change rightly between two deployments.

A run re-points the public view of a stored view, hands its capture to a new storage and drops the old one; a bypass
re-points it too; a load has a table for its records while it lasts; a tick detaches partitions that are old. None of
that is drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tidemark import db
from tidemark.deploy.drift.catalog import Item

GENERATED = "the rows of its storage"
_STAGE = re.compile(r"\bload_data\.stage_\d+")
_STORAGE = re.compile(r"\brefresh_data\.")
# A column that an older storage does not have yet: NULL::numeric(12,2) AS name
_NOT_YET = re.compile(r'\(?NULL::(?:[^,()]|\([^)]*\))+?\)? AS ("(?:[^"]|"")+"|\w+)')


@dataclass(frozen=True)
class Storage:
    """What the engine's registry says about one stored view."""

    view: str
    live: str
    storage: str
    serving: str | None
    is_bypassed: bool

    @property
    def sources(self) -> set[str]:
        """The ends that its public view may rightly have now."""
        served = self.live if self.is_bypassed else self.serving
        return {f" FROM {served} source" if served else " WHERE false"}


def registry(connection: db.Connection) -> list[Storage]:
    """Every stored view; none where the engine is not installed."""
    if not db.value(connection, "has_stored_views"):
        return []
    rows = db.fetch(connection, "stored_storage")
    return [
        Storage(row.view_name, row.live_name, row.storage_name, row.serving_name, row.is_bypassed) for row in rows
    ]


def detached(connection: db.Connection) -> set[str]:
    """Addresses of the tables that were partitions and are kept no longer as such."""
    if not db.value(connection, "has_detached_partitions"):
        return set()
    return {f"TABLE {row.partition_name}" for row in db.fetch(connection, "detached_partitions")}


def settled(connection: db.Connection, items: dict[str, Item], stored: list[Storage]) -> dict[str, Item]:
    """The objects without records of running loads, and public views that read what the registry says by one word."""
    left = detached(connection)
    kept = {
        address: item
        for address, item in items.items()
        if not _is_stage(item) and not left.intersection((address, *item.parents))
    }
    columns: dict[str, list[Item]] = {}
    for item in kept.values():
        if item.kind == "COLUMN":
            columns.setdefault(item.parents[0], []).append(item)
    for view in stored:
        address = f"VIEW {view.view}"
        if address not in kept:
            continue
        own = sorted(columns.get(address, ()), key=lambda item: item.facts["position"])
        names = [item.identity.removeprefix(f"{view.view}.") for item in own]
        if _list_and_source(kept[address].facts["definition"], names) in view.sources:
            kept[address] = replace(kept[address], facts=kept[address].facts | {"definition": GENERATED})
        for item in own:  # comments that the engine took over from the live view, sooner or later
            live = kept.get(f"COLUMN {view.live}.{item.identity.removeprefix(f'{view.view}.')}")
            if live and item.facts["comment"] == live.facts["comment"]:
                kept[item.address] = replace(item, facts=item.facts | {"comment": None})
    return kept


def comes_and_goes(item: Item, stored: list[Storage], *, is_missing: bool) -> bool:
    """Whether an object may be there or not: partitions, retired storage, and the capture on storage."""
    if item.is_partition:
        return True
    on_storage = bool(_STORAGE.search(item.parents[0])) if item.parents else False
    current = {name for view in stored for name in (view.storage, view.serving) if name}
    if item.kind == "TRIGGER" and on_storage:
        served = {view.serving for view in stored}
        return not is_missing or not _belongs_to(item, served)
    if item.schema != "refresh_data" or not is_missing:
        return False
    if item.kind in ("TABLE", "MATERIALIZED VIEW"):
        is_storage = re.search(r"_\d+_\d+\"?$", item.identity) and not re.search(r"\.queue_\d+_\d+$", item.identity)
        return bool(is_storage) and item.identity not in current
    if item.kind == "FUNCTION" and (reader := re.match(r"refresh_data\.read_(\d+_\d+)\(", item.identity)):
        return not any(name.rstrip('"').endswith(f"_{reader[1]}") for name in current)
    return False


def _is_stage(item: Item) -> bool:
    names = (item.identity, *item.parents)
    return item.schema == "load_data" and any(_STAGE.search(name) for name in names)


def _list_and_source(definition: str, columns: Iterable[str]) -> str | None:
    """What stands behind the list of columns, if the list is the one that the engine writes."""
    text = " ".join(definition.split()).removesuffix(";")
    text = _NOT_YET.sub(r"\1", text).replace("source.", "")
    head = f"SELECT {', '.join(columns)}"
    return text.removeprefix(head) if text.startswith(head) else None


def _belongs_to(item: Item, relations: Iterable[str | None]) -> bool:
    return any(item.parents[0] == f"{word} {name}" for name in relations for word in ("TABLE", "MATERIALIZED VIEW"))
