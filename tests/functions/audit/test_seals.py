"""Seals: whatever is done to the log behind its back is found and named; what is done by its functions is not."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

Connection = psycopg.Connection[Any]
RECORD = "SELECT audit.record('shop', 'orders', %s, 'UPDATE', p_after => jsonb_build_object('n', %s::integer))"


@pytest.fixture(name="sealed", scope="module")
def _sealed(server: Any, applied_db: str) -> Iterator[str]:
    """A database with three seals of ten entries each."""
    with server.database(applied_db) as name:
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            for seal in range(3):
                for number in range(10):
                    connection.execute(RECORD, [str(number), seal])
                seal_now(connection)
        yield server.dsn(name)


@pytest.fixture(name="log")
def _log(sealed: str) -> Iterator[Connection]:
    """In a transaction that is rolled back, with the triggers of the log off, as its owner may have it."""
    with psycopg.connect(sealed) as connection:
        connection.execute("ALTER TABLE audit.entries DISABLE TRIGGER USER")
        yield connection
        connection.rollback()


@pytest.fixture(name="own")
def _own(server: Any, applied_db: str) -> Iterator[str]:
    with server.database(applied_db) as name:
        yield server.dsn(name)


def seal_now(connection: Connection) -> int:
    row = connection.execute("SELECT audit_internal.seal()").fetchone()
    assert row
    return int(row[0])


def found(connection: Connection, *known: Any) -> list[tuple[str, int | None]]:
    """What verify complains about: the problem and the key of the row, or the number of the seal."""
    return [
        (row[0], row[1])
        for row in connection.execute(
            f"SELECT problem, coalesce(entry_no, seal_no) FROM audit.verify({', '.join(['%s'] * len(known))})", known
        ).fetchall()
    ]


def number(connection: Connection, key: str, seal: int) -> int:
    row = connection.execute(
        "SELECT entry_no FROM audit.entries WHERE family = 'shop' AND row_key = %s AND after_values ->> 'n' = %s",
        [key, str(seal)],
    ).fetchone()
    assert row
    return int(row[0])


def test_a_log_as_it_was_written_is_whole(log: Connection) -> None:
    assert found(log) == []
    log.execute(RECORD, ["11", 9])  # not sealed yet
    assert found(log) == []


ALTERED = "UPDATE audit.entries SET {} WHERE entry_no = %s"


@pytest.mark.parametrize(
    "change",
    [
        "after_values = '{\"n\": 7}'",
        "before_values = 'null'",
        "actor = 'somebody else'",
        "recorded_at = recorded_at - interval '40 days'",
        "transaction_id = '999999999'",
        "loaded_at = clock_timestamp()",
        "row_key = row_key || ' '",
        "family = 'other'",
    ],
)
def test_an_altered_entry_is_named(log: Connection, change: str) -> None:
    entry = number(log, "4", 1)
    log.execute(ALTERED.format(change), [entry])
    assert found(log) == [("altered", entry)]


def test_contents_of_two_entries_swapped(log: Connection) -> None:
    one, two = number(log, "4", 1), number(log, "5", 1)
    log.execute(
        "UPDATE audit.entries SET row_key = CASE row_key WHEN '4' THEN '5' ELSE '4' END WHERE entry_no IN (%s, %s)",
        [one, two],
    )
    assert found(log) == [("altered", one), ("altered", two)]


def test_removed_entries_are_named(log: Connection) -> None:
    entries = sorted(number(log, str(key), 1) for key in range(10))
    log.execute("DELETE FROM audit.entries WHERE entry_no = ANY(%s)", [entries])
    assert found(log) == [("removed", entry) for entry in entries]


def test_entries_that_leave_with_their_partition(log: Connection) -> None:
    row = log.execute("SELECT DISTINCT tableoid::regclass::text FROM audit.entries").fetchall()
    for (partition,) in row:
        log.execute(f"ALTER TABLE audit.entries DETACH PARTITION {partition}")
    assert [problem for problem, _ in found(log)].count("removed") >= 30


INSERT = (
    "INSERT INTO audit.entries (entry_no, recorded_at, transaction_id, login, family, table_name, row_key, action)"
    " OVERRIDING SYSTEM VALUE VALUES ({}, {}, {}, 'ann', 'shop', 'orders', 'x', 'UPDATE') RETURNING entry_no"
)


@pytest.mark.parametrize(
    "values",
    [
        ("1", "clock_timestamp()", "pg_current_xact_id()"),
        ("900000", "clock_timestamp()", "(SELECT min(transaction_id) FROM audit.entries WHERE family = 'shop')"),
        ("900000", "clock_timestamp()", "'9999999999'"),
        ("900000", "clock_timestamp() - interval '3 days'", "pg_current_xact_id()"),
        ("900000", "clock_timestamp() + interval '3 days'", "pg_current_xact_id()"),
        ("(SELECT max(entry_no) FROM audit.entries)", "clock_timestamp()", "pg_current_xact_id()"),
    ],
)
def test_an_entry_that_was_slipped_in_is_named(log: Connection, values: tuple[str, ...]) -> None:
    row = log.execute(INSERT.format(*values)).fetchone()
    assert row
    assert found(log) == [("slipped in", row[0])]


def test_an_old_entry_of_another_system_is_not_slipped_in_if_it_says_so(log: Connection) -> None:
    log.execute(
        "INSERT INTO audit.entries (recorded_at, loaded_at, login, family, table_name, row_key, action)"
        " VALUES ('2020-01-01Z', clock_timestamp(), 'ann', 'shop', 'orders', 'x', 'UPDATE')"
    )
    assert found(log) == []


def test_a_false_digest_does_not_hide_a_change(log: Connection) -> None:
    """Entry, its digest, the part and the seal are all made to fit: the next seal does not."""
    entry = number(log, "4", 1)
    log.execute(ALTERED.format("actor = 'x'"), [entry])
    log.execute(
        "UPDATE audit_internal.sealed_entries AS par SET digests = ARRAY(SELECT audit_internal.digest_of(ent) FROM audit.entries AS ent"
        " WHERE ent.entry_no = ANY(par.entry_nos) ORDER BY ent.entry_no) WHERE seal_no = 2"
    )
    assert found(log) == [("seal altered", 2)]
    log.execute(
        "UPDATE audit_internal.sealed_entries SET digest = audit_internal.digest_of_part(entry_nos, instants, digests)"
    )
    assert found(log) == [("seal altered", 2)]
    log.execute("UPDATE audit.seals AS sea SET digest = audit_internal.digest_of_seal(sea) WHERE seal_no = 2")
    assert found(log) == [("seal altered", 3)]
    log.execute(
        "UPDATE audit.seals SET previous = (SELECT digest FROM audit.seals WHERE seal_no = 2) WHERE seal_no = 3"
    )
    log.execute("UPDATE audit.seals AS sea SET digest = audit_internal.digest_of_seal(sea) WHERE seal_no = 3")
    assert found(log) == [("seal removed", 3)]


def test_who_noted_a_seal_elsewhere_finds_a_chain_that_was_made_anew(log: Connection) -> None:
    noted = log.execute("SELECT seal_no, encode(digest, 'hex') FROM audit.seals WHERE seal_no = 2").fetchone()
    assert noted
    assert found(log, *noted) == []
    log.execute("UPDATE audit.seals SET digest = '\\x00' WHERE seal_no = 2")
    assert ("seal altered", 2) in found(log, *noted)
    assert "seal removed" in [problem for problem, _ in found(log, 99, "00")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("DELETE FROM audit.seals WHERE seal_no = 3", ("seal removed", 3)),
        ("DELETE FROM audit.seals WHERE seal_no = 2", ("seal removed", 2)),
        ("DELETE FROM audit.seals WHERE seal_no = 1", ("seal removed", 1)),
        ("DELETE FROM audit_internal.newest_seal", ("seal removed", None)),
        ("UPDATE audit.seals SET sealed_at = sealed_at + interval '1 s' WHERE seal_no = 2", ("seal altered", 2)),
        ("DELETE FROM audit_internal.sealed_entries WHERE seal_no = 2", ("seal altered", 2)),
        (
            "UPDATE audit_internal.sealed_entries SET entry_nos = NULL, instants = NULL, digests = NULL WHERE seal_no = 2",
            ("seal altered", 2),
        ),
        (
            "UPDATE audit_internal.sealed_entries SET instants = array_fill('2000-01-01Z'::timestamptz, '{10}') WHERE seal_no = 2",
            ("seal altered", 2),
        ),
    ],
)
def test_seals_are_no_easier_to_change(log: Connection, change: str, expected: tuple[str, int | None]) -> None:
    log.execute(change)
    assert expected in found(log)


def test_a_purge_is_no_tampering(own: str) -> None:
    """Some of a part, whole parts, sealed or not; afterwards removing more is found as before."""
    with psycopg.connect(own, autocommit=True) as connection:
        load = (
            "INSERT INTO audit.entries (recorded_at, loaded_at, login, family, table_name, row_key, action)"
            " SELECT clock_timestamp() - age * interval '1 day', clock_timestamp(), 'ann', family, 'orders', age::text, 'UPDATE'"
            " FROM generate_series(20, 60, 10) AS age, (VALUES ('shop'), ('other')) AS fam (family)"
        )
        connection.execute(load)
        assert seal_now(connection) >= 10
        connection.execute(load)
        assert connection.execute("SELECT audit.purge(45, 'shop')").fetchone() == (4,)
        assert found(connection) == []
        assert seal_now(connection) == 9
        assert connection.execute("SELECT audit.purge(35)").fetchone() == (8,)
        assert found(connection) == []
        assert connection.execute("SELECT count(*) FROM audit_internal.purges").fetchone() == (0,)
        row = connection.execute(
            "SELECT after_values - 'before' FROM audit.entries WHERE action = 'AUDIT_PURGE' ORDER BY entry_no DESC"
        ).fetchone()
        assert row == ({"days": 35, "n": 8, "family": None},)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit.entries WHERE recorded_at < clock_timestamp() - interval '25 days'")
        connection.execute(
            "ALTER TABLE audit.entries DISABLE TRIGGER USER;"
            " DELETE FROM audit.entries WHERE recorded_at < clock_timestamp() - interval '25 days'"
        )
        assert [problem for problem, _ in found(connection)] == ["removed"] * 4


@pytest.mark.parametrize("arguments", ["29", "NULL", "90, 'audit'"])
def test_what_is_young_or_tells_of_purges_is_not_purged(log: Connection, arguments: str) -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        log.execute(f"SELECT audit.purge({arguments})")
    assert caught.value.diag.message_hint


def test_a_chosen_day_removes_less_and_never_more(log: Connection) -> None:
    log.execute("ALTER TABLE audit.entries ENABLE TRIGGER USER; SET LOCAL tidemark.as_of = '2999-01-01'")
    assert log.execute("SELECT audit.purge(30)").fetchone() == (0,)


def test_entries_of_transactions_that_were_open_are_sealed_later(own: str) -> None:
    """The one with the smaller numbers commits last; seals made meanwhile leave it for a later one."""
    with psycopg.connect(own) as slow, psycopg.connect(own, autocommit=True) as quick:
        quick.execute(RECORD, ["first", 0])
        seal_now(quick)
        slow.execute(RECORD, ["slow", 1])
        quick.execute(RECORD, ["quick", 1])
        assert seal_now(quick) == 0  # not final: an older transaction is open
        quick.execute(RECORD, ["quick", 2])
        assert seal_now(quick) == 0
        slow.commit()
        quick.execute(RECORD, ["quick", 3])
        assert seal_now(quick) == 4
        assert found(quick) == []
        slow.execute(RECORD, ["slow", 2])
        slow.rollback()
        assert seal_now(quick) == 0
        assert (
            quick.execute("SELECT sum(entry_count) FROM audit.seals").fetchone()
            == quick.execute("SELECT count(*) FROM audit.entries").fetchone()
        )


def test_two_who_seal_at_once_make_one_seal(own: str) -> None:
    with psycopg.connect(own) as one, psycopg.connect(own) as two:
        one.execute(RECORD, ["a", 0])
        one.commit()
        assert seal_now(one) > 0
        answer: list[int] = []
        other = threading.Thread(target=lambda: answer.append(seal_now(two)))
        other.start()
        other.join(20)
        assert answer == [0]
        one.commit()
        two.commit()
        assert found(one) == []


@pytest.mark.once
def test_a_dump_that_is_restored_verifies_and_goes_on(own: str, server: Any) -> None:
    """Sealed entries, some that are not, and what is written afterwards."""
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute(RECORD, ["sealed", 1])
        seal_now(connection)
        connection.execute(RECORD, ["not sealed", 2])
    with server.database() as name:
        restored = server.dsn(name)
        dump = subprocess.run([psql_folder(server) + "pg_dump", own], check=True, capture_output=True)
        subprocess.run(
            [psql_folder(server) + "psql", "-X", "-q", restored], input=dump.stdout, check=True, capture_output=True
        )
        with psycopg.connect(restored, autocommit=True) as connection:
            assert found(connection) == []
            assert connection.execute("SELECT count(*) FROM audit.entries WHERE family = 'shop'").fetchone() == (2,)
            connection.execute(RECORD, ["after", 3])
            assert seal_now(connection) >= 2
            assert found(connection) == []
            connection.execute(
                "ALTER TABLE audit.entries DISABLE TRIGGER USER; DELETE FROM audit.entries WHERE row_key = 'sealed'"
            )
            assert [problem for problem, _ in found(connection)] == ["removed"]


def psql_folder(server: Any) -> str:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchone()
    assert row
    return f"{row[0]}/"


def test_another_cluster_begins_anew(own: str) -> None:
    """Transactions of the old one are far ahead of those of the new one, and what was not sealed there is sealed here."""
    with psycopg.connect(own, autocommit=True) as connection:
        for key in "abc":
            connection.execute(RECORD, [key, 0])
        seal_now(connection)
        connection.execute(RECORD, ["not sealed before", 1])
        connection.execute("""
            ALTER TABLE audit.entries DISABLE TRIGGER USER;
            UPDATE audit.entries SET transaction_id = '777777777777' WHERE row_key = 'not sealed before';
            UPDATE audit.seals SET cluster_id = 1, final_below = '777777777000', begun_below = '777777777000';
            UPDATE audit.seals AS sea SET digest = audit_internal.digest_of_seal(sea);
            UPDATE audit_internal.newest_seal SET digest = (SELECT digest FROM audit.seals);
            ALTER TABLE audit.entries ENABLE TRIGGER USER""")
        connection.execute(RECORD, ["new", 2])
        assert seal_now(connection) == 2
        assert found(connection) == []
        connection.execute(RECORD, ["newer", 3])
        assert seal_now(connection) == 1
        assert seal_now(connection) == 0
        assert found(connection) == []
        connection.execute(
            "ALTER TABLE audit.entries DISABLE TRIGGER USER; DELETE FROM audit.entries WHERE row_key = 'not sealed before'"
        )
        assert [problem for problem, _ in found(connection)] == ["removed"]


def test_a_first_seal_waits_for_writers_no_longer_than_a_moment(own: str) -> None:
    with psycopg.connect(own) as writer, psycopg.connect(own, autocommit=True) as other:
        other.execute(RECORD, ["a", 0])
        writer.execute(RECORD, ["b", 0])
        other.execute("UPDATE audit.seals SET cluster_id = 1")
        assert seal_now(other) == 0
        writer.commit()
        assert seal_now(other) >= 2


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ("'shop', 'orders', '4'", ["4", "4", "4"]),
        ("'shop', p_limit => 2", ["9", "8"]),
        ("'nobody'", []),
        ("'shop', p_actor => 'x'", []),
        ("'shop', p_action => 'UPDATE', p_limit => 1", ["9"]),
        ("'shop', p_to => clock_timestamp() - interval '1 day'", []),
    ],
)
def test_entries_are_read_newest_first(log: Connection, arguments: str, keys: list[str]) -> None:
    rows = log.execute(f"SELECT row_key FROM audit.read({arguments})").fetchall()
    assert [key for (key,) in rows] == keys


def test_pages_follow_each_other_without_gap(log: Connection) -> None:
    whole = log.execute("SELECT entry_no FROM audit.read('shop', p_limit => 1000)").fetchall()
    pages: list[tuple[int]] = []
    after: tuple[Any, Any] = (None, None)
    while page := log.execute(
        "SELECT recorded_at, entry_no FROM audit.read('shop', p_after_at => %s, p_after_no => %s, p_limit => 7)",
        after,
    ).fetchall():
        pages += [(entry,) for _, entry in page]
        after = page[-1]
    assert pages == whole
    for limit in ("0", "1001", "NULL"):
        with pytest.raises(errors.InvalidParameterValue), log.transaction():
            log.execute(f"SELECT audit.read(p_limit => {limit})")
