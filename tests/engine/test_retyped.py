"""A column that a mapping needs becomes another one: whoever writes gets no error, and no change is missed."""

import pytest

VIEW = "toy.rate_by_day"
PLAIN = "rate_id integer PRIMARY KEY, k date, n integer, other integer"
VIRTUAL = "rate_id integer PRIMARY KEY, d integer, n integer, other integer, k date GENERATED ALWAYS AS (date '2025-01-01' + d) VIRTUAL"
CHANGES = {
    "retyped": (PLAIN, "ALTER TABLE toy.rate ALTER COLUMN k TYPE integer USING extract(DAY FROM k)::integer"),
    "made anew": (PLAIN, "ALTER TABLE toy.rate DROP COLUMN k; ALTER TABLE toy.rate ADD COLUMN k integer"),
    "exchanged": (
        PLAIN,
        "ALTER TABLE toy.rate RENAME COLUMN k TO was; ALTER TABLE toy.rate RENAME COLUMN other TO k",
    ),
    "renamed": (PLAIN, "ALTER TABLE toy.rate RENAME COLUMN k TO was"),
    "dropped": (PLAIN, "ALTER TABLE toy.rate DROP COLUMN k"),
    "origin renamed": (VIRTUAL, "ALTER TABLE toy.rate RENAME COLUMN d TO was"),
}


@pytest.mark.parametrize("lag", ["1 minute", "0"])
@pytest.mark.parametrize("change", CHANGES)
def test_writers_get_no_error(engine, server, change, lag):
    columns, statement = CHANGES[change]
    if columns == VIRTUAL and server.major < 18:
        pytest.skip("virtual generated columns came with PostgreSQL 18")
    first = "d" if columns == VIRTUAL else "k"
    engine.run(f"""
        CREATE SCHEMA toy;
        CREATE TABLE toy.day (day date PRIMARY KEY, rate_id integer);
        CREATE TABLE toy.rate ({columns});
        INSERT INTO toy.rate (rate_id, {first}, n) SELECT g, {"g" if first == "d" else "date '2025-01-01' + g"}, g FROM generate_series(1, 9) AS g;
        INSERT INTO toy.day SELECT date '2025-01-01' + g, g FROM generate_series(1, 9) AS g;
        CREATE FUNCTION toy.rate_of(id integer) RETURNS integer LANGUAGE plpgsql STABLE AS
            $$ BEGIN RETURN (SELECT rate.n FROM toy.rate WHERE rate.rate_id = id); END $$;
        CREATE VIEW toy.rates AS SELECT day, toy.rate_of(rate_id) AS n FROM toy.day""")
    engine.declare(f"""
        SELECT refresh.store('{VIEW}', 'toy.rates', '{{day}}', target_lag => '{lag}');
        SELECT refresh.affects('toy.rate', '{VIEW}', 'SELECT k AS day FROM changed')""")
    engine.check(VIEW)
    old = engine.session()
    old.execute("UPDATE toy.rate SET n = 10 WHERE rate_id = 1")
    engine.check(VIEW)
    engine.run(statement)
    for number, session in enumerate((old, engine.session())):
        session.execute(f"UPDATE toy.rate SET n = {20 + number} WHERE rate_id IN (2, 3)")
        session.execute(f"DELETE FROM toy.rate WHERE rate_id = {4 + number}")
        session.execute(f"INSERT INTO toy.rate (rate_id, n) VALUES ({4 + number}, 77)")
        session.execute("UPDATE toy.rate SET n = 0 WHERE FALSE")
    if lag == "0":
        assert engine.value(f"SELECT array_agg(n ORDER BY day) FROM {VIEW}") == [10, 21, 21, 77, 77, 6, 7, 8, 9]
    engine.run("CALL refresh.tick()")
    assert engine.verify(VIEW).is_equal
    old.execute("UPDATE toy.rate SET n = 33 WHERE rate_id = 6")
    engine.check(VIEW)
