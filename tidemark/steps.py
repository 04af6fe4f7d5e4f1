"""How work modules tell what they do: they yield steps and print nothing; the caller shows them or not."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """One thing that begins now. ``done`` of ``total`` things of its kind are behind it, if that is known."""

    text: str
    done: int | None = None
    total: int | None = None
    is_warning: bool = False


# Yields steps, returns a T: take the result with ``yield from`` or ``finish()``.
Steps = Generator[Step, None, T]


def finish(steps: Steps[T]) -> T:
    """Runs to the end, ignores the steps and gives the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
