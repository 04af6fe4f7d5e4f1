"""The demonstration: filled once, with something to show in every table, family by family."""

from __future__ import annotations

from typing import Any

import pytest

from tidemark import db, demo
from tidemark.config import Settings
from tidemark.errors import UsageProblem
from tidemark.steps import finish

SHOWS = demo.shows()


@pytest.mark.parametrize("show", SHOWS, ids=[show.family for show in SHOWS])
def test_a_family_is_filled_once_and_every_table_shows_something(fresh_db: str, show: Any) -> None:
    settings = Settings(dsn=fresh_db, dsn_source="the tests")
    with db.connect(fresh_db) as connection:
        assert not demo.is_filled(connection, [show])
        finish(demo.prepare(connection, settings, [show], 50, 1))
        assert demo.is_filled(connection, [show])
        first = demo.report(connection, [show])
        assert first
        assert [table.name for table in first if not table.rows] == []
        assert not any("{" in table.title for table in first)
        finish(demo.prepare(connection, settings, [show], 50, 1))
        assert demo.report(connection, [show]) == first


def test_the_shop_shows_what_was_wrong_with_its_files(fresh_db: str) -> None:
    settings = Settings(dsn=fresh_db, dsn_source="the tests")
    with db.connect(fresh_db) as connection:
        finish(demo.prepare(connection, settings, demo.shows(["commerce"]), None, 1))
        found = {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for table in demo.report(connection, demo.shows(["commerce"]))
        }
    assert {row["status"] for row in found["files"]} == {"completed"}
    assert all(row["records"] == row["processed"] + row["rejected"] for row in found["files"])
    assert sum(row["rejected"] for row in found["files"]) > 0
    assert {row["severity"] for row in found["issues"]} == {"reject", "warn"}
    assert [row["readiness"] for row in found["coverage"]] == ["ready"]
    assert (len(found["pairs"]), found["bundles"][0]["rank"]) == (5, 1)


def test_a_family_with_nothing_to_show_is_refused() -> None:
    with pytest.raises(UsageProblem):
        demo.shows(["weather"])
