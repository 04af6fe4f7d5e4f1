"""tidemark rollback: takes migrations back."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark.cli.base import DryRun, app, call
from tidemark.cli.patience import LockBudget, LockTimeout, NoWait, patient
from tidemark.deploy import apply as deployment
from tidemark.errors import UsageProblem


@app.command()
def rollback(
    context: typer.Context,
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, help="How many of the last ones (1).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="Take back all after this one.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    lock_timeout: LockTimeout = None,
    lock_budget: LockBudget = None,
    no_wait: NoWait = False,
) -> None:
    """Take migrations back, newest first. Tables they made are dropped with their rows.

    Views and functions on top of them go too; the next apply makes them again.

    \b
      tidemark rollback --dry-run
      tidemark rollback --to 0009_model_risk_indexes --yes
    """
    if count is not None and to is not None:
        raise UsageProblem("--count and --to exclude each other")
    me = call(context)
    with me.database() as (connection, settings):
        waiting = patient(settings, lock_timeout, lock_budget, no_wait)
        chosen = deployment.chosen_for_rollback(connection, count=count or 1, to=to)
        for name in chosen:
            me.output.say(f"take back   {name}")
        if not chosen:
            me.output.say("nothing to take back")
        if dry_run or not chosen:
            me.finish({"rolled_back": [], "chosen": chosen})
        if not yes:
            if not me.output.is_interactive:
                raise UsageProblem("rollback destroys data and asks first", hint="Confirm it with --yes.")
            typer.confirm(f"Take back {len(chosen)} migrations in {connection.info.dbname}?", abort=True, err=True)
        done = me.output.run(deployment.rollback(connection, waiting, chosen), "rolling back")
    me.output.say(f"took back {len(done)} migrations", "bold green")
    me.finish({"rolled_back": done, "chosen": chosen})
