"""Kills of the runner and of the server, pairs of runners, a held table: a few rounds of what scripts/bench does often."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

BENCH = Path(__file__).parents[2] / "scripts" / "bench"


@pytest.fixture
def bench(server_choice):
    """Runs a benchmark, which makes a server of its own; gives its rows."""
    if server_choice not in ("15", "18"):
        pytest.skip("needs servers that it can kill")

    def run(script, *options):
        done = subprocess.run(
            [sys.executable, str(BENCH / script), "--server", server_choice, "--json", *options],
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)["rows"]

    return run


def test_after_a_kill_the_next_apply_ends_what_was_begun(bench):
    rows = bench("deploy_faults.py", "--rounds", "5", "--pairs", "0", "--rows", "5000")
    assert [row["wrong"] for row in rows[:5]] == ["nothing"] * 5
    assert {row["killed"] for row in rows[:5]} == {"runner", "server"}


def test_of_two_runners_started_together_one_applies(bench):
    rows = bench("deploy_faults.py", "--rounds", "0", "--pairs", "3", "--rows", "1000")
    assert [row["wrong"] for row in rows] == ["nothing"] * 3


def test_a_held_table_stops_the_migration_and_nothing_else(bench):
    """The benchmark itself judges the waits, by the clock of a quiet machine; here only what the runner said counts."""
    rows = bench(
        "deploy_readers.py", "--hold-seconds", "3", "--plain-seconds", "1", "--lock-timeout", "0.5", "--slack", "60"
    )
    said = {row["what"]: row["said"] for row in rows}
    assert said["one table, given up"].startswith("exit code 6; In the way: pid")
    assert said["one table, applied in the end"] == "applied"
