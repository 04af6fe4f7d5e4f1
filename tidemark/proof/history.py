"""Draws a history: changes by several sessions, runs at any moment, and the clock."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from tidemark import db
from tidemark.proof.stage import CLOCK, RUN, WRITERS, Stage, Step
from tidemark.proof.tables import Column, Parent, Table
from tidemark.proof.values import Values

KINDS = ("insert", "update", "delete")


class Drawer:
    """Draws and plays steps. ``touched``: how often a change of each table was taken, by table and kind."""

    def __init__(self, stage: Stage, draw: random.Random, touched: Counter[tuple[str, str]] | None = None) -> None:
        self._stage = stage
        self._draw = draw
        self._day = stage.day
        self._values = Values(draw, stage.subject, stage.day)
        self._sources = [table for table in stage.subject.tables if table.is_source]
        self._others = [table for table in stage.subject.tables if not table.is_source]
        self.touched: Counter[tuple[str, str]] = Counter() if touched is None else touched

    @property
    def day(self) -> date:
        return self._day

    def step(self) -> Step | None:
        """One step that was taken, or none."""
        draw = self._draw
        chance = draw.random()
        if chance < 0.12:
            return self.run()
        if chance < 0.18 and self._stage.subject.uses_clock:
            days = draw.choice((1, 1, 2, 7, 29, 31, 60, 92, 366, -1))
            self._day = min(self._day + timedelta(days=days), date(9000, 1, 1))
            return self._taken(Step(CLOCK, self._day.isoformat()))
        who = draw.choice(WRITERS)
        if self._stage.is_open(who) and chance < 0.45:
            return self._taken(Step(who, draw.choice(("COMMIT", "COMMIT", "ROLLBACK"))))
        if not self._stage.is_open(who) and chance < 0.3:
            return self._taken(Step(who, "BEGIN"))
        return self.change(who)

    def run(self, *, is_plain: bool = False) -> Step:
        """A run, now and then with changes between taking and recomputing. It is played by who compares after it."""
        if is_plain or self._draw.random() < 0.7:
            return Step(RUN)
        changes = [self._drawn(self._draw.choice(WRITERS)) for _ in range(self._draw.choice((1, 2)))]
        held = self._draw.choice(self._stage.subject.views)
        ends = [Step(who, "COMMIT") for who in WRITERS if self._draw.random() < 0.5]
        return Step(RUN, held=held, meanwhile=(*(step for step in changes if step), *ends))

    def change(self, who: str) -> Step | None:
        """A change that was taken, or none."""
        step = self._drawn(who)
        return self._taken(step) if step else None

    def _taken(self, step: Step) -> Step | None:
        if not self._stage.play(step):
            return None
        words = step.text.split(" ")
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            table = words[1 if words[0] == "UPDATE" else 2]
            self.touched[table, words[0].lower()] += 1
        return step

    def _drawn(self, who: str) -> Step | None:
        pool = self._others if self._others and self._draw.random() < 0.03 else self._sources
        table = self._draw.choice(pool)
        new = [one for one in self._sources if not any(self.touched[one.name, kind] for kind in KINDS)]
        if new and self._draw.random() < 0.5:  # what was never changed comes first
            table = self._draw.choice(new)
        kind = self._draw.choices(KINDS, (35, 45, 20))[0]
        connection = self._stage.writers[who]
        text = self.insert(connection, table) if kind == "insert" else None
        if kind != "insert":
            text = self._of_row(connection, table, kind)
        return Step(who, text) if text else None

    def insert(self, connection: db.Connection, table: Table) -> str | None:
        """An INSERT of a made-up row, or of one that is there with other values in some columns."""
        values = self._copied(connection, table) or self._new(table)
        if not self._with_parents(connection, table, values):
            return None
        text: str = db.value(
            connection, "proof_insert", table=table.name, columns=list(values), values=list(values.values())
        )
        return text

    def _new(self, table: Table) -> dict[str, str | None]:
        """What must be given, and none, some or all of the rest: checks over several columns like few of them."""
        share = self._draw.choice((0.0, 0.0, 0.2, 0.2, 0.5, 1.0))
        return {
            column.name: self._made(table, column)
            for column in table.columns
            if column.must_be_given or column.name in table.key or self._draw.random() < share
        }

    def _made(self, table: Table, column: Column) -> str | None:
        return self._values.value(column, is_key=column.name in table.key or column.is_unique)

    def _copied(self, connection: db.Connection, table: Table) -> dict[str, str | None] | None:
        row = self._row(connection, table, table.names) if self._draw.random() < 0.6 else None
        if not row:
            return None
        values = dict(zip(table.names, row, strict=True))
        for column in table.columns:
            if column.name in table.key or column.is_unique or self._draw.random() < 0.15:
                values[column.name] = self._made(table, column)
        return values

    def _with_parents(self, connection: db.Connection, table: Table, values: dict[str, str | None]) -> bool:
        required = {column.name for column in table.columns if column.is_required}
        tables = {one.name: one for one in self._stage.subject.tables}
        fixed: dict[str, str | None] = {}  # by an earlier foreign key that shares a column
        for parent in table.parents:
            if not parent.columns:  # all of them are generated: the row fits or is refused
                continue
            may_be_null = not required.issuperset(parent.columns)  # one NULL is enough
            row = self._parent(connection, tables[parent.table], parent, fixed)
            if row is None and not may_be_null:
                return False
            if row is None or (may_be_null and self._draw.random() < 0.25):
                values |= dict.fromkeys(name for name in parent.columns if name not in required and name not in fixed)
            else:
                fixed |= dict(zip(parent.columns, row, strict=True))
        values |= fixed
        return True

    def _parent(
        self, connection: db.Connection, table: Table, parent: Parent, fixed: dict[str, str | None]
    ) -> list[str | None] | None:
        """The key of a row to refer to, which must agree with what is fixed."""
        for _ in range(6):
            row = self._row(connection, table, list(parent.parent_columns))
            if row is None or all(
                fixed.get(name, value) == value for name, value in zip(parent.columns, row, strict=True)
            ):
                return row
        return None

    def _of_row(self, connection: db.Connection, table: Table, kind: str) -> str | None:
        row = self._row(connection, table, table.row_key)
        if row is None:
            return None
        found = {"table": table.name, "key": table.row_key, "row": row}
        if kind == "delete":
            return str(db.value(connection, "proof_delete", **found))
        chosen = self._draw.sample(table.columns, min(len(table.columns), self._draw.choice((1, 1, 1, 2, 3))))
        values = {column.name: self._made(table, column) for column in chosen}
        for parent in table.parents:
            if set(parent.columns) & set(values):
                tables = {one.name: one for one in self._stage.subject.tables}
                other = self._row(connection, tables[parent.table], list(parent.parent_columns))
                if other and not all(values.get(name, "") is None for name in parent.columns):
                    values |= dict(zip(parent.columns, other, strict=True))
        return str(db.value(connection, "proof_update", columns=list(values), values=list(values.values()), **found))

    def _row(self, connection: db.Connection, table: Table, columns: list[str]) -> list[str | None] | None:
        row: list[str | None] | None = db.value(
            connection, "proof_row", table=table.name, columns=columns, place=self._draw.random()
        )
        return row
