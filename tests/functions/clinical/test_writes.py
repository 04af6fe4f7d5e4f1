"""What write functions check, change, record and tell."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

ADMIN, EDITOR, VIEWER, INACTIVE = 1, 2, 3, 4
STATUSES = [
    (production, qc)
    for production in ("not_started", "in_progress", "completed", "on_hold")
    for qc in ("not_started", "in_progress", "completed", "failed")
]


def test_labels_are_compared_without_case_and_spaces(office: Any) -> None:
    assert office.status("save_study", ADMIN, "abc001") == "label_exists"
    assert office.status("save_study", ADMIN, "a b c 0 0 1", 1) == "ok", "a study may change its own spelling"
    assert office.status("save_study", ADMIN, "ABC\t001") == "ok", "a tab is no space"
    assert office.status("save_study", ADMIN, "") == "value_invalid"
    assert office.status("save_study", ADMIN, "x" * 255) == "ok"
    assert office.status("save_study", ADMIN, "x" * 256) == "value_invalid"
    assert office.status("save_study", ADMIN, "y", 77) == "study_not_found"
    assert office.status("create_database_release", ADMIN, 1, "LOCK1") == "label_exists"
    assert office.status("create_database_release", ADMIN, 77, "LOCK1") == "study_not_found"
    assert office.status("rename_database_release", ADMIN, 2, "lock 1") == "ok"
    assert office.status("rename_reporting_effort", ADMIN, 2, "c s r") == "label_exists"
    assert office.status("create_reporting_effort", ADMIN, 77, 1, "x") == "study_not_found"
    assert office.status("create_reporting_effort", ADMIN, 1, 77, "x") == "release_not_found"
    assert office.status("create_reporting_effort", ADMIN, 1, 2, "x") == "release_not_in_study"
    assert office.status("create_reporting_effort", ADMIN, 1, 1, "csr") == "label_exists"
    assert office.status("save_package", ADMIN, "Standard") == "name_exists"
    assert office.status("save_package", ADMIN, "standard") == "ok"
    assert office.status("save_text_element", EDITOR, "title", "ADVERSE EVENTS") == "label_exists"
    assert office.status("save_text_element", EDITOR, "footnote", "ADVERSE EVENTS") == "ok"
    assert office.status("save_text_element", EDITOR, "other", "x") == "type_invalid"
    assert office.status("save_text_element", EDITOR, "title", " ") == "value_invalid"
    assert office.status("save_text_element", EDITOR, "footnote", "x", 1) == "type_invalid", "a type stays"


def test_users_and_tags(office: Any) -> None:
    assert (
        office.call("save_user", ADMIN, {"username": "new", "email": "new@x", "department": None})["status"] == "ok"
    )
    ((kind, rooms),) = office.events()
    assert (kind, list(rooms)) == ("user.created", ["role_ADMIN"])
    (told,) = rooms["role_ADMIN"].values()
    assert set(told) == {"username", "role", "department", "is_active"}
    assert "new@x" not in json.dumps(office.entries(), default=str)
    for values, code, field in [
        ({"username": "ada"}, "username_exists", None),
        ({"username": "b", "email": "ada@x"}, "email_exists", None),
        ({"username": ""}, "value_invalid", "username"),
        ({"username": None}, "null_not_allowed", "username"),
        ({"role": "ADMIN"}, "field_missing", "username"),
        ({"username": "b", "role": "admin"}, "value_invalid", "role"),
        ({"username": "b", "is_active": "true"}, "value_invalid", "is_active"),
        ({"username": "b", "password": "x"}, "field_unknown", "password"),
    ]:
        answer = office.call("save_user", ADMIN, values)
        assert (answer["status"], answer["error_field"]) == (code, field), values
    assert office.status("save_user", ADMIN, {"email": "changed@x"}, 2) == "ok"
    assert "changed@x" not in json.dumps(office.entries(), default=str)
    assert office.status("save_user", ADMIN, {"is_active": False}, 2) == "ok"
    assert office.status("save_tag", EDITOR, {"name": "Late"}) == "forbidden", "from now on"
    for values, code in [
        ({"name": "Topline"}, "name_exists"),
        ({"name": "topline"}, "ok"),
        ({"name": "x", "color": "blue"}, "value_invalid"),
        ({"name": "x", "color": "#12345g"}, "value_invalid"),
        ({"color": "#123456"}, "field_missing"),
        ({"name": "x" * 101}, "value_invalid"),
        ({"name": "x", "size": 1}, "field_unknown"),
        ({"name": "x", "description": None}, "ok"),
    ]:
        assert office.status("save_tag", ADMIN, values) == code, values


def create(office: Any, *arguments: Any) -> str:
    office.main.execute("SAVEPOINT one")
    status = office.status("create_item", EDITOR, *arguments)
    office.main.execute("ROLLBACK TO one")
    return str(status)


def test_an_item_is_made_with_its_tracker(office: Any) -> None:
    made = office.call("create_item", EDITOR, 1, "TLF", "Table", " t 2 ", {"title_id": 1}, [5, 2], [None, 7], [4])
    assert made["status"] == "ok"
    found = office.rows(
        "SELECT trk.production_status, trk.priority, itm.item_code, itm.source_type, tlf.title_id, tlf.population_flag_id"
        " FROM clinical.reporting_effort_item_tracker trk JOIN clinical.reporting_effort_items itm ON trk.reporting_effort_item_id = itm.id"
        " JOIN clinical.reporting_effort_tlf_details tlf ON tlf.reporting_effort_item_id = itm.id WHERE trk.id = %s AND itm.id = %s",
        made["tracker_id"],
        made["item_id"],
    )
    assert found == [("not_started", "medium", " t 2 ", "custom", 1, None)]
    notes = "SELECT footnote_id, sequence_number FROM clinical.reporting_effort_item_footnotes WHERE reporting_effort_item_id = %s ORDER BY 1"
    assert office.rows(notes, made["item_id"]) == [(2, 7), (5, None)]
    assert [kind for kind, _ in office.events()] == ["item.created"]


@pytest.mark.once
def test_checks_of_an_item_come_in_their_order(office: Any) -> None:
    bad = {"title_id": 2, "label": "x"}
    assert create(office, 77, "X", "X", "", bad) == "effort_not_found"
    assert create(office, 1, "X", "X", "", bad) == "type_invalid"
    assert create(office, 1, "TLF", "SDTM", "", bad) == "subtype_invalid"
    assert create(office, 1, "TLF", "Table", " ", bad) == "value_invalid"
    assert create(office, 1, "TLF", "Table", "t1", bad) == "details_not_allowed"
    assert create(office, 1, "Dataset", "SDTM", "t1", {"title_id": 1}) == "details_not_allowed"
    assert create(office, 1, "TLF", "Table", "t1", {"title_id": 77}, [1]) == "text_not_found"
    assert create(office, 1, "TLF", "Table", "t1", {"title_id": 1}, [1]) == "text_type_mismatch"
    assert create(office, 1, "TLF", "Table", "t1", {"title_id": 3}) == "text_type_mismatch"
    assert create(office, 1, "TLF", "Table", "t1", {"title_id": None}, [2, 2], [], [4, 4]) == "footnote_duplicate"
    assert create(office, 1, "TLF", "Table", "t1", None, [2], [], [4, 4]) == "acronym_duplicate"
    assert create(office, 1, "TLF", "Table", "t1") == "item_exists"
    assert create(office, 1, "TLF", "Figure", "f1") == "item_exists", "an inactive item has its key"
    assert create(office, 1, "TLF", "Listing", "t1") == "ok"
    assert create(office, 1, "Dataset", "ADaM", "AD", {"label": "x" * 256}) == "value_invalid"
    assert create(office, 1, "Dataset", "ADaM", "AD", {"sorting_order": -3, "acronyms": "[]"}, [2], [1], [4]) == "ok"


def test_an_item_that_becomes_inactive_disappears_for_its_effort(office: Any) -> None:
    assert office.status("update_item", EDITOR, 1, "SDTM") == "subtype_invalid"
    assert office.status("update_item", EDITOR, 1, "Listing", "l1") == "item_exists"
    assert office.status("update_item", EDITOR, 1, None, "") == "value_invalid"
    assert office.status("update_item", EDITOR, 77) == "item_not_found"
    assert office.status("update_item", EDITOR, 1) == "ok"
    assert office.events() == []
    assert office.status("update_item", EDITOR, 1, None, "t9", False) == "ok"
    assert office.status("update_item", EDITOR, 1, None, "t8") == "ok"
    assert office.status("update_item", EDITOR, 1, None, None, True) == "ok"
    delta = {"item_code": "t9", "is_active": False}
    assert [rooms for _, rooms in office.events()] == [
        {"effort_1": {"1": {"id": 1, "hidden": True}}, "role_ADMIN": {"1": delta}, "role_EDITOR": {"1": delta}},
        {"role_ADMIN": {"1": {"item_code": "t8"}}, "role_EDITOR": {"1": {"item_code": "t8"}}},
        {"effort_1": {"1": {"is_active": True}}},
    ]
    first = office.entries()[0]
    assert first == ("reporting_effort_items", "1", "UPDATE", {"item_code": "t1", "is_active": True}, delta)


def test_a_package_item_changes_type_only_with_its_subtype(office: Any) -> None:
    assert office.status("update_package_item", ADMIN, 1, "Dataset") == "subtype_invalid"
    assert office.status("update_package_item", ADMIN, 1, "Dataset", "SDTM", "DM") == "item_exists"
    assert office.status("update_package_item", ADMIN, 1, "Dataset", "SDTM") == "ok"
    assert office.value("SELECT count(*) FROM clinical.package_tlf_details WHERE package_item_id = 1") == 0
    answer = office.call("bulk_create_package_items", ADMIN, 1, "TLF", [{"item_subtype": "Table", "item_code": "n"}])
    assert (answer["code"], answer["row_results"][0]["error_code"]) == ("row_errors", "field_missing")
    answer = office.call(
        "bulk_create_package_items",
        ADMIN,
        1,
        "Dataset",
        [{"item_subtype": "SDTM", "item_code": "n", "acronyms": "x"}],
    )
    assert answer["row_results"][0]["error_code"] == "field_unknown"
    rows = [{"item_subtype": "Table", "item_code": "n", "title": "adverse EVENTS", "footnotes": ["Brand new"]}]
    answer = office.call("bulk_create_package_items", ADMIN, 1, "TLF", rows)
    assert (answer["status"], answer["created_count"], answer["new_text_count"]) == ("applied", 1, 1)
    assert office.events()[-1][0] == "package_item.bulk_created"


@pytest.mark.once
@pytest.mark.parametrize("role", ["production", "qc"])
def test_programmers_move_statuses_as_the_table_says(office: Any, role: str) -> None:
    for production, qc in STATUSES:
        office.main.execute("SAVEPOINT one")
        office.main.execute(
            "UPDATE clinical.reporting_effort_item_tracker SET production_status = %s, qc_status = %s WHERE id = 1",
            [production, qc],
        )
        statuses = "SELECT production_status, qc_status FROM clinical.reporting_effort_item_tracker WHERE id = 1"
        assert office.status("assign_programmer", EDITOR, 1, role, 3) == "ok"
        after = [production, qc]
        if role == "production" and production == "not_started":
            after[0] = "in_progress"
        if role == "qc" and (production, qc) == ("completed", "not_started"):
            after[1] = "in_progress"
        assert office.rows(statuses) == [tuple(after)], (production, qc)
        office.main.execute(
            "UPDATE clinical.reporting_effort_item_tracker SET production_status = %s, qc_status = %s WHERE id = 1",
            [production, qc],
        )
        assert office.status("unassign_programmer", EDITOR, 1, role) == "ok"
        after = [production, qc]
        if role == "production" and production == "in_progress":
            after[0] = "not_started"
        if role == "qc" and qc in ("in_progress", "failed"):
            after[1] = "not_started"
        assert office.rows(statuses) == [tuple(after)], (production, qc)
        office.main.execute("ROLLBACK TO one")


def test_one_tracker(office: Any) -> None:
    assert office.call("update_tracker", EDITOR, 1, {"tracker_id": 2, "qc_level": "level4"}) == {
        "status": "value_invalid",
        "error_field": "qc_level",
    }
    assert office.status("update_tracker", EDITOR, 77, {"qc_level": "level1"}) == "tracker_not_found"
    assert office.status("update_tracker", EDITOR, 1, {}) == "no_fields"
    assert office.status("update_tracker", EDITOR, 1, None) == "row_not_object"
    assert office.status("update_tracker", EDITOR, 1, {"priority": "medium"}) == "ok"
    assert office.entries() == [], "nothing changed, nothing is recorded"
    assert office.status("update_tracker", EDITOR, 1, {"due_date": "2025-07-01", "qc_programmer_id": 3}) == "ok"
    new = {"due_date": "2025-07-01", "qc_programmer_id": 3}
    assert office.events() == [("tracker.updated", {"effort_1": {"1": new}})]
    assert office.entries() == [
        ("reporting_effort_item_tracker", "1", "UPDATE", {"due_date": None, "qc_programmer_id": None}, new)
    ]


@pytest.mark.once
def test_missing_trackers_are_made(office: Any) -> None:
    assert office.call("create_missing_trackers", ADMIN, 1) == {"status": "ok", "created_count": 0}
    assert office.call("create_missing_trackers", ADMIN) == {"status": "ok", "created_count": 1}
    assert office.status("create_missing_trackers", ADMIN, 77) == "effort_not_found"
    bare = "SELECT count(*) FROM clinical.reporting_effort_items i WHERE NOT EXISTS (SELECT FROM clinical.reporting_effort_item_tracker t WHERE t.reporting_effort_item_id = i.id)"
    assert office.value(bare) == 0


@pytest.mark.once
def test_rooms_are_open_to_whom_they_concern(office: Any) -> None:
    may = "SELECT clinical.may_join_room(%s, %s)"
    assert [office.value(may, "effort_1", str(user)) for user in (1, 2, 3, 4, 99)] == [True, True, True, False, False]
    assert [office.value(may, "role_EDITOR", str(user)) for user in (1, 2, 3, 4, 99)] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert [
        office.value(may, room, actor)
        for room, actor in [("other", "1"), ("effort_1", "x"), ("effort_1", None), (None, "1")]
    ] == [False] * 4
    assert office.value("SELECT room_rule FROM events.families WHERE family = 'clinical'") == "clinical.may_join_room"


@pytest.mark.once
def test_every_change_is_recorded_once(office: Any) -> None:
    """By the function that makes it, or by a trigger when it is written directly; counters and cascades are part of what caused them."""
    office.call("update_tracker", EDITOR, 1, {"priority": "low"})
    assert office.rows(
        "SELECT actor, actor_role, batch = (SELECT batch FROM events.change WHERE transaction_id = pg_current_xact_id())"
        " FROM audit.entries WHERE family = 'clinical' AND transaction_id = pg_current_xact_id()"
    ) == [("2", "EDITOR", True)]
    for function, arguments in [
        ("create_comment", [1, "new"]),
        ("create_item", [1, "TLF", "Table", "new", {"title_id": 1}, [2]]),
        ("update_package_item", [1, "Dataset", "SDTM"]),
        ("assign_tag", [1, [1]]),
        ("delete_item", [1]),
        ("delete_user", [5]),
    ]:
        before = len(office.entries())
        assert office.status(function, ADMIN, *arguments) == "ok", function
        assert len(office.entries()) == before + 1, function
    before = len(office.entries())
    office.main.execute("UPDATE clinical.reporting_effort_item_tracker SET priority = 'high' WHERE id = 2")
    office.main.execute("UPDATE clinical.users SET email = 'secret@x' WHERE id = 2")
    direct = office.entries()[before:]
    assert [row[:2] for row in direct] == [("reporting_effort_item_tracker", "2"), ("users", "2")]
    assert "secret@x" not in json.dumps(office.entries(), default=str)


@pytest.mark.once
def test_the_log_in_the_shape_of_its_reports(office: Any) -> None:
    last = office.value("SELECT coalesce(max(id), 0) FROM clinical.audit_log")
    office.call("update_tracker", EDITOR, 1, {"priority": "low"})
    office.call("create_item", EDITOR, 1, "TLF", "Table", "new")
    office.call("delete_tag", EDITOR, 1)
    office.call("assign_programmer", EDITOR, 1, "production", 3)
    log = "SELECT action, record_id, user_id, user_role, changes FROM clinical.audit_log WHERE id > %s ORDER BY id"
    (updated, created, deleted, assigned) = office.rows(log, last)
    assert updated == ("UPDATE", 1, 2, "EDITOR", {"before": {"priority": "medium"}, "after": {"priority": "low"}})
    assert created[4]["created"]["item_code"] == "new"
    assert (deleted[4]["deleted"]["name"], deleted[4]["cascade"]) == ("Topline", {})
    assert assigned[4]["role"] == "production"
    office.main.execute(
        "INSERT INTO clinical.audit_log (table_name, record_id, action, user_id, changes, created_at)"
        """ VALUES ('studies', 1, 'UPDATE', 99, '{"before": {"a": 1}, "after": {"a": 2}}', '2020-01-01')"""
    )
    old = "SELECT record_id, user_id, changes, ip_address FROM clinical.audit_log WHERE created_at < '2021-01-01'"
    assert office.rows(old) == [(1, None, {"before": {"a": 1}, "after": {"a": 2}}, None)], "user 99 is gone"
    assert office.call("purge_audit_log", ADMIN, 29) == {"status": "value_invalid", "deleted_count": 0}
    assert office.call("purge_audit_log", ADMIN, 365) == {"status": "ok", "deleted_count": 1}
    assert office.rows("SELECT action, changes FROM clinical.audit_log ORDER BY id DESC LIMIT 1") == [
        ("AUDIT_PURGE", {"days": 365, "n": 1})
    ]


def random_text(count: int, letters: str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") -> str:
    chance = random.Random(5)  # what repeats is compressed in an index
    return "".join(chance.choice(letters) for _ in range(count))


LONGEST = random_text(2600)
GREEK = random_text(1300, "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")


def test_a_text_that_no_unique_index_holds_is_a_wrong_value(office: Any) -> None:
    for longest in (LONGEST, GREEK):
        assert office.status("save_text_element", EDITOR, "population_set", longest) == "ok"
        assert office.status("save_text_element", EDITOR, "population_set", " ".join(longest), 3) == "label_exists"
        assert office.status("save_text_element", EDITOR, "population_set", longest + "α") == "value_invalid"
    for field in ("title", "population_flag", "ich_category", "footnotes", "acronyms"):
        for text, outcome in ((LONGEST[::-1], None), (LONGEST + "y", "value_invalid")):
            value = [text] if field in ("footnotes", "acronyms") else text
            rows = [{"item_subtype": "Table", "item_code": f"{field} {outcome}", field: value}]
            answer = office.call("bulk_create_items", ADMIN, 1, "TLF", rows)
            (result,) = answer["row_results"]
            assert (result["error_code"], result["error_field"]) == (outcome, field if outcome else None), field
    assert office.call("save_user", ADMIN, {"username": LONGEST})["status"] == "ok"
    refused = office.call("save_user", ADMIN, {"username": LONGEST + "x"})
    assert (refused["status"], refused["error_field"]) == ("value_invalid", "username")
    assert office.call("save_user", ADMIN, {"username": "long", "email": LONGEST + "x"})["error_field"] == "email"
