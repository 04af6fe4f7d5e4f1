#!/usr/bin/env python3
"""Changes one thing at a time in the SQL of a family, and tells which changes nobody notices: see ``--help``."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from console import Answer, Parser, run  # first: it finds the package of this checkout
from pglast import ast, enums, parser
from pglast.stream import RawStream

from tidemark import config, db, files, project
from tidemark.deploy.statements.parse import walk
from tidemark.errors import DatabaseRefused, ExitCode
from tidemark.files import SqlFile
from tidemark.golden import run as golden
from tidemark.golden import scratch, spec, steps
from tidemark.golden.files import find
from tidemark.golden.scratch import Scratch
from tidemark.golden.spec import Family, Suite
from tidemark.golden.steps import Stage
from tidemark.steps import Step, Steps, finish

TEACHING = """
Each mutant is one change of one rule, live view or report: an edge of a comparison, a constant, AND for OR, NULL
handling, a kind of join, a sort order, a branch of CASE. It is noticed when a golden case of the family differs, or
when a test that names the object fails. Changes that mean the same are listed with their reason in
tests/golden/FAMILY/equivalent_mutants.toml:

    [[equivalent]]
    object = "shop.order_status()"
    change = "< becomes <= at 12"
    reason = "the two dates are never equal"

examples:
  scripts/mutate.py commerce --sample 40            forty of them, drawn with --seed
  scripts/mutate.py model_risk --object approval    objects whose name contains the word
  scripts/mutate.py model_risk --no-tests           golden cases alone

exit codes: 0 at least 95 % noticed, 1 fewer, 2 wrong usage, 4 cannot connect, 5 the database refused
"""
LAYERS = ("rules", "live", "actions")
GOAL = 0.95
EDGES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "="}


@dataclass(frozen=True)
class Mutant:
    """One change. ``text``: the statement with it; ``change``: in words, with the place in the statement."""

    path: str
    name: str
    change: str
    text: str


@dataclass
class Verdict:
    """What became of a mutant. ``by``: what noticed it; None when nothing did."""

    path: str
    name: str
    change: str
    by: str | None


def arguments() -> Parser:
    found = Parser("Tell how many small changes of a family's SQL its cases and tests notice.", TEACHING)
    found.add_argument("family", choices=spec.families(), metavar="FAMILY")
    found.add_argument("--object", metavar="WORD", help="only objects whose name contains it")
    found.add_argument("--sample", type=int, metavar="N", help="only so many, drawn at random")
    found.add_argument("--seed", type=int, default=1, metavar="N", help="another draw (1)")
    found.add_argument("--no-tests", action="store_true", help="ask the golden cases alone")
    return found


def work(given: argparse.Namespace) -> Steps[Answer]:
    chosen = [one for one in mutants(given.family) if given.object is None or given.object in one.name]
    known = equivalent(given.family)
    chosen = [one for one in chosen if (one.name, one.change) not in known]
    if given.sample and given.sample < len(chosen):
        chosen = sorted(
            random.Random(given.seed).sample(chosen, given.sample), key=lambda one: (one.path, one.change)
        )
    settings = config.read(given.dsn)
    place = yield from scratch.prepare(settings, keep=False)
    verdicts: list[Verdict] = []
    with scratch.template(place, given.family) as ready:
        yield from scratch.fill_template(ready)
        with Judge(spec.read(given.family), ready) as judge, tempfile.TemporaryDirectory() as folder:
            yield from judge.prepare()
            tests = None if given.no_tests else Tests(Path(folder), place.dsn)
            for done, mutant in enumerate(chosen):
                yield Step(f"{mutant.name}: {mutant.change}", done, len(chosen))
                by = judge.notices(mutant) or (tests.notice(mutant) if tests else None)
                verdicts.append(Verdict(mutant.path, mutant.name, mutant.change, by))
    return told(verdicts)


def told(verdicts: list[Verdict]) -> Answer:
    """The score, and every survivor with its file."""
    survivors = [one for one in verdicts if one.by is None]
    score = 1 - len(survivors) / len(verdicts) if verdicts else 1.0
    lines = [f"{one.path}: {one.name}: {one.change}: nobody noticed" for one in survivors]
    lines.append(f"{len(verdicts) - len(survivors)} of {len(verdicts)} changes noticed ({score:.1%})")
    data = {"score": score, "mutants": [asdict(one) for one in verdicts]}
    return Answer(data, lines, ExitCode.OK if score >= GOAL else ExitCode.NO)


def equivalent(family: str) -> set[tuple[str, str]]:
    """Changes that mean the same, by object and change."""
    path = project.library() / spec.FOLDER / family / "equivalent_mutants.toml"
    if not path.exists():
        return set()
    return {(one["object"], one["change"]) for one in tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]}


def mutants(family: str) -> Iterator[Mutant]:
    """Every change of every object of a family."""
    for file in files.rerunnable(project.shipped((family,))):
        parts = file.path.split("/")
        if len(parts) > 3 and parts[1] == family and parts[2] in LAYERS:
            yield from of_file(file)


def of_file(file: SqlFile) -> Iterator[Mutant]:
    """Every change of the view or SQL function that a file holds."""
    for raw in parser.parse_sql(file.text):
        statement = raw.stmt
        is_function = isinstance(statement, ast.CreateFunctionStmt) and statement.sql_body is not None
        if not (is_function or isinstance(statement, ast.ViewStmt)):
            continue
        text = RawStream()(statement)
        for number in range(len(changes(parser.parse_sql(text)[0].stmt))):
            tree = parser.parse_sql(text)[0].stmt
            words, change = changes(tree)[number]
            change()
            yield Mutant(file.path, file.name, f"{words}, change {number + 1}", RawStream()(tree))


def changes(tree: Any) -> list[tuple[str, Callable[[], None]]]:
    """Every change that can be made in a tree, in its order: in words, and as what makes it."""
    found: list[tuple[str, Callable[[], None]]] = []
    for node in walk(tree):
        if isinstance(node, ast.A_Expr) and len(node.name) == 1 and node.name[0].sval in EDGES:
            old = node.name[0].sval
            found.append(
                (f"{old} becomes {EDGES[old]}", partial(setattr, node, "name", (ast.String(sval=EDGES[old]),)))
            )
        elif isinstance(node, ast.A_Const) and isinstance(node.val, ast.Integer):
            value = node.val.ival or 0
            found.append((f"{value} becomes {value + 1}", partial(setattr, node, "val", ast.Integer(ival=value + 1))))
        elif isinstance(node, ast.BoolExpr) and node.boolop != enums.BoolExprType.NOT_EXPR:
            is_and = node.boolop == enums.BoolExprType.AND_EXPR
            other = enums.BoolExprType.OR_EXPR if is_and else enums.BoolExprType.AND_EXPR
            found.append(("AND becomes OR" if is_and else "OR becomes AND", partial(setattr, node, "boolop", other)))
        elif isinstance(node, ast.NullTest):
            is_null = node.nulltesttype == enums.NullTestType.IS_NULL
            other = enums.NullTestType.IS_NOT_NULL if is_null else enums.NullTestType.IS_NULL
            words = "IS NULL becomes IS NOT NULL" if is_null else "IS NOT NULL becomes IS NULL"
            found.append((words, partial(setattr, node, "nulltesttype", other)))
        elif isinstance(node, ast.CoalesceExpr):
            found.append(("coalesce loses its default", partial(setattr, node, "args", node.args[:1])))
        elif isinstance(node, ast.JoinExpr) and node.quals is not None and node.jointype in _JOINS:
            other = _JOINS[node.jointype]
            words = f"{_name(node.jointype)} join becomes {_name(other)}"
            found.append((words, partial(setattr, node, "jointype", other)))
        elif isinstance(node, ast.SortBy):
            is_down = node.sortby_dir == enums.SortByDir.SORTBY_DESC
            other = enums.SortByDir.SORTBY_ASC if is_down else enums.SortByDir.SORTBY_DESC
            found.append(("a sort order is turned", partial(setattr, node, "sortby_dir", other)))
        elif isinstance(node, ast.CaseExpr) and len(node.args) > 1:
            found.append(("CASE loses its first branch", partial(setattr, node, "args", node.args[1:])))
    return found


_JOINS = {
    enums.JoinType.JOIN_LEFT: enums.JoinType.JOIN_INNER,
    enums.JoinType.JOIN_INNER: enums.JoinType.JOIN_LEFT,
}


def _name(kind: Any) -> str:
    return enums.JoinType(kind).name.removeprefix("JOIN_").lower()


class Judge:
    """The golden cases of a family, made ready once where they only fill tables."""

    def __init__(self, family: Family, place: Scratch) -> None:
        self._family = family
        self._place = place
        self._directory = project.library() / spec.FOLDER / family.name
        self._ready: list[tuple[Stage, Suite]] = []
        self._open: list[Any] = []

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        for context in reversed(self._open):
            context.__exit__(None, None, None)

    def prepare(self) -> Steps[None]:
        """Fills a database for each suite whose steps only load tables."""
        found = find(self._directory)
        for suite in self._family.suites:
            if self._family.cases is None and all(step["do"] == "tables" for step in suite.steps):
                context = self._place.database(self._place.new_name("mutants"))
                connection = context.__enter__()
                self._open.append(context)
                stage = Stage(self._family, self._directory, found, connection, lambda: connection)
                db.value(connection, "set_time_zone", time_zone="UTC")
                yield from steps.take(stage, suite.steps, {"document": None})
                golden.load_expected(connection, found, suite.checks)
                self._ready.append((stage, suite))

    def notices(self, mutant: Mutant) -> str | None:
        """The first golden file that differs; None when all are equal."""
        for stage, suite in self._ready:
            if by := self._compare(stage, suite, mutant):
                return by
        done = [suite for _, suite in self._ready]
        rest = [suite for suite in self._family.suites if suite not in done]
        return self._whole(mutant, replace(self._family, suites=rest)) if rest else None

    def _compare(self, stage: Stage, suite: Suite, mutant: Mutant) -> str | None:
        with db.trial(stage.connection):
            try:
                db.send(stage.connection, mutant.text, mutant.path)
            except DatabaseRefused as error:
                return f"PostgreSQL: {error.message}"
            for item in suite.checks:
                if item.file in stage.found:
                    finding = golden.compare_file(stage, item, stage.found[item.file])
                    if finding and finding.is_bad:
                        return item.file
        return None

    def _whole(self, mutant: Mutant, family: Family) -> str | None:
        """The cases with all their steps, in copies of a database that has the change."""
        name = self._place.new_name("mutant")
        with self._place.database(name) as connection:
            try:
                db.send(connection, mutant.text, mutant.path)
            except DatabaseRefused as error:
                return f"PostgreSQL: {error.message}"
            connection.close()
            changed = Scratch(self._place.settings, self._place.dsn, template=name)
            for case in golden.cases(family, self._directory):
                for finding in finish(golden.check_in(family, case, changed)):
                    if finding.is_bad:
                        return f"{case.name}/{finding.name}"
        return None


class Tests:
    """The tests that name an object, run in a copy of the tree in which it is changed."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self._base = folder / "tree"
        shutil.copytree(
            project.library(), self._base, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", "bench")
        )

    def notice(self, mutant: Mutant) -> str | None:
        """The files of tests, when one of them fails; None when all pass or none names the object."""
        word = mutant.name.removesuffix("()")
        listed = [
            path
            for path in sorted((self._base / "tests").rglob("test_*"))
            if path.suffix in (".py", ".sql")
            and "repo" not in path.parts
            and word in path.read_text(encoding="utf-8")
        ]
        if not listed:
            return None
        place = self._base / mutant.path
        kept = place.read_text(encoding="utf-8")
        try:
            place.write_text(_changed(kept, mutant), encoding="utf-8")
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *map(str, listed)]
            environment = os.environ | {"PYTHONPATH": str(self._base)}
            done = subprocess.run(command, cwd=self._base, env=environment, capture_output=True, check=False)
        finally:
            place.write_text(kept, encoding="utf-8")
        return "tests" if done.returncode else None


def _changed(text: str, mutant: Mutant) -> str:
    """A file whose first view or function is that of the mutant; header, comments and grants stay."""
    for part, raw in zip(parser.split(text, only_slices=True), parser.parse_sql(text), strict=True):
        if isinstance(raw.stmt, ast.CreateFunctionStmt | ast.ViewStmt):
            head = text[: part.start]
            return f"{head}{mutant.text}{text[part.stop :]}"
    return text


if __name__ == "__main__":
    if "--list" in sys.argv:
        sys.argv.remove("--list")
        print(json.dumps([asdict(one) for one in mutants(arguments().parse_args().family)]))
    else:
        run(arguments(), "changing things", work)
