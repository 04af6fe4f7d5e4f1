"""Materialized views of the same live definitions beside the stored views: what a user would have instead.

Nothing to run here. The names of the keys are those of the stored view; a key part that may be NULL is joined by a
NOT NULL copy, for REFRESH MATERIALIZED VIEW CONCURRENTLY rewrites every row whose unique key holds a NULL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "refresh_bench"


@contextmanager
def native(connection: psycopg.Connection[Any], views: list[str]) -> Iterator[dict[str, str]]:
    """Materialized view by stored view, filled and with a unique index; dropped at the end."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(sql.Identifier(SCHEMA)))
    # they read stored views below them, as the stored views themselves do
    connection.execute("SELECT set_config('tidemark.source', 'stored', false)")
    try:
        yield {view: _create(connection, view) for view in views}
    finally:
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(SCHEMA)))
        connection.execute("SELECT set_config('tidemark.source', '', false)")


def _create(connection: psycopg.Connection[Any], view: str) -> str:
    row = connection.execute(
        "SELECT sv.live_name, sv.key_columns, sv.key_types FROM refresh.stored_views AS sv WHERE sv.view_name = %s",
        [view],
    ).fetchone()
    if row is None:
        raise SystemExit(f"{view} is not a stored view of this database: run `tidemark apply` first")
    live, keys, types = row
    copies = [
        f"coalesce({key}, {'-1' if kind in ('integer', 'bigint', 'smallint') else repr('')}) AS key_{number}"
        for number, (key, kind) in enumerate(zip(keys, types))
    ]
    name = f"{SCHEMA}.{view.partition('.')[2]}"
    connection.execute(f"CREATE MATERIALIZED VIEW {name} AS SELECT live.*, {', '.join(copies)} FROM {live} AS live")
    connection.execute(f"CREATE UNIQUE INDEX ON {name} ({', '.join(f'key_{number}' for number in range(len(keys)))})")
    connection.execute(f"ANALYZE {name}")
    return name
