"""The runner's modules: each imports only what stands below it, each library is known to one of them."""

import ast
import re
from pathlib import Path

import pytest

from tidemark import db

PACKAGE = Path(__file__).parents[2] / "tidemark"
# From top to bottom; a module imports only modules that stand after it.
ORDER = [
    "cli", "output", "demo", "doctor", "golden", "generate", "data", "apply", "catalog", "deploy", "migrate", "replace",
    "bookkeeping", "refresh", "load", "server", "server_files", "server_place", "locks", "rights", "parse", "files",
    "db", "config", "steps", "errors",
]  # fmt: skip
LIBRARIES = {"typer": "cli", "rich": "output", "yoyo": "bookkeeping", "psycopg": "db", "pglast": "parse"}
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 330


def module(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rank(name):
    """Place of a module; the parts of one that was split (load_chunks) stand where it stands (load)."""
    return ORDER.index(name if name in ORDER else name.split("_")[0])


def imports(path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "tidemark":
                yield from (f"tidemark.{name.name}" for name in node.names)
            else:
                yield node.module


@pytest.fixture(params=MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def path(request):
    return request.param


def test_a_module_imports_only_what_stands_below_it(path):
    own = module(path)
    if own == "__init__":
        return
    assert own in ORDER or own.split("_")[0] in ORDER, "give the module its place in ORDER"
    for name in imports(path):
        if name.startswith("tidemark."):
            other = name.split(".")[1]
            if (PACKAGE / other).is_dir() or (PACKAGE / f"{other}.py").exists():
                related = other.split("_")[0] == own.split("_")[0]
                assert related or rank(other) > rank(own), f"{own} must not import {other}"


def test_each_library_is_imported_in_one_place(path):
    for name in imports(path):
        library = name.split(".")[0]
        if library in LIBRARIES:
            assert module(path) == LIBRARIES[library], f"{library} belongs to {LIBRARIES[library]}"


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
