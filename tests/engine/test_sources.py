"""Whatever kind of table a source is and whoever writes it by whatever statement, the change is captured."""

import pytest

SUM = "toy.sum_by_account"


def declare(engine, source, more=""):
    engine.run(f"""
        CREATE SCHEMA toy;
        {source};
        CREATE VIEW toy.sum_live AS SELECT account, sum(amount) AS total, count(*) AS bookings FROM toy.booking GROUP BY account""")
    engine.declare(f"SELECT refresh.store('{SUM}', 'toy.sum_live', '{{account}}'); {more}")
    engine.check(SUM)


PLAIN = "CREATE TABLE toy.booking (booking_id integer PRIMARY KEY, account text NOT NULL, amount numeric NOT NULL DEFAULT 1)"
PARTITIONED = """
    CREATE TABLE toy.booking (booking_id integer, account text NOT NULL, amount numeric NOT NULL DEFAULT 1, PRIMARY KEY (booking_id))
        PARTITION BY RANGE (booking_id);
    CREATE TABLE toy.booking_low PARTITION OF toy.booking FOR VALUES FROM (0) TO (100);
    CREATE TABLE toy.booking_high PARTITION OF toy.booking FOR VALUES FROM (100) TO (1000)"""
INHERITED = PLAIN + "; CREATE TABLE toy.booking_old () INHERITS (toy.booking)"
UNLOGGED = PLAIN.replace("CREATE TABLE", "CREATE UNLOGGED TABLE")
GENERATED = """
    CREATE TABLE toy.booking (
        booking_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text, amount numeric NOT NULL DEFAULT 1,
        account text GENERATED ALWAYS AS (upper(left(code, 1))) STORED)"""


@pytest.mark.parametrize(
    "source", [PLAIN, PARTITIONED, INHERITED, UNLOGGED], ids=["plain", "partitioned", "inherited", "unlogged"]
)
def test_every_statement_is_captured(engine, source):
    declare(engine, source)
    steps = [
        "INSERT INTO toy.booking VALUES (1, 'a', 5), (2, 'a', 7), (3, 'b', 1), (150, 'c', 9)",
        "UPDATE toy.booking SET amount = amount + 1 WHERE account = 'a'",
        "UPDATE toy.booking SET account = 'd' WHERE booking_id = 3",
        "DELETE FROM toy.booking WHERE booking_id = 1",
        "MERGE INTO toy.booking AS old USING (VALUES (2, 'a', 1), (4, 'e', 2), (150, 'x', 0)) AS new (id, account, amount)"
        " ON old.booking_id = new.id WHEN MATCHED AND new.amount = 0 THEN DELETE"
        " WHEN MATCHED THEN UPDATE SET amount = new.amount WHEN NOT MATCHED THEN INSERT VALUES (new.id, new.account, new.amount)",
        "WITH moved AS (DELETE FROM toy.booking WHERE booking_id = 4 RETURNING account)"
        " INSERT INTO toy.booking SELECT 7, account || '!', 1 FROM moved",
        "UPDATE toy.booking SET booking_id = 500 WHERE booking_id = 2",
        "TRUNCATE toy.booking",
    ]
    for step in steps:
        engine.run(step)
        assert engine.check(SUM).mode != "none", step
    if "INHERITS" not in source:
        engine.run("INSERT INTO toy.booking VALUES (9, 'z', 1), (8, 'y', 1) ON CONFLICT (booking_id) DO NOTHING")
        engine.run(
            "INSERT INTO toy.booking VALUES (9, 'q', 1), (10, 'z', 3) ON CONFLICT (booking_id) DO UPDATE SET account = excluded.account"
        )
        assert engine.check(SUM).key_count == 3
    with engine.main.cursor().copy("COPY toy.booking FROM STDIN") as copy:
        copy.write("21\tcopied\t4\n22\tcopied\t6\n")
    assert engine.check(SUM).key_count >= 1
    assert engine.value(f"SELECT total FROM {SUM} WHERE account = 'copied'") == 10


def test_statements_that_touch_no_row_leave_nothing(engine):
    declare(engine, PLAIN)
    engine.run("UPDATE toy.booking SET amount = 0 WHERE FALSE")
    assert engine.check(SUM).mode == "none"


def test_a_partition_written_by_its_own_name_is_captured(engine):
    declare(engine, PARTITIONED)
    engine.run("INSERT INTO toy.booking_high VALUES (200, 'direct', 3)")
    assert engine.check(SUM).key_count == 1
    engine.run("TRUNCATE toy.booking_high")
    assert engine.check(SUM).mode == "whole"


def test_a_row_that_moves_between_partitions_is_captured(engine):
    declare(engine, PARTITIONED)
    engine.run("INSERT INTO toy.booking VALUES (1, 'a', 3)")
    engine.check(SUM)
    engine.run("UPDATE toy.booking SET booking_id = 200, account = 'b'")
    assert engine.check(SUM).key_count == 2


def test_partitions_that_come_and_go_are_noticed(engine):
    declare(engine, PARTITIONED)
    engine.run("CREATE TABLE toy.booking_top PARTITION OF toy.booking FOR VALUES FROM (1000) TO (2000)")
    assert engine.check(SUM).mode == "none", "a new and empty partition changes nothing"
    engine.run("INSERT INTO toy.booking_top VALUES (1001, 'top', 1)")
    assert engine.check(SUM).key_count == 1
    engine.run("""
        CREATE TABLE toy.booking_far (LIKE toy.booking INCLUDING ALL);
        INSERT INTO toy.booking_far VALUES (2001, 'far', 1);
        ALTER TABLE toy.booking ATTACH PARTITION toy.booking_far FOR VALUES FROM (2000) TO (3000)""")
    assert engine.row("CALL refresh.tick()").run_count == 1
    assert engine.verify(SUM).is_equal
    engine.run("ALTER TABLE toy.booking DETACH PARTITION toy.booking_far")
    assert engine.check(SUM).mode == "whole"
    assert engine.rows("SELECT FROM pg_trigger WHERE tgrelid = 'toy.booking_far'::regclass") == []
    engine.run("DROP TABLE toy.booking_top")
    assert engine.check(SUM).mode == "whole"


def test_stored_generated_columns_can_be_keys(engine):
    declare(engine, GENERATED)
    engine.run("INSERT INTO toy.booking (code) VALUES ('ax'), ('ay'), ('bz')")
    engine.check(SUM)
    engine.run("UPDATE toy.booking SET code = 'cc' WHERE code = 'ay'")
    assert engine.check(SUM).key_count == 2


def test_virtual_generated_columns_can_be_keys(engine, server):
    if server.major < 18:
        pytest.skip("virtual generated columns came with PostgreSQL 18")
    declare(engine, GENERATED.replace("STORED", "VIRTUAL"))
    engine.run("INSERT INTO toy.booking (code) VALUES ('ax'), ('ay'), ('bz')")
    engine.check(SUM)
    engine.run("UPDATE toy.booking SET code = 'cc' WHERE code = 'ay'")
    assert engine.check(SUM).key_count == 2


def test_a_writer_with_insert_rights_only_needs_no_further_grant(engine, server):
    declare(engine, PLAIN)
    engine.run("""
        DO $$ BEGIN CREATE ROLE toy_writer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT USAGE ON SCHEMA toy TO toy_writer; GRANT INSERT ON toy.booking TO toy_writer""")
    writer = engine.session(engine.dsn.replace("user=tidemark", "user=toy_writer"))
    assert writer.info.user == "toy_writer"
    writer.execute("INSERT INTO toy.booking VALUES (1, 'a', 5)")
    assert engine.check(SUM).key_count == 1
    queue = engine.value(
        "SELECT format('refresh_data.changes_%s_a', source_id) FROM refresh.captured_sources WHERE source_name = 'toy.booking'"
    )
    capture = engine.value("SELECT tgfoid::regproc FROM pg_trigger WHERE tgrelid = 'toy.booking'::regclass LIMIT 1")
    for forbidden in (
        f"INSERT INTO {queue} VALUES ('1', now(), TRUE)",
        f"DELETE FROM {queue}",
        f"SELECT * FROM {queue}",
        f"SELECT {capture}()",
        "SELECT refresh.run('toy.sum_by_account')",
        "SELECT * FROM toy.sum_by_account",
        "TRUNCATE toy.booking",
    ):
        with pytest.raises(Exception, match="permission denied"):
            writer.execute(forbidden)


def test_a_hostile_search_path_of_the_writer_changes_nothing(engine):
    declare(engine, PLAIN)
    engine.run("""
        CREATE SCHEMA evil;
        CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'caught'; END $$;
        CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, PROCEDURE = textne)""")
    writer = engine.session(search_path="evil, pg_catalog")
    writer.execute("INSERT INTO toy.booking VALUES (1, 'a', 5)")
    writer.execute("SELECT * FROM refresh.run('toy.sum_by_account')")
    assert engine.verify(SUM).is_equal


def test_a_foreign_table_must_be_declared_not_to_matter(engine):
    admin = engine.session(engine.superuser_dsn)
    engine.run("CREATE SCHEMA toy; CREATE TABLE toy.here (k integer)")
    admin.execute("""
        CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE toy.there (k integer) SERVER files OPTIONS (filename '/dev/null', format 'csv');
        GRANT SELECT ON toy.there TO PUBLIC""")
    engine.run("CREATE VIEW toy.both_live AS SELECT k FROM toy.here UNION SELECT k FROM toy.there")
    with engine.raises("55000") as caught:
        engine.declare("SELECT refresh.store('toy.both_by_k', 'toy.both_live', '{k}')")
    assert "toy.there" in caught.value.diag.message_primary
    engine.declare("""
        SELECT refresh.store('toy.both_by_k', 'toy.both_live', '{k}');
        SELECT refresh.affects('toy.there', 'toy.both_by_k', 'none')""")
    engine.run("INSERT INTO toy.here VALUES (1)")
    engine.refresh("toy.both_by_k")
