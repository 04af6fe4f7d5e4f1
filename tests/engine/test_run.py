"""A run recomputes what changed or became due, rewrites only what differs, and costs nothing when nothing happened."""

import psycopg
import pytest

VIEW = "toy.status_by_model"


def test_a_view_is_empty_until_its_first_run_and_says_so(toy):
    toy.run("CREATE VIEW toy.count_live AS SELECT tier, count(*) AS models FROM toy.model GROUP BY tier")
    toy.declare("SELECT refresh.store('toy.count_by_tier', 'toy.count_live', '{tier}')")
    assert toy.rows("SELECT * FROM toy.count_by_tier") == []
    before = toy.freshness("toy.count_by_tier")
    assert (before.freshness_status, before.data_as_of, before.is_within_target) == ("empty", None, False)
    assert toy.check("toy.count_by_tier").mode == "whole"
    assert toy.freshness("toy.count_by_tier").freshness_status == "fresh"
    assert dict(toy.rows("SELECT tier, models FROM toy.count_by_tier")) == {"high": 20, "low": 40}


def test_only_changed_keys_are_recomputed_and_only_different_rows_rewritten(toy):
    toy.run("UPDATE toy.request SET done_on = done_on WHERE request_id <= 5")
    done = toy.check(VIEW)
    assert (done.mode, done.key_count, done.updated_count) == ("keys", 5, 0)
    toy.run("UPDATE toy.request SET done_on = '2025-06-29' WHERE request_id <= 2")
    done = toy.check(VIEW)
    assert (done.key_count, done.inserted_count, done.updated_count, done.deleted_count) == (2, 0, 2, 0)


def test_nothing_to_do_writes_no_wal_and_no_line_in_the_log(toy):
    lines = toy.value("SELECT count(*) FROM refresh.runs")
    toy.refresh(VIEW)
    before = toy.value("SELECT pg_current_wal_insert_lsn()")
    xid = toy.value("SELECT txid_snapshot_xmax(txid_current_snapshot())")
    assert toy.refresh(VIEW).mode == "none"
    assert toy.value("SELECT txid_snapshot_xmax(txid_current_snapshot())") == xid
    assert toy.value("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before) < 500, "background noise only"
    assert toy.value("SELECT count(*) FROM refresh.runs") == lines


def test_rows_come_and_go(toy):
    toy.run("INSERT INTO toy.model VALUES (101, 'new', 'high')")
    toy.run("DELETE FROM toy.model WHERE model_id = 7")
    done = toy.check(VIEW)
    assert (done.inserted_count, done.deleted_count) == (1, 1)


def test_a_foreign_key_cascade_is_a_change(toy):
    toy.run("DELETE FROM toy.request WHERE request_id = 3")
    assert toy.check(VIEW).key_count == 1


def test_a_link_that_moves_touches_both_keys(toy):
    toy.run("UPDATE toy.link SET model_id = 60 WHERE request_id = 80")
    assert toy.check(VIEW).key_count == 2


def test_a_key_that_changes_value_leaves_its_old_row(toy):
    toy.run("UPDATE toy.model SET model_id = 1000 WHERE model_id = 60")
    done = toy.check(VIEW)
    assert (done.inserted_count, done.deleted_count) == (1, 1)


def test_truncate_touches_every_key(toy):
    toy.run("TRUNCATE toy.link")
    done = toy.check(VIEW)
    assert (done.mode, done.reason) == ("whole", "all keys: toy.link")


def test_a_policy_change_reaches_all_models_of_its_tier(toy):
    toy.run("UPDATE toy.policy SET days = 55 WHERE tier = 'high'")
    assert toy.check(VIEW).key_count == 20


def test_beyond_the_crossover_everything_is_recomputed_once(toy):
    toy.declare(
        "SELECT refresh.store('toy.status_by_model', 'toy.status_live', '{model_id}', 'next_change_on', full_above => 0.1)"
    )
    toy.check(VIEW)
    toy.run("UPDATE toy.model SET name = name || '!' WHERE model_id <= 6")
    assert toy.check(VIEW).mode == "keys"
    toy.run("UPDATE toy.model SET name = name || '!' WHERE model_id <= 7")
    done = toy.check(VIEW)
    assert (done.mode, done.updated_count) == ("whole", 7)


@pytest.mark.parametrize(
    ("rows", "key_ms", "whole_ms", "limit"),
    [
        (10_000, None, None, 2_000),  # nothing is known: a fifth of the rows
        (10_000, 5.0, 1_000.0, 400),  # keys are dear: until they take twice a whole run
        (10_000, 0.1, 1_000.0, 5_000),  # a whole run is dear: until keys take half of it
        (50, 0.5, 4_000.0, 4_000),  # few rows are kept of much that is read
        (50, None, 4_000.0, 2_000),  # keys were not timed yet: a millisecond each
        (50, None, 10.0, 100),
    ],
)
def test_the_crossover_follows_what_runs_took(toy, rows, key_ms, whole_ms, limit):
    found = toy.value(
        "SELECT refresh_internal.key_limit_of(NULL, jsonb_populate_record(NULL::refresh.view_state,"
        " jsonb_build_object('row_count', %s::bigint, 'key_ms', %s::float8, 'whole_ms', %s::float8)))",
        rows,
        key_ms,
        whole_ms,
    )
    assert found == limit


def test_rolled_back_changes_leave_nothing(toy):
    with toy.main.transaction(force_rollback=True):
        toy.run("UPDATE toy.model SET name = 'x'")
    with toy.main.transaction():
        with toy.main.transaction(force_rollback=True):
            toy.run("DELETE FROM toy.model WHERE model_id > 50")
        toy.run("UPDATE toy.model SET name = 'y' WHERE model_id = 1")
    assert toy.check(VIEW).key_count == 1


def test_a_run_inside_the_writing_transaction_sees_its_changes(toy):
    with toy.main.transaction(force_rollback=True):
        toy.run("UPDATE toy.model SET name = 'x' WHERE model_id = 1")
        assert toy.check(VIEW).key_count == 1
    assert toy.verify(VIEW).is_equal


def test_a_serializable_run_is_refused(toy):
    with toy.raises("25000"), toy.main.transaction():
        toy.run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        toy.refresh(VIEW)


def test_a_run_under_a_fixed_snapshot_takes_what_it_sees_and_no_more(toy):
    other = toy.session()
    with toy.main.transaction():
        toy.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        toy.run("SELECT 1 FROM toy.model")
        other.execute("UPDATE toy.model SET name = 'later' WHERE model_id = 1")
        assert toy.refresh(VIEW).mode == "none"
    assert toy.refresh(VIEW).mode == "keys"
    assert toy.verify(VIEW).is_equal


def test_a_run_under_an_old_snapshot_trips_over_the_run_that_was_faster(toy):
    other = toy.session(tidemark__as_of="2025-06-30")
    toy.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
    toy.run("UPDATE toy.model SET name = 'early' WHERE model_id = 2")
    other.execute("UPDATE toy.model SET name = 'later' WHERE model_id = 1")
    other.execute("SELECT refresh.run(%s)", [VIEW])
    with pytest.raises(psycopg.errors.SerializationFailure):
        toy.refresh(VIEW)
    toy.run("ROLLBACK")
    assert toy.verify(VIEW).is_equal


def test_an_unknown_view_is_named(toy):
    with toy.raises("42704"):
        toy.refresh("toy.nothing")
    with toy.raises("42602"):
        toy.refresh("status_by_model")


def test_a_key_that_is_none_is_reported_with_an_example(toy):
    toy.run("""
        CREATE TABLE toy.part (part_id integer, name text);
        INSERT INTO toy.part VALUES (1, 'a'), (2, 'b');
        CREATE VIEW toy.part_live AS SELECT part_id, name FROM toy.part""")
    toy.declare("SELECT refresh.store('toy.part_by_id', 'toy.part_live', '{part_id}')")
    toy.check("toy.part_by_id")
    toy.run("INSERT INTO toy.part VALUES (2, 'b2'), (3, 'c')")
    with toy.raises("21000") as caught:
        toy.refresh("toy.part_by_id")
    assert '"part_id": 2' in caught.value.diag.message_detail
    toy.run("DELETE FROM toy.part WHERE name = 'b'")
    toy.check("toy.part_by_id")
    toy.run("INSERT INTO toy.part VALUES (3, 'c2')")
    with toy.raises("21000"):
        toy.refresh("toy.part_by_id", full=True)


def test_verify_sees_every_kind_of_tampering(toy):
    storage = toy.value("SELECT storage_name FROM refresh.stored_views WHERE view_name = %s", VIEW)
    toy.run(f"""
        UPDATE {storage} SET name = 'forged' WHERE model_id = 1;
        DELETE FROM {storage} WHERE model_id IN (2, 3);
        INSERT INTO {storage} (model_id, name) VALUES (900, 'invented')""")
    found = toy.verify(VIEW)
    assert not found.is_equal
    assert (found.missing_count, found.surplus_count, found.differing_count) == (2, 1, 1)
    assert {"difference": "surplus", "row": {"model_id": 900}} in found.samples
    done = toy.row("SELECT * FROM refresh.rebuild(%s)", VIEW)
    assert (done.mode, done.inserted_count, done.updated_count, done.deleted_count) == ("whole", 2, 1, 1)
    assert toy.verify(VIEW).is_equal


def test_writes_without_triggers_are_healed_by_rebuild(toy):
    admin = toy.session(toy.superuser_dsn, session_replication_role="replica")
    admin.execute("UPDATE toy.model SET name = 'replicated' WHERE model_id = 1")
    toy.refresh(VIEW)
    assert toy.verify(VIEW).differing_count == 1
    toy.row("SELECT * FROM refresh.rebuild(%s)", VIEW)
    assert toy.verify(VIEW).is_equal
