"""What is wrong with a file that PostgreSQL's parser cannot read."""

from __future__ import annotations

import re

from tidemark.errors import FileProblem
from tidemark.files import SqlFile

# Its rows follow on the lines below.
_COPY = re.compile(
    r"(?:^|;)\s*(?P<copy>COPY)\b(?P<table>[^;']*?)\bFROM\s+STDIN\b(?:'[^']*'|[^;'])*;[ \t]*(?:--[^\n]*)?\n",
    re.IGNORECASE | re.MULTILINE,
)


def problem(file: SqlFile, reason: str, place: int) -> FileProblem:
    """What is wrong with a text that is not SQL. Rows after COPY ... FROM stdin are what pg_dump writes."""
    for copy in _COPY.finditer(file.text):
        behind = file.text[copy.end() :]
        starts_here = place <= copy.end() + len(behind) - len(behind.lstrip())
        if copy.end() <= place and (starts_here or re.search(r"^\\\.\s*$", behind, re.MULTILINE)):
            table = " ".join(copy["table"].split())
            return FileProblem(
                f"{file.path} holds rows after COPY {table} FROM stdin, which only psql reads",
                hint="Write them as INSERT statements, which pg_dump --column-inserts does. Very many rows are "
                "better loaded from a file of data after the migration.",
                where=f"{file.path}, line {line_at(file.text, copy.start('copy'))}",
            )
    return FileProblem(
        f"{file.path} is not valid SQL: {reason}",
        hint="psql commands such as \\i and \\copy are not SQL; a file must run on any connection.",
        where=f"{file.path}, line {line_at(file.text, place)}",
    )


def line_at(text: str, position: int) -> int:
    """The line on which a position stands, from 1."""
    return text.count("\n", 0, position) + 1
