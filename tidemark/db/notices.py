"""Messages that PostgreSQL sends by itself to who listens (NOTIFY)."""

from __future__ import annotations

from psycopg import sql

from tidemark.db.errors import translated
from tidemark.db.session import Connection


def listen(connection: Connection, channel: str) -> None:
    """From now on messages of the channel arrive; its name may hold any character."""
    with translated("LISTEN"):
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))


def was_told(connection: Connection, seconds: float) -> bool:
    """Waits for a message of any channel, at most so long; tells whether one came.

    Errors: CannotConnect when the connection is lost.
    """
    with translated("waiting for messages"):
        return any(True for _ in connection.notifies(timeout=seconds, stop_after=1))
