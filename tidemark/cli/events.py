"""tidemark events: what is told to a room."""

from __future__ import annotations

import json
import signal
import time
from typing import Annotated

import typer

from tidemark import events
from tidemark.cli.base import app, call
from tidemark.errors import Busy, CannotConnect

HELP = """Listen to what changes.

\b
  tidemark events follow branch_3 --family sales
  tidemark events follow branch_3 --family sales --after 812    go on where somebody stopped"""

events_app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(events_app, name="events")


@events_app.command()
def follow(
    context: typer.Context,
    room: Annotated[str, typer.Argument(help="The room, as the family names it.")],
    family: Annotated[str | None, typer.Option("--family", help="Whose room; needed if there are several.")] = None,
    after: Annotated[
        int | None,
        typer.Option(
            "--after", min=0, help="Go on after this event; 0: from the oldest kept. Otherwise new ones only."
        ),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option("--user", help="Read as this user of the family, under its rule; otherwise as an operator."),
    ] = None,
    count: Annotated[int | None, typer.Option("--count", min=1, help="End after so many events.")] = None,
) -> None:
    """Print the events of a room, each as a line of JSON, in the order in which they were committed.

    None is missed and none comes twice, also where the connection was lost: it is opened again, and what came
    meanwhile is read. Ends on Ctrl-C, on SIGTERM or after --count events.
    With --json only the summary at the end is printed.
    """
    me = call(context)
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ending.append(number))
    seen = 0
    place: events.Place | None = None
    while not ending and seen != count:
        try:
            with me.database() as (connection, _):
                if place is None:
                    place = events.Place(events.family_of(connection, family), room, user, after)
                for event in events.follow(connection, place, seconds=1.0):
                    if event is not None:
                        seen += 1
                        document = {**event._asdict(), "created_at": event.created_at.isoformat()}
                        me.output.lines([json.dumps(document, ensure_ascii=False) + "\n"])
                    if ending or seen == count:
                        break
        except (CannotConnect, Busy) as error:
            me.output.note(f"{error.message}; trying again", "yellow")
            time.sleep(1.0)
    me.finish({"events": seen, "last": place.after if place else None})
