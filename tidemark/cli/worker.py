"""tidemark worker: runs jobs until it is told to end."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import Annotated

import typer

from tidemark import worker as workers
from tidemark.cli.base import app, call
from tidemark.errors import ExitCode

# After --grace, for steps that are nearly done.
LAST_SECONDS = 5.0


@app.command()
def worker(
    context: typer.Context,
    concurrency: Annotated[int, typer.Option("--concurrency", "-c", min=1, max=100, help="Jobs at once.")] = 1,
    poll: Annotated[
        float, typer.Option("--poll", min=0.05, help="Look for jobs after so many seconds, should no message come.")
    ] = 5,
    lease: Annotated[
        float, typer.Option("--lease", min=1, help="Seconds after which a worker that is not heard of is lost.")
    ] = 30,
    tick: Annotated[
        float | None, typer.Option("--tick", min=1, help="Also submit a tick every so many seconds.")
    ] = None,
    grace: Annotated[
        float, typer.Option("--grace", min=0, help="Seconds that running jobs get to finish when it is told to end.")
    ] = 60,
    drain: Annotated[bool, typer.Option("--drain", help="End when nothing waits.")] = False,
    name: Annotated[str | None, typer.Option("--name", help="Otherwise host and process number.")] = None,
) -> None:
    """Run jobs, as many at once as --concurrency says and the capacity of the queue allows.

    Ends on SIGTERM or Ctrl-C once the running jobs are done; after --grace seconds jobs in several steps wait again
    where they are, and what is left is taken over by another worker. A second signal ends it at once. Nothing is lost
    when the process is killed. A lost connection is opened again. Its login needs the role tidemark_operator, and may
    call the handlers.

    \b
      tidemark worker --concurrency 4
      tidemark worker --tick 60          keeps the stored views fresh as well
    """
    me = call(context)
    with me.database() as (_, settings):
        pass
    options = workers.Options(concurrency=concurrency, lease=lease, poll=poll, tick_every=tick, drain=drain)
    working = workers.Worker(settings, replace(options, name=name) if name else options)
    told: list[float] = []

    def end(number: int, _: object) -> None:
        if told:
            os._exit(int(ExitCode.INTERRUPTED))
        told.append(time.monotonic())
        working.end()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    steps = working.run()
    while True:
        try:
            step = next(steps)
        except StopIteration as ended:
            tally = ended.value
            break
        if step.text:
            me.output.note(step.text)
        if told and time.monotonic() > told[0] + grace:
            working.hurry()
        if told and time.monotonic() > told[0] + grace + LAST_SECONDS:
            working.abandon()
    me.output.say(
        f"{tally.completed} completed, {tally.failed} failed, {tally.cancelled} cancelled, "
        f"{tally.given_back} given back, {tally.lost} lost"
    )
    me.finish(tally)
