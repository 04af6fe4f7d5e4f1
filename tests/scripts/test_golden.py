"""scripts/golden.py: finds every kind of difference, and none where there is none."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import config
from tidemark.errors import FileProblem, UsageProblem
from tidemark.golden import files, spec
from tidemark.golden.compare import Finding, Outcome
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "model_risk"


@pytest.fixture(scope="session")
def scratch_dsn(server: Any) -> str:
    return str(server.owner_dsn("postgres"))


def run_script(directory: Path, dsn: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "golden.py", "model_risk", directory, "--dsn", dsn, *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="session")
def place(scratch_dsn: str, applied_db: str) -> Scratch:
    """The server under test; databases are copies of the one with everything applied."""
    return Scratch(config.Settings(dsn=scratch_dsn, dsn_source="the tests"), scratch_dsn, template=applied_db)


def run_check(directory: Path, place: Scratch) -> dict[str, Finding]:
    return by_name(finish(check_in(spec.read("model_risk"), directory, place)))


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def edit(path: Path, change: Any) -> None:
    """Rewrites a CSV file; ``change`` gets its rows as dictionaries and gives the new ones."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        header, rows = list(reader.fieldnames or []), list(reader)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def compress(path: Path) -> None:
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def test_every_golden_row_is_equal(place: Scratch) -> None:
    findings = run_check(GOLDEN, place)
    assert [finding for finding in findings.values() if finding.is_bad] == []
    for item in spec.checks(GOLDEN / "reports.sql"):
        with (GOLDEN / item.file).open(encoding="utf-8") as stream:
            assert findings[item.file].rows == sum(1 for _ in csv.reader(stream)) - 1
        assert findings[f"{item.file} from stored rows"].rows >= findings[item.file].rows
    assert findings["model_risk.model_status_by_model"].rows == findings["expected_revalidation.csv"].rows
    assert findings["imports/hierarchy/cases.csv"].rows > 0
    assert findings["imports/monitoring_results/cases.csv"].rows > 0


@pytest.mark.once
def test_the_time_zone_of_the_session_changes_nothing(place: Scratch, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    shutil.copytree(GOLDEN, reports, ignore=shutil.ignore_patterns("imports"))
    findings = finish(check_in(spec.read("model_risk"), reports, place, "Pacific/Auckland"))
    assert [finding for finding in findings if finding.is_bad] == []


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with one difference of each kind, one file gone, one nobody knows, and others compressed."""
    directory = tmp_path_factory.mktemp("golden") / "damaged"
    shutil.copytree(GOLDEN, directory, ignore=shutil.ignore_patterns("imports"))

    def wrong_value(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[7]["next_validation_due"] = "1999-12-31"
        rows[8]["days_until_submission_due"] = "soon"
        return rows

    def swapped(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[0]["row_no"], rows[1]["row_no"] = rows[1]["row_no"], rows[0]["row_no"]
        return rows

    def nearly(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        ratios = [row for row in rows if row["metric_type"] == "ratio" and float(row["percentage"]) > 1]
        ratios[0]["percentage"] = str(round(float(ratios[0]["percentage"]) + 0.01, 2))
        ratios[1]["percentage"] = str(round(float(ratios[1]["percentage"]) + 0.02, 2))
        ratios[2]["numerator_ids_md5"] = "0" * 32
        return rows

    edit(directory / "expected_revalidation.csv", wrong_value)
    edit(directory / "expected_approval_status.csv", lambda rows: rows[1:])
    edit(directory / "expected_model_list_fields.csv", lambda rows: [*rows, {**rows[0], "model_id": "999999"}])
    edit(directory / "expected_regional_compliance.csv", swapped)
    edit(directory / "expected_kpi.csv", nearly)
    edit(directory / "expected_attestation_cycles.csv", lambda rows: [*rows, rows[0]])
    (directory / "expected_next_transition.csv").unlink()
    (directory / "expected_wonders.csv").write_text("a\n1\n")
    compress(directory / "tables" / "models.csv")
    compress(directory / "expected_kpi_header.csv")
    return directory


@pytest.fixture(scope="module")
def damage(damaged: Path, place: Scratch) -> dict[str, Finding]:
    return run_check(damaged, place)


def test_a_wrong_value_is_told_with_case_expected_and_actual(damage: dict[str, Finding]) -> None:
    finding = damage["expected_revalidation.csv"]
    assert (finding.outcome, finding.differences) == (Outcome.DIFFERS, 2)
    first = finding.examples[0]
    assert first.case == {"as_of": "2024-02-29", "model_id": "8"}
    assert first.expected == {"next_validation_due": "1999-12-31"}
    assert first.actual is not None
    assert set(first.actual) == {"next_validation_due"}


def test_a_row_that_the_file_lacks_is_in_excess(damage: dict[str, Finding]) -> None:
    finding = damage["expected_approval_status.csv"]
    assert finding.differences == 1
    assert finding.examples[0].case == {"as_of": "2024-02-29", "model_id": "1"}
    assert finding.examples[0].expected is None


def test_a_row_that_is_not_computed_is_missing(damage: dict[str, Finding]) -> None:
    finding = damage["expected_model_list_fields.csv"]
    assert finding.differences == 1
    assert finding.examples[0].case["model_id"] == "999999"
    assert finding.examples[0].actual is None


def test_a_row_given_twice_is_missing_once(damage: dict[str, Finding]) -> None:
    assert damage["expected_attestation_cycles.csv"].differences == 1


def test_swapped_rows_differ_both(damage: dict[str, Finding]) -> None:
    finding = damage["expected_regional_compliance.csv"]
    assert finding.differences == 2
    assert [example.case["row_no"] for example in finding.examples] == ["1", "2"]


def test_only_what_exceeds_the_tolerance_differs(damage: dict[str, Finding]) -> None:
    finding = damage["expected_kpi.csv"]
    assert finding.differences == 2
    assert [list(example.expected or {}) for example in finding.examples] == [["percentage"], ["numerator_ids_md5"]]


def test_absent_unknown_and_compressed_files_are_no_difference(damage: dict[str, Finding]) -> None:
    assert damage["expected_next_transition.csv"].outcome is Outcome.ABSENT
    assert damage["expected_wonders.csv"].outcome is Outcome.UNKNOWN
    assert damage["expected_kpi_header.csv"].outcome is Outcome.EQUAL
    assert damage["case_notes.csv"].outcome is Outcome.INFORMATION


@pytest.fixture
def unseen(tmp_path: Path) -> Path:
    """A tiny inventory with days of its own; all code tables are those of the migrations."""
    texts = {
        "tables/lob_units": "lob_id,parent_id,code,name,level,org_unit,is_active\n1,,A,Alone,1,00001,t\n",
        "tables/users": "user_id,email,full_name,role_code,lob_id\n1,a@b.example,Ada,USER,1\n",
        "tables/risk_tiers": "risk_tier_id,code,label,sort_order,is_active\n1,ONE,One,1,t\n",
        "tables/validation_policies": "policy_id,risk_tier_id,frequency_months,grace_period_months,"
        "model_change_lead_time_days\n1,1,12,1,10\n",
        "tables/models": "model_id,model_name,development_type,owner_id,status,risk_tier_id,created_at\n"
        "1,First,In-House,1,Active,1,2029-01-01 00:00:00+00\n2,Second,In-House,1,Active,1,2029-01-01 00:00:00+00\n",
        "tables/validation_requests": "request_id,validation_type,current_status,priority,request_date,"
        "target_completion_date,completion_date,created_at,updated_at\n"
        "1,INITIAL,APPROVED,STANDARD,2029-01-01,2029-06-01,2030-01-31 12:00:00+00,2029-01-01 00:00:00+00,"
        "2030-01-31 12:00:00+00\n",
        "tables/validation_request_models": "request_id,model_id\n1,1\n",
        "tables/gadgets": "gadget_id\n1\n",
        # 2030-01-31 + 12 months, + 1 month clamped to February, + 10 days: no SLA row
        "expected_revalidation": "as_of,model_id,status,next_submission_due,grace_period_end,next_validation_due\n"
        "2031-02-28,1,Upcoming,2031-01-31,2031-02-28,2031-03-10\n2031-02-28,2,Never Validated,,,\n"
        "2031-03-01,1,Should Create Request,2031-01-31,2031-02-28,2031-03-10\n2031-03-01,2,Never Validated,,,\n",
    }
    (tmp_path / "tables").mkdir()
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    compress(tmp_path / "tables" / "users.csv")
    compress(tmp_path / "expected_revalidation.csv")
    return tmp_path


def test_a_directory_never_seen_before_is_checked_and_its_database_dropped(unseen: Path, place: Scratch) -> None:
    findings = run_check(unseen, place)
    assert findings["expected_revalidation.csv"].outcome is Outcome.EQUAL
    assert findings["expected_revalidation.csv"].rows == 4
    assert findings["tables/gadgets.csv"].outcome is Outcome.UNKNOWN
    assert findings["expected_kpi.csv"].outcome is Outcome.ABSENT
    assert databases(place.dsn) == []


def test_keep_leaves_the_database(unseen: Path, scratch_dsn: str) -> None:
    result = run_script(unseen, scratch_dsn, "--keep")
    (name,) = databases(scratch_dsn)
    with psycopg.connect(scratch_dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"database {name} stays" in result.stderr


def test_the_script_exits_with_1_and_shows_the_difference(unseen: Path, scratch_dsn: str, applied_db: str) -> None:
    file = unseen / "expected_revalidation.csv.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"2031-03-10", b"2031-03-11", 1)))
    result = run_script(unseen, scratch_dsn, "--template", applied_db)
    assert result.returncode == 1
    assert (
        "as_of 2031-02-28, model_id 1; expected next_validation_due = 2031-03-11; "
        "actual next_validation_due = 2031-03-10" in result.stdout
    )
    as_json = run_script(unseen, scratch_dsn, "--json", "--template", applied_db)
    document = json.loads(as_json.stdout)
    assert (as_json.returncode, document["ok"], document["data"]["equal"]) == (1, False, False)
    assert as_json.stderr == ""


def test_rows_that_break_a_constraint_are_refused_with_file_and_line(
    unseen: Path, scratch_dsn: str, applied_db: str
) -> None:
    models = unseen / "tables" / "models.csv"
    models.write_text(models.read_text().replace("2,Second,In-House,1", "2,Second,In-House,77"))
    result = run_script(unseen, scratch_dsn, "--json", "--template", applied_db)
    error = json.loads(result.stdout)["error"]
    assert (result.returncode, error["sqlstate"], error["where"]) == (5, "23503", "tables/models.csv")
    assert databases(scratch_dsn) == []


def test_wrong_usage_exits_with_2(tmp_path: Path, scratch_dsn: str) -> None:
    assert run_script(tmp_path / "nowhere", scratch_dsn).returncode == 2
    assert run_script(tmp_path, scratch_dsn).returncode == 2
    assert json.loads(run_script(tmp_path, scratch_dsn, "--colour", "--json").stdout)["ok"] is False


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    short = files.CsvFile("short.csv", tmp_path / "short.csv")
    short.path.write_text("a,b\n1\n")
    with pytest.raises(FileProblem, match=r"short\.csv, line 2: 1 cells instead of 2"):
        list(short.rows())
    short.path.write_text("a,a\n")
    with pytest.raises(FileProblem, match="twice"):
        short.header()
    torn = files.CsvFile("torn.csv", tmp_path / "torn.csv.gz")
    torn.path.write_bytes(gzip.compress(b"a\n" * 1000)[:30])
    with pytest.raises(FileProblem, match="torn"):
        list(torn.rows())
    with pytest.raises(UsageProblem):
        files.find(tmp_path / "short.csv")
    (tmp_path / "torn.csv").write_text("a\n")
    with pytest.raises(FileProblem, match="there twice"):
        files.find(tmp_path)


def databases(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'golden%' ORDER BY 1"
        ).fetchall()
    return [name for (name,) in found]
