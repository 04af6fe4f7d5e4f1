"""Runs the golden cases of a domain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tidemark.config import Settings
from tidemark.golden import commerce, files, model_risk, scratch
from tidemark.golden.compare import Finding
from tidemark.golden.scratch import Scratch
from tidemark.steps import Steps

DOMAINS: dict[str, Callable[[Path, Scratch, str], Steps[list[Finding]]]] = {
    "model_risk": model_risk.check,
    "commerce": commerce.check,
}


def check(
    domain: str, directory: Path, settings: Settings, *, keep: bool = False, time_zone: str = "UTC"
) -> Steps[list[Finding]]:
    """Everything the checker finds in a directory, files first, then stored views.

    ``time_zone``: of the session; results must not depend on it.
    Errors: UsageProblem, FileProblem, CannotConnect, DatabaseRefused.
    """
    files.find(directory)  # a wrong directory is told before a database is made
    place = yield from scratch.prepare(settings, keep)
    with scratch.template(place, domain) as ready:
        yield from scratch.fill_template(ready)
        return (yield from DOMAINS[domain](directory, ready, time_zone))
