"""tidemark access: who may see which rows of bi."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark import access
from tidemark.cli.base import DryRun, app, call

HELP = """Say which rows of bi a login may see. Without a grant it sees none.

A grant opens the rows of one value of a family's scope, such as one region; grants add up, and none takes away.
It belongs to a login, or to a group role and so to its members, and works from the next statement on, as does
taking it away. Members of tidemark_bi_all see every row without a grant.

\b
  psql -c "CREATE ROLE ann LOGIN PASSWORD '...'; GRANT tidemark_bi TO ann"
  tidemark access values                        what can be granted, family by family
  tidemark access grant ann sales shop alpha.example beta.example
  tidemark access grant ann sales all           every row of the family
  tidemark access show ann
  tidemark access revoke ann sales shop alpha.example
  tidemark access secure ann                    timeouts, read only, no temporary tables

It changes rows of access.grants through the functions of schema access, which any SQL client may call as well."""

access_app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(access_app, name="access")

Login = Annotated[str, typer.Argument(help="A login or a group role.")]
Values = Annotated[list[str] | None, typer.Argument(metavar="[VALUE]...", help="Values, or labels that are unique.")]


@access_app.command()
def grant(
    context: typer.Context,
    login: Login,
    family: Annotated[str, typer.Argument(help="Schema of the family.")],
    kind: Annotated[str, typer.Argument(help="A kind of its scope, or all: every row.")],
    values: Values = None,
    not_yet: Annotated[bool, typer.Option("--not-yet", help="Also values that do not exist yet.")] = False,
) -> None:
    """Let a login see the rows of some values."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        count = access.grant(connection, login, family, kind, values or [], must_exist=not not_yet)
    me.output.say(f"{count} new" if count else "nothing new: it was granted before")
    me.finish({"granted": count})


@access_app.command()
def revoke(
    context: typer.Context,
    login: Login,
    family: Annotated[str | None, typer.Argument(help="Only of this family.")] = None,
    kind: Annotated[str | None, typer.Argument(help="Only of this kind.")] = None,
    values: Values = None,
) -> None:
    """Take grants away: one, those of a kind, of a family, or all of a login.

    No statement that starts after it sees their rows. Statements that run are not ended.
    """
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        count = access.revoke(connection, login, family, kind, values or [])
    me.output.say(f"{count} revoked" if count else "nothing was granted")
    me.finish({"revoked": count})


@access_app.command()
def show(
    context: typer.Context, login: Annotated[str | None, typer.Argument(help="A login or a group role.")] = None
) -> None:
    """Show what was granted, to whom and by whom, and whether it holds."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        rows = access.grants(connection, login)
    columns = ("login", "family", "kind", "value", "opens", "granted by", "since", "remark")
    shown = [(*row[:5], row.granted_by, row.granted_at, row.problem) for row in rows]
    me.output.table(None, columns, shown)
    me.finish(rows)


@access_app.command()
def values(
    context: typer.Context, family: Annotated[str | None, typer.Argument(help="Only of this family.")] = None
) -> None:
    """List what can be granted."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        rows = access.values(connection, family)
    me.output.table(None, ("family", "kind", "value", "is"), [tuple(row) for row in rows])
    me.finish(rows)


@access_app.command()
def confirm(
    context: typer.Context,
    login: Login,
    formerly: Annotated[str | None, typer.Option("--formerly", help="What the role was called before.")] = None,
) -> None:
    """Say that the role of this name is the one meant, after a restore into another cluster or a new name."""
    me = call(context)
    with me.database(may_share=True) as (connection, _):
        count = access.confirm(connection, login, formerly)
    me.output.say(f"{count} hold again" if count else "nothing was waiting")
    me.finish({"confirmed": count})


@access_app.command()
def secure(context: typer.Context, login: Login, dry_run: DryRun = False) -> None:
    """Give a BI login, and the database, what they should have.

    Read-only default, timeouts, search_path bi, a limit of connections; no CONNECT and no temporary tables for
    everybody. It asks for the rights to alter the login and the database; --dry-run prints the statements.
    """
    me = call(context)
    with me.database() as (connection, _):
        found = access.gaps(connection, login) if dry_run else access.secure(connection, login)
        left = found if dry_run else access.gaps(connection, login)
    for gap in found:
        if gap.remedy and (dry_run or gap.is_possible):
            me.output.say(gap.remedy)
    for gap in left:
        if dry_run or not gap.is_possible:
            me.output.note(f"{gap.login or 'database'}: {gap.problem}")
    if not found:
        me.output.say("nothing is lacking")
    me.finish({"found": found, "left": left})
