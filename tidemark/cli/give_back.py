"""tidemark give-back: a stored view becomes a materialized view again."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark import adopt
from tidemark.cli.base import DryRun, app, call
from tidemark.project import current


@app.command("give-back")
def give_back(
    context: typer.Context,
    view: Annotated[str, typer.Argument(metavar="SCHEMA.NAME")],
    dry_run: DryRun = False,
) -> None:
    """Make a stored view the materialized view it was: same name, readers, rights, indexes. Deletes its two files.

    The way back from tidemark new stored --from. Refreshing it is then yours again.
    """
    me = call(context)
    with me.database() as (connection, settings):
        if dry_run:
            project = current()
            paths = [path.name for path in adopt.paths_of(connection, project, view)]
            me.output.say(f"give back   {view}; delete {', '.join(paths)}")
            me.finish({"view": view, "paths": paths})
        made = me.output.run(adopt.give_back(connection, settings, current(), view), f"giving {view} back")
    for path in made.paths:
        me.output.say(f"deleted     {path}")
    for step in made.next_steps:
        me.output.say(step)
    me.finish(made)
