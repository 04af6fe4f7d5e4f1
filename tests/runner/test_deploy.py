"""Re-runnable files: only what changed, in order, replaced without CASCADE and with rights kept."""

import pytest

from tidemark.errors import DatabaseRefused, FileProblem

LOOK = "views/public/live/{}.sql"


@pytest.fixture
def views(project, runner):
    """public.base (a, b), three views one on top of the other, and a function; applied."""
    project.migration("0001_base", "CREATE TABLE public.base (a integer, b integer);", "DROP TABLE public.base;")
    project.function(
        "public.twice",
        "CREATE OR REPLACE FUNCTION public.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN x * 2;",
    )
    project.view("public.low", "SELECT a, public.twice(b) AS b FROM public.base", requires="public.twice()")
    project.view("public.middle", "SELECT a, b FROM public.low", requires="public.low")
    project.view(
        "public.top",
        "SELECT a FROM public.middle",
        requires="public.middle",
        more="COMMENT ON VIEW public.top IS 'Top.';\nGRANT SELECT ON public.top TO tidemark_bi;",
    )
    project.view("public.aside", "SELECT 1 AS one")
    runner.apply()
    return project


def columns(runner, view):
    rows = runner.query(f"SELECT attname FROM pg_attribute WHERE attrelid = '{view}'::regclass AND attnum > 0")
    return [name for (name,) in rows]


def test_only_what_changed_and_its_dependents_run(views, runner):
    views.view("public.middle", "SELECT a, b FROM public.low WHERE a > 0", requires="public.low")
    assert runner.plan().files.changed == [LOOK.format("middle")]
    done = runner.apply()
    assert done.files.ran == [LOOK.format("middle"), LOOK.format("top")]
    assert done.files.dropped == []
    assert runner.apply().is_empty


def test_a_column_at_the_end_is_a_plain_replace(views, runner):
    views.view("public.low", "SELECT a, public.twice(b) AS b, a + b AS c FROM public.base", requires="public.twice()")
    done = runner.apply()
    assert done.files.dropped == []
    assert columns(runner, "public.low") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT b AS c, a, b FROM public.base", ["c", "a", "b"]),
        ("SELECT a::text AS a, b FROM public.base", ["a", "b"]),
        ("SELECT a, b, 1 AS c FROM public.base", ["a", "b", "c"]),
    ],
    ids=["added in front", "retyped", "function no longer used"],
)
def test_a_changed_shape_recreates_the_dependents(views, runner, query, expected):
    runner.query("GRANT SELECT ON public.top, public.low TO tidemark_app WITH GRANT OPTION")
    views.view("public.low", query)
    done = runner.apply()
    assert columns(runner, "public.low") == expected
    assert done.files.ran == [LOOK.format(name) for name in ("low", "middle", "top")]
    assert runner.query("SELECT obj_description('public.top'::regclass)") == [("Top.",)]
    rights = "has_table_privilege('tidemark_bi', 'public.top', 'SELECT')"
    given = "has_table_privilege('tidemark_app', 'public.{}', 'SELECT WITH GRANT OPTION')"
    assert runner.query(f"SELECT {rights}, {given.format('top')}, {given.format('low')}") == [(True, True, True)]


def test_a_removed_column_that_a_dependent_uses_fails_whole(views, runner):
    views.view("public.low", "SELECT b FROM public.base")
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert caught.value.sqlstate == "42703"
    assert caught.value.where.startswith(LOOK.format("middle"))
    assert columns(runner, "public.low") == ["a", "b"]
    views.view("public.middle", "SELECT 1 AS a, b FROM public.low", requires="public.low")
    runner.apply()
    assert columns(runner, "public.low") == ["b"]


def test_a_dependent_that_no_file_holds_is_named_and_kept(views, runner):
    runner.query("CREATE VIEW public.handmade AS SELECT a FROM public.low")
    views.view("public.low", "SELECT b, a FROM public.base")
    with pytest.raises(DatabaseRefused, match="view handmade stands in the way") as caught:
        runner.apply()
    assert caught.value.sqlstate == "2BP01"
    assert "no file of this project holds it" in caught.value.detail
    assert columns(runner, "public.low") == ["a", "b"]
    assert columns(runner, "public.handmade") == ["a"]


def test_a_changed_return_type_recreates_the_function_and_its_views(views, runner):
    views.function(
        "public.twice",
        "CREATE OR REPLACE FUNCTION public.twice(x integer) RETURNS bigint LANGUAGE sql RETURN x * 2::bigint;",
    )
    done = runner.apply()
    assert done.files.recreated[0] == "functions/public/rules/twice.sql"
    assert runner.query("SELECT pg_typeof(b)::text FROM (SELECT NULL) AS x LEFT JOIN public.low ON true") == [
        ("bigint",)
    ]


def test_changed_arguments_leave_no_overload_behind(views, runner):
    views.function(
        "public.twice",
        "CREATE OR REPLACE FUNCTION public.twice(x integer, y integer DEFAULT 2) RETURNS integer"
        " LANGUAGE sql IMMUTABLE RETURN x * y;",
    )
    done = runner.apply()
    found = runner.query("SELECT oid::regprocedure::text FROM pg_proc WHERE proname = 'twice'")
    assert found == [("twice(integer,integer)",)]
    assert "function public.twice(integer)" in [
        text.replace("function twice", "function public.twice") for text in done.files.dropped
    ]
    assert columns(runner, "public.top") == ["a"]


def test_a_function_becomes_a_procedure(project, runner):
    project.function("public.f", "CREATE OR REPLACE FUNCTION public.f() RETURNS void LANGUAGE sql AS 'SELECT 1';")
    runner.apply()
    project.function("public.f", "CREATE OR REPLACE PROCEDURE public.f() LANGUAGE sql AS 'SELECT 1';")
    runner.apply()
    assert runner.query("SELECT prokind::text FROM pg_proc WHERE proname = 'f'") == [("p",)]


def test_a_file_that_vanished_takes_its_object_along(views, runner):
    views.remove(LOOK.format("top"))
    assert runner.plan().files.vanished == [LOOK.format("top")]
    done = runner.apply()
    assert done.files.dropped == ["view top"]
    assert runner.query("SELECT to_regclass('public.top')") == [(None,)]
    assert runner.apply().is_empty


def test_files_that_vanish_together_go_users_first(views, runner):
    for name in ("top", "middle", "low"):
        views.remove(LOOK.format(name))
    # by name the lowest comes first, and it cannot go while the others use it
    assert runner.plan().files.vanished == [LOOK.format(name) for name in ("low", "middle", "top")]
    assert runner.apply().files.dropped == ["view top", "view middle", "view low"]
    assert runner.apply().is_empty


def test_a_vanished_object_that_is_still_used_is_kept(views, runner):
    runner.query("CREATE VIEW public.handmade AS SELECT a FROM public.top")
    views.remove(LOOK.format("top"))
    with pytest.raises(DatabaseRefused, match="handmade"):
        runner.apply()
    assert columns(runner, "public.top") == ["a"]


def test_a_moved_file_keeps_its_object(views, runner):
    views.remove(LOOK.format("aside"))
    views.file(
        "views/public/stored/aside.sql",
        "CREATE OR REPLACE VIEW public.aside AS SELECT 1 AS one;",
        name="public.aside",
    )
    done = runner.apply()
    assert done.files.dropped == []
    assert columns(runner, "public.aside") == ["one"]


def test_an_object_dropped_by_hand_comes_back(views, runner):
    runner.query("DROP VIEW public.top")
    assert runner.plan().files.changed == [LOOK.format("top")]
    runner.apply()
    assert columns(runner, "public.top") == ["a"]


def test_a_trigger_and_its_function_are_replaced_together(views, runner):
    def trigger(when, result):
        return (
            "CREATE OR REPLACE FUNCTION public.tg_base() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RETURN {result}; END $$;\nCREATE OR REPLACE TRIGGER base_{when} {when} INSERT ON public.base"
            " FOR EACH ROW EXECUTE FUNCTION public.tg_base();"
        )

    views.file("functions/public/triggers/base.sql", trigger("BEFORE", "new"), name="public.tg_base()")
    runner.apply()
    views.file("functions/public/triggers/base.sql", trigger("AFTER", "NULL"), name="public.tg_base()")
    done = runner.apply()
    assert runner.query("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == [("base_after",)]
    assert len(done.files.dropped) == 1
    views.remove("functions/public/triggers/base.sql")
    runner.apply()
    assert runner.query("SELECT count(*) FROM pg_proc WHERE proname = 'tg_base'") == [(0,)]


def test_a_migration_may_change_what_views_use(views, runner):
    """The views make way and come back in the transaction of the migration."""
    views.migration("0002_retype", "ALTER TABLE public.base ALTER a TYPE bigint, DROP b;", depends="0001_base")
    views.view("public.low", "SELECT a, 0 AS b FROM public.base")
    done = runner.apply()
    assert done.migrations == ["0002_retype"]
    assert runner.query(
        "SELECT atttypid::regtype::text FROM pg_attribute WHERE attrelid = 'public.top'::regclass AND attnum = 1"
    ) == [("bigint",)]
    assert runner.query("SELECT has_table_privilege('tidemark_bi', 'public.top', 'SELECT')") == [(True,)]
    assert runner.apply().is_empty


def test_a_migration_that_breaks_a_view_for_good_leaves_all_as_it_was(views, runner):
    views.migration("0002_drop", "ALTER TABLE public.base DROP a;", depends="0001_base")
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert caught.value.sqlstate == "42703"
    assert columns(runner, "public.top") == ["a"]
    assert runner.plan().migrations.pending == ["0002_drop"]


@pytest.mark.parametrize(
    ("requires", "message"),
    [("public.nowhere", "no file holds"), ("public.a", "requires itself"), ("", "does not say what it requires")],
)
def test_bad_headers_are_clear_errors(project, runner, requires, message):
    project.view("public.a", "SELECT 1 AS one", requires=requires)
    with pytest.raises(FileProblem, match=message) as caught:
        runner.apply()
    assert caught.value.exit_code == 3
    assert caught.value.hint


def test_two_files_with_one_name_are_refused(project, runner):
    project.view("public.a", "SELECT 1 AS one")
    project.file("views/public/stored/a.sql", "SELECT 1;", name="public.a")
    with pytest.raises(FileProblem, match="both hold"):
        runner.apply()


def test_a_file_that_makes_no_object_runs_once(project, runner):
    project.file("functions/public/rules/nothing.sql", "SELECT 1;", name="public.nothing()")
    assert runner.apply().files.ran == ["functions/public/rules/nothing.sql"]
    assert runner.apply().is_empty


def test_a_failing_file_leaves_all_as_it_was(views, runner):
    views.view("public.low", "SELECT a, b, 1 AS c FROM public.base")
    views.view("public.aside", "SELECT nonsense")
    with pytest.raises(DatabaseRefused) as caught:
        runner.apply()
    assert caught.value.where == f"{LOOK.format('aside')}, line 6"
    assert columns(runner, "public.low") == ["a", "b"]
