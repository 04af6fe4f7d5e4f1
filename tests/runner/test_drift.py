"""Drift: every change made by hand is one finding with a remedy that works; what is rightly there is none."""

import json

import pytest

from tidemark import db, doctor
from tidemark.deploy.apply import deployment
from tidemark.deploy.drift import comparison, expectations
from tidemark.errors import AnswerIsNo, DatabaseRefused
from tidemark.steps import Step

DOMAIN = """
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'A shop.';
CREATE TYPE shop.size AS ENUM ('small', 'large');
CREATE SEQUENCE shop.numbers INCREMENT BY 5;
CREATE TABLE shop.customers (
    customer_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT customers_pkey PRIMARY KEY,
    name text NOT NULL DEFAULT 'nobody',
    code varchar(10) CONSTRAINT customers_code_check CHECK (code IN ('a', 'b')),
    size shop.size
) WITH (fillfactor = 90);
COMMENT ON TABLE shop.customers IS 'Who buys.';
COMMENT ON COLUMN shop.customers.name IS 'Full name.';
CREATE INDEX customers_name_idx ON shop.customers (lower(name)) WHERE code <> 'b';
CREATE UNIQUE INDEX customers_code_key ON shop.customers (code);
ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY customers_small ON shop.customers FOR SELECT TO tidemark_bi USING (size = 'small');
GRANT SELECT ON shop.customers TO tidemark_bi;
CREATE TABLE shop.orders (
    order_id bigint,
    customer_id bigint CONSTRAINT orders_customer_id_fkey REFERENCES shop.customers,
    placed_on date NOT NULL
) PARTITION BY RANGE (placed_on);
CREATE TABLE shop.orders_2025 PARTITION OF shop.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX orders_customer_id_idx ON shop.orders (customer_id);
"""

TRIGGER = """
CREATE OR REPLACE FUNCTION shop.tg_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER customers_touch BEFORE UPDATE ON shop.customers
FOR EACH ROW EXECUTE FUNCTION shop.tg_touch();
"""

# What somebody does by hand, the one line that is told, and the beginning of the remedy.
SEEDED = {
    "view replaced": (
        "CREATE OR REPLACE VIEW shop.names AS SELECT name, code, size, 1 AS one FROM shop.customers",
        ("VIEW", "shop.names", "definition differs"),
        "tidemark apply --repair",
    ),
    "view dropped": ("DROP VIEW shop.names", ("VIEW", "shop.names", "is missing"), "tidemark apply"),
    "function replaced": (
        "CREATE OR REPLACE FUNCTION shop.twice(value integer) RETURNS integer LANGUAGE sql RETURN value * 3",
        ("FUNCTION", "shop.twice(integer)", "definition differs"),
        "tidemark apply --repair",
    ),
    "settings of a function": (
        "ALTER FUNCTION shop.tg_touch() SECURITY DEFINER",
        ("FUNCTION", "shop.tg_touch()", "definition differs"),
        "tidemark apply --repair",
    ),
    "comment of a view": (
        "COMMENT ON VIEW shop.names IS 'wrong'",
        ("VIEW", "shop.names", "comment differs"),
        "tidemark apply --repair",
    ),
    "comment of a table": (
        "COMMENT ON TABLE shop.customers IS NULL",
        ("TABLE", "shop.customers", "has no comment"),
        "COMMENT ON TABLE shop.customers IS 'Who buys.'",
    ),
    "comment of a column": (
        "COMMENT ON COLUMN shop.customers.name IS 'x'",
        ("COLUMN", "shop.customers.name", "comment differs"),
        "COMMENT ON COLUMN",
    ),
    "index dropped": (
        "DROP INDEX shop.customers_name_idx",
        ("INDEX", "shop.customers_name_idx", "is missing"),
        "CREATE INDEX CONCURRENTLY customers_name_idx",
    ),
    "index invalid": (
        "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'shop.customers_code_key'::regclass",
        ("INDEX", "shop.customers_code_key", "is not valid"),
        "REINDEX INDEX CONCURRENTLY",
    ),
    "index of another shape": (
        "DROP INDEX shop.customers_code_key; CREATE INDEX customers_code_key ON shop.customers (code)",
        ("INDEX", "shop.customers_code_key", "definition differs"),
        "DROP INDEX CONCURRENTLY",
    ),
    "index added": (
        "CREATE INDEX by_hand ON shop.customers (size)",
        ("INDEX", "shop.by_hand", "is in no file"),
        "DROP INDEX",
    ),
    "right granted": (
        "GRANT DELETE ON shop.customers TO PUBLIC",
        ("TABLE", "shop.customers", "rights differ: PUBLIC has DELETE"),
        "REVOKE ALL ON TABLE shop.customers FROM PUBLIC",
    ),
    "right revoked": (
        "REVOKE SELECT ON shop.customers FROM tidemark_bi",
        ("TABLE", "shop.customers", "rights differ: tidemark_bi lacks SELECT"),
        "GRANT SELECT ON TABLE shop.customers TO tidemark_bi",
    ),
    "right on a column": (
        "GRANT UPDATE (name) ON shop.customers TO tidemark_app",
        ("COLUMN", "shop.customers.name", "rights differ: tidemark_app has UPDATE"),
        "REVOKE ALL (name) ON TABLE shop.customers FROM tidemark_app",
    ),
    "right on a function": (
        "REVOKE EXECUTE ON FUNCTION shop.twice FROM PUBLIC",
        ("FUNCTION", "shop.twice(integer)", "rights differ: PUBLIC lacks EXECUTE"),
        "GRANT EXECUTE ON FUNCTION shop.twice(integer) TO PUBLIC",
    ),
    "owner": (
        "ALTER TABLE shop.customers OWNER TO tidemark_app",
        ("TABLE", "shop.customers", "owner is tidemark_app, not postgres"),
        "ALTER TABLE shop.customers OWNER TO postgres",
    ),
    "trigger disabled": (
        "ALTER TABLE shop.customers DISABLE TRIGGER customers_touch",
        ("TRIGGER", "customers_touch on shop.customers", "is disabled"),
        "ALTER TABLE shop.customers ENABLE TRIGGER customers_touch",
    ),
    "trigger dropped": (
        "DROP TRIGGER customers_touch ON shop.customers",
        ("TRIGGER", "customers_touch on shop.customers", "is missing"),
        "tidemark apply",
    ),
    "column added": (
        "ALTER TABLE shop.customers ADD COLUMN extra integer UNIQUE",
        ("COLUMN", "shop.customers.extra", "is in no file"),
        "ALTER TABLE shop.customers DROP COLUMN extra",
    ),
    "column dropped": (
        "ALTER TABLE shop.orders DROP COLUMN customer_id",
        ("COLUMN", "shop.orders.customer_id", "is missing"),
        "ALTER TABLE shop.orders ADD COLUMN customer_id bigint",
    ),
    "type of a column": (
        "ALTER TABLE shop.orders ALTER order_id TYPE numeric",
        ("COLUMN", "shop.orders.order_id", "type is numeric, not bigint"),
        "ALTER TABLE shop.orders ALTER COLUMN order_id TYPE bigint",
    ),
    "default": (
        "ALTER TABLE shop.customers ALTER name SET DEFAULT 'somebody'",
        ("COLUMN", "shop.customers.name", "default is 'somebody'::text, not 'nobody'::text"),
        "ALTER TABLE shop.customers ALTER COLUMN name SET DEFAULT 'nobody'",
    ),
    "not null": (
        "ALTER TABLE shop.customers ALTER name DROP NOT NULL",
        ("COLUMN", "shop.customers.name", "not null is False, not True"),
        "ALTER TABLE shop.customers ALTER COLUMN name SET NOT NULL",
    ),
    "storage of a column": (
        "ALTER TABLE shop.customers ALTER name SET STORAGE EXTERNAL",
        ("COLUMN", "shop.customers.name", "storage is e, not x"),
        "ALTER TABLE shop.customers ALTER COLUMN name SET STORAGE EXTENDED",
    ),
    "constraint dropped": (
        "ALTER TABLE shop.customers DROP CONSTRAINT customers_code_check",
        ("CONSTRAINT", "customers_code_check on shop.customers", "is missing"),
        "ALTER TABLE shop.customers ADD CONSTRAINT customers_code_check CHECK",
    ),
    "constraint changed": (
        "ALTER TABLE shop.customers DROP CONSTRAINT customers_code_check;"
        "ALTER TABLE shop.customers ADD CONSTRAINT customers_code_check CHECK (code IN ('a', 'b', 'c'))",
        ("CONSTRAINT", "customers_code_check on shop.customers", "expression differs"),
        "ALTER TABLE shop.customers DROP CONSTRAINT customers_code_check; ALTER TABLE shop.customers ADD",
    ),
    "constraint added": (
        "ALTER TABLE shop.customers ADD CONSTRAINT by_hand CHECK (name <> '')",
        ("CONSTRAINT", "by_hand on shop.customers", "is in no file"),
        "ALTER TABLE shop.customers DROP CONSTRAINT by_hand",
    ),
    "table dropped": ("DROP TABLE shop.orders", ("TABLE", "shop.orders", "is missing"), "Restore it"),
    "table added": ("CREATE TABLE shop.junk (a serial)", ("TABLE", "shop.junk", "is in no file"), "DROP TABLE"),
    "function added": (
        "CREATE FUNCTION shop.junk() RETURNS integer LANGUAGE sql RETURN 1",
        ("FUNCTION", "shop.junk()", "is in no file"),
        "DROP FUNCTION shop.junk()",
    ),
    "setting of a table": (
        "ALTER TABLE shop.customers SET (fillfactor = 50)",
        ("TABLE", "shop.customers", "settings is fillfactor=50, not fillfactor=90"),
        "ALTER TABLE shop.customers SET (fillfactor=90)",
    ),
    "row security off": (
        "ALTER TABLE shop.customers DISABLE ROW LEVEL SECURITY",
        ("TABLE", "shop.customers", "row security is False, not True"),
        "ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY",
    ),
    "policy changed": (
        "ALTER POLICY customers_small ON shop.customers USING (TRUE)",
        ("POLICY", "customers_small on shop.customers", "using differs"),
        "DROP POLICY customers_small ON shop.customers; CREATE POLICY customers_small ON shop.customers FOR SELECT",
    ),
    "policy dropped": (
        "DROP POLICY customers_small ON shop.customers",
        ("POLICY", "customers_small on shop.customers", "is missing"),
        "CREATE POLICY customers_small ON shop.customers FOR SELECT TO tidemark_bi USING",
    ),
    "enum value": (
        "ALTER TYPE shop.size ADD VALUE 'huge'",
        ("TYPE", "shop.size", "values is small, large, huge, not small, large"),
        "Put it back by hand",
    ),
    "option of a sequence": (
        "ALTER SEQUENCE shop.numbers INCREMENT BY 7 CACHE 3",
        ("SEQUENCE", "shop.numbers", "cache is 3, not 1; increment is 7, not 5"),
        "ALTER SEQUENCE shop.numbers CACHE 1; ALTER SEQUENCE shop.numbers INCREMENT BY 5;",
    ),
    "schema's rights": (
        "GRANT CREATE ON SCHEMA shop TO PUBLIC",
        ("SCHEMA", "shop", "rights differ: PUBLIC has CREATE"),
        "REVOKE ALL ON SCHEMA shop FROM PUBLIC",
    ),
}
# Differences for which no statement is given, or one that cannot run as it stands.
BY_HAND = {"table dropped", "enum value", "column dropped", "index of another shape"}


@pytest.fixture
def shop(project, runner):
    """A deployed project with one object of every kind."""
    project.migration("0001_shop", DOMAIN, "DROP TABLE shop.orders, shop.customers; DROP SCHEMA shop CASCADE;")
    names = (
        "SELECT name, code, size FROM shop.customers WHERE code BETWEEN 'a' AND 'b' AND size IN ('small', 'large')"
    )
    project.view("shop.names", names, more="COMMENT ON VIEW shop.names IS 'Names.';")
    double = "CREATE OR REPLACE FUNCTION shop.twice(value integer) RETURNS integer LANGUAGE sql RETURN value * 2;"
    project.function("shop.twice", double)
    project.function("shop.tg_touch", TRIGGER)
    runner.apply()
    return runner


def drifted(runner, **options):
    return runner.finish(doctor.drifted(runner.connection, runner.settings, **options))


def told(runner):
    return [(one.kind, one.identity, one.difference) for one in drifted(runner)]


@pytest.mark.parametrize("seed", SEEDED)
def test_what_was_changed_by_hand_is_one_line_with_a_remedy_that_works(shop, seed):
    statement, expected, remedy = SEEDED[seed]
    for part in statement.split("; " if "CONCURRENTLY" in statement else "\0"):
        shop.query(part)
    (finding,) = drifted(shop)
    assert (finding.kind, finding.identity, finding.difference) == expected
    assert finding.remedy.startswith(remedy)
    if seed in BY_HAND:
        return
    if finding.remedy.startswith("tidemark apply"):
        shop.finish(deployment.apply(shop.connection, shop.settings, shop.files, repair="--repair" in finding.remedy))
    else:
        shop.query(finding.remedy.replace(" CONCURRENTLY", ""))
    assert told(shop) == []


def test_nothing_drifts_by_deploying_or_planning(shop):
    assert told(shop) == []
    assert shop.apply().is_empty
    shop.plan()
    assert told(shop) == []


def test_looking_for_drift_changes_nothing(shop):
    shop.query(SEEDED["view replaced"][0])
    record = shop.query("SELECT * FROM deploy.expected_object ORDER BY 1, 2")
    drifted(shop)
    assert shop.query("SELECT * FROM deploy.expected_object ORDER BY 1, 2") == record
    assert shop.query("SELECT relname FROM pg_class WHERE relname = 'tidemark_probe'") == []


def test_the_next_deployment_does_not_vouch_for_what_it_did_not_touch(shop, project):
    for seed in ("right granted", "view replaced", "index added", "index dropped"):
        shop.query(SEEDED[seed][0])
    before = told(shop)
    project.migration("0002_more", "ALTER TABLE shop.customers ADD note text;", depends="0001_shop")
    shop.apply()
    assert len(before) == 4
    assert told(shop) == before


def test_a_change_by_hand_that_became_a_file_is_no_drift_any_more(shop, project):
    query = "SELECT name, code, size, 1 AS one FROM shop.customers"
    shop.query(f"CREATE OR REPLACE VIEW shop.names AS {query}")
    project.view("shop.names", query, more="COMMENT ON VIEW shop.names IS 'Names.';")
    shop.apply()
    assert told(shop) == []


def test_a_deployment_that_fails_vouches_for_what_it_did_before(shop, project):
    shop.query(SEEDED["right granted"][0])
    before = told(shop)
    project.migration("0002_good", "CREATE TABLE shop.good (a integer);", depends="0001_shop")
    project.migration("0003_bad", "SELECT 1 / 0;", depends="0002_good")
    with pytest.raises(DatabaseRefused):
        shop.apply()
    assert told(shop) == before


def test_a_killed_deployment_is_finished_by_the_next_one(shop, project):
    shop.query(SEEDED["right granted"][0])
    before = told(shop)
    project.migration("0002_good", "CREATE TABLE shop.good (a integer);", depends="0001_shop")

    def work(_):
        yield Step("some of its work")
        shop.connection.close()  # and the process ends here
        yield Step("no more")

    deployment = expectations.recorded(shop.connection, shop.settings, [], work)
    while next(deployment).text != "no more":
        pass
    deployment.close()
    shop.query("CREATE TABLE shop.halfway (a integer)")
    shop.connection = db.connect(shop.dsn)
    assert not comparison.is_current(shop.connection)
    drifted(shop)
    assert any("interrupted" in step.text for step in shop.steps if step.is_warning)
    shop.apply()
    assert told(shop) == before


def test_accepted_differences_are_right_from_then_on(shop):
    for seed in ("right granted", "index added", "index dropped", "column added"):
        shop.query(SEEDED[seed][0])
    assert len(drifted(shop, accept=True)) == 4
    assert told(shop) == []
    shop.query("DROP INDEX shop.by_hand")
    assert told(shop) == [("INDEX", "shop.by_hand", "is missing")]


def test_what_others_keep_in_the_database_is_not_ours_to_judge(shop):
    shop.query("CREATE SCHEMA theirs; CREATE TABLE theirs.a (b integer); CREATE TABLE public.c (d integer)")
    assert told(shop) == []
    shop.query("ALTER TABLE theirs.a ADD e integer; DROP TABLE public.c")
    assert told(shop) == []


def test_partitions_come_and_go(shop):
    shop.query("CREATE TABLE shop.p26 PARTITION OF shop.orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
    shop.query("DROP TABLE shop.orders_2025")
    assert told(shop) == []


def test_many_objects_of_one_wrong_owner_are_one_line(shop):
    for what in (
        "TABLE shop.customers",
        "TABLE shop.orders",
        "VIEW shop.names",
        "FUNCTION shop.twice",
        "TYPE shop.size",
    ):
        shop.query(f"ALTER {what} OWNER TO tidemark_app")
    (finding,) = drifted(shop)
    assert (finding.kind, finding.difference) == ("OWNER", "is tidemark_app, not postgres")
    assert finding.remedy == "REASSIGN OWNED BY tidemark_app TO postgres;"


def test_facts_of_another_release_are_compared_as_far_as_both_know_them(shop):
    shop.query("UPDATE deploy.expected_state SET algorithm = 0")
    shop.query("UPDATE deploy.expected_object SET facts = facts - 'comment' || '{\"colour\": 1}'")
    assert told(shop) == []
    shop.query(SEEDED["right granted"][0])
    assert len(told(shop)) == 1
    shop.apply()  # nothing pending, but the record is brought to the form of this release
    assert comparison.is_current(shop.connection)
    shop.query(SEEDED["comment of a table"][0])
    assert len(told(shop)) == 1


def test_the_session_of_the_login_plays_no_part(shop, runner_on):
    shop.query("ALTER DATABASE " + shop.connection.info.dbname + " SET DateStyle = 'German, DMY'")
    shop.query("ALTER DATABASE " + shop.connection.info.dbname + " SET IntervalStyle = 'iso_8601'")
    shop.query("ALTER DATABASE " + shop.connection.info.dbname + " SET search_path = 'shop'")
    assert told(runner_on(shop.dsn)) == []


def test_without_a_record_there_is_nothing_to_compare_with(runner):
    with pytest.raises(AnswerIsNo, match="no record"):
        drifted(runner)


def test_the_command_says_it_in_one_line_each(shop, tidemark):
    assert tidemark("doctor", "--drift", "--dsn", shop.dsn).returncode == 0
    shop.query(SEEDED["index dropped"][0])
    shop.query(SEEDED["owner"][0])
    result = tidemark("doctor", "--drift", "--dsn", shop.dsn)
    assert (result.returncode, len(result.stdout.splitlines())) == (1, 2), result.stderr
    document = json.loads(tidemark("doctor", "--drift", "--json", "--dsn", shop.dsn).stdout)
    assert [one["identity"] for one in document["data"]] == ["shop.customers_name_idx", "shop.customers"]
    assert tidemark("doctor", "--dsn", shop.dsn).returncode == 1
    assert tidemark("doctor", "--accept", "--dsn", shop.dsn).returncode == 2
    assert tidemark("apply", "--repair", "--dry-run", "--dsn", shop.dsn).returncode == 2
    assert tidemark("doctor", "--drift", "--accept", "--dsn", shop.dsn).returncode == 0
    assert tidemark("doctor", "--drift", "--dsn", shop.dsn).returncode == 0


def test_a_partition_that_was_detached_for_its_age_is_no_stranger(shop):
    shop.query("""
        CREATE SCHEMA ops;
        CREATE TABLE ops.detached_partitions (partition_name text PRIMARY KEY);
        CREATE TABLE shop.p26 PARTITION OF shop.orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        ALTER TABLE shop.orders DETACH PARTITION shop.orders_2025;
        ALTER TABLE shop.orders DETACH PARTITION shop.p26""")
    assert "shop.p26" in {identity for _, identity, _ in told(shop)}
    shop.query("INSERT INTO ops.detached_partitions VALUES ('shop.orders_2025'), ('shop.p26')")
    assert told(shop) == []
