"""What depends on the order in which rows are read is taken with a warning, and told by explain, with the remedy."""

from __future__ import annotations

import pytest

UNSTEADY = {
    "SELECT id, sum(f) AS s FROM toy.t GROUP BY id": "sum() of binary fractions",
    "SELECT id, avg(r) AS s FROM toy.t GROUP BY id": "avg() of binary fractions",
    "SELECT id, stddev(f) OVER (PARTITION BY s) AS s FROM toy.t": "stddev() of binary fractions",
    "SELECT id, array_agg(s) AS a, string_agg(s, ',' ORDER BY s) AS b FROM toy.t GROUP BY id": "array_agg() without ORDER BY",
    "SELECT id, string_agg(s, ',') AS a FROM toy.t GROUP BY id": "string_agg() without ORDER BY",
    "SELECT id, json_agg(s) AS a FROM toy.t GROUP BY id": "json_agg() without ORDER BY",
    "SELECT id, array_agg((SELECT sum(u.f) FROM toy.t AS u WHERE u.id = t.id) ORDER BY s) AS a FROM toy.t AS t GROUP BY id": "sum() of",
    "SELECT id, array_agg((SELECT sum(u.n) FROM toy.t AS u WHERE u.id = t.id)) AS a FROM toy.t AS t GROUP BY id": "array_agg() without",
    "SELECT t.id, (SELECT u.s FROM toy.t AS u WHERE u.id > t.id LIMIT 1) AS s FROM toy.t AS t": "LIMIT without ORDER BY",
    "SELECT DISTINCT ON (id) id, s FROM toy.t": "DISTINCT ON without ORDER BY",
    "SELECT b.id, b.s FROM toy.below AS b": "string_agg() without ORDER BY",
    "SELECT id, toy.spread(id) AS s FROM toy.t": "stddev() of binary fractions",
}
STEADY = (
    "SELECT id, sum(f ORDER BY f) AS s, sum(n) AS n, avg(n) AS m, max(f) AS f, count(f) AS c FROM toy.t GROUP BY id",
    "SELECT id, array_agg(s ORDER BY s) AS a, array_agg(DISTINCT s) AS d FROM toy.t GROUP BY id",
    "SELECT t.id, (SELECT u.s FROM toy.t AS u WHERE u.id > t.id ORDER BY u.id LIMIT 1) AS s FROM toy.t AS t",
    "SELECT DISTINCT ON (id) id, s FROM toy.t ORDER BY id, s",
    "SELECT DISTINCT id, s FROM toy.t",
    "SELECT id, row_number() OVER (PARTITION BY s ORDER BY id) AS n FROM toy.t",
)


@pytest.fixture
def base(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.t (id integer PRIMARY KEY, f double precision, r real, n numeric, s text);
        CREATE VIEW toy.below AS SELECT id, string_agg(s, '') AS s FROM toy.t GROUP BY id;
        CREATE FUNCTION toy.spread(i integer) RETURNS double precision LANGUAGE sql STABLE
            BEGIN ATOMIC SELECT stddev(t.f) FROM toy.t WHERE t.id <= i; END""")
    return engine


def parts(engine, view):
    engine.run(f"CREATE VIEW toy.live AS {view}")
    found = engine.rows("SELECT * FROM refresh_internal.unsteady_parts('toy.live'::regclass)")
    engine.run("DROP VIEW toy.live")
    return found


def test_each_construct_is_found_and_has_a_remedy(base):
    for view, told in UNSTEADY.items():
        (one,) = parts(base, view)
        assert one.part.startswith(told), view
        assert one.remedy
        assert one.place.startswith("toy.")
    for view in STEADY:
        assert parts(base, view) == [], view


def test_declaring_such_a_view_warns_and_explain_tells(base):
    base.run("CREATE VIEW toy.live AS SELECT id, sum(f) AS s FROM toy.t GROUP BY id")
    told = []
    base.main.add_notice_handler(
        lambda diag: told.append((diag.severity_nonlocalized, diag.message_detail, diag.message_hint))
    )
    store = "SELECT refresh.store('toy.kept', live => 'toy.live', key => '{id}')"
    base.declare(store)
    ((_, detail, hint),) = [one for one in told if one[0] == "WARNING"]
    assert "toy.live has sum() of binary fractions" in detail
    assert "numeric" in hint
    told.clear()
    base.declare(store)
    assert [one for one in told if one[0] == "WARNING"] == [], "said when it changes, not each time"
    said = " ".join(row.explain for row in base.rows("SELECT refresh.explain('toy.kept')"))
    assert "take numeric, or give the aggregate an ORDER BY" in said
