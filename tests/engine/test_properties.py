"""Random writes, interleaved sessions and clock moves: after each refresh every stored view equals its live twin."""

from contextlib import nullcontext

import pytest

from tests.engine import harness


@pytest.fixture
def household(toy):
    """All kinds at once: due days, links, partial and nullable keys, a cascade, mode full, target_lag 0, partitions."""
    toy.run("""
        ALTER TABLE toy.request ALTER COLUMN done_on SET DEFAULT '2025-06-01';
        CREATE TABLE toy.fact (fact_id integer, region text, team integer, amount numeric, at timestamptz, PRIMARY KEY (fact_id))
            PARTITION BY HASH (fact_id);
        CREATE TABLE toy.fact_0 PARTITION OF toy.fact FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE toy.fact_1 PARTITION OF toy.fact FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE toy.place (model_id integer REFERENCES toy.model ON DELETE CASCADE, region text, version integer, PRIMARY KEY (model_id, region));
        CREATE TABLE toy.member (person integer, role text CHECK (role IN ('read', 'write')), is_active boolean, PRIMARY KEY (person, role));
        CREATE VIEW toy.place_live AS
            SELECT model_id, region, name, version, dense_rank() OVER (PARTITION BY model_id ORDER BY version) AS position
            FROM toy.place JOIN toy.model USING (model_id);
        CREATE VIEW toy.cell_live AS
            SELECT region, team, sum(amount) AS total, count(*) AS facts, 'both' AS grain FROM toy.fact
                WHERE region IS NOT NULL AND team IS NOT NULL GROUP BY region, team
            UNION ALL SELECT region, NULL, sum(amount), count(*), 'region' FROM toy.fact WHERE region IS NOT NULL GROUP BY region
            UNION ALL SELECT NULL, NULL, sum(amount), count(*), 'all' FROM toy.fact;
        CREATE VIEW toy.late_live AS
            SELECT fact_id, refresh.now() >= at AS is_past, CASE WHEN refresh.now() < at THEN at END AS passes_at FROM toy.fact;
        CREATE VIEW toy.count_live AS SELECT status, count(*) AS models FROM toy.status_by_model GROUP BY status;
        CREATE VIEW toy.right_live AS SELECT person, count(*) AS roles FROM toy.member WHERE is_active GROUP BY person;
        CREATE VIEW toy.total_live AS SELECT count(*) AS models, max(name) AS last_name FROM toy.model""")
    toy.declare("""
        SELECT refresh.store('toy.place_by_model_region', 'toy.place_live', '{model_id,region}');
        SELECT refresh.affects('toy.place', 'toy.place_by_model_region', 'SELECT model_id FROM changed');
        SELECT refresh.store('toy.cell_by_scope', 'toy.cell_live', '{region,team}', full_above => 0.5);
        SELECT refresh.affects('toy.fact', 'toy.cell_by_scope', $$
            SELECT region, team FROM changed UNION SELECT region, NULL FROM changed UNION SELECT NULL, NULL FROM changed $$);
        SELECT refresh.store('toy.late_by_fact', 'toy.late_live', '{fact_id}', 'passes_at');
        SELECT refresh.store('toy.count_by_status', 'toy.count_live', '{status}');
        SELECT refresh.store('toy.right_by_person', 'toy.right_live', '{person}', target_lag => '0');
        SELECT refresh.store('toy.total', 'toy.total_live')""")
    return toy


def site(engine):
    return harness.Site(lambda: nullcontext(engine.session), views="toy.%", starts_empty=True)


def test_stored_equals_live_whatever_happens(household):
    tally = harness.run(site(household), examples=8, steps=25)
    assert min(tally.changed[table] for table in tally.tried) > 0, tally


def test_the_harness_notices_a_lost_change(household):
    household.run(harness.deaf("toy.model"))
    with pytest.raises(AssertionError):
        harness.walk(site(household), steps=250, calm=True)
