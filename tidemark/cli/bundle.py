"""tidemark bundle: one SQL script for databases that no runner may enter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidemark import scratch
from tidemark.cli.base import app, call
from tidemark.config import Settings
from tidemark.deploy.apply import bundle as bundles
from tidemark.deploy.apply import deployment
from tidemark.project import Project, current, shipped
from tidemark.steps import Steps

Derived = tuple[list[tuple[str, str]], list[tuple[str, str | None]]]


def _derived(settings: Settings, project: Project) -> Steps[Derived]:
    """What apply derives for the stored views of a project, in a database of its own: mappings, and clock gaps."""
    name = scratch.new_name("tidemark_bundle")
    with scratch.database(settings.dsn or "", name, "tidemark bundle derives mappings there") as connection:
        yield from deployment.apply(connection, settings, project)
        return bundles.derived(connection), bundles.gaps(connection)


@app.command()
def bundle(
    context: typer.Context,
    uses: Annotated[
        str | None,
        typer.Option(
            "--uses",
            help='Shipped families, with commas; "" for the core alone. Without it: the project at hand.',
            metavar="FAMILIES",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the script to a file.", metavar="FILE")
    ] = None,
) -> None:
    """Print one SQL script that does what apply does: psql alone runs it. A project with
    stored views is applied to a scratch database first, to derive what changes of their sources mean."""
    me = call(context)
    project = current() if uses is None else shipped(tuple(name.strip() for name in uses.split(",") if name.strip()))
    found: Derived = ([], [])
    if bundles.needs_derived(project):
        with me.database() as (_, settings):
            found = me.output.run(_derived(settings, project), "deriving mappings on a scratch database")
    text = bundles.script(project, *found)
    if output is None:
        if not me.output.as_json:
            typer.echo(text, nl=False)
        me.finish({"script": text})
    output.write_text(text, encoding="utf-8")
    me.output.say(f"wrote       {output}")
    me.output.say("next        psql -X -v ON_ERROR_STOP=1 -f " + str(output))
    me.finish({"path": str(output), "bytes": len(text.encode())})
