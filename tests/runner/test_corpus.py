"""Every nasty file goes through unharmed, sent whole or statement by statement."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.once

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.sql"))
SETUP = "CREATE SCHEMA corpus; CREATE TABLE corpus.expected (name text PRIMARY KEY, holds boolean NOT NULL);"
# Line ends and byte order mark as an editor on Windows leaves them.
FORMS = {
    "as it is": lambda text: text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
}


def add_corpus(project, header, form):
    project.migration("0000_setup", SETUP)
    for path in CORPUS:
        (project.base / "migrations" / path.name).write_bytes(form(header + path.read_text()))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("header", ["", "-- transactional: false\n"], ids=["whole", "statement by statement"])
def test_every_file_does_what_psql_would_do(project, runner, header, form):
    add_corpus(project, header, form)
    done = runner.apply()
    assert done.migrations == ["0000_setup", *(path.stem for path in CORPUS)]
    rows = dict(runner.query("SELECT name, holds FROM corpus.expected"))
    assert len(rows) == 12
    assert all(rows.values()), [name for name, holds in rows.items() if not holds]
    assert runner.apply().is_empty


@pytest.mark.parametrize("header", ["", "-- transactional: false\n"], ids=["whole", "statement by statement"])
def test_a_file_of_one_mebibyte_goes_through(project, runner, header):
    values = ",\n".join(f"({number}, $v${'x;' * 40} '{number}$v$)" for number in range(11_000))
    text = f"{header}CREATE TABLE public.large (id integer, said text);\nINSERT INTO public.large VALUES\n{values};\n"
    assert len(text) > 1024 * 1024
    project.migration("0001_large", text)
    runner.apply()
    assert runner.query("SELECT count(*), count(DISTINCT said), max(length(said)) FROM public.large") == [
        (11_000, 11_000, 87)
    ]


def test_psql_commands_are_refused_with_their_line(project, runner):
    project.migration("0001_psql", "-- transactional: false\nSELECT 1;\n\\i other.sql\n")
    with pytest.raises(Exception, match="not valid SQL") as caught:
        runner.apply()
    assert caught.value.where == "migrations/0001_psql.sql, line 4"
    assert "psql commands" in caught.value.hint
