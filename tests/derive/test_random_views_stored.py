"""Views that nobody wrote, kept by the engine with derived mappings: stored is live after each run of random histories.

TIDEMARK_TEST_WALKS multiplies them; a failing one prints its seed, its view and the history as SQL.
"""

from __future__ import annotations

import importlib.util
import os
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.derive import catalog
from tidemark.errors import DatabaseRefused
from tidemark.proof import prove, tables
from tidemark.proof.stage import Stage

WALKS = int(os.environ.get("TIDEMARK_TEST_WALKS", "1"))
FIRST = int(os.environ.get("TIDEMARK_TEST_FIRST_SEED", "0"))
VIEWS = 4 * WALKS
STEPS = 200

_spec = importlib.util.spec_from_file_location("derive_grammar", Path(__file__).with_name("test_random_views.py"))
assert _spec
assert _spec.loader
grammar = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(grammar)


def test_stored_is_live_after_every_run(server: Any, applied_db: str, harness: Any) -> None:
    runs: Counter[str] = Counter()
    with server.database(applied_db) as name:
        dsn = server.owner_dsn(name)
        with db.connect(dsn) as connection:
            harness.create(connection)
            db.run(connection, "proof_helpers")
            for seed in range(FIRST, FIRST + VIEWS):
                view, keys = grammar.Grammar(seed, harness.TABLES).view()
                key = "{" + ",".join(keys) + "}"
                connection.execute(f"CREATE VIEW w.live AS {view.replace('{s}', 'w')}")
                try:
                    with db.transaction(connection):
                        connection.execute("SELECT refresh.store('w.kept', live => 'w.live', key => %s)", [key])
                        catalog.hand_over(connection)
                    proof = proved(connection, dsn, name, seed)
                    assert proof.difference is None, f"seed {seed}: {view}\n{proof.sql}"
                    runs.update(proof.runs)
                    connection.execute("SELECT refresh.drop_view('w.kept')")
                except DatabaseRefused as error:
                    raise AssertionError(f"seed {seed}: {view}: {error.message}") from error
                connection.execute("DROP VIEW w.live; TRUNCATE w.customers, w.orders, w.lines, w.products, w.tags")
    assert runs["keys"] > VIEWS * STEPS / 40, f"most runs are by key, or this says nothing: {dict(runs)}"


def proved(connection: db.Connection, dsn: str, name: str, seed: int) -> prove.Proof:
    """One history of the view, on a database of which nothing else is used."""
    subject = tables.subject(connection, ["w.kept"])
    stage = Stage(dsn, name, subject, date(2025, 6, 30))
    request = prove.Request(("w.kept",), seconds=0.0, seed=random.Random(seed).randint(1, 10**6), steps=STEPS)
    return prove.of_view(connection, stage, request, None)
