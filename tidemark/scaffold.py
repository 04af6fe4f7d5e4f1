"""Writes new SQL files where they belong, with header and a test that fails until it says something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from tidemark import files, object_names
from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast
from tidemark.errors import UsageProblem
from tidemark.project import CORE, Project, current, families

_TRIGGER = re.compile(r"(\w+?)_(before|after)_(insert|update|delete|truncate)_\w+")


@dataclass(frozen=True)
class Made:
    """The files that were written, relative to the project, and what to do with them next."""

    paths: list[str]
    next_steps: list[str]


def migration(name: str, project: Project | None = None, *, is_first: bool = False) -> Made:
    """The next numbered migration, its way back, and a test. ``is_first``: of a schema that does not exist yet.

    Errors: UsageProblem for a name that breaks the rules, or a file that is there already.
    """
    project = project or current()
    base = _folder(project)
    object_names.check_word(name, "a migration")
    schemas = _schemas(project)
    if not is_first and not any(name == schema or name.startswith(f"{schema}_") for schema in schemas):
        raise UsageProblem(
            f"{name} does not begin with a schema",
            detail=f"Known are {', '.join(sorted(schemas)) or 'none'}.",
            hint="Write SCHEMA_CHANGE, such as shop_discounts. The first of a new schema: --new-schema.",
        )
    earlier = [other.file.location.stem for other in _migrations(project)]
    taken = next((other for other in earlier if other.partition("_")[2] == name), None)
    if taken:
        raise UsageProblem(f"there is {taken} already", hint="Say in the name what is different now.")
    number = max((int(other.partition("_")[0]) for other in earlier if other[:4].isdigit()), default=0) + 1
    file = f"{number:04}_{name}"
    folder = _migration_folder(project, name)
    before = [path.stem for path in sorted((base / folder).glob("*.sql")) if not path.stem.endswith(".rollback")]
    words = {"file": file, "depends": before[-1] if before else ""}
    up = _filled("migration.sql", words)
    texts = {
        f"{folder}/{file}.sql": up if before else up.replace("-- depends: \n", ""),
        f"{folder}/{file}.rollback.sql": _filled("migration.rollback.sql", words),
        f"tests/migrations/test_{name}.sql": _test(f"Migration {file}", "what its tables refuse"),
    }
    return _write(
        base,
        texts,
        [
            f"write the change in {folder}/{file}.sql and its way back beside it",
            "tidemark plan, to see what it locks",
            f"pytest tests/migrations/test_{name}.sql, which fails until it says something",
            "scripts/checksums.py, when the file is final",
        ],
    )


def view(
    name: str, layer: str, project: Project | None = None, *, live: str | None = None, key: tuple[str, ...] = ()
) -> Made:
    """A view of a layer: ``live``, ``stored`` or ``bi``. ``live`` and ``key``: of a stored view.

    Errors: UsageProblem for a name that breaks the rules, or a file that is there already.
    """
    project = project or current()
    base = _folder(project)
    if layer == "bi":
        return _bi_view(project, name)
    schema, bare = _split(project, name, "a view")
    words = {"schema": schema, "name": bare}
    if layer == "stored":
        words |= {"live": _live_twin(base, schema, bare, live), "key": ",".join(key)}
        if not key:
            raise UsageProblem(
                "a stored view is kept by key",
                hint="Name the columns that identify a row: --key site_id, once for each.",
            )
        for column in key:
            object_names.check_word(column, "a column")
    elif live or key:
        raise UsageProblem("--live and --key belong to a stored view", hint="Add --layer stored.")
    path = f"views/{schema}/{layer}/{bare}.sql"
    edges = "whole rows, then the grain" if layer == "live" else "the same rows as its live twin after a refresh"
    test = f"tests/views/{schema}/test_{bare}.sql"
    _refuse_second(project, f"{schema}.{bare}")
    steps = [f"write the view in {path}", f"pytest {test}, which fails until it says something"]
    if layer == "stored":
        steps.insert(1, "add refresh.affects() for every source that has no column named like the key")
    return _write(base, {path: _filled(f"{layer}.sql", words), test: _test(f"{schema}.{bare}", edges)}, steps)


def function(name: str, layer: str, project: Project | None = None) -> Made:
    """A function of a layer: ``rules``, ``actions`` or ``triggers``.

    Errors: UsageProblem for a name that breaks the rules, or a file that is there already.
    """
    project = project or current()
    base = _folder(project)
    schema, bare = _split(project, name, "a function")
    words = {"schema": schema, "name": bare}
    own = bare
    edges = {
        "rules": "the day before, the day and the day after each edge, and every NULL",
        "actions": "what it does, and each error by SQLSTATE",
        "triggers": "what follows from each statement that fires it",
    }[layer]
    if layer == "triggers":
        words |= _trigger_words(project, schema, bare)
        own = f"tg_{bare}"
        object_names.check_length(own)
    path = f"functions/{schema}/{layer}/{bare}.sql"
    test = f"tests/functions/{schema}/test_{bare}.sql"
    _refuse_second(project, f"{schema}.{own}()")
    texts = {path: _filled(f"{layer}.sql", words), test: _test(f"{schema}.{own}()", edges)}
    return _write(
        base, texts, [f"write the function in {path}", f"pytest {test}, which fails until it says something"]
    )


def split(project: Project, name: str) -> tuple[str, str]:
    """Schema and name of a view of the project's own.

    Errors: UsageProblem for a name that breaks the rules.
    """
    return _split(project, name, "a view")


def write_pair(project: Project, texts: Mapping[str, tuple[str, Mapping[str, str]]], next_steps: list[str]) -> Made:
    """Files from templates: path to template and words.

    Errors: UsageProblem when one is there already.
    """
    filled = {path: _filled(template, words) for path, (template, words) in texts.items()}
    return _write(_folder(project), filled, next_steps)


# --- names ------------------------------------------------------------------------------------------------


def _split(project: Project, name: str, what: str) -> tuple[str, str]:
    schema, dot, bare = name.partition(".")
    if not dot:
        raise UsageProblem(f"{name} has no schema", hint=f"Write SCHEMA.{name}.")
    known = _schemas(project) - {"bi"}
    if schema not in known:
        raise UsageProblem(
            f"there is no schema {schema}",
            detail=f"Known are {', '.join(sorted(known))}.",
            hint="A migration makes a schema: tidemark new migration --new-schema. Views of bi: --layer bi.",
        )
    object_names.check_word(bare, what)
    object_names.check_version(bare)
    return schema, bare


def _trigger_words(project: Project, schema: str, name: str) -> dict[str, str]:
    match = _TRIGGER.fullmatch(name)
    if match is None:
        raise UsageProblem(
            f"{name} does not say when the trigger fires",
            hint="Write TABLE_WHEN_EVENT_EFFECT, such as bundles_after_update_audit.",
        )
    table = match[1]
    if f"{schema}.{table}" not in _tables(project):
        raise UsageProblem(
            f"no migration makes the table {schema}.{table}", hint="Begin the name with a table of that schema."
        )
    return {"table": table, "when": match[2].upper(), "event": match[3].upper()}


def _live_twin(base: Path, schema: str, name: str, live: str | None) -> str:
    if live is None:
        live = re.sub(r"(_by_\w+|_daily)$", "", name)
        if live == name:
            raise UsageProblem(
                f"{name} does not say which live view it keeps",
                hint="End it in _by_GRAIN or _daily, or name the live view with --live.",
            )
    live = live.removeprefix(f"{schema}.")
    if not (base / "views" / schema / "live" / f"{live}.sql").exists():
        raise UsageProblem(
            f"there is no live view {schema}.{live}",
            hint=f"Write it first: tidemark new view {schema}.{live} --layer live.",
        )
    return live


def _bi_view(project: Project, name: str) -> Made:
    base = _folder(project)
    bare = name.removeprefix("bi.")
    object_names.check_word(bare, "a view")
    if not any(bare.startswith(f"{schema}_") for schema in _schemas(project)):
        raise UsageProblem(
            f"{bare} does not begin with a schema", hint="Write DOMAIN_SUBJECT, such as shop_open_order."
        )
    _refuse_second(project, f"bi.{bare}")
    path, test = f"views/bi/{bare}.sql", f"tests/bi/test_{bare}.py"
    words = {"name": bare, "subject": f"bi.{bare}", "edges": "whole rows, then the grain"}
    return _write(
        base,
        {path: _filled("bi.sql", words), test: _filled("bi_test.txt", words)},
        [
            f"write the view in {path}, with a comment for every column",
            "add its columns to tests/bi/contract.csv and a line to CHANGELOG.md",
            f"pytest {test}, which fails until it says something",
        ],
    )


# --- what is there ----------------------------------------------------------------------------------------


def _folder(project: Project) -> Path:
    """Where the project keeps its own files."""
    if project.folder is None:
        raise UsageProblem("these files are shipped and belong to no project", hint="Make one: tidemark init.")
    return project.folder


def _migrations(project: Project) -> list[bookkeeping.SqlMigration]:
    """Its own migrations; of a checkout all that are shipped."""
    folder = _folder(project)
    return [other for other in bookkeeping.read(project) if other.file.location.is_relative_to(folder)]


def _migration_folder(project: Project, name: str) -> str:
    """Shipped migrations stand in a folder of their family, those of a project side by side."""
    if project.own or project.library is None:
        return "migrations"
    known = families(project.library)
    return f"migrations/{max((one for one in known if name.startswith(one)), key=len, default=CORE)}"


def _schemas(project: Project) -> set[str]:
    """The schemas its own files may use."""
    made = {
        statement.node.schemaname
        for other in _migrations(project)
        for statement in parse.statements(other.file)
        if isinstance(statement.node, ast.CreateSchemaStmt)
    }
    # those in _data hold what a program generates, those in _internal what the verbs of a schema are made of
    made = {name for name in made if name and not name.endswith(("_data", "_internal"))}
    return made.union(project.schemas)


def _tables(project: Project) -> set[str]:
    return {
        parse.relation_of(statement.node.relation)
        for other in _migrations(project)
        for statement in parse.statements(other.file)
        if isinstance(statement.node, ast.CreateStmt)
    }


def _refuse_second(project: Project, name: str) -> None:
    for file in files.rerunnable(project):
        if file.name == name:
            raise UsageProblem(f"{file.path} holds {name} already", hint="Change that file, or find another name.")


# --- texts ------------------------------------------------------------------------------------------------


def _filled(template: str, words: Mapping[str, str]) -> str:
    text = package_files("tidemark").joinpath("templates", template).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text


def _test(subject: str, edges: str) -> str:
    return _filled("test.sql", {"subject": subject, "edges": edges})


def _write(base: Path, texts: Mapping[str, str], next_steps: list[str]) -> Made:
    existing = [path for path in texts if (base / path).exists()]
    if existing:
        raise UsageProblem(f"{existing[0]} exists already", hint="Nothing was written. Move it away, or change it.")
    for path, text in texts.items():
        location = base / path
        location.parent.mkdir(parents=True, exist_ok=True)
        with location.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return Made(list(texts), next_steps)
