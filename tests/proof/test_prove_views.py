"""Every stored view of the shipped families under random histories: stored is live after each run."""

from __future__ import annotations

import os
import re
from datetime import date
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.errors import UsageProblem
from tidemark.generate import Request, generate
from tidemark.proof import prove, tables
from tidemark.proof.stage import RUN, Stage, Step
from tidemark.steps import finish

pytestmark = pytest.mark.once

SECONDS = float(os.environ.get("TIDEMARK_TEST_PROVE_SECONDS", "1"))
VIEWS = (
    "clinical.comment_summary_by_tracker",
    "clinical.due_calendar_by_day",
    "clinical.effort_due_summary_by_effort",
    "clinical.effort_progress_by_effort",
    "clinical.effort_subtypes_by_effort",
    "clinical.programmer_pairs_by_pair",
    "clinical.programmer_work_by_effort",
    "clinical.tag_usage_by_tag",
    "commerce.daily_sales_by_day",
    "commerce.upload_coverage",
    "commerce.variant_kpi_by_variant",
    "model_risk.attestation_cycle_count_by_cycle",
    "model_risk.kpi_breakdown_cell_by_scope",
    "model_risk.kpi_cell_by_scope",
    "model_risk.kpi_fact_by_model",
    "model_risk.kpi_programme_by_id",
    "model_risk.kpi_tally_by_lob",
    "model_risk.kpi_tier_tally_by_lob",
    "model_risk.kpi_validation_time_by_tier",
    "model_risk.lob_ancestry_by_lob",
    "model_risk.model_status_by_model",
    "model_risk.regional_compliance_by_model_region",
    "planning.actual_conflict_by_worker_day",
    "planning.assignment_conflict_by_resource_day",
    "planning.forecast_figure_by_window",
    "planning.monthly_cost_by_phase",
    "planning.rate_in_force_by_worker_type",
    "planning.user_access_by_role",
    "planning.variance_to_date_by_project",
    "trade.duplicates_by_case",
    "trade.kpi_verdict_month_by_cell",
    "trade.ltsd_statistics_by_tenant",
    "trade.ltsd_status_by_declaration",
    "trade.qualified_rule_by_tenant",
    "trade.reason_month_by_cell",
    "trade.route_by_pair",
    "trade.route_day_by_pair",
    "trade.rule_states_by_rule",
    "trade.tenant_status_by_tenant",
)
# Their rows are documents and digests, which are not made up within constraints: histories begin with generated ones.
SAMPLED = {"trade": 40}


@pytest.fixture
def copy(server: Any, applied_db: str) -> Any:
    """A database with everything applied, in which nothing matters: its name."""
    with server.database(applied_db) as name:
        yield name


def proof_of(server: Any, name: str, view: str, real: Any = None, **more: Any) -> Any:
    dsn = server.owner_dsn(name)
    with db.connect(dsn) as connection:
        request = prove.Request((view,), **{"seconds": SECONDS, **more})
        (proof,) = finish(prove.prove_in(connection, dsn, name, request, real))
    return proof


def test_the_list_of_views_is_complete(applied_db: str, shared_db: str) -> None:
    with psycopg.connect(shared_db) as connection:
        rows = connection.execute("SELECT view_name FROM refresh.stored_views").fetchall()
    assert {row[0] for row in rows} == set(VIEWS)


@pytest.fixture(scope="module")
def lived(server: Any, applied_db: str) -> Any:
    """A database with rows of the families that are sampled: a connection string."""
    with server.database(applied_db) as name:
        dsn = server.owner_dsn(name)
        with db.connect(dsn) as connection:
            for family in SAMPLED:
                finish(generate(connection, family, Request(100, date(2025, 6, 30), 1, False, False)))
        yield dsn


@pytest.mark.parametrize("view", VIEWS)
def test_a_stored_view_is_its_live_view_after_every_run(server: Any, copy: str, lived: str, view: str) -> None:
    with db.connect(lived) as real:
        proof = proof_of(server, copy, view, real=real, sample=SAMPLED.get(view.split(".")[0], 0))
    assert proof.difference is None, proof.sql
    with psycopg.connect(server.dsn(copy)) as connection:
        row = connection.execute(
            "SELECT target_lag = interval '0' FROM refresh.stored_views WHERE view_name = %s", [view]
        ).fetchone()
    assert row is not None
    # with target lag 0 the writers keep it, and a run finds nothing left to do
    ran = proof.runs.get("keys", 0) + proof.runs.get("whole", 0) + (proof.runs.get("none", 0) if row[0] else 0)
    assert ran > proof.histories, proof.runs
    if SECONDS >= 20:  # a short time does not reach all of many tables
        assert proof.untouched == [], "sources of which nothing could be changed"


SHOP = """
    CREATE SCHEMA shop;
    CREATE TABLE shop.customers (id integer PRIMARY KEY, region text NOT NULL CHECK (region IN ('N', 'S')));
    CREATE TABLE shop.orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES shop.customers, amount integer);
    CREATE VIEW shop.totals AS
        SELECT cus.region, count(*) AS orders, sum(ord.amount) AS amount
        FROM shop.customers AS cus JOIN shop.orders AS ord ON ord.customer_id = cus.id GROUP BY cus.region;
    SELECT refresh.store('shop.totals_by_region', live => 'shop.totals', key => '{region}');
"""
RIGHT = "SELECT refresh.affects('shop.orders', 'shop.totals_by_region', 'SELECT cus.region FROM changed JOIN customers AS cus ON cus.id = changed.customer_id');"
TOO_NARROW = RIGHT.replace(
    "ON cus.id = changed.customer_id", "ON cus.id = changed.customer_id AND changed.amount > 1"
)
CUSTOMERS = "SELECT refresh.affects('shop.customers', 'shop.totals_by_region', 'SELECT changed.region FROM changed');"


def declare(server: Any, name: str, orders: str) -> None:
    with psycopg.connect(server.owner_dsn(name)) as connection:
        connection.execute(SHOP + orders + CUSTOMERS)


def test_right_mappings_are_proved_and_the_figures_say_how(server: Any, copy: str) -> None:
    declare(server, copy, RIGHT)
    proof = proof_of(server, copy, "shop.totals_by_region")
    assert proof.is_proved
    assert proof.runs["keys"] > 5
    assert proof.steps >= proof.histories * 30


def test_a_mapping_that_is_too_narrow_is_found_and_its_script_shows_it(
    server: Any, copy: str, applied_db: str
) -> None:
    declare(server, copy, TOO_NARROW)
    proof = proof_of(server, copy, "shop.totals_by_region", seconds=60.0)
    assert not proof.is_proved
    changes = [
        line
        for line in proof.sql.split("refresh.run")[1].splitlines()
        if line.startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert 1 <= len(changes) <= 2, proof.sql
    assert len([line for line in proof.sql.splitlines() if line.startswith("INSERT")]) <= 3, proof.sql
    with server.database(applied_db) as other:
        declare(server, other, TOO_NARROW)
        with psycopg.connect(server.owner_dsn(other), autocommit=True) as connection:
            connection.execute(proof.sql.rpartition("SELECT * FROM refresh.verify")[0])
            found = connection.execute("SELECT is_equal FROM refresh.verify('shop.totals_by_region')").fetchone()
    assert found == (False,)


def test_a_history_is_the_same_for_the_same_seed(server: Any, copy: str, applied_db: str) -> None:
    declare(server, copy, TOO_NARROW)
    first = proof_of(server, copy, "shop.totals_by_region", seconds=60.0, seed=5)
    with server.database(applied_db) as other:
        declare(server, other, TOO_NARROW)
        second = proof_of(server, other, "shop.totals_by_region", seconds=60.0, seed=5)
    assert first.sql
    assert first.sql == second.sql


def test_a_sample_begins_with_real_rows_and_changes_none_of_them(server: Any, copy: str, applied_db: str) -> None:
    with server.database(applied_db) as real:
        for name in (real, copy):
            declare(server, name, TOO_NARROW)
        with psycopg.connect(server.owner_dsn(real)) as connection:
            connection.execute("INSERT INTO shop.customers SELECT 5000 + n, 'N' FROM generate_series(1, 50) AS n")
            connection.execute(
                "INSERT INTO shop.orders SELECT 7000 + n, 5000 + n % 50 + 1, n FROM generate_series(1, 90) AS n"
            )
        count = "SELECT (SELECT count(*) FROM shop.orders), (SELECT sum(n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'shop')"
        dsn = server.owner_dsn(real)
        with db.connect(dsn) as source, db.connect(server.owner_dsn(copy)) as connection:
            request = prove.Request(("shop.totals_by_region",), seconds=60.0, sample=6)
            (proof,) = finish(prove.prove_in(connection, server.owner_dsn(copy), copy, request, source))
            assert source.execute(count).fetchone() == (90, 0)
    assert re.search(r"'50[0-9][0-9]'", proof.sql), "the shortest history has none of the real rows"


def test_a_change_between_taking_and_recomputing_waits_where_it_should(server: Any, copy: str) -> None:
    declare(server, copy, RIGHT)
    dsn = server.owner_dsn(copy)
    with db.connect(dsn) as connection:
        db.run(connection, "proof_helpers")
        subject = tables.subject(connection, ["shop.totals_by_region"])
        made = Stage(dsn, copy, subject, date(2025, 6, 30))
        made.run()
        db.value(connection, "proof_hold", view="shop.totals_by_region")
        made.play(Step("a", "INSERT INTO shop.customers VALUES (1, 'N')"))
        made.run()
        made.play(Step("a", "INSERT INTO shop.orders VALUES (1, 1, 10)"))
        seen = "SELECT amount FROM shop.totals_by_region"
        during = Step("a", "UPDATE shop.orders SET amount = 20")
        made.runs.clear()
        made.play(Step(RUN, held="shop.totals_by_region", meanwhile=(during,)))
        assert connection.execute(seen).fetchone() == (20,), "recomputing sees what came after taking"
        assert made.runs == {"keys": 2}, "and the change itself is taken by the next run"
        assert made.compared() is None
        made.close()


def test_a_view_that_nobody_declared_is_named(server: Any, copy: str) -> None:
    with pytest.raises(UsageProblem, match=r"shop\.nothing"):
        proof_of(server, copy, "shop.nothing")


NOTES = """
    CREATE SCHEMA note;
    CREATE TABLE note.entries (
        id integer PRIMARY KEY, place integer NOT NULL, answers integer, kind text NOT NULL, subkind text NOT NULL,
        UNIQUE (id, place), FOREIGN KEY (answers, place) REFERENCES note.entries (id, place),
        CHECK (kind = 'plan' AND subkind IN ('draft', 'final') OR kind = 'report' AND subkind IN ('daily', 'yearly')));
    CREATE VIEW note.counts AS SELECT place, count(*) AS n, count(answers) AS answering FROM note.entries GROUP BY place;
    SELECT refresh.store('note.counts_by_place', live => 'note.counts', key => '{place}', target_lag => '0');
    SELECT refresh.affects('note.entries', 'note.counts_by_place', 'SELECT place FROM changed');
"""


def test_rows_fit_checks_over_several_columns_and_references_that_may_be_half_null(server: Any, copy: str) -> None:
    with psycopg.connect(server.owner_dsn(copy)) as connection:
        connection.execute(NOTES)
    proof = proof_of(server, copy, "note.counts_by_place", seconds=2.0)
    assert proof.untouched == []
    # its writers keep it, so that runs find nothing to do, and it is proved all the same
    assert set(proof.runs) == {"none"}
    assert proof.is_proved
