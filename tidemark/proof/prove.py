"""Proves stored views for a given time each."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from tidemark import db, scratch
from tidemark.config import Settings
from tidemark.deploy.apply import deployment
from tidemark.errors import StateProblem, UsageProblem
from tidemark.proof import rows as beginnings
from tidemark.proof import tables
from tidemark.proof.history import Drawer
from tidemark.proof.script import script
from tidemark.proof.shrink import shrunk
from tidemark.proof.stage import RUN, WRITERS, Refused, Stage, Step, Unreadable, played
from tidemark.steps import Step as Told
from tidemark.steps import Steps, finish

STEPS = 60
SHRINK_SECONDS = 60.0


@dataclass(frozen=True)
class Request:
    """``seconds``: for each view. ``sample``: rows of each real table to begin with, 0: all made up.

    ``steps``: the length of a history.
    """

    views: tuple[str, ...]
    seconds: float = 30.0
    seed: int = 1
    sample: int = 0
    day: date = date(2025, 6, 30)
    keep: bool = False
    steps: int = STEPS


@dataclass
class Proof:
    """What was found about one view. ``untouched``: sources of which no change was possible, so nothing is proved.

    ``is_kept``: by its writers, so that runs find nothing left to do and their comparisons prove it all the same.
    """

    view: str
    histories: int = 0
    steps: int = 0
    runs: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0  # histories cut short because the live view itself raises an error for such rows
    untouched: list[str] = field(default_factory=list)
    seed: int = 0
    difference: str | None = None
    sql: str | None = None
    is_kept: bool = False

    @property
    def is_proved(self) -> bool:
        modes = ("keys", "whole", "none") if self.is_kept else ("keys", "whole")
        return self.difference is None and not self.untouched and any(self.runs.get(mode, 0) for mode in modes)


def prove(connection: db.Connection, settings: Settings, request: Request) -> Steps[list[Proof]]:
    """Proves views on a scratch database beside the one at hand, of which rows are only read, and only for a sample.

    Errors: UsageProblem for a view that the files do not declare; DatabaseRefused when the login may not create
            databases.
    """
    name = scratch.new_name("tidemark_prove")
    why = "Views are proved in a database of their own"
    yield Told(f"creating the database {name}")
    with scratch.database(settings.dsn or "", name, why, keep=request.keep) as other:
        yield Told("applying the files to it")
        finish(deployment.apply(other, settings))
        return (yield from prove_in(other, settings.dsn or "", name, request, connection))


def prove_in(
    copy: db.Connection, dsn: str, database: str, request: Request, real: db.Connection | None = None
) -> Steps[list[Proof]]:
    """The same in a database that holds the files and nothing that matters; ``real``: where samples come from."""
    declared = [row.view_name for row in db.fetch(copy, "stored_views")]
    unknown = [view for view in request.views if view not in declared]
    if unknown:
        hint = f"Declared are: {', '.join(declared)}." if declared else "The project declares no stored view."
        raise UsageProblem(f"there is no stored view {unknown[0]} in the files", hint=hint)
    db.run(copy, "proof_helpers")
    proofs = []
    for number, view in enumerate(request.views):
        yield Told(f"proving {view}", number, len(request.views))
        subject = tables.subject(copy, [view])
        proofs.append(of_view(copy, Stage(dsn, database, subject, request.day), request, real))
    return proofs


def of_view(copy: db.Connection, stage: Stage, request: Request, real: db.Connection | None) -> Proof:
    """The proof of the one view that the stage was made for."""
    subject = stage.subject
    view = subject.asked[0]
    if not any(table.is_source for table in subject.tables):
        raise StateProblem(f"{view} reads no table that could change", hint="There is nothing to prove.")
    db.run(copy, "proof_by_key", views=list(subject.views))
    try:
        draw = random.Random(f"{request.seed} {view}")
        for one in subject.views:
            _run_once(stage)
            if _is_keyed(copy, one):
                db.value(copy, "proof_hold", view=one)
        found = None
        if real and request.sample:
            found = beginnings.sample(real, subject, request.sample, draw.random())
        drawer = Drawer(stage, draw)
        rows = beginnings.fill(stage, drawer, found)
        return _histories(stage, Proof(view, seed=request.seed, is_kept=view in subject.kept), request, draw, rows)
    finally:
        stage.close()


def _run_once(stage: Stage) -> None:
    try:
        stage.run()
    except Unreadable:
        return


def _is_keyed(copy: db.Connection, view: str) -> bool:
    return any(row.view_name == view and row.mode == "keyed" for row in db.fetch(copy, "proof_chain", views=[view]))


def _histories(stage: Stage, proof: Proof, request: Request, draw: random.Random, rows: list[str]) -> Proof:
    end = time.monotonic() + request.seconds
    touched: Counter[tuple[str, str]] = Counter()
    stage.runs.clear()
    while time.monotonic() < end or not proof.histories:
        drawer = Drawer(stage, draw, touched)
        steps: list[Step] = []
        try:
            if _differs(stage, drawer, rows, steps, proof, request.steps):
                break
        except Unreadable:
            proof.unreadable += 1
        proof.histories += 1
        proof.steps += len(steps)
    proof.runs = dict(stage.runs)
    changed = {name for name, _ in touched}
    if not proof.difference:
        proof.untouched = [
            table.name for table in stage.subject.tables if table.is_source and table.name not in changed
        ]
    return proof


def _differs(stage: Stage, drawer: Drawer, rows: list[str], steps: list[Step], proof: Proof, length: int) -> bool:
    """Draws one history and plays it; a failing one is shrunk and kept in the proof."""
    try:
        stage.reset(rows)
        found = stage.compared()
        while found is None and len(steps) < length:
            step = drawer.step()
            if step is None:
                continue
            steps.append(step)
            if step.who == RUN:
                stage.play(step)
                found = stage.compared()
        if found is None:
            ends = [Step(who, "COMMIT") for who in WRITERS if stage.is_open(who)]
            for step in (*ends, Step(RUN)):
                stage.play(step)
                steps.append(step)
            found = stage.compared(stage.subject.views)
    except Refused as error:
        found = error.difference
    if found is None:
        return False
    fewer_rows, fewer_steps = shrunk(stage, rows, steps, SHRINK_SECONDS)
    found = played(stage, fewer_rows, fewer_steps) or found
    proof.difference = f"{found.view}: {found.text}"
    proof.sql = script(stage, fewer_rows, fewer_steps, found)
    return True
