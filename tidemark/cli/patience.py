"""Options of the commands that take locks: how long to wait, and for whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from tidemark import config
from tidemark.config import Settings
from tidemark.errors import UsageProblem

LockTimeout = Annotated[
    str | None,
    typer.Option(
        "--lock-timeout",
        metavar="DURATION",
        help="Longest wait of one statement for one lock, such as 500ms or 5s; stands above what files ask for. (2s)",
    ),
]
LockBudget = Annotated[
    str | None,
    typer.Option("--lock-budget", metavar="DURATION", help="Longest time of tries, such as 30s or 10m. (2m)"),
]
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Leave at once, with exit code 6, if another runner is at work.")
]


def patient(settings: Settings, lock_timeout: str | None, lock_budget: str | None, no_wait: bool) -> Settings:
    """The settings with what was asked for on the command line.

    Errors: UsageProblem for anything that is no duration, and for a timeout of zero.
    """
    timeout, budget = _seconds("--lock-timeout", lock_timeout), _seconds("--lock-budget", lock_budget)
    if timeout == 0:
        raise UsageProblem(
            "--lock-timeout cannot be zero",
            detail="PostgreSQL takes zero for a wait without end, which keeps everybody behind it waiting too.",
            hint="Give a short one, such as 100ms, or a long one, such as 1h.",
        )
    return replace(
        settings,
        lock_timeout_override_seconds=timeout or settings.lock_timeout_override_seconds,
        lock_budget_seconds=settings.lock_budget_seconds if budget is None else budget,
        runner_wait_seconds=0.0 if no_wait else settings.runner_wait_seconds,
    )


def _seconds(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    seconds = config.duration(text)
    if seconds is None:
        raise UsageProblem(
            f"{option} does not know the duration {text!r}",
            hint="Write a number and its unit: 500ms, 5s, 2m or 1h.",
        )
    return seconds
