#!/usr/bin/env python3
"""The queue: what a claim costs while a transaction stays open beside it, and whether killed workers lose anything.

--part claims: one session claims and completes --jobs jobs with nothing beside it, then as many with a transaction open
from the start; the first and the last twentieth of the claims are compared. The same for procrastinate, whose tables are
put into a schema of their own, when the package is installed.
--part few: --jobs claims in the database as it is, beside a transaction that somebody keeps open, or none.
--part workers: --workers processes of tidemark worker run --jobs jobs of a handler that writes a row, below their number
in capacity, with a transaction open beside them, while --kills of them are killed by SIGKILL in the middle of a job and started anew.
Needs an empty database with Tidemark applied; leaves its rows in schema bench_jobs.
"""

from __future__ import annotations

import importlib.util
import json
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from common import Report, one, parser

from tidemark import config

HANDLER = """
    CREATE SCHEMA IF NOT EXISTS bench_jobs;
    CREATE TABLE IF NOT EXISTS bench_jobs.done (job_id uuid, at timestamptz DEFAULT clock_timestamp());
    CREATE OR REPLACE FUNCTION bench_jobs.work(p_job_id uuid, p_payload jsonb, p_state jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_sleep((p_payload ->> 'seconds')::numeric) WHERE p_payload ? 'seconds';
        INSERT INTO bench_jobs.done (job_id) VALUES (p_job_id);
        RETURN '{"result": 1}';
    END $$;
    SELECT jobs.register('bench', 'bench_jobs.work', max_attempts => 100)"""
EMPTY = "TRUNCATE jobs.job, jobs.worker, jobs_internal.trays, bench_jobs.done"
# the name of a worker ends in the number of its process
BUSY = "SELECT wrk.worker_name FROM jobs.worker AS wrk JOIN jobs.job USING (worker_id) WHERE job.status = 'running'"


def main() -> None:
    command = parser(__doc__ or "")
    command.add_argument("--part", choices=("claims", "few", "workers"), required=True)
    command.add_argument("--jobs", type=int, default=20000)
    command.add_argument("--workers", type=int, default=8)
    command.add_argument("--capacity", type=int, default=6)
    command.add_argument("--kills", type=int, default=50)
    command.add_argument("--work-ms", type=float, default=20, help="how long a job of --part workers takes (20)")
    arguments = command.parse_args()
    dsn = config.read(arguments.dsn).dsn or ""
    report = Report(f"jobs: {arguments.part}")
    with psycopg.connect(dsn, autocommit=True) as connection, psycopg.connect(dsn) as beside:
        report.facts["server"] = connection.info.server_version
        connection.execute(HANDLER)
        if arguments.part == "few":
            few_claims(report, connection, arguments.jobs)
            report.print(arguments.json)
            return
        connection.execute(EMPTY)
        if arguments.part == "claims":
            claims(report, connection, beside, arguments.jobs)
        else:
            workers(report, connection, beside, dsn, arguments)
    report.print(arguments.json)


def hold(beside: psycopg.Connection[Any]) -> None:
    """A transaction that keeps every row version from here on."""
    beside.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    beside.execute("SELECT pg_current_xact_id()")


# --- claims -------------------------------------------------------------------------------------------------


def claims(report: Report, connection: Any, beside: psycopg.Connection[Any], jobs: int) -> None:
    # what the disk does is the same for all
    connection.execute("SET synchronous_commit = off")
    queues: dict[str, tuple[Callable[[], object], str, Callable[[Any], object]]] = {
        "tidemark": (
            lambda: connection.execute("SELECT count(jobs.submit('bench')) FROM generate_series(1, %s)", [jobs + 1]),
            "SELECT job_id FROM jobs.claim()",
            lambda job: connection.execute("SELECT jobs.complete(%s)", [job]),
        )
    }
    if found := importlib.util.find_spec("procrastinate"):
        schema = Path(found.origin or "").parent / "sql" / "schema.sql"
        connection.execute("DROP SCHEMA IF EXISTS bench_procrastinate CASCADE; CREATE SCHEMA bench_procrastinate")
        connection.execute("SET search_path = bench_procrastinate")
        connection.execute(schema.read_text())
        queues["procrastinate"] = (
            lambda: connection.execute(
                "SELECT count(procrastinate_defer_jobs_v1(ARRAY[ROW('q', 't', 0, NULL, NULL, '{}', NULL)::procrastinate_job_to_defer_v1]))"
                " FROM generate_series(1, %s)",
                [jobs + 1],
            ),
            "SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)",
            lambda job: connection.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [job]),
        )
    for name, (fill, claim, complete) in queues.items():
        medians: dict[str, float] = {}
        for case in ("nothing beside", "a transaction beside"):
            if case != "nothing beside":
                hold(beside)
            fill()
            connection.execute("ANALYZE")
            taken: list[float] = []
            for _ in range(jobs):
                began = time.perf_counter()
                job = one(connection, claim)[0]
                taken.append((time.perf_counter() - began) * 1000)
                if job is None:
                    raise SystemExit(f"{name}: nothing was claimed")
                complete(job)
            few = jobs // 20
            medians[case] = statistics.median(taken[-few:])
            report.add(
                f"{name}, {case}",
                first_ms=statistics.median(taken[:few]),
                last_ms=medians[case],
                all_ms=statistics.median(taken),
                last_blocks=blocks(connection, claim),
            )
            beside.rollback()
            if name == "tidemark":
                connection.execute("SELECT jobs.complete(job_id) FROM jobs.job WHERE status = 'running'")
        report.add(f"{name}, slower by", last_ms=medians["a transaction beside"] / medians["nothing beside"])


def few_claims(report: Report, connection: Any, jobs: int) -> None:
    """As the database is now, whatever transaction is open."""
    connection.execute("SET synchronous_commit = off")
    connection.execute("SELECT count(jobs.submit('bench')) FROM generate_series(1, %s)", [jobs + 1])
    taken = []
    for _ in range(jobs):
        began = time.perf_counter()
        job = one(connection, "SELECT job_id FROM jobs.claim()")[0]
        taken.append((time.perf_counter() - began) * 1000)
        connection.execute("SELECT jobs.complete(%s)", [job])
    age = one(
        connection,
        "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(xact_start)), 0) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    )[0]
    report.add(
        f"{jobs} claims", median_ms=statistics.median(taken), blocks=blocks(connection, "SELECT job_id FROM jobs.claim()"),
        oldest_transaction_s=float(age),
    )  # fmt: skip
    connection.execute("SELECT jobs.complete(job_id) FROM jobs.job WHERE status = 'running'")


def blocks(connection: Any, claim: str) -> int:
    """Pages that one more claim looks at, whatever else the machine does."""
    plan = one(connection, f"EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT json) {claim}")[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


# --- workers ------------------------------------------------------------------------------------------------


def workers(report: Report, connection: Any, beside: psycopg.Connection[Any], dsn: str, arguments: Any) -> None:
    connection.execute("SELECT jobs.set_capacity(%s)", [arguments.capacity])
    payload = json.dumps({"seconds": arguments.work_ms / 1000})
    connection.execute(
        "SELECT count(jobs.submit('bench', %s)) FROM generate_series(1, %s)", [payload, arguments.jobs]
    )
    hold(beside)
    running = [start(dsn) for _ in range(arguments.workers)]
    chance = random.Random(7)
    most, kills, samples = 0, 0, 0
    began = time.monotonic()
    try:
        while True:
            done, active = one(
                connection,
                "SELECT count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'running') FROM jobs.job",
            )
            most, samples = max(most, active), samples + 1
            if done == arguments.jobs:
                break
            if (
                kills < arguments.kills
                and done > arguments.jobs * 0.05 + arguments.jobs * 0.9 * kills / arguments.kills
            ):
                busy = {int(name.split()[-1]) for (name,) in connection.execute(BUSY)}
                victims = [number for number, process in enumerate(running) if process.pid in busy]
                if victims:
                    victim = chance.choice(victims)
                    running[victim].kill()
                    running[victim].wait()
                    running[victim] = start(dsn)
                    kills += 1
            time.sleep(0.05)
        seconds = time.monotonic() - began
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait()
        beside.rollback()
    rows, distinct = one(connection, "SELECT count(*), count(DISTINCT job_id) FROM bench_jobs.done")
    again = one(connection, "SELECT count(*) FROM jobs.job WHERE attempt_count > 1")[0]
    waits = one(
        connection,
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at) * 1000) FROM jobs.job",
    )[0]
    report.add(
        f"{arguments.workers} workers, {arguments.jobs} jobs",
        seconds=seconds, jobs_per_s=arguments.jobs / seconds, kills=kills, capacity=arguments.capacity, most_running=most,
        samples=samples, not_run=arguments.jobs - distinct, run_twice=rows - distinct, claimed_again=again, run_ms=float(waits),
    )  # fmt: skip
    connection.execute("SELECT jobs.set_capacity(10)")


def start(dsn: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-c",
        "from tidemark.cli import main; main()",
        "worker",
        "--quiet",
        "--lease",
        "2",
        "--poll",
        "1",
    ]
    return subprocess.Popen([*command, "--dsn", dsn], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
