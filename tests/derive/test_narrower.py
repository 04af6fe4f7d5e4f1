"""Where every key is concerned, people are told what forces it and how to write it narrower."""

from __future__ import annotations

from typing import Any

import pytest

from tidemark.derive import narrower

pytestmark = pytest.mark.once

WIDE = {
    "SELECT o.id, o.amount FROM {s}.orders o ORDER BY o.amount DESC, o.id LIMIT 3": "LIMIT",
    "SELECT o.id, rank() OVER (ORDER BY o.amount) AS place FROM {s}.orders o": "a window",
    "SELECT max(o.id) AS id, count(*) AS n FROM {s}.orders o": "an aggregate without GROUP BY",
    "SELECT o.month AS group_of, max(o.id) AS id FROM {s}.orders o GROUP BY o.month": "a key that is computed",
    "SELECT DISTINCT ON (o.month) o.id, o.amount FROM {s}.orders o ORDER BY o.month, o.amount, o.id": "DISTINCT ON",
    "WITH RECURSIVE up AS (SELECT c.id, c.parent_id FROM {s}.customers c UNION SELECT up.id, c.parent_id "
    "FROM up JOIN {s}.customers c ON c.id = up.parent_id) SELECT id, count(*) AS n FROM up GROUP BY id": "WITH RECURSIVE",
}


@pytest.mark.parametrize("view", WIDE, ids=WIDE.values())
def test_the_construct_is_named_and_has_a_remedy(w: Any, harness: Any, view: str) -> None:
    w.execute(f"CREATE VIEW w.live AS {view.replace('{s}', 'w')}")
    for one in harness.mappings_of(w, ("id",)):
        assert one.mapping == "all"
        assert one.reason.startswith(WIDE[view]), one.reason
        assert narrower.remedy(one.reason)


def test_a_mapping_by_part_of_the_key_needs_no_remedy() -> None:
    assert narrower.remedy("only region of the key can be told from a change") is None
    assert narrower.remedy(None) is None
