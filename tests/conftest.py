"""Databases for the tests: a throwaway server, a template with everything applied, and quick copies of it.

TIDEMARK_TEST_PG chooses the server: 18 (embedded, the default), 15 (Debian's package), docker (testcontainers).
TIDEMARK_TEST_DSN names a running one instead, of any version, by a superuser's connection string; the tests make and
drop databases named test_… there, and the roles they need.
The files are applied by a login that is no superuser; the connection strings handed to tests are a superuser's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tidemark import config, db, files, server, server_files, server_place
from tidemark.deploy.apply import deployment
from tidemark.steps import finish

AS_OF = "2025-06-30"
DEBIAN = Path("/usr/lib/postgresql/15")
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
OWNER = server_place.OWNER
MEMORY_BYTES = 8 * 1024**3
_numbers = count(1)
# Folders whose files take longest: they come first, so that no worker sits over one of them when the others have ended.
FIRST = ("session", "runner", "flows", "proof", "engine", "derive", "load", "scripts")
# Files of which each takes minutes: walks at random, whole applies under other settings, kills. make test-whole runs them.
LONG = {
    "derive/test_random_clock.py",
    "derive/test_random_views_stored.py",
    "engine/test_properties.py",
    "engine/test_schedules_random.py",
    "engine/test_schedules_stress.py",
    "flows/test_clinical_properties.py",
    "flows/test_commerce_properties.py",
    "flows/test_model_risk_properties.py",
    "load/test_interrupted.py",
    "proof/test_prove_views.py",
    "runner/test_adopt.py",
    "runner/test_beside_tools.py",
    "runner/test_faults.py",
    "runner/test_prove.py",
    "runner/test_wheel.py",
    "session/test_locales.py",
    "session/test_settings_walk.py",
}


@dataclass(frozen=True)
class TestServer:
    """One server for the whole run. ``base``: connection parameters without user and database."""

    __test__ = False
    base: str
    major: int
    superuser: str = "postgres"

    def dsn(self, database: str = "postgres", user: str | None = None) -> str:
        return f"{self.base} user={user or self.superuser} dbname={database}"

    def owner_dsn(self, database: str) -> str:
        """As the login that applies files: it may create roles, but is no superuser."""
        return self.dsn(database, OWNER)

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """A new database, dropped at the end; gives its name."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield name
        finally:
            self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    base = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(base).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=place)
    for item in items:
        if item.path.relative_to(base).as_posix() in LONG:
            item.add_marker("long")


def pytest_report_header() -> str:
    if os.environ.get("TIDEMARK_TEST_DSN"):
        return "server under test: that of TIDEMARK_TEST_DSN"
    return f"server under test: {os.environ.get('TIDEMARK_TEST_PG', '18')} (TIDEMARK_TEST_PG)"


@pytest.fixture(scope="session")
def server_choice() -> str:
    return os.environ.get("TIDEMARK_TEST_PG", "18")


@pytest.fixture(scope="session", name="server")
def _server(server_choice: str) -> Iterator[TestServer]:
    if dsn := os.environ.get("TIDEMARK_TEST_DSN"):
        yield _with_roles(_named(dsn))
    elif server_choice == "docker":
        yield from map(_with_roles, _container())
    else:
        with throwaway(server_choice) as started:
            yield _with_roles(started)


def _with_roles(started: TestServer) -> TestServer:
    """The group roles are made by the login that applies files, whichever test comes first: their maker may grant them."""
    with psycopg.connect(started.owner_dsn("postgres"), autocommit=True) as owner:
        owner.execute(files.script("create_roles.sql").text)
    return started


@contextmanager
def throwaway(server_choice: str) -> Iterator[TestServer]:
    """A server of its own, 18 or 15, gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="tidemark-test-", dir=_memory()))
    home.chmod(0o711)  # the server runs as another user when the tests run as root
    if server_choice == "15":
        if not (DEBIAN / "bin" / "postgres").exists():
            pytest.skip("Debian's postgresql-15 is not installed (apt-get install postgresql-15)")
        place = server_place.Place(home / "15", 15, DEBIAN)
    elif server_choice == "18":
        place = server_place.locate(home)
    else:
        pytest.exit(f"TIDEMARK_TEST_PG={server_choice} is none of 18, 15, docker", returncode=2)
    try:
        server_files.prepare(place)
        server_files.create_cluster(place)
        with (place.data / "postgresql.conf").open("a") as configuration:
            configuration.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
            configuration.write("tidemark.clock = 'session'\n")  # tests move the clock
            configuration.write("max_connections = 100\nshared_buffers = '128MB'\nmax_prepared_transactions = 10\n")
            configuration.write("max_wal_size = '256MB'\n")
            if place.major >= 18 and (share := _pgtap_share()):
                configuration.write(f"extension_control_path = '{share}:$system'\n")
        finish(server.start_at(place))
        yield TestServer(f"host={place.socket} port={place.port}", place.major)
        server.stop_at(place)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _memory() -> Path | None:
    """A folder in memory, if there is room: a copy of a database is some 1,700 files, ten times as quick there."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > MEMORY_BYTES else None


def _named(dsn: str) -> TestServer:
    """A server that runs already. Logins without a password of their own must be let in, as on a test server."""
    parts = conninfo_to_dict(dsn)
    superuser = parts.pop("user", "postgres")
    parts.pop("dbname", None)
    with psycopg.connect(dsn, autocommit=True) as connection:
        major = connection.info.server_version // 10000
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if not row or not row[0]:
            pytest.exit("TIDEMARK_TEST_DSN needs a superuser's login: the tests make logins, roles and databases", 2)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB IN ROLE pg_monitor")
    return TestServer(make_conninfo("", **parts), major, superuser)


def _container() -> Iterator[TestServer]:
    """PostgreSQL in a container, when a Docker engine answers."""
    testcontainers = pytest.importorskip("testcontainers.postgres")
    try:
        container = testcontainers.PostgresContainer("postgres:17-alpine", username="postgres", password="postgres")
        container.start()
    except Exception as error:  # any failure of the engine means the same: no container here
        pytest.skip(f"no Docker engine answers: {error}")
    try:
        host, port = container.get_container_host_ip(), container.get_exposed_port(5432)
        result = TestServer(f"host={host} port={port} password=postgres", 17)
        result.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB PASSWORD 'postgres'")
        yield result
    finally:
        container.stop()


def _pgtap_share() -> str | None:
    """The share folder of a PostgreSQL whose package brought pgTAP: it is plain SQL, so any version can use it."""
    found = sorted(Path("/usr/share/postgresql").glob("*/extension/pgtap.control"))
    return str(found[-1].parents[1]) if found else None


@pytest.fixture
def settings() -> config.Settings:
    """Impatient settings, so that a blocked test ends soon."""
    plain = config.Settings(dsn=None, dsn_source="the tests")
    return replace(plain, lock_timeout_seconds=0.5, lock_budget_seconds=3.0, runner_wait_seconds=20.0)


@pytest.fixture(scope="session")
def applied_db(server: TestServer) -> Iterator[str]:
    """Name of a database with everything applied; a template, so nobody stays connected to it.

    TIDEMARK_TEST_TEMPLATE names one that is there, on the server of TIDEMARK_TEST_DSN.
    """
    if made := os.environ.get("TIDEMARK_TEST_TEMPLATE"):
        yield made
        return
    with server.database() as name:
        dsn = server.owner_dsn(name)
        chosen = config.Settings(dsn=dsn, dsn_source="the tests")
        with db.connect(dsn) as connection:
            finish(deployment.apply(connection, chosen))
        yield name


@pytest.fixture
def fresh_db(server: TestServer, applied_db: str) -> Iterator[str]:
    """Connection string of an own database with everything applied."""
    with server.database(applied_db) as name:
        yield server.dsn(name)


@pytest.fixture
def empty_db(server: TestServer) -> Iterator[str]:
    """Connection string of a blank database."""
    with server.database() as name:
        yield server.dsn(name)


@pytest.fixture(scope="session")
def shared_db(server: TestServer, applied_db: str) -> Iterator[str]:
    """Connection string of the copy on which ``conn`` works; never changed for good."""
    with server.database(applied_db) as name:
        yield server.dsn(name)


@pytest.fixture
def conn(shared_db: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection in a transaction that is rolled back; the day is 2025-06-30."""
    with psycopg.connect(shared_db) as connection:
        connection.execute("SELECT set_config('tidemark.as_of', %s, false)", [AS_OF])
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def pgtap_connection(server: TestServer, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    """For pytest-pgtap: a copy with pgTAP in schema tap, which is on the search path; the day is 2025-06-30."""
    with server.database(applied_db) as name:
        options = f"-c search_path=public,tap -c tidemark.as_of={AS_OF}"
        with psycopg.connect(server.dsn(name), options=options, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA tap")
            try:
                connection.execute("CREATE EXTENSION pgtap SCHEMA tap")
            except psycopg.errors.FeatureNotSupported:
                pytest.skip("pgTAP is not installed (apt-get install postgresql-15-pgtap)")
            connection.autocommit = False
            yield connection


@pytest.fixture
def pooler() -> Iterator[Callable[..., str]]:
    """Starts pgbouncer in front of a database, in the given mode, and gives the connection string through it.

    ``more``: further lines of its configuration.
    """
    if PGBOUNCER is None:
        pytest.skip("pgbouncer is not installed (apt-get install pgbouncer)")
    started: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(dsn: str, mode: str, more: str = "") -> str:
        folder = Path(tempfile.mkdtemp(prefix="tidemark-test-"))
        folder.chmod(0o777)  # as root it runs as the owner of the server's private socket
        parameters = psycopg.conninfo.conninfo_to_dict(dsn)
        port, user = int(parameters["port"]) + 1, parameters["user"]
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={parameters['host']} port={parameters['port']} user={user}\n[pgbouncer]\n"
            f"listen_addr =\nlisten_port = {port}\nunix_socket_dir = {folder}\nauth_type = any\npool_mode = {mode}\n"
            "ignore_startup_parameters = extra_float_digits\n"
            f"user = {Path(str(parameters['host'])).owner()}\nlogfile = {folder}/pgbouncer.log\n{more}\n"
        )
        process = subprocess.Popen([str(PGBOUNCER), "-q", str(folder / "pgbouncer.ini")])
        started.append((process, folder))
        through = f"host={folder} port={port} user={user} dbname={parameters['dbname']}"
        while True:
            assert process.poll() is None, (folder / "pgbouncer.log").read_text()
            try:
                psycopg.connect(through, connect_timeout=10).close()
                return through
            except psycopg.OperationalError:
                time.sleep(0.05)

    yield start
    for process, folder in started:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)
