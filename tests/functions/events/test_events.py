"""Events: what a room is told, in which order, to whom it is open, and that nothing is missed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tidemark.server_place import OWNER

Connection = psycopg.Connection[Any]


@pytest.fixture(name="house", scope="module")
def _house(server: Any, applied_db: str) -> Iterator[str]:
    """Two families: one whose odd users may enter rooms that begin with "open", one without a rule."""
    with server.database(applied_db) as name:
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute(f"""
                CREATE SCHEMA shop AUTHORIZATION {OWNER};
                CREATE FUNCTION shop.may_enter(room text, actor text) RETURNS boolean LANGUAGE sql
                    RETURN room LIKE 'open%' AND actor::integer % 2 = 1;
                SELECT events.declare_family('shop', 'shop.may_enter');
                CREATE ROLE events_reader LOGIN IN ROLE tidemark_app;
                CREATE ROLE events_operator LOGIN IN ROLE tidemark_operator""")
        yield server.dsn(name)
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("DROP ROLE events_reader; DROP ROLE events_operator")


@pytest.fixture(name="one")
def _one(house: str) -> Iterator[Connection]:
    with psycopg.connect(house, autocommit=True) as connection:
        yield connection


@pytest.fixture(name="two")
def _two(house: str) -> Iterator[Connection]:
    with psycopg.connect(house, autocommit=True) as connection:
        yield connection


def publish(connection: Connection, rooms: Any, family: str = "shop", kind: str = "order.updated") -> int | None:
    row = connection.execute(
        "SELECT events.publish(%s, %s, '{\"id\": 1}', %s)", [family, kind, json.dumps(rooms)]
    ).fetchone()
    assert row
    return row[0]


def since(connection: Connection, room: str, after: int | None = 0, actor: str | None = None) -> list[int]:
    rows = connection.execute(
        "SELECT event_id FROM events.since('shop', %s, %s, %s)", [room, actor, after]
    ).fetchall()
    return [row[0] for row in rows]


def heard(connection: Connection) -> list[tuple[str, Any]]:
    return [(note.channel, json.loads(note.payload)) for note in connection.notifies(timeout=0.3)]


def test_each_room_is_told_its_own_part_once_at_commit(one: Connection, two: Connection) -> None:
    two.execute("LISTEN shop_effort_1; LISTEN shop_role_admin")
    with one.transaction():
        event = publish(one, {"effort_1": {"7": {"a": None}, "12": None}, "role_ADMIN": {"9": {"b": 2}}})
        assert heard(two) == []
    told = dict(heard(two))
    assert told == {
        "shop_effort_1": {
            "event_id": event, "type": "order.updated", "room": "effort_1", "n": 2, "delta": {"7": {"a": None}, "12": None},
        },
        "shop_role_admin": {
            "event_id": event, "type": "order.updated", "room": "role_ADMIN", "n": 1, "delta": {"9": {"b": 2}},
        },
    }  # fmt: skip
    row = one.execute("SELECT rooms, payload, actor FROM events.change WHERE event_id = %s", [event]).fetchone()
    assert row
    assert row[0] == ["effort_1", "role_ADMIN"]
    assert row[2] == {"id": 1}
    assert row[1].keys() == {"v", "type", "actor", "rooms"}
    assert row[1]["rooms"]["role_ADMIN"] == {"9": {"b": 2}}


def test_several_events_of_a_transaction_are_one_message_of_a_room(one: Connection, two: Connection) -> None:
    two.execute("LISTEN shop_many")
    with one.transaction():
        first = publish(one, {"many": {"1": {"a": 1}}})
        with one.transaction(force_rollback=True):
            publish(one, {"many": {"2": {"a": 1}}})
        last = publish(one, {"many": {"1": {"a": 2}, "3": None}}, kind="order.deleted")
    ((_, told),) = heard(two)
    assert (told["event_id"], told["type"], told["n"]) == (last, "several", 3)
    assert [(event["event_id"], event["delta"]) for event in told["events"]] == [
        (first, {"1": {"a": 1}}),
        (last, {"1": {"a": 2}, "3": None}),
    ]
    assert since(one, "many") == [first, last]


def test_what_is_taken_back_is_not_told(one: Connection, two: Connection) -> None:
    two.execute("LISTEN shop_silent")
    with one.transaction(force_rollback=True):
        publish(one, {"silent": {"1": None}})
    assert heard(two) == []
    assert since(one, "silent") == []
    assert publish(one, {}) is None
    assert heard(two) == []


def test_a_long_message_keeps_the_keys_and_the_event_can_be_read(one: Connection, two: Connection) -> None:
    two.execute("LISTEN shop_long")
    event = publish(one, {"long": {str(key): {"a": "x" * 40} for key in range(600)}, "other": {"secret": None}})
    ((_, told),) = heard(two)
    assert told == {
        "event_id": event, "type": "order.updated", "room": "long", "n": 600, "truncated": True,
        "ids": [str(key) for key in range(500)],
    }  # fmt: skip
    row = one.execute("SELECT object_count, delta FROM events.read('shop', %s, 'long')", [event]).fetchone()
    assert row
    assert row[0] == len(row[1]) == 600
    publish(one, {"long": {f"{key:060}": None for key in range(600)}})
    note = next(iter(two.notifies(timeout=5)))
    assert 6000 < len(note.payload.encode()) < 7500
    assert set(json.loads(note.payload)["ids"]) <= {f"{key:060}" for key in range(600)}


def test_the_order_of_a_room_is_the_order_of_commits_and_nothing_is_missed(one: Connection, two: Connection) -> None:
    """The smaller event id is committed last: who went on after the larger one gets it all the same."""
    with one.transaction():
        late = publish(one, {"opposite": {"1": {"a": 1}}})
        early = publish(two, {"opposite": {"1": {"a": 2}}})
        assert late
        assert early
        assert late < early
        assert since(two, "opposite") == [early]
    assert since(two, "opposite", early) == [late]
    assert since(two, "opposite") == [early, late]
    assert since(two, "opposite", None) == [late]


def test_a_commit_waits_for_another_of_the_same_room_only(one: Connection, two: Connection) -> None:
    two.execute("SET lock_timeout = '200ms'")
    with one.transaction():
        first = publish(one, {"busy": {"1": None}})
        one.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as if it were in the middle of its commit
        with pytest.raises(errors.LockNotAvailable):
            publish(two, {"busy": {"2": None}})
        publish(two, {"idle": {"2": None}})
        assert since(two, "busy") == []
    second = publish(two, {"busy": {"2": None}})
    assert since(two, "busy") == [first, second]


def test_a_repeatable_read_writer_may_tell_too(one: Connection, two: Connection) -> None:
    publish(one, {"calm": {"0": None}})
    with one.transaction():
        one.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        other = publish(two, {"calm": {"1": None}})
        mine = publish(one, {"calm": {"2": None}})
    assert since(one, "calm")[1:] == [other, mine]


@pytest.mark.parametrize(
    ("login", "family", "room", "actor", "is_open"),
    [
        ("events_reader", "shop", "open_1", "1", True),
        ("events_reader", "shop", "open_1", "2", False),
        ("events_reader", "shop", "closed_1", "1", False),
        ("events_reader", "shop", "open_1", None, False),
        ("events_reader", "unknown", "open_1", "1", False),
        ("events_operator", "shop", "open_1", None, True),
        ("events_operator", "unknown", "open_1", None, True),
        ("events_operator", "unknown", "open_1", "1", False),
    ],
)
def test_a_room_is_open_to_whom_the_family_lets_in(
    one: Connection, login: str, family: str, room: str, actor: str | None, is_open: bool
) -> None:
    event = publish(one, {room: {"1": None}, "open_hidden": {"2": None}}, family)
    with one.transaction(force_rollback=True):
        one.execute(f"SET LOCAL SESSION AUTHORIZATION {login}")
        for call in ("events.since(%s, %s, %s)", "events.read(%s, {}, %s, %s)"):
            statement = f"SELECT delta FROM {call.format(event)} ORDER BY event_id DESC LIMIT 1"
            if is_open:
                assert one.execute(statement, [family, room, actor]).fetchall() == [({"1": None},)]
            else:
                with pytest.raises(errors.InsufficientPrivilege) as caught, one.transaction():
                    one.execute(statement, [family, room, actor])
                assert caught.value.diag.message_hint
        with pytest.raises(errors.InsufficientPrivilege), one.transaction():
            publish(one, {room: {"1": None}})


def test_an_event_is_not_read_through_a_room_that_was_not_told(one: Connection) -> None:
    event = publish(one, {"open_a": {"1": None}})
    assert one.execute("SELECT * FROM events.read('shop', %s, 'open_b', '1')", [event]).fetchall() == []
    with pytest.raises(errors.NoDataFound) as caught:
        since(one, "open_b", event, "1")
    assert caught.value.diag.message_hint


def test_a_family_may_keep_its_values_out_of_messages(one: Connection, two: Connection) -> None:
    two.execute("LISTEN discreet_room")
    one.execute("SELECT events.declare_family('discreet', 'shop.may_enter', p_sends_deltas => FALSE)")
    publish(one, {"room": {"1": {"salary": 1}}}, "discreet")
    ((_, told),) = heard(two)
    assert told["truncated"]
    assert told["ids"] == ["1"]
    assert "delta" not in told


def test_old_events_go_and_the_newest_of_a_room_stays(one: Connection) -> None:
    both = [publish(one, {"old_a": {"1": None}, "old_b": {"1": None}}) for _ in range(2)]
    last = publish(one, {"old_a": {"1": None}})
    one.execute(
        "UPDATE events.change SET created_at = created_at - interval '8 days' WHERE event_id = ANY(%s)",
        [[*both, last]],
    )
    one.execute("SELECT events_internal.prune()")
    assert (since(one, "old_a"), since(one, "old_b")) == ([both[1], last], [both[1]])
    with pytest.raises(errors.NoDataFound):
        since(one, "old_a", both[0])
    one.execute("SET tidemark.event_days = 'many'")
    with pytest.raises(errors.InvalidParameterValue):
        one.execute("SELECT events_internal.prune()")


@pytest.mark.parametrize("rooms", [[], {"a": 1}, {"": {}}, {"x" * 59: {}}, {"a": []}])
def test_what_cannot_be_told_is_refused(one: Connection, rooms: Any) -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        publish(one, rooms)
    assert caught.value.diag.message_hint


@pytest.mark.parametrize(
    "rule", ["shop.nothing", "shop.may_enter(text, text)", "pg_catalog.texteq_", "pg_catalog.concat"]
)
def test_what_is_no_rule_is_refused(one: Connection, rule: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        one.execute("SELECT events.declare_family('other', %s)", [rule])
    assert caught.value.sqlstate in ("42883", "42601", "22P02")
