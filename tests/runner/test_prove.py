"""Proofs: a way down that leaves or takes too much is found and named; our own migrations are all proved."""

import json
from dataclasses import replace

import pytest

from tidemark.deploy.rollback import prove
from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.steps import finish


@pytest.fixture
def proofs(project, runner, settings):
    """Proves the project; gives the problems by migration, an empty name for all of them together."""

    def run(*names):
        found = finish(prove.prove(replace(settings, dsn=runner.dsn), names, project.files))
        return {proof.name: proof.problems for proof in found}

    return run


def test_every_real_migration_is_proved(server, settings):
    """Each down and up again, and all together with functions and views; by a login that is no superuser."""
    steps = prove.prove(replace(settings, dsn=server.owner_dsn("postgres")))
    assert [(proof.name, proof.problems) for proof in finish(steps) if not proof.is_proved] == []


def test_a_good_project_is_proved(project, proofs):
    project.migration("0001_a", "CREATE SCHEMA a; CREATE TABLE a.t (b integer);", "DROP TABLE a.t; DROP SCHEMA a;")
    project.migration("0002_b", "ALTER TABLE a.t ADD c text;", "ALTER TABLE a.t DROP COLUMN c;", depends="0001_a")
    project.view("a.v", "SELECT b, c FROM a.t")
    assert proofs() == {"0001_a": [], "0002_b": [], "": []}


@pytest.mark.parametrize(
    ("up", "down", "problem"),
    [
        ("CREATE TABLE a.u (b integer);", "SELECT 1;", "after the way down: TABLE a.u is left"),
        ("CREATE INDEX i ON a.t (b);", "DROP TABLE a.t;", "after the way down: TABLE a.t is missing"),
        (
            "ALTER TABLE a.t ALTER b SET NOT NULL;",
            "SELECT 1;",
            "after the way down: COLUMN a.t.b differs in not null",
        ),
        ("COMMENT ON TABLE a.t IS 'x';", "SELECT 1;", "after the way down: TABLE a.t differs in comment"),
        ("GRANT SELECT ON a.t TO PUBLIC;", "SELECT 1;", "after the way down: TABLE a.t differs in rights"),
        (
            "CREATE TYPE a.e AS ENUM ('x'); ALTER TABLE a.t ALTER b SET DEFAULT 1;",
            "DROP TYPE a.e;",
            "after the way down: COLUMN a.t.b differs in default",
        ),
        (
            "CREATE TABLE IF NOT EXISTS a.u (b integer); ALTER TABLE a.u ADD IF NOT EXISTS c integer;",
            "ALTER TABLE a.u RENAME TO w;",
            "after the second way up: TABLE a.w is left",
        ),
        ("SELECT 1;", "SELECT 1 / 0;", "it cannot be taken back: division by zero"),
        ("SELECT 1;", None, "it cannot be taken back: migrations/0002_b.sql has no rollback file"),
    ],
)
def test_what_is_not_taken_back_is_named(project, proofs, up, down, problem):
    project.migration("0001_a", "CREATE SCHEMA a; CREATE TABLE a.t (b integer);", "DROP SCHEMA a CASCADE;")
    project.migration("0002_b", up, down, depends="0001_a")
    found = proofs("0002")
    assert list(found) == ["0002_b"]
    assert any(text.startswith(problem) for text in found["0002_b"]), found


def test_views_that_a_way_down_leaves_in_the_way_are_found(project, proofs):
    """Alone it goes down; with a view that the runner does not see in its text, it does not."""
    down = "DO $$ BEGIN EXECUTE 'DROP TABLE a.t'; EXECUTE 'DROP SCHEMA a'; END $$;"
    project.migration("0001_a", "CREATE SCHEMA a; CREATE TABLE a.t (b integer);", down)
    project.migration("0002_b", "SELECT 1;", "SELECT 1;", depends="0001_a")
    project.view("public.v", "SELECT b FROM a.t")
    found = proofs()
    assert (found["0001_a"], found["0002_b"]) == ([], [])
    assert found[""][0].startswith("with functions and views they cannot be taken back")


def test_nothing_is_proved_after_a_migration_that_does_not_come_back(project, proofs):
    project.migration("0001_a", "CREATE SCHEMA a; CREATE TABLE public.t (b integer);", "DROP SCHEMA a;")
    project.migration("0002_b", "SELECT 1;", "SELECT 1;", depends="0001_a")
    found = proofs()
    assert list(found) == ["0001_a"]
    assert "it cannot be applied again" in found["0001_a"][-1]


def test_the_scratch_database_is_gone_afterwards_and_the_one_at_hand_untouched(project, proofs, runner):
    project.migration("0001_a", "CREATE SCHEMA a;", "SELECT 1 / 0;")
    proofs()
    assert runner.query("SELECT datname FROM pg_database WHERE datname LIKE 'tidemark_prove%'") == []
    assert runner.query("SELECT to_regnamespace('a'), to_regnamespace('deploy')") == [(None, None)]


def test_an_unknown_name_is_refused_before_anything_is_made(project, proofs):
    project.migration("0001_a", "SELECT 1;", "SELECT 1;")
    with pytest.raises(UsageProblem, match="0042"):
        proofs("0042")


def test_a_login_that_may_not_create_databases_is_told_so(project, runner, server, settings):
    project.migration("0001_a", "SELECT 1;", "SELECT 1;")
    runner.query("DROP ROLE IF EXISTS tm_poor")
    runner.query("CREATE ROLE tm_poor LOGIN")
    try:
        poor = replace(settings, dsn=server.dsn("postgres", "tm_poor"))
        with pytest.raises(DatabaseRefused) as caught:
            finish(prove.prove(poor, project=project.files))
        assert "ALTER ROLE tm_poor CREATEDB" in caught.value.hint
    finally:
        runner.query("DROP ROLE tm_poor")


def test_the_command(project, tidemark, empty_db):
    project.migration("0001_a", "CREATE SCHEMA a;", "DROP SCHEMA a;")
    project.migration("0002_b", "CREATE SCHEMA b;", "SELECT 1;", depends="0001_a")
    result = tidemark("prove", "--dsn", empty_db)
    assert result.returncode == 1
    assert "proved      0001_a" in result.stdout
    assert "SCHEMA b is left" in result.stdout
    document = json.loads(tidemark("prove", "0001_a", "--json", "--dsn", empty_db).stdout)
    assert document["data"] == [{"name": "0001_a", "problems": [], "is_back": True}]
