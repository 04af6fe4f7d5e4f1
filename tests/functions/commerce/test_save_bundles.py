"""Saving bundles in one call: what is stored, kept, refused, ranked; and that saving again changes nothing."""

from __future__ import annotations

import json
from typing import Any

import psycopg

Shop = psycopg.Connection[Any]
# the uploads of the fixture
UPLOADS = {
    kind: f"00000000-0000-4000-8000-00000000000{number}"
    for number, kind in enumerate(("orders", "variants", "catalog_joined"), start=1)
}


def save(shop: Shop, *records: dict[str, Any]) -> tuple[int, ...]:
    """inserted, updated, rejected, duplicates"""
    given = [{"upload": UPLOADS["orders"], "products": ["V1", "V2"], **record} for record in records]
    row = shop.execute(
        "SELECT inserted, updated, rejected, duplicates FROM commerce.save_bundles(%s)", [json.dumps(given)]
    ).fetchone()
    assert row
    return tuple(row)


def rows(shop: Shop, columns: str) -> list[tuple[Any, ...]]:
    return shop.execute(f"SELECT {columns} FROM commerce.bundle_recommendations ORDER BY rank_position").fetchall()


def test_any_upload_of_the_run_leads_to_the_canonical_one(shop: Shop) -> None:
    assert save(shop, {"upload": UPLOADS["variants"]}) == (1, 0, 0, 0)
    assert str(rows(shop, "csv_upload_id")[0][0]) == UPLOADS["orders"]


def test_saving_the_same_list_again_writes_nothing(shop: Shop) -> None:
    batch = [{"products": [f"V{number}"], "confidence": number / 10} for number in range(1, 8)]
    assert save(shop, *batch) == (7, 0, 0, 0)
    before = rows(shop, "*, xmin, ctid")
    assert save(shop, *batch) == (0, 7, 0, 0)
    assert rows(shop, "*, xmin, ctid") == before


def test_content_is_overwritten_and_the_decision_of_the_merchant_kept(shop: Shop) -> None:
    save(shop, {"confidence": 0.5})
    bundle = rows(shop, "id")[0][0]
    shop.execute("SELECT commerce.approve_bundle(%s)", [bundle])
    assert save(shop, {"confidence": 0.75, "id": "00000000-0000-4000-8000-00000000000f"}) == (0, 1, 0, 0)
    assert [(row[0], str(row[1]), row[2]) for row in rows(shop, "id, confidence, is_approved")] == [
        (bundle, "0.750000", True)
    ]


def test_an_id_is_used_for_a_new_bundle_only_while_it_is_free(shop: Shop) -> None:
    wanted = "00000000-0000-4000-8000-00000000000f"
    assert save(shop, {"id": wanted}, {"id": wanted, "products": ["V9"]}) == (2, 0, 0, 0)
    assert sum(str(identity) == wanted for (identity,) in rows(shop, "id")) == 1


def test_numbers_that_cannot_be_stored_are_refused_by_name(shop: Shop) -> None:
    batch = [
        {"products": ["A"], "confidence": 1.0000001},
        {"products": ["B"], "confidence": "high"},
        {"products": ["C"], "lift": 1e6},
        {"products": ["D"], "lift": 999999.9999994},
        {"products": ["E"], "confidence": -0.1},
    ]
    assert save(shop, *batch) == (1, 0, 4, 0)
    found = shop.execute("SELECT item_no, reason FROM commerce.bundle_save_issues ORDER BY item_no").fetchall()
    assert found == [(1, "out_of_range"), (2, "bad_number"), (3, "out_of_range"), (5, "out_of_range")]


def test_of_the_same_bundle_given_twice_the_better_one_stays_and_on_a_tie_the_first(shop: Shop) -> None:
    batch = [
        {"confidence": 0.4, "ranking_score": 1, "ai_copy": {"title": "first"}},
        {"confidence": 0.4, "ranking_score": 1, "ai_copy": {"title": "second"}, "products": ["V2", "V1"]},
        {"confidence": 0.3, "ranking_score": 1, "ai_copy": {"title": "third"}},
    ]
    assert save(shop, *batch) == (1, 0, 0, 2)
    assert rows(shop, "ai_copy ->> 'title'") == [("first",)]


def test_records_that_are_no_objects_are_refused_not_fatal(shop: Shop) -> None:
    row = shop.execute("SELECT rejected, issues FROM commerce.save_bundles('[1, \"x\", null, []]')").fetchone()
    assert row
    assert row[0] == 4
    assert {issue["reason"] for issue in row[1]} == {"unknown_upload"}


def test_checkpoints_are_ranked_apart(shop: Shop) -> None:
    save(
        shop,
        {"products": ["A"], "ranking_score": 9, "discount_reference": "__partial__:1"},
        {"products": ["B"], "ranking_score": 5},
        {"products": ["C"], "ranking_score": 7},
        {"products": ["D"], "ranking_score": 1, "discount_reference": "__partial__:1"},
    )
    ranks = dict(shop.execute("SELECT products ->> 0, rank_position FROM commerce.bundle_recommendations").fetchall())
    assert ranks == {"A": 1, "D": 2, "C": 1, "B": 2}
    best = "SELECT products ->> 0 FROM commerce.bundles_of(%s, 1)"
    assert shop.execute(best, [UPLOADS["catalog_joined"]]).fetchall() == [("C",)]
    assert shop.execute("SELECT commerce.clear_bundles(%s, '__partial__', 1)", [UPLOADS["orders"]]).fetchone() == (1,)


def test_statements_do_not_grow_with_the_bundles(shop: Shop) -> None:
    """One statement a call: the server counts what ran inside it by the calls of the ranking function."""
    shop.execute("SET LOCAL track_functions = 'all'")
    calls = "SELECT coalesce(sum(calls), 0) FROM pg_stat_xact_user_functions WHERE schemaname = 'commerce' AND funcname = 'read_bundles'"
    (before,) = shop.execute(calls).fetchone() or (0,)
    save(shop, *({"products": [f"P{number}"]} for number in range(500)))
    (after,) = shop.execute(calls).fetchone() or (0,)
    assert after - before == 2
    assert shop.execute("SELECT record_count, inserted_count FROM commerce.bundle_saves").fetchall() == [(500, 500)]
