#!/usr/bin/env python3
"""What the log of changes costs who writes, and what sealing and verifying take.

Makes its own tables in a database with Tidemark applied, and drops them. The same statements run on a table that is not
followed and on one that is; entries by audit.record() one by one and by audit.record_many(); calls with and without a note.
"""

from __future__ import annotations

from common import Report, connect, in_turn, one, parser, timed

SETUP = """
DROP SCHEMA IF EXISTS audit_bench CASCADE;
CREATE SCHEMA audit_bench;
CREATE TABLE audit_bench.plain (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text, b text, c numeric, d date, e integer, f text, g boolean, h timestamptz
);
CREATE TABLE audit_bench.followed (LIKE audit_bench.plain INCLUDING ALL);
SELECT audit.track('audit_bench.followed');
"""
INSERT = (
    "INSERT INTO audit_bench.{} (a, b, c, d, e, f, g, h)"
    " SELECT 'a' || n, 'text', n, '2025-01-01', n, NULL, TRUE, now() FROM generate_series(1, {}) AS n"
)
UPDATE = (
    "UPDATE audit_bench.{0} SET b = b || 'x' WHERE id IN (SELECT id FROM audit_bench.{0} ORDER BY id DESC LIMIT {1})"
)
ENTRY = "ROW('orders', n::text, 'UPDATE', '{\"a\": 1}', '{\"a\": 2}')::audit.new_entry"


def main() -> None:
    arguments = parser(__doc__ or "").parse_args()
    connection = connect(arguments.dsn)
    connection.execute(SETUP)
    report = Report("The log of changes")

    def run(statement: str) -> object:
        return lambda: connection.execute(statement)

    for rows in (1, 1000):
        for what, text in (("insert", INSERT), ("update", UPDATE)):
            times = in_turn(
                arguments.runs * (20 if rows == 1 else 1),
                plain=run(text.format("plain", rows)),  # type: ignore[arg-type]
                followed=run(text.format("followed", rows)),  # type: ignore[arg-type]
            )
            plain, followed = (sorted(times[name])[len(times[name]) // 2] for name in ("plain", "followed"))
            report.add(f"{what} of {rows} rows, followed / not", ms=followed, ratio=followed / plain)
    times = in_turn(
        arguments.runs,
        single=run(
            "SELECT count(audit.record('bench', 'orders', n::text, 'UPDATE', p_before => '{\"a\": 1}', p_after => '{\"a\": 2}')) FROM generate_series(1, 1000) AS n"
        ),  # type: ignore[arg-type]
        many=run(f"SELECT audit.record_many('bench', ARRAY(SELECT {ENTRY} FROM generate_series(1, 1000) AS n))"),  # type: ignore[arg-type]
    )
    single, many = (sorted(times[name])[len(times[name]) // 2] for name in ("single", "many"))
    report.add("1000 entries, record_many / record", ms=many, ratio=many / single)
    note = "SELECT count(*) FROM (SELECT ops.note_call('bench.read', '1', 'A', clock_timestamp(), 1, 'ok', 'read') FROM generate_series(1, 1000) AS n OFFSET 0) AS x"
    connection.execute("SET tidemark.call_log = off")
    off = min(timed(lambda: connection.execute(note)) for _ in range(arguments.runs))
    connection.execute("RESET tidemark.call_log")
    on = min(timed(lambda: connection.execute(note)) for _ in range(arguments.runs))
    report.add("a call noted, ms each", ms=on / 1000, ratio=on / off)
    connection.execute(
        f"SELECT audit.record_many('bench', ARRAY(SELECT {ENTRY} FROM generate_series(1, 100000) AS n))"
    )
    sealing = timed(lambda: connection.execute("SELECT audit_internal.seal()"))
    (count,) = one(connection, "SELECT entry_count FROM audit.seals ORDER BY seal_no DESC LIMIT 1")
    report.add(f"seal of {count} entries", ms=sealing, ratio=None)
    idle = min(timed(lambda: connection.execute("SELECT audit_internal.seal()")) for _ in range(arguments.runs))
    report.add("nothing to seal", ms=idle, ratio=None)
    (entries,) = one(connection, "SELECT count(*) FROM audit.entries")
    verifying = timed(lambda: connection.execute("SELECT * FROM audit.verify()"))
    report.add(f"verify of {entries} entries", ms=verifying, ratio=None)
    connection.execute(
        "SELECT audit.untrack('audit_bench.followed'); DROP SCHEMA audit_bench CASCADE; DELETE FROM ops.call"
    )
    report.print(arguments.json)


if __name__ == "__main__":
    main()
