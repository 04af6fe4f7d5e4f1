"""Many rows at once: all or nothing, limits, a constant number of statements, and writers at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

ADMIN, EDITOR = 1, 2
MANY = """
INSERT INTO clinical.reporting_effort_items (id, reporting_effort_id, item_type, item_subtype, item_code)
SELECT n, 2, 'TLF', 'Table', 'many ' || n FROM generate_series(9000001, 9001001) AS n;
INSERT INTO clinical.reporting_effort_item_tracker (id, reporting_effort_item_id, reporting_effort_id)
SELECT n, n, 2 FROM generate_series(9000001, 9001001) AS n
"""
UPDATE = "SELECT status FROM clinical.bulk_update_trackers(%s, %s)"


@pytest.fixture
def busy(office: Any) -> Iterator[Any]:
    """The office with 1001 more trackers."""
    for statement in MANY.split(";\n"):
        office.main.execute(statement)
    yield office


def updates(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"tracker_id": 9000001 + n, **fields} for n in range(count)]


def test_a_thousand_rows_are_accepted_and_one_more_is_not(busy: Any) -> None:
    before = busy.everything()
    answer = busy.call("bulk_update_trackers", ADMIN, updates(1001, priority="low"))
    assert (answer["status"], answer["code"], answer["row_count"], answer["row_results"]) == (
        "rejected",
        "batch_too_large",
        1001,
        [],
    )
    answer = busy.call("bulk_update_trackers", ADMIN, "[]")
    assert (answer["status"], answer["row_count"]) == ("applied", 0)
    assert busy.everything() == before
    answer = busy.call("bulk_update_trackers", ADMIN, updates(1000, priority="low"))
    assert (answer["status"], answer["updated_count"], answer["changed_count"]) == ("applied", 1000, 1000)
    assert len(busy.events()) == 1
    acts = "SELECT action, count(*) FROM audit.entries WHERE transaction_id = pg_current_xact_id() AND batch IS NOT NULL GROUP BY action ORDER BY action"
    assert busy.rows(acts) == [("BULK_UPDATE", 1), ("UPDATE", 1000)]
    rows = [{"tracker_id": row["tracker_id"], "user_id": 3, "role": "qc"} for row in updates(1001)]
    assert busy.call("bulk_assign_trackers", ADMIN, rows)["code"] == "batch_too_large"
    assert busy.call("bulk_assign_trackers", ADMIN, rows[:1000])["updated_count"] == 1000
    new = [
        {"item_subtype": "Figure", "item_code": f"n{n}", "title": f"Title {n}", "footnotes": ["Note A"]}
        for n in range(1001)
    ]
    assert busy.call("bulk_create_items", ADMIN, 2, "TLF", new)["code"] == "batch_too_large"
    answer = busy.call("bulk_create_items", ADMIN, 2, "TLF", new[:1000])
    assert (answer["created_count"], answer["new_text_count"]) == (1000, 1001)
    assert busy.value("SELECT count(*) FROM clinical.reporting_effort_item_tracker") == 4 + 1001 + 1000
    tag = busy.call("assign_tag", ADMIN, 1, [row["tracker_id"] for row in updates(1001)])
    assert (tag["status"], tag["affected_count"]) == ("batch_too_large", 0)
    imported = [{"item_code": f"many {9000001 + n}", "priority": "high"} for n in range(1001)]
    assert busy.call("import_trackers", ADMIN, 2, imported)["updated_count"] == 1001


def test_a_rejected_batch_leaves_everything_as_it_was(busy: Any) -> None:
    before = busy.everything()
    bad = [*updates(20, priority="low"), {"tracker_id": 1, "priority": "urgent"}]
    assert busy.call("bulk_update_trackers", ADMIN, bad)["code"] == "row_errors"
    bad = [{"tracker_id": 1, "user_id": 2, "role": "qc"}, {"tracker_id": 2, "user_id": 4, "role": "qc"}]
    assert busy.call("bulk_assign_trackers", ADMIN, bad)["code"] == "row_errors"
    bad = [{"item_code": "t1", "priority": "low"}, {"item_code": "nope"}]
    assert busy.call("import_trackers", ADMIN, 1, bad)["code"] == "row_errors"
    bad = [
        {"item_subtype": "Table", "item_code": "n", "title": "Brand new"},
        {"item_subtype": "Table", "item_code": "n"},
    ]
    assert busy.call("bulk_create_items", ADMIN, 1, "TLF", bad)["code"] == "row_errors"
    assert busy.call("assign_tag", ADMIN, 1, [1, 2, 77])["status"] == "tracker_not_found"
    assert busy.everything() == before


@pytest.mark.once
def test_the_number_of_statements_does_not_follow_the_number_of_rows(busy: Any) -> None:
    """Counted by triggers once per statement on every table that is written, rows written included in none of them."""
    busy.main.execute(
        "CREATE FUNCTION pg_temp.count_statement() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM nextval('pg_temp.statements'); RETURN NULL; END $$"
    )
    busy.main.execute("CREATE TEMPORARY SEQUENCE statements")
    for table in busy.tables():
        busy.main.execute(
            f"CREATE TRIGGER zz_count AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.count_statement()"
        )

    def statements(function: str, *arguments: Any) -> int:
        before = busy.value("SELECT nextval('pg_temp.statements')")
        assert busy.call(function, ADMIN, *arguments)["status"] in ("applied", "ok")
        return int(busy.value("SELECT nextval('pg_temp.statements')") - before)

    def assignments(count: int, user: int) -> list[dict[str, Any]]:
        return [{"tracker_id": row["tracker_id"], "user_id": user, "role": "qc"} for row in updates(count)]

    def items(count: int, prefix: str) -> list[dict[str, Any]]:
        return [
            {"item_subtype": "Figure", "item_code": f"{prefix}{n}", "title": f"{prefix}{n}"} for n in range(count)
        ]

    one, many = updates(10, priority="low"), updates(1000, priority="high")
    assert statements("bulk_update_trackers", one) == statements("bulk_update_trackers", many) > 0
    assert statements("bulk_assign_trackers", assignments(10, 2)) == statements(
        "bulk_assign_trackers", assignments(1000, 3)
    )
    assert statements("bulk_create_items", 2, "TLF", items(10, "a")) == statements(
        "bulk_create_items", 2, "TLF", items(1000, "b")
    )
    assert statements("copy_items", "reporting_effort", 2, 1, None, [9000001, 9000002]) == statements(
        "copy_items", "reporting_effort", 2, 1
    )


def committed(office: Any, priority: str) -> int:
    return int(
        office.value(
            "SELECT count(*) FROM clinical.reporting_effort_item_tracker WHERE priority = %s AND id < 1000", priority
        )
    )


def test_two_overlapping_lists_come_one_after_the_other(office: Any) -> None:
    """In opposite order, and many times: neither waits for the other for ever, and the last one's values stand."""
    ids = [1, 2, 3, 4]

    def work(order: list[int], priority: str) -> None:
        with office.session() as session:
            for _ in range(25):
                rows = json.dumps([{"tracker_id": number, "priority": priority} for number in order])
                status = session.execute(UPDATE, [EDITOR, rows]).fetchone()
                assert status == {"status": "applied"}
                found = session.execute(
                    "SELECT count(DISTINCT priority) AS n FROM clinical.reporting_effort_item_tracker WHERE id = ANY(%s)",
                    [ids],
                ).fetchone()
                assert found == {"n": 1}, "one list or the other, never a mixture"

    office.main.rollback()
    try:
        with office.session() as session:
            session.execute(
                UPDATE, [EDITOR, json.dumps([{"tracker_id": number, "priority": "low"} for number in ids])]
            )
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(work, ids, "high"), pool.submit(work, ids[::-1], "critical")]:
                done.result(timeout=60)
        assert committed(office, "high") in (0, 4)
        assert committed(office, "high") + committed(office, "critical") == 4
    finally:
        office.main.rollback()
        with office.session() as session:
            session.execute(
                UPDATE, [EDITOR, json.dumps([{"tracker_id": number, "priority": "medium"} for number in ids])]
            )


def test_what_is_taken_back_is_told_to_nobody(office: Any) -> None:
    with office.session() as listener, office.session() as writer:
        listener.execute("LISTEN clinical_effort_1")
        listener.execute("LISTEN clinical_effort_2")
        writer.autocommit = False
        writer.execute(UPDATE, [EDITOR, json.dumps([{"tracker_id": 1, "qc_level": "level1"}])])
        writer.rollback()
        assert writer.execute(
            "SELECT count(*) AS n FROM events.change WHERE payload::text LIKE '%%level1%%'"
        ).fetchone() == {"n": 0}
        rows = [
            {"tracker_id": 1, "qc_level": "level2"},
            {"tracker_id": 2, "qc_level": "level2"},
            {"tracker_id": 3, "qc_level": "level2"},
        ]
        writer.execute(UPDATE, [EDITOR, json.dumps(rows)])
        writer.commit()
        heard = list(listener.notifies(timeout=5, stop_after=1))
        assert [(note.channel, json.loads(note.payload)["delta"]) for note in heard] == [
            ("clinical_effort_1", {"1": {"qc_level": "level2"}, "2": {"qc_level": "level2"}})
        ], "one message for the room, without the inactive item"
        assert list(listener.notifies(timeout=0.3)) == [], "and nothing for the other effort"


@pytest.mark.once
def test_two_that_make_the_same_key_do_not_both_succeed(office: Any) -> None:
    create = "SELECT status FROM clinical.create_item(%s, 1, 'TLF', 'Table', 'race')"
    with office.session() as first, office.session() as second:
        first.autocommit = second.autocommit = False
        assert first.execute(create, [EDITOR]).fetchone() == {"status": "ok"}
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(second.execute, create, [EDITOR])
            wait_until_blocked(office.session(), second.info.backend_pid)
            first.commit()
            assert waiting.result(timeout=60).fetchone() == {"status": "item_exists"}
        second.rollback()
    with office.session() as session:
        (made,) = session.execute(
            "SELECT id FROM clinical.reporting_effort_items WHERE item_code = 'race'"
        ).fetchall()
        session.execute("SELECT clinical.delete_item(%s, %s)", [EDITOR, made["id"]])


def wait_until_blocked(session: psycopg.Connection[Any], process: int) -> None:
    with session:
        for _ in range(1000):
            if session.execute(
                "SELECT cardinality(pg_blocking_pids(%s)) > 0 AS is_blocked", [process]
            ).fetchone() == {"is_blocked": True}:
                return
            session.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("the session was expected to wait for a lock")


FIELDS = [
    "production_programmer_id", "qc_programmer_id", "production_status", "qc_status", "priority", "qc_level", "due_date",
    "qc_completion_date", "in_production_flag",
]  # fmt: skip


def test_the_first_wrong_field_is_told_in_the_order_of_the_table(office: Any) -> None:
    for place, first in enumerate(FIELDS):
        for second in FIELDS[place + 1 :]:
            row = {"tracker_id": 1, second: [], first: []}
            (result,) = office.call("bulk_update_trackers", ADMIN, [row])["row_results"]
            assert (result["error_code"], result["error_field"]) == ("value_invalid", first), second


@pytest.mark.parametrize(
    ("actor", "rows", "status", "code", "count"),
    [
        (3, "[]", "forbidden", "forbidden", 0),
        (3, "{}", "forbidden", "forbidden", None),
        (ADMIN, "{}", "rejected", "payload_not_array", None),
    ],
)
def test_a_list_that_is_not_looked_at_counts_nothing(
    office: Any, actor: int, rows: str, status: str, code: str, count: int | None
) -> None:
    for function, arguments in (
        ("bulk_update_trackers", ()),
        ("bulk_assign_trackers", ()),
        ("import_trackers", (1,)),
    ):
        assert office.call(function, actor, *arguments, rows) == {
            "status": status, "code": code, "row_count": count, "updated_count": 0, "unchanged_count": 0, "error_count": 0,
            "changed_count": 0, "row_results": [],
        }, function  # fmt: skip


def test_items_of_a_package_get_the_details_of_their_type(office: Any) -> None:
    data_sets = [
        {"item_subtype": "SDTM", "item_code": "AE", "label": "Adverse events", "sorting_order": 3},
        {"item_subtype": "ADaM", "item_code": "ADSL"},
    ]
    answer = office.call("bulk_create_package_items", ADMIN, 2, "Dataset", data_sets)
    assert (answer["status"], answer["created_count"], [row["outcome"] for row in answer["row_results"]]) == (
        "applied",
        2,
        ["created", "created"],
    )
    tlfs = [{"item_subtype": "Table", "item_code": "t9", "title": "adverse EVENTS", "footnotes": ["Note 2", "New"]}]
    assert office.call("bulk_create_package_items", ADMIN, 2, "TLF", tlfs)["new_text_count"] == 1
    details = office.rows(
        """
        SELECT itm.item_code, dat.label, dat.sorting_order, dat.id IS NOT NULL AS has_dat, tlf.title_id, tlf.id IS NOT NULL AS has_tlf,
            (SELECT array_agg(txt.label ORDER BY fno.sequence_number) FROM clinical.package_item_footnotes AS fno
            JOIN clinical.text_elements AS txt ON txt.id = fno.footnote_id WHERE fno.package_item_id = itm.id)
        FROM clinical.package_items AS itm
        LEFT JOIN clinical.package_dataset_details AS dat ON dat.package_item_id = itm.id
        LEFT JOIN clinical.package_tlf_details AS tlf ON tlf.package_item_id = itm.id
        WHERE itm.package_id = 2 ORDER BY itm.item_code COLLATE "C"
        """
    )
    assert details == [
        ("ADSL", None, None, True, None, False, None),
        ("AE", "Adverse events", 3, True, None, False, None),
        ("t9", None, None, False, 1, True, ["Note 2", "New"]),
    ]
