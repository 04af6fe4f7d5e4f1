"""The two imports of model_risk: byte caps, and what the golden cases leave open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark.errors import DatabaseRefused

GOLDEN = Path(__file__).parents[1] / "golden" / "model_risk"
HIERARCHY = GOLDEN / "imports" / "hierarchy"
ENTERPRISE = b"SBU,OrgUnit,OrgUnitDescription,Lob1Code,Lob1Description\n"


@pytest.fixture
def bank(place: Any) -> Any:
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        for table in (
            "lob_units",
            "users",
            "models",
            "monitoring_plans",
            "monitoring_plan_metrics",
            "monitoring_cycles",
        ):
            path = GOLDEN / "imports" / "monitoring_results" / "before" / f"{table}.csv"
            columns = path.read_text().split("\n", 1)[0]
            with connection.cursor().copy(
                f"COPY model_risk.{table} ({columns}) FROM STDIN (FORMAT csv, HEADER)"
            ) as copy:
                copy.write(path.read_bytes())
        connection.execute("INSERT INTO model_risk.monitoring_cycle_model_scopes VALUES (10, 1), (10, 2)")
    return place


def results(bank: Any, content: bytes, **options: Any) -> Any:
    return bank.load(content, "model_risk.monitoring_results", parameters={"cycle": "10", "user": "1"}, **options)


def hierarchy(bank: Any, content: bytes, **options: Any) -> Any:
    return bank.load(content, "model_risk.lob_hierarchy", parameters={}, **options)


def messages(bank: Any, upload: Any) -> list[tuple[str, str]]:
    found = bank.rows(
        "SELECT reason, message FROM load.issues WHERE upload_id = %s ORDER BY row_no, message", upload.upload_id
    )
    return [(row["reason"], row["message"]) for row in found]


@pytest.mark.parametrize(
    ("dataset", "cap", "line"),
    [
        ("model_risk.monitoring_results", 5_242_880, b"1,103,,GREEN,"),
        ("model_risk.lob_hierarchy", 10_485_760, b"Corporate (CORP),"),
    ],
)
def test_the_cap_itself_passes_and_one_byte_more_fails(bank: Any, dataset: str, cap: int, line: bytes) -> None:
    load = results if dataset.endswith("results") else hierarchy
    header = b"model_id,metric_id,value,outcome,narrative\n" if load is results else b"SBU,note\n"
    line += b"x" * (1023 - len(line)) + b"\n"
    content = (header + line * (cap // len(line) + 1))[:cap]
    content = content[: content.rindex(b"\n") + 1]
    content += b"\n" * (cap - len(content))  # empty lines are no records
    assert len(content) == cap
    assert load(bank, content).load_status == "loaded"
    before = bank.rows("SELECT * FROM model_risk.monitoring_results")
    upload = load(bank, content + b"\n")
    assert (upload.error_code, upload.error_message) == ("too_large", f"CSV too large. Max size is {cap} bytes.")
    assert bank.rows("SELECT * FROM model_risk.monitoring_results") == before
    assert bank.leftovers() == []


def test_rejected_results_are_kept_and_counted(bank: Any) -> None:
    upload = results(
        bank, b"\xef\xbb\xbfmodel_id,metric_id,value\n1,101,nan\n1,101,inf\n1,101,1_000\n1,101,1e400\n2,101,0.15\n1\n"
    )
    assert (upload.load_status, upload.merge_result) == ("loaded", {"created": 1, "updated": 0})
    assert (upload.total_rows, upload.processed_rows, upload.rejected_rows) == (6, 1, 5)
    assert messages(bank, upload) == [
        ("BAD_NUMBER", "Invalid numeric value: nan"),
        ("BAD_NUMBER", "Invalid numeric value: inf"),
        ("BAD_NUMBER", "Invalid numeric value: 1_000"),
        ("BAD_NUMBER", "Invalid numeric value: 1e400"),
        ("BAD_METRIC_ID", "Invalid or missing metric_id"),
    ]


def test_results_must_be_utf8(bank: Any) -> None:
    assert results(bank, b"model_id,metric_id,value\n1,101,\xff\n").error_code == "bad_encoding"


def test_a_hierarchy_may_be_latin1_from_its_beginning_but_not_later(bank: Any) -> None:
    assert hierarchy(bank, b"SBU,LOB1\nCorporate (CORP),Caf\xe9 (CAF)\n").merge_result["created"] == 1
    assert bank.rows("SELECT name FROM model_risk.lob_units WHERE code = 'CAF'") == [{"name": "Café"}]
    late = b"SBU,LOB1\n" + b"Corporate (CORP),X (X)\n" * 300 + b"Corporate (CORP),Caf\xe9 (C2)\n"
    assert hierarchy(bank, late).error_code == "bad_encoding"
    # a character cut at byte 4,096 is no reason to doubt
    cut = b"SBU,LOB1\nCorporate (CORP),"
    cut += b"y" * (4095 - len(cut)) + "é (C3)\n".encode()
    assert hierarchy(bank, cut, is_dry_run=True).load_status == "checked"


def test_bad_org_units_and_equal_leaves_are_errors_not_crashes(bank: Any) -> None:
    content = ENTERPRISE + b"CORP,7111,A,,\nCORP,71111,Same,,\nCORP,71112,Same,,\nCORP,,,6x,Deep\n"
    upload = hierarchy(bank, content, is_dry_run=True)
    assert upload.load_status == "checked"
    assert messages(bank, upload) == [
        ("BAD_ORG_UNIT", "Row 2: Invalid org unit '7111'"),
        ("DUPLICATE_CODE", "Row 4: Duplicate code 'SAME'"),
        ("BAD_ORG_UNIT", "Row 5: Invalid org unit '6x'"),
    ]
    upload = hierarchy(bank, content)
    assert (upload.load_status, upload.error_code) == ("failed", "IMPORT_ERRORS")
    assert bank.rows("SELECT count(*) AS n FROM model_risk.lob_units") == [{"n": 1}]


def test_a_name_that_changes_back_and_forth_ends_as_the_last_record_says(bank: Any) -> None:
    content = b"SBU,SBUCode,OrgUnit\nOne,CORP,\nTwo,CORP,\nOne,CORP,\nOne,CORP,\n"
    assert hierarchy(bank, content, is_dry_run=True).merge_result == {"created": 0, "updated": 2, "skipped": 0}
    assert hierarchy(bank, content).merge_result == {"created": 0, "updated": 2, "skipped": 1}
    assert bank.rows("SELECT name FROM model_risk.lob_units") == [{"name": "One"}]


def test_who_may_import(bank: Any) -> None:
    with psycopg.connect(bank.dsn, autocommit=True) as connection:
        connection.execute("INSERT INTO model_risk.users VALUES (2, 'b@example.test', 'B', 'USER', 1)")
    with pytest.raises(DatabaseRefused) as refused:
        bank.load(b"SBU\nX\n", "model_risk.lob_hierarchy", parameters={"user": "2"})
    assert refused.value.sqlstate == "42501"
    with pytest.raises(DatabaseRefused) as refused:
        bank.load(b"model_id\n1\n", "model_risk.monitoring_results", parameters={"cycle": "10"})
    assert refused.value.sqlstate == "22023"


def details(bank: Any, upload: Any) -> list[dict[str, Any]]:
    found = bank.rows(
        "SELECT outcome, details FROM load.outcomes WHERE upload_id = %s ORDER BY seq", upload.upload_id
    )
    return [{"action": row["outcome"], **row["details"]} for row in found]


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_record_refused_for_its_outcome_shows_its_number(bank: Any, is_dry_run: bool) -> None:
    content = (
        b"model_id,metric_id,value,outcome,narrative\n1,103,0.0499,PURPLE,note\n1,101,x,RED,note\n"
        b"1,105,0.5,,note\n9,101,0.5,,note\n1,x,0.5,,n\nx,101,0.5,,n\n1,101,,GREEN,n\n1,101,0.15,,fine\n"
    )
    upload = results(bank, content, is_dry_run=is_dry_run)
    skipped = [entry for entry in details(bank, upload) if entry["action"] == "skip"]
    assert skipped[0] == {
        "action": "skip",
        "model_id": 1,
        "metric_id": 103,
        "value": 0.0499,
        "error": "Invalid outcome: PURPLE. Must be GREEN, YELLOW, or RED",
    }
    assert [set(entry) for entry in skipped[1:]] == [{"action", "model_id", "metric_id", "error"}] * 6
    assert len(details(bank, upload)) == (8 if is_dry_run else 7)
    found = bank.issues(upload.upload_id)
    assert [(reason, column, value) for _, _, reason, column, value in found] == [
        ("BAD_OUTCOME", "outcome", "PURPLE"),
        ("BAD_NUMBER", "value", "x"),
        ("METRIC_NOT_IN_PLAN", "metric_id", "105"),
        ("MODEL_NOT_IN_SCOPE", "model_id", "9"),
        ("BAD_METRIC_ID", "metric_id", "x"),
        ("BAD_MODEL_ID", "model_id", "x"),
        ("VALUE_REQUIRED", "value", ""),
    ]


@pytest.mark.parametrize("is_dry_run", [True, False])
@pytest.mark.parametrize(
    "content",
    [
        b"model,metric,value\n1,101,0.15\n",  # no header fits
        b"model_id,metric_id,value\n1,101,\n2,101,x\n",
    ],
)
def test_results_of_which_none_is_accepted_fail_and_say_why(bank: Any, content: bytes, is_dry_run: bool) -> None:
    before = bank.rows("SELECT * FROM model_risk.monitoring_results")
    upload = results(bank, content, is_dry_run=is_dry_run)
    rows = content.count(b"\n") - 1
    assert (upload.load_status, upload.error_code) == ("failed", "all_rows_rejected")
    assert ("It has no column model_id." in upload.error_message) == content.startswith(b"model,")
    assert (upload.total_rows, upload.rejected_rows, len(details(bank, upload))) == (rows, rows, rows)
    assert bank.rows("SELECT * FROM model_risk.monitoring_results") == before


def test_a_failed_import_ends_the_command_with_1(bank: Any, run_cli: Any) -> None:
    path = bank.file(b"a,b\n1,2\n")
    code, out, _ = run_cli("load", "model_risk.monitoring_results", path, "--set", "cycle=10", "--set", "user=1")
    assert (code, "all_rows_rejected" in out) == (1, True)


def test_results_are_read_with_semicolons(bank: Any) -> None:
    upload = results(bank, b"model_id;metric_id;value\n1;101;0.15\n")
    assert (upload.load_status, upload.merge_result) == ("loaded", {"created": 1, "updated": 0})


def test_repeated_model_and_metric_are_counted_and_warned_of(bank: Any) -> None:
    content = (
        b"model_id,metric_id,value,outcome,narrative\n1,101,0.15,,first\n1,101,0.5,,second\n"
        b"2,101,0.15,,stays\n2,101,0.16,,\n1,103,,RED,\n1,103,,GREEN,\n2,103,1,,\n"
    )
    upload = results(bank, content)
    assert (upload.total_rows, upload.processed_rows, upload.rejected_rows, upload.superseded_rows) == (7, 7, 0, 2)
    assert upload.merge_result == {"created": 4, "updated": 3}
    assert bank.issues(upload.upload_id) == [
        (1, "warn", "duplicate_key", "model_id", "1"),
        (3, "warn", "duplicate_key", "model_id", "2"),
        (5, "warn", "duplicate_key", "model_id", "1"),
    ]
    stored = bank.rows(
        "SELECT model_id, plan_metric_id, numeric_value::text, calculated_outcome, narrative"
        " FROM model_risk.monitoring_results WHERE cycle_id = 10 ORDER BY plan_metric_id, model_id"
    )
    assert [tuple(row.values())[2:] for row in stored if row["plan_metric_id"] == 101][1][2] == "stays"
    assert results(bank, content, is_dry_run=True).superseded_rows == 2


def test_issues_of_a_hierarchy_name_column_and_value(bank: Any) -> None:
    content = ENTERPRISE + b"CORP,7111,A,,\nCORP,71111,Same,,\nCORP,71112,Same,,\nCORP,,,6x,Deep\nCORP,,,,***\n"
    upload = hierarchy(bank, content, is_dry_run=True)
    assert [(row, reason, column, value) for row, _, reason, column, value in bank.issues(upload.upload_id)] == [
        (1, "BAD_ORG_UNIT", "OrgUnit", "7111"),
        (3, "DUPLICATE_CODE", "OrgUnitDescription", "SAME"),
        (4, "BAD_ORG_UNIT", "Lob1Code", "6x"),
        (5, "BAD_CODE", "Lob1Description", "***"),
    ]
    upload = hierarchy(
        bank,
        b"SBU, Lob1 \nCorporate (CORP), X (a-b) \n" + b"Corporate (CORP)," + b"y" * 256 + b" (Y)\n",
        is_dry_run=True,
    )
    assert [(row, reason, column, value) for row, _, reason, column, value in bank.issues(upload.upload_id)] == [
        (1, "BAD_CODE", "Lob1", " X (a-b) "),
        (2, "TOO_LONG", "Lob1", "y" * 200),
    ]


def test_the_case_from_outside_shows_its_number(bank: Any) -> None:
    bank.rows("INSERT INTO model_risk.monitoring_cycle_model_scopes VALUES (10, 4) RETURNING 1")
    upload = results(bank, b"model_id,metric_id,value,outcome,narrative\n4,104,0.0499,PURPLE,note\n", is_dry_run=True)
    assert details(bank, upload) == [
        {
            "action": "skip",
            "model_id": 4,
            "metric_id": 104,
            "value": 0.0499,
            "error": "Invalid outcome: PURPLE. Must be GREEN, YELLOW, or RED",
        }
    ]


def test_results_with_a_decimal_comma_are_read_when_it_is_said(bank: Any) -> None:
    content = b"model_id;metric_id;value\n1;101;0,15\n2;101;1.5\n"
    upload = bank.load(
        content, "model_risk.monitoring_results", parameters={"cycle": "10", "user": "1", "decimal": ","}
    )
    assert messages(bank, upload) == [("BAD_NUMBER", "Invalid numeric value: 1.5")]
    assert bank.issues(upload.upload_id) == [(2, "reject", "BAD_NUMBER", "value", "1.5")]
    assert bank.rows(
        "SELECT numeric_value::text AS n FROM model_risk.monitoring_results WHERE cycle_id = 10 AND model_id = 1 AND plan_metric_id = 101"
    ) == [{"n": "0.15"}]
