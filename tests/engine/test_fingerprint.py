"""Whatever a live view rests on beside views and functions: when it changes, the stored rows are known to be old."""

import pytest

VIEW = "toy.best_by_team"


@pytest.fixture
def sorted_by_rank(engine):
    """A type with an order of its own, and a view whose rows depend on it. Only a superuser makes operator classes."""
    admin = engine.session(engine.superuser_dsn)
    admin.execute("""
        CREATE SCHEMA toy; GRANT ALL ON SCHEMA toy TO tidemark;
        CREATE TYPE toy.rank AS (n integer);
        CREATE FUNCTION toy.less(a toy.rank, b toy.rank) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN (a).n < (b).n;
        CREATE FUNCTION toy.less_equal(a toy.rank, b toy.rank) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN (a).n <= (b).n;
        CREATE FUNCTION toy.same(a toy.rank, b toy.rank) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN (a).n = (b).n;
        CREATE FUNCTION toy.more_equal(a toy.rank, b toy.rank) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN (a).n >= (b).n;
        CREATE FUNCTION toy.more(a toy.rank, b toy.rank) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN (a).n > (b).n;
        CREATE OPERATOR toy.<< (LEFTARG = toy.rank, RIGHTARG = toy.rank, FUNCTION = toy.less);
        CREATE OPERATOR toy.<<= (LEFTARG = toy.rank, RIGHTARG = toy.rank, FUNCTION = toy.less_equal);
        CREATE OPERATOR toy.== (LEFTARG = toy.rank, RIGHTARG = toy.rank, FUNCTION = toy.same);
        CREATE OPERATOR toy.>>= (LEFTARG = toy.rank, RIGHTARG = toy.rank, FUNCTION = toy.more_equal);
        CREATE OPERATOR toy.>> (LEFTARG = toy.rank, RIGHTARG = toy.rank, FUNCTION = toy.more);
        CREATE FUNCTION toy.sign_of(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN sign(n)::integer;
        CREATE FUNCTION toy.compare(a toy.rank, b toy.rank) RETURNS integer LANGUAGE sql IMMUTABLE RETURN toy.sign_of((a).n - (b).n);
        CREATE OPERATOR FAMILY toy.ranks USING btree;
        CREATE OPERATOR CLASS toy.rank_order DEFAULT FOR TYPE toy.rank USING btree FAMILY toy.ranks AS
            OPERATOR 1 toy.<<, OPERATOR 2 toy.<<=, OPERATOR 3 toy.==, OPERATOR 4 toy.>>=, OPERATOR 5 toy.>>, FUNCTION 1 toy.compare(toy.rank, toy.rank);
        GRANT ALL ON ALL FUNCTIONS IN SCHEMA toy TO tidemark""")
    engine.run("""
        CREATE TABLE toy.player (player_id integer PRIMARY KEY, team integer NOT NULL, rank toy.rank);
        INSERT INTO toy.player SELECT n, n % 5, ROW(n)::toy.rank FROM generate_series(1, 30) AS n;
        CREATE VIEW toy.best AS SELECT DISTINCT ON (team) team, player_id, greatest(rank, ROW(20)::toy.rank) AS rank FROM toy.player ORDER BY team, rank""")
    engine.declare(f"SELECT refresh.store('{VIEW}', 'toy.best', '{{team}}')")
    engine.check(VIEW)
    engine.run("CALL refresh.tick()")
    assert engine.check(VIEW).mode == "none"
    return engine, admin


def noticed(engine, view):
    assert engine.freshness(view).freshness_status == "stale"
    engine.run("CALL refresh.tick()")
    assert engine.row("SELECT * FROM refresh.runs ORDER BY run_id DESC LIMIT 1").mode == "whole"
    assert engine.verify(view).is_equal
    assert engine.freshness(view).freshness_status == "fresh"
    assert engine.check(view).mode == "none", "noticed once"


@pytest.mark.once
@pytest.mark.parametrize(
    "change",
    [
        "CREATE OR REPLACE FUNCTION toy.compare(a toy.rank, b toy.rank) RETURNS integer LANGUAGE sql IMMUTABLE RETURN toy.sign_of((b).n - (a).n)",
        "CREATE OR REPLACE FUNCTION toy.sign_of(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN -sign(n)::integer",
        "ALTER OPERATOR FAMILY toy.ranks USING btree ADD OPERATOR 1 toy.<< (toy.rank, integer)",
    ],
    ids=["body of its support function", "below its body", "another operator"],
)
def test_another_order_of_a_type_is_noticed(sorted_by_rank, change):
    engine, admin = sorted_by_rank
    if "ADD OPERATOR" in change:
        admin.execute(
            "CREATE FUNCTION toy.less(a toy.rank, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN (a).n < b"
        )
        admin.execute("CREATE OPERATOR toy.<< (LEFTARG = toy.rank, RIGHTARG = integer, FUNCTION = toy.less)")
        assert engine.check(VIEW).mode == "none", "an operator that belongs to no order of this type changes nothing"
    admin.execute(change)
    noticed(engine, VIEW)


@pytest.mark.once
def test_another_operator_class_under_the_same_name_is_noticed(engine):
    """GREATEST looks its order up when it runs: PostgreSQL records no dependency on it."""
    admin = engine.session(engine.superuser_dsn)
    admin.execute("""
        CREATE SCHEMA toy; GRANT ALL ON SCHEMA toy TO tidemark;
        CREATE TYPE toy.size AS ENUM ('small', 'large');
        CREATE FUNCTION toy.forwards(a toy.size, b toy.size) RETURNS integer LANGUAGE sql IMMUTABLE RETURN enum_cmp(a, b);
        CREATE FUNCTION toy.backwards(a toy.size, b toy.size) RETURNS integer LANGUAGE sql IMMUTABLE RETURN enum_cmp(b, a);
        GRANT ALL ON ALL FUNCTIONS IN SCHEMA toy TO tidemark""")
    made = """CREATE OPERATOR CLASS toy.sizes DEFAULT FOR TYPE toy.size USING btree AS OPERATOR 1 < (anyenum, anyenum),
        OPERATOR 2 <= (anyenum, anyenum), OPERATOR 3 = (anyenum, anyenum), OPERATOR 4 >= (anyenum, anyenum), OPERATOR 5 > (anyenum, anyenum),
        FUNCTION 1 toy.{}(toy.size, toy.size)"""
    admin.execute(made.format("forwards"))
    engine.run("""
        CREATE TABLE toy.box (box_id integer PRIMARY KEY, one toy.size, other toy.size);
        INSERT INTO toy.box VALUES (1, 'small', 'large');
        CREATE VIEW toy.needed AS SELECT box_id, greatest(one, other) AS size FROM toy.box""")
    engine.declare("SELECT refresh.store('toy.needed_by_box', 'toy.needed', '{box_id}')")
    engine.check("toy.needed_by_box")
    assert engine.value("SELECT size FROM toy.needed_by_box") == "large"
    admin.execute("DROP OPERATOR CLASS toy.sizes USING btree")
    admin.execute("DROP OPERATOR FAMILY IF EXISTS toy.sizes USING btree")
    admin.execute(made.format("backwards"))
    engine.main.close()
    engine.main = engine.session()  # a session keeps the orders of types that it has looked up
    noticed(engine, "toy.needed_by_box")
    assert engine.value("SELECT size FROM toy.needed_by_box") == "small"


@pytest.mark.once
def test_another_version_of_the_default_collation_is_noticed(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.word (word_id integer PRIMARY KEY, initial integer, word text);
        INSERT INTO toy.word VALUES (1, 1, 'a'), (2, 1, 'B');
        CREATE VIEW toy.first AS SELECT initial, min(word) AS word FROM toy.word GROUP BY initial""")
    engine.declare("SELECT refresh.store('toy.first_by_initial', 'toy.first', '{initial}')")
    engine.check("toy.first_by_initial")
    # what an upgrade of the C library or of ICU, and ALTER DATABASE ... REFRESH COLLATION VERSION after it, leave behind
    engine.session(engine.superuser_dsn).execute(
        "UPDATE pg_database SET datcollversion = 'another' WHERE datname = current_database()"
    )
    noticed(engine, "toy.first_by_initial")


@pytest.mark.once
def test_a_database_under_another_name_is_no_change(engine, server):
    engine.run(
        "CREATE SCHEMA toy; CREATE TABLE toy.word (word_id integer PRIMARY KEY, word text); CREATE VIEW toy.all AS SELECT * FROM toy.word"
    )
    engine.declare("SELECT refresh.store('toy.all_by_id', 'toy.all', '{word_id}')")
    engine.check("toy.all_by_id")
    server.execute(f"ALTER DATABASE {engine.main.info.dbname} CONNECTION LIMIT 50")
    assert engine.check("toy.all_by_id").mode == "none"
    assert engine.freshness("toy.all_by_id").freshness_status == "fresh"


@pytest.mark.once
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TEXT SEARCH CONFIGURATION toy.plain ALTER MAPPING FOR asciiword WITH pg_catalog.english_stem",
        "ALTER TEXT SEARCH DICTIONARY toy.words (Accept = false)",
    ],
    ids=["configuration", "dictionary"],
)
def test_another_text_search_is_noticed(engine, change):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TEXT SEARCH DICTIONARY toy.words (TEMPLATE = pg_catalog.simple);
        CREATE TEXT SEARCH CONFIGURATION toy.plain (COPY = pg_catalog.simple);
        ALTER TEXT SEARCH CONFIGURATION toy.plain ALTER MAPPING FOR asciiword WITH toy.words, pg_catalog.english_stem;
        CREATE TABLE toy.page (page_id integer PRIMARY KEY, body text);
        INSERT INTO toy.page VALUES (1, 'many words');
        CREATE VIEW toy.found AS SELECT page_id, to_tsvector('toy.plain', body) AS words FROM toy.page""")
    engine.declare("SELECT refresh.store('toy.found_by_page', 'toy.found', '{page_id}')")
    engine.check("toy.found_by_page")
    engine.run(change)
    noticed(engine, "toy.found_by_page")
