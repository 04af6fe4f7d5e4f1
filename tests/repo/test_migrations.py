"""Migrations are numbered, say why they exist, hold state only, and never change once released."""

import hashlib
import itertools
import re
from pathlib import Path

from pglast import ast

from tidemark import files
from tidemark.deploy import bookkeeping, parse

FOLDER = Path(files.root()) / "migrations"
NAME = re.compile(r"^\d{4}_[a-z][a-z0-9_]*(\.rollback)?\.sql$")


def test_the_name_is_number_schema_and_change(migration):
    assert NAME.match(migration.path.removeprefix("migrations/"))


def test_numbers_are_used_once_and_each_follows_the_one_before():
    migrations = bookkeeping.read()
    numbers = [migration.id.split("_", 1)[0] for migration in migrations]
    assert len(numbers) == len(set(numbers))
    assert numbers == sorted(numbers)
    for before, migration in itertools.pairwise(migrations):
        assert migration.depends_on == [before.id], f"{migration.id} depends on the one before it"


def test_every_migration_can_be_taken_back():
    assert [migration.id for migration in bookkeeping.read() if migration.rollback_file is None] == []


def test_the_first_line_gives_the_reason(migration):
    assert migration.header
    assert migration.header[0].endswith(".")


def test_a_migration_holds_state_only(migration, statements_of):
    for statement in statements_of(migration):
        forbidden = ast.CreateFunctionStmt | ast.ViewStmt | ast.CreateTrigStmt | ast.CreateRoleStmt
        assert not isinstance(statement.node, forbidden), f"line {statement.line}: belongs into functions/ or views/"
        if isinstance(statement.node, ast.DropStmt) and "CASCADE" in statement.text.upper():
            # a schema that only holds what a program generated
            assert re.fullmatch(r"DROP SCHEMA \w+_data CASCADE", statement.text), f"line {statement.line}: CASCADE"


def test_it_can_be_sent(migration):
    if migration.directives("transactional") != ["false"]:
        parse.refuse_transaction_control(migration)


def test_only_concurrent_steps_leave_the_transaction(migration, statements_of):
    if migration.directives("transactional") == ["false"]:
        assert all(parse.waits_without_blocking(statement) for statement in statements_of(migration))


def test_released_files_have_not_changed():
    """scripts/checksums.py adds new files; a change of an old one is a mistake that the next number repairs."""
    recorded = dict(reversed(line.split("  ")) for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.sql")}
    assert found == recorded, "run scripts/checksums.py if the change is meant and was never released"
