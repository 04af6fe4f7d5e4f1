"""What plain yoyo does with the same files, shown with yoyo itself, and that tidemark passes each of these tests."""

import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import yoyo
from yoyo.exceptions import LockTimeout

from tidemark.errors import EditedMigration

CORPUS = Path(__file__).parent / "corpus"
HOLD = "import sys, time, yoyo\nwith yoyo.get_backend(sys.argv[1]).lock():\n    print('locked', flush=True)\n    time.sleep(600)\n"


@pytest.fixture
def plain(runner, project):
    """The address of a second, blank database for yoyo, and a function that applies the project's migrations to it."""
    parts = psycopg.conninfo.conninfo_to_dict(runner.dsn)
    runner.query("CREATE DATABASE plain_yoyo")
    at = f"postgresql+psycopg://postgres@/plain_yoyo?host={quote(parts['host'])}&port={parts['port']}"

    def apply():
        backend = yoyo.get_backend(at)
        try:
            migrations = yoyo.read_migrations(str(project.base / "migrations"))
            todo = backend.to_apply(migrations)
            backend.apply_migrations(todo)
            return [migration.id for migration in todo]
        finally:
            backend.connection.close()

    yield at, apply
    runner.query("DROP DATABASE plain_yoyo WITH (FORCE)")


def test_a_file_that_a_tokenizer_cuts_up_wrongly_is_sent_whole(project, runner, plain):
    project.migration("0001_setup", "CREATE SCHEMA corpus; CREATE TABLE corpus.expected (name text, holds boolean);")
    name = "02_nested_comments"
    (project.base / "migrations" / f"{name}.sql").write_text((CORPUS / f"{name}.sql").read_text())
    _, apply = plain
    with pytest.raises(psycopg.errors.SyntaxError, match="unterminated"):
        apply()
    assert runner.apply().migrations == ["0001_setup", name]


def test_statements_that_a_tokenizer_takes_for_one_are_sent_one_by_one(project, runner, plain):
    project.migration(
        "0001_begin",
        "-- transactional: false\nCREATE TABLE public.t (begin integer);\nCREATE INDEX CONCURRENTLY i ON public.t (begin);",
    )
    _, apply = plain
    with pytest.raises(psycopg.errors.ActiveSqlTransaction):
        apply()
    assert runner.apply().migrations == ["0001_begin"]


def test_the_lock_of_a_killed_runner_is_gone(project, runner, plain, start_command):
    at, _ = plain
    holder = subprocess.Popen([sys.executable, "-c", HOLD, at], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "locked\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with pytest.raises(LockTimeout), yoyo.get_backend(at).lock(timeout=0.5):
        pass
    project.migration("0001_slow", "SELECT pg_sleep(600);")
    ours = start_command("apply", "--dsn", runner.dsn)
    held = "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_sleep.600' AND pid <> pg_backend_pid()"
    while runner.query(held) == [(0,)]:
        assert ours.poll() is None, ours.communicate()
    ours.kill()
    ours.communicate()
    project.migration("0001_slow", "SELECT 1;")
    assert runner.apply().migrations == ["0001_slow"]


def test_an_edited_migration_is_seen(project, runner, plain):
    project.migration("0001_table", "CREATE TABLE public.t (a integer);")
    _, apply = plain
    assert apply() == ["0001_table"]
    runner.apply()
    project.migration("0001_table", "CREATE TABLE public.t (a integer, forgotten text);")
    assert apply() == []
    with pytest.raises(EditedMigration, match="0001_table"):
        runner.apply()


def test_an_index_whose_build_failed_does_not_block_the_rerun(project, runner, plain):
    _, apply = plain
    other = psycopg.conninfo.make_conninfo(runner.dsn, dbname="plain_yoyo")
    project.migration("0001_table", "CREATE TABLE public.t AS SELECT 1 AS a FROM generate_series(1, 2);")
    project.migration(
        "0002_index",
        "-- transactional: false\nCREATE UNIQUE INDEX CONCURRENTLY t_a ON public.t (a);",
        depends="0001_table",
    )
    remedy = "DELETE FROM public.t WHERE ctid = (SELECT min(ctid) FROM public.t)"
    with pytest.raises(psycopg.errors.UniqueViolation):
        apply()
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute(remedy)
    with pytest.raises(psycopg.errors.DuplicateTable):
        apply()
    with pytest.raises(Exception, match="could not create unique index"):
        runner.apply()
    runner.query(remedy)
    assert runner.apply().migrations == ["0002_index"]
    assert runner.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass") == [(True,)]
