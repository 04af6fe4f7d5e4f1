"""Tidemark's own lint: the rules over one file, and the comments that silence them.

``lint`` reads the file alone; ``used_columns`` and ``effects`` need the facts of a database.

A finding is silenced by a comment with a reason, in the header for the whole file, else for the statement it stands
in or before:

    -- tidemark-ignore: clock-call because the due date is an instant of the server, not of the business
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tidemark.deploy.lint import rules
from tidemark.deploy.plan.usage import Facts
from tidemark.deploy.statements import parse, refusals
from tidemark.deploy.statements.locks_and_work import Effect
from tidemark.deploy.statements.parse import Statement, ast
from tidemark.files import SqlFile

USED_COLUMN = "used-column"
REFUSED = "refused"
UNKNOWN_EFFECT = "unknown-effect"
ALL_RULES = {*rules.RULES, USED_COLUMN, REFUSED, UNKNOWN_EFFECT}

_IGNORE = re.compile(r"--[ \t]*tidemark-ignore:[ \t]*(\S*)[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_REASON = re.compile(r"^because \S+.*")


@dataclass(frozen=True)
class Finding:
    """One complaint. ``rule``: its id; ``where``: file and line; ``remedy``: what to do."""

    rule: str
    path: str
    line: int
    message: str
    remedy: str
    linter: str = "tidemark"

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"


def lint(file: SqlFile, around: rules.Project) -> list[Finding]:
    """The findings in one file, silenced ones left out, by line."""
    silencer = Silencer(file)
    found = list(silencer.problems)
    for name, rule in rules.RULES.items():
        if not rule.applies(file):
            continue
        for statement in silencer.statements:
            for line, message in rule.check(file, statement, around):
                finding = Finding(name, file.path, line, message, rule.remedy)
                found += [] if silencer.silences(finding) else [finding]
    return sorted(found, key=lambda finding: (finding.line, finding.rule))


def used_columns(
    file: SqlFile, done: Iterable[tuple[Statement, Effect]], facts: Facts, replaced: set[str]
) -> list[Finding]:
    """Columns that a migration drops or retypes although a bi view, a stored view or a capture query needs them.

    ``replaced``: views whose own file changes in the same deployment; they and what they carry know of the change.
    """
    silencer = Silencer(file)
    found = []
    for statement, effect in done:
        for relation, column in effect.columns:
            users = list(_who_needs(relation, column, facts, replaced))
            if users:
                finding = Finding(
                    USED_COLUMN,
                    file.path,
                    statement.line,
                    f"column {column} of {relation} is used by {', '.join(users)}",
                    "Change the files of these views in the same deployment, or keep the column until none uses it.",
                )
                found += [] if silencer.silences(finding) else [finding]
    return found


def effects(
    file: SqlFile, done: list[tuple[Statement, Effect]], facts: Facts, *, in_transaction: bool
) -> list[Finding]:
    """Statements that PostgreSQL will refuse, and those of which cannot be told what they lock or take away."""
    silencer = Silencer(file)
    found = []
    added: dict[tuple[str, str], int] = {}  # values of enums by the line that adds them
    made: set[str] = set()
    if facts.known.server_version >= refusals.TAKES_VALUES_OF_NEW_TYPES:
        made = {parse.dotted(one.node.typeName) for one, _ in done if isinstance(one.node, ast.CreateEnumStmt)}
    for statement, effect in done:
        for rule, message, remedy in _about(statement, effect, facts, added, in_transaction=in_transaction):
            finding = Finding(rule, file.path, statement.line, message, remedy)
            found += [] if silencer.silences(finding) else [finding]
        if effect.adds and in_transaction and parse.dotted(statement.node.typeName) not in made:
            added[effect.adds] = statement.line
    return found


def _about(
    statement: Statement,
    effect: Effect,
    facts: Facts,
    added: dict[tuple[str, str], int],
    *,
    in_transaction: bool,
) -> Iterator[tuple[str, str, str]]:
    is_refused = effect.refused or (effect.is_outside and in_transaction)
    if effect.refused:
        yield REFUSED, f"PostgreSQL will refuse it: {effect.refused.because}", effect.refused.instead
    elif is_refused:
        yield (
            REFUSED,
            "PostgreSQL will refuse it: no transaction can hold it",
            "Give it a file of its own with -- transactional: false in its header.",
        )
    for (name, value), line in added.items():
        if refusals.uses(statement, effect, (name, value), facts.known):
            yield (
                REFUSED,
                f"PostgreSQL will refuse it: '{value}' of {name}, added on line {line}, is not committed yet",
                "Add the value in a file of its own that comes before.",
            )
    if effect.unknown and not is_refused:
        yield (
            UNKNOWN_EFFECT,
            f"it may lock tables and lose rows: {effect.unknown}",
            "Read what it does and try it on a copy; then silence this.",
        )


def _who_needs(relation: str, column: str, facts: Facts, replaced: set[str]) -> Iterator[str]:
    users = facts.users_of_column(relation, column)
    knowing = {user.identity for user in users if replaced & {user.identity, *user.through}}
    for user in users:
        if user.kind in ("bi view", "stored view") and user.identity not in knowing:
            yield f"{user.kind} {user.identity}"
    for view in facts.captured.get((relation, column), ()):
        if view not in knowing and view not in replaced:
            yield f"the capture of changes for {view}"


class Silencer:
    """Reads the comments that silence rules."""

    def __init__(self, file: SqlFile) -> None:
        self.statements = parse.statements(file)
        self.problems: list[Finding] = []
        self._everywhere: set[str] = set()
        self._spans: list[tuple[str, int, int]] = []
        header = self.statements[0].line if self.statements else 1
        for match in _IGNORE.finditer(file.text):
            line = file.text.count("\n", 0, match.start(1)) + 1
            rule, reason = match[1], match[2]
            problem = _problem_with(rule, reason)
            if problem:
                self.problems.append(
                    Finding("ignore", file.path, line, problem, "Write -- tidemark-ignore: RULE because REASON.")
                )
            elif line < header:
                self._everywhere.add(rule)
            else:
                self._spans.append((rule, *self._span(line)))

    def silences(self, finding: Finding) -> bool:
        return finding.rule in self._everywhere or any(
            rule == finding.rule and first <= finding.line <= last for rule, first, last in self._spans
        )

    def _span(self, line: int) -> tuple[int, int]:
        """Lines of the statement in which a comment stands, or before which."""
        for statement in self.statements:
            last = statement.line + statement.text.count("\n")
            if line <= last:
                return min(line, statement.line), last
        return line, line


def _problem_with(rule: str, reason: str) -> str | None:
    if rule not in ALL_RULES:
        return f"{rule or 'nothing'} is no rule; known are {', '.join(sorted(ALL_RULES))}"
    if not _REASON.match(reason):
        return f"{rule} is silenced without a reason"
    return None
