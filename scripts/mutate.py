#!/usr/bin/env python3
"""Changes one thing at a time in the SQL of a family, and tells which changes nobody notices: see ``--help``."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from console import Answer, Parser, run  # first: it finds the package of this checkout
from mutation import worker
from mutation.changes import Mutant, mutants
from mutation.outside import drop_databases
from mutation.worker import REFUSED, Site, Verdict

from tests import conftest
from tidemark import config, db, project
from tidemark.deploy.apply import deployment
from tidemark.errors import ExitCode, UsageProblem
from tidemark.golden import spec
from tidemark.steps import Step, Steps, finish

TEACHING = """
Each mutant is one change of one rule, live view or report: an edge of a comparison, a constant, AND for OR, NULL
handling, a kind of join, a sort order, a branch of CASE. It is noticed when a check that concerns the object, or
something that reads it, fails with it. Cheap checks come first: pgTAP files and golden queries in a transaction that
is taken back, then files of tests in Python, then golden cases with all their steps where these use the object.
A check that does not end within a hundred times its usual time counts as failed. A change that PostgreSQL refuses is
no mutant. The server is the one of the tests (TIDEMARK_TEST_PG, TIDEMARK_TEST_DSN).

Changes that mean the same are listed with their reason in tests/golden/FAMILY/equivalent_mutants.toml:

    [[equivalent]]
    object = "shop.order_status()"
    change = "< becomes <=, change 4"
    where = "WHEN paid_on <= due_on THEN"        as --list prints it: another place is another change
    reason = "the two dates are never equal"

examples:
  scripts/mutate.py shop --sample 40 --jobs 2       forty of them, drawn with --seed
  scripts/mutate.py shop --object approval          objects whose name contains the word
  scripts/mutate.py shop --quick                    only what needs no database of its own
  scripts/mutate.py shop --since verdicts.jsonl     what the file has as noticed is not asked again; the file grows

exit codes: 0 at least 95 % noticed, 1 fewer, 2 wrong usage, 4 cannot connect, 5 the database refused
"""
GOAL = 0.95


def arguments() -> Parser:
    found = Parser("Tell how many small changes of a family's SQL its cases and tests notice.", TEACHING)
    found.add_argument("family", choices=spec.families(), metavar="FAMILY")
    found.add_argument("--object", metavar="WORD", help="only objects whose name contains it")
    found.add_argument("--sample", type=int, metavar="N", help="only so many, drawn at random")
    found.add_argument("--seed", type=int, default=1, metavar="N", help="another draw (1)")
    found.add_argument("--jobs", type=int, default=1, metavar="N", help="so many at a time (1)")
    found.add_argument("--since", type=Path, metavar="FILE", help="verdicts so far, one JSON object a line")
    found.add_argument("--quick", action="store_true", help="only checks that run in a transaction taken back")
    found.add_argument("--list", action="store_true", help="the changes alone, judged by nobody")
    return found


def work(given: argparse.Namespace) -> Steps[Answer]:
    chosen = choose(given)
    if given.list:
        lines = [f"{one.path}: {one.name}: {one.change}: {one.where}" for one in chosen]
        return Answer([asdict(one) for one in chosen], lines)
    kept = earlier(given.since)
    verdicts = [kept[one.digest] for one in chosen if one.digest in kept]
    open_ = [one for one in chosen if one.digest not in kept]
    if open_:
        with server(given.dsn) as place:
            yield Step("applying Tidemark")
            with applied(place) as template:
                names = tuple(sorted({one.name for one in chosen}))
                owner = place.owner_dsn("postgres")
                site = Site(given.family, names, place.dsn(), owner, template, given.quick)
                for done, verdict in enumerate(judged(site, open_, given.jobs)):
                    verdicts.append(verdict)
                    keep(given.since, verdict)
                    yield Step(f"{verdict.name}: {verdict.by or 'nobody noticed'}", done + 1, len(open_))
    return told(verdicts)


def choose(given: argparse.Namespace) -> list[Mutant]:
    """The mutants asked for, without those known to mean the same.

    Errors: UsageProblem when one of these is no mutant.
    """
    found = list(mutants(given.family))
    known = equivalent(given.family)
    if unknown := known - {(one.name, one.change, one.where) for one in found}:
        name, change, _ = min(unknown)
        raise UsageProblem(
            f"equivalent_mutants.toml of {given.family} lists a change that is not made: {name}: {change}",
            hint=f"scripts/mutate.py {given.family} --list prints them as they are now.",
        )
    chosen = [one for one in found if (one.name, one.change, one.where) not in known]
    chosen = [one for one in chosen if given.object is None or given.object in one.name]
    if given.sample and given.sample < len(chosen):
        drawn = random.Random(given.seed).sample(range(len(chosen)), given.sample)
        chosen = [chosen[number] for number in sorted(drawn)]
    return chosen


def equivalent(family: str) -> set[tuple[str, str, str]]:
    """Changes that mean the same, by object, change and place; each has a reason."""
    path = project.library() / spec.FOLDER / family / "equivalent_mutants.toml"
    if not path.exists():
        return set()
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
    return {(one["object"], one["change"], one["where"]) for one in listed if one["reason"].strip()}


@contextmanager
def server(dsn: str | None) -> Iterator[conftest.TestServer]:
    """The server of the tests; the databases of this run are dropped."""
    named = dsn or os.environ.get("TIDEMARK_TEST_DSN")
    if named:
        place = conftest._named(named)
        try:
            yield place
        finally:
            for purpose in ("mutants", "mutant"):
                drop_databases(place.dsn(), f"golden_{purpose}_{os.getpid()}_")
    else:
        with conftest.throwaway(os.environ.get("TIDEMARK_TEST_PG", "18")) as place:
            yield place


@contextmanager
def applied(place: conftest.TestServer) -> Iterator[str]:
    with place.database() as name:
        dsn = place.owner_dsn(name)
        with db.connect(dsn) as connection:
            finish(deployment.apply(connection, config.Settings(dsn=dsn, dsn_source="scripts/mutate.py")))
        yield name


def judged(site: Site, open_: list[Mutant], jobs: int) -> Iterator[Verdict]:
    """Verdicts in the order in which they come."""
    if jobs == 1:
        worker.start(site)
        yield from map(worker.judge, open_)
        worker.stop()
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, worker.start, (site,)) as pool:
        for done in as_completed([pool.submit(worker.judge, one) for one in open_]):
            yield done.result()


def earlier(path: Path | None) -> dict[str, Verdict]:
    """The verdicts of a file that stay: a survivor is asked again, a new test may notice it."""
    if path is None or not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {one["digest"]: Verdict(**one) for one in lines if one["by"] is not None}


def keep(path: Path | None, verdict: Verdict) -> None:
    if path:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(verdict)) + "\n")


def told(verdicts: list[Verdict]) -> Answer:
    """The score, every survivor with its file, and checks that could not judge."""
    asked = [one for one in verdicts if one.by != REFUSED]
    survivors = sorted((one for one in asked if one.by is None), key=lambda one: (one.path, one.change))
    score = 1 - len(survivors) / len(asked) if asked else 1.0
    lines = [f"{one.path}: {one.name}: {one.change}: nobody noticed: {one.where}" for one in survivors]
    lines += sorted({note for one in verdicts for note in one.notes})
    lines.append(f"{len(asked) - len(survivors)} of {len(asked)} changes noticed ({score:.1%})")
    data: dict[str, Any] = {"score": score, "mutants": [asdict(one) for one in verdicts]}
    return Answer(data, lines, ExitCode.OK if score >= GOAL else ExitCode.NO)


if __name__ == "__main__":
    run(arguments(), "changing things", work)
