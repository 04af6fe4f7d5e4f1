"""What a query gives, as far as the clock is concerned: which rows may come and go, which columns may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast

# Why something moves with the clock, in words; None: it does not.
Reason = str | None


@dataclass(frozen=True)
class Rows:
    """What a query gives. ``moved``: why rows come or go; ``columns``: why each changes; ``others``: the rest."""

    columns: Mapping[str, Reason]
    moved: Reason = None
    is_single: bool = False  # never more than one row
    others: Reason = None

    @property
    def any_column(self) -> Reason:
        return next((reason for reason in self.columns.values() if reason), self.others)

    def all_moving(self, reason: str) -> Rows:
        return Rows(dict.fromkeys(self.columns, reason), None, self.is_single, reason)


@dataclass(frozen=True)
class Scope:
    """Names that an expression may use, the nearest first."""

    frames: tuple[Mapping[str, Rows], ...] = ()
    windows: Mapping[str, Reason] = field(default_factory=dict)

    def within(self, frame: Mapping[str, Rows]) -> Scope:
        return Scope((frame, *self.frames))


def column(tree: Any, scope: Scope) -> Reason:
    names = [part.sval if isinstance(part, ast.String) else None for part in tree.fields]
    text = parse.text_of(tree)
    for frame in scope.frames:
        if len(names) == 2 and names[0] is not None and names[0] in frame:
            rows = frame[names[0]]
            if names[1] is None:
                return rows.any_column
            return rows.columns[names[1]] if names[1] in rows.columns else rows.others or _unless(rows, text)
        if len(names) == 1 and names[0] is not None:
            with_it = [rows for rows in frame.values() if names[0] in rows.columns]
            if with_it:
                return next((why for rows in with_it if (why := rows.columns[names[0]])), None)
            if names[0] in frame:
                return frame[names[0]].any_column
            unknown = [rows for rows in frame.values() if not rows.columns]
            if unknown:
                return next((rows.others for rows in unknown if rows.others), None)
    return f"{text}, which is not found"


def _unless(rows: Rows, text: str) -> Reason:
    """Of a function in FROM no columns are listed: all are alike."""
    return f"{text}, which is not found" if rows.columns else None


def by_name(frame: Mapping[str, Rows], name: str) -> Reason:
    return next((why for rows in frame.values() if (why := rows.columns.get(name, rows.others))), None)


def root(reason: Reason) -> Reason:
    """Of a reason inside of a subquery, what it comes from."""
    return reason.split(" asks ")[-1].split(": ")[0] if reason else None


def renamed(rows: Rows, alias: Any) -> Rows:
    names = tuple(name.sval for name in (alias.colnames or ())) if alias else ()
    if not names:
        return rows
    if not rows.columns:
        return Rows(dict.fromkeys(names, rows.others), rows.moved, rows.is_single, rows.others)
    listed = list(rows.columns.items())
    columns = {name: why for name, (_, why) in zip(names, listed, strict=False)} | dict(listed[len(names) :])
    return Rows(columns, rows.moved, rows.is_single, rows.others)


def is_star(tree: Any) -> bool:
    return isinstance(tree, ast.ColumnRef) and isinstance(tree.fields[-1], ast.A_Star)


def is_null_or(tree: Any, number: int, *, null: bool = True) -> bool:
    """True for a constant of that value, or NULL."""
    if isinstance(tree, ast.TypeCast):
        return is_null_or(tree.arg, number, null=null)
    if not isinstance(tree, ast.A_Const):
        return False
    if tree.isnull:
        return null
    value = tree.val
    return value.ival == number if isinstance(value, ast.Integer) else getattr(value, "sval", None) == str(number)


def short(tree: Any) -> str:
    """A piece of a definition, short enough for a sentence."""
    parts = tree if isinstance(tree, tuple) else (tree,)
    text = " ".join(", ".join(parse.text_of(part) for part in parts).split())
    return text if len(text) <= 120 else f"{text[:117]}..."
