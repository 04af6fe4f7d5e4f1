"""The shop of the demonstration: loaded once, with something to show in every table."""

from __future__ import annotations

from tidemark import db, demo_shop, refresh
from tidemark.config import Settings
from tidemark.steps import finish


def test_the_shop_is_loaded_once_and_every_table_shows_something(fresh_db: str) -> None:
    settings = Settings(dsn=fresh_db, dsn_source="the tests")
    with db.connect(fresh_db) as connection:
        finish(demo_shop.prepare(connection, settings))
        finish(refresh.run(connection, settings, ["commerce.upload_coverage"]))
        first = demo_shop.report(connection)
        assert {row.upload_status for row in first.uploads} == {"completed"}
        assert all(row.total_row_count == row.processed_row_count + row.rejected_row_count for row in first.uploads)
        assert sum(row.rejected_row_count for row in first.uploads) > 0
        assert {row.severity for row in first.issues} == {"reject", "warn"}
        assert [row.readiness_status for row in first.coverage] == ["ready"]
        assert (len(first.pairs), first.bundles[0].rank_position) == (5, 1)
        finish(demo_shop.prepare(connection, settings))
        assert demo_shop.report(connection) == first
