"""tidemark jobs: asks for jobs and looks after them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from tidemark import db, jobs
from tidemark.cli.base import Call, DryRun, app, call
from tidemark.errors import ExitCode, UsageProblem

HELP = """Ask for work that a worker does, and see how far it is.

\b
  tidemark jobs submit refresh sales.totals_by_customer --watch
  tidemark jobs submit import --payload '{"items": []}'
  tidemark jobs list --status running
  tidemark jobs cancel 0f1d1b1e-6b1c-4a43-8d52-8c31a2f5f0aa"""

jobs_app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(jobs_app, name="jobs")

Number = Annotated[str, typer.Argument(metavar="JOB", help="Number of the job.")]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Stay until the job has ended, and show how far it is.")]
STATUSES = ("pending", "running", "completed", "failed", "cancelled")


@jobs_app.command()
def submit(
    context: typer.Context,
    job_type: Annotated[
        str, typer.Argument(metavar="TYPE", help="Type of the job; tidemark jobs health lists them.")
    ],
    view: Annotated[str | None, typer.Argument(metavar="[VIEW]", help="With refresh: the stored view.")] = None,
    payload: Annotated[str, typer.Option("--payload", help="What the handler is asked to do, as JSON.")] = "{}",
    priority: Annotated[str | None, typer.Option("--priority", help="low, normal, high or critical.")] = None,
    ttl: Annotated[
        int | None, typer.Option("--ttl", help="Seconds that the job is kept when it has ended: 60 to 86400.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", help="User of the family who asks for it.")] = None,
    job_id: Annotated[str | None, typer.Option("--id", help="Number of the job; otherwise a new one.")] = None,
    once: Annotated[
        str | None, typer.Option("--once", help="Key: join a job of the same type and key that waits.", metavar="KEY")
    ] = None,
    within: Annotated[
        float, typer.Option("--within", min=0, help="With --once: also one that began no more seconds ago.")
    ] = 0,
    watch: Watch = False,
    dry_run: DryRun = False,
) -> None:
    """Ask for a job. Prints its number, and with --watch how it goes on.

    Requests to refresh one view share a job while it waits, and for as long as the target lag of the view allows.
    With --watch the exit code is 0 for a completed job, 1 for a cancelled one, 5 for a failed one.
    """
    me = call(context)
    if (view is not None) != (job_type == "refresh" and payload == "{}"):
        raise UsageProblem(
            "a view is named with refresh, and with nothing else", hint="tidemark jobs submit refresh VIEW"
        )
    with me.database(may_share=True) as (connection, _):
        if dry_run:
            health = jobs.health(connection)
            known = job_type in (*health.registered_handlers, *health.builtin_handlers)
            me.output.say(f"would submit {job_type}" if known else f"there is no type {job_type}")
            me.finish({"job_type": job_type, "is_known": known}, ExitCode.OK if known else ExitCode.NO)
        if view is not None:
            row = jobs.submit_refresh(connection, view, priority)
        else:
            row = jobs.submit(
                connection,
                job_type,
                payload,
                priority=priority,
                ttl_seconds=ttl,
                user_id=user,
                job_id=job_id,
                once_key=once,
                within=timedelta(seconds=within),
            )
        if watch:
            me.output.note(str(row.job_id))
            _watch(me, connection, str(row.job_id))
    me.output.say(str(row.job_id))
    if row.outcome == "joined":
        me.output.note("joined a job that was there")
    me.finish(row)


@jobs_app.command(name="list")
def list_command(
    context: typer.Context,
    status: Annotated[str | None, typer.Option("--status", help=f"Only those: {', '.join(STATUSES)}.")] = None,
    job_type: Annotated[str | None, typer.Option("--type", help="Only those of a type.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10000, help="At most so many.")] = 50,
) -> None:
    """List jobs, the newest first."""
    me = call(context)
    if status is not None and status not in STATUSES:
        raise UsageProblem(f'"{status}" is no status of a job', hint=f"Give one of {', '.join(STATUSES)}.")
    with me.database(may_share=True) as (connection, _):
        rows = jobs.listed(connection, status, job_type, limit)
    me.output.table(
        None,
        ("job", "type", "priority", "status", "%", "message", "submitted", "seconds", "error"),
        [
            (
                row.job_id,
                row.job_type,
                row.priority,
                row.status,
                row.progress,
                row.progress_message,
                row.created_at,
                row.duration_seconds,
                row.error,
            )
            for row in rows
        ],
    )
    me.finish(rows)


@jobs_app.command()
def show(context: typer.Context, job: Number, watch: Watch = False) -> None:
    """Show one job; with --watch until it has ended."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        if watch:
            _watch(me, connection, job)
        row = jobs.show(connection, job)
    _say(me, row)
    me.finish(row)


@jobs_app.command()
def cancel(context: typer.Context, job: Number, dry_run: DryRun = False) -> None:
    """Take a job back that waits, or ask one that runs to stop (exit code 1 when it has ended already)."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        if dry_run:
            row = jobs.show(connection, job)
            me.output.say(f"the job is {row.status}")
            me.finish({"status": row.status}, ExitCode.NO if row.status in jobs.FINISHED else ExitCode.OK)
        outcome = jobs.cancel(connection, job)
    words = {"cancel_requested": "it was asked to stop", "ALREADY_TERMINAL": "it has ended already"}
    me.output.say(words.get(outcome, outcome))
    me.finish({"outcome": outcome}, ExitCode.NO if outcome == "ALREADY_TERMINAL" else ExitCode.OK)


@jobs_app.command()
def health(context: typer.Context) -> None:
    """Say how the queue is doing (exit code 1 when jobs wait and no worker is alive)."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        row = jobs.health(connection)
    me.output.table(None, ("queue", "value"), list(row._asdict().items()))
    me.finish(row, ExitCode.NO if row.status == "no_worker" else ExitCode.OK)


@jobs_app.command()
def capacity(
    context: typer.Context,
    most: Annotated[int, typer.Argument(metavar="JOBS", min=0, max=1000, help="0 stops the queue.")],
    dry_run: DryRun = False,
) -> None:
    """Say how many jobs may run at once, whatever the number of workers. What runs is not stopped."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        before = jobs.health(connection).max_concurrent_jobs
        if not dry_run:
            jobs.set_capacity(connection, most)
    me.output.say(f"{before} jobs at once {'would become' if dry_run else 'became'} {most}")
    me.finish({"before": before, "after": most})


def _watch(me: Call, connection: db.Connection, job_id: str) -> None:
    """Shows a job until it has ended, and leaves with what its end means."""
    row = me.output.run(jobs.watch(connection, job_id), "waiting")
    _say(me, row)
    codes = {"failed": ExitCode.REFUSED, "cancelled": ExitCode.NO}
    me.finish(row, codes.get(row.status, ExitCode.OK))


def _say(me: Call, row: Any) -> None:
    me.output.table(
        None, ("job", "value"), [(name, value) for name, value in row._asdict().items() if value is not None]
    )
