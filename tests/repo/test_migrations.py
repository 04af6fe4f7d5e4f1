"""Migrations are numbered, say why they exist, hold state only, and never change once released."""

import hashlib
import itertools
import re

from pglast import ast

from tidemark.deploy.pending import bookkeeping
from tidemark.deploy.statements import parse
from tidemark.project import CORE, families, library, shipped

FOLDER = library() / "migrations"
NAME = re.compile(r"^migrations/[a-z_]+/\d{4}_[a-z][a-z0-9_]*(\.rollback)?\.sql$")


def test_the_name_is_owner_number_and_change(migration):
    assert NAME.match(migration.path)


def test_numbers_are_used_once_and_each_follows_the_one_before_of_its_owner():
    for owner in (CORE, *families(library())):
        migrations = [one for one in bookkeeping.read(shipped()) if f"/{owner}/" in f"/{one.file.path}"]
        numbers = [migration.id.split("_", 1)[0] for migration in migrations]
        assert len(numbers) == len(set(numbers))
        assert numbers == sorted(numbers)
        for before, migration in itertools.pairwise(migrations):
            assert before.id in migration.depends_on, f"{migration.id} depends on the one before it"


def test_the_core_depends_on_no_family_and_no_family_on_another():
    owners = {migration.id: migration.file.path.split("/")[1] for migration in bookkeeping.read(shipped())}
    for migration in bookkeeping.read(shipped()):
        assert {owners[name] for name in migration.depends_on} <= {CORE, owners[migration.id]}


def test_every_migration_can_be_taken_back():
    assert [migration.id for migration in bookkeeping.read(shipped()) if migration.rollback_file is None] == []


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
    found = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*.sql")
    }
    assert found == recorded, "run scripts/checksums.py if the change is meant and was never released"
