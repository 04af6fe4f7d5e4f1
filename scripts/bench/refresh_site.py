"""A throwaway server, blank or with Tidemark and generated models, whose processes may be killed. Nothing to run here."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from common import connect

from tidemark import config, db, server, server_files, server_place
from tidemark.deploy.apply import deployment
from tidemark.errors import TidemarkError
from tidemark.generate import Request, generate
from tidemark.steps import finish

START_SECONDS = 60.0
DEBIAN = Path("/usr/lib/postgresql/15")
# a killed process leaves its writes in the system's cache: fsync only matters when the machine itself goes down
CONFIGURATION = "fsync = off\nshared_buffers = '128MB'\nmax_connections = 50\nautovacuum_naptime = '5s'\n"


class Site:
    def __init__(self, place: server_place.Place) -> None:
        self.place = place

    @property
    def dsn(self) -> str:
        return self.place.dsn(server_place.SUPERUSER)

    def start(self) -> None:
        """Starts the server, or waits until one that is recovering answers."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                finish(server.start_at(self.place))
                with psycopg.connect(self.dsn, connect_timeout=5):
                    return
            except (psycopg.Error, TidemarkError):  # also while the last process of the killed server goes away
                if time.monotonic() > end:
                    raise
            time.sleep(0.1)

    def session(self, as_of: date) -> psycopg.Connection[Any]:
        connection = connect(self.dsn)
        connection.execute(
            "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
            [as_of.isoformat()],
        )
        return connection

    def kill_server(self) -> None:
        postmaster = int((self.place.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in [postmaster, *map(int, children)]:
            _kill(pid)

    def kill_backend(self, pid: int) -> None:
        _kill(pid)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself a moment ago


@contextmanager
def blank_site(major: str = "18") -> Iterator[Site]:
    """A server with nothing in it: 18, the embedded one, or 15, Debian's."""
    home = Path(tempfile.mkdtemp(prefix="tidemark-faults-"))
    home.chmod(0o711)  # the server runs as another user when this runs as root
    place = server_place.Place(home / "15", 15, DEBIAN) if major == "15" else server_place.locate(home)
    try:
        server_files.prepare(place)
        server_files.create_cluster(place)
        with (place.data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        site = Site(place)
        site.start()
        yield site
    finally:
        try:
            server.stop_at(place)
        finally:
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def throwaway_site(models: int, as_of: date) -> Iterator[Site]:
    with blank_site() as site:
        dsn = site.place.dsn()
        with db.connect(dsn) as owner:
            finish(deployment.apply(owner, config.Settings(dsn=dsn, dsn_source="this script")))
            finish(generate(owner, "model_risk", Request(models, as_of)))
        yield site
