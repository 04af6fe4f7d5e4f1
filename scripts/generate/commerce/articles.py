"""The articles of a made-up shop, how buyers choose among them, and its three smaller files."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

# Lines of the orders file, variants, products, locations: in between, in proportion on a logarithmic scale.
SIZES = ((1_000, 45, 12, 2), (50_000, 390, 170, 2), (1_000_000, 2_500, 900, 3), (10_000_000, 20_000, 7_000, 5))
COLOURS = ("Onyx", "Amber", "Harbor", "Kestrel", "Juniper", "Slate", "Coral", "Maple", "Indigo", "Sage")
THINGS = (("Mug", "Home"), ("Hoodie", "Apparel"), ("Journal", "Paper"), ("Candle", "Home"), ("Backpack", "Bags"))
VENDORS = ("Northwind Goods", "Polaris Supply", "Tern Studio", "Cedar Works")
TAGS = ("", "eco", "gift", "Halloween", "limited", "bundle-ready")
ZIPF_EXPONENT = 0.85
FOLLOWS = 0.65

VARIANTS_HEADER = (
    "variant_id,product_id,sku,variant_title,price,compare_at_price,cost,inventory_item_id,inventory_item_created_at"
)
CATALOG_HEADER = (
    "product_id,product_title,product_type,tags,product_status,vendor,product_created_at,product_published_at,"
    "variant_id,sku,variant_title,price,compare_at_price,cost,inventory_item_id,inventory_item_created_at,"
    "available_total,last_inventory_update"
)
INVENTORY_HEADER = "inventory_item_id,location_id,available,updated_at"


@dataclass(frozen=True)
class Article:
    """A variant. Money is in cents; ``compare_at`` 0: none."""

    number: int
    variant_id: str
    product_id: str
    item_id: str
    sku: str
    title: str
    variant_title: str
    vendor: str
    product_type: str
    tags: str
    status: str
    price: int
    compare_at: int
    cost: int
    created: datetime
    stock: tuple[int, ...]


@dataclass(frozen=True)
class Shop:
    """Articles with their companions and the running sums of their popularity."""

    articles: list[Article]
    companions: dict[int, list[int]]
    popularity: list[float]
    end: datetime

    def basket(self, size: int, draw: random.Random) -> list[Article]:
        """What one order holds: popular articles more often, and companions after the article they go with."""
        chosen: list[Article] = []
        while len(chosen) < size:
            near = self.companions.get(chosen[-1].number) if chosen else None
            if near and draw.random() < FOLLOWS:
                chosen.append(self.articles[draw.choice(near)])
            else:
                chosen.append(self.articles[bisect(self.popularity, draw.random() * self.popularity[-1])])
        return chosen

    def files(self) -> Iterator[tuple[str, str, Iterator[str]]]:
        """Name, header and records of the smaller files."""
        yield "variants.csv", VARIANTS_HEADER, self._variants()
        yield "catalog.csv", CATALOG_HEADER, self._catalog()
        yield "inventory.csv", INVENTORY_HEADER, self._inventory()

    def _variants(self) -> Iterator[str]:
        for art in self.articles:
            if art.number % 50 != 17:  # deleted since
                yield (
                    f"{art.variant_id},{art.product_id},{art.sku},{art.variant_title},{_price(art.price)},"
                    f"{_price(art.compare_at)},{_price(art.cost)},{art.item_id},{_instant(art.created)}"
                )

    def _catalog(self) -> Iterator[str]:
        for art in self.articles:
            if art.number % 25 != 11:  # not in the catalog
                stock = -1 if art.number % 17 == 3 else sum(art.stock)
                yield (
                    f"{art.product_id},{art.title},{art.product_type},{art.tags},{art.status},{art.vendor},"
                    f"{_instant(art.created)},{_instant(art.created + timedelta(days=9))},{art.variant_id},{art.sku},"
                    f"{art.variant_title},{_price(art.price)},{_price(art.compare_at)},{_price(art.cost)},{art.item_id},"
                    f"{_instant(art.created)},{stock},{_instant(self.end)}"
                )

    def _inventory(self) -> Iterator[str]:
        for art in self.articles:
            for number, available in enumerate(art.stock, start=1):
                yield f"{art.item_id},gid://shopify/Location/{number},{available},{_instant(self.end)}"


def make_shop(lines: int, seed: int, end: datetime) -> Shop:
    """A shop fit for an orders file of so many lines. The same arguments give the same shop."""
    draw = random.Random(seed + 7)
    variants, products, locations = (_between(lines, column) for column in (1, 2, 3))
    articles = [_article(number, max(1, variants // products), locations, end, draw) for number in range(variants)]
    ranks = list(range(variants))
    draw.shuffle(ranks)
    # one in ten never sells
    weights = [0.0 if number % 10 == 9 else (rank + 1) ** -ZIPF_EXPONENT for number, rank in enumerate(ranks)]
    selling = [number for number in range(variants) if number % 10 != 9]
    companions = {number: draw.sample(selling, draw.choice((1, 2))) for number in selling if number % 8 == 0}
    return Shop(articles, companions, list(accumulate(weights)), end)


def _article(number: int, per_product: int, locations: int, end: datetime, draw: random.Random) -> Article:
    product = number // per_product
    thing, product_type = THINGS[product % len(THINGS)]
    price = max(99, round(3000 * math.exp(draw.gauss(0, 0.55))))
    sku = "" if number % 20 == 7 else f"SKU-{number - (number % 100 == 99):06}"  # some have none, a few share one
    return Article(
        number=number,
        variant_id=f"gid://shopify/ProductVariant/{1020000 + number}",
        product_id=f"gid://shopify/Product/{1005000 + product}",
        item_id=f"gid://shopify/InventoryItem/{1030000 + number}",
        sku=sku,
        title=f"{COLOURS[product // len(THINGS) % len(COLOURS)]} {thing}",
        variant_title=("Default Title", "Black / S", "Black / M", "White / L")[number % per_product % 4],
        vendor=VENDORS[product % len(VENDORS)],
        product_type=product_type,
        tags=draw.choice(TAGS),
        status=draw.choices(("active", "draft", "archived"), (90, 6, 4))[0],
        price=price,
        compare_at=round(price * draw.uniform(1.15, 1.6)) if draw.random() < 0.32 else 0,
        cost=round(price * draw.uniform(0.28, 0.72)),
        created=end - timedelta(days=draw.randint(5, 900)),
        stock=tuple(draw.randint(0, 100) for _ in range(locations)),
    )


def _between(lines: int, column: int) -> int:
    """A figure of SIZES for a number of lines, in proportion between the two rows around it."""
    at = min(max(lines, SIZES[0][0]), SIZES[-1][0])
    for low, high in pairwise(SIZES):
        if at <= high[0]:
            share = math.log(at / low[0]) / math.log(high[0] / low[0])
            return round(low[column] * math.pow(high[column] / low[column], share))
    raise AssertionError("the last row of SIZES bounds every number of lines")


def _price(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}" if cents else ""


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
