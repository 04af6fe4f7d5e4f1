"""load.discard_uploads(): what may go goes, what may not stands in nobody's way."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.once

GOOD = b"item_id,place_id,available\nI1,L1,5\nI2,L1,x\n"
ORDERS = b"order_id,created_at,sku,quantity,unit_price\n1,2024-01-05,A-1,2,12.50\n2,2024-01-05,A-1,x,1\n"
LONG_AGO = "UPDATE load.uploads SET started_at = started_at - interval '2 years', finished_at = finished_at - interval '2 years'"


def run(place: Any, *statements: str) -> Any:
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        connection.execute("SET ROLE tidemark")
        for statement in statements:
            result = connection.execute(statement)
        return result.fetchone()[0] if result.description else None  # type: ignore[index]


def test_old_uploads_of_a_shop_stay_and_keep_nothing_else_alive(place: Any) -> None:
    shop = place.load(ORDERS, "commerce")
    stock = place.load(GOOD, again=True)
    run(place, LONG_AGO)
    young = place.load(GOOD, again=True)
    half = run(place, "SELECT load.open_upload('stock', 'x.csv', '{\"shop\": \"a\"}')")
    run(place, f"SELECT load.begin_staging({half}, '{{a}}')")
    run(place, f"UPDATE load.uploads SET started_at = now() - interval '2 days' WHERE upload_id = {half}")
    assert run(place, "SELECT load.discard_uploads()") == 2
    rows = place.rows("SELECT upload_id, load_status FROM load.uploads ORDER BY upload_id")
    assert [tuple(row.values()) for row in rows] == [
        (shop.upload_id, "loaded"),
        (young.upload_id, "loaded"),
        (half, "failed"),
    ]
    assert stock.upload_id not in [row["upload_id"] for row in rows]
    # the raw records of the shop are gone, what was wrong with them is known as long as its upload is
    assert place.rows("SELECT upload_id FROM load.rejected_records") == [{"upload_id": young.upload_id}]
    assert place.rows("SELECT row_no, reason FROM commerce.ingest_issues") == [{"row_no": 2, "reason": "bad_number"}]
    assert place.leftovers() == []
    assert run(place, "SELECT load.discard_uploads()") == 0
    # with the rows of the domain it goes at last
    run(place, "DELETE FROM commerce.orders", "DELETE FROM commerce.csv_uploads")
    assert run(place, "SELECT load.discard_uploads()") == 1


def test_a_reference_that_cannot_be_read_only_keeps_its_own_upload(place: Any) -> None:
    first, second = place.load(GOOD), place.load(GOOD, again=True)
    with psycopg.connect(place.dsn, autocommit=True) as connection:  # a superuser's table, not readable for the owner
        connection.execute("CREATE TABLE stock.kept (n bigint REFERENCES load.uploads)")
        connection.execute("INSERT INTO stock.kept VALUES (%s)", [first.upload_id])
        connection.execute("REVOKE ALL ON stock.kept FROM tidemark")
        connection.execute("ALTER TABLE stock.kept OWNER TO postgres")
    run(place, LONG_AGO)
    assert run(place, "SELECT load.discard_uploads()") == 1
    assert place.rows("SELECT upload_id FROM load.uploads") == [{"upload_id": first.upload_id}]
    assert second.upload_id != first.upload_id


def test_a_hook_that_fails_keeps_no_upload_alive(place: Any) -> None:
    numbers = [run(place, "SELECT load.open_upload('stock', 'x.csv', '{\"shop\": \"a\"}')") for _ in range(2)]
    for number in numbers:
        run(place, f"SELECT load.begin_staging({number}, '{{a}}')")
    run(place, LONG_AGO)
    run(
        place,
        "CREATE OR REPLACE FUNCTION stock.end_upload(p_upload_id bigint) RETURNS void LANGUAGE plpgsql"
        f" AS 'BEGIN IF p_upload_id = {numbers[0]} THEN RAISE division_by_zero; END IF; END'",
    )
    assert run(place, "SELECT load.discard_uploads()") == 2
    rows = place.rows("SELECT load_status, error_code, error_detail FROM load.uploads ORDER BY upload_id")
    assert [tuple(row.values()) for row in rows] == [
        ("failed", "discarded", "Its domain could not follow: division_by_zero (22012)"),
        ("failed", "discarded", None),
    ]
    assert place.leftovers() == []


@pytest.mark.parametrize(
    "space", ["", " ", "\t", "\n", "\u00a0", "\u2003", "\x1c", "\x1f", "\u3000", "\ufeff", "\u200b", "'", "''"]
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_guarded_cell_comes_back_exactly(place: Any, space: str, sign: str) -> None:
    cell = f"{space}{sign}1+1"
    (row,) = place.rows("SELECT load.guarded(%s) AS guarded, load.unguarded(load.guarded(%s)) AS back", cell, cell)
    assert row == {"guarded": f"'{cell}", "back": cell}


@pytest.mark.parametrize("cell", ["", "-5", " -5", "+1e3", "x=1", "'x", "\u00a0x", "it's"])
def test_other_cells_are_left_alone(place: Any, cell: str) -> None:
    (row,) = place.rows("SELECT load.guarded(%s) AS guarded, load.unguarded(%s) AS back", cell, cell)
    assert row == {"guarded": cell, "back": cell}


def test_every_tick_tidies_up(place: Any) -> None:
    place.load(GOOD)
    run(place, LONG_AGO, "CALL refresh.tick()")
    assert place.rows("SELECT upload_id FROM load.uploads") == []
    (chore,) = place.rows(
        "SELECT error_code, last_at IS NULL AS is_new FROM refresh_internal.chores WHERE call = 'load.discard_uploads'"
    )
    assert chore == {"error_code": None, "is_new": False}
