"""Each write function for each kind of user: allowed exactly by the matrix, and nothing changes for the others."""

from __future__ import annotations

from typing import Any

import pytest

ADMIN, EDITOR, VIEWER, INACTIVE, NOBODY = 1, 2, 3, 4, 99
TLF = [{"item_subtype": "Table", "item_code": "new"}]
# function, arguments after the user, and who may: of ADMIN, EDITOR and VIEWER
CALLS: list[tuple[str, list[Any], str]] = [
    ("save_study", ["New"], "A"),
    ("save_study", ["New", 1], "A"),
    ("create_database_release", [1, "New"], "A"),
    ("rename_database_release", [1, "New"], "A"),
    ("create_reporting_effort", [1, 1, "New"], "A"),
    ("rename_reporting_effort", [1, "New"], "A"),
    ("save_package", ["New"], "A"),
    ("save_text_element", ["title", "New"], "AE"),
    ("save_user", [{"username": "new"}], "A"),
    ("save_tag", [{"name": "new"}], "AE"),
    ("assign_tag", [1, [1, 2]], "AE"),
    ("remove_tag", [1, [1, 2]], "AE"),
    ("create_item", [1, "TLF", "Table", "new"], "AE"),
    ("update_item", [1, None, "new"], "AE"),
    ("create_package_item", [1, "TLF", "Table", "new"], "A"),
    ("update_package_item", [1, None, None, "new"], "A"),
    ("bulk_create_items", [1, "TLF", TLF], "A"),
    ("bulk_create_package_items", [1, "TLF", [{**TLF[0], "title": "New"}]], "A"),
    ("copy_items", ["package", 1, 2], "AE"),
    ("create_missing_trackers", [2], "A"),
    ("update_tracker", [1, {"priority": "low"}], "AE"),
    ("assign_programmer", [1, "production", 2], "AE"),
    ("unassign_programmer", [1, "production"], "AE"),
    ("bulk_update_trackers", [[{"tracker_id": 1, "priority": "low"}]], "AE"),
    ("bulk_assign_trackers", [[{"tracker_id": 1, "user_id": 2, "role": "qc"}]], "A"),
    ("import_trackers", [1, [{"item_code": "t1", "priority": "low"}]], "A"),
    ("create_comment", [1, "x", "programming"], "AE"),
    ("create_comment", [1, "x", "biostat"], "AEV"),
    ("resolve_comment", [1], "AEV"),  # the VIEWER wrote it
    ("edit_comment", [1, "y"], "AV"),
    ("delete_comment", [1], "AV"),
    ("delete_study", [2], "A"),
    ("delete_database_release", [2], "A"),
    ("delete_reporting_effort", [2], "A"),
    ("delete_package", [2], "A"),
    ("delete_package_item", [1], "A"),
    ("delete_item", [1], "AE"),
    ("delete_tracker", [1], "A"),
    ("delete_tag", [1], "AE"),
    ("delete_text_element", [5], "AE"),
    ("delete_user", [5], "A"),
    ("purge_audit_log", [90], "A"),
]


@pytest.mark.once
@pytest.mark.parametrize(("function", "arguments", "who"), CALLS, ids=[f"{call[0]}-{call[2]}" for call in CALLS])
def test_who_may_call(office: Any, function: str, arguments: list[Any], who: str) -> None:
    before = office.everything()
    for letter, user in (("V", VIEWER), ("E", EDITOR), ("-", INACTIVE), ("?", NOBODY), ("0", None)):
        if letter not in who:
            assert office.status(function, user, *arguments) == "forbidden", (function, user)
    assert office.everything() == before
    for letter, user in (("A", ADMIN), ("E", EDITOR), ("V", VIEWER)):
        if letter in who:
            office.main.execute("SAVEPOINT one")
            assert office.status(function, user, *arguments) != "forbidden", (function, user)
            office.main.execute("ROLLBACK TO one")


@pytest.mark.once
def test_every_public_write_function_is_asked(office: Any) -> None:
    public = office.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'clinical'::regnamespace AND prosrc LIKE '%%clinical.note_write(%%'"
        " AND has_function_privilege('tidemark_app', oid, 'EXECUTE')"
    )
    assert {name for (name,) in public} == {call[0] for call in CALLS} | {"unresolve_comment"}


@pytest.mark.once
def test_what_is_inside_is_not_for_applications(office: Any) -> None:
    open_to_app = office.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'clinical'::regnamespace"
        " AND proname ~ '^(write_|judge_|record_|lock_|make_|source_|open_comment|items_with|tag_list|item_problem)'"
        " AND has_function_privilege('tidemark_app', oid, 'EXECUTE')"
    )
    assert open_to_app == []


def test_a_viewer_finds_nothing_of_inactive_items(office: Any) -> None:
    assert office.status("create_comment", VIEWER, 3, "x", "biostat") == "tracker_not_found"
    assert office.status("edit_comment", VIEWER, 2, "x") == "comment_not_found"
    assert office.status("resolve_comment", VIEWER, 2) == "comment_not_found"
    assert office.status("edit_comment", ADMIN, 2, "x") == "ok"
    ((_type, rooms),) = office.events()
    assert set(rooms) == {"role_ADMIN", "role_EDITOR"}
