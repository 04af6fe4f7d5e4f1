"""Drift of rarer objects, made by hand: each is told, and its remedy, executed, puts it right.

One database for all of this module: every remedy brings it back to where it was.
"""

import importlib.util
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tidemark import db, doctor, project
from tidemark.deploy.apply import deployment
from tidemark.deploy.drift import catalog
from tidemark.deploy.rollback import prove
from tidemark.steps import finish

UP = """
CREATE SCHEMA shop;
CREATE TYPE shop.size AS ENUM ('small', 'large');
CREATE TABLE shop.orders (order_id integer CONSTRAINT orders_pkey PRIMARY KEY, code text NOT NULL, note text, size shop.size);
CREATE UNIQUE INDEX orders_code_key ON shop.orders (code);
CREATE INDEX orders_note_idx ON shop.orders (note);
CREATE TABLE shop.lines (line_id integer CONSTRAINT lines_pkey PRIMARY KEY, order_id integer, note text);
CREATE INDEX lines_order_id_idx ON shop.lines (order_id);
ALTER TABLE shop.lines CLUSTER ON lines_order_id_idx;
ALTER TABLE shop.lines REPLICA IDENTITY USING INDEX lines_pkey;
CREATE VIEW shop.codes AS SELECT order_id, code FROM shop.orders;
CREATE RULE codes_insert AS ON INSERT TO shop.codes DO INSTEAD INSERT INTO shop.orders (order_id, code) VALUES (new.order_id, new.code);
CREATE RULE kept AS ON DELETE TO shop.orders WHERE old.code = 'x  y' DO INSTEAD NOTHING;
COMMENT ON RULE kept ON shop.orders IS 'These stay.';
CREATE RULE quiet AS ON UPDATE TO shop.lines DO ALSO NOTHING;
ALTER TABLE shop.lines DISABLE RULE quiet;
CREATE FUNCTION shop.compare(shop.size, shop.size) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 0;
CREATE FUNCTION shop.compare(shop.size, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 0;
CREATE FUNCTION shop.below(shop.size, shop.size) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN FALSE;
CREATE FUNCTION shop.below(shop.size, integer) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN FALSE;
CREATE FUNCTION shop.negate(shop.size) RETURNS shop.size LANGUAGE sql IMMUTABLE RETURN $1;
CREATE FUNCTION shop.same(shop.size) RETURNS shop.size LANGUAGE sql IMMUTABLE RETURN $1;
CREATE FUNCTION shop.number(shop.size) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 5;
CREATE FUNCTION shop.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION shop.watch_more() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE OPERATOR shop.<# (FUNCTION = shop.below, LEFTARG = shop.size, RIGHTARG = shop.size, RESTRICT = scalarltsel);
CREATE OPERATOR shop.<# (FUNCTION = shop.below, LEFTARG = shop.size, RIGHTARG = integer);
CREATE OPERATOR shop.!# (FUNCTION = shop.negate, RIGHTARG = shop.size);
CREATE OPERATOR CLASS shop.sizes FOR TYPE shop.size USING btree AS OPERATOR 1 shop.<#, FUNCTION 1 shop.compare(shop.size, shop.size);
CREATE OPERATOR CLASS shop.others FOR TYPE shop.size USING btree AS OPERATOR 1 shop.<#, FUNCTION 1 shop.compare(shop.size, shop.size);
CREATE OPERATOR FAMILY shop.family USING btree;
ALTER OPERATOR FAMILY shop.family USING btree ADD OPERATOR 1 shop.<# (shop.size, integer);
CREATE COLLATION shop.plain FROM "C";
CREATE TEXT SEARCH DICTIONARY shop.words (TEMPLATE = simple, accept = false);
CREATE TEXT SEARCH CONFIGURATION shop.search (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION shop.search ALTER MAPPING FOR asciiword WITH shop.words, simple;
CREATE CAST (shop.size AS integer) WITH FUNCTION shop.number(shop.size) AS ASSIGNMENT;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE AGGREGATE') EXECUTE FUNCTION shop.watch();
CREATE PUBLICATION news FOR TABLE shop.orders (order_id, code), shop.lines WHERE (line_id > 5) WITH (publish = 'insert');
CREATE PUBLICATION rest FOR TABLES IN SCHEMA shop;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO tidemark_bi;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
CREATE FOREIGN DATA WRAPPER nothing OPTIONS (a 'it''s');
CREATE SERVER nowhere VERSION '1' FOREIGN DATA WRAPPER nothing OPTIONS (host 'h', "Odd" 'o');
CREATE FOREIGN TABLE shop.remote (a integer OPTIONS (c 'd') NOT NULL, b text) SERVER nowhere OPTIONS (e 'f');
CREATE DOMAIN shop.amount AS numeric(10, 2) DEFAULT 0 CONSTRAINT amount_check CHECK (value >= 0);
COMMENT ON CONSTRAINT amount_check ON DOMAIN shop.amount IS 'Never less than nothing.';
ALTER DOMAIN shop.amount ADD CONSTRAINT later_check CHECK (value < 100) NOT VALID;
CREATE TYPE shop.pair AS (a integer, "B b" text);
CREATE AGGREGATE shop.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
CREATE STATISTICS shop.pairs ON code, note FROM shop.orders;
"""
DOWN = """
DROP PUBLICATION news, rest;
DROP EVENT TRIGGER watch;
DROP SCHEMA shop CASCADE;
DROP SERVER nowhere;
DROP FOREIGN DATA WRAPPER nothing;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO PUBLIC;
"""

# What somebody does by hand, and what is told of it: kind, identity, difference.
SEEDED = {
    "a rule that swallows": (
        "CREATE RULE swallow AS ON INSERT TO shop.orders DO INSTEAD NOTHING",
        [("RULE", "swallow on shop.orders", "is in no file")],
    ),
    "a rule of a view": (
        "CREATE RULE codes_update AS ON UPDATE TO shop.codes DO INSTEAD NOTHING",
        [("RULE", "codes_update on shop.codes", "is in no file")],
    ),
    "a rule changed": (
        "CREATE OR REPLACE RULE kept AS ON DELETE TO shop.orders DO INSTEAD NOTHING",
        [("RULE", "kept on shop.orders", "definition differs")],
    ),
    "a rule dropped": ("DROP RULE kept ON shop.orders", [("RULE", "kept on shop.orders", "is missing")]),
    "a rule that is off dropped": ("DROP RULE quiet ON shop.lines", [("RULE", "quiet on shop.lines", "is missing")]),
    "a rule switched off": (
        "ALTER TABLE shop.orders DISABLE RULE kept",
        [("RULE", "kept on shop.orders", "is disabled")],
    ),
    "the comment of a rule": (
        "COMMENT ON RULE kept ON shop.orders IS 'no'",
        [("RULE", "kept on shop.orders", "comment differs")],
    ),
    "default privileges widened": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT INSERT ON TABLES TO PUBLIC",
        [("DEFAULT PRIVILEGES", "for role postgres in schema shop on tables", "rights differ: PUBLIC has INSERT")],
    ),
    "default privileges of other objects": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT EXECUTE ON FUNCTIONS TO tidemark_app WITH GRANT OPTION",
        [("DEFAULT PRIVILEGES", "for role postgres in schema shop on functions", "is in no file")],
    ),
    "default privileges of another role": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE tidemark_app IN SCHEMA shop GRANT ALL ON TABLES TO PUBLIC",
        [("DEFAULT PRIVILEGES", "for role tidemark_app in schema shop on tables", "is in no file")],
    ),
    "default privileges taken away": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE SELECT ON TABLES FROM tidemark_bi",
        [("DEFAULT PRIVILEGES", "for role postgres in schema shop on tables", "is missing")],
    ),
    "default privileges of the database": (
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        [("DEFAULT PRIVILEGES", "for role postgres on functions", "is in no file")],
    ),
    "default privileges of the database on tables": (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        [("DEFAULT PRIVILEGES", "for role postgres on tables", "is in no file")],
    ),
    "default privileges of the database taken away": (
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO PUBLIC",
        [("DEFAULT PRIVILEGES", "for role postgres on types", "is missing")],
    ),
    "a cast of a type of ours": (
        "CREATE CAST (shop.size AS bigint) WITH INOUT AS IMPLICIT",
        [("CAST", "(shop.size AS bigint)", "is in no file")],
    ),
    "a cast between types of the server": (
        "CREATE CAST (text AS inet) WITH INOUT AS ASSIGNMENT",
        [("CAST", "(pg_catalog.text AS pg_catalog.inet)", "is in no file")],
    ),
    "a cast dropped": ("DROP CAST (shop.size AS integer)", [("CAST", "(shop.size AS integer)", "is missing")]),
    "a cast changed": (
        "DROP CAST (shop.size AS integer); CREATE CAST (shop.size AS integer) WITH FUNCTION shop.number(shop.size) AS IMPLICIT",
        [("CAST", "(shop.size AS integer)", "definition differs")],
    ),
    "an operator added": (
        "CREATE OPERATOR shop.># (FUNCTION = shop.below, LEFTARG = shop.size, RIGHTARG = shop.size)",
        [("OPERATOR", "shop.>#(shop.size,shop.size)", "is in no file")],
    ),
    "a prefix operator dropped": (
        "DROP OPERATOR shop.!# (NONE, shop.size)",
        [("OPERATOR", "shop.!#(NONE,shop.size)", "is missing")],
    ),
    "an operator changed": (
        "DROP OPERATOR shop.!# (NONE, shop.size); CREATE OPERATOR shop.!# (FUNCTION = shop.same, RIGHTARG = shop.size)",
        [("OPERATOR", "shop.!#(NONE,shop.size)", "definition differs")],
    ),
    "the owner of an operator": (
        "ALTER OPERATOR shop.!# (NONE, shop.size) OWNER TO tidemark_app",
        [("OPERATOR", "shop.!#(NONE,shop.size)", "owner is tidemark_app, not postgres")],
    ),
    "an operator class added": (
        "CREATE OPERATOR CLASS shop.more FOR TYPE shop.size USING btree FAMILY shop.family "
        "AS OPERATOR 1 shop.<#, FUNCTION 1 shop.compare(shop.size, shop.size)",
        [("OPERATOR CLASS", "shop.more USING btree", "is in no file")],
    ),
    "an operator class and its family added": (
        "CREATE OPERATOR CLASS shop.more FOR TYPE shop.size USING hash AS OPERATOR 1 shop.<#",
        [("OPERATOR FAMILY", "shop.more USING hash", "is in no file")],
    ),
    "an operator class dropped": (
        "DROP OPERATOR CLASS shop.sizes USING btree",
        [("OPERATOR CLASS", "shop.sizes USING btree", "is missing")],
    ),
    "an operator class and its family dropped": (
        "DROP OPERATOR FAMILY shop.others USING btree",
        [("OPERATOR FAMILY", "shop.others USING btree", "is missing")],
    ),
    "an operator class of another shape": (
        "DROP OPERATOR CLASS shop.sizes USING btree; CREATE OPERATOR CLASS shop.sizes FOR TYPE shop.size USING btree "
        "FAMILY shop.sizes AS OPERATOR 5 shop.<#, FUNCTION 1 shop.compare(shop.size, shop.size)",
        [("OPERATOR CLASS", "shop.sizes USING btree", "definition differs")],
    ),
    "a member of a family gone": (
        "ALTER OPERATOR FAMILY shop.family USING btree DROP OPERATOR 1 (shop.size, integer)",
        [
            (
                "OPERATOR FAMILY",
                "shop.family USING btree",
                "members is none, not OPERATOR 1 shop.<#(shop.size,integer)",
            )
        ],
    ),
    "a member of a family more": (
        "ALTER OPERATOR FAMILY shop.family USING btree ADD FUNCTION 1 (shop.size, integer) shop.compare(shop.size, integer)",
        [
            (
                "OPERATOR FAMILY",
                "shop.family USING btree",
                "members is OPERATOR 1 shop.<#(shop.size,integer), FUNCTION 1 (shop.s..., not OPERATOR 1 shop.<#(shop.size,integer)",
            )
        ],
    ),
    "a collation added": (
        'CREATE COLLATION shop.other FROM "POSIX"',
        [("COLLATION", "shop.other", "is in no file")],
    ),
    "a collation changed": (
        'DROP COLLATION shop.plain; CREATE COLLATION shop.plain FROM "POSIX"',
        [("COLLATION", "shop.plain", "definition differs")],
    ),
    "a collation dropped": ("DROP COLLATION shop.plain", [("COLLATION", "shop.plain", "is missing")]),
    "a dictionary added": (
        "CREATE TEXT SEARCH DICTIONARY shop.more (TEMPLATE = simple)",
        [("TEXT SEARCH DICTIONARY", "shop.more", "is in no file")],
    ),
    "a dictionary changed": (
        "ALTER TEXT SEARCH DICTIONARY shop.words (accept = true)",
        [("TEXT SEARCH DICTIONARY", "shop.words", "options is accept = 'true', not accept = 'false'")],
    ),
    "an option of a dictionary taken away": (
        "ALTER TEXT SEARCH DICTIONARY shop.words (accept)",
        [("TEXT SEARCH DICTIONARY", "shop.words", "options is none, not accept = 'false'")],
    ),
    "a configuration added": (
        "CREATE TEXT SEARCH CONFIGURATION shop.more (COPY = english)",
        [("TEXT SEARCH CONFIGURATION", "shop.more", "is in no file")],
    ),
    "a configuration dropped": (
        "DROP TEXT SEARCH CONFIGURATION shop.search",
        [("TEXT SEARCH CONFIGURATION", "shop.search", "is missing")],
    ),
    "a mapping of a configuration": (
        "ALTER TEXT SEARCH CONFIGURATION shop.search ALTER MAPPING FOR asciiword WITH simple; "
        "ALTER TEXT SEARCH CONFIGURATION shop.search DROP MAPPING FOR int",
        [("TEXT SEARCH CONFIGURATION", "shop.search", "mappings differs")],
    ),
    "an event trigger added": (
        "CREATE EVENT TRIGGER more ON sql_drop EXECUTE FUNCTION shop.watch()",
        [("EVENT TRIGGER", "more", "is in no file")],
    ),
    "an event trigger switched off": (
        "ALTER EVENT TRIGGER watch DISABLE",
        [("EVENT TRIGGER", "watch", "is disabled")],
    ),
    "an event trigger changed": (
        "DROP EVENT TRIGGER watch; CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE AGGREGATE') "
        "EXECUTE FUNCTION shop.watch_more()",
        [("EVENT TRIGGER", "watch", "definition differs")],
    ),
    "an event trigger dropped": ("DROP EVENT TRIGGER watch", [("EVENT TRIGGER", "watch", "is missing")]),
    "a publication added": (
        "CREATE PUBLICATION everything FOR ALL TABLES",
        [("PUBLICATION", "everything", "is in no file")],
    ),
    "a publication dropped": ("DROP PUBLICATION news", [("PUBLICATION", "news", "is missing")]),
    "a publication of other changes": (
        "ALTER PUBLICATION news SET (publish = 'insert, update, delete')",
        [
            (
                "PUBLICATION",
                "news",
                "settings is publish = 'insert, update, delete', publish_via_partition..., "
                "not publish = 'insert', publish_via_partition_root = false",
            )
        ],
    ),
    "a member of a publication more": (
        "ALTER PUBLICATION rest ADD TABLE shop.orders",
        [("PUBLICATION TABLE", "shop.orders in publication rest", "is in no file")],
    ),
    "a member of a publication gone": (
        "ALTER PUBLICATION news DROP TABLE shop.lines",
        [("PUBLICATION TABLE", "shop.lines in publication news", "is missing")],
    ),
    "a member of a publication with other columns": (
        "ALTER PUBLICATION news SET TABLE shop.orders (order_id), shop.lines WHERE (line_id > 5)",
        [("PUBLICATION TABLE", "shop.orders in publication news", "columns is order_id, not order_id, code")],
    ),
    "a member of a publication with other rows": (
        "ALTER PUBLICATION news SET TABLE shop.orders (order_id, code), shop.lines WHERE (line_id > 6)",
        [("PUBLICATION TABLE", "shop.lines in publication news", "expression differs")],
    ),
    "a schema of a publication gone": (
        "ALTER PUBLICATION rest DROP TABLES IN SCHEMA shop",
        [("PUBLICATION SCHEMA", "shop in publication rest", "is missing")],
    ),
    "a schema of a publication more": (
        "ALTER PUBLICATION rest ADD TABLES IN SCHEMA public",
        [("PUBLICATION SCHEMA", "public in publication rest", "is in no file")],
    ),
    "a constraint of a domain": (
        "ALTER DOMAIN shop.amount ADD CONSTRAINT more_check CHECK (value < 5)",
        [("CONSTRAINT", "more_check on shop.amount", "is in no file")],
    ),
    "a constraint of a domain changed": (
        "ALTER DOMAIN shop.amount DROP CONSTRAINT later_check; ALTER DOMAIN shop.amount ADD CONSTRAINT later_check CHECK (value < 99) NOT VALID",
        [("CONSTRAINT", "later_check on shop.amount", "definition differs")],
    ),
    "the comment of a constraint of a domain": (
        "COMMENT ON CONSTRAINT amount_check ON DOMAIN shop.amount IS NULL",
        [("CONSTRAINT", "amount_check on shop.amount", "has no comment")],
    ),
    "a domain that must be there": (
        "ALTER DOMAIN shop.amount SET NOT NULL",
        [("DOMAIN", "shop.amount", "not null is True, not False")],
    ),
    "the default of a domain": (
        "ALTER DOMAIN shop.amount DROP DEFAULT",
        [("DOMAIN", "shop.amount", "default is none, not 0")],
    ),
    "a domain dropped": ("DROP DOMAIN shop.amount", [("DOMAIN", "shop.amount", "is missing")]),
    "a domain added": ("CREATE DOMAIN shop.more AS text", [("DOMAIN", "shop.more", "is in no file")]),
    "a type dropped": ("DROP TYPE shop.pair", [("TYPE", "shop.pair", "is missing")]),
    "an attribute more": ("ALTER TYPE shop.pair ADD ATTRIBUTE c date", [("COLUMN", "shop.pair.c", "is in no file")]),
    "an attribute gone": (
        'ALTER TYPE shop.pair DROP ATTRIBUTE "B b"',
        [("COLUMN", 'shop.pair."B b"', "is missing")],
    ),
    "an attribute of another type": (
        "ALTER TYPE shop.pair ALTER ATTRIBUTE a TYPE bigint",
        [("COLUMN", "shop.pair.a", "type is bigint, not integer")],
    ),
    "a value with another name": (
        "ALTER TYPE shop.size RENAME VALUE 'large' TO 'huge'",
        [("TYPE", "shop.size", "values is small, huge, not small, large")],
    ),
    "statistics dropped": ("DROP STATISTICS shop.pairs", [("STATISTICS", "shop.pairs", "is missing")]),
    "statistics added": (
        "CREATE STATISTICS shop.more ON order_id, note FROM shop.orders",
        [("STATISTICS", "shop.more", "is in no file")],
    ),
    "statistics of another target": (
        "ALTER STATISTICS shop.pairs SET STATISTICS 50",
        [("STATISTICS", "shop.pairs", "statistics target is 50, not none")],
    ),
    "a wrapper added": (
        "CREATE FOREIGN DATA WRAPPER more",
        [("FOREIGN DATA WRAPPER", "more", "is in no file")],
    ),
    "options of a wrapper": (
        "ALTER FOREIGN DATA WRAPPER nothing OPTIONS (SET a 'b', ADD x 'y')",
        [("FOREIGN DATA WRAPPER", "nothing", "options is a=b, x=y, not a=it's")],
    ),
    "a server added": (
        "CREATE SERVER more FOREIGN DATA WRAPPER nothing",
        [("SERVER", "more", "is in no file")],
    ),
    "options of a server": (
        "ALTER SERVER nowhere OPTIONS (SET host 'evil', DROP \"Odd\")",
        [("SERVER", "nowhere", "options is host=evil, not host=h, Odd=o")],
    ),
    "the version of a server": (
        "ALTER SERVER nowhere VERSION '2'",
        [("SERVER", "nowhere", "server version is 2, not 1")],
    ),
    "rights on a server": (
        "GRANT USAGE ON FOREIGN SERVER nowhere TO PUBLIC",
        [("SERVER", "nowhere", "rights differ: PUBLIC has USAGE")],
    ),
    "a server and its tables dropped": (
        "DROP SERVER nowhere CASCADE",
        [("SERVER", "nowhere", "is missing")],
    ),
    "a foreign table dropped": ("DROP FOREIGN TABLE shop.remote", [("FOREIGN TABLE", "shop.remote", "is missing")]),
    "options of a foreign table": (
        "ALTER FOREIGN TABLE shop.remote OPTIONS (SET e 'g')",
        [("FOREIGN TABLE", "shop.remote", "options is e=g, not e=f")],
    ),
    "options of a foreign column": (
        "ALTER FOREIGN TABLE shop.remote ALTER a OPTIONS (DROP c), ALTER b OPTIONS (ADD h 'i')",
        [
            ("COLUMN", "shop.remote.a", "options is none, not c=d"),
            ("COLUMN", "shop.remote.b", "options is h=i, not none"),
        ],
    ),
    "clustered on another index": (
        "ALTER TABLE shop.lines CLUSTER ON lines_pkey",
        [
            ("INDEX", "shop.lines_order_id_idx", "is clustered is False, not True"),
            ("INDEX", "shop.lines_pkey", "is clustered is True, not False"),
        ],
    ),
    "clustered no more": (
        "ALTER TABLE shop.lines SET WITHOUT CLUSTER",
        [("INDEX", "shop.lines_order_id_idx", "is clustered is False, not True")],
    ),
    "clustered by hand": (
        "ALTER TABLE shop.orders CLUSTER ON orders_note_idx",
        [("INDEX", "shop.orders_note_idx", "is clustered is True, not False")],
    ),
    "the clustered index dropped": (
        "DROP INDEX shop.lines_order_id_idx",
        [("INDEX", "shop.lines_order_id_idx", "is missing")],
    ),
    "a replica identity by hand": (
        "ALTER TABLE shop.orders REPLICA IDENTITY USING INDEX orders_code_key",
        [
            ("INDEX", "shop.orders_code_key", "is replica identity is True, not False"),
            ("TABLE", "shop.orders", "replica identity is i, not d"),
        ],
    ),
    "a replica identity taken away": (
        "ALTER TABLE shop.lines REPLICA IDENTITY FULL",
        [
            ("INDEX", "shop.lines_pkey", "is replica identity is False, not True"),
            ("TABLE", "shop.lines", "replica identity is f, not i"),
        ],
    ),
    "the compression of a column": (
        "ALTER TABLE shop.lines ALTER note SET COMPRESSION pglz",
        [("COLUMN", "shop.lines.note", "compression is p, not none")],
    ),
    "settings of a column": (
        "ALTER TABLE shop.lines ALTER note SET (n_distinct = 5)",
        [("COLUMN", "shop.lines.note", "settings is n_distinct=5, not none")],
    ),
}
ROUNDS = 2  # what hangs on a missing object is told once that is there


def _helpers():
    spec = importlib.util.spec_from_file_location("helpers", Path(__file__).with_name("helpers.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def deployed(server, tmp_path_factory):
    """A database and a project with one object of every kind."""
    made = _helpers().Project(tmp_path_factory.mktemp("rare"))
    made.migration("0001_shop", UP, DOWN)
    with server.database() as name:
        yield server.dsn(name), made.base


@pytest.fixture
def shop(deployed, settings):
    dsn, base = deployed
    with db.connect(dsn) as connection:
        finish(deployment.apply(connection, settings, project.alone(base)))
        yield connection
        drifted(connection, settings, accept=True)  # one that fails leaves the others alone


def drifted(connection, settings, **options):
    return finish(doctor.drifted(connection, settings, **options))


@pytest.mark.parametrize(("statement", "expected"), SEEDED.values(), ids=SEEDED.keys())
def test_what_was_changed_by_hand_is_told_and_its_remedy_works(shop, settings, statement, expected):
    with psycopg.connect(shop.info.dsn, password=shop.info.password, autocommit=True) as hand:
        hand.execute(statement)
        found = drifted(shop, settings)
        assert [(one.kind, one.identity, one.difference) for one in found] == expected
        for _ in range(ROUNDS):
            for one in found:
                hand.execute(one.remedy.replace(" CONCURRENTLY", ""))
            found = drifted(shop, settings)
            if not found:
                break
    assert found == []


def test_an_aggregate_of_other_functions_is_told(shop, settings):
    """Its remedy is by hand: what depends on it decides how."""
    replaced = "CREATE OR REPLACE AGGREGATE shop.total(integer) (sfunc = %s, stype = integer, initcond = '0')"
    with psycopg.connect(shop.info.dsn, password=shop.info.password, autocommit=True) as hand:
        hand.execute(replaced % "int4mul")
        (found,) = drifted(shop, settings)
        assert (found.kind, found.identity) == ("AGGREGATE", "shop.total(integer)")
        assert found.remedy.startswith("Put it back by hand")
        hand.execute(replaced % "int4pl")
    assert drifted(shop, settings) == []


def test_what_the_first_record_found_in_the_database_is_right(server, settings, tmp_path):
    """Event triggers and the like of others, older than our first deployment, are theirs; later ones are told."""
    made = _helpers().Project(tmp_path)
    made.migration("0001_shop", "CREATE SCHEMA shop; CREATE TABLE shop.t (a integer);", "DROP SCHEMA shop CASCADE;")
    with server.database() as name:
        dsn = server.dsn(name)
        with db.connect(dsn) as connection, psycopg.connect(dsn, autocommit=True) as hand:
            hand.execute("CREATE PUBLICATION theirs FOR ALL TABLES; CREATE FOREIGN DATA WRAPPER theirs")
            hand.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC")
            finish(deployment.apply(connection, settings, project.alone(made.base)))
            assert drifted(connection, settings) == []
            hand.execute("CREATE PUBLICATION later FOR ALL TABLES")
            made.migration("0002_more", "CREATE TABLE shop.u (a integer);", "DROP TABLE shop.u;", depends="0001_shop")
            finish(deployment.apply(connection, settings, project.alone(made.base)))
            assert [one.identity for one in drifted(connection, settings)] == ["later"]
            drifted(connection, settings, accept=True)
            assert drifted(connection, settings) == []


def test_a_record_of_an_earlier_release_knows_nothing_of_them(shop, settings):
    """An upgrade is no drift: kinds that the record does not know are not compared, and the next apply records them."""
    rare = sorted(catalog.WIDE | {"RULE", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY", "COLLATION"})
    with psycopg.connect(shop.info.dsn, password=shop.info.password, autocommit=True) as hand:
        hand.execute("UPDATE deploy.expected_state SET algorithm = 1")
        hand.execute(
            "DELETE FROM deploy.expected_object WHERE kind = ANY (%s) OR kind ~ '^(TEXT|PUBL|DEFAULT)'", [rare]
        )
        assert drifted(shop, settings) == []


def test_a_way_down_that_leaves_something_is_found(server, settings, tmp_path):
    made = _helpers().Project(tmp_path)
    made.migration("0001_a", "CREATE SCHEMA a; CREATE TABLE a.t (b integer);", "DROP SCHEMA a CASCADE;")
    up = """CREATE RULE r AS ON INSERT TO a.t DO INSTEAD NOTHING; CREATE CAST (text AS inet) WITH INOUT;
        CREATE PUBLICATION p FOR TABLE a.t; ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT SELECT ON TABLES TO PUBLIC;"""
    made.migration("0002_more", up, "SELECT 1;", depends="0001_a")
    with server.database() as name:
        alone = project.alone(made.base)
        proofs = finish(prove.prove(replace(settings, dsn=server.dsn(name)), ["0002_more"], alone))
    assert [problem.removeprefix("after the way down: ") for problem in proofs[0].problems[:4]] == [
        "CAST (pg_catalog.text AS pg_catalog.inet) is left",
        "DEFAULT PRIVILEGES for role postgres in schema a on tables is left",
        "PUBLICATION p is left",
        "RULE r on a.t is left",
    ]
