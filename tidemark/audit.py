"""Asks the log of changes: whether it is as it was written, and what happened to one row. Decided in schema audit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tidemark import db
from tidemark.errors import StateProblem

# What the tables that are followed record; families have words of their own.
_WORDS = {
    "INSERT": "added",
    "CREATE": "created",
    "UPDATE": "changed",
    "DELETE": "deleted",
    "TRUNCATE": "emptied away",
}
_LONGEST = 60


def verify(connection: db.Connection, seal_no: int | None, digest: str | None) -> tuple[list[Any], Any]:
    """What was altered, removed or slipped in, and the newest seal (None before the first).

    Errors: StateProblem before apply; DatabaseRefused without the rights of an operator.
    Source: audit.verify() (functions/audit/actions).
    """
    _require_seals(connection)
    problems = db.fetch(connection, "audit_problems", seal_no=seal_no, digest=digest)
    return problems, next(iter(db.fetch(connection, "audit_newest_seal")), None)


def life(connection: db.Connection, table: str, key: str) -> list[Any]:
    """Entries about one row, oldest first. ``table``: as the log names it, with family and dot or without."""
    _require_seals(connection)
    family, _, name = table.rpartition(".")
    return db.fetch(connection, "audit_life", family=family or None, table_name=name, row_key=key)


def sentences(entry: Any) -> Iterator[str]:
    """One entry in words: a line of who did what, and one for each column that changed."""
    who = entry.actor or entry.login
    through = "" if who == entry.login else f", login {entry.login}"
    role = f" ({entry.actor_role})" if entry.actor_role else ""
    batch = f", batch {entry.batch}" if entry.batch else ""
    what = _WORDS.get(entry.action, entry.action)
    yield f"{entry.recorded_at:%Y-%m-%d %H:%M:%S %Z}  {who}{role}: {what}  [{entry.client}{through}{batch}]"
    before, after = entry.before_values, entry.after_values
    if not isinstance(before or {}, dict) or not isinstance(after or {}, dict):
        yield f"    {_shown(before)} → {_shown(after)}"
        return
    for column in sorted({**(before or {}), **(after or {})}):
        old, new = (before or {}).get(column), (after or {}).get(column)
        if before is None or after is None:
            yield f"    {column}: {_shown(new if before is None else old)}"
        elif old != new or "(hidden)" in (old, new):
            yield f"    {column}: {_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _require_seals(connection: db.Connection) -> None:
    if not db.value(connection, "has_seals"):
        raise StateProblem(
            "this database does not seal its log of changes yet",
            detail="There is no table audit.seals.",
            hint="tidemark apply brings it.",
        )
