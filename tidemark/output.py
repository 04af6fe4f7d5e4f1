"""Everything that is printed. The answer goes to stdout, all else to stderr.

Bars and colour only on a terminal and without ``--json`` or ``--quiet``; else one line a step.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tidemark.errors import TidemarkError
from tidemark.steps import Steps

T = TypeVar("T")
# Without a terminal more steps than these are told by tenths; -v tells each.
FEW = 20


class Output:
    """One per command; ``say`` and ``table`` do nothing when the answer is JSON."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False, verbose: int = 0) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self.verbose = verbose
        self._has_answered = False
        # Into a pipe or file a table must not be squeezed into 80 columns.
        width = None if sys.stdout.isatty() else 1000
        self._stdout = Console(file=sys.stdout, highlight=False, soft_wrap=True, width=width)
        self._stderr = Console(file=sys.stderr, highlight=False, soft_wrap=True)

    @property
    def is_interactive(self) -> bool:
        """True when questions may be asked."""
        return sys.stdin.isatty() and self._stderr.is_terminal and not self.as_json and not self.quiet

    def say(self, text: str, style: str | None = None) -> None:
        """A line of the answer."""
        if not self.as_json:
            self._stdout.print(Text(text, style=style or ""))

    def lines(self, lines: Iterable[str]) -> None:
        """The answer as it is, for another program: no wrapping, no colour."""
        if not self.as_json:
            sys.stdout.writelines(lines)
            sys.stdout.flush()

    def table(self, title: str | None, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A table of the answer; numbers to the right."""
        if self.as_json:
            return
        listed = [list(row) for row in rows]
        if not listed:
            self.say(f"{title}: none" if title else "none")
            return
        self._stdout.print(_table(title, columns, listed), crop=False)

    @contextmanager
    def board(self) -> Iterator[Board]:
        """A table that is drawn over again; on anything but a terminal only the lines told to it."""
        if not self._stdout.is_terminal or self.as_json or self.quiet:
            yield Board(self, None)
            return
        with Live(console=self._stdout, auto_refresh=False, vertical_overflow="crop") as live:
            yield Board(self, live)

    def note(self, text: str, style: str = "dim") -> None:
        """A remark beside the answer; not with --quiet."""
        if not self.quiet:
            self._stderr.print(Text(text, style=style if self._stderr.is_terminal else ""))

    def debug(self, text: str) -> None:
        """Only with -v."""
        if self.verbose:
            self.note(text)

    def run(self, steps: Steps[T], title: str) -> T:
        """Runs work to its end, shows its steps and gives its result."""
        if self._stderr.is_terminal and not self.as_json and not self.quiet:
            return self._run_with_bar(steps, title)
        told = -1  # tenths of long work
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            if step.is_warning:
                self.note(f"warning: {step.text}")
            elif self.as_json:
                continue
            elif self.verbose or (step.total or 0) <= FEW or step.done is None:
                self.note(step.text)
            elif (tenth := step.done * 10 // (step.total or 1)) != told:
                told = tenth
                self.note(f"{step.done} of {step.total}: {step.text}")

    def _run_with_bar(self, steps: Steps[T], title: str) -> T:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
        with Progress(*columns, console=self._stderr, transient=True) as progress:
            task = progress.add_task(title, total=None)
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    result: T = end.value
                    return result
                if step.is_warning:
                    progress.console.print(Text(f"warning: {step.text}", style="yellow"))
                elif self.verbose or step.total is None:
                    progress.console.print(Text(step.text, style="dim"))
                progress.update(task, description=step.text, completed=step.done or 0, total=step.total)

    # --- the end of a command -----------------------------------------------------------------------------

    def succeed(self, data: Any, *, ok: bool = True) -> None:
        """The one JSON document, if asked for."""
        if self.as_json:
            self._document({"ok": ok, "data": data, "error": None})

    def fail(self, error: TidemarkError) -> None:
        """The error: as the JSON document, or in words on stderr."""
        if self.as_json:
            self._document({"ok": False, "data": None, "error": error.as_dict()})
        else:
            self.fail_beside(error)

    def fail_beside(self, error: TidemarkError) -> None:
        """An error in words on stderr, beside the answer."""
        state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
        self._stderr.print(
            Text(f"error: {error.message}{state}", style="bold red" if self._stderr.is_terminal else "")
        )
        for label, text in (("where", error.where), ("detail", error.detail), ("hint", error.hint)):
            if text:
                self._stderr.print(Text(f"{label + ':':<8}{text}"))

    def _document(self, document: dict[str, Any]) -> None:
        if self._has_answered:  # one document, whatever goes wrong once it is out
            return
        is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        text = json.dumps(_tree(document), default=_plain, ensure_ascii=not is_utf8)
        self._has_answered = True
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


class Board:
    """What ``Output.board`` gives."""

    def __init__(self, output: Output, live: Live | None) -> None:
        self._output = output
        self._live = live

    @property
    def is_shown(self) -> bool:
        """False where drawing would be lost."""
        return self._live is not None

    def tell(self, line: str) -> None:
        """A line that stays, where there is no table to look at."""
        if self._live is None:
            self._output.say(line)

    def draw(self, columns: Sequence[str], rows: Iterable[Sequence[Any]], below: str) -> None:
        """The table in the place of the one before, and a line below it."""
        if self._live is not None:
            table = _table(None, columns, [list(row) for row in rows])
            self._live.update(Group(table, Text(below, style="dim")), refresh=True)


def _table(title: str | None, columns: Sequence[str], listed: list[list[Any]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        values = [row[number] for row in listed if row[number] is not None]
        numeric = bool(values) and all(isinstance(value, int | float | Decimal) for value in values)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=number == 0)
    for row in listed:
        table.add_row(*(Text(as_text(value)) for value in row))
    return table


def as_text(value: object) -> str:
    """A value for a table cell; NULL is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, timedelta):
        return str(timedelta(seconds=round(value.total_seconds())))
    if isinstance(value, list | tuple):
        return ", ".join(as_text(item) for item in value)
    return str(value)


def _tree(value: Any) -> Any:
    """Rows and dataclasses as objects with names, at any depth."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    elif is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tree(item) for item in value]
    return value


def _plain(value: Any) -> Any:
    """Values that JSON does not know: instants and days in ISO form, intervals in seconds, numbers as numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Enum):
        return value.value
    return str(value)
