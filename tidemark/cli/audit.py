"""tidemark audit: the log of changes."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark import audit
from tidemark.cli.base import app, call
from tidemark.errors import ExitCode, UsageProblem

HELP = """Ask the log of changes.

\b
  tidemark audit show sales.orders 17                    the life of one row, in words
  tidemark audit verify                                  was anything altered, removed or slipped in?
  tidemark audit verify --known 812:9f86d081884c7d65...  also against a seal noted elsewhere"""

audit_app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(audit_app, name="audit")


@audit_app.command()
def show(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="Table as the log names it, such as sales.orders.")],
    key: Annotated[str, typer.Argument(help="Key of the row; of several columns a JSON array.")],
) -> None:
    """Tell the life of one row in words: who changed what, and when.

    Answers no (exit code 1) when the log knows nothing of it.
    """
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        entries = audit.life(connection, table, key)
    for entry in entries:
        for line in audit.sentences(entry):
            me.output.say(line)
    if not entries:
        me.output.say("nothing is recorded")
    me.finish(entries, ExitCode.OK if entries else ExitCode.NO)


@audit_app.command()
def verify(
    context: typer.Context,
    known: Annotated[
        str | None,
        typer.Option("--known", metavar="NUMBER:DIGEST", help="A seal that was noted outside of the database."),
    ] = None,
) -> None:
    """Say whether the log is as it was written; otherwise which entries were altered, removed or slipped in.

    Prints the newest seal: note it where the owner of the database cannot write, and a later verify can be told it.
    Answers no (exit code 1) when something was found.
    """
    me = call(context)
    number, _, digest = (known or "").partition(":")
    if known is not None and not (number.isdigit() and digest):
        raise UsageProblem("a seal is a number and its digest", hint="As verify prints it: --known 812:9f86d0…")
    with me.database(may_share=True) as (connection, _):
        problems, seal = audit.verify(connection, int(number) if known else None, digest or None)
    if problems:
        columns = ("problem", "seal", "entry", "recorded", "family", "table", "key", "remark")
        me.output.table(None, columns, [tuple(row) for row in problems])
    elif seal is None:
        me.output.say("nothing is sealed yet: ticks do it")
    else:
        me.output.say(f"{seal.entry_count} sealed entries are as they were written, and none is missing")
    if seal is not None:
        me.output.say(f"newest seal: {seal.seal_no}:{seal.digest}  ({seal.sealed_at:%Y-%m-%d %H:%M:%S %Z})")
    me.finish({"problems": problems, "newest_seal": seal}, ExitCode.NO if problems else ExitCode.OK)
