"""The runner's modules: each imports only what stands below it, each library is known to one of them."""

import ast
import re
from pathlib import Path

import pytest

from tidemark import db
from tidemark.project import families, library

PACKAGE = Path(__file__).parents[2] / "tidemark"
# From top to bottom; a module imports only modules that stand after it. A package that is not taken apart here
# (cli, golden, data) is free inside.
# Packages that hold nothing of their own.
PACKAGES = {"", "load", "deploy", "derive"} | {
    f"deploy.{path.name}" for path in (PACKAGE / "deploy").iterdir() if path.is_dir()
}
ORDER = [
    "cli", "output", "demo", "golden", "generate",
    "starter", "adopt", "scaffold", "object_names", "deploy.plan.script", "deploy.plan.preview", "deploy.plan.stored_views", "deploy.plan.adoptions", "deploy.plan.outcomes", "doctor",
    "deploy.lint.check_project", "deploy.lint.squawk", "deploy.lint.check_file", "deploy.lint.rules", "deploy.plan.risk",
    "proof", "deploy.rollback.prove", "deploy.apply.bundle", "deploy.apply.deployment", "deploy.rollback.undo_plan", "deploy.rollback.loss",
    "deploy.apply.functions_and_views", "deploy.apply.migration_run", "deploy.apply.roles", "deploy.apply.replace",
    "deploy.drift.expectations", "deploy.drift.remedy", "deploy.drift.rare_objects", "deploy.drift.table_parts", "deploy.drift.types", "deploy.drift.comparison", "deploy.drift.engine_objects", "deploy.drift.same_meaning", "deploy.drift.catalog",
    "deploy.pending.bookkeeping", "deploy.pending.edits", "deploy.apply.nontransactional", "deploy.apply.interrupted", "deploy.waiting.one_runner",
    "refresh", "access", "audit", "events", "jobs", "worker", "load.export", "load.uploads", "load.stage", "load.chunks", "load.forms", "load.plain", "load.layout",
    "load.encoding", "load.source", "load.dialect", "load.guess",
    "server", "scratch", "server_files", "server_place", "safe_files", "deploy.waiting.retry", "deploy.waiting.blockers", "deploy.pending.refusals",
    "derive.narrower", "derive.catalog", "derive.presence", "derive.rows", "derive.mapping", "derive.flat", "derive.expressions", "derive.tree",
    "deploy.apply.missing_rights", "deploy.plan.usage", "deploy.statements.account", "deploy.statements.refusals", "deploy.statements.statement_effect",
    "deploy.statements.maintenance", "deploy.statements.other_objects", "deploy.statements.drop_and_rename", "deploy.statements.alter_table",
    "deploy.statements.locks_and_work", "deploy.statements.losses", "deploy.statements.relations", "deploy.statements.parse", "deploy.statements.unreadable",
    "files", "db", "project", "config", "steps", "errors",
]  # fmt: skip
LIBRARIES = {
    "typer": "cli",
    "rich": "output",
    "yoyo": "deploy.pending.bookkeeping",
    "psycopg": "db",
    "pglast": "deploy.statements.parse",
}
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 330


def place(name):
    """The entry of ORDER that a module belongs to: itself, or the package it is in."""
    while name and name not in ORDER:
        name = name.rpartition(".")[0]
    return name


def dotted(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


def imports(path):
    """Modules that a file imports; what is imported from a package may be a module of it."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.fixture(params=MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def path(request):
    return request.param


def test_a_module_imports_only_what_stands_below_it(path):
    own = dotted(path)
    if own in PACKAGES:
        assert not list(imports(path)) or own == ""
        return
    assert place(own), "give the module its place in ORDER"
    for name in imports(path):
        other = place(name.removeprefix("tidemark.")) if name.startswith("tidemark.") else None
        if other and other != place(own):
            assert ORDER.index(other) > ORDER.index(place(own)), f"{own} must not import {other}"


def test_each_library_is_imported_in_one_place(path):
    for name in imports(path):
        library = name.split(".")[0]
        if library in LIBRARIES:
            assert place(dotted(path)) == LIBRARIES[library], f"{library} belongs to {LIBRARIES[library]}"


def test_a_module_is_short(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_every_statement_is_described_and_used():
    sources = "\n".join(path.read_text() for path in MODULES)
    for name, text in db.queries().items():
        assert text.rstrip().endswith(";"), f"{name} ends with a semicolon"
        built = name.startswith(("find_", "address_of_", "demo_"))
        assert built or re.search(rf"\"{name}\"", sources), f"{name} is sent by nobody"


def test_every_statement_that_is_sent_exists():
    call = re.compile(r"db\.(?:fetch|value|run|call_with_identifiers)\(\s*[\w.]+,\s*\"(\w+)\"")
    for path in MODULES:
        for name in call.findall(path.read_text()):
            assert name in db.queries(), f"{path.name} sends {name}"


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PACKAGE.rglob("*")) if path.is_file() and path.suffix != ".pyc"],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_no_file_of_the_package_names_a_family(path):
    """A family is SQL, data and docs, in folders that bear its name."""
    found = [name for name in families(library()) if name in path.read_text(encoding="utf-8")]
    assert found == []
