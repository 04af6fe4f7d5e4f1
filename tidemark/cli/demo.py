"""The command demo."""

from __future__ import annotations

import shutil
from typing import Annotated, Any

import typer

from tidemark import config, db, demo, demo_shop, server
from tidemark.cli.base import Call, app, call
from tidemark.cli.refresh import show_freshness
from tidemark.errors import UsageProblem


@app.command(name="demo")
def demo_command(
    context: typer.Context,
    models: Annotated[int, typer.Option("--models", min=1, max=1_000_000, help="Size of the bank.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed, another bank.")] = 1,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Also fill a database named by --dsn.")] = False,
) -> None:
    """Build a bank of models and load the files of a shop, refresh their stored views, print the reports.

    Run it again and it reads what is there. Without --dsn it uses the embedded PostgreSQL.

    \b
      tidemark demo
      tidemark demo --models 100000
    """
    me = call(context)
    with me.database() as (connection, settings):
        if not settings.is_embedded and not yes and demo.model_count(connection) == 0:
            raise UsageProblem(
                f"demo would fill {db.target(settings.dsn or '')} with invented rows",
                hint="Confirm it with --yes, or leave --dsn out to use the embedded PostgreSQL.",
            )
        count = me.output.run(demo.prepare(connection, settings, models, seed), "preparing")
        found = demo.report(connection, count)
        places = _places(connection, settings)
    _show(me, found)
    _show_places(me, places)
    me.finish({"report": found, "connect": places})


def _show(me: Call, found: demo.Report) -> None:
    out = me.output
    out.say(f"\nProgramme KPIs of {found.models:,} models", "bold")
    columns = ("id", "metric", "category", *found.scopes)
    previous = ""
    rows = []
    for row in found.kpi:
        is_first = row.metric_id != previous
        name = (row.metric_id, row.metric_name) if is_first else ("", "")
        rows.append((*name, row.category, row.for_all, row.for_region, row.for_team))
        previous = row.metric_id
    out.table(None, columns, rows)
    out.say(f"\nDeployed without a valid validation: {found.compliance_total:,}; the newest", "bold")
    columns = ("region", "model", "name", "version", "deployed", "validation")
    out.table(None, columns, [tuple(row) for row in found.exceptions])
    out.say("\nAttestation cycles", "bold")
    columns = ("cycle", "status", "due", "records", "pending", "accepted", "coverage %")
    out.table(None, columns, [tuple(row) for row in found.cycles])
    _show_shop(me, found.shop)
    out.say("\nFreshness of what the reports read", "bold")
    show_freshness(me, found.freshness)


def _show_shop(me: Call, found: demo_shop.Report) -> None:
    out = me.output
    parts: list[tuple[str, tuple[str, ...], list[Any]]] = [
        (
            f"Files of the shop {demo_shop.SHOP}, some records broken on purpose",
            ("file", "kind", "status", "records", "processed", "rejected", "replaced"),
            found.uploads,
        ),
        (
            "What was wrong with them",
            ("severity", "reason", "column", "records", "first in row", "its value"),
            found.issues,
        ),
        (
            "How complete the shop is",
            ("orders", "lines", "variants", "in catalog", "missing there", "coverage", "unresolved", "readiness"),
            found.coverage,
        ),
        ("Bought together", ("who buys", "also buys", "orders", "confidence %", "lift"), found.pairs),
        ("Proposed bundles", ("rank", "articles", "confidence %", "lift", "score"), found.bundles),
    ]
    for title, columns, rows in parts:
        out.say(f"\n{title}", "bold")
        out.table(None, columns, [tuple(row) for row in rows])


def _places(connection: db.Connection, settings: config.Settings) -> dict[str, Any]:
    if not settings.is_embedded:
        return {"dsn": db.target(settings.dsn or "")}
    state = server.status(settings)
    return {"folder": state.folder, "dsn": state.dsn, "bi": server.dashboard_login(settings, connection)}


def _show_places(me: Call, places: dict[str, Any]) -> None:
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
    out.say("next       tidemark freshness, tidemark explain model_risk.model_status_by_model, tidemark --help")
