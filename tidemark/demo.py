"""The demonstration: a bank of models and a shop, from an empty database to reports. Every figure comes from SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tidemark import db, demo_shop, project, refresh
from tidemark.config import Settings
from tidemark.deploy import apply
from tidemark.errors import DatabaseRefused
from tidemark.generate import Request, generate
from tidemark.golden import files as golden_files
from tidemark.golden import load
from tidemark.steps import Step, Steps

SCHEMA = "model_risk"
CASES = "tests/golden/model_risk"  # in a checkout: an inventory built for the edges of every rule


@dataclass(frozen=True)
class Report:
    """What the demonstration shows. ``kpi``: rows with one column a scope; names of the scopes in ``scopes``."""

    models: int
    scopes: list[str]
    kpi: list[Any]
    compliance_total: int
    exceptions: list[Any]
    cycles: list[Any]
    shop: demo_shop.Report
    freshness: list[Any]


def prepare(connection: db.Connection, settings: Settings, models: int, seed: int) -> Steps[int]:
    """Applies the files, fills an empty inventory and an empty shop, refreshes; returns how many models there are.

    Rows that are there stay as they are: a second call only refreshes.

    Errors: those of apply, of the generator and of the loader; DatabaseRefused when a stored view fails.
    """
    yield from apply.apply(connection, settings, project.shipped())
    count = model_count(connection)
    if count == 0:
        cases = project.library() / CASES / "tables"
        if cases.is_dir():
            yield Step("loading the inventory of edge cases")
            yield from load.load_tables(connection, SCHEMA, golden_files.find(cases).values())
        yield Step(f"generating {models:,} models and everything around them")
        request = Request(models, date.today(), seed, append=model_count(connection) > 0)
        yield from generate(connection, SCHEMA, request)
        count = model_count(connection)
    yield from demo_shop.prepare(connection, settings)
    yield Step("refreshing the stored views")
    for row in (yield from refresh.run(connection, settings, [])):
        if row.mode == "failed" and not row.view_name.startswith(f"{SCHEMA}."):
            yield Step(f"{row.view_name} failed: {row.error_message}", is_warning=True)
        elif row.mode == "failed":
            raise DatabaseRefused(
                f"{row.view_name}: {row.error_message}",
                detail=row.error_detail or None,
                hint=row.error_hint or None,
                sqlstate=row.error_code,
            )
    return count


def model_count(connection: db.Connection) -> int:
    """Models in the inventory; 0 also when the tables are not there yet."""
    if not db.value(connection, "has_inventory"):
        return 0
    return int(db.value(connection, "model_count"))


def report(connection: db.Connection, models: int) -> Report:
    """Reads the reports through the public functions and views."""
    region, team = (db.fetch(connection, f"demo_{scope}") for scope in ("region", "team"))
    region_id, region_name = (region[0].region_id, region[0].name) if region else (None, "no region")
    team_id, team_name = (team[0].team_id, team[0].name) if team else (None, "no team")
    return Report(
        models=models,
        scopes=["all models", f"region {region_name}", f"team {team_name}"],
        kpi=db.fetch(connection, "demo_kpi", region_id=region_id, team_id=team_id),
        compliance_total=int(db.value(connection, "demo_compliance_total")),
        exceptions=db.fetch(connection, "demo_exceptions"),
        cycles=db.fetch(connection, "demo_cycles"),
        shop=demo_shop.report(connection),
        freshness=refresh.freshness(connection),
    )
