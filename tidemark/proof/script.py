"""A history as SQL that anybody can run."""

from __future__ import annotations

from collections.abc import Sequence

from tidemark import db
from tidemark.proof.stage import CLOCK, RUN, WRITERS, Difference, Stage, Step


def script(stage: Stage, rows: Sequence[str], steps: Sequence[Step], difference: Difference) -> str:
    """The whole text: rows, changes, runs, and the comparison that fails."""
    is_held = any(step.held for step in steps)
    sessions = {step.who for step in _every(steps)} & set(WRITERS)
    empty = db.value(stage.runner, "proof_empty", tables=[table.name for table in stage.subject.tables])
    head = [
        f"-- {difference.view} differs from its live view: {difference.text}",
        "-- For a scratch database in which the files were applied (tidemark apply); it empties tables.",
    ]
    if len(sessions) > 1 or is_held:
        head.append("-- Each line belongs to the session that the comment above it names: psql windows side by side.")
    if is_held:
        head += ["", db.queries()["proof_helpers"]]
        head += [
            db.written("proof_hold", verbatim=None, view=view) for view in sorted({s.held for s in steps if s.held})
        ]
    return "\n".join([*head, "", *_setup(stage, empty, rows), *_lines(stage, steps, len(sessions) > 1 or is_held)])


def _setup(stage: Stage, empty: str, rows: Sequence[str]) -> list[str]:
    return [
        "-- in every session",
        "SET tidemark.clock = 'session';",
        db.value(stage.runner, "proof_clock", day=stage.day.isoformat()) + ";",
        "",
        f"{empty};",
        *(f"{row};" for row in rows),
        *_run(stage),
        "",
    ]


def _run(stage: Stage) -> list[str]:
    return [f"SELECT refresh.run({db.literal(stage.runner, view)});" for view in stage.subject.views]


def _lines(stage: Stage, steps: Sequence[Step], has_sessions: bool) -> list[str]:
    lines: list[str] = []
    before = ""
    for step in steps:
        who = "every session" if step.who == CLOCK else f"session {step.who}"
        if has_sessions and who != before:
            lines.append(f"-- {who}")
        before = who
        if step.who == RUN and step.held:
            lines += _held(stage, step)
        elif step.who == RUN:
            lines += _run(stage)
        elif step.who == CLOCK:
            lines.append(db.value(stage.runner, "proof_clock", day=step.text) + ";")
        else:
            lines.append(f"{step.text};")
    lines += ["", db.value(stage.runner, "proof_verify_text", view=stage.subject.asked[0]) + ";", ""]
    return lines


def _held(stage: Stage, step: Step) -> list[str]:
    view = db.literal(stage.runner, step.held)
    return [
        "-- session gate: the run below waits until this one lets go",
        "SELECT pg_advisory_lock(7467);",
        "-- session run",
        "SET tidemark_proof.pause = 'on';",
        f"SELECT refresh.run({view});",
        *(line for one in step.meanwhile for line in (f"-- session {one.who}", f"{one.text};")),
        "-- session gate",
        "SELECT pg_advisory_unlock(7467);",
        "-- session run",
        "RESET tidemark_proof.pause;",
        *_run(stage),
    ]


def _every(steps: Sequence[Step]) -> list[Step]:
    return [one for step in steps for one in (step, *step.meanwhile)]
