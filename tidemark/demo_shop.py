"""The shop of the demonstration: files with some broken records, loaded, and what is read from them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.config import Settings
from tidemark.data.commerce.generate import Plan, generate
from tidemark.errors import DatabaseRefused
from tidemark.load import uploads
from tidemark.steps import Step, Steps

SHOP = "demo.example"
RUN = "demo"
PLAN = Plan(lines=1_000, seed=2, dirt=2)


@dataclass(frozen=True)
class Report:
    """What the demonstration shows of its shop: rows of uploads, issues, coverage, pairs and bundles."""

    uploads: list[Any]
    issues: list[Any]
    coverage: list[Any]
    pairs: list[Any]
    bundles: list[Any]


def prepare(connection: db.Connection, settings: Settings) -> Steps[None]:
    """Loads the files of the shop, mines its rules and makes bundles of them; nothing when the shop is there.

    Errors: DatabaseRefused when a file is not loaded.
    """
    if db.value(connection, "shop_has_files", shop_id=SHOP):
        return
    with tempfile.TemporaryDirectory() as folder:
        files = yield from generate(PLAN, Path(folder))
        jobs = [
            uploads.Job("commerce", str(Path(folder) / file.file), {"shop": SHOP, "run": RUN}, again=True)
            for file in files
        ]
        for loaded in (yield from uploads.load_files(settings, jobs)):
            if loaded.error is not None:
                raise loaded.error
            if not loaded.is_good:
                raise DatabaseRefused(f"{loaded.upload.file_name} was not loaded: {loaded.upload.error_message}")
    yield Step("looking for articles that are bought together")
    db.value(connection, "mine_rules", shop_id=SHOP, run_id=RUN)
    db.fetch(connection, "propose_bundles", shop_id=SHOP, run_id=RUN)


def report(connection: db.Connection) -> Report:
    """Reads the shop through the views that dashboards read, its issues through the loader's."""
    return Report(*(db.fetch(connection, f"demo_shop_{part}", shop_id=SHOP) for part in Report.__annotations__))
