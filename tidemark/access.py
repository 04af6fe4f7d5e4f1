"""Starts the functions that say who may see which rows of bi. Everything is decided there (schema access)."""

from __future__ import annotations

from typing import Any

from tidemark import db
from tidemark.errors import StateProblem


def grant(
    connection: db.Connection, login: str, family: str, kind: str, values: list[str], *, must_exist: bool
) -> int:
    """Lets a login see the rows of some values; gives the number of grants that are new.

    Errors: StateProblem before apply; DatabaseRefused for an unknown role, family, kind or value.
    Source: access.grant_scope() (functions/access/actions).
    """
    _require_access(connection)
    return int(
        db.value(
            connection,
            "grant_scope",
            login=login,
            family=family,
            kind=kind,
            values=values or ["*"],
            must_exist=must_exist,
        )
    )


def revoke(connection: db.Connection, login: str, family: str | None, kind: str | None, values: list[str]) -> int:
    """Takes grants away; gives their number.

    Errors: StateProblem before apply; DatabaseRefused for values without a kind.
    Source: access.revoke_scope() (functions/access/actions).
    """
    _require_access(connection)
    return int(db.value(connection, "revoke_scope", login=login, family=family, kind=kind, values=values or None))


def confirm(connection: db.Connection, login: str, former_name: str | None) -> int:
    """Gives the grants of a name to the role that bears it now; gives their number.

    Errors: StateProblem before apply; DatabaseRefused for an unknown role.
    Source: access.confirm_grants() (functions/access/actions).
    """
    _require_access(connection)
    return int(db.value(connection, "confirm_grants", login=login, former_name=former_name))


def grants(connection: db.Connection, login: str | None = None) -> list[Any]:
    """Rows of access.grant_status, of one login or of all."""
    _require_access(connection)
    return db.fetch(connection, "grant_status", login=login)


def values(connection: db.Connection, family: str | None = None) -> list[Any]:
    """What can be granted: rows with family, scope_kind, scope_value, scope_label."""
    _require_access(connection)
    return db.fetch(connection, "scope_values", family=family)


def gaps(connection: db.Connection, login: str | None = None) -> list[Any]:
    """What BI logins and the database lack: rows of access.login_gap, and whether this session may run the remedy."""
    if not db.value(connection, "has_access"):
        return []
    return db.fetch(connection, "login_gap", login=login)


def secure(connection: db.Connection, login: str) -> list[Any]:
    """Runs what a BI login and the database lack, in one transaction; gives what was lacking before.

    Errors: StateProblem before apply; DatabaseRefused when this session may not.
    Source: access.login_gap (views/access/live).
    """
    _require_access(connection)
    found = gaps(connection, login)
    with db.transaction(connection):
        for gap in found:
            if gap.is_possible:
                db.send(connection, gap.remedy, f"access.login_gap, {gap.subject}")
    return found


def _require_access(connection: db.Connection) -> None:
    if not db.value(connection, "has_access"):
        raise StateProblem(
            "this database does not know grants yet",
            detail="Schema access has no view grant_status.",
            hint="tidemark apply brings it.",
        )
