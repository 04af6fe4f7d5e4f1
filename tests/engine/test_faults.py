"""kill -9 of a writer, of a refresh, of a redefinition and of the whole server, once each; scripts/bench does it often."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.once
def test_after_a_kill_and_one_tick_stored_rows_are_right_and_nothing_is_left_behind(server_choice):
    if server_choice != "18":
        pytest.skip("kills a server of its own, the embedded one")
    script = Path(__file__).parents[2] / "scripts/bench/refresh_faults.py"
    done = subprocess.run(
        [sys.executable, str(script), "--rounds", "4", "--models", "300", "--json"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    rounds = json.loads(done.stdout)["rows"]
    assert [row["killed"] for row in rounds] == ["writer", "refresh", "redefinition", "server"]
    assert all(row["wrong"] == "nothing" for row in rounds)
    assert sum(row["pending"] for row in rounds) > 0, "no kill found anything under way"
