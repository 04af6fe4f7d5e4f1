"""Checks that run in a transaction which is taken back: pgTAP files, and golden queries on cases made ready once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from mutation.changes import Mutant
from mutation.check import Check, OutOfTime
from mutation.reach import named_in

from tidemark import db, project
from tidemark.golden import run as golden
from tidemark.golden import spec, steps
from tidemark.golden.files import find
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Check as Query
from tidemark.golden.spec import Family, Suite
from tidemark.golden.steps import Stage
from tidemark.steps import finish

AS_OF = "2025-06-30"  # the day of the tests
CANCELED = "57014"  # query_canceled


def tap_files(open_: ExitStack, place: Scratch, dsn: str, wanted: set[str]) -> list[Check]:
    """A check for each pgTAP file that names a wanted object. ``dsn``: a superuser's, who may add the extension."""
    name = place.new_name("mutants")
    open_.enter_context(place.database(name)).close()
    options = f"-c search_path=public,tap -c tidemark.as_of={AS_OF}"
    connection = open_.enter_context(psycopg.connect(dsn, dbname=name, options=options, autocommit=True))
    connection.execute(b"CREATE SCHEMA tap")
    connection.execute(b"CREATE EXTENSION pgtap SCHEMA tap")
    found = []
    base = project.library()
    for path in sorted((base / "tests").rglob("test_*.sql")):
        text = path.read_text(encoding="utf-8")
        if names := named_in(text) & wanted:
            body = text.replace("BEGIN;", "", 1)[: -len("ROLLBACK;\n")] if text.endswith("ROLLBACK;\n") else text
            found.append(Check(str(path.relative_to(base)), names, _tap(connection, body)))
    return found


def _tap(connection: psycopg.Connection[Any], body: str) -> Any:
    def run(mutant: Mutant | None, limit: float) -> bool:
        with trial(connection, mutant, limit):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(body.encode())
                    lines: list[str] = []
                    more: bool | None = True
                    while more:
                        if cursor.description:
                            lines += [str(row[0]) for row in cursor.fetchall()]
                        more = cursor.nextset()
            except psycopg.errors.QueryCanceled as error:
                raise OutOfTime from error
            except psycopg.Error:
                return True
        return any(line.startswith(("not ok", "# Looks like")) for line in lines)

    return run


@contextmanager
def trial(connection: Any, mutant: Mutant | None, limit: float) -> Iterator[None]:
    """A transaction with the change, of which nothing remains; a statement that takes longer than the limit ends."""
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config('statement_timeout', %s, true)", [f"{limit * 1000:.0f}"])
        if mutant:
            connection.execute(mutant.text.encode())
        yield


def queries(open_: ExitStack, place: Scratch, family: Family, wanted: set[str]) -> list[Check]:
    """A check for each golden query that reads a wanted object, in each case, whose steps are taken here."""
    directory = project.library() / spec.FOLDER / family.name
    found = []
    for case in golden.cases(family, directory):
        given = find(case)
        for suite in family.suites:
            asked = [one for one in suite.checks if one.file in given and names_of(family, one) & wanted]
            if asked and has_needs(suite, given):
                stage = _ready(open_, place, family, suite, case)
                label = f"{case.name}/" if family.cases else ""
                found += [
                    Check(label + one.file, names_of(family, one) & wanted, _query(stage, one)) for one in asked
                ]
    return found


def has_needs(suite: Suite, given: dict[str, Any]) -> bool:
    return suite.needs in given or any(name.startswith(suite.needs) for name in given if suite.needs[-1] == "/")


def names_of(family: Family, query: Query) -> set[str]:
    """The objects that a golden query and the statement before it name."""
    return named_in(query.query + (family.statements[query.before] if query.before else ""))


def _ready(open_: ExitStack, place: Scratch, family: Family, suite: Suite, case: Path) -> Stage:
    name = place.new_name("mutants")
    connection = open_.enter_context(place.database(name))
    given = find(case)
    stage = Stage(family, case, given, connection, lambda: db.connect(place.dsn, dbname=name))
    db.value(connection, "set_time_zone", time_zone="UTC")
    db.value(connection, "compile_nothing")
    document = steps.document_of(given[family.cases]) if family.cases else None
    finish(steps.take(stage, suite.steps, {"document": json.dumps(document) if document else None}))
    golden.load_expected(connection, given, suite.checks)
    for one in suite.checks:  # a query may read what the statement before an earlier one made
        if one.before and one.file in given:
            stage.run(one.before, {})
    return stage


def _query(stage: Stage, query: Query) -> Any:
    def run(mutant: Mutant | None, limit: float) -> bool:
        with trial(stage.connection, mutant, limit):
            finding = golden.compare_file(stage, query, stage.found[query.file])
        if finding and finding.note and finding.note.startswith(CANCELED):
            raise OutOfTime
        return bool(finding and finding.is_bad)

    return run
