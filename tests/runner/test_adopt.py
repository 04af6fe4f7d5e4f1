"""Materialized views become stored views and go back: five over each other, as somebody's database has them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tidemark import adopt, config, db, doctor, project
from tidemark.deploy.apply import deployment
from tidemark.deploy.drift import catalog
from tidemark.deploy.plan import adoptions, preview
from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.steps import finish

# made up: sales of a chain of shops
DATABASE = """
CREATE SCHEMA chain;
CREATE TABLE chain.shop (shop_id integer PRIMARY KEY, city text NOT NULL, country text NOT NULL);
CREATE TABLE chain.sale (
    sale_id integer PRIMARY KEY, shop_id integer NOT NULL REFERENCES chain.shop, sold_on date NOT NULL, price numeric(10, 2) NOT NULL
);
INSERT INTO chain.shop SELECT n, 'city ' || n % 7, 'country ' || n % 3 FROM generate_series(1, 21) AS n;
INSERT INTO chain.sale SELECT n, 1 + n % 21, date '2026-01-01' + n % 40, n % 17 FROM generate_series(1, 2000) AS n;
CREATE MATERIALIZED VIEW chain.shop_day AS
SELECT shop_id, sold_on, count(*) AS sales, sum(price) AS revenue FROM chain.sale GROUP BY shop_id, sold_on;
CREATE UNIQUE INDEX shop_day_key ON chain.shop_day (shop_id, sold_on);
CREATE INDEX shop_day_by_day ON chain.shop_day (sold_on);
CREATE INDEX shop_day_best ON chain.shop_day (revenue DESC) WHERE revenue > 100;
CREATE MATERIALIZED VIEW chain.city_day WITH (fillfactor = 90) AS
SELECT sho.city, sho.country, day.sold_on, sum(day.revenue) AS revenue
FROM chain.shop_day AS day JOIN chain.shop AS sho USING (shop_id) GROUP BY sho.city, sho.country, day.sold_on;
CREATE UNIQUE INDEX city_day_key ON chain.city_day (city, country, sold_on);
CREATE MATERIALIZED VIEW chain.country_day AS
SELECT country, sold_on, sum(revenue) AS revenue FROM chain.city_day GROUP BY country, sold_on;
CREATE UNIQUE INDEX country_day_key ON chain.country_day (country, sold_on);
CREATE MATERIALIZED VIEW chain.country AS SELECT country, sum(revenue) AS revenue, max(sold_on) AS last_on FROM chain.country_day GROUP BY country;
CREATE UNIQUE INDEX country_key ON chain.country (country);
CREATE MATERIALIZED VIEW chain.last_day AS SELECT last_on, count(*) AS countries FROM chain.country GROUP BY last_on;
CREATE UNIQUE INDEX last_day_key ON chain.last_day (last_on);
COMMENT ON MATERIALIZED VIEW chain.city_day IS 'Refreshed at night.';
COMMENT ON COLUMN chain.city_day.revenue IS 'In euros.';
COMMENT ON INDEX chain.shop_day_by_day IS 'For the calendar.';
GRANT USAGE ON SCHEMA chain TO chain_reader, chain_clerk;
GRANT SELECT ON chain.shop_day, chain.city_day, chain.country_day, chain.country, chain.last_day TO chain_reader;
GRANT SELECT ON chain.country TO chain_clerk WITH GRANT OPTION;
GRANT SELECT (country) ON chain.country_day TO chain_clerk;
CREATE VIEW chain.best_shop AS SELECT shop_id, sum(revenue) AS revenue FROM chain.shop_day GROUP BY shop_id ORDER BY 2 DESC LIMIT 3;
CREATE VIEW chain.city_report AS SELECT cit.city, cou.revenue FROM chain.city_day AS cit JOIN chain.country AS cou USING (country);
CREATE VIEW chain.overview WITH (security_barrier = true) AS
SELECT las.last_on, las.countries, (SELECT count(*) FROM chain.best_shop) AS best FROM chain.last_day AS las;
COMMENT ON VIEW chain.overview IS 'On one line.';
GRANT SELECT ON chain.overview TO chain_reader;
CREATE FUNCTION chain.revenue_of(p_country text) RETURNS numeric LANGUAGE sql STABLE
BEGIN ATOMIC SELECT revenue FROM chain.country WHERE country = p_country; END;
"""
VIEWS = ["shop_day", "city_day", "country_day", "country", "last_day"]
PLAIN = ["best_shop", "city_report", "overview"]
MAPPINGS = {  # what a change of a source means for a key
    "shop_day": [("chain.sale", "SELECT shop_id, sold_on FROM changed")],
    "city_day": [("chain.shop_day", "all"), ("chain.shop", "all")],
    "country_day": [("chain.city_day", "SELECT country, sold_on FROM changed")],
    "country": [("chain.country_day", "SELECT country FROM changed")],
    "last_day": [("chain.country", "all")],
}


class Chain:
    def __init__(self, owner: str, reader: str, files: project.Project, settings: config.Settings) -> None:
        self.owner, self.reader, self.files, self.settings = owner, reader, files, settings

    def ask(self, statement: str) -> list[Any]:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def connect(self) -> db.Connection:
        return db.connect(self.owner)

    def catalogue(self) -> dict[str, Any]:
        with self.connect() as connection:
            return {key: item for key, item in catalog.read(connection).items() if item.schema == "chain"}

    def rows(self) -> dict[str, list[Any]]:
        return {name: sorted(map(str, self.ask(f"SELECT * FROM chain.{name}"))) for name in VIEWS + PLAIN}

    def write(self, name: str, **more: Any) -> adoptions.Adoption:
        with self.connect() as connection:
            made, planned = adopt.write(connection, self.files, f"chain.{name}", **more)
        stored = self.files.own / made.paths[1]
        for source, mapping in MAPPINGS.get(name, []):
            call = f"SELECT refresh.affects('{source}', 'chain.{name}', '{mapping}');\n\n"
            text = stored.read_text()
            stored.write_text(
                text.replace("SELECT deploy.come_back", call + "SELECT deploy.come_back").replace(
                    "requires: deploy.adopt(),", "requires: deploy.adopt(), refresh.affects(),"
                )
            )
        return planned

    def apply(self) -> deployment.Result:
        with self.connect() as connection:
            return finish(deployment.apply(connection, self.settings, self.files))

    def give_back(self, name: str) -> None:
        with self.connect() as connection:
            finish(adopt.give_back(connection, self.settings, self.files, f"chain.{name}"))


@pytest.fixture
def chain(server: Any, fresh_db: str, tmp_path: Path) -> Iterator[Chain]:
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        name = connection.info.dbname
        for role in ("chain_reader LOGIN", "chain_clerk"):
            connection.execute(f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    uses = list(project.families(project.library()))  # all that the database has
    (tmp_path / "tidemark.toml").write_text(f'name = "chain"\nuses = {json.dumps(uses)}\nschemas = ["chain"]\n')
    (tmp_path / "views").mkdir()
    owner = server.owner_dsn(name)
    settings = config.Settings(dsn=owner, dsn_source="the tests")
    made = Chain(owner, server.dsn(name, "chain_reader"), project.read(tmp_path), settings)
    made.ask(DATABASE)
    yield made


def test_five_adopted_and_given_back_while_readers_read(chain: Chain) -> None:
    catalogue, rows = chain.catalogue(), chain.rows()
    stop, errors, reads = threading.Event(), [], [0]

    def read() -> None:
        try:
            with psycopg.connect(chain.reader, autocommit=True) as connection:
                while not stop.is_set():
                    for name in [*VIEWS, "overview"]:
                        connection.execute(f"SELECT count(*) FROM chain.{name}").fetchone()
                        reads[0] += 1
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for name in VIEWS:
            chain.write(name)
        chain.apply()
        kinds = "SELECT relname FROM pg_class WHERE relkind = 'm' AND relnamespace = 'chain'::regnamespace"
        assert chain.ask(kinds) == []
        assert chain.rows() == rows
        adopted = chain.catalogue()
        for name in VIEWS:
            assert (
                adopted[f"VIEW chain.{name}"].facts["rights"]
                == catalogue[f"MATERIALIZED VIEW chain.{name}"].facts["rights"]
            )
        assert adopted["VIEW chain.city_day"].facts["comment"] == "Refreshed at night."
        for name in PLAIN:
            kept = ("definition", "rights", "comment", "settings", "owner")
            before, after = catalogue[f"VIEW chain.{name}"].facts, adopted[f"VIEW chain.{name}"].facts
            assert {fact: after[fact] for fact in kept} == {fact: before[fact] for fact in kept}
        assert chain.apply().is_empty
        chain.ask(
            "INSERT INTO chain.sale VALUES (9001, 1, '2026-03-01', 5); DELETE FROM chain.sale WHERE sale_id < 30"
        )
        for _ in range(len(VIEWS)):
            chain.ask("CALL refresh.tick()")
        equal = [chain.ask(f"SELECT is_equal FROM refresh.verify('chain.{name}')") for name in VIEWS]
        assert equal == [[(True,)]] * len(VIEWS)
        rows = chain.rows()
        for name in reversed(VIEWS):
            chain.give_back(name)
        count = reads[0]
        while reads[0] < count + 10 and not errors:
            time.sleep(0.01)
    finally:
        stop.set()
        thread.join()
    assert errors == []
    assert chain.catalogue() == catalogue
    assert chain.rows() == rows
    assert list(chain.files.own.rglob("*.sql")) == []
    with chain.connect() as connection:
        assert finish(doctor.drifted(connection, chain.settings)) == []
    assert chain.apply().is_empty
    assert chain.ask("SELECT view_name FROM refresh.stored_views WHERE view_name LIKE 'chain.%'") == []
    assert chain.ask("SELECT * FROM deploy.adopted_view") == []


def test_mappings_may_follow_and_a_chain_comes_back_at_the_end(chain: Chain) -> None:
    """As when the runner derives them: come_back() waits, and what stands above is adopted on the way."""
    rows = chain.rows()
    for name in VIEWS[:3]:
        chain.write(name)
    first = chain.files.own / "views/chain/stored/shop_day.sql"
    first.write_text(first.read_text().replace("SELECT deploy.come_back();", ""))
    chain.apply()
    assert chain.rows() == rows
    assert chain.ask("SELECT * FROM deploy.stepped_aside") == []
    kinds = "SELECT relname FROM pg_class WHERE relkind = 'm' AND relnamespace = 'chain'::regnamespace ORDER BY 1"
    assert chain.ask(kinds) == [("country",), ("last_day",)]
    assert chain.ask("SELECT view_name FROM deploy.adopted_view ORDER BY 1") == [
        ("chain.city_day",),
        ("chain.country_day",),
        ("chain.shop_day",),
    ]


def test_come_back_waits_for_the_mapping_of_an_adopted_view(chain: Chain) -> None:
    with psycopg.connect(chain.owner) as connection:
        connection.execute(
            "CREATE VIEW chain.last_day_live AS SELECT max(sold_on) AS last_on, 1 AS one FROM chain.sale"
        )
        connection.execute("DROP VIEW chain.overview; DROP MATERIALIZED VIEW chain.last_day")
        connection.execute(
            "CREATE MATERIALIZED VIEW chain.last_day AS SELECT max(sold_on) AS last_on, 1 AS one FROM chain.sale"
        )
        connection.execute("SELECT deploy.adopt('chain.last_day')")
        connection.execute("SELECT refresh.store('chain.last_day', live => 'chain.last_day_live', key => '{one}')")
        assert connection.execute("SELECT deploy.come_back()").fetchone() == ([],)
        connection.execute("SELECT refresh.affects('chain.sale', 'chain.last_day', 'all')")
        connection.execute("SELECT deploy.come_back()")
    assert chain.ask("SELECT count(*) FROM chain.last_day") == [(1,)]


def test_the_plan_says_what_happens(chain: Chain) -> None:
    planned = chain.write("shop_day")
    assert planned.makes_way == ["materialized view chain.city_day", "view chain.best_shop"]
    stored = (chain.files.own / "views/chain/stored/shop_day.sql").read_text()
    assert "key => '{shop_id,sold_on}'" in stored
    assert "also_by => ARRAY['sold_on']" in stored
    with chain.connect() as connection:
        found = preview.preview(connection, chain.files)
    assert [(one.view, one.makes_way) for one in found.adoptions] == [("chain.shop_day", planned.makes_way)]
    chain.apply()
    with chain.connect() as connection:
        assert preview.preview(connection, chain.files).adoptions == []


def test_what_is_no_key_is_refused_before_anything_is_written(chain: Chain) -> None:
    with pytest.raises(DatabaseRefused, match="is no key"):
        chain.write("shop_day", key=("shop_id",))
    with pytest.raises(UsageProblem, match="no column"):
        chain.write("shop_day", key=("nobody",))
    with pytest.raises(UsageProblem, match="no materialized view"):
        chain.write("best_shop", key=("shop_id",))
    assert list(chain.files.own.rglob("*.sql")) == []


def test_a_failed_apply_leaves_the_materialized_view(chain: Chain) -> None:
    """Changes of a materialized view cannot be captured: the lowest is adopted first."""
    before = chain.catalogue()
    chain.write("country_day")
    with pytest.raises(DatabaseRefused):
        chain.apply()
    assert chain.catalogue() == before


def test_another_owner_is_kept_and_its_readers_read_on(chain: Chain, fresh_db: str) -> None:
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        connection.execute("GRANT chain_clerk TO tidemark; GRANT CREATE ON SCHEMA chain TO chain_clerk")
        connection.execute("ALTER MATERIALIZED VIEW chain.shop_day OWNER TO chain_clerk")
        connection.execute("GRANT SELECT ON chain.sale TO chain_clerk")
    before = chain.catalogue()
    chain.write("shop_day")
    chain.apply()
    assert chain.catalogue()["VIEW chain.shop_day"].facts["owner"] == "chain_clerk"
    with psycopg.connect(chain.reader) as reader:
        assert reader.execute("SELECT count(*) > 0 FROM chain.shop_day").fetchone() == (True,)
    chain.give_back("shop_day")
    assert chain.catalogue() == before


def test_the_lower_one_is_not_given_back_first(chain: Chain) -> None:
    chain.write("shop_day")
    chain.write("city_day")
    chain.apply()
    with pytest.raises(DatabaseRefused, match="other stored views read"):
        chain.give_back("shop_day")


def test_a_stored_view_that_never_was_one_becomes_a_materialized_view(chain: Chain) -> None:
    chain.ask("CREATE VIEW chain.city_live AS SELECT city, count(*) AS shops FROM chain.shop GROUP BY city")
    chain.ask(
        "SELECT refresh.store('chain.city', live => 'chain.city_live', key => '{city}', also_by => '{shops}');"
        "SELECT refresh.affects('chain.shop', 'chain.city', 'SELECT city FROM changed')"
    )
    chain.ask("SELECT deploy.give_back('chain.city')")
    assert chain.ask("SELECT count(*) FROM chain.city") == [(7,)]
    assert chain.ask("SELECT count(*) FROM pg_index WHERE indrelid = 'chain.city'::regclass AND indisunique") == [
        (1,)
    ]


def test_the_commands(chain: Chain, tidemark: Any) -> None:
    """There and back as somebody types it, and the script for those who let no runner in."""

    def run(*words: str, expect: int = 0) -> str:
        done = tidemark("--project", str(chain.files.own), *words, TIDEMARK_DSN=chain.owner)
        assert done.returncode == expect, done.stderr
        return str(done.stdout) + str(done.stderr)

    assert "bear another name" in run("new", "stored", "chain.other", "--from", "chain.shop_day", expect=2)
    told = run("new", "stored", "chain.shop_day", "--from", "chain.shop_day", "--key", "shop_id, sold_on")
    assert "view chain.best_shop make way and come back" in told
    assert "index not kept: CREATE INDEX shop_day_best" in told
    assert "adopt       chain.shop_day" in run("plan")
    run("apply")
    assert "nothing to do" in run("plan")
    assert "delete shop_day_live.sql, shop_day.sql" in run("give-back", "chain.shop_day", "--dry-run")
    assert "deleted     views/chain/stored/shop_day.sql" in run("give-back", "chain.shop_day")
    assert "is no stored view of this project" in run("give-back", "chain.shop_day", expect=2)
    assert run("bundle", "--uses", "").startswith("-- Tidemark")
    assert "no shipped family" in run("bundle", "--uses", "nobody", expect=3)
