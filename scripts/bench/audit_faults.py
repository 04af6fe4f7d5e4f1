#!/usr/bin/env python3
"""Backends killed in the middle of bulk writes: rows and entries of the log must agree afterwards, and the log verify.

Needs --dsn of a superuser on a server of this machine, in a database made for it: each round kills a backend with
SIGKILL, and the server takes all sessions down and recovers. A followed table counts its changes in a column, and a
function that records itself writes others; entries must be as many as changes.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import psycopg
from common import Report, parser

SETUP = """
DROP SCHEMA IF EXISTS audit_faults CASCADE;
DELETE FROM audit.tracked_tables WHERE table_name LIKE 'audit_faults.%';
CREATE SCHEMA audit_faults;
CREATE TABLE audit_faults.rows (id integer PRIMARY KEY, changes integer NOT NULL, said integer NOT NULL);
INSERT INTO audit_faults.rows SELECT n, 0, 0 FROM generate_series(1, 300) AS n;
SELECT audit.record('audit_faults', 'rows', '0', 'BEGIN');
SELECT audit.track('audit_faults.rows');
CREATE FUNCTION audit_faults.say() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself AS $$
BEGIN
    UPDATE audit_faults.rows SET said = said + 1;
    PERFORM audit.record_many('audit_faults', ARRAY(SELECT ROW('rows', id::text, 'SAY', NULL, NULL)::audit.new_entry FROM audit_faults.rows));
END $$;
"""
CHECK = """
SELECT count(*) FILTER (WHERE rws.changes <> coalesce(ent.changes, 0) OR rws.said <> coalesce(ent.said, 0)), sum(rws.changes + rws.said)
FROM audit_faults.rows AS rws
LEFT JOIN (
    SELECT row_key, count(*) FILTER (WHERE action = 'UPDATE') AS changes, count(*) FILTER (WHERE action = 'SAY') AS said
    FROM audit.entries WHERE family = 'audit_faults'
        AND entry_no > (SELECT max(entry_no) FROM audit.entries WHERE family = 'audit_faults' AND action = 'BEGIN') GROUP BY row_key
) AS ent ON ent.row_key = rws.id::text
"""


def connect(dsn: str) -> psycopg.Connection[tuple[object, ...]]:
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(dsn, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def work(dsn: str, pids: list[int], ending: threading.Event) -> None:
    while not ending.is_set():
        try:
            with connect(dsn) as connection:
                pids.append(connection.info.backend_pid)
                while not ending.is_set():
                    with connection.transaction():
                        connection.execute("UPDATE audit_faults.rows SET changes = changes + 1")
                        connection.execute("SELECT audit_faults.say()")
                    connection.execute("SELECT audit_internal.seal()")
        except psycopg.OperationalError:
            continue


def agreement(dsn: str) -> tuple[int, int]:
    """Rows that disagree with the log, and changes in all; again, if the server was still on its way down."""
    while True:
        try:
            with connect(dsn) as connection:
                row = connection.execute(CHECK).fetchone()
                assert row
                return int(str(row[0])), int(str(row[1]))
        except psycopg.OperationalError:
            time.sleep(0.1)


def main() -> None:
    command = parser(__doc__ or "")
    command.add_argument("--rounds", type=int, default=50)
    arguments = command.parse_args()
    with connect(arguments.dsn) as connection:
        connection.execute(SETUP)
    wrong = total = 0
    for number in range(arguments.rounds):
        pids: list[int] = []
        ending = threading.Event()
        worker = threading.Thread(target=work, args=(arguments.dsn, pids, ending))
        worker.start()
        while not pids:
            time.sleep(0.01)
        time.sleep(random.Random(number).uniform(0.05, 0.6))
        os.kill(pids[-1], signal.SIGKILL)
        ending.set()
        worker.join()
        disagreeing, total = agreement(arguments.dsn)
        wrong += disagreeing
    with connect(arguments.dsn) as connection:
        connection.execute("SELECT audit_internal.seal()")
        problems = len(connection.execute("SELECT * FROM audit.verify()").fetchall())
        connection.execute("SELECT audit.untrack('audit_faults.rows'); DROP SCHEMA audit_faults CASCADE")
    report = Report("Killed while writing", {"rounds": arguments.rounds})
    report.add("changes", count=total)
    report.add("rows that disagree with the log", count=wrong)
    report.add("problems that verify found", count=problems)
    report.print(arguments.json)


if __name__ == "__main__":
    main()
