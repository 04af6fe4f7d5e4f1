"""The cases of cases/ that need no server of their own, each under the setting that once broke it."""

import json

import forked
import psycopg
import pytest

SHOP = ("--set", "shop=alpha.example", "--set", "currency=EUR")


@pytest.fixture
def tidemark(server, fresh_db, tmp_path):
    """Runs a command under one setting of the login; gives its answer."""
    name = psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"]

    def run(setting, *arguments):
        environment = {"HOME": str(tmp_path), "PGOPTIONS": f"-c {setting}"}
        done = forked.run(forked.tidemark, [*arguments, "--json", "--dsn", server.owner_dsn(name)], environment)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return json.loads(done.stdout)["data"]

    return run


@pytest.mark.parametrize("style", ["iso_8601", "sql_standard", "postgres_verbose"])
def test_interval_style(tidemark, style):
    tidemark("IntervalStyle=postgres", "tick")
    assert tidemark(f"IntervalStyle={style}", "freshness")


def test_quote_all_identifiers(tidemark):
    assert tidemark("quote_all_identifiers=on", "tick")["failed_count"] == 0


@pytest.mark.parametrize(("file", "processed", "rejected"), [("dates.csv", 12, 18), ("thousands.csv", 5, 15)])
@pytest.mark.parametrize("value", ["on", "off"])
def test_standard_conforming_strings(tidemark, cases, file, processed, rejected, value):
    path = str(cases / "scs_off" / file)
    (done,) = tidemark(f"standard_conforming_strings={value}", "load", "commerce", path, *SHOP)["files"]
    assert (done["processed_rows"], done["rejected_rows"]) == (processed, rejected)


@pytest.mark.parametrize("digits", [-15, 0, 3])
def test_extra_float_digits(server, fresh_db, cases, digits):
    values = (cases / "extra_float_digits" / "monitoring.csv").read_text().splitlines()[1:]
    name = psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"]
    options = f"-c extra_float_digits={digits}"
    with psycopg.connect(server.owner_dsn(name), autocommit=True, options=options) as connection:
        connection.execute("CREATE SCHEMA f; CREATE TABLE f.t (k integer PRIMARY KEY, v double precision)")
        connection.execute("CREATE VIEW f.live AS SELECT k, v, v::text AS shown FROM f.t")
        connection.execute("SELECT refresh.store('f.stored', 'f.live', '{k}')")
        for line in values:
            key, _, value = line.split(",")[:3]
            connection.execute("INSERT INTO f.t VALUES (%s, %s)", [key, value])
        connection.execute("CALL refresh.tick()")
        assert connection.execute("SELECT is_equal FROM refresh.verify('f.stored')").fetchone() == (True,)
        shown = dict(connection.execute("SELECT k, shown FROM f.stored").fetchall())
    assert shown == {115: "0.30000000000000004", 152: "0.0499999", 355: "123456.78901234567"}
