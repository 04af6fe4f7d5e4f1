"""Values made up within a type: few of each, so that rows meet, with NULL and the edges among them."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

from tidemark.proof.tables import Column, Subject

KEYS = 12  # different values of a key column
DAYS = (0, 0, 0, 1, -1, 7, -7, 30, -30, 60, -61, 90, 91, -91, 180, 365, -365, 366, -730)
WORDS = ("a", "b", "c", "A", "", "é x")
# for columns with a pattern: the first that fit are taken
SHAPES = (
    "a", "b", "c", "d", "A", "B", "C", "D", "1", "2", "3", "A1", "B2", "AB", "ab", "EUR", "USD", "ABC", "12", "00001",
    "00002", "12345", "a@b.example",
    "k1", "k2", "https://a.example", "a/b", "0" * 32, "0" * 64, "2025-06", "1.0", "12:00",
)  # fmt: skip
INTEGERS = {"int2", "int4", "int8"}


class Values:
    """Draws values as texts; None is NULL."""

    def __init__(self, draw: random.Random, subject: Subject, day: date) -> None:
        self._draw = draw
        self._subject = subject
        self._day = day

    def value(self, column: Column, *, is_key: bool = False) -> str | None:
        """A value of a column. ``is_key``: it should tell rows apart."""
        if not column.is_required and not is_key and self._draw.random() < 0.15:
            return None
        if column.allowed and self._draw.random() < 0.97:
            return self._draw.choice(column.allowed)
        text = self._of_type(column, is_key)
        if text is not None and column.case:
            text = text.upper() if column.case == "upper" else text.lower()
        return text[: column.length] if text is not None and column.length else text

    def _of_type(self, column: Column, is_key: bool) -> str | None:
        draw = self._draw
        if column.type in INTEGERS:
            return str(self._integer(is_key))
        if column.category == "N":
            number = self._integer(is_key)
            return (
                str(number) if is_key or draw.random() < 0.5 else f"{number}.{draw.choice(('5', '25', '00', '01'))}"
            )
        if column.type == "bool":
            return draw.choice(("true", "false"))
        if column.type == "uuid":
            return f"00000000-0000-4000-8000-{draw.randint(1, KEYS if is_key else 4):012d}"
        if column.category == "D":
            return self._moment(column.type)
        if column.type in ("json", "jsonb"):
            return draw.choice(("{}", '{"a": 1}', "[]", "null"))
        if column.category == "T":
            return draw.choice(("0", "1 day", "30 days"))
        if column.category == "A":
            return "{}"
        if column.category == "S":
            if column.patterns and (fitting := _fitting(column)):
                return draw.choice(fitting)
            if is_key:
                return f"k{draw.randint(1, KEYS)}"
            return draw.choice(self._subject.texts if self._subject.texts and draw.random() < 0.5 else WORDS)
        if column.type == "bytea":
            return draw.choice(("\\x", "\\x00ff"))
        if column.category == "R":
            return "empty"
        return None

    def _integer(self, is_key: bool) -> int:
        if is_key:
            return self._draw.randint(1, KEYS)
        if self._subject.numbers and self._draw.random() < 0.2:
            return self._draw.choice(self._subject.numbers) + self._draw.choice((-1, 0, 1))
        return self._draw.choice((1, 1, 2, 2, 3, 3, 4, 0, 0, -1, 100))

    def _moment(self, type_name: str) -> str:
        day = (self._day + timedelta(days=self._draw.choice(DAYS))).isoformat()
        if type_name == "date":
            return day
        if type_name == "time":
            return "12:00"
        clock = self._draw.choice(("00:00:00", "00:00:00", "12:00:00", "23:59:59.999999"))
        return f"{day} {clock}" + ("+00" if type_name == "timestamptz" else "")


def _fitting(column: Column) -> list[str]:
    """Texts that fit all patterns, as far as both languages read them alike; the database has the last word."""
    try:
        patterns = [re.compile(pattern) for pattern in column.patterns]
    except re.error:
        return []
    return [text for text in SHAPES if all(pattern.search(text) for pattern in patterns)]
