"""tidemark new: SQL files with header and test, in the right place."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tidemark import adopt, scaffold
from tidemark.cli.base import app, call
from tidemark.deploy.plan import adoptions
from tidemark.errors import UsageProblem
from tidemark.project import current
from tidemark.scaffold import Made

new = typer.Typer(
    help="Write a new SQL file with its header and a test, in the right place. Needs no database, stored apart.\n\n"
    "\b\n"
    "  tidemark new migration shop_labels\n"
    "  tidemark new view shop.label_count\n"
    "  tidemark new view shop.label_count_by_order --layer stored --key order_id\n"
    "  tidemark new view shop_label --layer bi\n"
    "  tidemark new stored shop.totals --from shop.totals --key customer_id\n"
    "  tidemark new function shop.is_labelled --layer rules",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(new, name="new")


class ViewLayer(StrEnum):
    """Layers that hold views."""

    live = "live"
    stored = "stored"
    bi = "bi"


class FunctionLayer(StrEnum):
    """Layers that hold functions."""

    rules = "rules"
    actions = "actions"
    triggers = "triggers"


@new.command()
def migration(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SCHEMA_CHANGE")],
    new_schema: Annotated[bool, typer.Option("--new-schema", help="It makes the schema it is named for.")] = False,
) -> None:
    """A migration with the next number, its rollback file and a test."""
    _told(context, scaffold.migration(name, is_first=new_schema))


@new.command()
def view(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SCHEMA.NAME")],
    layer: Annotated[ViewLayer, typer.Option(help="Where it belongs.")] = ViewLayer.live,
    live: Annotated[str | None, typer.Option(help="Live view that a stored one keeps; taken from its name.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="Column of a stored view's key; once for each.")] = None,
) -> None:
    """A view and its test: live (always current), stored (kept by the engine) or bi (for dashboards)."""
    _told(context, scaffold.view(name, layer.value, live=live, key=tuple(key or ())))


@new.command()
def stored(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SCHEMA.NAME")],
    from_: Annotated[
        str, typer.Option("--from", help="The materialized view to adopt; the stored view bears its name.")
    ],
    key: Annotated[
        str | None, typer.Option(help="Columns that identify a row, with commas.", metavar="COLUMNS")
    ] = None,
    due: Annotated[str | None, typer.Option(help="Column of the row's next change by time alone.")] = None,
) -> None:
    """The two files that turn a materialized view into a stored view of the same name. Reads the database."""
    me = call(context)
    if name != from_:
        raise UsageProblem(
            f"the stored view would bear another name than {from_}",
            hint=f"Write: tidemark new stored {from_} --from {from_}",
        )
    columns = tuple(word.strip() for word in (key or "").split(",") if word.strip())
    with me.database() as (connection, _):
        made, planned = adopt.write(connection, current(), name, key=columns, due=due)
    me.output.say(adoptions.in_words(planned))
    _told(context, made)


@new.command()
def function(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SCHEMA.NAME")],
    layer: Annotated[FunctionLayer, typer.Option(help="Where it belongs.")] = FunctionLayer.rules,
) -> None:
    """A function and its test: rules (pure decisions), actions (reads and writes) or triggers."""
    _told(context, scaffold.function(name, layer.value))


def _told(context: typer.Context, made: Made) -> None:
    me = call(context)
    for path in made.paths:
        me.output.say(f"wrote       {path}")
    for step in made.next_steps:
        me.output.say(f"next        {step}")
    me.finish(made)
