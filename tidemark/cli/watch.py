"""tidemark watch: ticks again and again, and shows the freshness of every stored view while it does."""

from __future__ import annotations

import signal
import time
from typing import Annotated

import typer

from tidemark import db, refresh
from tidemark.cli.base import app, call
from tidemark.cli.refresh import FRESHNESS, MaxSeconds, counts_of, freshness_cells
from tidemark.errors import Busy, CannotConnect
from tidemark.output import Board

LOOK_SECONDS = 1.0


@app.command()
def watch(
    context: typer.Context,
    interval: Annotated[float, typer.Option("--interval", min=0.1, help="Seconds between two ticks.")] = 5,
    max_seconds: MaxSeconds = 50,
    no_tick: Annotated[bool, typer.Option("--no-tick", help="Only look: somebody else refreshes.")] = False,
) -> None:
    """Tick again and again, where there is no scheduler, and show how fresh every stored view is.

    On a terminal the table of tidemark freshness, drawn over again every second; elsewhere one line for each tick
    that did something. Ends on Ctrl-C, or on SIGTERM after the current tick. A lost connection is opened again.

    \b
      tidemark watch
      tidemark watch --no-tick                beside a scheduler
    """
    me = call(context)
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ending.append(number))
    with me.output.board() as board:
        while not ending:
            try:
                with me.database(may_share=True) as (connection, _):
                    while not ending:
                        _round(connection, board, interval, None if no_tick else max_seconds, ending)
            except (CannotConnect, Busy) as error:
                me.output.note(f"{error.message}; trying again", "yellow")
                _sleep(max(interval, 1.0), ending)
    me.finish({"ended_by": "SIGTERM"})


def _round(
    connection: db.Connection, board: Board, interval: float, max_seconds: float | None, ending: list[int]
) -> None:
    """One tick, unless only looked at, and the time until the next."""
    said = ""
    if max_seconds is not None:
        done = refresh.tick(connection, max_seconds)
        said = f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {counts_of(done)}"
        if done.run_count or done.failed_count or done.late_count:
            board.tell(said)
    until = time.monotonic() + interval
    while not ending:
        if board.is_shown:
            board.draw(FRESHNESS, freshness_cells(refresh.freshness(connection)), said or time.strftime("%H:%M:%S"))
        rest = until - time.monotonic()
        if rest <= 0:
            return
        _sleep(min(rest, LOOK_SECONDS), ending)


def _sleep(seconds: float, ending: list[int]) -> None:
    """Sleeps, but ends early once a signal has come."""
    until = time.monotonic() + seconds
    while not ending and (rest := until - time.monotonic()) > 0:
        time.sleep(min(0.2, rest))
