"""Keys of every shape: composite, text, uuid, with NULL parts, given by mappings in full or in part."""

import pytest


def test_a_key_with_null_parts_is_recomputed_by_index_and_stays_unique(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.fact (fact_id integer PRIMARY KEY, region text, team integer, amount integer NOT NULL);
        CREATE INDEX ON toy.fact (region, team); CREATE INDEX ON toy.fact (team);
        CREATE VIEW toy.cell_live AS
            SELECT region, team, sum(amount) AS total, 'both' AS grain FROM toy.fact WHERE region IS NOT NULL AND team IS NOT NULL GROUP BY region, team
            UNION ALL SELECT region, NULL, sum(amount), 'region' FROM toy.fact WHERE region IS NOT NULL GROUP BY region
            UNION ALL SELECT NULL, team, sum(amount), 'team' FROM toy.fact WHERE team IS NOT NULL GROUP BY team
            UNION ALL SELECT NULL, NULL, sum(amount), 'all' FROM toy.fact""")
    engine.declare("""
        SELECT refresh.store('toy.cell_by_scope', 'toy.cell_live', '{region,team}', full_above => 1);
        SELECT refresh.affects('toy.fact', 'toy.cell_by_scope', $$
            SELECT region, team FROM changed UNION SELECT region, NULL FROM changed
            UNION SELECT NULL, team FROM changed UNION SELECT NULL, NULL FROM changed $$)""")
    engine.check("toy.cell_by_scope")
    engine.run("INSERT INTO toy.fact SELECT g, 'r' || g % 5, g % 7, g FROM generate_series(1, 1000) AS g")
    assert engine.check("toy.cell_by_scope").mode == "whole"
    for statement, keys in (
        ("UPDATE toy.fact SET amount = amount + 1 WHERE fact_id = 1", 4),
        ("UPDATE toy.fact SET region = 'new' WHERE fact_id = 1", 6),
        ("UPDATE toy.fact SET region = NULL WHERE fact_id = 1", 4),
        ("DELETE FROM toy.fact WHERE team = 3", 5 + 5 + 2),
    ):
        done = engine.check("toy.cell_by_scope")
        engine.run(statement)
        done = engine.check("toy.cell_by_scope")
        assert (done.mode, done.key_count) == ("keys", keys), statement
    engine.run("TRUNCATE toy.fact")
    assert engine.check("toy.cell_by_scope").mode == "whole"
    assert engine.refresh("toy.cell_by_scope", full=True).updated_count == 0
    assert engine.rows("SELECT region, team, total FROM toy.cell_by_scope") == [(None, None, None)]


def test_part_of_the_key_covers_live_and_stored_rows_with_it(engine):
    """models has only model_id, deployments has the whole key: rows appear, change and vanish through either."""
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.model (model_id integer PRIMARY KEY, name text, is_active boolean NOT NULL DEFAULT TRUE);
        CREATE TABLE toy.deployment (model_id integer, region_id text, version integer, PRIMARY KEY (model_id, region_id));
        CREATE TABLE toy.region (region_id text PRIMARY KEY, label text);
        INSERT INTO toy.region VALUES ('eu', 'Europe'), ('us', 'America');
        INSERT INTO toy.model SELECT g, 'm' || g FROM generate_series(1, 50) AS g;
        INSERT INTO toy.deployment SELECT g, r, 1 FROM generate_series(1, 50) AS g, unnest('{eu,us}'::text[]) AS r;
        CREATE VIEW toy.place_live AS
            SELECT model_id, region_id, model.name, region.label, version
            FROM toy.deployment JOIN toy.model USING (model_id) LEFT JOIN toy.region USING (region_id) WHERE is_active""")
    engine.declare("SELECT refresh.store('toy.place_by_model_region', 'toy.place_live', '{model_id,region_id}')")
    view = "toy.place_by_model_region"
    assert engine.check(view).inserted_count == 100
    engine.run("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
    assert engine.check(view).updated_count == 2
    engine.run("UPDATE toy.model SET is_active = FALSE WHERE model_id = 2")
    assert engine.check(view).deleted_count == 2
    engine.run(
        "UPDATE toy.model SET is_active = TRUE WHERE model_id = 2; DELETE FROM toy.deployment WHERE model_id = 3 AND region_id = 'eu'"
    )
    done = engine.check(view)
    assert (done.inserted_count, done.deleted_count) == (2, 1)
    engine.run("UPDATE toy.region SET label = 'EU' WHERE region_id = 'eu'")
    assert engine.check(view).updated_count == 49
    indexes = engine.rows(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'refresh_data' AND indexdef LIKE '%%(region_id)'"
    )
    assert len(indexes) == 1, "rows are looked up by the second part of the key"


@pytest.mark.parametrize(
    ("type_name", "one", "two"),
    [
        ("uuid", "00000000-0000-0000-0000-000000000001", "ffffffff-0000-0000-0000-000000000002"),
        ("text", "it's", 'a "quoted" \\ name'),
        ("date", "2025-01-01", "infinity"),
        ("timestamptz", "2025-03-30 02:30+01", "2025-10-26 02:30+02"),
        ("numeric", "1.50", "-0.001"),
        ("bytea", "\\x00ff", "\\x"),
        ("int4range", "[1,5)", "empty"),
        ("jsonb", '{"a": 1}', "[]"),
        ("toy.colour", "red", "blue"),
        ("toy.code", "A1", "B2"),
        ('"char"', "x", "y"),
        ("character(3)", "ab", "c"),
        ("varchar(5)", "ab", "c"),
        ("interval", "1 month", "-2 days"),
        ("inet", "10.0.0.1/8", "::1"),
    ],
)
def test_a_key_of_any_type_with_equality(engine, type_name, one, two):
    engine.run(f"""
        CREATE SCHEMA toy;
        CREATE TYPE toy.colour AS ENUM ('red', 'blue');
        CREATE DOMAIN toy.code AS text CHECK (VALUE ~ '^[A-Z]');
        CREATE TABLE toy.thing ("The Key" {type_name}, "value" integer);
        CREATE VIEW toy.thing_live AS SELECT "The Key", sum("value") AS total FROM toy.thing GROUP BY "The Key" """)
    engine.declare("""SELECT refresh.store('toy.thing_by_key', 'toy.thing_live', ARRAY['The Key'])""")
    engine.check("toy.thing_by_key")
    for key in (one, two, None):
        engine.main.execute("INSERT INTO toy.thing VALUES (%s, 1)", [key])
        assert engine.check("toy.thing_by_key").inserted_count == 1
    engine.run("UPDATE toy.thing SET value = value + 1")
    assert engine.check("toy.thing_by_key").updated_count == 3
    engine.refresh("toy.thing_by_key", full=True)
    engine.main.execute('DELETE FROM toy.thing WHERE "The Key" = %s OR "The Key" IS NULL', [one])
    assert engine.check("toy.thing_by_key").deleted_count == 2


def test_an_extension_type_is_compared_by_its_own_equality(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE EXTENSION citext SCHEMA public;
        CREATE TABLE toy.person (email public.citext, visits integer);
        INSERT INTO toy.person VALUES ('Ada@example.org', 1), ('ada@EXAMPLE.org', 2), ('bob@example.org', 5);
        CREATE VIEW toy.person_live AS SELECT email, sum(visits) AS visits FROM toy.person GROUP BY email""")
    engine.declare("SELECT refresh.store('toy.person_by_email', 'toy.person_live', '{email}')")
    assert engine.check("toy.person_by_email").inserted_count == 2
    engine.run("INSERT INTO toy.person VALUES ('ADA@example.org', 4)")
    assert engine.check("toy.person_by_email").updated_count == 1
    assert engine.value("SELECT visits FROM toy.person_by_email WHERE email = 'ada@example.org'") == 7


def test_values_that_only_look_equal_are_told_apart(engine):
    """1.0 and 1.00, json without equality, NaN, and NULL beside an empty text."""
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.value (k integer PRIMARY KEY, n numeric, j json, t text, p point, f float8);
        INSERT INTO toy.value VALUES (1, 1.0, '{"a":1}', NULL, '(1,2)', 'NaN');
        CREATE VIEW toy.value_live AS SELECT * FROM toy.value""")
    engine.declare("SELECT refresh.store('toy.value_by_k', 'toy.value_live', '{k}')")
    engine.check("toy.value_by_k")
    for change in ("n = 1.00", "j = '{\"a\": 1}'", "t = ''", "p = '(1,3)'", "f = '-0'", "f = '0'"):
        engine.run(f"UPDATE toy.value SET {change}")
        assert engine.check("toy.value_by_k").updated_count == 1, change
        engine.run(f"UPDATE toy.value SET {change}")
        assert engine.check("toy.value_by_k").updated_count == 0, change
    assert str(engine.value("SELECT n FROM toy.value_by_k")) == "1.00"


def test_a_key_of_five_parts_with_nulls(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.wide (a integer, b integer, c integer, d integer, e integer, v integer);
        CREATE VIEW toy.wide_live AS SELECT a, b, c, d, e, sum(v) AS v FROM toy.wide GROUP BY a, b, c, d, e""")
    engine.declare("SELECT refresh.store('toy.wide_by_all', 'toy.wide_live', '{a,b,c,d,e}')")
    engine.check("toy.wide_by_all")
    engine.run(
        "INSERT INTO toy.wide VALUES (1, 2, 3, 4, 5, 1), (1, NULL, 3, NULL, 5, 1), (NULL, NULL, NULL, NULL, NULL, 1)"
    )
    assert engine.check("toy.wide_by_all").inserted_count == 3
    engine.run("UPDATE toy.wide SET v = 2; DELETE FROM toy.wide WHERE a IS NULL")
    done = engine.check("toy.wide_by_all")
    assert (done.mode, done.updated_count, done.deleted_count) == ("keys", 2, 1)


def test_a_source_column_of_a_narrower_type_still_maps(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.small (k smallint PRIMARY KEY, v text);
        CREATE VIEW toy.small_live AS SELECT k::bigint AS k, v FROM toy.small""")
    engine.declare("SELECT refresh.store('toy.small_by_k', 'toy.small_live', '{k}')")
    engine.check("toy.small_by_k")
    engine.run("INSERT INTO toy.small VALUES (1, 'a')")
    assert engine.check("toy.small_by_k").key_count == 1


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("'toy.x', 'toy.missing', '{k}'", "42P01"),
        ("'toy.x', 'toy.base', '{k}'", "42P01"),
        ("'x', 'toy.live', '{k}'", "42602"),
        ("'toy.x', 'toy.live', '{missing}'", "42703"),
        ("'toy.x', 'toy.live', '{}'", "22023"),
        ("'toy.x', 'toy.live', '{k,k}'", "22023"),
        ("'toy.x', 'toy.live', '{list}'", "42804"),
        ("'toy.x', 'toy.live', '{doc}'", "42804"),
        ("'toy.x', 'toy.live', '{k}', 'missing'", "42703"),
        ("'toy.x', 'toy.live', '{k}', 'list'", "42804"),
        ("'toy.x', 'toy.live', '{k}', 'local_at'", "42804"),
        ("'toy.x', 'toy.live', '{k}', NULL, '-1 minute'", "22023"),
        ("'toy.x', 'toy.live', '{k}', NULL, NULL", "22023"),
        ("'toy.x', 'toy.live', '{k}', NULL, '1 minute', 2", "22023"),
        ("'toy.x', 'toy.live', NULL, NULL, '0'", "22023"),
        ("'toy.x', 'toy.live', NULL, 'day'", "22023"),
        ("'toy.base', 'toy.live', '{k}'", "42P07"),
    ],
)
def test_a_wrong_declaration_is_refused_with_a_hint(engine, arguments, sqlstate):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.base (k integer, list integer[], doc json, day date, local_at timestamp);
        CREATE VIEW toy.live AS SELECT * FROM toy.base""")
    with engine.raises(sqlstate):
        engine.declare(f"SELECT refresh.store({arguments})")
    assert engine.rows("SELECT * FROM refresh.stored_views") == []
