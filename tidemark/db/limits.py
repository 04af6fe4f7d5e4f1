"""The settings of a login that the runner respects: what they are, where they come from, and how to lift them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_SOURCES = {
    "database user": "It is set for this login in this database",
    "user": "It is set for this login",
    "database": "It is set for this database",
    "global": "It is set for every login",
    "client": "It comes from the connection: PGOPTIONS, or options in the connection string",
    "session": "It was set in this session, by a file",
}
_RESETS = {
    "database user": "ALTER ROLE {role} IN DATABASE {database} RESET {setting};",
    "user": "ALTER ROLE {role} RESET {setting};",
    "database": "ALTER DATABASE {database} RESET {setting};",
    "global": "ALTER ROLE ALL RESET {setting};",
    "client": "Leave {setting} out of PGOPTIONS and of options in the connection string.",
    "session": "Take SET {setting} out of the file.",
}


class Limit(NamedTuple):
    """One setting as the session began with it."""

    value: str
    source: str  # as pg_settings says it


@dataclass(frozen=True)
class Limits:
    """What is known of one session; nothing when it was never asked."""

    by_name: Mapping[str, Limit] = field(default_factory=dict)
    role: str = "..."
    database: str = "..."
    is_standby: bool = False

    def value(self, setting: str) -> str:
        """The value with its unit."""
        found = self.by_name.get(setting)
        return found.value if found else "set"

    def is_set(self, setting: str) -> bool:
        """True unless the setting is known to be off."""
        return self.value(setting) not in ("0", "off", "set")

    def origin(self, setting: str) -> str:
        """A sentence that says who set it."""
        found = self.by_name.get(setting)
        source = found.source if found else ""
        words = _SOURCES.get(source)
        if words is None:
            return "It is set for the whole server, in its configuration."
        role = f" (role {self.role})" if source in ("user", "database user") else ""
        return f"{words}{role}."

    def remedy(self, setting: str) -> str:
        """What whoever may decide so can run to lift it."""
        found = self.by_name.get(setting)
        text = _RESETS.get(
            found.source if found else "",
            "Ask for ALTER ROLE {role} SET {setting} with another value; this login's own wins over the server's.",
        )
        return text.format(role=self.role, database=self.database, setting=setting)


def limits_of(connection: object) -> Limits | None:
    """What is known of the session behind a connection."""
    found = getattr(connection, "limits", None)
    return found if isinstance(found, Limits) else None
