"""What the benchmarks share: a connection, medians over runs taken in turn, and a table of ratios.

Figures of one run are only comparable with each other: every benchmark measures the thing and what it replaces side
by side, several times, and prints ratios of medians.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psycopg

from tidemark import config, server
from tidemark.steps import finish


def parser(description: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument(
        "--dsn", help="a database with Tidemark applied and rows generated; default: as tidemark itself"
    )
    result.add_argument("--runs", type=int, default=5, metavar="N", help="measurements of each thing, in turn (5)")
    result.add_argument("--json", action="store_true", help="print one JSON document")
    return result


def connect(dsn: str | None, **options: Any) -> psycopg.Connection[Any]:
    settings = config.read(dsn)
    target = settings.dsn if settings.dsn is not None else finish(server.ensure(settings))
    return psycopg.connect(target, autocommit=True, **options)


def one(connection: psycopg.Connection[Any], query: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    """The only row of a query."""
    row = connection.execute(query, parameters).fetchone()
    if row is None:
        raise SystemExit(f"no row from: {query}")
    return row


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def in_turn(runs: int, **works: Callable[[], object]) -> dict[str, list[float]]:
    """Milliseconds of every piece of work, A B A B …, so that a slow minute hits all of them."""
    result: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            result[name].append(timed(work))
    return result


@dataclass
class Report:
    """Rows of figures, printed as a table or as JSON."""

    title: str
    facts: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, what: str, **figures: Any) -> None:
        self.rows.append({"what": what, **figures})
        print(f"  {what}: " + ", ".join(f"{k} {_text(v)}" for k, v in figures.items()), file=sys.stderr, flush=True)

    def print(self, as_json: bool) -> None:
        machine = {"cpu_count": os.cpu_count(), "machine": platform.machine(), **self.facts}
        if as_json:
            print(json.dumps({"title": self.title, "machine": machine, "rows": self.rows}))
            return
        print(f"{self.title}  ({', '.join(f'{k} {v}' for k, v in machine.items())})")
        columns = list(dict.fromkeys(key for row in self.rows for key in row))
        cells = [columns] + [[_text(row.get(key)) for key in columns] for row in self.rows]
        widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
        for line in cells:
            print(
                "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths)))
            )


# A load in a process of its own: arguments are connection string, dataset, file, parameters as JSON, and this checkout.
LOAD_ALONE = """
import json, pathlib, re, sys, time
dsn, dataset, path, parameters, package = sys.argv[1:]
sys.path.insert(0, package)
from tidemark import db
from tidemark.load import uploads
from tidemark.steps import finish
began = time.perf_counter()
loaded = finish(
    uploads.load_file(lambda: db.connect(dsn), uploads.Job(dataset, path, json.loads(parameters), again=True))
).upload
peak = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())
print(json.dumps({
    "status": loaded.load_status, "seconds": time.perf_counter() - began, "megabytes": int(peak[1]) // 1024 if peak else 0,
    "total": loaded.total_rows, "processed": loaded.processed_rows, "rejected": loaded.rejected_rows,
    "phases": loaded.phase_ms,
}))
"""


def load_command(dsn: str, dataset: str, path: Path, parameters: dict[str, str] | None = None) -> list[str]:
    """The command that loads a file in a process of its own and prints counters, seconds and its peak memory."""
    package = str(Path(__file__).resolve().parents[2])
    return [sys.executable, "-c", LOAD_ALONE, dsn, dataset, str(path), json.dumps(parameters or {}), package]


def load_alone(dsn: str, dataset: str, path: Path, parameters: dict[str, str] | None = None) -> dict[str, Any]:
    """Loads a file by ``load_command``; what it printed.

    Errors: SystemExit when the file is not loaded.
    """
    said = subprocess.run(load_command(dsn, dataset, path, parameters), stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(said.stdout)
    if answer["status"] != "loaded":
        raise SystemExit(f"{path} was not loaded: {answer}")
    return answer


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that at least that share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def pgbench(
    dsn: str, script: str, clients: int, seconds: int, limits: dict[str, int], **settings: str
) -> list[float]:
    """Milliseconds of every transaction of that many sessions, which together run a pgbench script.

    ``limits``: variables of the script. ``settings``: of each session.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(script)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        subprocess.run(
            [
                str(server.program("pgbench")), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
                "-T", str(seconds), "-f", str(file), "-l", "--log-prefix", f"{folder}/log",
                *(f"-D{name}={value}" for name, value in limits.items()), dsn,
            ],
            env={**os.environ, "PGOPTIONS": options}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        logs = [log.read_text().splitlines() for log in Path(folder).glob("log*")]
    return [int(line.split()[2]) / 1000 for lines in logs for line in lines]


def _text(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:,.2f}"
        if isinstance(value, float) and abs(value) < 10
        else (f"{value:,.0f}" if isinstance(value, float) else str(value))
    )
