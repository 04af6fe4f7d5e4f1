"""Under any settings of the login the answers are the same: those of the runner, and those an application gets.

Random combinations of every setting in user_settings.csv that can differ. TIDEMARK_WALK says how many (3 without it);
TIDEMARK_WALK_FROM names the first, as each has a number. One that fails is run again with TIDEMARK_WALK=1 and its number.
"""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import forked
import login_settings as walk
import psycopg
import pytest

ROOT = Path(__file__).parents[2]
FIRST = int(os.environ.get("TIDEMARK_WALK_FROM", "1"))
COUNT = int(os.environ.get("TIDEMARK_WALK", "3"))
TODAY = "2025-06-30"
SHOP = {"shop": "alpha.example", "currency": "eur"}


@pytest.fixture(scope="module")
def filled(server, applied_db):
    """Name of a database with everything applied and a small bank in it; nobody stays connected."""
    with server.database(applied_db) as name:
        dsn = server.owner_dsn(name)
        generate = [sys.executable, ROOT / "scripts" / "generate.py", "model_risk", "--size", "120", "--as-of", TODAY]
        subprocess.run([*generate, "--dsn", dsn], check=True, capture_output=True)
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute("CALL refresh.tick()")
        yield name


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """A small project, as `tidemark init` makes it."""
    folder = tmp_path_factory.mktemp("projects") / "shop"
    make = [sys.executable, "-c", "from tidemark.cli import main; main()", "init", folder]
    subprocess.run(make, check=True, capture_output=True)
    return folder


@pytest.fixture
def answers(server, applied_db, filled, starter, cases, tmp_path):
    """What the product says and leaves under a combination: {part: {table: rows}}."""

    def command(*arguments):
        return forked.run(forked.tidemark, list(arguments), {"HOME": str(tmp_path)})

    files = [
        (cases / "scs_off" / "dates.csv", "first"),
        (cases / "scs_off" / "thousands.csv", "second"),
        (cases / "latin1_client" / "orders.csv", "third"),
    ]

    def runner(seed):
        """One command after the other, as a login that was given the settings."""
        with server.database(filled) as name:
            settings = settings_of(server, name, seed)
            dsn, said = server.owner_dsn(name), {}
            for number, (file, run) in enumerate(files):
                said[f"load {number}"] = document(
                    command("load", "commerce", str(file), *of(SHOP | {"run": run}), "--json", "--dsn", dsn)
                )
            for arguments in (("tick",), ("verify",), ("freshness",), ("doctor", "--drift")):
                said[arguments[0]] = document(command(*arguments, "--json", "--dsn", dsn))
            said["rollback"] = document(command("rollback", "--dry-run", "--json", "--dsn", dsn))
            case = ROOT / "tests" / "golden" / "commerce" / "d01_small_clean"
            done = forked.run(
                forked.script(ROOT / "scripts" / "golden.py"),
                ["commerce", str(case), "--json", "--template", applied_db, "--dsn", server.owner_dsn(name)],
                {"HOME": str(tmp_path), "PGOPTIONS": walk.options(settings)},
            )
            assert done.returncode == 0, done.stdout + done.stderr
            said["golden"] = document(done)
            return said | walk.contents(server.dsn(name))

    def project(seed):
        """A project on an empty database, there and back."""
        with server.database() as name:
            settings_of(server, name, seed)
            dsn, said = server.owner_dsn(name), {}

            def note(*arguments):
                done = command("--project", str(starter), *arguments, "--json", "--dsn", dsn)
                said[arguments[0]] = document(done)

            note("apply")
            note("doctor", "--drift")
            said |= walk.objects(server.dsn(name))
            note("rollback", "--yes", "--allow-data-loss")
            return said | walk.contents(server.dsn(name))

    def application(seed):
        """Plain sessions that pin nothing."""
        with server.database(filled) as name:
            settings_of(server, name, seed, but=walk.RUNNER_ONLY)
            parameters = SHOP | {"run": "fourth"}
            walk.use_as_an_application(
                server.owner_dsn(name), [("commerce", files[0][0], SHOP), ("commerce", files[2][0], parameters)]
            )
            return walk.contents(server.dsn(name))

    return {"runner": runner, "project": project, "application": application}


def settings_of(server, name, seed, but=frozenset()):
    settings = {key: value for key, value in walk.combination(seed, server.major).items() if key not in but}
    walk.give(server, name, settings)
    return settings


def of(parameters):
    return [part for name, value in parameters.items() for part in ("--set", f"{name}={value}")]


def document(done):
    """A command's answer; one that failed stops the test with all that it said."""
    assert done.returncode == 0, (done.args, done.stdout, done.stderr)
    return walk.flat(json.loads(done.stdout)["data"])


expected: dict[tuple[str, date], dict[str, list[str]]] = {}  # answers are of a day


@pytest.mark.parametrize("part", ["runner", "project", "application"])
@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_answers_are_the_same(server, answers, part, seed):
    day = date.today()
    if (part, day) not in expected:
        expected[part, day] = answers[part](0)
    found = answers[part](seed)
    if date.today() != day:
        pytest.skip("midnight passed during the test")
    lines = walk.differences(expected[part, day], found)
    assert not lines, "\n".join([*lines, str(walk.combination(seed, server.major))])
