"""Files of a shop into the tables: totals, order of arrival, replacement, trials, repeats."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import psycopg
import pytest
from shop_files import Plan, generate

from tidemark.config import Settings
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

TABLES = ("orders", "order_lines", "variants", "catalog_snapshot", "inventory_levels")
FILES = ("orders.csv", "variants.csv", "catalog.csv", "inventory.csv")


class Shop:
    """One database and one folder of files."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.settings = Settings(dsn=dsn, dsn_source="the tests")

    def load(self, *names: str, side_by_side: int = 1, **options: Any) -> list[Any]:
        parameters = {"shop": "a.example", "run": "r1", **options.pop("parameters", {})}
        jobs = [Job("commerce", str(self.folder / name), parameters, **options) for name in names]
        return [loaded.upload for loaded in finish(load_files(self.settings, jobs, side_by_side))]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def state(self) -> dict[str, list[Any]]:
        """All rows without the upload that wrote them."""
        query = "SELECT to_jsonb(row) - 'csv_upload_id' FROM commerce.{} AS row ORDER BY 1"
        return {table: self.rows(query.format(table)) for table in TABLES}


@pytest.fixture
def shop(fresh_db: str, tmp_path: Path) -> Shop:
    return Shop(fresh_db, tmp_path)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(lines=2000),
        Plan(lines=2000, seed=2, dirt=5),
        Plan(lines=2000, seed=3, dirt=5, is_minimal=True),
        Plan(lines=2000, seed=4, dirt=5, is_shuffled=True),
        Plan(lines=2000, seed=5, dirt=30, is_minimal=True, is_shuffled=True, days=800),
    ],
    ids=["clean", "dirty", "minimal", "shuffled", "very dirty"],
)
def test_a_load_leaves_what_the_generator_says(shop: Shop, plan: Plan) -> None:
    finish(generate(plan, shop.folder))
    for upload, name in zip(shop.load(*FILES), FILES, strict=True):
        expected = json.loads((shop.folder / f"{name}.expected.json").read_text())
        assert (upload.total_rows, upload.rejected_rows, upload.superseded_rows) == (
            expected["total_rows"],
            expected["rejected_rows"],
            expected["superseded_rows"],
        ), name
    expected = json.loads((shop.folder / "orders.csv.expected.json").read_text())
    assert shop.rows("SELECT count(*), sum(line_total)::text FROM commerce.order_lines") == [
        (expected["lines"], expected["line_total"])
    ]
    assert shop.rows("SELECT count(*) FROM commerce.orders") == [(expected["orders"],)]


def test_the_same_plan_writes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        finish(generate(Plan(lines=500, dirt=2, is_shuffled=True), tmp_path / folder))
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_any_order_of_arrival_and_all_at_once_give_the_same_rows(
    server: Any, applied_db: str, tmp_path: Path
) -> None:
    finish(generate(Plan(lines=300, dirt=5), tmp_path))
    states = []
    for names, side_by_side in [*((order, 1) for order in list(permutations(FILES))[::7]), (FILES, 4)]:
        with server.database(applied_db) as name:
            shop = Shop(server.dsn(name), tmp_path)
            assert {upload.load_status for upload in shop.load(*names, side_by_side=side_by_side)} == {"loaded"}
            states.append(shop.state())
    assert all(state == states[0] for state in states)


def test_loading_again_leaves_the_same_rows_of_the_newer_upload(shop: Shop) -> None:
    finish(generate(Plan(lines=300, dirt=5), shop.folder))
    shop.load(*FILES)
    before = shop.state()
    shop.load(*FILES, again=True)
    assert shop.state() == before
    for table in TABLES:
        uploads = f"SELECT count(DISTINCT csv_upload_id), min(upl.upload_no) > 4 FROM commerce.{table} JOIN commerce.csv_uploads AS upl ON id = csv_upload_id"
        assert shop.rows(uploads) == [(1, True)], table


def test_a_repeated_file_is_told_and_leaves_no_upload(shop: Shop) -> None:
    finish(generate(Plan(lines=100), shop.folder))
    shop.load("orders.csv")
    assert [upload.load_status for upload in shop.load("orders.csv")] in (["repeated"], ["loaded"])
    assert shop.rows("SELECT count(*), count(*) FILTER (WHERE status = 'completed') FROM commerce.csv_uploads") == [
        (1, 1)
    ]


def test_a_trial_run_tells_the_counts_and_writes_nothing(shop: Shop) -> None:
    finish(generate(Plan(lines=100, dirt=5), shop.folder))
    for upload in shop.load(*FILES, is_dry_run=True):
        assert upload.load_status == "checked"
        assert upload.total_rows > 0
    assert all(rows == [] for rows in shop.state().values())
    assert shop.rows("SELECT count(*) FROM commerce.csv_uploads") == [(0,)]


def test_lines_that_are_gone_from_an_order_are_deleted_and_other_orders_stay(shop: Shop) -> None:
    header = "order_id,createdAt,lineItemQuantity,originalUnitPrice,lineItemId,variantId\n"
    (shop.folder / "first.csv").write_text(
        header + "O1,2025-01-01,1,10,L1,V\nO1,,1,10,L2,V\nO2,2025-01-01,1,10,L3,V\n"
    )
    (shop.folder / "second.csv").write_text(header + "O1,2025-01-02,5,10,L2,V\n")
    shop.load("first.csv", "second.csv")
    found = shop.rows("SELECT order_id, line_key, quantity FROM commerce.order_lines ORDER BY 1, 2")
    assert found == [("O1", "li:L2", 5), ("O2", "li:L3", 1)]


def test_an_upload_with_rows_cannot_be_deleted(shop: Shop) -> None:
    finish(generate(Plan(lines=50), shop.folder))
    shop.load(*FILES)
    with psycopg.connect(shop.dsn) as connection:
        for kind in ("variants", "catalog_joined", "inventory_levels"):
            with pytest.raises(psycopg.errors.ForeignKeyViolation), connection.transaction():
                connection.execute("DELETE FROM commerce.csv_uploads WHERE csv_type = %s", [kind])


def test_run_and_canonical_upload_are_resolved_when_registered(shop: Shop) -> None:
    finish(generate(Plan(lines=50), shop.folder))
    (variants,) = shop.load("variants.csv")
    (orders,) = shop.load("orders.csv")
    (catalog,) = shop.load("catalog.csv", parameters={"shop": " A.Example ", "run": " r1 "})
    query = "SELECT parameters ->> 'csv_upload_id', parameters ->> 'canonical_upload_id' FROM load.uploads WHERE upload_id = {}"
    own, canonical = shop.rows(query.format(variants.upload_id))[0]
    assert own == canonical, "no orders yet"
    own, canonical = shop.rows(query.format(orders.upload_id))[0]
    assert own == canonical
    assert shop.rows(query.format(catalog.upload_id))[0][1] == own, "shop and run are trimmed, the shop in lower case"
    assert shop.rows("SELECT count(DISTINCT canonical_upload_id) FROM commerce.upload") == [(1,)]


def test_timing_is_kept_by_phase_and_slow_ones_are_listed(shop: Shop) -> None:
    finish(generate(Plan(lines=50), shop.folder))
    shop.load("orders.csv")
    phases = {phase for (phase,) in shop.rows("SELECT phase FROM commerce.operation_timing")}
    assert phases >= {"parse", "stage", "validate", "merge", "total"}
    assert shop.rows("SELECT * FROM commerce.slow_operation") == []
    with psycopg.connect(shop.dsn) as connection:
        connection.execute("UPDATE commerce.timing_limits SET limit_ms = 0.001")
    assert shop.rows("SELECT operation, csv_type FROM commerce.slow_operation") == [("upload", "orders")]


def test_no_load_counts_the_coverage(shop: Shop) -> None:
    """Every coverage query asks the readiness rule, which refuses here."""
    finish(generate(Plan(lines=50), shop.folder))
    with psycopg.connect(shop.dsn) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION commerce.readiness("
            "orders_status text, variants_status text, catalog_status text, order_lines bigint, variants bigint, catalog bigint)"
            " RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'coverage was counted'; END; $$"
        )
    assert {upload.load_status for upload in shop.load(*FILES)} == {"loaded"}
    with pytest.raises(psycopg.errors.RaiseException):
        shop.rows("SELECT * FROM commerce.coverage_of('a.example', 'r1')")
