"""The words for what a statement does to a relation: which lock, which work, what is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from tidemark.deploy.statements.losses import PossibleLoss
from tidemark.deploy.statements.relations import Known


class Lock(IntEnum):
    """PostgreSQL's table locks, weakest first. Source: PostgreSQL manual, "Explicit Locking"."""

    NONE = 0
    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    @property
    def words(self) -> str:
        return self.name.replace("_", " ") if self else "no lock"

    def conflicts_with(self, other: Lock) -> bool:
        """True when one session waits for the other. Source: the table of the same page."""
        return other in _CONFLICTS[self]

    @property
    def blocks_reads(self) -> bool:
        return self is Lock.ACCESS_EXCLUSIVE

    @property
    def blocks_writes(self) -> bool:
        return self >= Lock.SHARE


_CONFLICTS = {
    Lock.NONE: set(),
    Lock.ACCESS_SHARE: {Lock.ACCESS_EXCLUSIVE},
    Lock.ROW_SHARE: {Lock.EXCLUSIVE, Lock.ACCESS_EXCLUSIVE},
    Lock.ROW_EXCLUSIVE: {lock for lock in Lock if lock >= Lock.SHARE},
    Lock.SHARE_UPDATE_EXCLUSIVE: {lock for lock in Lock if lock >= Lock.SHARE_UPDATE_EXCLUSIVE},
    Lock.SHARE: {lock for lock in Lock if lock >= Lock.ROW_EXCLUSIVE} - {Lock.SHARE},
    Lock.SHARE_ROW_EXCLUSIVE: {lock for lock in Lock if lock >= Lock.ROW_EXCLUSIVE},
    Lock.EXCLUSIVE: {lock for lock in Lock if lock >= Lock.ROW_SHARE},
    Lock.ACCESS_EXCLUSIVE: {lock for lock in Lock if lock},
}


class Work(IntEnum):
    """What has to be read or written while the lock is held, cheapest first."""

    NONE = 0
    ROWS = 1  # the rows that the statement names
    SCAN = 2
    BUILD = 3  # an index
    REWRITE = 4

    @property
    def words(self) -> str:
        return ("", "rows are written", "scanned whole", "read whole for an index", "rewritten whole")[self]


@dataclass(frozen=True)
class Touch:
    """What a statement does to one relation."""

    relation: str
    lock: Lock
    work: Work = Work.NONE


@dataclass(frozen=True)
class Refusal:
    """Why PostgreSQL will not run a statement, and what to write instead."""

    because: str
    instead: str


@dataclass(frozen=True)
class Effect:
    """What a statement does. ``kind`` in words; ``makes``: new relations; ``lost``: what is gone afterwards.

    ``empties``: relations whose rows are lost, as far as they have any. ``unknown``: why the rest cannot be told.
    ``is_concurrent``: it works in several transactions and keeps nobody waiting.
    """

    kind: str
    touches: tuple[Touch, ...] = ()
    makes: tuple[str, ...] = ()
    lost: str | None = None
    empties: tuple[str, ...] = ()
    unknown: str | None = None
    is_concurrent: bool = False
    columns: tuple[tuple[str, str], ...] = ()  # dropped or retyped: relation and column
    drops: tuple[str, ...] = ()
    renames: tuple[str, str] | None = None  # a relation: its old and its new name
    losses: tuple[PossibleLoss, ...] = ()  # rows and values that it may take away
    changes: tuple[tuple[str, str], ...] = ()  # what it drops or alters: kind (schema or object) and name
    refused: Refusal | None = None  # wherever it runs
    is_outside: bool = False  # it cannot run inside a transaction
    adds: tuple[str, str] | None = None  # a type, as written, and the value that an enum gets


def merged(touches: Iterable[Touch]) -> tuple[Touch, ...]:
    """One touch a relation: the strongest lock and the most work of all."""
    found: dict[str, Touch] = {}
    for touch in touches:
        other = found.get(touch.relation, touch)
        found[touch.relation] = Touch(touch.relation, max(touch.lock, other.lock), max(touch.work, other.work))
    return tuple(found.values())


def family(known: Known, relation: str, lock: Lock, work: Work = Work.NONE) -> list[Touch]:
    """A relation with its partitions and inheriting tables. A partitioned table holds no row itself."""
    here = known.relation(relation)
    own = Work.NONE if here and here.kind == "partitioned table" else work
    return [Touch(relation, lock, own), *(Touch(name, lock, work) for name in (here.parts if here else ()))]
