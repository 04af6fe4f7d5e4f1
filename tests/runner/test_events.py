"""tidemark events follow: every event of a room, in order, also when the connection is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

TELL = "SELECT events.publish('shop', 'order.updated', NULL, jsonb_build_object('Branch', jsonb_build_object(%s::text, NULL)))"
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"


@pytest.fixture(name="follower")
def _follower(fresh_db: str) -> Iterator[Any]:
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-c",
            "from tidemark.cli import main; main()",
            "events",
            "follow",
            "Branch",
            *words,
            "--dsn",
            fresh_db,
        ]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def numbers(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return [key for line in output.splitlines() for key in json.loads(line)["delta"]]


def test_nothing_is_missed_when_the_connection_is_cut(fresh_db: str, follower: Any) -> None:
    with psycopg.connect(fresh_db, autocommit=True) as owner:
        for number in range(3):
            owner.execute(TELL, [number])
        process = follower("--family", "shop", "--after", "0", "--count", "9")
        for number in range(3, 9):
            if number in (4, 6):
                deadline = time.monotonic() + 30
                while not (found := owner.execute(LISTENERS).fetchall()) and time.monotonic() < deadline:
                    time.sleep(0.05)
                for (pid,) in found:
                    owner.execute("SELECT pg_terminate_backend(%s)", [pid])
            owner.execute(TELL, [number])
        assert numbers(process) == [str(number) for number in range(9)]


def test_the_only_family_need_not_be_named_and_several_must(tidemark: Any, fresh_db: str) -> None:
    with psycopg.connect(fresh_db, autocommit=True) as owner:
        owner.execute("DELETE FROM events.families")
        refused = tidemark("events", "follow", "Branch", "--dsn", fresh_db)
        assert (refused.returncode, "--family" in refused.stderr) == (2, True)
        owner.execute(TELL, [1])
        followed = tidemark("events", "follow", "Branch", "--after", "0", "--count", "1", "--json", "--dsn", fresh_db)
        assert json.loads(followed.stdout)["data"]["events"] == 1
        refused = tidemark("events", "follow", "Branch", "--after", "0", "--user", "7", "--dsn", fresh_db)
        assert refused.returncode == 5
