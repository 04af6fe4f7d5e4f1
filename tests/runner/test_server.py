"""The embedded server: private, started once, healed after a crash, left where it was."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tidemark import config, db, server, server_files, server_place
from tidemark.errors import ConfigProblem
from tidemark.steps import finish

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def home(server_choice):
    if server_choice != "18":
        pytest.skip("the embedded server is tested with TIDEMARK_TEST_PG=18")
    folder = Path(tempfile.mkdtemp(prefix="tidemark-home-"))
    folder.chmod(0o711)
    yield folder
    finish(server.stop(settings_for(folder)))
    shutil.rmtree(folder)


def settings_for(home):
    return config.read(None, {"TIDEMARK_HOME": str(home), "XDG_CONFIG_HOME": "/nonexistent"})


@pytest.fixture
def settings(home):
    return settings_for(home)


@pytest.fixture
def dsn(settings):
    return finish(server.ensure(settings))


def query(dsn, statement):
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_it_starts_once_and_then_only_answers(settings, dsn):
    pid = server.status(settings).pid
    assert finish(server.ensure(settings)) == dsn
    assert server.status(settings).pid == pid
    assert query(
        dsn, "SELECT current_user, current_database(), rolsuper FROM pg_roles WHERE rolname = current_user"
    ) == [("tidemark", "tidemark", False)]


def test_folders_are_private_and_parents_untouched(home, settings, dsn):
    place = server_place.locate(settings.home)
    for folder in (place.folder, place.socket, place.data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o711


def test_tcp_asks_for_a_password_and_is_local_only(settings, dsn):
    port = server.status(settings).port
    assert query(dsn, "SHOW listen_addresses") == [("127.0.0.1",)]
    with pytest.raises(psycopg.OperationalError, match=r"no password supplied|password authentication failed"):
        psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=tidemark passfile=/nonexistent")


def test_the_dashboard_login_works_by_its_password_file(settings, dsn):
    query(dsn, (Path(__file__).parents[2] / "scripts" / "create_roles.sql").read_text())
    with db.connect(dsn) as connection:
        bi = server.dashboard_login(settings, connection)
        assert server.dashboard_login(settings, connection) == bi
    assert stat.S_IMODE(Path(bi["pgpass"]).stat().st_mode) == 0o600
    address = f"host={bi['host']} port={bi['port']} user={bi['user']} dbname={bi['database']} passfile={bi['pgpass']}"
    assert query(address, "SELECT pg_has_role('tidemark_bi', 'USAGE'), pg_has_role('tidemark_bi_all', 'USAGE')") == [
        (True, True)
    ]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(address, "SELECT lo_create(0)")
    Path(bi["pgpass"]).unlink()
    with db.connect(dsn) as connection:
        server.dashboard_login(settings, connection)
    assert query(address, "SELECT 1") == [(1,)]


def test_it_recovers_after_kill_minus_nine(settings, dsn):
    query(dsn, "CREATE TABLE IF NOT EXISTS public.kept (a integer)")
    query(dsn, "INSERT INTO public.kept VALUES (1)")
    os.kill(server.status(settings).pid, signal.SIGKILL)
    time.sleep(0.2)
    assert not server.status(settings).is_running
    assert query(finish(server.ensure(settings)), "SELECT count(*) > 0 FROM public.kept") == [(True,)]


@pytest.mark.skipif(not Path("/proc/self/exe").exists(), reason="the programs of a process are seen in /proc")
def test_a_server_whose_program_files_were_removed_is_started_again(home, settings, dsn):
    finish(server.stop(settings))
    place = server_place.locate(settings.home)
    elsewhere = home / "environment"
    shutil.copytree(place.shipped, elsewhere, symlinks=True)
    finish(server.start_at(replace(place, shipped=elsewhere)))
    before = server.status(settings).pid
    shutil.rmtree(elsewhere)
    again = finish(server.ensure(settings))
    assert server.status(settings).pid != before
    query(again, "DO 'BEGIN END'")  # loads the library of PL/pgSQL


def test_a_process_number_that_was_used_again_does_not_stop_it(settings, dsn):
    place = server_place.locate(settings.home)
    finish(server.stop(settings))
    (place.data / "postmaster.pid").write_text(f"{os.getpid()}\n{place.data}\n1\n{place.port}\n{place.socket}\n")
    assert not server.status(settings).is_running
    assert query(finish(server.ensure(settings)), "SELECT 1") == [(1,)]


def test_a_taken_port_is_replaced(settings, dsn):
    finish(server.stop(settings))
    with socket.socket() as taken:
        old = server_place.locate(settings.home).port
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", old))
        taken.listen()
        finish(server.ensure(settings))
        assert server.status(settings).port != old


def test_many_commands_at_once_start_one_server(home, settings, dsn):
    finish(server.stop(settings))
    code = "from tidemark.cli import main; main()"
    environment = os.environ | {"TIDEMARK_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, "server", "start", "-q"]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0, 0]
    assert server.status(settings).is_running


def test_stop_says_whether_it_ran(settings, dsn):
    assert finish(server.stop(settings)) is True
    assert finish(server.stop(settings)) is False


def test_a_failure_to_start_shows_the_log(settings, dsn):
    place = server_place.locate(settings.home)
    finish(server.stop(settings))
    configuration = place.data / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text(good + "\nnonsense = on\n")
    try:
        with pytest.raises(ConfigProblem) as caught:
            finish(server.ensure(settings))
        assert "nonsense" in caught.value.detail
        assert caught.value.exit_code == 3
    finally:
        configuration.write_text(good)


def test_a_long_path_gets_a_short_socket_folder(home, settings):
    place = server_place.locate(home / ("x" * 90))
    assert len(os.fsencode(place.socket)) < server_place.LONGEST_SOCKET_FOLDER
    short = server_place.locate(settings.home)
    assert short.socket.parent == short.folder


def test_binaries_out_of_reach_are_copied(home, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root starts the server as somebody else")
    place = server_place.locate(home / "copied")
    monkeypatch.setattr(server_files, "_can_run", lambda shipped, account: False)
    server_files.prepare(place)
    assert "18" in server_files.call(place, "postgres", "--version")
    copies = list(place.folder.glob("software-*/bin/postgres"))
    assert len(copies) == 1
    assert copies[0].stat().st_uid != 0


def test_missing_package_is_a_clear_error(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigProblem, match="not installed") as caught:
        server_place.locate()
    assert "pip install" in caught.value.hint


def test_settings_name_the_embedded_server_only_without_other_targets():
    empty = {"XDG_CONFIG_HOME": "/nonexistent"}
    assert config.read(None, empty).is_embedded
    for name in config.LIBPQ_TARGETS:
        chosen = config.read(None, empty | {name: "x"})
        assert (chosen.is_embedded, chosen.dsn, chosen.dsn_source) == (False, "", name)
    assert config.read("dbname=a", empty | {"TIDEMARK_DSN": "dbname=b"}).dsn == "dbname=a"
    assert replace(config.read(None, empty), dsn="dbname=x").is_embedded
