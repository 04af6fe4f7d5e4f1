"""Random changes of the tables below the stored views, made from what the catalogue says about them.

Nothing here knows a domain. A new row is a copy of another one in which some values are new; a new value is one the column
or a column of the same name has elsewhere, the key of an existing row where a foreign key wants one, a word its check
constraint or its enum allows, NULL where that is allowed, or something random of its type. ``hints`` name values for columns
of which the catalogue says too little ("column" or "table.column"). All values travel as text.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg import sql

Session = psycopg.Connection[Any]
Hints = Mapping[str, Sequence[str] | Callable[[random.Random], str]]
Row = dict[str, str | None]

TABLES = """
    SELECT base.source_name AS table_name, att.attname AS column_name, att.attnotnull AS is_required,
        format_type(att.atttypid, att.atttypmod) AS type_name,
        coalesce(dom.typbasetype, att.atttypid)::regtype::text AS base_type,
        att.attidentity = 'a' OR att.attgenerated <> '' AS is_automatic,
        att.attidentity = 'd' AS is_numbered,
        att.atthasdef AS has_default,
        coalesce(att.attnum = ANY (key.conkey), FALSE) AS is_key,
        (SELECT array_agg(enm.enumlabel) FROM pg_enum AS enm WHERE enm.enumtypid = att.atttypid) AS labels,
        (SELECT array_agg(word[1]) FROM pg_constraint AS con,
            regexp_matches(pg_get_constraintdef(con.oid), '''([^'']*)''::', 'g') AS word
         WHERE con.conrelid = att.attrelid AND con.contype = 'c' AND con.conkey = ARRAY[att.attnum]
            AND pg_get_constraintdef(con.oid) !~ '~|<>') AS allowed
    FROM (
        SELECT DISTINCT vs.source_name FROM refresh.view_sources AS vs
        INNER JOIN refresh.stored_views AS sv USING (view_id)
        WHERE vs.source_view_id IS NULL AND vs.mapping_kind <> 'missing' AND sv.view_name LIKE %s
    ) AS base
    INNER JOIN pg_attribute AS att ON att.attrelid = to_regclass(base.source_name) AND att.attnum > 0 AND NOT att.attisdropped
    LEFT JOIN pg_type AS dom ON dom.oid = att.atttypid AND dom.typtype = 'd'
    LEFT JOIN pg_constraint AS key ON key.conrelid = att.attrelid AND key.contype = 'p'
    ORDER BY base.source_name, att.attnum
"""

FOREIGN_KEYS = """
    SELECT con.confrelid::regclass::text AS target,
        array_agg(own.attname ORDER BY part.position) AS columns, array_agg(ref.attname ORDER BY part.position) AS target_columns
    FROM pg_constraint AS con
    CROSS JOIN unnest(con.conkey, con.confkey) WITH ORDINALITY AS part (own, ref, position)
    INNER JOIN pg_attribute AS own ON own.attrelid = con.conrelid AND own.attnum = part.own
    INNER JOIN pg_attribute AS ref ON ref.attrelid = con.confrelid AND ref.attnum = part.ref
    WHERE con.conrelid = to_regclass(%s) AND con.contype = 'f'
    GROUP BY con.oid
    ORDER BY con.conname
"""

KINDS = (
    *["insert", "copy", "upsert", "merge", "delete"] * 3,
    *["update", "move"] * 6,
    "truncate",
)  # fmt: skip


@dataclass
class Table:
    name: str
    columns: dict[str, Any] = field(default_factory=dict)
    foreign_keys: list[Any] = field(default_factory=list)

    @property
    def identifier(self) -> sql.SQL:
        return sql.SQL(self.name)  # as the registry quotes it

    @property
    def written(self) -> list[str]:
        return [name for name, column in self.columns.items() if not column.is_automatic]

    @property
    def keys(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.is_key]

    def some_rows(self, choice: random.Random, count: int) -> sql.Composed:
        return sql.SQL("SELECT ctid FROM {} ORDER BY md5(ctid::text || {}) LIMIT {}").format(
            self.identifier, sql.Literal(str(choice.random())), sql.Literal(count)
        )


class Tables:
    """Every base table below the stored views whose name matches ``views`` (as LIKE does)."""

    def __init__(self, session: Session, views: str = "%", hints: Hints | None = None) -> None:
        self.hints = hints or {}
        self.tables: dict[str, Table] = {}
        self.today = date(2025, 6, 30)
        self.last = ""  # the statement sent last, for the report of a failure
        for row in session.execute(TABLES, [views]).fetchall():
            self.tables.setdefault(row.table_name, Table(row.table_name)).columns[row.column_name] = row
        for table in self.tables.values():
            table.foreign_keys = session.execute(FOREIGN_KEYS, [table.name]).fetchall()
        self.places: dict[str, list[Table]] = {}
        for table in self.tables.values():
            for column in table.columns:
                self.places.setdefault(column, []).append(table)

    def change(self, session: Session, choice: random.Random, kind: str, table: Table) -> int:
        """Does one change of that kind and gives the number of rows it touched."""
        count = choice.choice((1, 1, 1, 2, 5))
        return getattr(self, f"_{kind}")(session, choice, table, count)

    def _run(self, session: Session, statement: sql.Composed) -> int:
        self.last = statement.as_string(session)
        return session.execute(statement).rowcount

    def _insert(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        names = self._chosen(choice, table)
        rows = [self.row(session, choice, table) for _ in range(count)]
        return self._run(
            session,
            sql.SQL("INSERT INTO {} ({}) VALUES {} ON CONFLICT DO NOTHING").format(
                table.identifier, _names(names), sql.SQL(", ").join(_values(table, names, row) for row in rows)
            ),
        )

    def _copy(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        names = self._chosen(choice, table)
        rows = [self.row(session, choice, table) for _ in range(count)]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.identifier, _names(names))
        self.last = f"{statement.as_string(session)} {[[row[name] for name in names] for row in rows]}"
        with session.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row([row[name] for name in names])
            return cursor.rowcount

    def _upsert(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        """Existing rows once more, with one value new."""
        if not table.keys:
            return 0
        new = self._new_values(session, choice, table, self._part(choice, table, movable=False))
        names = table.written
        return self._run(
            session,
            sql.SQL(
                "INSERT INTO {0} ({1}) SELECT {2} FROM {0} WHERE ctid = ANY (ARRAY({3})) "
                "ON CONFLICT ({4}) DO UPDATE SET {5}"
            ).format(
                table.identifier,
                _names(names),
                sql.SQL(", ").join(
                    _value(table, name, new[name]) if name in new else sql.Identifier(name) for name in names
                ),
                table.some_rows(choice, count),
                _names(table.keys),
                sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in new),
            ),
        )

    def _merge(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        """All three branches of MERGE in one statement: existing rows are changed or deleted, a new one is added."""
        if not table.keys:
            return 0
        new = self._new_values(session, choice, table, self._part(choice, table, movable=False))
        added, names = self.row(session, choice, table), self._chosen(choice, table)
        return self._run(
            session,
            sql.SQL(
                "MERGE INTO {0} AS target USING (SELECT {1}, row_number() OVER () AS tidemark_n FROM {0} "
                "WHERE ctid = ANY (ARRAY({2})) UNION ALL SELECT {3}, 0) AS source ON {4} "
                "WHEN MATCHED AND source.tidemark_n = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET {5} "
                "WHEN NOT MATCHED THEN INSERT ({6}) VALUES {7}"
            ).format(
                table.identifier,
                _names(table.keys),
                table.some_rows(choice, count),
                sql.SQL(", ").join(_value(table, name, added[name]) for name in table.keys),
                sql.SQL(" AND ").join(
                    sql.SQL("target.{0} = source.{0}").format(sql.Identifier(name)) for name in table.keys
                ),
                _assignments(table, new),
                _names(names),
                _values(table, names, added),
            ),
        )

    def _update(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        return self._set(session, choice, table, count, self._part(choice, table, movable=choice.random() < 0.3))

    def _move(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        """What places a row: its key, or the rows it points at."""
        parts = [fk.columns for fk in table.foreign_keys] + [[name] for name in table.keys]
        return self._set(session, choice, table, count, choice.choice(parts)) if parts else 0

    def _set(self, session: Session, choice: random.Random, table: Table, count: int, part: list[str]) -> int:
        new = self._new_values(session, choice, table, part)
        return self._run(
            session,
            sql.SQL("UPDATE {} SET {} WHERE ctid = ANY (ARRAY({}))").format(
                table.identifier, _assignments(table, new), table.some_rows(choice, count)
            ),
        )

    def _delete(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        return self._run(
            session,
            sql.SQL("DELETE FROM {} WHERE ctid = ANY (ARRAY({}))").format(
                table.identifier, table.some_rows(choice, count)
            ),
        )

    def _truncate(self, session: Session, choice: random.Random, table: Table, count: int) -> int:
        """Seldom with what points at it: that may empty half of the domain."""
        found = session.execute(sql.SQL("SELECT count(*) FROM {}").format(table.identifier)).fetchone()
        cascade = sql.SQL("CASCADE" if choice.random() < 0.15 else "RESTRICT")
        self._run(session, sql.SQL("TRUNCATE {} {}").format(table.identifier, cascade))
        return found[0] if found else 0

    def row(self, session: Session, choice: random.Random, table: Table) -> Row:
        """A row that may well be accepted: a copy of another with a new key and a few other values."""
        pattern = self._pattern(session, choice, table)
        changed = set(table.keys) | {name for name in table.written if pattern is None or choice.random() < 0.3}
        row: Row = dict(pattern) if pattern else {}
        for name in table.written:
            if name in changed:
                row[name] = self.value(session, choice, table, name)
        for fk in table.foreign_keys:
            if changed & set(fk.columns):
                self._point(session, choice, table, fk, row)
        return row

    def _pattern(self, session: Session, choice: random.Random, table: Table) -> Row | None:
        if choice.random() < 0.1:
            return None
        found = session.execute(
            sql.SQL("SELECT {} FROM {} WHERE ctid = ANY (ARRAY({}))").format(
                sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in table.written),
                table.identifier,
                table.some_rows(choice, 1),
            )
        ).fetchone()
        return dict(zip(table.written, found, strict=True)) if found else None

    def _point(self, session: Session, choice: random.Random, table: Table, fk: Any, row: Row) -> None:
        """Makes the columns of a foreign key those of an existing row, or NULL."""
        if choice.random() < 0.15 and not any(table.columns[name].is_required for name in fk.columns):
            row.update(dict.fromkeys(fk.columns))
            return
        found = session.execute(
            sql.SQL("SELECT {0} FROM {1} ORDER BY md5(ROW({0})::text || {2}) LIMIT 1").format(
                sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in fk.target_columns),
                sql.SQL(fk.target),
                sql.Literal(str(choice.random())),
            )
        ).fetchone()
        if found:
            row.update(zip(fk.columns, found, strict=True))

    def _new_values(self, session: Session, choice: random.Random, table: Table, part: list[str]) -> Row:
        row: Row = {name: self.value(session, choice, table, name) for name in part}
        for fk in table.foreign_keys:
            if set(fk.columns) == set(part):
                self._point(session, choice, table, fk, row)
        return row

    def _part(self, choice: random.Random, table: Table, movable: bool) -> list[str]:
        """Columns that change together: one or two plain ones, or those of one foreign key."""
        placing = {name for fk in table.foreign_keys for name in fk.columns} | set(table.keys)
        plain = [name for name in table.written if name not in placing]
        parts = [fk.columns for fk in table.foreign_keys if not set(fk.columns) & set(table.keys)]
        if plain and not (movable and parts):
            return choice.sample(plain, min(len(plain), choice.choice((1, 1, 2))))
        return choice.choice(parts) if parts else choice.sample(table.written, 1)

    def _chosen(self, choice: random.Random, table: Table) -> list[str]:
        """Columns a new row names; the others get their defaults."""
        return [
            name
            for name in table.written
            if not table.columns[name].has_default or table.columns[name].is_key or choice.random() < 0.8
        ]

    def value(self, session: Session, choice: random.Random, table: Table, name: str) -> str | None:
        column = table.columns[name]
        if not column.is_required and choice.random() < 0.15:
            return None
        hint = self.hints.get(f"{table.name}.{name}", self.hints.get(name))
        if hint is not None:
            return hint(choice) if callable(hint) else choice.choice(hint)
        if column.labels or column.allowed:
            return choice.choice(column.labels or column.allowed)
        if column.is_numbered:
            return str(choice.randint(900_001, 900_040))
        if choice.random() < 0.5 and (found := self._seen(session, choice, name)) is not None:
            return found
        return random_value(choice, column.base_type, self.today)

    def _seen(self, session: Session, choice: random.Random, name: str) -> str | None:
        """What a column of this name holds somewhere: values meet only if they come from the same few."""
        place = choice.choice(self.places[name])
        found = session.execute(
            sql.SQL("SELECT {}::text FROM {} WHERE ctid = ANY (ARRAY({}))").format(
                sql.Identifier(name), place.identifier, place.some_rows(choice, 1)
            )
        ).fetchone()
        return found[0] if found else None


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _value(table: Table, name: str, value: str | None) -> sql.Composed:
    return sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(table.columns[name].type_name))


def _values(table: Table, names: Sequence[str], row: Row) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(", ").join(_value(table, name, row[name]) for name in names))


def _assignments(table: Table, new: Row) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), _value(table, name, value)) for name, value in new.items()
    )


def random_value(choice: random.Random, type_name: str, today: date) -> str:
    """A value from a small range, so that values meet; dates lie around today, many of them next to it."""
    day = today + timedelta(
        days=choice.choice((choice.randint(-2, 2), choice.randint(-40, 40), choice.randint(-900, 400)))
    )
    if type_name in ("smallint", "integer", "bigint"):
        return str(choice.randint(1, 40))
    if type_name in ("numeric", "double precision", "real"):
        return choice.choice(("0", "1.0", "1.00", str(choice.randint(-3, 9))))
    if type_name == "boolean":
        return choice.choice(("true", "false"))
    if type_name == "date":
        return day.isoformat()
    if type_name.startswith("timestamp"):
        return (
            f"{day.isoformat()} {choice.choice((0, 0, 1, 11, 12, 23, 23)):02}:{choice.choice((0, 30, 59)):02}:00+00"
        )
    if type_name == "uuid":
        return f"00000000-0000-0000-0000-{choice.randint(1, 40):012d}"
    if type_name in ("json", "jsonb"):
        return choice.choice(("{}", '{"a": 1}', "[]"))
    return choice.choice(string.ascii_letters[:20]) + choice.choice(("", "'", '"', " x"))
