"""tidemark bundle: one SQL script for databases that no runner may enter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidemark.cli.base import app, call
from tidemark.deploy.apply import bundle as bundles
from tidemark.project import current, shipped


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
    """Print one SQL script that does what apply does: psql alone runs it. Needs no database."""
    me = call(context)
    project = current() if uses is None else shipped(tuple(name.strip() for name in uses.split(",") if name.strip()))
    text = bundles.script(project)
    if output is None:
        if not me.output.as_json:
            typer.echo(text, nl=False)
        me.finish({"script": text})
    output.write_text(text, encoding="utf-8")
    me.output.say(f"wrote       {output}")
    me.output.say("next        psql -X -v ON_ERROR_STOP=1 -f " + str(output))
    me.finish({"path": str(output), "bytes": len(text.encode())})
