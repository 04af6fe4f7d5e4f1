"""Each lint rule finds what it is for, keeps quiet about what is right, and is silenced by a reason only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidemark.deploy.lint import check_file, check_project, rules
from tidemark.deploy.plan.usage import Facts
from tidemark.deploy.statements import account, parse
from tidemark.deploy.statements.relations import Known
from tidemark.errors import UsageProblem
from tidemark.files import SqlFile

pytestmark = pytest.mark.once

RULE, VIEW, STORED, BI = "functions/s/rules/x.sql", "views/s/live/x.sql", "views/s/stored/x.sql", "views/bi/x.sql"
ACTION = "functions/s/actions/x.sql"


def file(path: str, text: str) -> SqlFile:
    return SqlFile(path, Path(path), f"-- s.x\n-- Made by a test.\n\n{text}")


def found(path: str, text: str, secured: frozenset[str] = frozenset()) -> list[tuple[str, int]]:
    return [(item.rule, item.line) for item in check_file.lint(file(path, text), rules.Project(secured))]


@pytest.mark.parametrize(
    "expression",
    [
        "now()", "pg_catalog.now()", "current_date", "CURRENT_TIMESTAMP(3)", "localtime", "clock_timestamp()",
        "statement_timestamp()", "transaction_timestamp()", "timeofday()", "'now'::timestamptz", "date 'today'", "age(born_at)",
    ],
)  # fmt: skip
def test_a_clock_in_a_view_is_found(expression):
    assert found(VIEW, f"CREATE OR REPLACE VIEW s.x AS\nSELECT {expression} AS a FROM s.t;") == [("clock-call", 5)]


@pytest.mark.parametrize(
    "expression", ["refresh.now()", "refresh.as_of_date()", "age(a, b)", "'now'::text", "date '2025-01-01'"]
)
def test_what_only_looks_like_a_clock_is_not(expression):
    assert found(VIEW, f"CREATE OR REPLACE VIEW s.x AS SELECT {expression} AS a FROM s.t; -- now()") == []


def test_a_clock_in_the_body_of_a_rule_or_in_a_capture_query_is_found():
    quoted = "CREATE FUNCTION s.x() RETURNS date LANGUAGE plpgsql AS $$\nBEGIN\n RETURN current_date;\nEND $$;"
    assert found(RULE, quoted) == [("clock-call", 6)]
    assert found(RULE, "CREATE FUNCTION s.x() RETURNS date LANGUAGE sql RETURN current_date;") == [("clock-call", 4)]
    query = "SELECT refresh.affects('s.t', 's.x', $$ SELECT id FROM changed WHERE at < now() $$);"
    assert found(STORED, query) == [("clock-call", 4)]


def test_an_aggregate_that_depends_on_the_order_is_found_in_a_live_view_that_is_kept():
    kept = rules.project([file(STORED, "SELECT refresh.store('s.kept', live => 's.x', key => '{id}');")])
    assert kept.kept == {"s.x"}
    text = "CREATE OR REPLACE VIEW s.x AS\nSELECT t.id, {} AS a FROM s.t GROUP BY t.id;"

    def seen(expression: str, around: rules.Project) -> list[tuple[str, int]]:
        return [(item.rule, item.line) for item in check_file.lint(file(VIEW, text.format(expression)), around)]

    for wrong in ("array_agg(t.a)", "string_agg(t.a, ',')", "(SELECT json_agg(u.a) FROM s.u)"):
        assert seen(wrong, kept) == [("unordered-aggregate", 5)], wrong
        assert seen(wrong, rules.Project()) == []
    for right in (
        "array_agg(t.a ORDER BY t.a)",
        "array_agg(DISTINCT t.a)",
        "sum(t.a)",
        "array_agg(t.a) OVER (ORDER BY t.id)",
    ):
        assert seen(right, kept) == [], right
    any_row = "CREATE OR REPLACE VIEW s.x AS\nSELECT DISTINCT ON (t.id) t.id, t.a FROM s.t{};"
    assert [item.rule for item in check_file.lint(file(VIEW, any_row.format("")), kept)] == ["unordered-aggregate"]
    assert check_file.lint(file(VIEW, any_row.format(" ORDER BY t.id, t.a")), kept) == []


def test_an_action_may_read_the_clock():
    assert found(ACTION, "CREATE FUNCTION s.x() RETURNS date LANGUAGE sql RETURN current_date;") == []


def test_a_stored_view_without_key_is_found_unless_that_is_said():
    assert found(STORED, "SELECT refresh.store('s.x', live => 's.y');") == [("stored-view-without-key", 4)]
    assert found(STORED, "SELECT refresh.store('s.x', live => 's.y', key => '{a}');") == []
    assert found(STORED, "SELECT refresh.store('s.x', 's.y', '{a}');") == []
    assert found(STORED, "SELECT refresh.store('s.x', live => 's.y', key => NULL);") == []


def test_a_definer_without_search_path_is_found():
    start = "CREATE FUNCTION s.x() RETURNS integer LANGUAGE sql"
    assert found(ACTION, f"{start} SECURITY DEFINER RETURN 1;") == [("definer-search-path", 4)]
    assert found(ACTION, f"{start} SECURITY DEFINER SET search_path = pg_catalog, pg_temp RETURN 1;") == []
    assert found(ACTION, f"{start} SECURITY INVOKER RETURN 1;") == []
    assert found(ACTION, f"{start} RETURN 1;") == []


def test_a_view_past_row_security_is_found():
    secured = frozenset({"s.t"})
    assert found(VIEW, "CREATE OR REPLACE VIEW s.x AS SELECT a FROM s.t;", secured) == [
        ("owner-view-over-row-security", 4)
    ]
    invoker = "CREATE OR REPLACE VIEW s.x WITH (security_invoker = {}) AS SELECT a FROM s.t;"
    assert found(VIEW, invoker.format("true"), secured) == []
    assert found(VIEW, invoker.format("false"), secured) == [("owner-view-over-row-security", 4)]
    assert found(VIEW, "CREATE OR REPLACE VIEW s.x AS SELECT a FROM s.other;", secured) == []


def test_row_security_is_read_from_the_migrations():
    up = SqlFile(
        "migrations/0001_a.sql",
        Path("a"),
        "ALTER TABLE s.t ENABLE ROW LEVEL SECURITY; ALTER TABLE s.u ENABLE ROW LEVEL SECURITY;",
    )
    off = SqlFile("migrations/0002_a.sql", Path("a"), "ALTER TABLE s.u DISABLE ROW LEVEL SECURITY;")
    down = SqlFile("migrations/0001_a.rollback.sql", Path("a"), "ALTER TABLE s.t DISABLE ROW LEVEL SECURITY;")
    assert rules.project([down, up, off]).secured == {"s.t"}


def test_a_missing_comment_in_bi_is_found_for_view_and_column():
    view = "CREATE OR REPLACE VIEW bi.x AS SELECT t.a, t.b AS c, t.d::text FROM s.t;\n"
    comment = "COMMENT ON VIEW bi.x IS 'x';\nCOMMENT ON COLUMN bi.x.a IS 'x';\nCOMMENT ON COLUMN bi.x.c IS 'x';\n"
    found_there = check_file.lint(file(BI, view), rules.Project())
    messages = [item.message for item in found_there if item.rule == "bi-comment"]
    assert messages == ["bi.x has no comment", *(f"column {name} of bi.x has no comment" for name in "acd")]
    assert ("bi-comment", 4) in found(BI, view + comment)
    assert "bi-comment" not in dict(found(BI, view + comment + "COMMENT ON COLUMN bi.x.d IS 'x';"))


BARRIER = "WITH (security_barrier)"
READER = "WITH reader AS MATERIALIZED (SELECT access.sees_all('f') AS sees_all, access.sees('f', 'k') AS ks)"
SOME = "SELECT t.a FROM s.t WHERE t.k = ANY((SELECT {}))"


@pytest.mark.parametrize(
    ("options", "query", "messages"),
    [
        (BARRIER, "SELECT t.a FROM s.t WHERE (SELECT access.sees_all('f'))", []),
        (BARRIER, "SELECT t.a FROM s.t INNER JOIN s.visible USING (a)", []),
        (BARRIER, f"{READER} {SOME.format('ks FROM reader')}", []),
        (BARRIER, f"{READER} SELECT t.a FROM s.t WHERE (SELECT sees_all FROM reader) UNION ALL {SOME.format('ks FROM reader')}", []),
        (BARRIER, "SELECT t.a FROM s.t", ["same rows to everybody"]),
        (BARRIER, "SELECT t.a, access.sees_all() AS b FROM s.t", ["same rows to everybody"]),
        (BARRIER, f"{READER} SELECT t.a FROM s.t", ["same rows to everybody"]),
        (BARRIER, f"{READER} {SOME.format('ks FROM reader')} UNION ALL SELECT t.a FROM s.t", ["same rows to everybody"]),
        (BARRIER, f"{READER} SELECT t.a FROM s.t INNER JOIN other.reader USING (a)", ["same rows to everybody"]),
        ("", "SELECT t.a FROM s.t WHERE (SELECT access.sees_all('f'))", ["has no security_barrier"]),
        ("WITH (security_barrier = false)", "SELECT t.a FROM s.visible AS t", ["has no security_barrier"]),
        (BARRIER, "SELECT a FROM s.visible UNION ALL SELECT b FROM s.visible", ["bare UNION ALL"]),
        ("", "SELECT t.a FROM s.t", ["same rows to everybody", "has no security_barrier"]),
    ],
)  # fmt: skip
def test_a_bi_view_filters_its_rows_behind_a_barrier(options, query, messages):
    text = f"CREATE OR REPLACE VIEW bi.x {options} AS {query};"
    around = rules.Project(filtered=frozenset({"s.visible"}))
    found_there = [item for item in check_file.lint(file(BI, text), around) if item.rule == "bi-rows"]
    assert len(found_there) == len(messages)
    for item, message in zip(found_there, messages, strict=True):
        assert message in item.message
        assert "access.sees" in item.remedy


def test_views_that_ask_what_the_reader_may_see_are_read_from_their_files():
    asks = SqlFile(VIEW, Path("a"), "CREATE VIEW s.x AS SELECT a FROM s.t WHERE (SELECT access.sees_all('f'));")
    names = SqlFile(VIEW, Path("a"), "CREATE VIEW s.y AS SELECT a FROM access.grants;")
    assert rules.project([asks, names]).filtered == {"s.x"}


def test_a_reason_silences_a_rule_for_the_statement_it_stands_before():
    view = "CREATE OR REPLACE VIEW s.x AS\nSELECT now() AS a;\n"
    other = "CREATE OR REPLACE VIEW s.y AS\nSELECT now() AS a;\n"
    reason = "-- tidemark-ignore: clock-call because a test says so\n"
    assert found(VIEW, view + reason + other) == [("clock-call", 5)]
    assert found(VIEW, view.replace("\n", f" {reason}", 1) + other) == [("clock-call", 7)]


def test_a_reason_in_the_header_silences_a_rule_for_the_file():
    text = "-- s.x\n-- tidemark-ignore: clock-call because a test says so\n\nCREATE OR REPLACE VIEW s.x AS SELECT now() AS a;"
    assert check_file.lint(SqlFile(VIEW, Path("x"), text), rules.Project()) == []


def test_silencing_without_a_reason_is_refused_and_silences_nothing():
    view = "CREATE OR REPLACE VIEW s.x AS SELECT now() AS a;"
    for comment in ("clock-call", "clock-call because", "clock-call please"):
        assert found(VIEW, f"-- tidemark-ignore: {comment}\n{view}") == [("ignore", 4), ("clock-call", 5)]
    assert found(VIEW, f"-- tidemark-ignore: clock-cal because why\n{view}") == [("ignore", 4), ("clock-call", 5)]


def test_a_column_that_only_the_capture_of_changes_needs_is_found():
    migration = SqlFile(
        "migrations/0002_x.sql", Path("x"), "-- Less.\n\nALTER TABLE s.t DROP COLUMN a, DROP COLUMN b;"
    )
    facts = Facts(Known(), captured={("s.t", "a"): ["s.kept"]})
    done = [(statement, account.of(statement, Known())) for statement in parse.statements(migration)]
    messages = [(item.where, item.message) for item in check_file.used_columns(migration, done, facts, set())]
    assert messages == [("migrations/0002_x.sql:3", "column a of s.t is used by the capture of changes for s.kept")]
    assert check_file.used_columns(migration, done, facts, {"s.kept"}) == []


def test_every_finding_has_a_remedy():
    assert all(rule.remedy for rule in rules.RULES.values())


def test_squawk_speaks_about_migrations_and_not_about_the_way_down(project):
    project.migration(
        "0001_first", "ALTER TABLE s.t ADD COLUMN a integer NOT NULL;\n", "ALTER TABLE s.t DROP COLUMN a;\n"
    )
    listed = check_project.static([], project.files).findings
    assert {(item.linter, item.rule, item.where) for item in listed} >= {
        ("squawk", "adding-required-field", "migrations/0001_first.sql:2")
    }
    assert {item.path for item in listed} == {"migrations/0001_first.sql"}


def test_the_settings_of_squawk_are_honoured(project):
    project.migration("0001_first", "ALTER TABLE s.t ADD COLUMN a integer NOT NULL;\n")
    (project.base / ".squawk.toml").write_text(
        'excluded_rules = ["adding-required-field", "require-timeout-settings", "prefer-robust-stmts", "prefer-bigint-over-int"]\n'
    )
    assert "adding-required-field" not in {item.rule for item in check_project.static([], project.files).findings}


def test_a_concurrent_index_is_right_where_there_is_no_transaction(project):
    step = "DROP INDEX s.old_idx;\nCREATE INDEX CONCURRENTLY t_a_idx ON s.t (a);\n"
    project.migration("0001_inside", step)
    project.migration("0002_outside", f"-- transactional: false\n{step}", depends="0001_inside")
    rule = "ban-concurrent-index-creation-in-transaction"
    assert {item.path for item in check_project.static([], project.files).findings if item.rule == rule} == {
        "migrations/0001_inside.sql"
    }


def test_only_the_named_files_are_looked_at(project):
    project.view("s.x", "SELECT now() AS a")
    project.view("s.y", "SELECT now() AS a")
    assert len(check_project.static([], project.files).findings) == 2
    assert len(check_project.static([Path("views/s/live/x.sql")], project.files).findings) == 1
    assert len(check_project.static([project.base / "views"], project.files).findings) == 2
    with pytest.raises(UsageProblem):
        check_project.static([Path("views/nowhere")], project.files)


def test_the_command_needs_no_database_and_answers_no(tidemark, project):
    project.view("s.x", "SELECT 1 AS a")
    assert tidemark("lint", TIDEMARK_DSN="host=/nowhere").returncode == 0
    project.view("s.x", "SELECT now() AS a")
    result = tidemark("lint", "--json", TIDEMARK_DSN="host=/nowhere")
    assert result.returncode == 1
    finding = json.loads(result.stdout)["data"]["findings"][0]
    assert (finding["rule"], finding["path"], finding["line"]) == ("clock-call", "views/s/live/x.sql", 6)
    assert "views/s/live/x.sql:6: clock-call" in tidemark("lint", "views").stdout
