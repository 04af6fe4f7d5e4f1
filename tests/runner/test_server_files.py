"""The embedded server's folders and files: nothing that was there before is trusted, followed or handed over."""

import os
import shutil
import stat
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tidemark import config, db, safe_files, server, server_files, server_place
from tidemark.errors import ConfigProblem
from tidemark.steps import finish

pytestmark = pytest.mark.once

ME = (os.geteuid(), os.getegid())
SOMEBODY = (65534, 65534)
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands files over")


def owner_and_mode(path):
    found = path.lstat()
    return found.st_uid, stat.S_IMODE(found.st_mode)


def test_a_folder_is_made_for_its_owner_alone(tmp_path):
    safe_files.private_folder(tmp_path / "new", *ME)
    safe_files.private_folder(tmp_path / "new", *ME)
    assert owner_and_mode(tmp_path / "new") == (ME[0], 0o700)


def test_a_planted_link_is_refused_and_its_target_stays_as_it_is(tmp_path):
    target = tmp_path / "target"
    target.mkdir(mode=0o755)
    before = owner_and_mode(target)
    (tmp_path / "planted").symlink_to(target)
    with pytest.raises(ConfigProblem, match="link"):
        safe_files.private_folder(tmp_path / "planted", *ME)
    assert owner_and_mode(target) == before


@only_root
def test_a_folder_that_was_there_never_changes_its_owner(tmp_path):
    planted = tmp_path / "planted"
    planted.mkdir(mode=0o755)
    with pytest.raises(ConfigProblem, match="somebody else"):
        safe_files.private_folder(planted, *SOMEBODY)
    assert owner_and_mode(planted) == (0, 0o755)
    os.chown(planted, *SOMEBODY)
    with pytest.raises(ConfigProblem, match="somebody else"):
        safe_files.private_folder(planted, *ME)
    safe_files.private_folder(tmp_path / "new", *SOMEBODY)
    assert owner_and_mode(tmp_path / "new") == (SOMEBODY[0], 0o700)


@pytest.mark.parametrize("plant", [Path.symlink_to, Path.hardlink_to], ids=["symbolic", "hard"])
def test_a_file_is_never_written_through_a_link(tmp_path, plant):
    target = tmp_path / "target"
    target.write_text("root's\n")
    target.chmod(0o640)
    before = owner_and_mode(target)
    path = tmp_path / "server.conf"
    plant(path, target)
    with safe_files.opened(path, *(SOMEBODY if os.geteuid() == 0 else ME)) as file:
        file.write("ours\n")
    assert (target.read_text(), owner_and_mode(target)) == ("root's\n", before)
    assert (path.read_text(), path.is_symlink()) == ("ours\n", False)
    assert owner_and_mode(path) == ((SOMEBODY if os.geteuid() == 0 else ME)[0], 0o600)


def test_neither_added_to_nor_read_through_a_link(tmp_path):
    (tmp_path / "target").write_text("secret\n")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert safe_files.last_lines(tmp_path / "target", 3) == ["secret"]
    assert safe_files.last_lines(tmp_path / "link", 3) == []
    with pytest.raises(OSError, match="symbolic links"):
        safe_files.appended(tmp_path / "link")


def test_every_file_the_server_gets_stands_in_its_own_place(tmp_path):
    """Links under the names that the runner writes: what they lead to keeps its content and its owner."""
    place = replace(server_place.locate(tmp_path), folder=tmp_path / "18")
    place.folder.mkdir()
    targets = {}
    for name in ("server.conf", "server.json", "pgpass"):
        targets[name] = tmp_path / f"target of {name}"
        targets[name].write_text("{}" if name == "server.json" else "a:b:c:d:e\n")
        (place.folder / name).symlink_to(targets[name])
    before = {name: (path.read_text(), owner_and_mode(path)) for name, path in targets.items()}
    server_files.choose_port(place)
    server_files.write_configuration(place, 5432)
    server_files.write_pgpass(place, "x")
    assert {name: (path.read_text(), owner_and_mode(path)) for name, path in targets.items()} == before


def test_the_socket_folder_of_a_long_home_depends_on_the_path_alone(tmp_path, monkeypatch):
    home = tmp_path / ("x" * 90)
    before = server_place.locate(home).socket
    (home / "18").mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert server_place.locate(home).socket == before
    assert server_place.locate(tmp_path / ("y" * 90)).socket != before
    assert len(os.fsencode(before)) <= server_place.LONGEST_SOCKET_FOLDER


def test_a_long_home_works_on_every_start(server_choice, monkeypatch):
    if server_choice != "18":
        pytest.skip("the embedded server is tested with TIDEMARK_TEST_PG=18")
    top = Path(tempfile.mkdtemp(prefix="tidemark-long-"))
    top.chmod(0o711)
    home = top / ("x" * 80)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(top))
    settings = config.read(None, {"TIDEMARK_HOME": str(home), "XDG_CONFIG_HOME": "/nonexistent"})
    socket = server_place.locate(settings.home).socket
    former = top / "former"
    try:
        with monkeypatch.context() as older:
            older.setattr(server_place.Place, "socket", former)
            assert str(former) in finish(server.ensure(settings))
        for _ in range(2):
            dsn = finish(server.ensure(settings))
            assert str(socket) in dsn
            db.connect(dsn).close()
            assert server.status(settings).is_running
            finish(server.stop(settings))
    finally:
        finish(server.stop(settings))
        shutil.rmtree(top)
        shutil.rmtree(socket, ignore_errors=True)
