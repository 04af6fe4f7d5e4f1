"""Connections, statements and errors: the only package that knows psycopg."""

from __future__ import annotations

from tidemark.db.errors import MISSING_RIGHT, Answer, answer, refuse_read_only, target, translate, translated
from tidemark.db.notices import listen, was_told
from tidemark.db.session import Connection, connect, identifier, is_idle, reset_session, server_version
from tidemark.db.statements import (
    at_one_moment,
    call_handler,
    call_with_identifiers,
    cancel,
    fetch,
    literal,
    reading,
    run,
    send,
    send_single,
    text_with_identifiers,
    transaction,
    trial,
    value,
    value_with_identifiers,
    value_with_names,
    written,
)
from tidemark.db.texts import queries

__all__ = [
    "MISSING_RIGHT",
    "Answer",
    "Connection",
    "answer",
    "at_one_moment",
    "call_handler",
    "call_with_identifiers",
    "cancel",
    "connect",
    "fetch",
    "identifier",
    "is_idle",
    "listen",
    "literal",
    "queries",
    "reading",
    "refuse_read_only",
    "reset_session",
    "run",
    "send",
    "send_single",
    "server_version",
    "target",
    "text_with_identifiers",
    "transaction",
    "translate",
    "translated",
    "trial",
    "value",
    "value_with_identifiers",
    "value_with_names",
    "was_told",
    "written",
]
