"""Kinds of edit: what the parser does not see is no change of meaning; everything else is."""

import json
from pathlib import Path

import pytest

from tidemark.deploy.pending import edits
from tidemark.errors import EditedMigration
from tidemark.files import SqlFile

TEXT = """-- Why.
CREATE TABLE public.t (a integer, b text DEFAULT 'x  y');
CREATE FUNCTION public.f() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1;  -- one
END
$$;
DO $$ BEGIN PERFORM 1; END $$;
INSERT INTO public.t VALUES (1, E'a
b');
"""


def kind(old, new):
    return edits.kind(old, SqlFile("migrations/0001_a.sql", Path("0001_a.sql"), new))


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(TEXT, id="the same"),
        pytest.param(TEXT.replace(";\n", ";   \n"), id="white space behind lines"),
        pytest.param(TEXT + "\n\n", id="empty lines at the end"),
        pytest.param(TEXT.rstrip("\n"), id="no end of line at the end"),
    ],
)
def test_it_is_no_edit(new):
    assert kind(TEXT, new) == "none"


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(TEXT.replace("Why.", "Because."), id="comment"),
        pytest.param(TEXT.replace("(a integer", "(\n    a   integer /* key */"), id="white space and comment"),
        pytest.param(TEXT.replace("CREATE TABLE", "create table"), id="case of a key word"),
        pytest.param(TEXT.replace("integer,", "int,"), id="another word for a type"),
        pytest.param(TEXT.replace("-- one", "-- two"), id="comment in a body"),
        pytest.param(
            TEXT.replace("$$ BEGIN PERFORM", "$do$\nBEGIN PERFORM").replace("END $$", "END $do$"), id="quotes"
        ),
    ],
)
def test_it_is_wording(new):
    assert kind(TEXT, new) == "wording"


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(TEXT.replace("a integer", "c integer"), id="name"),
        pytest.param(TEXT.replace("'x  y'", "'x y'"), id="white space in a literal"),
        pytest.param(TEXT.replace("(1, E", "(2, E"), id="number"),
        pytest.param(TEXT.replace("RETURN 1", "RETURN 2"), id="literal in a body"),
        pytest.param(TEXT.replace("RETURN 1", "RETURN one"), id="name in a body"),
        pytest.param(TEXT.replace("PERFORM 1", "PERFORM 2"), id="literal in DO"),
        pytest.param(TEXT + "SELECT 1;", id="one more statement"),
        pytest.param(TEXT.replace("E'a\nb'", "E'a  \nb'"), id="white space before the end of a line in a literal"),
        pytest.param(TEXT.replace("CREATE TABLE", "CREATE TABEL"), id="no SQL any more"),
        pytest.param(TEXT.replace("'x  y'", "'x  y' NOT NULL"), id="constraint"),
    ],
)
def test_it_is_meaning(new):
    assert kind(TEXT, new) == "meaning"


def test_without_the_applied_text_any_edit_may_be_meaning():
    assert kind(None, TEXT) == "meaning"


# --- in a database --------------------------------------------------------------------------------------------


@pytest.fixture
def applied(project, runner):
    project.migration("0001_first", "CREATE TABLE public.first (a integer);")
    runner.apply()
    return project.base / "migrations" / "0001_first.sql"


def test_a_comment_is_told_and_stops_nothing(applied, project, runner):
    applied.write_text(applied.read_text() + "\n-- a remark")
    found = runner.plan().migrations
    assert (found.edited, found.reworded) == ([], ["0001_first"])
    assert found.differences["0001_first"][-1] == "+-- a remark"
    project.migration("0002_second", "SELECT 1;", depends="0001_first")
    assert runner.apply().migrations == ["0002_second"]
    assert runner.plan().migrations.reworded == []  # apply took note


def test_a_changed_meaning_stops_apply_also_after_a_comment_was_noted(applied, runner):
    applied.write_text(applied.read_text() + "\n-- a remark")
    runner.apply()
    applied.write_text(applied.read_text().replace("integer", "bigint"))
    with pytest.raises(EditedMigration, match="0001_first"):
        runner.apply()


def test_a_checkout_with_other_ends_of_lines_is_no_edit(applied, runner):
    text = applied.read_text().replace("\n", "  \n")
    applied.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    found = runner.plan().migrations
    assert (found.edited, found.reworded) == ([], [])


def test_a_record_of_an_older_algorithm_is_no_false_alarm_and_misses_no_edit(applied, runner):
    runner.query("UPDATE deploy.migration_fingerprint SET algorithm = 0, fingerprint = 'of another kind'")
    assert runner.plan().migrations.edited == []
    assert runner.plan().migrations.unrecorded == ["0001_first"]
    before = applied.read_text()
    applied.write_text(before.replace("integer", "bigint"))
    assert runner.plan().migrations.edited == ["0001_first"]
    applied.write_text(before)
    runner.apply()
    assert runner.plan().migrations.unrecorded == []


def test_status_tells_the_kind_and_shows_the_lines(applied, tidemark, runner):
    applied.write_text(applied.read_text() + "\n-- a remark")
    told = tidemark("status", "-v", "--dsn", runner.dsn)
    assert told.returncode == 0, told.stderr
    assert "in comments or white space only: 0001_first" in told.stdout
    assert "+-- a remark" in told.stdout
    applied.write_text(applied.read_text().replace("integer", "bigint"))
    told = tidemark("status", "--json", "--dsn", runner.dsn)
    assert told.returncode == 1
    assert json.loads(told.stdout)["data"]["migrations"]["edited"] == ["0001_first"]
    assert "in its meaning: 0001_first" in tidemark("status", "--dsn", runner.dsn).stdout
