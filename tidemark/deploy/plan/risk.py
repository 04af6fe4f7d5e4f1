"""How much a statement can hurt, in one word and in a sentence: lock, work and size together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from tidemark.deploy.plan.usage import Facts
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, Work
from tidemark.deploy.statements.relations import Known, Relation

MEGABYTE = 1024 * 1024
# Reading or writing so much takes well under a second, or minutes, on usual storage.
SMALL = 10 * MEGABYTE
LARGE = 1024 * MEGABYTE
LINGERING_SECONDS = 5


class Level(IntEnum):
    """From harmless to not at noon."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Risk:
    """A level and its reason."""

    level: Level
    reason: str


def of(effect: Effect, facts: Facts, made: set[str]) -> Risk:
    """The greatest risk of a statement. ``made``: relations that do not exist yet, so nobody uses them."""
    found = [
        risk
        for touch in effect.touches
        if touch.relation not in made
        for risk in (_of_touch(touch, effect, facts.known), _of_sessions(touch, facts))
        if risk
    ]
    found += [risk for risk in (_of_loss(effect, facts.known, made), _of_unknown(effect)) if risk]
    if not found:
        return Risk(Level.NONE, "touches nothing that is in use")
    return max(found, key=lambda risk: risk.level)


def is_long(effect: Effect, facts: Facts, made: set[str]) -> bool:
    """True when a statement reads or writes more than a moment's worth."""
    sizes = [
        here.size_bytes
        for touch in effect.touches
        if touch.work >= Work.SCAN and touch.relation not in made and (here := facts.known.relation(touch.relation))
    ]
    return any(size >= SMALL for size in sizes)


def holds_up(effect: Effect, facts: Facts, made: set[str]) -> list[str]:
    """Relations on which others wait until the transaction of the statement ends."""
    held = [touch.relation for touch in effect.touches if touch.lock.blocks_writes and touch.relation not in made]
    return [name for name in held if facts.known.relation(name)]


def _of_touch(touch: Touch, effect: Effect, known: Known) -> Risk:
    here = known.relation(touch.relation)
    if here is None:
        return Risk(Level.LOW, f"{touch.relation} is not in this database yet, so nothing is known of its size")
    size, name = here.size_bytes, touch.relation
    if touch.lock is Lock.ROW_EXCLUSIVE and touch.work is Work.SCAN:  # UPDATE or DELETE of every row
        level = Level.HIGH if size >= LARGE else Level.MEDIUM if size >= SMALL else Level.LOW
        return Risk(
            level, f"every row of {name} ({bytes_in_words(size)}) stays locked for writers until the file ends"
        )
    if effect.is_concurrent or not touch.lock.blocks_writes:
        if touch.work >= Work.SCAN and size >= SMALL:
            return Risk(Level.LOW, f"takes its time on {name} ({bytes_in_words(size)}) but keeps nobody waiting")
        return Risk(Level.NONE, "keeps nobody from reading or writing")
    who = "nobody can read or write" if touch.lock.blocks_reads else "nobody can write"
    if touch.work < Work.SCAN:
        return Risk(Level.LOW, f"{who} {name} until the file is through; no row is looked at")
    if size < SMALL:
        return Risk(Level.LOW, f"{who} {name} while it is {touch.work.words}, but it is small")
    # Readers wait as well: one size earlier.
    is_high = size >= (LARGE // 10 if touch.lock.blocks_reads else LARGE)
    level = Level.HIGH if is_high else Level.MEDIUM
    return Risk(level, f"{who} {name} while its {bytes_in_words(size)} are {touch.work.words}")


def _of_sessions(touch: Touch, facts: Facts) -> Risk | None:
    """Somebody who has been in the way for a while will probably still be there."""
    for session in facts.sessions.get(touch.relation, []):
        if session.age_seconds >= LINGERING_SECONDS and touch.lock.conflicts_with(session.lock):
            who = f"pid {session.pid} ({session.role}, {session.application or 'unnamed program'})"
            return Risk(
                Level.MEDIUM,
                f"waits for {who}, whose transaction has held {touch.relation} for {session.age_seconds} s",
            )
    return None


def _of_loss(effect: Effect, known: Known, made: set[str]) -> Risk | None:
    if effect.lost is None:
        return None
    names = effect.empties or tuple(touch.relation for touch in effect.touches)  # a column: of what is altered
    existing = [here for name in names if name not in made and (here := known.relation(name))]
    if not existing:
        return None
    rows = sum(here.rows for here in existing)
    if not rows and all(here.size_bytes < MEGABYTE for here in existing):
        return Risk(Level.LOW, f"loses {effect.lost} for good; no rows are known there")
    if not effect.empties:
        return Risk(Level.MEDIUM, f"loses {effect.lost} for good")
    counted = f"about {rows:,} rows" if rows else f"rows that were never counted, {_sizes(existing)}"
    return Risk(Level.HIGH, f"loses {effect.lost} for good: {counted}")


def _sizes(relations: list[Relation]) -> str:
    return bytes_in_words(sum(here.size_bytes for here in relations))


def _of_unknown(effect: Effect) -> Risk | None:
    """What is not known may lose rows and keep others waiting."""
    return Risk(Level.MEDIUM, effect.unknown) if effect.unknown else None


def bytes_in_words(size: int) -> str:
    """1536 is 1.5 kB."""
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TB"
