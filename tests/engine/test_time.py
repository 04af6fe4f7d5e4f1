"""What time alone changes: days and instants in the business zone, clocks that stand still, jump or go back."""

import datetime as dt

import pytest

VIEW = "toy.status_by_model"


def test_only_rows_whose_day_has_come_are_touched(toy):
    due = dict(toy.rows(f"SELECT next_change_on, count(*) FROM {VIEW} WHERE next_change_on IS NOT NULL GROUP BY 1"))
    day = dt.date(2025, 6, 30)
    for _ in range(130):
        day += dt.timedelta(days=1)
        toy.as_of(day.isoformat())
        done = toy.check(VIEW)
        assert (done.key_count or 0) == due.get(day, 0), day
        assert done.mode == ("keys" if day in due else "none")
    assert max(due) < day


def test_a_jump_over_many_days_is_as_good_as_one_day_at_a_time(toy):
    toy.as_of("2026-08-01")
    assert toy.check(VIEW).reason.startswith("due")


def test_a_clock_that_goes_back_recomputes_everything(toy):
    toy.as_of("2026-08-01")
    toy.check(VIEW)
    toy.as_of("2025-06-30")
    done = toy.check(VIEW)
    assert (done.mode, done.reason) == ("whole", "the clock went back")


def test_a_changed_business_zone_recomputes_everything(toy):
    toy.run("SET tidemark.time_zone = 'Pacific/Auckland'")
    assert toy.check(VIEW).reason == "the business time zone changed"


def test_a_view_that_reads_only_the_zone_is_recomputed_when_that_changes_and_never_by_the_clock(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.event (event_id integer PRIMARY KEY, at timestamptz);
        CREATE VIEW toy.day_live AS SELECT event_id, (at AT TIME ZONE refresh.time_zone())::date AS day FROM toy.event;
        INSERT INTO toy.event VALUES (1, '2025-06-30 20:00+00')""")
    engine.declare("SELECT refresh.store('toy.day_by_event', 'toy.day_live', '{event_id}')")
    engine.as_of("2025-06-30")
    engine.check("toy.day_by_event")
    engine.as_of("2025-07-01")
    assert engine.freshness("toy.day_by_event").needs_run is False
    assert engine.value("SELECT refresh_internal.is_current('toy.day_by_event')")
    engine.run("SET tidemark.time_zone = 'Pacific/Auckland'")
    assert engine.value("SELECT day FROM toy.day_by_event_as_of") == dt.date(2025, 7, 1), "live, until a run"
    assert engine.check("toy.day_by_event").reason == "the business time zone changed"
    assert engine.value("SELECT day FROM toy.day_by_event") == dt.date(2025, 7, 1)
    assert engine.check("toy.day_by_event").mode == "none"


def test_the_session_time_zone_plays_no_part(toy):
    toy.run("SET TimeZone = 'Pacific/Kiritimati'; SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'")
    assert toy.check(VIEW).mode == "none"
    toy.as_of("2025-07-01")
    toy.check(VIEW)


def test_a_day_without_due_rows_is_confirmed_once(toy):
    assert toy.value("SELECT refresh_internal.stored_as_of(%s)", VIEW) == dt.date(2025, 6, 30)
    toy.run("DELETE FROM toy.request")
    toy.check(VIEW)
    toy.as_of("2025-07-15")
    assert toy.freshness(VIEW).needs_run
    assert toy.check(VIEW).mode == "none"
    assert not toy.freshness(VIEW).needs_run
    assert toy.value("SELECT refresh_internal.stored_as_of(%s)", VIEW) == dt.date(2025, 7, 15)


def test_stored_rows_are_right_until_the_day_before_the_first_due_one(toy):
    toy.run(
        "DELETE FROM toy.request; INSERT INTO toy.request VALUES (900, '2025-06-27'); INSERT INTO toy.link VALUES (900, 3)"
    )
    toy.check(VIEW)  # model 3 has ten days: due on the eleventh
    for day, right_for in (("2025-07-07", "2025-07-07"), ("2025-07-08", "2025-07-07"), ("2025-07-20", "2025-07-07")):
        toy.as_of(day)
        assert toy.value("SELECT refresh_internal.stored_as_of(%s)", VIEW).isoformat() == right_for
    lag = toy.freshness(VIEW).lag
    assert lag < dt.timedelta(minutes=1), "the run before was a moment ago"
    toy.check(VIEW)
    assert toy.value("SELECT refresh_internal.stored_as_of(%s)", VIEW).isoformat() == "2025-07-20"


@pytest.fixture
def offers(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.offer (offer_id integer PRIMARY KEY, opens_at timestamptz, closes_at timestamptz);
        CREATE VIEW toy.offer_live AS
            SELECT offer_id, CASE WHEN refresh.now() >= closes_at THEN 'closed' WHEN refresh.now() >= opens_at THEN 'open' ELSE 'coming' END AS status,
                CASE WHEN refresh.now() < opens_at THEN opens_at WHEN refresh.now() < closes_at THEN closes_at END AS changes_at
            FROM toy.offer;
        SET tidemark.time_zone = 'Europe/Berlin'""")
    engine.as_of("2025-03-29 12:00")
    engine.declare("SELECT refresh.store('toy.offer_by_id', 'toy.offer_live', '{offer_id}', 'changes_at')")
    engine.run("""
        INSERT INTO toy.offer VALUES
            (1, '2025-03-30 01:30 Europe/Berlin', '2025-03-30 03:30 Europe/Berlin'), -- the hour between does not exist
            (2, '2025-10-26 02:30+02', '2025-10-26 02:30+01'),                       -- the same local time, an hour apart
            (3, '2025-06-01 00:00 Europe/Berlin', NULL)""")
    engine.check("toy.offer_by_id")
    return engine


def test_instants_come_exactly_once_through_both_clock_changes(offers):
    def status(moment):
        offers.as_of(moment)
        done = offers.check("toy.offer_by_id")
        return [
            row.status for row in offers.rows("SELECT status FROM toy.offer_by_id ORDER BY offer_id")
        ], done.key_count

    assert status("2025-03-30 01:29:59.999999") == (["coming"] * 3, 0)
    assert status("2025-03-30 01:30") == (["open", "coming", "coming"], 1)
    assert status("2025-03-30 03:29") == (["open", "coming", "coming"], 0)
    assert status("2025-03-30T01:30Z") == (["closed", "coming", "coming"], 1)
    assert status("2025-06-01") == (["closed", "coming", "open"], 1)
    assert status("2025-10-26 02:30+02") == (["closed", "open", "open"], 1)
    assert status("2025-10-26 01:29:59Z") == (["closed", "open", "open"], 0)
    assert status("2025-10-26 02:30+01") == (["closed", "closed", "open"], 1)
    assert offers.freshness("toy.offer_by_id").next_due_at is None


def test_a_due_day_begins_at_midnight_of_the_business_zone(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.bill (bill_id integer PRIMARY KEY, due_on date);
        CREATE VIEW toy.bill_live AS SELECT bill_id, refresh.as_of_date() >= due_on AS is_due, CASE WHEN refresh.as_of_date() < due_on THEN due_on END AS next_on FROM toy.bill;
        INSERT INTO toy.bill VALUES (1, '2025-03-30');
        SET tidemark.time_zone = 'America/New_York'""")
    engine.as_of("2025-03-30 03:59Z")
    engine.declare("SELECT refresh.store('toy.bill_by_id', 'toy.bill_live', '{bill_id}', 'next_on')")
    engine.check("toy.bill_by_id")
    fresh = engine.freshness("toy.bill_by_id")
    assert fresh.next_due_at == dt.datetime(2025, 3, 30, 4, tzinfo=dt.UTC)
    engine.as_of("2025-03-30 04:00Z")
    assert engine.check("toy.bill_by_id").key_count == 1


def test_a_view_that_reads_the_clock_without_due_is_recomputed_each_day(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.birth (id integer PRIMARY KEY, born_on date);
        CREATE VIEW toy.age_live AS SELECT id, refresh.as_of_date() - born_on AS days FROM toy.birth;
        INSERT INTO toy.birth VALUES (1, '2025-01-01')""")
    engine.as_of("2025-06-30 10:00")
    engine.declare(
        "SELECT refresh.store('toy.age_by_id', 'toy.age_live', '{id}'); SELECT refresh.store('toy.ages', 'toy.age_live')"
    )
    for view, mode in (("toy.age_by_id", "whole"), ("toy.ages", "native")):
        engine.as_of("2025-06-30 10:00")
        engine.check(view)
        engine.as_of("2025-06-30 23:59")
        assert engine.check(view).mode == "none"
        engine.as_of("2025-07-01 00:00")
        done = engine.check(view)
        assert (done.mode, done.reason) == (mode, "a new day, and no due column says which rows it changes")


def test_a_due_column_in_the_past_is_loud_not_endless(toy):
    """A live view that returns a due day already reached is recomputed at each run, which the freshness shows."""
    toy.run("CREATE VIEW toy.stuck_live AS SELECT model_id, refresh.as_of_date() AS again_on FROM toy.model")
    toy.declare(
        "SELECT refresh.store('toy.stuck_by_model', 'toy.stuck_live', '{model_id}', 'again_on', full_above => 1)"
    )
    toy.check("toy.stuck_by_model")
    toy.as_of("2025-06-30 12:00")
    assert toy.check("toy.stuck_by_model").reason == "due"
    assert toy.freshness("toy.stuck_by_model").freshness_status == "behind"


@pytest.mark.parametrize(
    "wrong",
    [
        "yesterday",
        "30.06.2025",
        "2025-02-29 10:00",
        "2025-06-30 24:00",
        "2025-6-30",
        "2025-06-30 10",
        "0000-01-01 10:00",
    ],
)
def test_a_malformed_clock_is_an_error_with_a_hint(engine, wrong):
    engine.as_of(wrong)
    with engine.raises("22023"):
        engine.value("SELECT refresh.now()")


@pytest.mark.parametrize(
    ("written", "zone", "instant", "day"),
    [
        ("2025-06-30", "UTC", "2025-06-30T00:00:00+00:00", "2025-06-30"),
        ("2025-06-30", "America/New_York", "2025-06-30T04:00:00+00:00", "2025-06-30"),
        ("2025-06-30 23:30", "Asia/Tokyo", "2025-06-30T14:30:00+00:00", "2025-06-30"),
        ("2025-06-30T23:30Z", "Asia/Tokyo", "2025-06-30T23:30:00+00:00", "2025-07-01"),
        ("2025-06-30 23:30:15.25-05:30", "UTC", "2025-07-01T05:00:15.250000+00:00", "2025-07-01"),
        ("2025-06-30 01:00+1400", "UTC", "2025-06-29T11:00:00+00:00", "2025-06-29"),
        ("2025-03-30", "Asia/Beirut", "2025-03-29T22:00:00+00:00", "2025-03-30"),  # midnight did not exist there
    ],
)
def test_the_clock_reads_days_local_times_and_instants(engine, written, zone, instant, day):
    engine.run("SET TimeZone = 'Pacific/Chatham'")
    engine.run("SELECT set_config('tidemark.time_zone', %s, FALSE)", zone)
    engine.as_of(written)
    assert engine.value("SELECT refresh.now()").astimezone(dt.UTC).isoformat() == instant
    assert engine.value("SELECT refresh.as_of_date()").isoformat() == day


def test_a_day_to_report_on_must_be_a_day(engine):
    for wrong, sqlstate in ((None, "22004"), ("infinity", "22023"), ("0001-01-01 BC", "22023")):
        with engine.raises(sqlstate):
            engine.value("SELECT refresh.use_as_of(%s::date)", wrong)


def test_a_view_is_not_called_fresh_at_the_instant_a_row_becomes_due(toy):
    day = toy.value("SELECT min(next_change_on)::text FROM toy.status_by_model")
    toy.as_of(day)
    assert toy.freshness(VIEW).freshness_status == "behind"
    assert not toy.rows("SELECT refresh.explain(%s)", VIEW)[0].explain.endswith("fresh: nothing waits.")
    toy.check(VIEW)
    assert toy.freshness(VIEW).freshness_status == "fresh"
