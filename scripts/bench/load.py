#!/usr/bin/env python3
"""Loading against what it cannot beat: raw COPY of the same bytes into a text table without index.

Makes its own database on the server, a seeded file of narrow rows (eight columns, like variants) and one of wide rows
(like order lines), and measures in turn, on one warm server:

  copy      the file by COPY into a table of text columns, no index
  stage     the same file into the loader's staging table
  load      the whole: staging, checks, upsert into a table with a primary key of two texts
  dirty     the same with one row in a hundred broken in eight ways
  pgloader  the file by pgloader into the same table, when pgloader is installed

Ratios are rates over the rate of copy. Every load must store all good rows and reject all bad ones, else the run ends.
Peak memory is that of a client process of its own. With --kills N: kills a load N times at random moments, loads the
file again and compares the end with that of one clean run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import connect, load_alone, load_command, parser
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tidemark import config, db
from tidemark.deploy.apply import deployment
from tidemark.load import uploads
from tidemark.load.chunks import Splitter
from tidemark.load.dialect import Rules
from tidemark.load.source import Source
from tidemark.load.stage import stage
from tidemark.steps import finish

SCHEMA = """
CREATE SCHEMA bench;
CREATE TABLE bench.rows (
    item_id text COLLATE "C", place_id text COLLATE "C", quantity integer, price numeric(14, 2), cost numeric(14, 2),
    updated_at timestamptz, is_active boolean, title text, PRIMARY KEY (item_id, place_id)
);
CREATE FUNCTION bench.merge_rows(p_upload_id bigint) RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_written bigint;
BEGIN
    INSERT INTO bench.rows AS old (item_id, place_id, quantity, price, cost, updated_at, is_active, title)
    SELECT chk.item_id, chk.place_id, chk.quantity, chk.price, chk.cost, chk.updated_at, chk.is_active, chk.title
    FROM pg_temp.checked_rows AS chk
    WHERE NOT chk.is_rejected
    ORDER BY chk.item_id, chk.place_id
    ON CONFLICT (item_id, place_id) DO UPDATE
    SET quantity = excluded.quantity, price = excluded.price, cost = excluded.cost, updated_at = excluded.updated_at,
        is_active = excluded.is_active, title = excluded.title
    WHERE (old.quantity, old.price, old.cost, old.updated_at, old.is_active, old.title) IS DISTINCT FROM
        (excluded.quantity, excluded.price, excluded.cost, excluded.updated_at, excluded.is_active, excluded.title);
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN jsonb_build_object('written', v_written);
END;
$$;
SELECT load.family('bench', 'Rows of the benchmark');
SELECT load.dataset('bench.rows', 'bench', 'Rows of the benchmark', 'bench.merge_rows');
SELECT load.file_column('bench.rows', key, 'id', ARRAY[key], required => key, blank_reason => 'missing_key',
    bad => 'reject')
FROM unnest(ARRAY['item_id', 'place_id']) AS key;
SELECT load.file_column('bench.rows', 'quantity', 'int', '{quantity}', bad => 'reject');
SELECT load.file_column('bench.rows', 'price', 'money', '{price}', bad => 'reject');
SELECT load.file_column('bench.rows', 'cost', 'money', '{cost}');
SELECT load.file_column('bench.rows', 'updated_at', 'ts', '{updated_at}');
SELECT load.file_column('bench.rows', 'is_active', 'bool', '{is_active}');
SELECT load.file_column('bench.rows', 'title', 'text', '{title}');
"""
COLUMNS = ["item_id", "place_id", "quantity", "price", "cost", "updated_at", "is_active", "title"]
# What is wrong with a record, and whether it must be rejected; the others are good rows in an unusual spelling.
DIRT = [
    ("{line},surplus", True),
    ("gid://item/{n},L1", False),
    ("gid://item/{n},L1,two,1,,,,x", True),
    ("gid://item/{n},L1,2,1.2.3,,,,x", True),
    ("gid://item/{n},L1,2,1,,yesterday,,x", False),
    (",L1,2,1,,,,no key", True),
    ('gid://item/{n},L1,2,1,,,,a 5" screen', False),
    (" gid://item/{n} ,L1,2,1,,,, edges ", False),
]


def write_file(path: Path, rows: int, dirty: bool = False, extra: int = 0) -> int:
    """A seeded file; ``extra``: unknown columns of 18 bytes each, which make it wide. Gives the records to reject."""
    rejected = 0
    chance = random.Random(11)
    tail = ",ignored text here" * extra
    with path.open("w", newline="") as out:
        out.write(",".join([*COLUMNS, *(f"extra{n}" for n in range(extra))]) + "\n")
        for n in range(rows):
            line = (
                f"gid://item/{n},L{n % 3},{n % 90},{n % 5000}.{n % 90 + 10},{n % 700}.5,"
                f"2025-0{n % 9 + 1}-{n % 28 + 1:02}T10:{n % 60:02}:00Z,"
                f"{'true' if n % 7 else 'false'},Thing {n % 900}{tail}"
            )
            if dirty and n % 100 == 50:
                form, is_bad = DIRT[n // 100 % len(DIRT)]
                line = form.format(line=line, n=n)
                rejected += is_bad
            out.write(line + "\n")
        out.write(f"last/{chance.random()},L1,1,1,,,,end{tail}\n")
    return rejected


class Bench:
    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.connection = db.connect(dsn)

    def execute(self, text: str) -> None:
        db.send(self.connection, text, "benchmark")

    def copy(self, path: Path) -> None:
        with path.open("rb") as stream:
            names = stream.readline().decode().strip().split(",")
            self.execute(
                f"DROP TABLE IF EXISTS bench.raw; CREATE TABLE bench.raw ({', '.join(f'{n} text' for n in names)})"
            )
            began = time.perf_counter()
            with self.connection.cursor() as cursor, cursor.copy("COPY bench.raw FROM STDIN (FORMAT csv)") as copy:
                while data := stream.read(1 << 20):
                    copy.write(data)
            self.seconds = time.perf_counter() - began

    def stage(self, path: Path) -> None:
        upload = db.value(
            self.connection,
            "load_open_upload",
            dataset="bench.rows",
            file_name="x",
            parameters="{}",
            is_dry_run=False,
        )
        source = Source(str(path))
        began = time.perf_counter()
        finish(stage(self.connection, upload, source))
        self.seconds = time.perf_counter() - began
        source.close()
        db.run(self.connection, "load_give_up", upload_id=upload, code="bench", detail=None, message="measured")

    def load(self, path: Path, rejected: int = 0) -> None:
        self.execute("TRUNCATE bench.rows")
        began = time.perf_counter()
        done = finish(
            uploads.load_file(lambda: db.connect(self.dsn), uploads.Job("bench.rows", str(path), again=True))
        )
        self.seconds = time.perf_counter() - began
        upload = done.upload
        (stored,) = self.connection.execute("SELECT count(*) FROM bench.rows").fetchone()
        if (upload.load_status, upload.rejected_rows, stored) != ("loaded", rejected, upload.total_rows - rejected):
            raise SystemExit(
                f"{path.name}: {rejected} rows should be rejected, all others stored: {upload}, {stored} stored"
            )
        self.phases = upload.phase_ms

    def pgloader(self, path: Path) -> None:
        self.execute("TRUNCATE bench.rows")
        parts = conninfo_to_dict(self.dsn)
        host = f"unix:{parts['host']}:{parts.get('port', 5432)}"
        target = f"postgresql://{parts.get('user', 'postgres')}@{host}/{parts['dbname']}"
        command = self.folder / "bench.load"
        command.write_text(
            f"LOAD CSV FROM '{path}' INTO {target} TARGET TABLE bench.rows ({', '.join(COLUMNS)})"
            " WITH skip header = 1, fields optionally enclosed by '\"', fields terminated by ',';"
        )
        began = time.perf_counter()
        with subprocess.Popen(["pgloader", str(command)], stdout=subprocess.DEVNULL) as process:
            status, usage = os.wait4(process.pid, 0)[1:]
            process.returncode = status
        if status:
            raise SystemExit("pgloader failed")
        self.seconds = time.perf_counter() - began
        self.pgloader_megabytes = usage.ru_maxrss // 1024


def measure(bench: Bench, runs: int, works: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Median seconds of each piece of work, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            work()
            taken[name].append(bench.seconds)
    return {name: statistics.median(values) for name, values in taken.items()}


def kills(bench: Bench, path: Path, count: int) -> int:
    """How many of ``count`` killed and restarted loads end unlike a clean one."""
    look = "SELECT md5(string_agg(r::text, ',' ORDER BY item_id, place_id)) FROM bench.rows AS r"
    bench.load(path)
    clean = bench.connection.execute(look).fetchone()
    began = time.perf_counter()
    load_alone(bench.dsn, "bench.rows", path)
    seconds = time.perf_counter() - began
    chance, wrong = random.Random(3), 0
    for _ in range(count):
        bench.execute("TRUNCATE bench.rows; SELECT load.discard_uploads('0', '0')")
        process = subprocess.Popen(load_command(bench.dsn, "bench.rows", path), stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, seconds))
        process.kill()
        process.wait()
        load_alone(bench.dsn, "bench.rows", path)
        wrong += bench.connection.execute(look).fetchone() != clean
    return wrong


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--rows", type=int, default=1_000_000, help="rows of each file (1,000,000)")
    arguments.add_argument("--only", choices=("narrow", "wide"), help="only this file (both)")
    arguments.add_argument("--kills", type=int, default=0, metavar="N", help="only this: kill N loads (0)")
    given = arguments.parse_args()
    with connect(given.dsn) as administrator:
        administrator.execute("DROP DATABASE IF EXISTS tidemark_bench_load WITH (FORCE)")
        administrator.execute("CREATE DATABASE tidemark_bench_load")
        dsn = make_conninfo(administrator.info.dsn, dbname="tidemark_bench_load")
        report: dict[str, Any] = {"rows": given.rows}
        try:
            with db.connect(dsn) as connection:
                finish(deployment.apply(connection, config.Settings(dsn=dsn, dsn_source="the benchmark")))
            with tempfile.TemporaryDirectory() as folder:
                run(Bench(dsn, Path(folder)), given, report)
        finally:
            administrator.execute("DROP DATABASE IF EXISTS tidemark_bench_load WITH (FORCE)")
    print(json.dumps(report, indent=None if given.json else 2))


def run(bench: Bench, given: Any, report: dict[str, Any]) -> None:
    bench.execute(SCHEMA)
    narrow, dirty, wide = (bench.folder / f"{name}.csv" for name in ("narrow", "dirty", "wide"))
    write_file(narrow, given.rows)
    if given.kills:
        report["kills"] = given.kills
        report["ended_differently"] = kills(bench, narrow, given.kills)
        return
    for name, path in (("narrow", narrow), ("wide", wide)):
        if given.only not in (None, name):
            continue
        works: dict[str, Callable[[], None]] = {
            "copy": lambda path=path: bench.copy(path),
            "stage": lambda path=path: bench.stage(path),
            "load": lambda path=path: bench.load(path),
        }
        if name == "wide":
            write_file(wide, given.rows, extra=15)
        else:
            rejected = write_file(dirty, given.rows, dirty=True)
            works["dirty"] = lambda: bench.load(dirty, rejected)
            if shutil.which("pgloader"):
                works["pgloader"] = lambda: bench.pgloader(narrow)
        seconds = measure(bench, given.runs, works)
        alone = load_alone(bench.dsn, "bench.rows", path)
        report[name] = {
            "megabytes": round(path.stat().st_size / 1e6),
            "seconds": {work: round(value, 2) for work, value in seconds.items()},
            "of_copy": {work: round(seconds["copy"] / value, 2) for work, value in seconds.items()},
            "phases_of_a_load_ms": {phase: round(value) for phase, value in alone["phases"].items()},
            "client_peak_megabytes": alone["megabytes"],
            "parse_alone_megabytes_a_second": round(parse_rate(path)),
        }
        if name == "narrow":
            report[name]["dirty_of_clean"] = round(seconds["load"] / seconds["dirty"], 2)
        if "pgloader" in works:
            report[name]["pgloader_peak_megabytes"] = bench.pgloader_megabytes


def parse_rate(path: Path) -> float:
    """The client's own work without a server."""
    with path.open("rb") as stream:
        began = time.perf_counter()
        splitter = Splitter(stream.read, Rules())
        splitter.read_header()
        for _ in splitter.chunks():
            pass
        return splitter.position / 1e6 / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
