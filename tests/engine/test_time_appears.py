"""Rows that time alone brings: found by a query that names their moments, ruled out by a proof, or by recomputing all."""

import datetime as dt

import pytest

VIEW = "toy.shown"
STORE = "SELECT refresh.store('toy.shown', 'toy.shown_live', '{offer_id}', 'next_on'"
MOMENTS = "$$ SELECT offer_id, opens_on AS appears_on FROM toy.offer $$"


@pytest.fixture
def offers(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.offer (offer_id integer PRIMARY KEY, opens_on date, ends_on date);
        CREATE TABLE toy.beside (offer_id integer PRIMARY KEY, opens_on date);
        CREATE VIEW toy.shown_live AS
            SELECT offer_id, refresh.as_of_date() > ends_on AS is_over,
                CASE WHEN refresh.as_of_date() <= ends_on THEN ends_on + 1 END AS next_on
            FROM toy.offer WHERE opens_on <= refresh.as_of_date();
        INSERT INTO toy.offer SELECT n, date '2025-07-01' + n, date '2025-07-03' + n FROM generate_series(1, 40) AS n""")
    engine.as_of("2025-07-01")
    return engine


def by_hand(engine, statements):
    """As somebody without the runner declares it."""
    with engine.main.transaction():
        engine.main.execute(statements)
        engine.map_equal_names()


def shown(engine):
    return [row.offer_id for row in engine.rows("SELECT offer_id FROM toy.shown ORDER BY 1")]


def test_without_a_proof_each_new_day_recomputes_everything(offers):
    by_hand(offers, STORE + ")")
    offers.check(VIEW)
    offers.as_of("2025-07-02")
    assert offers.freshness(VIEW).freshness_status == "stale"
    done = offers.check(VIEW)
    assert (done.mode, done.reason[:45]) == ("whole", "a new day, and rows may appear by time alone:")
    assert shown(offers) == [1]
    assert offers.check(VIEW).mode == "none"


def test_the_construct_is_told_in_words(offers):
    offers.declare(STORE + ")")
    offers.check(VIEW)
    assert offers.value("SELECT refresh_internal.stored_as_of(%s)", VIEW) == dt.date(2025, 7, 1)
    offers.as_of("2025-07-02")
    assert offers.value("SELECT refresh_internal.stored_as_of(%s)", VIEW) == dt.date(2025, 7, 1)
    said = " ".join(row.explain for row in offers.rows("SELECT refresh.explain(%s)", VIEW))
    assert "WHERE asks the clock: " in said
    assert "opens_on <= refresh.as_of_date()" in said
    assert "appears in refresh.store()" in said
    assert "WHERE asks the clock" in offers.check(VIEW).reason


def test_a_view_without_the_filter_is_proved_and_stays_narrow_until_its_definition_changes(offers):
    offers.run("CREATE OR REPLACE VIEW toy.shown_live AS SELECT offer_id, refresh.as_of_date() > ends_on AS is_over, "
               "CASE WHEN refresh.as_of_date() <= ends_on THEN ends_on + 1 END AS next_on FROM toy.offer")  # fmt: skip
    offers.declare(STORE + ")")
    offers.check(VIEW)
    offers.as_of("2025-07-05")
    done = offers.check(VIEW)
    assert (done.mode, done.key_count) == ("keys", 1)
    by_hand(offers, STORE + ")")  # again, and without the runner: what was found holds for the same definition
    offers.as_of("2025-07-06")
    assert offers.check(VIEW).mode == "keys"
    offers.run("CREATE OR REPLACE VIEW toy.shown_live AS SELECT offer_id, refresh.as_of_date() > ends_on AS is_over, "
               "CASE WHEN refresh.as_of_date() <= ends_on THEN ends_on + 1 END AS next_on FROM toy.offer "
               "WHERE opens_on <= refresh.as_of_date()")  # fmt: skip
    assert offers.check(VIEW).reason == "definition changed"
    offers.as_of("2025-07-07")
    assert offers.check(VIEW).mode == "whole"


def test_moments_that_were_named_touch_only_their_keys(offers):
    offers.declare(f"{STORE}, appears => {MOMENTS})")
    offers.check(VIEW)
    assert offers.freshness(VIEW).next_due_at == dt.datetime(2025, 7, 2, tzinfo=dt.UTC)
    for day in range(2, 9):
        offers.as_of(f"2025-07-0{day}")
        assert offers.freshness(VIEW).freshness_status == "behind"
        done = offers.check(VIEW)
        assert done.mode == "keys"
        # one opens; one ended the day before, and is due
        assert done.key_count == 1 + (day > 4)
        assert shown(offers) == list(range(1, day))
        assert offers.freshness(VIEW).freshness_status == "fresh"
    offers.as_of("2025-07-20")
    assert offers.check(VIEW).mode == "keys"
    assert offers.check(VIEW).mode == "none"
    said = " ".join(row.explain for row in offers.rows("SELECT refresh.explain(%s)", VIEW))
    assert "Time alone brings rows at the moments given by" in said


def test_a_moment_that_is_moved_is_followed(offers):
    offers.declare(f"{STORE}, appears => {MOMENTS})")
    offers.check(VIEW)
    offers.run("UPDATE toy.offer SET opens_on = '2025-06-01' WHERE offer_id = 30")
    offers.check(VIEW)
    assert shown(offers) == [30]
    offers.run(
        "UPDATE toy.offer SET opens_on = '2025-07-03' WHERE offer_id IN (1, 30); INSERT INTO toy.offer VALUES (99, '2025-07-03')"
    )
    offers.check(VIEW)
    assert shown(offers) == []
    offers.as_of("2025-07-03")
    offers.check(VIEW)
    assert shown(offers) == [1, 2, 30, 99]


def test_instants_bring_rows_at_their_instant(offers):
    offers.run("""
        CREATE TABLE toy.sale (sale_id integer PRIMARY KEY, opens_at timestamptz);
        CREATE VIEW toy.sale_live AS SELECT sale_id, NULL::date AS next_on FROM toy.sale WHERE opens_at <= refresh.now();
        INSERT INTO toy.sale VALUES (1, '2025-07-01 10:00Z'), (2, '2025-07-01 10:00:00.5Z'), (3, '2025-07-02 00:00Z')""")
    offers.declare("SELECT refresh.store('toy.sales', 'toy.sale_live', '{sale_id}', 'next_on', target_lag => '1 minute', "
                   "appears => 'SELECT sale_id, opens_at AS appears_at FROM toy.sale -- all of them')")  # fmt: skip
    offers.check("toy.sales")
    for moment, keys, rows in (
        ("09:59:59", 0, 0),
        ("10:00", 1, 1),
        ("10:00:00.4", 0, 1),
        ("10:00:01", 1, 2),
        ("23:59", 0, 2),
    ):
        offers.as_of(f"2025-07-01 {moment}Z")
        assert (offers.freshness("toy.sales").freshness_status == "behind") == bool(keys), moment
        done = offers.check("toy.sales")
        assert (done.key_count, done.mode) == (keys, "keys" if keys else "none"), moment
        assert offers.value("SELECT count(*) FROM toy.sales") == rows
    assert offers.freshness("toy.sales").next_due_at == dt.datetime(2025, 7, 2, tzinfo=dt.UTC)


def test_a_view_kept_by_its_writers_gets_such_rows_by_its_next_run(offers):
    offers.declare(f"{STORE}, target_lag => '0', appears => {MOMENTS})")
    offers.as_of("2025-07-04")
    offers.run("UPDATE toy.offer SET ends_on = '2025-08-01' WHERE offer_id = 40")
    assert shown(offers) == []
    assert offers.freshness(VIEW).needs_run
    done = offers.check(VIEW)
    assert (done.mode, done.key_count) == ("keys", 3)


def test_instants_without_a_proof_make_it_recompute_within_its_target(offers):
    offers.run("CREATE OR REPLACE VIEW toy.shown_live AS SELECT offer_id, FALSE AS is_over, NULL::date AS next_on "
               "FROM toy.offer WHERE opens_on <= refresh.now()")  # fmt: skip
    offers.declare(STORE + ", target_lag => '10 minutes')")
    offers.as_of("2025-07-01 23:55")
    offers.check(VIEW)
    offers.as_of("2025-07-01 23:59")
    assert offers.refresh(VIEW).mode == "none"
    offers.as_of("2025-07-01 23:59:59.9")
    assert offers.refresh(VIEW).mode == "none"
    offers.as_of("2025-07-02 00:05")
    assert offers.check(VIEW).reason.startswith(
        ("a new day, and rows may appear", "the clock moved, and rows may appear")
    )


def test_who_says_never_is_believed_and_verify_tells(offers):
    offers.declare(f"{STORE}, appears => 'Never')")
    offers.check(VIEW)
    offers.as_of("2025-07-02")
    assert offers.refresh(VIEW).mode == "none"
    assert offers.verify(VIEW).missing_count == 1
    said = " ".join(row.explain for row in offers.rows("SELECT refresh.explain(%s)", VIEW))
    assert "says that no row appears by time alone" in said


def test_another_rule_recomputes_once_and_taking_it_away_makes_the_view_wide_again(offers):
    offers.declare(f"{STORE}, appears => 'never')")
    offers.check(VIEW)
    offers.as_of("2025-07-02")
    offers.declare(f"{STORE}, appears => {MOMENTS})")
    assert offers.check(VIEW).reason == "another rule for rows that appear by time"
    offers.declare(f"{STORE}, appears => {MOMENTS})")
    assert offers.check(VIEW).mode == "none"
    offers.declare(STORE + ")")
    offers.check(VIEW)
    offers.as_of("2025-07-03")
    assert offers.check(VIEW).mode == "whole"


@pytest.mark.parametrize(
    ("appears", "sqlstate"),
    [
        ("SELECT offer_id, opens_on AS appears_at FROM toy.offer", "42703"),
        ("SELECT offer_id, opens_on AS appears_on, ends_on FROM toy.offer", "42703"),
        ("SELECT offer_id FROM toy.offer", "42703"),
        ("SELECT opens_on AS appears_on FROM toy.offer", "42703"),
        ("SELECT offer_id, opens_on AS appears_on FROM toy.offer WHERE opens_on > refresh.as_of_date()", "42P16"),
        ("SELECT offer_id, opens_on AS appears_on FROM toy.beside", "42P16"),
        ("SELECT offer_id, opens_on AS appears_on FROM toy.nowhere", "42P01"),
        ("SELECT offer_id opens_on AS appears_on", "42601"),
    ],
)
def test_a_query_that_cannot_do_is_refused(offers, appears, sqlstate):
    with offers.raises(sqlstate), offers.main.transaction():
        offers.main.execute(f"{STORE}, appears => %s)", [appears])
    with offers.raises("22023"):
        offers.run("SELECT refresh.store('toy.shown', 'toy.shown_live', '{offer_id}', appears => 'never')")


def test_a_query_that_breaks_later_is_loud_and_harms_no_other_view(offers):
    offers.run("ALTER TABLE toy.offer ADD COLUMN comes_on date; UPDATE toy.offer SET comes_on = opens_on")
    offers.declare(f"{STORE}, appears => 'SELECT offer_id, comes_on AS appears_on FROM toy.offer')")
    offers.check(VIEW)
    offers.run("ALTER TABLE toy.offer DROP COLUMN comes_on")
    assert offers.freshness(VIEW).needs_run
    with offers.raises("42703"):
        offers.refresh(VIEW)
    offers.declare(f"{STORE}, appears => {MOMENTS})")
    assert offers.check(VIEW).mode == "whole"
