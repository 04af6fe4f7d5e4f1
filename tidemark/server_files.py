"""Folders, programs, settings and rights of the embedded server; nothing here talks to it."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from tidemark import safe_files
from tidemark.errors import ConfigProblem
from tidemark.server_place import DASHBOARD, DATABASE, SUPERUSER, Place, default_home

SYSTEM_USER = "tidemark"  # runs the server when the runner is root, which PostgreSQL refuses to be
LARGEST_LOG = 10_000_000


def prepare(place: Place) -> None:
    """Makes the folders, private to the user that runs the server, and that user when the runner is root."""
    account = _account(create=True)
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    for folder in (place.folder, place.socket):
        safe_files.private_folder(folder, *_owner(account))


def create_cluster(place: Place) -> None:
    """initdb beside the final folder, then a rename: an interrupted attempt is never taken for a cluster."""
    fresh = place.folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    call(
        place,
        "initdb",
        "-D",
        fresh,
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        # The same order of text on every machine, whatever locales it has.
        *(
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if place.major >= 17
            else ["--locale=C"]
        ),
        "--auth-local=trust",  # the socket folder is private; the superuser has no password, so no way in by TCP
        "--auth-host=scram-sha-256",
        "--no-instructions",
    )
    with safe_files.appended(fresh / "postgresql.conf") as configuration:
        configuration.write("\n# Settings of Tidemark, rewritten at every start; lines below it win.\n")
        configuration.write("include_if_exists = '../server.conf'\n")
    fresh.rename(place.data)


def choose_port(place: Place) -> int:
    """The remembered port, or a new free one when there is none or another program took it."""
    port = place.port
    if port and _is_free(port):
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    _write(place.folder / "server.json", json.dumps({"port": port}) + "\n")
    if place.pgpass.exists():  # it names the port
        password = place.pgpass.read_text().strip().rsplit(":", 1)[1]
        write_pgpass(place, password)
    return port


def keep_log_small(place: Place) -> None:
    """Sets a large log aside, as the server only ever adds to it; the one before is dropped."""
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))


def write_configuration(place: Place, port: int) -> None:
    """Modest settings that suit a laptop and a small server; the cluster's postgresql.conf can override them."""
    quoted = str(place.socket).replace("'", "''")
    settings = f"""\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{quoted}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = '256MB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
effective_cache_size = '2GB'
random_page_cost = 1.1
max_wal_size = '2GB'
checkpoint_timeout = '15min'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d %a '
log_checkpoints = off
"""
    _write(place.folder / "server.conf", settings)


def call(place: Place, program: str, *arguments: str | Path) -> str:
    """Runs one of PostgreSQL's programs as the user of the server.

    Errors: ConfigProblem with what the program said.
    """
    account = _account()
    command = [str(_binaries(place, account) / program), *map(str, arguments)]
    # PG* variables are meant for clients; to the server's programs they would mean something else.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    output = place.folder / "command.log"
    with safe_files.opened(
        output, *_owner(account)
    ) as file:  # not a pipe: the server would inherit it and keep it open
        result = subprocess.run(
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
            umask=0o077,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        file.seek(0)
        said = file.read().strip()
    if result.returncode != 0:
        log = safe_files.last_lines(place.log, 8)
        raise ConfigProblem(
            f"{program} of the embedded PostgreSQL failed",
            detail="\n".join([said, *log]).strip(),
            hint=f"The folder is {place.folder}; TIDEMARK_HOME chooses another one.",
        )
    return said


def new_password() -> str:
    """A random password of letters, digits, - and _ only, so that no file format needs to escape it."""
    return secrets.token_urlsafe(24)


def write_pgpass(place: Place, password: str) -> None:
    """The dashboard login in libpq's password file format, readable by its owner only."""
    line = f"127.0.0.1:{place.port}:{DATABASE}:{DASHBOARD}:{password}\n"
    with safe_files.opened(place.pgpass, os.geteuid(), os.getegid()) as file:
        file.write(line)


# --- helpers ----------------------------------------------------------------------------------------------


def _account(*, create: bool = False) -> pwd.struct_passwd | None:
    """The system user that runs the server; None when the runner is not root and does it itself."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        if not create:
            raise ConfigProblem(
                f"the system user {SYSTEM_USER} does not exist", hint="tidemark server start creates it."
            ) from None
    shell = "/usr/sbin/nologin"
    home = str(default_home())
    command = ["useradd", "--system", "--user-group", "--home-dir", home, "--no-create-home", "--shell", shell]
    try:
        subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConfigProblem(
            f"root cannot run PostgreSQL, and the system user {SYSTEM_USER} for it cannot be created",
            detail=getattr(error, "stderr", None) or str(error),
            hint=f"Create it (useradd --system {SYSTEM_USER}), or run tidemark as an ordinary user.",
        ) from None
    return pwd.getpwnam(SYSTEM_USER)


def _binaries(place: Place, account: pwd.struct_passwd | None) -> Path:
    """The folder of the programs; a copy beside the data when the server's user cannot reach the installed one."""
    if account is None or _can_run(place.shipped, account):
        return place.shipped / "bin"
    stamp = (place.shipped / "bin" / "postgres").stat()
    copy = place.folder / f"software-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not copy.exists():
        fresh = place.folder / "software.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(place.shipped, fresh, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (fresh, *fresh.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        fresh.rename(copy)
    return copy / "bin"


def _can_run(shipped: Path, account: pwd.struct_passwd) -> bool:
    command = [str(shipped / "bin" / "postgres"), "--version"]
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd="/",
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
    except OSError:
        return False
    return result.returncode == 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As PostgreSQL does: a port in TIME_WAIT after a restart is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _write(path: Path, text: str) -> None:
    with safe_files.opened(path, *_owner(_account())) as file:
        file.write(text)


def _owner(account: pwd.struct_passwd | None) -> tuple[int, int]:
    return (account.pw_uid, account.pw_gid) if account else (os.geteuid(), os.getegid())
