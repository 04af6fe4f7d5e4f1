"""Files made to do harm: a clear answer, bounded memory, nothing changed."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidemark.load import source

pytestmark = pytest.mark.once

HEADER = b"item_id,place_id,available,price,returned,updated_at,note\n"
SMALL = HEADER + b"I1,L1,1,1,,,x\n"


@pytest.mark.parametrize("extra", [-1, 0])
def test_a_file_up_to_its_cap_is_loaded(place: Any, extra: int) -> None:
    content = SMALL + b"I2,L1,1,1,,,"
    content += b"y" * (1000 - len(content) + extra)
    assert place.load(content, "stock.small", parameters={"shop": "a"}).load_status == "loaded"


@pytest.mark.parametrize("packed", [False, True])
def test_one_byte_more_fails_and_leaves_nothing(place: Any, packed: bool) -> None:
    content = SMALL + b"I2,L1,1,1,,,\n" * 100
    content = content[:1001]
    path = place.file(gzip.compress(content, mtime=0) if packed else content)
    upload = place.load(path, "stock.small", parameters={"shop": "a"})
    assert (upload.error_code, upload.error_message) == ("too_large", "CSV too large. Max size is 1000 bytes.")
    assert (place.levels(), place.leftovers()) == ([], [])


def test_the_cap_is_enforced_on_a_stream_of_unknown_length(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            assert self.given < 10_000_000, "read on far beyond the cap"
            return (SMALL * size)[:size]

    stream = Endless()
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream})())
    upload = place.load("-", "stock.small", parameters={"shop": "a"})
    assert upload.error_code == "too_large"


def test_strict_files_must_be_utf8(place: Any) -> None:
    upload = place.load(HEADER + b"I1,L1,1,,,,\xff\n", "stock.small", parameters={"shop": "a"})
    assert (upload.error_code, place.levels()) == ("bad_encoding", [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b",".join([b"c"] * 100_000) + b"\n1\n", "too_many_columns"),
        (b"\0" * 5000, "empty_file"),
        (gzip.compress(SMALL, mtime=0)[:-10], "damaged_gzip"),
        (gzip.compress(SMALL, mtime=0)[:20] + b"garbage" * 10, "damaged_gzip"),
        (b"\x1f\x8b", "damaged_gzip"),
        (b'"' * 4001, "malformed_csv"),
        (b"item_id\x00,place_id', available); DROP TABLE stock.levels; --,x\n1,2,3\n", "undetected_kind"),
        (b'"; DROP SCHEMA load CASCADE; --",%s,{x},$1\n1,2,3,4\n', "undetected_kind"),
    ],
)
def test_nonsense_is_refused_with_a_code(place: Any, content: bytes, code: str) -> None:
    upload = place.load(content)
    assert (upload.load_status, upload.error_code) == ("failed", code)
    assert (place.levels(), place.leftovers()) == ([], [])


def test_headers_and_cells_are_data_not_sql(place: Any) -> None:
    content = (
        b'item_id,place_id,available,"x"");DROP TABLE stock.levels;--",price\n'
        b'"\'); DROP TABLE stock.levels; --",$$,1,\\copy,%s\n'
    )
    upload = place.load(content)
    assert upload.load_status == "loaded"
    assert place.issues(upload.upload_id) == [(1, "warn", "bad_number", "price", "%s")]
    assert place.levels()[0]["item_id"] == "'); DROP TABLE stock.levels; --"


def test_a_wide_record_fails_the_file_not_the_server(place: Any) -> None:
    header = HEADER.rstrip() + b"," + b",".join(b"c%d" % n for n in range(1500)) + b"\n"
    wide = b"I1,L1,1,,,," + b",x" + b"," + b",".join([b"y" * 100] * 1500) + b"\n"
    upload = place.load(header + wide)
    assert (upload.error_code, place.levels()) == ("record_too_wide", [])


PIECES = [b"I1", b",", b",", b"\n", b'"', b"\0", b"\xff", b"\r", b"1", b"\\.", b"\x1f", b"=", b"NULL", b"\xc3\xa4"]
bodies = st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(PIECES), max_size=200).map(b"".join))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.sampled_from([HEADER, b""]), body=bodies)
def test_no_bytes_crash_it(place: Any, head: bytes, body: bytes) -> None:
    upload = place.load(head + body, again=True)
    assert upload.load_status in ("loaded", "failed")
    if upload.load_status == "loaded":
        assert upload.total_rows == upload.processed_rows + upload.rejected_rows
    assert place.leftovers() == []


def test_a_record_of_a_hundred_thousand_cells_is_rejected_and_the_others_are_loaded(place: Any) -> None:
    upload = place.load(SMALL + b"I2,L1,1,1,,,x" + b",y" * 100_000 + b"\nI3,L1,1,1,,,x\n")
    assert (upload.load_status, upload.total_rows, upload.rejected_rows) == ("loaded", 3, 1)
    assert place.issues(upload.upload_id) == [(2, "reject", "too_many_fields", "", "y")]
    assert [row["item_id"] for row in place.levels()] == ["I1", "I3"]


def test_a_cell_of_ten_megabytes_is_loaded(place: Any) -> None:
    cell = "line of text\n" * (10 * 1024 * 1024 // 13)
    upload = place.load(HEADER + b'I1,L1,1,,,,"' + cell.encode() + b'"\nI2,L1,1,,,,short\n')
    assert (upload.load_status, upload.processed_rows) == ("loaded", 2)
    assert [row["note"] for row in place.levels()] == [cell.strip(), "short"]


PROGRAM = """
import pathlib, re, sys
from tidemark import db
from tidemark.load import uploads
from tidemark.steps import finish
done = finish(uploads.load_file(lambda: db.connect(sys.argv[1]), uploads.Job("stock", sys.argv[2], {"shop": "a"})))
peak = re.search("VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
print(done.upload.load_status, done.upload.error_code, int(peak) // 1024)
"""


def peak_megabytes(place: Any, path: str) -> tuple[str, str, int]:
    """Status, error and peak memory of a load in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, place.dsn, path], capture_output=True, text=True, check=True
    ).stdout.split()
    return said[0], said[1], int(said[2])


def write_packed(path: Path, head: bytes, block: bytes, times: int) -> str:
    with gzip.open(path, "wb", compresslevel=6) as out:
        out.write(head)
        for _ in range(times):
            out.write(block)
    return str(path)


def test_an_endless_line_is_refused_in_bounded_memory(place: Any, tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as out:
        out.write(HEADER + b"I1,L1,")
        out.truncate(1 << 30)  # a hole: a gigabyte of U+0000 that takes no room
    status, code, megabytes = peak_megabytes(place, str(path))
    assert (status, code) == ("failed", "record_too_large")
    assert megabytes < 160


def test_a_bomb_is_refused_in_bounded_memory(place: Any, tmp_path: Path) -> None:
    line = b"I1,L1,1,1,,,x\n"
    bomb = write_packed(tmp_path / "bomb.csv.gz", HEADER, line * 70_000, 120)
    assert Path(bomb).stat().st_size * source.MAX_EXPANSION < 120 * 70_000 * len(line)
    status, code, megabytes = peak_megabytes(place, bomb)
    assert (status, code) == ("failed", "expands_too_much")
    assert megabytes < 160
    assert (place.levels(), place.leftovers()) == ([], [])


def test_memory_does_not_grow_with_the_file(place: Any, tmp_path: Path) -> None:
    peaks = []
    for name, count in (("small", 20_000), ("large", 400_000)):
        path = tmp_path / f"{name}.csv"
        with path.open("wb") as out:
            out.write(HEADER)
            out.writelines(b"I%d,L1,%d,1.5,true,2025-01-02T03:04:05Z,note %d\n" % (n, n, n) for n in range(count))
        status, _, megabytes = peak_megabytes(place, str(path))
        assert status == "loaded"
        peaks.append(megabytes)
    assert peaks[1] - peaks[0] < 20, peaks
