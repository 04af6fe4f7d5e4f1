"""tidemark new: what it writes keeps the rules of the files at once, and its tests fail until they say something."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tidemark import scaffold
from tidemark.deploy.lint import check_project
from tidemark.errors import UsageProblem
from tidemark.project import Project, alone, families

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PARTS = ("migrations", "functions", "views", "scripts", "tests", "tidemark")
TABLE = "-- A table for the triggers of the tests.\n\nCREATE SCHEMA s;\nCREATE TABLE s.things (thing_id bigint);\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A small project with a schema, a table and a live view."""
    for folder in ("migrations", "functions", "views/s/live"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "migrations" / "0001_s.sql").write_text(TABLE)
    (tmp_path / "views/s/live/thing_status.sql").write_text(
        "-- s.thing_status\n-- A view.\n-- requires: nothing\n\nCREATE OR REPLACE VIEW s.thing_status AS SELECT 1 AS thing_id;\n"
    )
    return tmp_path


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A copy of this project with one new file of every kind."""
    base = tmp_path_factory.mktemp("copy") / "project"
    for part in PARTS:
        shutil.copytree(ROOT / part, base / part, ignore=shutil.ignore_patterns("__pycache__", "golden"))
    for name in ("pyproject.toml", "sqlfluff.cfg", ".squawk.toml", "tidemark.toml"):
        shutil.copy(ROOT / name, base / name)
    project = Project("copy", base, base, families(base))
    made = [
        scaffold.migration("model_risk_label_rows", project),
        scaffold.view("model_risk.label_status", "live", project),
        scaffold.view("model_risk.label_status_by_day", "stored", project, key=("as_of",)),
        scaffold.view("model_risk_label", "bi", project),
        scaffold.function("model_risk.label_rule", "rules", project),
        scaffold.function("model_risk.change_label", "actions", project),
        scaffold.function("model_risk.models_after_update_label", "triggers", project),
    ]
    return base, [path for item in made for path in item.paths]


def in_copy(base: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(base)}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=base, env=environment, capture_output=True, text=True, check=False
    )


def counts(result: subprocess.CompletedProcess[str]) -> dict[str, int]:
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", result.stdout)}


def test_new_files_pass_the_linters(copy):
    base, paths = copy
    sql = [path for path in paths if path.endswith(".sql") and not path.startswith("tests/")]
    result = in_copy(base, "sqlfluff", "lint", "--config", "sqlfluff.cfg", *sql)
    assert result.returncode == 0, result.stdout
    assert [
        f"{item.where} {item.message}"
        for item in check_project.static(
            [base / path for path in sql], Project("copy", base, base, families(base))
        ).findings
    ] == []


def test_new_files_keep_the_rules_of_the_layout(copy):
    base, paths = copy
    result = in_copy(
        base, "pytest", "-q", "tests/repo/test_layout.py", "tests/repo/test_migrations.py", "-k", "label"
    )
    assert result.returncode == 0, result.stdout
    assert counts(result)["passed"] >= 8 * (len(paths) // 2)


def test_new_tests_fail_until_they_say_something(copy):
    """They run against a database with all new files applied, so these can be applied as they are."""
    base, paths = copy
    tests = [path for path in paths if path.startswith("tests/")]
    result = in_copy(base, "pytest", "-q", "-p", "no:randomly", *tests)
    found = counts(result)
    assert "passed" not in found, result.stdout
    assert "error" not in found, result.stdout
    if "skipped" in found:
        pytest.skip("pgTAP is not installed for this server")
    assert {path for path in tests if f"FAILED {path}" in result.stdout} == set(tests), result.stdout


def test_a_migration_follows_the_last_one(base):
    made = scaffold.migration("s_more", alone(base))
    assert made.paths[:2] == ["migrations/0002_s_more.sql", "migrations/0002_s_more.rollback.sql"]
    assert "-- depends: 0001_s\n" in (base / made.paths[0]).read_text()
    assert (
        scaffold.migration("fresh_tables", alone(base), is_first=True).paths[0] == "migrations/0003_fresh_tables.sql"
    )


def test_a_stored_view_finds_its_live_twin(base):
    made = scaffold.view("s.thing_status_by_site", "stored", alone(base), key=("thing_id", "site_id"))
    text = (base / made.paths[0]).read_text()
    assert "live => 's.thing_status'" in text
    assert "key => '{thing_id,site_id}'" in text


def test_a_trigger_knows_its_table_and_event_by_its_name(base):
    made = scaffold.function("s.things_before_delete_guard", "triggers", alone(base))
    text = (base / made.paths[0]).read_text()
    assert "CREATE OR REPLACE TRIGGER things_before_delete_guard\nBEFORE DELETE ON s.things\n" in text
    assert made.paths[0] == "functions/s/triggers/things_before_delete_guard.sql"


def test_nothing_is_overwritten(base):
    (base / "tests/functions/s").mkdir(parents=True)
    (base / "tests/functions/s/test_late.sql").write_text("mine")
    with pytest.raises(UsageProblem, match="exists already"):
        scaffold.function("s.late", "rules", alone(base))
    assert (base / "tests/functions/s/test_late.sql").read_text() == "mine"
    assert not (base / "functions/s/rules/late.sql").exists()
    with pytest.raises(UsageProblem, match="already"):
        scaffold.view("s.thing_status", "live", alone(base))


@pytest.mark.parametrize(
    "name",
    ["s.Late", "s.late__day", "s.fn_late", "s.9late", "s.späte", "s.late_v2", "late", "other.late", f"s.{'x' * 64}", "s.late day", "s."],
)  # fmt: skip
def test_a_name_that_breaks_the_rules_is_refused(base, name):
    with pytest.raises(UsageProblem) as refused:
        scaffold.function(name, "rules", alone(base))
    assert refused.value.hint
    assert not (base / "functions/s").exists()


@pytest.mark.parametrize("name", ["other_change", "s_Change", "s"[:0]])
def test_a_migration_names_its_schema(base, name):
    with pytest.raises(UsageProblem):
        scaffold.migration(name, alone(base))


@pytest.mark.parametrize(
    ("name", "layer", "more"),
    [
        ("s.total", "stored", {"key": ("a",)}),
        ("s.thing_status_by_site", "stored", {}),
        ("s.other_by_site", "stored", {"key": ("a",)}),
        ("s.total", "live", {"key": ("a",)}),
        ("other_thing", "bi", {}),
    ],
)
def test_a_view_that_lacks_what_its_layer_needs_is_refused(base, name, layer, more):
    with pytest.raises(UsageProblem) as refused:
        scaffold.view(name, layer, alone(base), **more)
    assert refused.value.hint


@pytest.mark.parametrize("name", ["s.things_guard", "s.others_after_update_audit"])
def test_a_trigger_without_event_or_table_is_refused(base, name):
    with pytest.raises(UsageProblem):
        scaffold.function(name, "triggers", alone(base))


def test_the_command_says_what_to_do_next(tidemark, project):
    (project.base / "migrations" / "0001_s.sql").write_text(TABLE)
    result = tidemark("new", "function", "s.is_late", "--layer", "rules")
    assert result.returncode == 0
    assert result.stdout.splitlines()[0] == "wrote       functions/s/rules/is_late.sql"
    assert "next        " in result.stdout
    assert tidemark("new", "function", "s.is_late").returncode == 2
