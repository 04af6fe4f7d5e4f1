"""What is refused before anything is sent: files that leave their transaction, wait without end, or defy repair."""

from __future__ import annotations

from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import Statement, ast, enums
from tidemark.errors import FileProblem
from tidemark.files import SqlFile

SETTING = "lock_timeout"


def refuse_unsendable(file: SqlFile, *, use_transactions: bool) -> None:
    """Checks a file of which every statement was yet to run.

    Errors: FileProblem with line, and what to write instead.
    """
    _ = file.lock_timeout_seconds
    if use_transactions:
        parse.refuse_transaction_control(file)
    for statement in parse.statements(file):
        _refuse_endless_wait(file, statement)
        if use_transactions:
            _refuse_concurrent(file, statement)
        else:
            _refuse_unrepeatable(file, statement)


def _refuse_endless_wait(file: SqlFile, statement: Statement) -> None:
    node = statement.node
    if isinstance(node, ast.DiscardStmt):
        ends = node.target == enums.DiscardMode.DISCARD_ALL
    elif isinstance(node, ast.VariableSetStmt):
        is_ours = (node.name or "").lower() == SETTING
        gives_value = node.kind == enums.VariableSetKind.VAR_SET_VALUE
        ends = node.kind == enums.VariableSetKind.VAR_RESET_ALL or (
            is_ours and (not gives_value or any(_is_zero(argument) for argument in node.args or ()))
        )
    else:
        return
    if ends:
        raise FileProblem(
            f"{file.path} switches lock_timeout off",
            detail=f"Line {statement.line}: {statement.text.strip()}",
            hint="Remove the statement: whoever waits without end keeps everybody behind it waiting too. A longer "
            "wait is asked for in the header, with a line such as -- lock_timeout: 10s.",
            where=f"{file.path}, line {statement.line}",
        )


def _is_zero(argument: Any) -> bool:
    value = getattr(argument, "val", None)
    if isinstance(value, ast.Integer):
        return not value.ival
    if isinstance(value, ast.String):
        digits = value.sval.strip().rstrip("abcdefghijklmnopqrstuvwxyz ")
        return not digits.strip("+-0.")
    return False


def _refuse_concurrent(file: SqlFile, statement: Statement) -> None:
    if parse.waits_without_blocking(statement):
        raise FileProblem(
            f"{file.path} has a concurrent step, which no transaction may hold",
            detail=f"Line {statement.line}: {statement.text.strip()}",
            hint="Put it into a migration of its own that says in its header: -- transactional: false",
            where=f"{file.path}, line {statement.line}",
        )


def _refuse_unrepeatable(file: SqlFile, statement: Statement) -> None:
    where = f"{file.path}, line {statement.line}"
    if isinstance(statement.node, ast.TransactionStmt):
        raise FileProblem(
            f"{file.path} controls transactions itself",
            detail=f"Line {statement.line}: {statement.text.strip()}",
            hint="Remove the statement: outside a transaction each statement is one of its own. What belongs "
            "together goes into a migration that is transactional.",
            where=where,
        )
    if isinstance(statement.node, ast.VariableSetStmt) and (statement.node.name or "").lower() == SETTING:
        raise FileProblem(
            f"{file.path} sets lock_timeout by a statement",
            detail=f"Line {statement.line}: {statement.text.strip()}",
            hint="Outside a transaction the runner sets it for each statement; ask for another one in the header, "
            "with a line such as -- lock_timeout: 10s.",
            where=where,
        )
    if isinstance(statement.node, ast.IndexStmt) and statement.node.concurrent and not statement.node.idxname:
        raise FileProblem(
            f"{file.path} builds an index without a name",
            detail=f"Line {statement.line}: {statement.text.strip()}",
            hint="Name it: an interrupted build is recognised by the name, and would otherwise be left behind.",
            where=where,
        )
