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
