"""One process that judges mutants, on databases of its own."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
from mutation import inside, outside, reach
from mutation.changes import Mutant
from mutation.check import Check, in_order

from tidemark import files, project
from tidemark.config import Settings
from tidemark.golden import spec
from tidemark.golden.scratch import Scratch

REFUSED = "refused"


@dataclass
class Verdict:
    """What became of a mutant. ``by``: what noticed it; None when nothing did; REFUSED when it is no valid SQL."""

    path: str
    name: str
    change: str
    where: str
    digest: str
    by: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """Where to judge. ``owner``: the connection string of the login that applies files; ``dsn``: a superuser's."""

    family: str
    names: tuple[str, ...]
    dsn: str
    owner: str
    template: str
    is_quick: bool = False


class Worker:
    """The checks of a family, made ready and measured when they are first needed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._open = ExitStack()
        self._place = Scratch(
            Settings(dsn=site.owner, dsn_source="scripts/mutate.py"), site.owner, False, site.template
        )
        self._known = reach.readers()
        wanted = {one for name in site.names for one in reach.distances(name, self._known)}
        family = spec.read(site.family)
        self._checks = inside.tap_files(self._open, self._place, site.dsn, wanted)
        self._checks += inside.queries(self._open, self._place, family, wanted)
        self._trial = self._open.enter_context(self._place.database(self._place.new_name("mutants")))
        if not site.is_quick:
            self._checks += outside.pytest_files(self._place, site.dsn, wanted)
            found = files.rerunnable(project.shipped())
            self._checks += outside.whole_cases(self._place, site.dsn, family, found)
        self.notes: list[str] = []

    def close(self) -> None:
        self._open.close()

    def judge(self, mutant: Mutant) -> Verdict:
        return Verdict(
            mutant.path, mutant.name, mutant.change, mutant.where, mutant.digest, self._by(mutant), tuple(self.notes)
        )

    def _by(self, mutant: Mutant) -> str | None:
        try:
            with inside.trial(self._trial, mutant, 60.0):
                pass
        except psycopg.Error:
            return REFUSED
        near = reach.distances(mutant.name, self._known)
        for check in in_order(self._checks, mutant.name, near):
            if self._is_fit(check) and (by := check.notices(mutant)):
                return by
        return None

    def _is_fit(self, check: Check) -> bool:
        if check.seconds is None and (why := check.measure()):
            self.notes.append(f"left out: {why}")
            self._checks.remove(check)
            return False
        return True


_worker: dict[str, Worker] = {}


def start(site: Site) -> None:
    _worker["one"] = Worker(site)


def stop() -> None:
    _worker.pop("one").close()


def judge(mutant: Mutant) -> Verdict:
    return _worker["one"].judge(mutant)
