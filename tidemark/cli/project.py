"""tidemark init and tidemark roles: what a project needs before its first apply. Neither asks a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidemark import project, starter
from tidemark.cli.base import app, call
from tidemark.deploy.apply import roles as group_roles


@app.command()
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", show_default=False)] = Path(),
    name: Annotated[
        str | None, typer.Option(help="Name of the project and of its first schema; taken from the folder.")
    ] = None,
    uses: Annotated[
        str, typer.Option(help="Shipped families to apply as well, with commas between.", metavar="A,B")
    ] = "",
) -> None:
    """Start a project: tidemark.toml, a table, a live view, a stored view, a test, a CI snippet.

    Nothing that exists is overwritten.

    \b
      tidemark init shop && cd shop && tidemark apply && tidemark tick && tidemark freshness
      tidemark init . --name shop --uses FAMILY
    """
    me = call(context)
    chosen = tuple(word for part in uses.split(",") if (word := part.strip()))
    made = starter.write(folder, name, chosen)
    for path in made.paths:
        me.output.say(f"wrote       {folder / path}")
    if folder != Path():
        me.output.say(f"next        cd {folder}")
    me.output.say("next        tidemark apply, which starts a PostgreSQL of its own if none is named")
    me.output.say("next        tidemark tick, then tidemark freshness")
    me.finish(made)


@app.command()
def roles(context: typer.Context) -> None:
    """Print the SQL that makes the group roles, for an administrator to run. Needs no database.

    Roles belong to the whole cluster. tidemark apply makes them itself when its login may (CREATEROLE).

    \b
      tidemark roles | psql -X -v ON_ERROR_STOP=1 'host=db.example user=postgres dbname=postgres'
    """
    me = call(context)
    names = group_roles.wanted(project.current())
    text = "\n".join(f"{script.text.rstrip()}\n" for script in group_roles.scripts(names))
    me.output.lines([text])
    me.finish({"roles": names, "sql": text})
