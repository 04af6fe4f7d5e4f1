"""Turns "permission denied" into the right that is missing and the statement that grants it."""

from __future__ import annotations

import re

from tidemark import db
from tidemark.errors import TidemarkError

_DENIED = re.compile(r"permission denied for (\w+(?: \w+)?) (\S+)$")
_NOT_OWNER = re.compile(r"must be owner of (\w+(?: \w+)?) (\S+)$")


def explain(connection: db.Connection, error: TidemarkError) -> None:
    """Adds to an error of class 42501 which right on which object is missing, and the GRANT that helps.

    The server's message is in the language of the server; in any language but English the error stays as it is.
    """
    if error.sqlstate != db.MISSING_RIGHT or connection.closed or not db.is_idle(connection):
        return
    login = db.fetch(connection, "login_rights")[0].role_name
    if denied := _DENIED.search(error.message):
        kind, name = denied.groups()
        _missing_privilege(connection, error, login, kind, name)
    elif owned := _NOT_OWNER.search(error.message):
        kind, name = owned.groups()
        owners = [row.owner for row in db.fetch(connection, "owners_of", name=name)]
        belongs = f" It belongs to {' or '.join(owners)}." if owners else ""
        error.detail = (
            f"Only the owner of {kind} {name} may change it; {login} is not a member of its owner.{belongs}"
        )
        to = owners[0] if len(owners) == 1 else "its_owner"
        error.hint = f"Connect as the owner, or ask for: GRANT {to} TO {login};"
    elif "create role" in error.message:
        error.detail = f"{login} lacks the attribute CREATEROLE."
        error.hint = f"Ask an administrator to run what tidemark roles prints, or for: ALTER ROLE {login} CREATEROLE;"


def _missing_privilege(connection: db.Connection, error: TidemarkError, login: str, kind: str, name: str) -> None:
    rows = db.fetch(connection, "missing_privileges", kind=kind, name=name)
    if not rows:
        usual = {"schema": "USAGE", "function": "EXECUTE", "procedure": "EXECUTE", "database": "CREATE"}
        right = usual.get(kind, "SELECT, INSERT, UPDATE, DELETE")
        error.hint = f"Ask the owner for: GRANT {right} ON {kind.upper()} {name} TO {login};"
        return
    rights = ", ".join(row.privilege for row in rows)
    error.detail = f"{login} has no {rights} on {kind} {rows[0].object_name}."
    error.hint = f"Ask its owner for: GRANT {rights} ON {rows[0].grant_word} {rows[0].object_name} TO {login};"
