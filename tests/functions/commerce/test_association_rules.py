"""Rules of two and three items from a few baskets that can be counted by hand, and bundles made of them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import psycopg
import pytest

Shop = psycopg.Connection[Any]
# the uploads of the fixture
UPLOADS = {
    kind: f"00000000-0000-4000-8000-00000000000{number}"
    for number, kind in enumerate(("orders", "variants", "catalog_joined"), start=1)
}


def buy(shop: Shop, order: str, *items: tuple[str | None, str | None, int]) -> None:
    """One order with lines of (variant, SKU, quantity)."""
    shop.execute(
        "INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency) "
        "VALUES ('a.example', %s, %s, '2025-06-02', 'USD')",
        [order, UPLOADS["orders"]],
    )
    for number, (variant, sku, quantity) in enumerate(items):
        shop.execute(
            "INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, sku, quantity, unit_price, line_total)"
            " VALUES ('a.example', %s, %s, %s, %s, %s, %s, 1, 1)",
            [order, f"li:{number}", UPLOADS["orders"], variant, sku, quantity],
        )


def rules(shop: Shop, size: int = 3) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    shop.execute("SELECT commerce.mine_association_rules('a.example', 'r', %s)", [size])
    found = shop.execute(
        "SELECT array_to_string(antecedent, ';'), array_to_string(consequent, ';'), n_transactions, n_antecedent, n_consequent, n_both "
        "FROM commerce.association_rules"
    ).fetchall()
    return {(row[0], row[1]): tuple(row[2:]) for row in found}


def test_orders_with_one_item_do_not_count(shop: Shop) -> None:
    assert rules(shop) == {("V1", "V2"): (2, 2, 2, 2), ("V2", "V1"): (2, 2, 2, 2)}


def test_returns_repeated_lines_and_unknown_items_make_no_basket(shop: Shop) -> None:
    buy(shop, "O4", ("V1", None, 1), ("V3", None, -1))
    buy(shop, "O5", ("V1", None, 1), ("V1", None, 2))
    buy(shop, "O6", ("V1", None, 1), (None, "unknown", 1))
    assert rules(shop)["V1", "V2"] == (2, 2, 2, 2)


def test_a_line_with_an_sku_counts_for_the_only_variant_that_has_it(shop: Shop) -> None:
    shop.execute("UPDATE commerce.variants SET sku = 'S3' WHERE variant_id = 'V3'")
    buy(shop, "O4", ("V1", None, 1), (None, "S3", 1))
    assert rules(shop)["V3", "V1"] == (3, 1, 3, 1)
    shop.execute("UPDATE commerce.variants SET sku = 'S3' WHERE variant_id = 'V2'")
    assert ("V3", "V1") not in rules(shop), "two variants share it now"


def test_three_items_are_split_every_way_and_counted_once(shop: Shop) -> None:
    buy(shop, "O4", ("V1", None, 1), ("V2", None, 1), ("V3", None, 1))
    found = rules(shop)
    assert {pair for pair in found if ";" in pair[0] + pair[1]} == {
        ("V1", "V2;V3"), ("V2", "V1;V3"), ("V3", "V1;V2"), ("V1;V2", "V3"), ("V1;V3", "V2"), ("V2;V3", "V1"),
    }  # fmt: skip
    assert found["V1;V2", "V3"] == (3, 3, 1, 1)
    assert not [pair for pair in rules(shop, 2) if ";" in pair[0] + pair[1]], "pairs only"


def test_the_thresholds_are_tested_on_the_counts(shop: Shop) -> None:
    for number in range(98):
        buy(shop, f"X{number}", ("A", None, 1), ("B", None, 1))
    assert ("V1", "V2") in rules(shop), "2 of 100 is two percent"
    buy(shop, "X98", ("A", None, 1), ("B", None, 1))
    assert ("V1", "V2") not in rules(shop), "2 of 101 is less"


@pytest.mark.parametrize("seed", range(5))
def test_any_baskets_give_what_counting_them_one_by_one_gives(shop: Shop, seed: int) -> None:
    import random

    draw = random.Random(seed)
    baskets = [{"V1", "V2"}, {"V1", "V2"}]
    for number in range(60):
        chosen = draw.sample("ABCDEFG", draw.randint(1, 5))
        buy(shop, f"X{number}", *((item, None, 1) for item in chosen))
        if len(chosen) > 1:
            baskets.append(set(chosen))
    total = len(baskets)

    def count(items: set[str]) -> int:
        return sum(items <= basket for basket in baskets)

    expected = {}
    for size in (2, 3):
        for items in combinations(sorted({item for basket in baskets for item in basket}), size):
            both = count(set(items))
            if both and both * 50 >= total:
                for width in range(1, size):
                    for left in combinations(items, width):
                        right = tuple(item for item in items if item not in left)
                        if both * 20 >= count(set(left)):
                            expected[";".join(left), ";".join(right)] = (
                                total,
                                count(set(left)),
                                count(set(right)),
                                both,
                            )
    assert rules(shop) == expected


def test_pair_bundles_take_catalog_prices_and_leave_an_unknown_price_out(shop: Shop) -> None:
    for number in range(4):
        buy(shop, f"X{number}", ("V3", None, 1), ("gone", None, 1))
    buy(shop, "X9", ("A", None, 1), ("B", None, 1))
    shop.execute("SELECT commerce.mine_association_rules('a.example', 'r')")
    assert shop.execute("SELECT * FROM commerce.propose_pair_bundles('a.example', 'r')").fetchone() == (3, 0)
    found = dict(
        shop.execute(
            "SELECT array_to_string(commerce.bundle_variant_ids(products), ';'), pricing FROM commerce.bundle_recommendations"
        ).fetchall()
    )
    assert found["V1;V2"] == {
        "original_total": 40.0,
        "bundle_price": 36.0,
        "discount_amount": 4.0,
        "discount_percentage": 10,
    }
    assert found["V3;gone"] == {} == found["A;B"]
    assert shop.execute("SELECT * FROM commerce.propose_pair_bundles('a.example', 'r')").fetchone() == (0, 3)
