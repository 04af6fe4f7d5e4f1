"""From the bytes of a file to rows, counters and issues."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.load import uploads
from tidemark.steps import finish

HEADER = b"Item ID,place_id,quantity,price,returned,updated_at,note,remark\n"
DIRTY = HEADER + (
    b'I1,L1,5,1.005,,2025-05-01,"a ""q"" b",x\n'
    b"I2,L1,2.5,abc,yes,2025-05-01T10:00:00+02:00,,second\n"
    b' I3 ,L1,3e0,7,f,nonsense, 5" tall,\n'
    b"I1,L1,6,1.5,,2025-05-01,NULL,last\n"
    b",,x,,,,,\n"
    b",,,,,,,\n"
    b"I4,L2,1,,,,,,surplus\n"
)


def counters(upload: Any) -> tuple[int, int, int, int]:
    return upload.total_rows, upload.processed_rows, upload.rejected_rows, upload.superseded_rows


def test_good_rows_are_in_and_bad_ones_are_named(place: Any) -> None:
    upload = place.load(DIRTY)
    assert (upload.load_status, upload.dataset_name) == ("loaded", "stock.levels")
    assert counters(upload) == (6, 3, 3, 1)
    assert place.issues(upload.upload_id) == [
        (1, "warn", "duplicate_key", "item_id", "I1"),
        (2, "reject", "bad_integer", "available", "2.5"),
        (2, "warn", "bad_number", "price", "abc"),
        (3, "warn", "bad_datetime", "updated_at", "nonsense"),
        (5, "reject", "bad_number", "available", "x"),
        (5, "reject", "missing_key", "item_id", ""),
        (5, "reject", "missing_key", "place_id", ""),
        (6, "reject", "too_many_fields", "", "surplus"),
    ]
    rows = [(row["item_id"], row["available"], str(row["price"]), row["note"]) for row in place.levels()]
    assert rows == [("I1", 6, "1.50", "last"), ("I3", 3, "7.00", '5" tall')]
    assert place.leftovers() == []


@pytest.mark.parametrize(
    ("content", "code", "detail", "total"),
    [
        (b"", "empty_file", None, 0),
        (b"item_id,place_id,available\n\n,,\n", "empty_file", None, 0),
        (b"item,place\n1,2\n", "undetected_kind", None, 1),
        (b'item_id,place_id,available\n"I1,L1,1\n', "malformed_csv", None, 0),
        (b"item_id,place_id,available\nI1,L1,x\n", "all_rows_rejected", None, 1),
    ],
)
def test_a_file_that_fails_changes_nothing(
    place: Any, content: bytes, code: str, detail: str | None, total: int
) -> None:
    upload = place.load(content)
    assert (upload.load_status, upload.error_code, upload.error_detail) == ("failed", code, detail)
    rejected = total if code == "all_rows_rejected" else 0
    assert counters(upload) == (total, 0, rejected, 0)
    assert (place.levels(), place.leftovers()) == ([], [])


def test_missing_columns_are_named_in_byte_order(place: Any) -> None:
    upload = place.load(b"price\n1\n", "stock.levels")
    assert (upload.error_code, upload.error_detail) == ("missing_columns", "available;item_id;place_id")


def test_an_unknown_kind_is_not_even_read(place: Any) -> None:
    upload = place.load(b"item_id,place_id,available\nI1,L1,1\n", parameters={"kind": "customers"})
    assert (upload.error_code, upload.total_rows, upload.header) == ("unknown_kind", 0, None)
    assert [row["event"] for row in place.rows("SELECT event FROM stock.log ORDER BY at")] == ["open", "failed"]


def test_the_shop_comes_from_the_file_when_nobody_says_it(place: Any) -> None:
    content = b"shop,item_id,place_id,available\n Delta ,I1,L1,1\n,I2,L1,2\nother,I3,L1,x\nnull,I4,L1,4\n"
    upload = place.load(content, parameters={})
    assert place.issues(upload.upload_id) == [(3, "reject", "shop_mismatch", "shop_id", "other")]
    assert {(row["shop"], row["item_id"]) for row in place.levels()} == {
        ("delta", "I1"),
        ("delta", "I2"),
        ("delta", "I4"),
    }
    assert place.load(content.replace(b"shop,", b"_,"), parameters={}).error_code == "missing_shop"


def test_the_same_content_is_loaded_once(place: Any) -> None:
    path = place.file(DIRTY)
    first = place.load(path)
    again = place.load(path)
    assert (again.load_status, again.repeats_upload_id) == ("repeated", first.upload_id)
    packed = place.load(place.file(gzip.compress(DIRTY), "levels.csv.gz"))
    assert (packed.load_status, packed.repeats_upload_id) == ("repeated", first.upload_id)
    assert place.load(path, again=True).load_status == "loaded"
    assert place.load(path, parameters={"shop": "b.example"}).load_status == "loaded"


def test_equal_rows_are_not_rewritten(place: Any) -> None:
    place.load(DIRTY)
    before = place.rows("SELECT item_id, xmin::text FROM stock.levels ORDER BY item_id")
    upload = place.load(DIRTY, again=True)
    assert upload.merge_result == {"written": 0}
    assert place.rows("SELECT item_id, xmin::text FROM stock.levels ORDER BY item_id") == before


def test_a_dry_run_tells_all_and_writes_nothing(place: Any) -> None:
    upload = place.load(DIRTY, is_dry_run=True)
    assert (upload.load_status, counters(upload), upload.merge_result) == ("checked", (6, 3, 3, 1), {"written": 2})
    assert place.levels() == []
    assert place.load(DIRTY).load_status == "loaded"


def test_what_the_domain_refuses_is_not_registered(place: Any) -> None:
    with pytest.raises(DatabaseRefused, match="the shop is closed"):
        place.load(DIRTY, parameters={"shop": "closed.example"})
    with pytest.raises(DatabaseRefused, match="does not know the parameter colour"):
        place.load(DIRTY, parameters={"colour": "red"})
    with pytest.raises(DatabaseRefused, match="there is no dataset nonsense"):
        place.load(DIRTY, "nonsense")
    with pytest.raises(UsageProblem):
        place.load(str(place.folder / "nowhere.csv"))
    assert place.rows("SELECT * FROM load.uploads") == []


def test_rejects_can_be_corrected_and_loaded_again(place: Any, run_cli: Callable[..., Any]) -> None:
    content = HEADER + b"I1,L1,x,1,,,=1+1,\nI2,L1,y,-5,,,'=2,\nI3,L1,1,1,,,fine,\n"
    upload = place.load(content)
    code, out, _ = run_cli("load", "issues", str(upload.upload_id), "--csv")
    assert code == 0
    assert out.splitlines() == [
        "Item ID,place_id,quantity,price,returned,updated_at,note,remark,rejected_because,rejected_row",
        "I1,L1,x,1,,,'=1+1,,available bad_number,1",
        "I2,L1,y,-5,,,''=2,,available bad_number,2",
    ]
    fixed = out.replace(",x,", ",3,").replace(",y,", ",4,").encode()
    assert counters(place.load(fixed)) == (2, 2, 0, 0)
    assert [(row["item_id"], row["note"]) for row in place.levels()] == [
        ("I1", "=1+1"),
        ("I2", "'=2"),
        ("I3", "fine"),
    ]


def test_the_command_line_says_it_in_json(place: Any, run_cli: Callable[..., Any]) -> None:
    good, bad = place.file(DIRTY), place.file(b"price\n1\n", "bad.csv")
    code, out, _ = run_cli("load", "stock", good, bad, "--set", "shop=a", "--jobs", "2", "--json")
    document = json.loads(out)
    assert (code, document["ok"]) == (1, False)
    assert [file["status"] for file in document["data"]["files"]] == ["loaded", "failed"]
    first = document["data"]["files"][0]
    assert first["total_rows"] == first["processed_rows"] + first["rejected_rows"]
    assert set(first["phase_ms"]) == {"parse", "stage", "validate", "merge", "total"}
    code, out, _ = run_cli("load", "datasets", "--json")
    assert {"stock.levels", "model_risk.lob_hierarchy"} <= {row["dataset_name"] for row in json.loads(out)["data"]}


def test_files_are_registered_in_their_order(place: Any) -> None:
    jobs = [
        uploads.Job("stock", place.file(HEADER + b"I%d,L1,1,,,,,\n" % n, f"{n}.csv"), {"shop": f"s{n % 3}"})
        for n in range(12)
    ]
    results = finish(uploads.load_files(place.settings, jobs, 4))
    assert [result.upload.load_status for result in results] == ["loaded"] * 12
    numbers = [result.upload.upload_id for result in results]
    assert numbers == sorted(numbers)


def test_loads_of_one_shop_wait_for_each_other_and_others_do_not(place: Any) -> None:
    with psycopg.connect(place.dsn) as other:
        first = place.load(HEADER + b"I1,L1,1,,,,,\n", parameters={"shop": "a"})
        assert first.load_status == "loaded"
        other.execute("SELECT pg_advisory_xact_lock(hashtext('tidemark.load stock.levels'), hashtext('{a}'))")
        done = threading.Event()

        def same_shop() -> None:
            place.load(place.file(HEADER + b"I2,L1,1,,,,,\n", "second.csv"), parameters={"shop": "a"})
            done.set()

        waiting = threading.Thread(target=same_shop)
        waiting.start()
        assert place.load(HEADER + b"I3,L1,1,,,,,\n", parameters={"shop": "b"}).load_status == "loaded"
        assert not done.is_set()
        other.rollback()
        waiting.join(20)
    assert done.is_set()


def test_each_table_is_written_by_one_statement(place: Any) -> None:
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        connection.execute("SET ROLE tidemark")
        connection.execute(
            "CREATE FUNCTION stock.count_it() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO stock.log VALUES (NULL, TG_OP); RETURN NULL; END $$;"
            "CREATE TRIGGER a AFTER INSERT ON stock.levels FOR EACH STATEMENT EXECUTE FUNCTION stock.count_it();"
        )
    place.load(HEADER + b"".join(b"I%d,L1,1,,,,,\n" % n for n in range(5000)))
    assert place.rows("SELECT count(*) AS n FROM stock.log WHERE event = 'INSERT'") == [{"n": 1}]


def test_records_too_short_for_what_is_read_are_rejected_where_the_kind_says_so(place: Any) -> None:
    place.rows("UPDATE load.datasets SET missing_cells = 'reject' WHERE dataset_name = 'stock.levels' RETURNING 1")
    upload = place.load(
        b"item_id,place_id,available,price,colour\n"
        b"I1,L1,1,2,x\n"
        b"I2,L1,1,2\n"  # a column that nobody reads is missing
        b'I3,L1,"1"\n'
        b"I\xff4,L1,1,2\n"
        b"I5\n"
    )
    assert [issue for issue in place.issues(upload.upload_id) if issue[1] == "reject"] == [
        (3, "reject", "too_few_fields", "", "3"),
        (4, "reject", "bad_encoding", "item_id", "I\ufffd4"),
        (5, "reject", "too_few_fields", "", "1"),
    ]
    assert [row["item_id"] for row in place.levels()] == ["I1", "I2"]
