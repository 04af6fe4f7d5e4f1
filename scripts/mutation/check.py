"""What can notice a mutant: one check with what it reads, what it takes, and how a hang is told from slowness."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mutation.changes import Mutant

LEAST = 20.0  # seconds: on a busy machine anything may take that long
PATIENCE = 20  # times as long as without a change
AGAIN = 5  # times that, before it is called a hang
LONGEST = 90.0  # seconds without a change: slower ones are left out and told


class OutOfTime(Exception):
    """A check that did not end within its limit."""


@dataclass
class Check:
    """``names``: the objects it reads. ``run``: whether it notices, within so many seconds; None is no change.

    ``seconds``: what it takes without a change; None until that is measured.
    """

    label: str
    names: set[str]
    run: Callable[[Mutant | None, float], bool]
    cost: int = 0  # the cheap kinds come first
    seconds: float | None = None
    caught: dict[str, int] = field(default_factory=dict)  # mutants noticed, by object

    def measure(self) -> str | None:
        """Runs it without a change; why it cannot judge, or None."""
        started = time.monotonic()
        try:
            if self.run(None, LONGEST):
                return f"{self.label} fails without a change"
        except OutOfTime:
            return f"{self.label} takes more than {LONGEST:.0f} s"
        self.seconds = time.monotonic() - started
        return None

    def notices(self, mutant: Mutant) -> str | None:
        """What noticed the mutant. Only what does not end in a much longer time either is a hang."""
        limit = max(LEAST, PATIENCE * (self.seconds or 0.0))
        try:
            noticed = self.run(mutant, limit)
        except OutOfTime:
            try:
                noticed = self.run(mutant, AGAIN * limit)
            except OutOfTime:
                return f"{self.label} never ends"
        if noticed:
            self.caught[mutant.name] = self.caught.get(mutant.name, 0) + 1
        return self.label if noticed else None


def in_order(checks: list[Check], name: str, near: dict[str, int]) -> list[Check]:
    """The checks that concern an object: cheap kinds first, then what caught its mutants before, near before far."""

    def rank(check: Check) -> tuple[int, int, int, float]:
        steps = min(near[one] for one in check.names & near.keys())
        return check.cost, -check.caught.get(name, 0), steps, check.seconds or 0.0

    return sorted((check for check in checks if check.names & near.keys()), key=rank)
