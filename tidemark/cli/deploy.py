"""tidemark apply and tidemark status: the database brought to the state of the files, and compared with it."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark.cli.base import DryRun, app, call
from tidemark.cli.patience import LockBudget, LockTimeout, NoWait, patient
from tidemark.cli.plan import plan, plan_data
from tidemark.deploy.apply import deployment
from tidemark.errors import ExitCode, UsageProblem
from tidemark.output import Output

Repair = Annotated[
    bool, typer.Option("--repair", help="Also run the files again whose objects were changed by hand.")
]


@app.command()
def apply(
    context: typer.Context,
    dry_run: DryRun = False,
    repair: Repair = False,
    lock_timeout: LockTimeout = None,
    lock_budget: LockBudget = None,
    no_wait: NoWait = False,
) -> None:
    """Bring the database to the state of the files: migrations, then functions and views.

    Each migration is one transaction, and so are all functions and views together. Only what changed is run, with
    everything that requires it. A second apply does nothing.

    No statement waits longer than --lock-timeout for a lock. If one would, its transaction ends, whoever is in the
    way is named, and it is tried again, up to --lock-budget; then the exit code is 6 and nothing is half done. An
    apply that was killed is simply run again.

    \b
      tidemark apply
      tidemark apply --dsn postgresql://deployer@db.example/risk
      tidemark apply --lock-timeout 500ms --lock-budget 10m --no-wait
    """
    if dry_run and repair:
        raise UsageProblem("--dry-run does not know what --repair would do", hint="tidemark doctor --drift lists it.")
    if dry_run:
        plan(context)
    me = call(context)
    with me.database() as (connection, settings):
        chosen = patient(settings, lock_timeout, lock_budget, no_wait)
        done = me.output.run(deployment.apply(connection, chosen, repair=repair), "applying")
    if done.is_empty:
        me.output.say("nothing to do: the database is up to date")
    for name in done.migrations:
        me.output.say(f"migration   {name}")
    if me.output.verbose:
        for path in done.files.ran:
            me.output.say(f"{'made anew' if path in done.files.recreated else 'replaced':<11} {path}")
    for description in done.files.dropped:
        me.output.say(f"dropped     {description}")
    if not done.is_empty:
        me.output.say(f"applied {len(done.migrations)} migrations and {len(done.files.ran)} files", "bold green")
    me.finish(
        {
            "migrations": done.migrations,
            "files": done.files.ran,
            "recreated": done.files.recreated,
            "dropped": done.files.dropped,
        }
    )


@app.command()
def status(context: typer.Context) -> None:
    """Say whether the database is at the state of the files (exit code 1 if not)."""
    me = call(context)
    with me.database() as (connection, _):
        todo = deployment.plan(connection)
    found = todo.migrations
    out = me.output
    if out.verbose:
        out.table(
            None, ("migration", "state"), [(name, _state_of(name, todo)) for name in found.applied + found.pending]
        )
    out.say(f"project: {todo.project.in_words}")
    out.say(f"migrations: {len(found.applied)} applied, {len(found.pending)} pending")
    out.say(f"functions and views: {len(todo.files.ordered)} files, {len(todo.files.changed)} to apply")
    for name in found.edited:
        out.say(f"edited after it was applied, in its meaning: {name}", "red")
        _show_difference(out, found.differences[name])
        out.note("Put the old text back and write the change as a new migration.")
    for name in found.reworded:
        out.say(f"edited after it was applied, in comments or white space only: {name}")
        _show_difference(out, found.differences[name])
    for name in found.missing:
        out.say(f"applied, but without a file here: {name}", "red")
    for path in todo.files.vanished:
        out.say(f"file is gone: {path}")
    is_current = todo.is_empty and not found.edited and not found.missing
    if is_current:
        out.say("up to date", "bold green")
    me.finish(plan_data(todo), ExitCode.OK if is_current else ExitCode.NO)


def _show_difference(out: Output, lines: list[str]) -> None:
    if out.verbose:
        for line in lines:
            out.say(f"    {line}", {"+": "green", "-": "red"}.get(line[:1]))


def _state_of(name: str, todo: deployment.Plan) -> str:
    found = todo.migrations
    states = {
        "edited": found.edited,
        "reworded": found.reworded,
        "file missing": found.missing,
        "pending": found.pending,
    }
    return next((state for state, names in states.items() if name in names), "applied")
