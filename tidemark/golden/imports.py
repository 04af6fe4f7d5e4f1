"""Golden cases of the imports of model_risk: a starting state, a file, and what preview and apply must do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused
from tidemark.golden import files, load, scratch
from tidemark.golden.compare import Finding, compare
from tidemark.golden.files import CsvFile
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Check
from tidemark.load.uploads import Job, Loaded, load_file
from tidemark.steps import Step, Steps, finish

HIERARCHY = "imports/hierarchy/"
RESULTS = "imports/monitoring_results/"

# What a web service in front of the import would answer.
_STATUS_OF_STATE = {"P0002": 404, "55000": 400, "42501": 403}
_STATUS_OF_CODE = {"NO_HIERARCHY_COLUMNS": 400, "IMPORT_ERRORS": 422, "too_large": 413}

Row = dict[str, Any]
Answers = dict[str, list[Row]]


def check(directory: Path, place: Scratch) -> Steps[list[Finding]]:
    """Runs every case below ``imports/``, each from its starting state.

    Shape:  one finding a file of expected rows; none when the directory has no such cases.
    """
    found = files.find(directory)
    findings: list[Finding] = []
    for folder, run in ((HIERARCHY, _hierarchy), (RESULTS, _results)):
        if f"{folder}cases.csv" not in found:
            continue
        name = place.new_name("model_risk_imports")
        with place.database(name) as connection:
            yield from scratch.apply_all(connection, place.settings)
            answers: Answers = {}
            cases = list(_rows(found[f"{folder}cases.csv"]))
            for done, case in enumerate(cases):
                yield Step(f"{folder}{case['case_id']}", done, len(cases))
                run(connection, lambda: db.connect(place.dsn, dbname=name), directory, found, case, answers)  # noqa: B023
        findings += [
            _compare(found[file], key, answers.get(file, []))
            for file, key in _KEYS.items()
            if file in found and file.startswith(folder)
        ]
    return findings


_KEYS = {
    f"{HIERARCHY}cases.csv": ("case_id", "dry_run"),
    f"{HIERARCHY}expected_preview.csv": ("case_id", "action", "seq"),
    f"{HIERARCHY}expected_lob_units_after.csv": ("case_id", "org_unit"),
    f"{RESULTS}cases.csv": ("case_id", "dry_run"),
    f"{RESULTS}expected_rows.csv": ("case_id", "row_number"),
    f"{RESULTS}expected_results_after.csv": ("case_id", "cycle_id", "model_id", "plan_metric_id"),
}


def _hierarchy(
    connection: db.Connection,
    connect: Callable[[], db.Connection],
    directory: Path,
    found: dict[str, CsvFile],
    case: Row,
    answers: Answers,
) -> None:
    before = found[f"{HIERARCHY}lob_units_before.csv"]
    finish(load.load_tables(connection, "model_risk", [CsvFile("lob_units.csv", before.path)]))
    is_preview = case["dry_run"] == "t"
    job = Job(
        "model_risk.lob_hierarchy",
        str(directory / HIERARCHY / "files" / case["file"]),
        is_dry_run=is_preview,
        again=True,
    )
    loaded, refused = _run(connect, job)
    answer = {**case, "http_status": _status(loaded, refused), **dict.fromkeys(_HIERARCHY_ANSWER)}
    messages = []
    if loaded is not None:
        upload = loaded.upload
        messages = [issue.message for issue in db.fetch(connection, "load_issues", upload_id=upload.upload_id)]
        if upload.error_code == "NO_HIERARCHY_COLUMNS":
            messages = [upload.error_message]
            answer["http_status"] = 200 if is_preview else 400
        counts = upload.merge_result or dict.fromkeys(("created", "updated", "skipped"), 0)
        if answer["http_status"] == 200:
            answer |= {f"{word}_count": counts[word] for word in ("created", "updated", "skipped")}
        if is_preview:
            answer["detected_columns"] = upload.parameters.get("detected_columns")
            answer["max_depth"] = upload.parameters.get("max_depth", "0")
    answer["errors"] = "|".join(messages) or None
    answers.setdefault(f"{HIERARCHY}cases.csv", []).append(answer)
    if is_preview and loaded is not None:
        answers.setdefault(f"{HIERARCHY}expected_preview.csv", []).extend(
            row._asdict()
            for row in db.fetch(
                connection, "golden_lob_preview", case=case["case_id"], upload_id=loaded.upload.upload_id
            )
        )
    elif not is_preview:
        answers.setdefault(f"{HIERARCHY}expected_lob_units_after.csv", []).extend(
            row._asdict() for row in db.fetch(connection, "golden_lob_units", case=case["case_id"])
        )


_HIERARCHY_ANSWER = ("created_count", "updated_count", "skipped_count", "detected_columns", "max_depth", "errors")
_RESULTS_ANSWER = ("error", "total_rows", "create_count", "update_count", "skip_count", "error_count", "success")


def _results(
    connection: db.Connection,
    connect: Callable[[], db.Connection],
    directory: Path,
    found: dict[str, CsvFile],
    case: Row,
    answers: Answers,
) -> None:
    before = [file for name, file in found.items() if name.startswith(f"{RESULTS}before/")]
    finish(load.load_tables(connection, "model_risk", before))
    is_preview = case["dry_run"] == "t"
    job = Job(
        "model_risk.monitoring_results",
        str(directory / RESULTS / "files" / case["file"]),
        {"cycle": case["cycle_id"], "user": "1"},
        is_dry_run=is_preview,
        again=True,
    )
    loaded, refused = _run(connect, job)
    answer = {**case, "http_status": _status(loaded, refused), **dict.fromkeys(_RESULTS_ANSWER)}
    answer["error"] = refused.message if refused else None
    if loaded is not None:
        upload = loaded.upload
        answer["create_count"] = upload.merge_result["created"]
        answer["update_count"] = upload.merge_result["updated"]
        if is_preview:
            answer |= {"total_rows": upload.total_rows, "error_count": upload.rejected_rows}
        else:
            # The golden zeros say that applying tells nothing of rejected rows; ours are counted in the upload.
            answer |= {"success": "t", "skip_count": 0, "error_count": 0}
    answers.setdefault(f"{RESULTS}cases.csv", []).append(answer)
    if is_preview and loaded is not None:
        answers.setdefault(f"{RESULTS}expected_rows.csv", []).extend(
            row._asdict()
            for row in db.fetch(
                connection, "golden_result_preview", case=case["case_id"], upload_id=loaded.upload.upload_id
            )
        )
    elif not is_preview:
        answers.setdefault(f"{RESULTS}expected_results_after.csv", []).extend(
            row._asdict() for row in db.fetch(connection, "golden_results", case=case["case_id"])
        )


def _run(connect: Callable[[], db.Connection], job: Job) -> tuple[Loaded | None, DatabaseRefused | None]:
    try:
        return finish(load_file(connect, job)), None
    except DatabaseRefused as error:
        return None, error


def _status(loaded: Loaded | None, refused: DatabaseRefused | None) -> int:
    if refused is not None:
        return _STATUS_OF_STATE.get(refused.sqlstate or "", 500)
    if loaded is not None and loaded.upload.load_status == "failed":
        return _STATUS_OF_CODE.get(loaded.upload.error_code, 500)
    return 200


def _compare(file: CsvFile, key: tuple[str, ...], answers: list[Row]) -> Finding:
    header = file.header()
    rows = [tuple(_text(answer.get(column)) for column in header) for answer in answers]
    item = Check(file=file.name, key=key, order=(), within=(), tolerance={}, reads={}, query="")
    return compare(item, file, header, rows)


def _rows(file: CsvFile) -> Iterator[Row]:
    header = file.header()
    for _line, cells in file.rows():
        yield dict(zip(header, cells, strict=True))


def _text(value: Any) -> Any:
    """Numbers stay numbers, so that 5 and 5.0 are equal; an empty text is none."""
    return None if value == "" else str(value) if isinstance(value, int) and not isinstance(value, bool) else value
