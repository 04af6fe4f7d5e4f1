"""The rules that no other linter can know, each over the parse tree of one statement. No database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.files import SqlFile

_CLOCKS = {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday"}
_CLOCK_WORDS = {"now", "today", "tomorrow", "yesterday"}
_BY_ORDER = {"array_agg", "string_agg", "json_agg", "jsonb_agg", "json_object_agg", "xmlagg"}
# In a body or a query that is a text: a call of a clock, or a word that is one.
_CLOCK_TEXT = re.compile(
    r"(?<![.\w])(?:pg_catalog\.)?(?:(?:" + "|".join(sorted(_CLOCKS)) + r")\s*\(|"
    r"(?:current_date|current_time|current_timestamp|localtime|localtimestamp)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Project:
    """What rules need to know of the other files.

    ``secured``: tables with row security; ``filtered``: views that ask schema access what the reader may see;
    ``kept``: live views of which a stored one is kept.
    """

    secured: frozenset[str] = frozenset()
    filtered: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One rule. ``check`` yields (line, message) for a statement of a file it applies to."""

    applies: Callable[[SqlFile], bool]
    check: Callable[[SqlFile, Statement, Project], Iterator[tuple[int, str]]]
    remedy: str


def project(found: list[SqlFile]) -> Project:
    """What the rules need to know of all migrations together."""
    secured: set[str] = set()
    filtered: set[str] = set()
    kept: set[str] = set()
    for file in found:
        if "refresh.store(" in file.text:
            calls = (call for item in parse.statements(file) for call in _calls(item.node, ("refresh", "store")))
            kept |= {name for call in calls if (name := _live_of(call))}
        if file.path.startswith("views/") and "access." in file.text:
            views = (item.node for item in parse.statements(file) if isinstance(item.node, ast.ViewStmt))
            filtered |= {parse.relation_of(view.view) for view in views if _asks_access(view.query)}
        if not file.path.startswith("migrations/") or file.path.endswith(".rollback.sql"):
            continue
        for statement in parse.statements(file):
            if isinstance(statement.node, ast.AlterTableStmt):
                for command in statement.node.cmds:
                    if command.subtype == enums.AlterTableType.AT_EnableRowSecurity:
                        secured.add(parse.relation_of(statement.node.relation))
                    elif command.subtype == enums.AlterTableType.AT_DisableRowSecurity:
                        secured.discard(parse.relation_of(statement.node.relation))
    return Project(frozenset(secured), frozenset(filtered), frozenset(kept))


def _live_of(call: Any) -> str | None:
    """The live view that a call of refresh.store() names."""
    args = list(call.args or ())
    given = [item.arg for item in args if isinstance(item, ast.NamedArgExpr) and item.name == "live"]
    given += [item for item in args[1:2] if not isinstance(item, ast.NamedArgExpr)]
    return next((str(item.val.sval) for item in given if isinstance(item, ast.A_Const)), None)


def _stored_without_key(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    for call in _calls(statement.node, ("refresh", "store")):
        named = {item.name for item in call.args or () if isinstance(item, ast.NamedArgExpr)}
        plain = [item for item in call.args or () if not isinstance(item, ast.NamedArgExpr)]
        if "key" not in named and len(plain) < 3:
            yield statement.line, "the stored view has no key, so every refresh recomputes all of it"


def _definer_search_path(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    node = statement.node
    if not isinstance(node, ast.CreateFunctionStmt):
        return
    options = list(node.options or ())
    is_definer = any(item.defname == "security" and item.arg.boolval for item in options)
    pinned = any(item.defname == "set" and item.arg.name == "search_path" for item in options)
    if is_definer and not pinned:
        name = ".".join(part.sval for part in node.funcname)
        yield statement.line, f"{name} runs with its owner's rights and the caller's search_path"


def _owner_view(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    node = statement.node
    if not isinstance(node, ast.ViewStmt):
        return
    for option in node.options or ():
        if option.defname == "security_invoker" and (option.arg is None or option.arg.sval in ("true", "on", "1")):
            return
    read = {parse.relation_of(item) for item in parse.walk(node.query) if isinstance(item, ast.RangeVar)}
    for table in sorted(read & around.secured):
        yield statement.line, f"the view reads {table} as its owner, past the table's row security"


def _clock_call(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    found: list[str] = []
    for node in parse.walk(statement.node):
        if isinstance(node, ast.SQLValueFunction):
            word = enums.SQLValueFunctionOp(node.op).name.removeprefix("SVFOP_").removesuffix("_N").lower()
            found += [word] if "date" in word or "time" in word else []
        elif isinstance(node, ast.FuncCall):
            names = [part.sval for part in node.funcname]
            is_builtin = len(names) == 1 or names[0] == "pg_catalog"
            one_sided = names[-1] == "age" and len(node.args or ()) == 1
            found += [names[-1]] if is_builtin and (names[-1] in _CLOCKS or one_sided) else []
        elif isinstance(node, ast.TypeCast) and isinstance(node.arg, ast.A_Const):
            value = getattr(node.arg.val, "sval", None)
            type_name = node.typeName.names[-1].sval
            is_moment = type_name.startswith(("date", "timestamp", "time"))
            found += [f"'{value}'"] if is_moment and str(value).strip().lower() in _CLOCK_WORDS else []
        found += [text.strip("( ") for text in _clocks_in_texts(node)]
    for word in dict.fromkeys(found):
        yield _line_of(statement, word), f"{word} reads the clock"


def _clocks_in_texts(node: Any) -> list[str]:
    """Clocks in the body of a function in quotes, and in a query handed to the engine."""
    texts: list[str] = []
    if isinstance(node, ast.DefElem) and node.defname == "as":
        texts = [part.sval for part in node.arg]
    elif isinstance(node, ast.FuncCall) and [part.sval for part in node.funcname] == ["refresh", "affects"]:
        values = (part.val for part in parse.walk(node.args) if isinstance(part, ast.A_Const))
        texts = [value.sval for value in values if isinstance(value, ast.String)]
    return [match for text in texts for match in _CLOCK_TEXT.findall(re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", text))]


def _unordered(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    """What depends on the order in which rows are read; of which type a sum is, only a database can tell."""
    if not isinstance(statement.node, ast.ViewStmt) or parse.relation_of(statement.node.view) not in around.kept:
        return
    for node in parse.walk(statement.node):
        if isinstance(node, ast.FuncCall) and node.over is None and not (node.agg_order or node.agg_distinct):
            name = node.funcname[-1].sval
            if name in _BY_ORDER:
                yield (
                    _line_of(statement, name),
                    f"{name}() without ORDER BY depends on the order in which rows are read",
                )
        elif isinstance(node, ast.SelectStmt) and node.distinctClause and not node.sortClause:
            is_on = node.distinctClause[0] is not None
            yield from (
                [(_line_of(statement, "distinct on"), "DISTINCT ON without ORDER BY takes any row")] if is_on else []
            )


def _bi_comment(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    if not isinstance(statement.node, ast.ViewStmt):
        return
    view = parse.relation_of(statement.node.view)
    commented = set()
    for other in parse.statements(file):
        node = other.node
        if isinstance(node, ast.CommentStmt) and isinstance(node.object, tuple) and node.comment:
            commented.add(".".join(part.sval for part in node.object))
    if view not in commented:
        yield statement.line, f"{view} has no comment"
    for column in columns_of(statement.node):
        if f"{view}.{column}" not in commented:
            yield statement.line, f"column {column} of {view} has no comment"


def _bi_rows(file: SqlFile, statement: Statement, around: Project) -> Iterator[tuple[int, str]]:
    node = statement.node
    if not isinstance(node, ast.ViewStmt):
        return
    view = parse.relation_of(node.view)
    with_clause = node.query.withClause
    asking = {item.ctename for item in (with_clause.ctes if with_clause else ()) if _asks_access(item.ctequery)}
    for part in _parts_of(node.query):
        filters = (part.fromClause, part.whereClause)
        read = [item for item in parse.walk(filters) if isinstance(item, ast.RangeVar)]
        joins = any(
            item.relname in asking if not item.schemaname else parse.relation_of(item) in around.filtered
            for item in read
        )
        if not joins and not _asks_access(filters):
            yield statement.line, f"{view} shows the same rows to everybody"
    if not any(
        option.defname == "security_barrier" and (option.arg is None or option.arg.sval in ("true", "on", "1"))
        for option in node.options or ()
    ):
        yield statement.line, f"{view} has no security_barrier: a reader's own function sees the rows it leaves out"
    elif node.query.larg is not None and with_clause is None:
        yield (
            statement.line,
            f"{view} is a bare UNION ALL, which PostgreSQL takes apart, the security_barrier with it",
        )


def _asks_access(tree: Any) -> bool:
    return any(
        isinstance(node, ast.FuncCall) and len(node.funcname) == 2 and node.funcname[0].sval == "access"
        for node in parse.walk(tree)
    )


def _parts_of(query: Any) -> list[Any]:
    """The parts of a set operation, each of which gives rows of its own."""
    return [query] if query.larg is None else [*_parts_of(query.larg), *_parts_of(query.rarg)]


def columns_of(view: Any) -> list[str]:
    """Names of a view's columns as its text tells; empty when it does not (``SELECT *``)."""
    if view.aliases:
        return [part.sval for part in view.aliases]
    query = view.query
    while query.larg is not None:  # a set operation takes the names of its first part
        query = query.larg
    names = []
    for target in query.targetList or ():
        last = target.val.fields[-1] if isinstance(target.val, ast.ColumnRef) else None
        if target.name is None and not isinstance(last, ast.String):
            named = target.val
            while isinstance(named, ast.TypeCast):
                named = named.arg
            if isinstance(named, ast.ColumnRef) and isinstance(named.fields[-1], ast.String):
                last = named.fields[-1]
            elif isinstance(named, ast.FuncCall):
                last = named.funcname[-1]
            else:
                return []
        names.append(target.name or (last.sval if last else ""))
    return names


def _calls(tree: Any, name: tuple[str, str]) -> Iterator[Any]:
    for node in parse.walk(tree):
        if isinstance(node, ast.FuncCall) and tuple(part.sval for part in node.funcname) == name:
            yield node


def _line_of(statement: Statement, word: str) -> int:
    """Line on which a word stands in a statement, comments left out."""
    plain = re.sub(r"--[^\n]*", "", statement.text)
    place = re.search(rf"(?<![\w.'])(?:pg_catalog\.)?{re.escape(word)}", plain, re.IGNORECASE)
    return statement.line + (plain.count("\n", 0, place.start()) if place else 0)


def _is_stored(file: SqlFile) -> bool:
    return "/stored/" in file.path


def _is_rule_or_view(file: SqlFile) -> bool:
    return file.path.startswith("views/") or "/rules/" in file.path


RULES: dict[str, Rule] = {
    "stored-view-without-key": Rule(
        _is_stored,
        _stored_without_key,
        "Give the columns that identify a row: key => '{…}'. Meant to be recomputed whole: say key => NULL.",
    ),
    "definer-search-path": Rule(
        lambda file: True, _definer_search_path, "Add SET search_path = pg_catalog, pg_temp to the function."
    ),
    "owner-view-over-row-security": Rule(
        lambda file: file.path.startswith("views/"),
        _owner_view,
        "Write CREATE OR REPLACE VIEW … WITH (security_invoker = true), or join the reader's scope and silence this.",
    ),
    "clock-call": Rule(
        _is_rule_or_view, _clock_call, "Take the day or instant from refresh.as_of_date() or refresh.now()."
    ),
    "unordered-aggregate": Rule(
        lambda file: "/live/" in file.path,
        _unordered,
        "Give it an ORDER BY that leaves no ties: a stored row and its live twin are compared bit by bit.",
    ),
    "bi-comment": Rule(
        lambda file: file.path.startswith("views/bi/"),
        _bi_comment,
        "Add COMMENT ON VIEW and COMMENT ON COLUMN: what it means, its unit, its edges.",
    ),
    "bi-rows": Rule(
        lambda file: file.path.startswith("views/bi/"),
        _bi_rows,
        "Ask access.sees_all() and access.sees() in WHERE, or join a view that does; WITH (security_barrier); "
        "a UNION ALL with the questions in a WITH.",
    ),
}
