"""Reads SQL with PostgreSQL's own parser (pglast). Nothing here changes a text that is sent to a server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pglast import ast as pglast_ast
from pglast import enums as pglast_enums
from pglast import parser
from pglast.parser import ParseError
from pglast.stream import RawStream

from tidemark.deploy.statements import unreadable
from tidemark.errors import FileProblem
from tidemark.files import SqlFile

_CONSTRAINT_TRIGGER = re.compile(r"\bCREATE CONSTRAINT TRIGGER (\w+)\b.*?\bON\s+(\w+\.\w+)", re.DOTALL)
_KEPT_LENGTH = 262_144  # characters; the tree of a larger text, such as a migration full of rows, is not kept
_PLACES = ("location", "stmt_len", "list_start", "list_end")
ast: Any = pglast_ast  # its types make every part of a tree optional; a tree of the parser has what its kind needs
enums: Any = pglast_enums


@dataclass(frozen=True)
class Statement:
    """One statement of a file: its text as written, the line it starts on, and its parse tree."""

    text: str
    line: int
    node: Any


@dataclass(frozen=True)
class Declared:
    """An object that a file creates, as far as its text tells.

    ``kind``: ``routine``, ``view``, ``trigger``, ``stored`` (a stored view) or ``stored_as_of`` (the engine's second
    name for it). ``arguments``: types of a routine's input arguments. ``table``: of a trigger.
    """

    kind: str
    schema: str | None
    name: str
    arguments: tuple[str, ...] = ()
    table: str | None = None


def statements(file: SqlFile) -> tuple[Statement, ...]:
    """The statements of a file in order. A text is parsed once, so nobody may change its trees.

    Errors: FileProblem with line, when it is not valid SQL.
    """
    try:
        return _statements(file.text)
    except ParseError as error:
        place = int(error.args[1]) if len(error.args) > 1 and isinstance(error.args[1], int) else 0
        raise unreadable.problem(file, str(error.args[0]), place) from None


def _statements(text: str) -> tuple[Statement, ...]:
    return _kept(text) if len(text) <= _KEPT_LENGTH else _parsed(text)


def _parsed(text: str) -> tuple[Statement, ...]:
    slices = parser.split(text, only_slices=True)
    nodes = parser.parse_sql(text)
    return tuple(
        Statement(text[part], unreadable.line_at(text, part.start), raw.stmt)
        for part, raw in zip(slices, nodes, strict=True)
    )


_kept = lru_cache(maxsize=2048)(_parsed)


def refuse_transaction_control(file: SqlFile) -> None:
    """Checks that a file can be sent inside the runner's own transaction.

    Errors: FileProblem for BEGIN, COMMIT, ROLLBACK and the like, and for COPY from the client.
    """
    for statement in statements(file):
        if isinstance(statement.node, ast.TransactionStmt) and _ends_transaction(statement.node):
            raise FileProblem(
                f"{file.path} controls transactions itself",
                detail=f"Line {statement.line}: {statement.text.strip()}",
                hint="Remove the statement: the runner gives each file one transaction. A file that must run outside "
                "one says so in its header: -- transactional: false",
                where=f"{file.path}, line {statement.line}",
            )
        if isinstance(statement.node, ast.CopyStmt) and not statement.node.filename and not statement.node.is_program:
            raise FileProblem(
                f"{file.path} copies from the client",
                hint="Write the rows as INSERT ... VALUES.",
                where=f"{file.path}, line {statement.line}",
            )


def walk(tree: Any) -> Iterator[Any]:
    """Every node of a tree, the root first."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from walk(item)
    elif isinstance(tree, pglast_ast.Node):
        yield tree
        for part in tree:
            yield from walk(getattr(tree, part))


def tree_of(text: str) -> Any:
    """The tree of a text that holds one statement, such as a view's definition in the catalogue."""
    return parser.parse_sql(text)[0].stmt


def text_of(tree: Any) -> str:
    """A part of a tree as SQL again."""
    return RawStream()(tree)


def relation_of(tree: Any) -> str:
    """``schema.name`` of a relation, as bare words; a name without schema is one of ``public``."""
    return f"{tree.schemaname or 'public'}.{tree.relname}"


def dotted(parts: Any) -> str:
    """The same for a name that the tree holds as a list of words."""
    names = [part.sval for part in parts][-2:]
    return ".".join(names) if len(names) > 1 else f"public.{names[0]}"


def type_name(parts: Any) -> str:
    """A type that the tree holds as a list of words, as SQL writes it."""
    return text_of(ast.TypeName(names=parts, typemod=-1))


def is_name(tree: Any) -> bool:
    """True for a list of words; casts and the like are named by types."""
    return isinstance(tree, tuple) and all(isinstance(part, ast.String) for part in tree)


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def is_on(value: Any) -> bool:
    """An option of a utility statement: alone it means true."""
    written = str(getattr(value, "sval", getattr(value, "ival", getattr(value, "boolval", True)))).lower()
    return value is None or written not in ("false", "off", "0")


def waits_without_blocking(statement: Statement) -> bool:
    """True for CONCURRENTLY: its long waits keep nobody else waiting, and no transaction may hold it."""
    node = statement.node
    if isinstance(node, ast.IndexStmt | ast.DropStmt):
        return bool(node.concurrent)
    return is_concurrent_reindex(node) or detached(node) is not None


def is_concurrent_reindex(node: Any) -> bool:
    """True for REINDEX CONCURRENTLY, in either way of writing it."""
    if not isinstance(node, ast.ReindexStmt):
        return False
    asked = [item.arg for item in node.params or () if item.defname == "concurrently"]
    return bool(asked) and (asked[-1] is None or RawStream()(asked[-1]).strip("'").lower() in ("true", "on", "1"))


def detached(node: Any) -> Any:
    """The command of ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY; None for any other statement."""
    if not isinstance(node, ast.AlterTableStmt):
        return None
    for command in node.cmds or ():
        if command.subtype == enums.AlterTableType.AT_DetachPartition and command.def_.concurrent:
            return command
    return None


def finalize(statement: Statement) -> str:
    """What finishes an interrupted DETACH PARTITION CONCURRENTLY."""
    node: Any = parser.parse_sql(statement.text)[0].stmt
    command = detached(node)
    command.subtype = enums.AlterTableType.AT_DetachPartitionFinalize
    command.def_.concurrent = False
    return str(RawStream()(node))


def index_on(statement: Statement, table: str) -> str:
    """The same index on another table and at once, as text: everything behind the table's name stays as written."""
    node: Any = parser.parse_sql(statement.text)[0].stmt
    rest = [token for token in parser.scan(statement.text) if token.start >= node.relation.location]
    names = 1  # a.b.c: a name, then a point and a name as often as there are
    while rest[names].name == "ASCII_46":
        names += 2
    behind = statement.text[rest[names].start :]
    unique = "UNIQUE " if node.unique else ""
    return f"CREATE {unique}INDEX tidemark_twin_index ON {table} {behind}"


def name_of(relation: Any) -> str:
    """A relation's name as SQL writes it, without the ONLY that may stand before it."""
    parts = {"schemaname": relation.schemaname, "relname": relation.relname}
    return str(RawStream()(ast.RangeVar(**parts, inh=True, relpersistence="p")))


def declared(file: SqlFile) -> tuple[Declared, ...]:
    """The functions, views, triggers and stored views that a file creates.

    Errors: FileProblem with line, when it is not valid SQL.
    """
    statements(file)  # complains of the file by its name
    return _declared(file.text)


@lru_cache(maxsize=2048)
def _declared(text: str) -> tuple[Declared, ...]:
    found: list[Declared] = []
    for statement in _statements(text):
        node = statement.node
        if isinstance(node, ast.CreateFunctionStmt):
            found.append(_routine(node))
        elif isinstance(node, ast.ViewStmt):
            found.append(Declared("view", node.view.schemaname, node.view.relname))
        elif isinstance(node, ast.CreateTrigStmt):
            found.append(Declared("trigger", None, node.trigname, table=RawStream()(node.relation)))
        elif isinstance(node, ast.SelectStmt):
            found.extend(_stored(node))
        elif isinstance(node, ast.DoStmt):
            # a constraint trigger has no CREATE OR REPLACE, so its file asks first whether it is there
            found.extend(
                Declared("trigger", None, name, table=table)
                for name, table in _CONSTRAINT_TRIGGER.findall(statement.text)
            )
    return tuple(found)


def created_schemas(file: SqlFile) -> list[str]:
    """Names of the schemas that a file creates."""
    nodes = (statement.node for statement in statements(file))
    return [node.schemaname for node in nodes if isinstance(node, ast.CreateSchemaStmt) and node.schemaname]


def meaning(file: SqlFile) -> str | None:
    """The parse tree as text, without places: equal for two files that differ in comments and white space only.

    Bodies of functions and of DO count without their comments; every other literal counts as it is written. None for
    a text that this parser cannot read.
    """
    try:
        tree = json.loads(parser.parse_sql_json(file.text))
    except ParseError:
        return None
    return json.dumps(_without_places(tree), sort_keys=True)


def _without_places(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_without_places(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("defname") == "as":
        texts = [item["String"]["sval"] for item in tree["arg"].get("List", {}).get("items", [tree["arg"]])]
        return {"as": [_without_comments(text) for text in texts]}
    return {key: _without_places(value) for key, value in tree.items() if not key.endswith(_PLACES)}


def _without_comments(text: str) -> list[str]:
    """The words of a body; the body itself if it is none of SQL's words."""
    try:
        words = parser.scan(text)
    except ParseError:
        return [text]
    encoded = text.encode()
    return [
        encoded[word.start : word.end + 1].decode() for word in words if word.name not in ("SQL_COMMENT", "C_COMMENT")
    ]


def _ends_transaction(node: Any) -> bool:
    inside = (
        enums.TransactionStmtKind.TRANS_STMT_SAVEPOINT,
        enums.TransactionStmtKind.TRANS_STMT_RELEASE,
        enums.TransactionStmtKind.TRANS_STMT_ROLLBACK_TO,
    )
    return node.kind not in inside


def _routine(node: Any) -> Declared:
    output = (enums.FunctionParameterMode.FUNC_PARAM_OUT, enums.FunctionParameterMode.FUNC_PARAM_TABLE)
    names = [part.sval for part in node.funcname]
    arguments = [RawStream()(item.argType) for item in node.parameters or () if item.mode not in output]
    return Declared("routine", names[0] if len(names) > 1 else None, names[-1], tuple(arguments))


def _stored(node: Any) -> list[Declared]:
    """``SELECT refresh.store('schema.view', ...)``: the engine makes the objects, the file answers for them."""
    found = []
    for target in node.targetList or ():
        call = target.val
        if not isinstance(call, ast.FuncCall) or [part.sval for part in call.funcname] != ["refresh", "store"]:
            continue
        named = {item.name: item.arg for item in call.args or () if isinstance(item, ast.NamedArgExpr)}
        view = named.get("view") or next(item for item in call.args or ())
        if isinstance(view, ast.A_Const) and isinstance(view.val, ast.String):
            schema, _, name = view.val.sval.rpartition(".")
            found.append(Declared("stored", schema or None, name))
            found.append(Declared("stored_as_of", schema or None, f"{name}_as_of"))
    return found
