"""The command demo."""

from __future__ import annotations

import shutil
from typing import Annotated, Any

import typer

from tidemark import access, config, db, demo, refresh, server
from tidemark.cli.base import Call, app, call
from tidemark.cli.refresh import show_freshness
from tidemark.errors import UsageProblem


@app.command(name="demo")
def demo_command(
    context: typer.Context,
    families: Annotated[
        list[str] | None,
        typer.Argument(help="Families to show; all that are shipped, if none.", metavar="[FAMILY]..."),
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", min=1, max=1_000_000, help="Rows of what a generated family is about.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed, other rows.")] = 1,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Also fill a database named by --dsn.")] = False,
) -> None:
    """Fill a database with invented rows of the shipped families, refresh the stored views, print the reports.

    Run it again and it reads what is there. Without --dsn it uses the embedded PostgreSQL.

    \b
      tidemark demo
      tidemark demo --size 100000
    """
    me = call(context)
    found = demo.shows(families or None)
    with me.database() as (connection, settings):
        if not settings.is_embedded and not yes and not demo.is_filled(connection, found):
            raise UsageProblem(
                f"demo would fill {db.target(settings.dsn or '')} with invented rows",
                hint="Confirm it with --yes, or leave --dsn out to use the embedded PostgreSQL.",
            )
        me.output.run(demo.prepare(connection, settings, found, size, seed), "preparing")
        tables = demo.report(connection, found)
        freshness = refresh.freshness(connection)
        places = _places(connection, settings)
    for table in tables:
        me.output.say(f"\n{table.title}", "bold")
        me.output.table(None, table.columns, table.rows)
    me.output.say("\nFreshness of what the reports read", "bold")
    show_freshness(me, freshness)
    _show_places(me, places, freshness[0].view_name if freshness else "VIEW")
    me.finish({"report": tables, "freshness": freshness, "connect": places})


def _places(connection: db.Connection, settings: config.Settings) -> dict[str, Any]:
    if not settings.is_embedded:
        return {"dsn": db.target(settings.dsn or "")}
    state = server.status(settings)
    bi = server.dashboard_login(settings, connection)
    access.secure(connection, bi["user"])
    return {"folder": state.folder, "dsn": state.dsn, "bi": bi}


def _show_places(me: Call, places: dict[str, Any], view: str) -> None:
    out = me.output
    out.say("\nWhere it is", "bold")
    if "bi" not in places:
        out.say(f"database   {places['dsn']}")
        return
    bi = places["bi"]
    psql = "psql" if shutil.which("psql") else str(server.program("psql"))
    out.say(f"database   {places['folder']} (it keeps running; tidemark server stop ends it)")
    out.say(f'psql       {psql} "{places["dsn"]}"')
    out.say(f"BI tool    host {bi['host']}, port {bi['port']}, database {bi['database']}, user {bi['user']}")
    out.say(f"           password in {bi['pgpass']} (last field); it reads the views of schema bi")
    out.say(f"next       tidemark freshness, tidemark explain {view}, tidemark --help")
