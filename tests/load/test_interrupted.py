"""Killed clients and servers: the next run goes on by itself, and the end is that of one clean run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import config, db, server, server_files, server_place
from tidemark.deploy.apply import deployment
from tidemark.errors import ConfigProblem
from tidemark.load import stage, uploads
from tidemark.steps import finish

pytestmark = pytest.mark.once

STOCK = Path(__file__).with_name("stock.sql")
ROWS = 60_000
HEADER = b"item_id,place_id,available,price,updated_at,note\n"
PROGRAM = """
import sys
from tidemark import db
from tidemark.load import chunks, stage, uploads
from tidemark.steps import finish
stage.CHUNKS_PER_COMMIT = 1
chunks.CHUNK_BYTES = 1 << 16
done = finish(uploads.load_file(lambda: db.connect(sys.argv[1]), uploads.Job("stock", sys.argv[2], {"shop": "a"})))
print(done.upload.load_status)
"""
FINGERPRINT = """
SELECT
    (SELECT md5(string_agg(concat_ws('|', shop, item_id, place_id, available, price, updated_at, note), ',' ORDER BY item_id))
     FROM stock.levels) AS rows,
    (SELECT md5(string_agg(concat_ws('|', iss.row_no, severity, reason, column_name, raw_value), ',' ORDER BY iss.row_no, column_name))
     FROM load.issues AS iss INNER JOIN load.uploads AS upl USING (upload_id) WHERE upl.load_status = 'loaded') AS issues,
    (SELECT array_agg(ROW (total_rows, processed_rows, rejected_rows, superseded_rows)::text)
     FROM load.uploads WHERE load_status = 'loaded') AS counters,
    (SELECT count(*) FROM load.uploads WHERE load_status = 'loaded') AS loads
"""


@pytest.fixture(scope="module")
def own_server() -> Iterator[tuple[server_place.Place, str]]:
    """A server that may be killed, with a database that has everything; gives its place and address."""
    home = Path(tempfile.mkdtemp(prefix="tidemark-kill-"))
    home.chmod(0o711)
    where = server_place.locate(home)
    try:
        server_files.prepare(where)
        server_files.create_cluster(where)
        finish(server.start_at(where))
        address = f"host={where.socket} port={where.port} user=postgres"
        with psycopg.connect(f"{address} dbname=postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE killed")
        dsn = f"{address} dbname=killed"
        with db.connect(dsn) as connection:
            finish(deployment.apply(connection, config.Settings(dsn=dsn, dsn_source="the tests")))
        with psycopg.connect(dsn, autocommit=True) as plain:
            plain.execute(STOCK.read_bytes())
        yield where, dsn
    finally:
        server.stop_at(where)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with some dirt, large enough to be interrupted in the middle."""
    chance = random.Random(7)
    path = tmp_path_factory.mktemp("killed") / "levels.csv"
    with path.open("wb") as out:
        out.write(HEADER)
        for number in range(ROWS):
            bad = chance.random()
            amount = b"x" if bad < 0.005 else b"%d" % number
            note = b'"two\nlines"' if bad > 0.995 else b" padded " if bad > 0.99 else b"plain text of some length"
            out.write(
                b"I%d,L1,%s,%d.5,2025-01-02T03:04:05Z,%s\n" % (number - number % 97 // 96, amount, number, note)
            )
    return str(path)


def start(dsn: str, path: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, dsn, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def forget(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("TRUNCATE stock.levels, stock.log")
        connection.execute("SELECT load.discard_uploads('0', '0')")


def state(dsn: str) -> Any:
    with psycopg.connect(dsn) as connection:
        return connection.execute(FINGERPRINT).fetchone()


@pytest.fixture(scope="module")
def clean(own_server: Any, levels: str) -> tuple[Any, float]:
    """The state after one clean run, and the seconds it took."""
    _, dsn = own_server
    forget(dsn)
    started = time.monotonic()
    process = start(dsn, levels)
    said, error = process.communicate(timeout=120)
    assert said.strip() == "loaded", error
    return state(dsn), time.monotonic() - started


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_client_changes_nothing_about_the_end(own_server: Any, levels: str, clean: Any, seed: int) -> None:
    _, dsn = own_server
    forget(dsn)
    expected, seconds = clean
    chance = random.Random(seed)
    for _ in range(2):
        process = start(dsn, levels)
        time.sleep(chance.uniform(0.2, seconds))
        process.kill()
        process.communicate()
    said, error = start(dsn, levels).communicate(timeout=120)
    assert said.strip() in ("loaded", "repeated"), error
    assert state(dsn) == expected


def kill(where: server_place.Place) -> None:
    """Kills a server with all its processes, and starts it again."""
    postmaster = int((where.data / "postmaster.pid").read_text().split()[0])
    for process_id in (postmaster, *children(postmaster)):
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)
    for _ in range(20):  # a worker that was just being made keeps the next server from starting until it is done
        with suppress(ConfigProblem):
            finish(server.start_at(where))
            return
        time.sleep(1)


def children(parent: int) -> list[int]:
    """A backend in the middle of a query outlives its postmaster, and keeps the next one from starting."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_server_changes_nothing_about_the_end(own_server: Any, levels: str, clean: Any, seed: int) -> None:
    where, dsn = own_server
    forget(dsn)
    expected, seconds = clean
    process = start(dsn, levels)
    time.sleep(random.Random(seed).uniform(0.3, seconds))
    kill(where)
    said, error = process.communicate(timeout=120)
    if "cannot connect" in error:  # killed before the client had begun
        said, error = start(dsn, levels).communicate(timeout=120)
    assert said.strip() in ("loaded", "repeated"), error
    assert state(dsn) == expected


def test_a_load_goes_on_behind_the_last_committed_chunk(
    place: Any, levels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Exception):
        pass

    monkeypatch.setattr(stage, "CHUNKS_PER_COMMIT", 1)
    steps = uploads.load_file(place.connect, uploads.Job("stock", levels, {"shop": "a"}))
    next(steps)
    with pytest.raises(Interrupted):
        steps.throw(Interrupted())
    (left,) = place.rows("SELECT upload_id, staged_rows, load_status FROM load.uploads")
    assert left["load_status"] == "staging"
    assert left["staged_rows"] > 0

    told = []
    steps = uploads.load_file(place.connect, uploads.Job("stock", levels, {"shop": "a"}))
    try:
        while True:
            told.append(next(steps).text)
    except StopIteration as end:
        upload = end.value.upload
    assert upload.upload_id == left["upload_id"]
    assert told[0] == f"levels.csv: going on behind record {left['staged_rows']:,}"
    assert upload.total_rows == ROWS


def test_another_file_is_not_taken_for_the_interrupted_one(
    place: Any, levels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "CHUNKS_PER_COMMIT", 1)
    steps = uploads.load_file(place.connect, uploads.Job("stock", levels, {"shop": "a"}))
    next(steps)
    steps.close()
    other = place.load(HEADER + b"I1,L1,1,,,\n", parameters={"shop": "a"})
    assert (other.load_status, other.total_rows) == ("loaded", 1)
    assert place.rows("SELECT count(*) AS n FROM load.uploads") == [{"n": 2}]
    assert place.rows("SELECT load.discard_uploads('0')") == [{"discard_uploads": 1}]
    assert place.leftovers() == []


def test_records_that_a_crash_took_are_staged_again(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unlogged table is empty after a crash; here it is emptied between staging and merging."""
    value = db.value
    emptied = []

    def after_a_crash(connection: Any, name: str, /, **parameters: Any) -> Any:
        if name == "load_finish_upload" and not emptied:
            emptied.append(parameters["upload_id"])
            with psycopg.connect(place.dsn, autocommit=True) as other:
                other.execute(f"TRUNCATE load_data.stage_{parameters['upload_id']}")
        return value(connection, name, **parameters)

    monkeypatch.setattr(uploads.db, "value", after_a_crash)
    upload = place.load(HEADER + b"I1,L1,1,,,\nI2,L1,2,,,\n")
    assert emptied
    assert (upload.load_status, upload.total_rows, len(place.levels())) == ("loaded", 2, 2)
