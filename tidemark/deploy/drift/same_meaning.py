"""Compares two texts of a definition by what they mean to the server at hand.

The catalogue keeps definitions as trees and writes a text when asked. That text differs between versions of
PostgreSQL and after a dump and restore, although nothing changed. So where two texts differ, the server reads each of
them again, as a temporary object that is rolled back at once, until its text stays the same; then texts are compared.
Anything that was really changed still differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tidemark import db
from tidemark.deploy.drift.catalog import Item
from tidemark.errors import TidemarkError

PROBE = "pg_temp.tidemark_probe"
READINGS = 4  # a text is the same after one or two; a definition that never settles is compared as it is
_NAME = r'(?:"(?:[^"]|"")+"|\w+)'
_PROBED_KINDS = {
    "INDEX": "definition_of_index",
    "TRIGGER": "definition_of_trigger",
    "RULE": "definition_of_rule",
}
_PROBED = re.compile(rf" (ON|TO) (ONLY )?{_NAME}\.tidemark_probe(?=\s)")
_ROUTINE = re.compile(rf"^(CREATE OR REPLACE \w+) {_NAME}\.")


@contextmanager
def reading(connection: db.Connection) -> Iterator[None]:
    """Around calls of ``means_the_same``: nothing that they make remains."""
    with db.trial(connection):
        db.run(connection, "catalog_session")
        yield


def means_the_same(connection: db.Connection, item: Item, fact: str, one: str, other: str) -> bool:
    """Whether two texts of a fact of an object mean the same to this server."""
    return _settled(connection, item, fact, one) == _settled(connection, item, fact, other)


def _settled(connection: db.Connection, item: Item, fact: str, text: str) -> str:
    if fact in ("default", "expression", "using", "check"):
        # the body of a view, which is never run
        text = f"SELECT {text} AS expression FROM {relation_of(item)}"  # noqa: S608
    elif fact != "definition":
        return text
    for _ in range(READINGS):
        try:
            with db.trial(connection):
                again = _read_again(connection, item, text)
        except TidemarkError:
            return text  # what it names is gone, or nothing may be created here
        if again == text:
            break
        text = again
    return text


def _read_again(connection: db.Connection, item: Item, text: str) -> str:
    if item.kind in ("FUNCTION", "PROCEDURE"):
        name = _ROUTINE.match(text)
        db.send_single(connection, _ROUTINE.sub(r"\1 pg_temp.", text), "reading a function")
        again: str = db.value(connection, "definition_of_function")
        return again.replace(_ROUTINE.match(again)[0], name[0], 1) if name else text  # type: ignore[index]
    if item.kind in _PROBED_KINDS:
        relation = relation_of(item)
        db.send_single(connection, f"CREATE TEMPORARY TABLE tidemark_probe (LIKE {relation})", "reading a table")
        moved = re.sub(rf" (ON|TO) (ONLY )?{re.escape(relation)}(?=\s)", rf" \1 {PROBE}", text, count=1)
        db.send_single(connection, moved, f"reading {item.address}")
        again = db.value(connection, _PROBED_KINDS[item.kind])
        return _PROBED.sub(lambda found: f" {found[1]} {relation}", again, count=1)
    db.send_single(connection, f"CREATE TEMPORARY VIEW tidemark_probe AS {text}", f"reading {item.address}")
    text_of_view: str = db.value(connection, "definition_of_view")
    return text_of_view


def relation_of(item: Item) -> str:
    """Name of the table or view that an object belongs to."""
    address = item.parents[0]
    for word in ("MATERIALIZED VIEW ", "FOREIGN TABLE ", "TABLE ", "VIEW "):
        if address.startswith(word):
            return address.removeprefix(word)
    return address
