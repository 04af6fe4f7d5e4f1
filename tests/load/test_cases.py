"""Files as spreadsheets and other programs really make them: the right rows, or a failure that says what is wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tidemark.load import chunks, guess, stage

pytestmark = pytest.mark.once

FILES = Path(__file__).with_name("files")
HEADER = "order_id,created_at,sku,quantity,unit_price\n"
LINES = (
    'SELECT order_id, sku, quantity, unit_price::text FROM commerce.order_lines ORDER BY order_id COLLATE "C", sku'
)


def load(place: Any, name: str, **parameters: str) -> Any:
    return place.load(str(FILES / name), "commerce", parameters={"shop": "a.example", **parameters}, again=True)


def made(place: Any, content: str | bytes, **parameters: str) -> Any:
    content = content if isinstance(content, bytes) else content.encode()
    return place.load(content, "commerce", parameters={"shop": "a.example", **parameters}, again=True)


def lines(place: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in place.rows(LINES)]


def reasons(place: Any, upload: Any) -> list[tuple[int, str, str, str]]:
    return [(row, severity, reason, column) for row, severity, reason, column, _ in place.issues(upload.upload_id)]


# --- encodings ---------------------------------------------------------------------------------------------------


def test_keys_that_lost_characters_are_rejected_not_merged(place: Any) -> None:
    upload = load(place, "cp1252_keys/orders.csv")
    assert (upload.load_status, upload.error_code, upload.rejected_rows) == ("failed", "all_rows_rejected", 3)
    assert "windows-1252" in upload.error_message
    assert "--encoding windows-1252" in upload.error_message
    assert reasons(place, upload) == [(n, "reject", "bad_encoding", "order_id") for n in (1, 2, 3)]
    messages = place.rows("SELECT DISTINCT message FROM load.issues")
    assert "they look like windows-1252" in messages[0]["message"]
    assert lines(place) == []


@pytest.mark.parametrize("encoding", ["windows-1252", "cp1252", "latin-1", "iso-8859-15"])
def test_keys_are_right_with_their_encoding(place: Any, encoding: str) -> None:
    upload = load(place, "cp1252_keys/orders.csv", encoding=encoding)
    assert (upload.load_status, upload.processed_rows, upload.warning_count) == ("loaded", 3, 0)
    assert [line[0] for line in lines(place)] == ["Bestellung-Ä", "Bestellung-Ö", "Bestellung-Ü"]
    assert place.rows("SELECT sum(line_total)::text AS n FROM commerce.order_lines") == [{"n": "30.00"}]


def test_variants_with_umlauts_stay_three(place: Any) -> None:
    assert load(place, "cp1252_keys/variants.csv").error_code == "all_rows_rejected"
    assert load(place, "cp1252_keys/variants.csv", encoding="windows-1252").load_status == "loaded"
    found = place.rows('SELECT variant_id, sku FROM commerce.variants ORDER BY variant_id COLLATE "C"')
    assert [tuple(row.values()) for row in found] == [
        ("GRÖSSE-Ä", "sä"),
        ("GRÖSSE-Ö", "sö"),
        ("GRÖSSE-Ü", "sü"),
    ]


def test_texts_that_lost_characters_warn_cell_by_cell(place: Any) -> None:
    upload = load(place, "cp1252_text/orders.csv")
    assert (upload.load_status, upload.processed_rows) == ("loaded", 1)
    assert reasons(place, upload) == [
        (1, "warn", "bad_encoding", "customer_email"),
        (1, "warn", "bad_encoding", "line_item_name"),
    ]
    upload = load(place, "cp1252_text/orders.csv", encoding="windows-1252")
    assert (upload.load_status, upload.warning_count) == ("loaded", 0)
    assert place.rows("SELECT name FROM commerce.order_lines") == [{"name": "Café – “grün”"}]
    assert place.rows("SELECT customer_email FROM commerce.orders") == [{"customer_email": "zoé@x.example"}]


def test_an_optional_key_that_lost_characters_is_empty_and_warns(place: Any) -> None:
    content = b"order_id,created_at,sku,quantity,unit_price,customer_id\n1,2024-01-05,A,1,1,K\xe4ufer\n"
    upload = made(place, content)
    assert reasons(place, upload) == [(1, "warn", "bad_encoding", "customer_id")]
    assert place.rows("SELECT customer_id FROM commerce.orders") == [{"customer_id": None}]


def test_a_replacement_character_that_the_file_really_has_is_text(place: Any) -> None:
    upload = made(place, HEADER + "B-\ufffd,2024-01-05,A,1,1\n")
    assert (upload.load_status, upload.warning_count) == ("loaded", 0)
    assert [line[0] for line in lines(place)] == ["B-\ufffd"]


@pytest.mark.parametrize("name", ["utf16.csv", "utf16be_nobom.csv"])
@pytest.mark.parametrize("given", [None, "utf-16"])
def test_utf16_is_read_with_and_without_its_mark(place: Any, name: str, given: str | None) -> None:
    upload = load(place, f"utf16_excel/{name}", **({"encoding": given} if given else {}))
    assert (upload.load_status, upload.processed_rows) == ("loaded", 1)
    assert lines(place) == [("1", "A-1", 2, "12.50")]
    assert upload.reading["encoding"].startswith("utf-16")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_byte_order_marks_and_wide_characters_are_recognised(place: Any, codec: str) -> None:
    upload = made(place, (HEADER + "Ä-1,2024-01-05,☕,2,12.50\n").encode(codec))
    assert (upload.load_status, upload.warning_count) == ("loaded", 0)
    assert lines(place) == [("Ä-1", "☕", 2, "12.50")]


def test_a_mark_that_contradicts_the_caller_is_refused(place: Any) -> None:
    upload = made(place, b"\xef\xbb\xbf" + HEADER.encode(), encoding="windows-1252")
    assert (upload.error_code, "byte order mark of utf-8" in upload.error_message) == ("bad_encoding", True)
    assert made(place, HEADER, encoding="klingon").error_code == "bad_encoding"


def test_bytes_that_mean_nothing_in_the_given_encoding_are_found(place: Any) -> None:
    upload = made(place, HEADER.encode() + b"B\x81,2024-01-05,A,1,1\nC,2024-01-05,A,1,1\n", encoding="cp1252")
    assert reasons(place, upload) == [(1, "reject", "bad_encoding", "order_id")]
    assert "windows-1252" in place.rows("SELECT message FROM load.issues")[0]["message"]


def test_a_strict_file_says_what_it_looks_like(place: Any) -> None:
    content = "item_id,place_id,available\nKäse,L1,1\n".encode("cp1252")
    upload = place.load(content, "stock.small", parameters={"shop": "a"})
    assert (upload.error_code, "--encoding windows-1252" in upload.error_message) == ("bad_encoding", True)
    upload = place.load(content, "stock.small", parameters={"shop": "a", "encoding": "windows-1252"})
    assert (upload.load_status, place.levels()[0]["item_id"]) == ("loaded", "Käse")


def test_the_same_bytes_in_another_encoding_are_another_content(place: Any) -> None:
    content = (HEADER + "1,2024-01-05,A,1,1\n").encode()
    path = place.file(content)
    first = place.load(path, "commerce", parameters={"shop": "a"})
    other = place.load(path, "commerce", parameters={"shop": "a", "encoding": "latin-1"})
    assert (first.load_status, other.load_status) == ("loaded", "loaded")


# --- what separates cells, and decimals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected", "reading"),
    [
        (
            "semicolon_comma.csv",
            [("1", "A-1", 2, "12.50"), ("2", "A-2", 1, "3.99")],
            {"delimiter": ";", "decimal": ","},
        ),
        ("tab.csv", [("1", "A-1", 2, "12.50")], {"delimiter": "\t"}),
        ("sep_line.csv", [("1", "A-1", 2, "12.50")], {}),
        ("semicolon.csv", [("#1001", "MUG-1", 1, "10.00"), ("#1001", "MUG-2", 1, "10.00")], {"delimiter": ";"}),
    ],
)
def test_dialects_are_recognised_where_the_header_fits(place: Any, name: str, expected: Any, reading: Any) -> None:
    upload = load(place, f"semicolon_excel/{name}")
    assert (upload.load_status, upload.rejected_rows, upload.reading) == ("loaded", 0, reading)
    assert lines(place) == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("real.xlsx", "an Excel workbook?"),
        ("xlsx.csv", "a zip archive"),
        ("html.csv", "HTML"),
        ("json.csv", "JSON"),
    ],
)
def test_what_is_no_csv_is_called_by_its_name(place: Any, name: str, said: str) -> None:
    upload = load(place, f"semicolon_excel/{name}")
    assert (upload.load_status, upload.error_code) == ("failed", "not_csv")
    assert said in upload.error_message


def semicolons(*prices: str) -> str:
    body = "".join(f"{n};2024-01-05;A;1;{price}\n" for n, price in enumerate(prices, 1))
    return HEADER.replace(",", ";") + body


@pytest.mark.parametrize(
    ("prices", "given", "expected", "seen"),
    [
        (("12,50", "3"), None, ["12.50", "3.00"], False),
        (("12.50", "3"), None, ["12.50", "3.00"], False),
        (("0,125", "3"), None, ["0.13", "3.00"], False),
        (("1,250", "3"), None, ["3.00"], True),  # one and a quarter, or a thousand
        (("1,250", "3"), ",", ["1.25", "3.00"], False),
        (("1.250,00", "12,50"), None, ["12.50"], False),  # thousands are no part of a number
        (("1.250", "12,50"), ",", ["12.50"], False),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_certain(
    place: Any, prices: tuple[str, ...], given: str | None, expected: list[str], seen: bool
) -> None:
    upload = made(place, semicolons(*prices), **({"decimal": given} if given else {}))
    found = [line[3] for line in lines(place)]
    assert found == expected
    assert ("seen" in upload.reading) == seen
    if seen:
        assert "--decimal" in upload.reading["seen"]
    bad = {value for _, _, reason, column, value in place.issues(upload.upload_id) if reason == "bad_number"}
    assert bad <= set(prices)  # as the file has them
    assert upload.rejected_rows == len(prices) - len(found)


@pytest.mark.parametrize("prices", [("12,50", "1.250"), ("1,250", "12.5")])
def test_commas_and_points_in_one_file_are_not_guessed_at(place: Any, prices: tuple[str, ...]) -> None:
    upload = made(place, semicolons(*prices))
    assert (upload.error_code, "--decimal" in upload.error_message, lines(place)) == ("unclear_decimal", True, [])
    assert made(place, semicolons(*prices), decimal=".").rejected_rows == 1


def test_with_commas_between_cells_a_decimal_comma_must_be_said(place: Any) -> None:
    content = HEADER + '1,2024-01-05,A,1,"12,50"\n2,2024-01-05,A,1,3\n'
    upload = made(place, content)
    assert reasons(place, upload) == [(1, "reject", "bad_number", "unit_price")]
    upload = made(place, content, decimal=",")
    assert (upload.load_status, [line[3] for line in lines(place)]) == ("loaded", ["12.50", "3.00"])


def test_the_caller_says_what_separates_cells(place: Any) -> None:
    content = "order_id:created_at:sku:quantity:unit_price\n1:2024-01-05:A:1:2\n"
    assert made(place, content).error_code == "undetected_kind"
    assert made(place, content, delimiter=":").load_status == "loaded"
    assert lines(place) == [("1", "A", 1, "2.00")]


def test_a_header_that_fits_nothing_says_what_was_seen(place: Any) -> None:
    upload = made(place, "a;b;c\n1;2;3\n")
    assert (upload.error_code, "separated by semicolons" in upload.error_message) == ("undetected_kind", True)
    upload = made(place, "Orders of May\n\nprinted by me\n" + HEADER + "1,2024-01-05,A,1,2\n")
    assert upload.error_code == "undetected_kind"
    assert "Line 4 looks like the header: take away the lines above it." in upload.error_message
    upload = made(place, "Orders;;;;\n" + semicolons("1,5"))
    assert "Line 2 looks like the header, separated by semicolons" in upload.error_message


def test_commas_win_whatever_else_is_in_the_file(place: Any) -> None:
    upload = made(place, HEADER.replace("sku", "sku,a;b;c") + "1,2024-01-05,A;B,x;y,1,2\n")
    assert (upload.load_status, upload.reading, lines(place)[0][1]) == ("loaded", {}, "A;B")


def test_an_interrupted_load_goes_on_with_what_it_found_out(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place.file(semicolons(*["12,50"] * 5000).encode("utf-16"))
    monkeypatch.setattr(stage, "CHUNKS_PER_COMMIT", 1)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 1 << 14)

    def gone(*_: object, **__: object) -> None:
        raise RuntimeError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(stage._Copier, "note", gone)
        with pytest.raises(RuntimeError, match="gone"):
            place.load(path, "commerce", parameters={"shop": "a"})
    (half,) = place.rows("SELECT staged_rows, reading FROM load.uploads")
    assert (half["staged_rows"] > 0, half["reading"]) == (True, {"encoding": "utf-16-le", "delimiter": ";"})
    upload = place.load(path, "commerce", parameters={"shop": "a"})
    assert (upload.upload_id, upload.load_status, upload.processed_rows) == (1, "loaded", 5000)
    assert place.rows("SELECT sum(unit_price)::text AS n FROM commerce.order_lines") == [{"n": "62500.00"}]


# --- marks of text, spoilt numbers, characters nobody sees -------------------------------------------------------


def test_marks_of_text_are_no_part_of_a_key(place: Any) -> None:
    upload = load(place, "shopify_apostrophe/orders.csv")
    assert (upload.load_status, upload.rejected_rows) == ("loaded", 0)
    assert [line[:2] for line in lines(place)] == [("5551", "0012345"), ("5552", "0012346"), ("5553", "0012347")]


def test_marks_of_text_are_taken_off_every_type(place: Any) -> None:
    content = (
        HEADER.strip() + ',line_item_name\n1,"=""2024-01-05""","=""A""","=""2""","=""1.50""","=""a """"b"""" c"""\n'
    )
    upload = made(place, content + "2,2024-01-05,'tis,1,1,'tis\n")
    assert (upload.load_status, upload.rejected_rows) == ("loaded", 0)
    assert lines(place) == [("1", "A", 2, "1.50"), ("2", "'tis", 1, "1.00")]
    assert {row["name"] for row in place.rows("SELECT name FROM commerce.order_lines")} == {'a "b" c', "'tis"}


def test_ids_that_a_spreadsheet_made_numbers_of_warn(place: Any) -> None:
    upload = load(place, "excel_ids/three_orders.csv")
    assert upload.load_status == "loaded"
    spoilt = [(n, "warn", "scientific_notation", column) for n in (1, 2, 3) for column in ("order_id", "sku")]
    assert [one for one in reasons(place, upload) if one[2] == "scientific_notation"] == spoilt
    upload = load(place, "excel_ids/orders.csv")
    assert {one[3] for one in reasons(place, upload)} == {"order_id", "sku", "variant_id"}


@pytest.mark.parametrize("key", ["1E5", "E+12", "5.5E-12", "A5E+12", "5.5E+12B"])
def test_ids_that_only_look_a_little_like_numbers_do_not_warn(place: Any, key: str) -> None:
    upload = made(place, HEADER + f"{key},2024-01-05,A,1,1\n")
    assert (upload.load_status, upload.warning_count, lines(place)[0][0]) == ("loaded", 0, key)


@pytest.mark.parametrize("space", ["\u200b", "\u2060", "\ufeff"])
def test_characters_without_width_are_no_part_of_headers_and_keys(place: Any, space: str) -> None:
    header = HEADER.replace("sku", f"s{space}ku").replace("created_at", f"{space}created_at")
    upload = made(place, f"{header}1{space},2024-01-05,A{space}-1,1,1\n")
    assert lines(place) == [("1", "A-1", 1, "1.00")]
    assert (1, "warn", "invisible_character", "sku") in reasons(place, upload)


def test_non_breaking_spaces_are_white_space_at_the_ends_and_text_inside(place: Any) -> None:
    upload = made(
        place, HEADER.replace("unit_price", "unit\u00a0price") + "\u00a01\u00a0,2024-01-05,A\u00a0B,\u00a02,1\n"
    )
    assert (upload.warning_count, lines(place)) == (0, [("1", "A\u00a0B", 2, "1.00")])
    assert made(place, HEADER + "1,2024-01-05,A,1,1\u00a0250\n").error_code == "all_rows_rejected"


@pytest.mark.parametrize("mark", ["\u200e", "\u202a", "\u2069", "\u00ad"])
def test_marks_of_direction_are_no_part_of_a_key(place: Any, mark: str) -> None:
    upload = made(place, HEADER + f"{mark}1{mark},2024-01-05,A{mark}B,1,1\n")
    assert lines(place) == [("1", "AB", 1, "1.00")]
    assert {one[2:] for one in reasons(place, upload)} == {
        ("invisible_character", "order_id"),
        ("invisible_character", "sku"),
    }


@pytest.mark.parametrize("key", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "########", "5,55512E+12", "5.55512e+12"])
def test_what_a_spreadsheet_made_of_a_key_warns(place: Any, key: str) -> None:
    upload = made(place, HEADER + f'"{key}",2024-01-05,A,1,1\n2,2024-01-05,"{key}",1,1\n')
    expected = "scientific_notation" if "+" in key else "spreadsheet_error"
    assert reasons(place, upload) == [(1, "warn", expected, "order_id"), (2, "warn", expected, "sku")]


@pytest.mark.parametrize("key", ["#1001", "#A1", "A#N/A", "#", "N/A"])
def test_ids_with_a_hash_are_ids(place: Any, key: str) -> None:
    upload = made(place, HEADER + f"{key},2024-01-05,A,1,1\n")
    assert (upload.warning_count, lines(place)[0][0]) == (0, key)


def test_accents_that_are_characters_of_their_own_warn(place: Any) -> None:
    upload = made(place, HEADER + "B-A\u0308,2024-01-05,A,1,1\nB-\u00c4,2024-01-05,A,1,1\n")
    assert reasons(place, upload) == [(1, "warn", "decomposed_character", "order_id")]
    assert len(lines(place)) == 2


def test_a_file_put_together_from_two_encodings_gets_no_wrong_advice(place: Any) -> None:
    content = HEADER.encode() + "Ä,2024-01-05,A,1,1\n".encode() + "Ö,2024-01-05,A,1,1\n".encode("cp1252")
    upload = made(place, content)
    assert reasons(place, upload) == [(2, "reject", "bad_encoding", "order_id")]
    assert "put together from several" in upload.reading["seen"]
    assert "--encoding" not in upload.reading["seen"]


def test_utf8_that_is_said_to_be_something_else_is_doubted(place: Any) -> None:
    upload = made(place, HEADER + "Ä,2024-01-05,A,1,1\n", encoding="windows-1252")
    assert "is it windows-1252 indeed?" in upload.reading["seen"]
    upload = made(place, HEADER.encode() + "Ä,2024-01-05,A,1,1\n".encode("cp1252"), encoding="windows-1252")
    assert "seen" not in upload.reading


@pytest.mark.parametrize(
    ("text", "codec", "advice"),
    [
        ("Grüße aus Köln, Straße", "cp1252", "windows-1252"),
        ("“Café” – 5 €", "cp1252", "windows-1252"),
        ("Grüße aus Köln, Straße", "cp850", "cp850"),
        ("Grüße aus Köln, Straße", "mac-roman", "mac-roman"),
        ("Bestellung-Ä,Bestellung-Ö", "cp1252", "windows-1252"),
        ("Bestellung-Ä,Bestellung-Ö", "cp850", None),
        ("Заказ из Москвы", "cp1251", None),
        ("注文番号", "shift_jis", None),
    ],
)
def test_the_advice_is_right_or_there_is_none(text: str, codec: str, advice: str | None) -> None:
    assert guess.likely(text.encode(codec)) == advice


def test_a_header_in_quotes_as_a_whole_and_nested_archives_are_told(place: Any) -> None:
    upload = made(place, f'"{HEADER.strip()}"\n"1,2024-01-05,A,1,2"\n')
    assert "Each line stands in quotes as a whole" in upload.error_message
    assert made(place, gzip.compress(gzip.compress(HEADER.encode()))).error_code == "not_csv"


def test_the_command_line_says_how_files_are_read(place: Any, run_cli: Callable[..., Any]) -> None:
    path = place.file("order_id;created_at;sku;quantity;unit_price\nÄ;2024-01-05;A;1;12,50\n".encode("cp1252"))
    shop = ("--set", "shop=a.example")
    code, out, _ = run_cli("load", "commerce", path, *shop)
    assert (code, "--encoding windows-1252" in out) == (1, True)
    code, out, _ = run_cli("load", "commerce", path, *shop, "--encoding", "cp1252")
    assert (code, "read as windows-1252, separated by semicolons, decimal comma" in out) == (0, True)
    code, out, _ = run_cli("load", "commerce", path, *shop, "--encoding", "cp1252", "--json")
    assert json.loads(out)["data"]["files"][0]["status"] == "repeated"
    tabs = place.file(b"order_id\tcreated_at\tsku\tquantity\tunit_price\n1\t2024-01-05\tA\t1\t1,250\n", "tabs.csv")
    code, out, _ = run_cli("load", "commerce", tabs, *shop, "--delimiter", "tab", "--decimal", ",", "--json")
    (file,) = json.loads(out)["data"]["files"]
    assert (code, file["reading"]) == (0, {"delimiter": "\t", "decimal": ","})
    assert place.rows("SELECT unit_price::text AS n FROM commerce.order_lines WHERE order_id = '1'") == [
        {"n": "1.25"}
    ]


@pytest.mark.parametrize(
    ("option", "value", "code"), [("--encoding", "klingon", 2), ("--delimiter", "ab", 5), ("--decimal", "x", 5)]
)
def test_nonsense_about_a_file_is_refused_before_it_is_registered(
    place: Any, run_cli: Callable[..., Any], option: str, value: str, code: int
) -> None:
    path = place.file(HEADER.encode())
    assert run_cli("load", "commerce", path, "--set", "shop=a", option, value)[0] == code
    assert place.rows("SELECT * FROM load.uploads") == []
