"""Golden rows into tables: the input rows into those of a domain, the expected ones into temporary tables."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from tidemark import db
from tidemark.errors import FileProblem
from tidemark.golden.files import CsvFile
from tidemark.steps import Step, Steps

CHUNK_BYTES = 1 << 16


def load_tables(connection: db.Connection, schema: str, files: Iterable[CsvFile]) -> Steps[int]:
    """Replaces the rows of each table that has a file, parents before children, in one transaction.

    Rows that a migration put there (code tables) give way, if the file brings its own. Returns the number of rows.
    Errors: FileProblem when foreign keys go round in a circle; DatabaseRefused with the file and line.
    """
    by_table = {table_of(schema, file): file for file in files}
    ordered = [table for table in in_load_order(connection, schema) if table in by_table]
    total = 0
    with db.transaction(connection):
        for table in reversed(ordered):
            _execute(connection, db.value(connection, "delete_statement", schema=schema, table=table))
        yield Step(f"loading {len(ordered)} tables")
        for table in ordered:
            total += _copy(connection, [schema, table], by_table[table])
        if ordered:
            _execute(connection, db.value(connection, "analyze_statement", schema=schema, tables=ordered))
    return total


def table_of(schema: str, file: CsvFile) -> str:
    """The table of a file: ``orders.csv`` and ``shop.orders.csv`` are for ``orders`` of schema ``shop``."""
    return file.stem.removeprefix(f"{schema}.")


def in_load_order(connection: db.Connection, schema: str) -> list[str]:
    """The tables of a schema, each after those its foreign keys point at."""
    graph: dict[str, set[str]] = {row.table_name: set() for row in db.fetch(connection, "table_names", schema=schema)}
    for row in db.fetch(connection, "foreign_key_pairs", schema=schema):
        graph[row.child].add(row.parent)
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise FileProblem(
            f"the foreign keys of {schema} go round in a circle",
            detail=" -> ".join(error.args[1]),
            hint="Tables that refer to each other cannot be loaded one after the other.",
        ) from error


def load_text(connection: db.Connection, file: CsvFile) -> None:
    """Makes a temporary table of text columns, named after the file, with its rows."""
    make_text_table(connection, file.stem, file.header())
    _copy(connection, [file.stem], file)


def make_text_table(connection: db.Connection, table: str, columns: Iterable[str]) -> None:
    """Makes an empty temporary table of text columns."""
    _execute(connection, db.value(connection, "text_table_statement", table=table, columns=list(columns)))


def _copy(connection: db.Connection, table: list[str], file: CsvFile) -> int:
    columns = file.header()
    if not columns:
        raise FileProblem(f"{file.name} is empty", hint="A file without rows still needs its header line.")
    statement = db.value(connection, "copy_statement", table=table, columns=columns)
    with db.translated(file.name), connection.cursor() as cursor:
        with cursor.copy(statement) as copy, file.open_bytes() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                copy.write(chunk)
        return cursor.rowcount


def _execute(connection: db.Connection, statement: str) -> None:
    db.send(connection, statement, statement)
