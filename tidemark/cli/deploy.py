"""Commands that compare the files with a database and change it: plan, apply, status, rollback, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark.cli.base import Call, app, call
from tidemark.deploy import apply as deployment
from tidemark.deploy import bookkeeping, doctor
from tidemark.errors import ExitCode, UsageProblem

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.command()
def plan(context: typer.Context) -> None:
    """Show what apply would change. Changes nothing.

    \b
      tidemark plan
      tidemark plan --json | jq .data.migrations.pending
    """
    me = call(context)
    with me.database() as (connection, _):
        todo = deployment.plan(connection)
    _show_plan(me, todo)
    me.finish(_plan_data(todo))


@app.command()
def apply(context: typer.Context, dry_run: DryRun = False) -> None:
    """Bring the database to the state of the files: migrations, then functions and views.

    Each migration is one transaction, and so are all functions and views together. Only what changed is run, with
    everything that requires it. A second apply does nothing.

    \b
      tidemark apply
      tidemark apply --dsn postgresql://deployer@db.example/risk
    """
    if dry_run:
        plan(context)
    me = call(context)
    with me.database() as (connection, settings):
        done = me.output.run(deployment.apply(connection, settings), "applying")
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
    out.say(f"migrations: {len(found.applied)} applied, {len(found.pending)} pending")
    out.say(f"functions and views: {len(todo.files.ordered)} files, {len(todo.files.changed)} to apply")
    for name in found.edited:
        out.say(f"edited after it was applied: {name}", "red")
        out.note("Put the old text back and write the change as a new migration.")
    for name in found.missing:
        out.say(f"applied, but without a file here: {name}", "red")
    for path in todo.files.vanished:
        out.say(f"file is gone: {path}")
    is_current = todo.is_empty and not found.edited and not found.missing
    if is_current:
        out.say("up to date", "bold green")
    me.finish(_plan_data(todo), ExitCode.OK if is_current else ExitCode.NO)


@app.command()
def rollback(
    context: typer.Context,
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, help="How many of the last ones (1).")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="Take back all after this one.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: DryRun = False,
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
        done = me.output.run(deployment.rollback(connection, settings, chosen), "rolling back")
    me.output.say(f"took back {len(done)} migrations", "bold green")
    me.finish({"rolled_back": done, "chosen": chosen})


@app.command(name="doctor")
def doctor_command(context: typer.Context) -> None:
    """Check server, rights and files against the catalogue (exit code 1 when something needs attention)."""
    me = call(context)
    with me.database() as (connection, settings):
        findings = me.output.run(doctor.examine(connection, settings), "examining")
    styles = {"ok": "green", "warning": "yellow", "problem": "bold red"}
    for finding in findings:
        if finding.level == "ok" and me.output.quiet:
            continue
        me.output.say(f"{finding.level:<8} {finding.subject}: {finding.text}", styles[finding.level])
        if finding.hint:
            me.output.say(f"         {finding.hint}")
    me.finish(findings, ExitCode.NO if any(finding.level == "problem" for finding in findings) else ExitCode.OK)


def _show_plan(me: Call, todo: deployment.Plan) -> None:
    out = me.output
    reasons = {migration.id: migration.reason for migration in bookkeeping.read()}
    if todo.missing_roles:
        out.say(f"role        {', '.join(todo.missing_roles)}")
    for name in todo.migrations.pending:
        out.say(f"migration   {name}  {reasons[name]}")
    for file in todo.files.to_run:
        if file.path in todo.files.changed:
            out.say(f"replace     {file.path}")
        elif out.verbose:
            out.say(f"dependent   {file.path}")
    for path in todo.files.vanished:
        out.say(f"drop        what {path} held")
    extra = len(todo.files.to_run) - len(todo.files.changed)
    if extra and not out.verbose:
        out.say(f"and {extra} files that require them (-v lists them)")
    for name in todo.migrations.edited:
        out.say(f"edited after it was applied: {name}", "red")
    for name in todo.migrations.missing:
        out.say(f"applied, but without a file here: {name}", "red")
    if todo.migrations.edited or todo.migrations.missing:
        out.say("apply will refuse; see tidemark apply for what to do", "red")
    elif todo.is_empty:
        out.say("nothing to do: the database is up to date")


def _plan_data(todo: deployment.Plan) -> dict[str, object]:
    return {
        "migrations": todo.migrations,
        "missing_roles": todo.missing_roles,
        "files": {
            "changed": todo.files.changed,
            "to_run": [file.path for file in todo.files.to_run],
            "vanished": todo.files.vanished,
        },
    }


def _state_of(name: str, todo: deployment.Plan) -> str:
    found = todo.migrations
    for state, names in (("edited", found.edited), ("file missing", found.missing), ("pending", found.pending)):
        if name in names:
            return state
    return "applied"
