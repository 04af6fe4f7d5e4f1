"""The vocabulary of ``golden.toml``: what a step of a golden case can ask for.

    { do = "tables", from = "tables/" }                         rows of these files replace those of the tables
    { do = "tables", from = "before.csv", table = "lob_units" } ... of one file, into a table of another name
    { do = "load", dataset = "family.kind", file = "files/{file}", parameters = { shop = "{shop}" },
      dry_run = "{dry_run}", note = "note_load" }               a file through the loader; then a statement
    { do = "run", statement = "save", texts = { records = "{file}" }, undo = true, refused = "note_refusal" }
                                                                a statement; texts are the contents of files
    { do = "day", as_of = "{as_of}" }                           the business day of what follows
    { do = "each", of = "requests.csv", steps = [...] }         the steps for each record of a file, in its order
    { do = "script", of = "case.json", list = "steps", by = "op", steps_of = { upload = [...], ... } }
                                                                steps that a JSON file lists, by their kind

``{name}`` is a value of the record at hand. A statement gets all of them as parameters, and ``step_no``; after a load
also ``upload_id``, ``sqlstate`` and ``message``. ``undo``: what the statement did is taken back before the next step.
``refused``: the statement that runs when the database refuses, with ``sqlstate`` and ``message``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tidemark import db
from tidemark.errors import DatabaseRefused, FileProblem
from tidemark.golden import load
from tidemark.golden.files import CsvFile
from tidemark.golden.spec import Family
from tidemark.load.uploads import Job, load_file
from tidemark.steps import Step, Steps

Record = dict[str, Any]


@dataclass
class Stage:
    """Where the steps of one case play."""

    family: Family
    directory: Path
    found: dict[str, CsvFile]
    connection: db.Connection
    connect: Callable[[], db.Connection]
    loaded_rows: int = 0
    unknown: list[str] = field(default_factory=list)  # files named like no table

    def file(self, name: str) -> CsvFile:
        """Errors: FileProblem when the case has no such file."""
        if name not in self.found:
            raise FileProblem(
                f"{self.directory.name} has no {name}", hint="A step of the case names it; add the file."
            )
        return self.found[name]

    def run(self, name: str, record: Record) -> None:
        """A statement of the family, with the record's values as parameters.

        Errors: FileProblem when there is no such statement; DatabaseRefused.
        """
        if name not in self.family.statements:
            raise FileProblem(f"the golden cases of {self.family.name} have no statement {name}")
        with db.translated(f"step {name}"):
            self.connection.execute(self.family.statements[name].encode(), record)


class _Undo(Exception):
    """Leaves a transaction and takes back what was done in it."""


def take(stage: Stage, steps: list[dict[str, Any]], record: Record) -> Steps[None]:
    """Takes the steps one after the other for one record.

    Errors: FileProblem for a step that is not in the vocabulary.
    """
    for step in steps:
        match step.get("do"):
            case "tables":
                yield from _tables(stage, step)
            case "load":
                yield from _load(stage, step, record)
            case "run":
                _run(stage, step, record)
            case "day":
                db.value(stage.connection, "set_as_of", as_of=_filled(step["as_of"], record) or "")
            case "each":
                records = list(stage.file(step["of"]).records())
                for number, one in enumerate(records):
                    yield Step(f"{step['of']}, record {number + 1}", number, len(records))
                    yield from take(stage, step["steps"], {**record, "step_no": number + 1, **one})
            case "script":
                yield from _script(stage, step, record)
            case other:
                raise FileProblem(f"golden.toml of {stage.family.name} asks for {other}, which is no step of a case")


def _tables(stage: Stage, step: dict[str, Any]) -> Steps[None]:
    source = step["from"]
    given = [
        file
        for name, file in stage.found.items()
        if name == source or (source[-1] == "/" and name.startswith(source))
    ]
    if "table" in step:
        given = [CsvFile(f"{step['table']}.csv", file.path) for file in given]
    schema = stage.family.schema
    known = set(load.in_load_order(stage.connection, schema))
    stage.unknown += [file.name for file in given if load.table_of(schema, file) not in known]
    rows = yield from load.load_tables(
        stage.connection, schema, [file for file in given if load.table_of(schema, file) in known]
    )
    stage.loaded_rows += rows


def _load(stage: Stage, step: dict[str, Any], record: Record) -> Steps[None]:
    parameters = {name: _filled(value, record) for name, value in step.get("parameters", {}).items()}
    job = Job(
        step["dataset"],
        str(stage.file(_filled(step["file"], record) or "").path),
        {name: value for name, value in parameters.items() if value is not None},
        is_dry_run=_filled(step.get("dry_run", "f"), record) == "t",
        again=True,
    )
    outcome: Record = {"upload_id": None, "sqlstate": None, "message": None}
    try:
        loaded = yield from load_file(stage.connect, job)
        outcome["upload_id"] = loaded.upload.upload_id
    except DatabaseRefused as error:
        if "note" not in step:
            raise
        outcome |= {"sqlstate": error.sqlstate, "message": error.message}
    if "note" in step:
        stage.run(step["note"], record | outcome)


def _run(stage: Stage, step: dict[str, Any], record: Record) -> None:
    texts = {name: stage.file(_filled(value, record) or "").text() for name, value in step.get("texts", {}).items()}
    try:
        with db.transaction(stage.connection):
            stage.run(step["statement"], record | texts)
            if "note" in step:
                stage.run(step["note"], record | texts)
            if step.get("undo"):
                raise _Undo
    except _Undo:
        pass
    except DatabaseRefused as error:
        if "refused" not in step:
            raise
        stage.run(step["refused"], record | {"sqlstate": error.sqlstate, "message": error.message})


def _script(stage: Stage, step: dict[str, Any], record: Record) -> Steps[None]:
    document = document_of(stage.file(step["of"]))
    for number, entry in enumerate(document[step["list"]], start=1):
        kind = entry[step["by"]]
        if kind not in step["steps_of"]:
            raise FileProblem(f"{stage.directory.name}/{step['of']} asks for {kind}, which is no step of a case")
        yield Step(f"{step['of']}: {kind}", number, len(document[step["list"]]))
        values = {
            name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in entry.items()
        }
        yield from take(stage, step["steps_of"][kind], {**record, **values, "step_no": number})


def document_of(file: CsvFile) -> Any:
    """A JSON file.

    Errors: FileProblem when it is none.
    """
    try:
        return json.loads(file.text())
    except ValueError as error:
        raise FileProblem(f"{file.name} cannot be read", detail=str(error)) from error


def _filled(text: str, record: Record) -> str | None:
    """A text with ``{name}`` replaced; None when it is nothing but a value that the record does not have."""
    if text.startswith("{") and text.endswith("}") and text.count("{") == 1:
        value = record.get(text[1:-1])
        return None if value is None else str(value)
    return text.format_map({name: "" if value is None else value for name, value in record.items()})
