"""The rows a history begins with: some of the real tables, or made up."""

from __future__ import annotations

import json
from typing import Any

from tidemark import db
from tidemark.proof.history import Drawer
from tidemark.proof.stage import Stage, Step
from tidemark.proof.tables import Subject, Table

ROWS = 6
ATTEMPTS = 24


def sample(connection: db.Connection, subject: Subject, count: int, place: float) -> dict[str, list[dict[str, Any]]]:
    """Up to ``count`` rows of each table as the real database has them, and all rows that these refer to.

    Nothing is written and nothing locked; one state of the database is read.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {table.name: {} for table in subject.tables}
    with db.reading(connection):
        db.fetch(connection, "proof_sample_size", rows=count, place=place)
        for table in reversed(subject.tables):  # those that refer to others first
            name = (table.schema_name, table.table_name)
            _add(found[table.name], db.value_with_names(connection, "proof_sample", table=name))
        for _ in range(3):  # a table may refer to itself, or tables to each other
            for table in reversed(subject.tables):
                for parent in table.parents:
                    columns = (parent.all_columns, parent.all_parent_columns)
                    _follow(connection, subject, found, table, parent.table, columns)
    return {name: list(rows.values()) for name, rows in found.items()}


def _follow(
    connection: db.Connection,
    subject: Subject,
    found: dict[str, dict[str, dict[str, Any]]],
    table: Table,
    parent: str,
    columns: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    own, wanted_columns = columns
    wanted = [
        {other: row[name] for name, other in zip(own, wanted_columns, strict=True)}
        for row in found[table.name].values()
        if all(row[name] is not None for name in own)
    ]
    if not wanted:
        return
    target = next(one for one in subject.tables if one.name == parent)
    db.fetch(connection, "proof_wanted", rows=json.dumps(wanted))
    _add(
        found[parent],
        db.value_with_names(
            connection,
            "proof_sample_wanted",
            table=(target.schema_name, target.table_name),
            columns=[("tab", name) for name in wanted_columns],
            wanted_columns=[("wanted", name) for name in wanted_columns],
        ),
    )


def _add(rows: dict[str, dict[str, Any]], more: list[dict[str, Any]]) -> None:
    for row in more:
        rows[json.dumps(row, sort_keys=True)] = row


def fill(stage: Stage, drawer: Drawer, real: dict[str, list[dict[str, Any]]] | None) -> list[str]:
    """Puts rows into the tables and gives all that are there, as statements; parents first."""
    who = next(iter(stage.writers))
    connection = stage.writers[who]
    if real:
        _copy(stage, real)
    for table in stage.subject.tables:
        there = len(_rows(stage, table))
        for _ in range(ATTEMPTS):
            if there >= ROWS or (real and there):
                break
            text = drawer.insert(connection, table)
            there += bool(text and stage.play(Step(who, text)))
    return [text for table in stage.subject.tables for text in _rows(stage, table)]


def _copy(stage: Stage, real: dict[str, list[dict[str, Any]]]) -> None:
    """Rows of the real tables, those that refer to others in the same table as often as it takes."""
    waiting = [
        db.value(stage.runner, "proof_given", table=table.name, columns=table.names, row=json.dumps(row))
        for table in stage.subject.tables
        for row in real[table.name]
    ]
    who = next(iter(stage.writers))
    while waiting:
        left = [text for text in waiting if not stage.play(Step(who, text))]
        if len(left) == len(waiting):
            return
        waiting = left


def _rows(stage: Stage, table: Table) -> list[str]:
    rows = db.fetch(stage.runner, "proof_all_rows", table=table.name, columns=table.names)
    return [row.text for row in rows]
