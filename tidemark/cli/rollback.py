"""tidemark rollback: takes migrations back."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark.cli.base import Call, DryRun, app, call
from tidemark.cli.patience import LockBudget, LockTimeout, NoWait, patient
from tidemark.deploy.apply import deployment
from tidemark.deploy.rollback import loss, undo_plan
from tidemark.deploy.rollback.undo_plan import TakeBack
from tidemark.errors import UsageProblem


@app.command()
def rollback(
    context: typer.Context,
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, help="How many of the last ones (1).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="Take back all after this one.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    allow_data_loss: Annotated[
        bool, typer.Option("--allow-data-loss", help="Also when rows or values are lost.")
    ] = False,
    dry_run: DryRun = False,
    lock_timeout: LockTimeout = None,
    lock_budget: LockBudget = None,
    no_wait: NoWait = False,
) -> None:
    """Take migrations back, newest first.

    Views and functions on top of them go too; the next apply makes them again. Nothing is taken back that holds rows
    or values, unless --allow-data-loss is given: --dry-run says which tables, and how many rows.

    \b
      tidemark rollback --dry-run
      tidemark rollback --to 0009_shop_indexes --yes
      tidemark rollback --count 2 --yes --allow-data-loss
    """
    if count is not None and to is not None:
        raise UsageProblem("--count and --to exclude each other")
    me = call(context)
    with me.database() as (connection, settings):
        waiting = patient(settings, lock_timeout, lock_budget, no_wait)
        chosen = deployment.chosen_for_rollback(connection, count=count or 1, to=to)
        todo = undo_plan.plan(connection, chosen) if chosen else []
        _show(me, todo, dry_run)
        if dry_run or not chosen:
            me.finish({"rolled_back": [], "chosen": chosen, "plan": todo})
        if not allow_data_loss:
            loss.refuse([one for step in todo for one in step.losses])
        if not yes:
            if not me.output.is_interactive:
                raise UsageProblem("rollback asks before it takes anything back", hint="Confirm it with --yes.")
            typer.confirm(f"Take back {len(chosen)} migrations in {connection.info.dbname}?", abort=True, err=True)
        work = deployment.rollback(connection, waiting, chosen, allow_data_loss=allow_data_loss)
        done = me.output.run(work, "rolling back")
    me.output.say(f"took back {len(done)} migrations", "bold green")
    me.finish({"rolled_back": done, "chosen": chosen, "plan": todo})


def _show(me: Call, todo: list[TakeBack], dry_run: bool) -> None:
    out = me.output
    for step in todo:
        out.say(f"take back   {step.name}")
        if dry_run or out.verbose:
            for statement in step.statements:
                out.say(f"  runs      {statement}")
            for path in step.drops:
                out.say(f"  drops     what {path} holds")
        for one in step.losses:
            out.say(f"  loses     {one.text}", "bold red")
    if not todo:
        out.say("nothing to take back")
