"""Databases for one purpose, beside the one at hand: created, used and dropped again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from tidemark import db
from tidemark.errors import DatabaseRefused

_CREATE = {
    "libc": "create_database_like",
    "icu": "create_database_like_icu",
    "builtin": "create_database_like_builtin",
}


def new_name(purpose: str) -> str:
    """A name nothing else has."""
    return f"{purpose}_{os.getpid()}_{secrets.token_hex(3)}"


@contextmanager
def database(
    dsn: str, name: str, why: str, *, template: str | None = None, keep: bool = False
) -> Iterator[db.Connection]:
    """A connection to a new database of that name, empty or a copy of ``template``; dropped at the end.

    ``dsn``: any database of the server; nothing in it is touched. ``why``: what needs it, for the hint.

    Errors: DatabaseRefused when the login may not create databases.
    """
    administrator = db.connect(dsn)
    try:
        owner = db.value(administrator, "current_role")  # not the login: it may work through SET ROLE
        try:
            if template is None:
                _create_alike(administrator, name, owner)
            else:
                db.call_with_identifiers(
                    administrator, "copy_database", database=name, owner=owner, template=template
                )
        except DatabaseRefused as error:
            if error.sqlstate == db.MISSING_RIGHT:
                error.hint = f"{why}: ALTER ROLE {db.identifier(administrator, owner)} CREATEDB;"
            raise
        try:
            connection = db.connect(dsn, dbname=name)
            try:
                yield connection
            finally:
                connection.close()
        finally:
            if not keep:
                db.call_with_identifiers(administrator, "drop_database", database=name)
    finally:
        administrator.close()


def _create_alike(administrator: db.Connection, name: str, owner: str) -> None:
    """An empty database in encoding and locale like the one at hand, whatever the server's template is like."""
    here = db.fetch(administrator, "locale_of_database")[0]
    literals = {"collate": here.collate, "ctype": here.ctype, "locale": here.locale}
    db.call_with_identifiers(administrator, _CREATE[here.provider], literals=literals, database=name, owner=owner)
