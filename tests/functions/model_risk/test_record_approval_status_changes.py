"""Recorders at work at the same time, and one that is rolled back."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

BANK = """
    INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
    INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id)
    VALUES (901, 'a@bank', 'Owner', 'USER', 901);
    INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
    SELECT id, 'PD', 'In-House', 901, 'Active', '2020-01-01' FROM generate_series(901, 950) AS id;
"""
RECORD = "SELECT model_risk.record_approval_status_changes('EXPIRATION_CHECK')"
COUNT = "SELECT count(*), count(DISTINCT model_id) FROM model_risk.model_approval_status_history"


@pytest.fixture(name="dsn")
def _dsn(fresh_db: str) -> str:
    with psycopg.connect(fresh_db) as connection:
        connection.execute(BANK)
    return fresh_db


def value(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row and len(row) == 1 else row


def record_in_background(connection: psycopg.Connection[Any], counts: list[int]) -> threading.Thread:
    thread = threading.Thread(target=lambda: counts.append(value(connection, RECORD)))
    thread.start()
    return thread


def wait_until_blocked(observer: psycopg.Connection[Any], pid: int) -> None:
    for _ in range(200):
        if value(observer, f"SELECT cardinality(pg_blocking_pids({pid})) > 0"):
            return
        threading.Event().wait(0.02)
    pytest.fail("the second recorder does not wait for the first")


def test_a_second_recorder_waits_and_writes_nothing_twice(dsn: str) -> None:
    counts: list[int] = []
    with (
        psycopg.connect(dsn) as first,
        psycopg.connect(dsn) as second,
        psycopg.connect(dsn, autocommit=True) as observer,
    ):
        assert value(first, RECORD) == 50
        thread = record_in_background(second, counts)
        wait_until_blocked(observer, second.info.backend_pid)
        first.commit()
        thread.join(20)
        second.commit()
        assert counts == [0]
        assert value(observer, COUNT) == (50, 50)


def test_a_second_recorder_takes_over_when_the_first_is_rolled_back(dsn: str) -> None:
    counts: list[int] = []
    with (
        psycopg.connect(dsn) as first,
        psycopg.connect(dsn) as second,
        psycopg.connect(dsn, autocommit=True) as observer,
    ):
        assert value(first, RECORD) == 50
        thread = record_in_background(second, counts)
        wait_until_blocked(observer, second.info.backend_pid)
        first.rollback()
        thread.join(20)
        second.commit()
        assert counts == [50]
        assert value(observer, COUNT) == (50, 50)


def test_readers_do_not_wait_for_a_recorder(dsn: str) -> None:
    with psycopg.connect(dsn) as recorder, psycopg.connect(dsn, autocommit=True) as reader:
        value(recorder, RECORD)
        reader.execute("SET lock_timeout = '2s'")
        assert value(reader, COUNT) == (0, 0)
        recorder.rollback()
        assert value(reader, COUNT) == (0, 0)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_recorder_with_an_old_snapshot_writes_nothing_twice(dsn: str, level: str) -> None:
    with psycopg.connect(dsn) as old, psycopg.connect(dsn, autocommit=True) as other:
        old.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        value(old, "SELECT 1")
        assert value(other, RECORD) == 50
        with pytest.raises(psycopg.errors.InvalidTransactionState):
            value(old, RECORD)
        old.rollback()
        assert value(other, COUNT) == (50, 50)
