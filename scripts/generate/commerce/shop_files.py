"""Files of one shop in any size: orders, variants, catalog and stock, with what a load of each must give.

Written record by record: ten million lines need no more memory than a thousand. The same plan gives the same bytes.
Figures follow docs/commerce.md, "Realistic data". No database is involved: load the files with ``tidemark load``.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO, TypeVar

from articles import Article, Shop, make_shop

from tidemark.steps import Step, Steps

FULL_HEADER = (
    "order_id,name,createdAt,currencyCode,displayFinancialStatus,displayFulfillmentStatus,subtotalPrice,"
    "totalShippingPrice,totalTax,totalPrice,customerEmail,shippingCountryCode,shippingProvince,shippingCity,lineItemId,"
    "lineItemName,lineItemQuantity,sku,vendor,variantTitle,productId,productTitle,productType,variantId,"
    "originalUnitPrice,discountedTotal,lineItemTotalDiscount,requiresShipping,isGiftCard,taxable,imageUrl"
)
MINIMAL_HEADER = "orderId,lineItemId,variantId,sku,createdAt,lineItemQuantity,originalUnitPrice,currency"
LINES_PER_ORDER = ((1, 2, 3, 4, 5, 7), (46, 73, 87, 94, 98, 100))
QUANTITIES = ((1, 2, 3, 5, 12), (740, 920, 970, 990, 1000))
COUNTRIES = (("US", "CA", "GB", "DE", "FR", "AU", "NL"), (45, 58, 70, 82, 90, 96, 100))
PAYMENTS = (("PAID", "PENDING", "REFUNDED", "PARTIALLY_REFUNDED"), (90, 94, 98, 100))
CITIES = (("Millbrook", "MB"), ("Northport", "NA"), ("Eastvale", "EV"), ("Lakeside", "LK"), ("Westbury", "WB"))
# What is wrong with a record, and how often with dirt 1.
DIRT = (("number", 0.005), ("time", 0.003), ("repeat", 0.002), ("surplus", 0.001), ("key", 0.001))
SHUFFLED_TOGETHER = 100_000
RECORDS_PER_STEP = 200_000

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """What to write. ``dirt``: 1 for the usual share of broken records, 0 for none. ``end``: the last order."""

    lines: int
    seed: int = 1
    dirt: float = 0.0
    is_minimal: bool = False
    is_shuffled: bool = False
    days: int = 200
    end: datetime = field(default=datetime(2025, 9, 17, tzinfo=UTC))


@dataclass
class Expected:
    """What a load of the file must give. ``line_total`` is in cents; figures of other kinds stay 0."""

    file: str
    total_rows: int = 0
    rejected_rows: int = 0
    superseded_rows: int = 0
    orders: int = 0
    lines: int = 0
    line_total: int = 0

    def write(self, folder: Path) -> None:
        """Writes the figures beside the file, money with two decimals."""
        data = asdict(self) | {"line_total": f"{self.line_total // 100}.{self.line_total % 100:02}"}
        (folder / f"{self.file}.expected.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def generate(plan: Plan, folder: Path) -> Steps[list[Expected]]:
    """Writes orders.csv, variants.csv, catalog.csv and inventory.csv, each with its ``.expected.json``.

    Shape: one item a file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shop = make_shop(plan.lines, plan.seed, plan.end)
    results = []
    for name, header, records in shop.files():
        yield Step(f"writing {name}")
        expected = Expected(name)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.write(header + "\n")
            for record in records:
                file.write(record + "\n")
                expected.total_rows += 1
        results.append(expected)
    orders = Expected("orders.csv")
    with (folder / orders.file).open("w", encoding="utf-8", newline="") as file:
        yield from _write_orders(plan, shop, file, orders)
    results.append(orders)
    for expected in results:
        expected.write(folder)
    return results


def _write_orders(plan: Plan, shop: Shop, file: TextIO, expected: Expected) -> Steps[None]:
    file.write((MINIMAL_HEADER if plan.is_minimal else FULL_HEADER) + "\n")
    waiting: list[str] = []
    mixer = random.Random(plan.seed + 1)
    told = 0
    for records in _orders(plan, shop, expected):
        waiting += records
        if len(waiting) >= SHUFFLED_TOGETHER:
            _write(waiting, file, mixer if plan.is_shuffled else None)
        if expected.total_rows >= told:
            yield Step("writing orders.csv", min(expected.total_rows, plan.lines), plan.lines)
            told += RECORDS_PER_STEP
    _write(waiting, file, mixer if plan.is_shuffled else None)


def _write(waiting: list[str], file: TextIO, mixer: random.Random | None) -> None:
    if mixer:
        mixer.shuffle(waiting)
    file.writelines(waiting)
    waiting.clear()


def _orders(plan: Plan, shop: Shop, expected: Expected) -> Iterator[list[str]]:
    """The records of one order after the other, until there are ``plan.lines``; counts what they must give."""
    draw = random.Random(plan.seed)
    customers = max(1, plan.lines // 8)
    order = line = 0
    while line < plan.lines:
        order += 1
        size = min(_pick(LINES_PER_ORDER, draw), plan.lines - line)
        articles = shop.basket(size, draw)
        placed = _time(plan, draw)
        discount = draw.choice((10, 15, 20)) if not plan.is_minimal and draw.random() < 0.22 else 0
        bought = []
        for article in articles:
            line += 1
            quantity = _pick(QUANTITIES, draw) if draw.random() >= 0.005 else draw.choice((0, -1))
            gross = article.price * quantity * 100
            net = _divided(gross * (100 - discount), 10_000)
            bought.append((line, article, quantity, net, _divided(gross, 100) - net))
        head = _head(plan, order, placed, sum(item[3] for item in bought), draw, customers)
        yield _records(plan, order, placed, head, bought, draw, expected)


def _records(
    plan: Plan,
    order: int,
    placed: datetime,
    head: str,
    bought: list[tuple[int, Article, int, int, int]],
    draw: random.Random,
    expected: Expected,
) -> list[str]:
    records = []
    is_loaded = False
    key = f"gid://shopify/Order/{1900000 + order}"
    at = f"{placed:%Y-%m-%dT%H:%M:%S}Z"
    for number, article, quantity, net, saved in bought:
        flaw = _flaw(draw, plan.dirt) if plan.dirt else ""
        cells = {
            "key": "" if flaw == "key" else key,
            "name": "" if flaw == "key" else f"#{1000 + order}",
            "at": "2025-13-45" if flaw == "time" else at,
            "price": "12,50 EUR" if flaw == "number" else _money(article.price),
        }
        text = _record(plan, cells, head, number, article, quantity, net, saved)
        text += ",surplus\n" if flaw == "surplus" else "\n"
        records.append(text)
        expected.total_rows += 1
        if flaw == "repeat":  # the same record again: which of the two stays makes no difference
            records.append(text)
            expected.total_rows += 1
            expected.superseded_rows += 1
        if flaw and flaw != "repeat":
            expected.rejected_rows += 1
        else:
            is_loaded = True
            expected.lines += 1
            expected.line_total += net
    expected.orders += is_loaded
    return records


def _record(
    plan: Plan, cells: dict[str, str], head: str, number: int, article: Article, quantity: int, net: int, saved: int
) -> str:
    line = f"gid://shopify/LineItem/{10000000 + number}"
    if plan.is_minimal:
        tail = f"{cells['at']},{quantity},{cells['price']}"
        # a price with a comma is one cell
        tail = tail if "," not in cells["price"] else f'{cells["at"]},{quantity},"{cells["price"]}"'
        return f"{cells['key']},{line},{article.variant_id},{article.sku},{tail},USD"
    price = f'"{cells["price"]}"' if "," in cells["price"] else cells["price"]
    return (
        f"{cells['key']},{cells['name']},{cells['at']},{head},{line},{article.title},{quantity},{article.sku},"
        f"{article.vendor},{article.variant_title},{article.product_id},{article.title},{article.product_type},"
        f"{article.variant_id},{price},{_money(net)},{_money(saved)},true,false,true,"
    )


def _head(plan: Plan, order: int, placed: datetime, net: int, draw: random.Random, customers: int) -> str:
    """The order-level cells from the currency to the city; empty for the minimal header."""
    if plan.is_minimal:
        return ""
    shipping = draw.choice((0, 499, 750))
    tax = _divided(max(net, 0) * draw.choice((0, 5, 8)), 100)
    buyer = int(customers * draw.random() ** 2.2)  # few buy often
    email = "" if draw.random() < 0.05 else f"buyer{buyer:07}@example.com"
    city, province = draw.choice(CITIES)
    state = "FULFILLED" if draw.random() < 0.9 else "PARTIALLY_FULFILLED"
    return (
        f"USD,{_pick(PAYMENTS, draw)},{state},{_money(net)},{_money(shipping)},{_money(tax)},"
        f"{_money(net + shipping + tax)},{email},{_pick(COUNTRIES, draw)},{province},{city}"
    )


def _time(plan: Plan, draw: random.Random) -> datetime:
    """Denser towards the end, with a weekly wave; the last quarter of a year counts twice in ranges over a year."""
    while True:
        at = plan.end - timedelta(seconds=int(plan.days * 86400 * (1 - draw.random() ** 0.7)))
        share = (1 + 0.2 * math.sin(2 * math.pi * at.weekday() / 7)) / 1.2
        if plan.days > 365 and at.month < 10:
            share /= 2
        if draw.random() < share:
            return at


def _pick(table: tuple[tuple[T, ...], tuple[int, ...]], draw: random.Random) -> T:
    values, bounds = table
    place = draw.random() * bounds[-1]
    return next(value for value, bound in zip(values, bounds, strict=True) if place < bound)


def _flaw(draw: random.Random, dirt: float) -> str:
    place = draw.random()
    for name, share in DIRT:
        place -= share * dirt
        if place < 0:
            return name
    return ""


def _divided(number: int, divisor: int) -> int:
    """Rounded, halves away from zero, as money is."""
    return (abs(number) + divisor // 2) // divisor * (1 if number >= 0 else -1)


def _money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
