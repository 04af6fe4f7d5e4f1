"""Makes a failing history short: fewer sessions, no held runs, fewer steps, fewer rows; it must fail all the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tidemark.proof.stage import RUN, WRITERS, Stage, Step, played

T = TypeVar("T")


def shrunk(stage: Stage, rows: Sequence[str], steps: Sequence[Step], seconds: float) -> tuple[list[str], list[Step]]:
    """The shortest that was found in that time."""
    end = time.monotonic() + seconds

    def fails(some_rows: Sequence[str], some_steps: Sequence[Step]) -> bool:
        return time.monotonic() < end and played(stage, some_rows, some_steps) is not None

    best = list(steps)
    for simpler in (_of_one_session, _without_waiting):
        found = simpler(best)
        if found != best and fails(rows, found):
            best = found
    best = _fewer(best, lambda some: fails(rows, some))
    fewer_rows = _fewer(list(rows), lambda some: fails(some, best))
    return fewer_rows, _fewer(best, lambda some: fails(fewer_rows, some))


def _of_one_session(steps: Sequence[Step]) -> list[Step]:
    """Each change committed by itself, in one session."""
    found = []
    for step in steps:
        if step.text not in ("BEGIN", "COMMIT", "ROLLBACK"):
            who = WRITERS[0] if step.who in WRITERS else step.who
            found.append(Step(who, step.text, step.held, tuple(_of_one_session(step.meanwhile))))
    return found


def _without_waiting(steps: Sequence[Step]) -> list[Step]:
    """What happened during a run happens before it."""
    return [one for step in steps for one in ((*step.meanwhile, Step(RUN)) if step.held else (step,))]


def _fewer(items: list[T], fails: Callable[[list[T]], bool]) -> list[T]:
    """Parts are left out, halves first and single ones in the end, as long as the rest fails."""
    size = max(1, len(items) // 2)
    while items:
        place = 0
        is_shorter = False
        while place < len(items):
            rest = items[:place] + items[place + size :]
            if fails(rest):
                items, is_shorter = rest, True
            else:
                place += size
        if size == 1 and not is_shorter:
            break
        size = max(1, size // 2)
    return items
