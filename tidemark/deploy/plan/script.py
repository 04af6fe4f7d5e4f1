"""The SQL of a plan as one text, for reading and for psql: what apply would send, in its order."""

from __future__ import annotations

from collections.abc import Iterator

from tidemark.config import Settings
from tidemark.deploy.apply import roles
from tidemark.deploy.plan.preview import Preview
from tidemark.deploy.waiting import retry
from tidemark.files import SqlFile

_HEAD = """\
-- What tidemark apply would send to this database now.
-- Not in it: the entries in schema deploy, from which the runner knows what it has applied; the tries after a lock
-- timeout; and objects that make way when they cannot be replaced. So look at it here, and apply it with tidemark.
\\set ON_ERROR_STOP on
SET search_path = public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
"""


def lines(plan: Preview, settings: Settings) -> Iterator[str]:
    """The script, part by part. Each part says which file it is."""
    yield _HEAD
    common = settings.lock_timeout_override_seconds or settings.lock_timeout_seconds
    yield _patience(common)
    for roles_script in roles.scripts(plan.todo.missing_roles):
        yield from _part(roles_script)
    for migration in plan.migrations:
        own = retry.timeout_of(settings, migration.file)
        yield _patience(own) if own != common else ""
        yield from _part(migration.file, is_transaction=migration.use_transactions)
        yield _patience(common) if own != common else ""
    if plan.todo.files.to_run:
        yield "\n-- functions and views, together\nBEGIN;\n"
        for file in plan.todo.files.to_run:
            yield from _part(file)
        for path in plan.todo.files.vanished:
            yield f"\n-- {path} is gone; what it held is dropped.\n"
        yield "COMMIT;\n"


def _patience(seconds: float) -> str:
    return f"SET lock_timeout = '{round(seconds * 1000)}ms';\n"


def _part(file: SqlFile, *, is_transaction: bool = False) -> Iterator[str]:
    yield f"\n-- {file.path}\n"
    text = file.text.rstrip()
    body = f"{text}\n" if text.endswith(";") else f"{text}\n;\n"
    yield f"BEGIN;\n{body}COMMIT;\n" if is_transaction else body
