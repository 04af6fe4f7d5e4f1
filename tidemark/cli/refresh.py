"""Commands that start the refresh engine: refresh, tick, verify, explain, freshness."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tidemark import refresh
from tidemark.cli.base import Call, app, call
from tidemark.derive import narrower
from tidemark.errors import ExitCode, TidemarkError

Views = Annotated[list[str] | None, typer.Argument(metavar="[VIEW]...", help="Stored views, as schema.name.")]
MaxSeconds = Annotated[float, typer.Option("--max-seconds", min=0.1, help="Start no further view after that time.")]
FRESHNESS = ("stored view", "status", "data as of", "lag", "target", "rows", "waiting", "next due")


@app.command(name="refresh")
def refresh_command(
    context: typer.Context,
    views: Views = None,
    full: Annotated[bool, typer.Option("--full", help="Recompute all rows and change those that differ.")] = False,
    verify_after: Annotated[bool, typer.Option("--verify", help="Compare with the live twins afterwards.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=32, help="Independent views at once.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what needs a run.")] = False,
) -> None:
    """Bring stored views up to date: the given ones, or all that need it.

    Each view is one transaction, sources come first, and one that fails does not stop the others.

    \b
      tidemark refresh
      tidemark refresh shop.order_status_by_order --full --verify
      tidemark refresh --jobs 4
    """
    me = call(context)
    with me.database(may_share=True) as (connection, settings):
        if dry_run:
            rows = refresh.waiting(connection)
            columns = ("view", "level", "lag", "target", "waits for")
            me.output.table(None, columns, [tuple(row) for row in rows])
            me.finish(rows)
        done = me.output.run(refresh.run(connection, settings, views or [], full=full, jobs=jobs), "refreshing")
        _show_runs(me, done)
        checked: list[Any] = []
        if verify_after:
            names = views or [row.view_name for row in done]
            checked = me.output.run(refresh.verify(connection, names), "verifying") if names else []
            _show_verified(me, checked)
    data = {"runs": done, "verified": checked} if verify_after else done
    code = ExitCode.OK
    if any(row.mode == "failed" for row in done):
        code = ExitCode.REFUSED
    elif any(not row.is_equal for row in checked):
        code = ExitCode.NO
    me.finish(data, code)


@app.command()
def tick(context: typer.Context, max_seconds: MaxSeconds = 50) -> None:
    """Refresh what is due, keep the logs, say how it went: the one command a scheduler needs.

    Safe at any interval and twice at once. Exit codes: 0 all within their targets, 1 a view is older than it
    promises, 5 a view failed, 6 another tick was at work on all of them.

    \b
      * * * * *  tidemark tick --dsn postgresql://operator@db.example/risk --quiet
    """
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        done = refresh.tick(connection, max_seconds)
        if done.busy_count:
            _note_busy(me, refresh.freshness(connection))
    me.output.say(counts_of(done))
    me.finish(done, _tick_code(done))


@app.command()
def verify(context: typer.Context, views: Views = None) -> None:
    """Compare stored views with their live twins, row by row (exit code 1 when one differs).

    Changes nothing. What waits in a queue is a difference too: run tidemark refresh first.

    \b
      tidemark verify
      tidemark verify shop.order_status_by_order --json
    """
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        rows = me.output.run(refresh.verify(connection, views or []), "verifying")
    _show_verified(me, rows)
    me.finish(rows, ExitCode.OK if all(row.is_equal for row in rows) else ExitCode.NO)


@app.command()
def explain(
    context: typer.Context,
    view: Annotated[str, typer.Argument(metavar="VIEW", help="A stored view, as schema.name.")],
    mappings: Annotated[
        bool, typer.Option("--mappings", help="Also how a change of each source becomes keys, as SQL.")
    ] = False,
) -> None:
    """Say in words why a stored view is as fresh as it is."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        sentences = refresh.explain(connection, view)
        found = refresh.mappings(connection, view) if mappings else []
    for sentence in sentences:
        me.output.say(sentence)
    for one in found:
        every = "every key" if one.mapping_kind == "all" else "no key" if one.mapping_kind == "none" else ""
        me.output.say(f"\n{one.source_name} ({one.origin}): {every}".rstrip(": "), "bold")
        if one.map_reason:
            me.output.say(f"  {one.map_reason}")
        if every == "every key" and (remedy := narrower.remedy(one.map_reason)):
            me.output.say(f"  narrower: {remedy}")
        if one.mapping_kind == "keys":
            me.output.lines([f"  {line}\n" for line in one.mapping.splitlines()])
    me.finish({"sentences": sentences, "mappings": found} if mappings else sentences)


@app.command()
def freshness(context: typer.Context) -> None:
    """Show the age of every stored view (exit code 1 when one is older than it promises)."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        rows = refresh.freshness(connection)
    show_freshness(me, rows)
    me.finish(rows, ExitCode.OK if all(row.is_within_target for row in rows) else ExitCode.NO)


def show_freshness(me: Call, rows: list[Any]) -> None:
    """The table of ``tidemark freshness``, also part of the demo."""
    me.output.table(None, FRESHNESS, freshness_cells(rows))
    _note_busy(me, rows)


def _note_busy(me: Call, rows: list[Any]) -> None:
    for row in rows:
        if row.busy_with:
            me.output.note(f"{row.view_name}: {row.busy_with} is refreshing or changing it now")


def freshness_cells(rows: list[Any]) -> list[tuple[Any, ...]]:
    """What stands below the headings ``FRESHNESS``."""
    return [
        (
            row.view_name,
            row.freshness_status,
            row.data_as_of,
            row.lag,
            row.target_lag,
            row.row_count,
            row.pending_count,
            row.next_due_at,
        )
        for row in rows
    ]


def _show_runs(me: Call, rows: list[Any]) -> None:
    if not rows:
        me.output.say("nothing to do: every stored view is fresh")
        return
    me.output.table(
        None,
        ("stored view", "mode", "keys", "inserted", "updated", "deleted", "ms", "reason"),
        [
            (
                row.view_name,
                row.mode,
                row.key_count,
                row.inserted_count,
                row.updated_count,
                row.deleted_count,
                row.duration_ms,
                row.reason,
            )
            for row in rows
        ],
    )
    for row in rows:
        if row.error_code:
            me.output.fail_beside(
                TidemarkError(
                    f"{row.view_name}: {row.error_message}",
                    detail=row.error_detail or None,
                    hint=row.error_hint or None,
                    sqlstate=row.error_code,
                )
            )


def _show_verified(me: Call, rows: list[Any]) -> None:
    columns = ("stored view", "equal", "live rows", "stored rows", "missing", "surplus", "differing", "waiting")
    me.output.table(
        None,
        columns,
        [
            (
                row.view_name,
                row.is_equal,
                row.live_count,
                row.stored_count,
                row.missing_count,
                row.surplus_count,
                row.differing_count,
                row.pending_count,
            )
            for row in rows
        ],
    )
    for row in rows:
        for sample in row.samples or []:
            me.output.say(f"{row.view_name}: {sample['difference']} {sample['row']}")


def counts_of(done: refresh.Tick) -> str:
    """A tick in a line."""
    return f"{done.run_count} refreshed, {done.failed_count} failed, {done.busy_count} busy, {done.late_count} late"


def _tick_code(done: refresh.Tick) -> ExitCode:
    if done.failed_count:
        return ExitCode.REFUSED
    if done.late_count:
        return ExitCode.NO
    return ExitCode.BUSY if done.busy_count and not done.run_count else ExitCode.OK
