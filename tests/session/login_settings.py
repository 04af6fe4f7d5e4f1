"""Settings of a login: the list of all of them, random combinations, and what must not depend on any.

A combination is given to the login (ALTER ROLE … IN DATABASE … SET), so that every session of the database begins with
it, that of the runner and that of an application. Whatever is left in tables is read back by a session with settings of
its own.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

HERE = Path(__file__).parent
LIST = HERE / "user_settings.csv"
OWNER = "tidemark"
EMPTY = "''"
LISTS = ("search_path", "DateStyle", "createrole_self_grant", "restrict_nonsystem_relation_kind")
# What differs between two runs by its nature: transactions, durations, names made at random, moments of the run.
UNSTEADY = re.compile(r"(_ms|lag|seconds)$|^(declared_in|database|xid)$")
RANDOM = re.compile(  # the day after, as a run of tests may go on past midnight
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9.]+ ms"
    rf"|({date.today() - timedelta(1)}|{date.today()}|{date.today() + timedelta(1)})[T ][0-9:.]+(Z|\+00(:00)?)?"
)
# Without any good way to join or to read, answers are the same and take hours: one of each kind is enough to see other plans.
JOINS = {"enable_hashjoin", "enable_mergejoin", "enable_nestloop"}
SCANS = {"enable_bitmapscan", "enable_indexonlyscan", "enable_indexscan", "enable_seqscan"}
# The login may then read no view at all, which is an error and no other answer; the runner lifts it.
RUNNER_ONLY = {"restrict_nonsystem_relation_kind"}
# A session whose own settings are known, to read back with.
READER = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    "lc_monetary": "C",
    "search_path": "pg_catalog",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",
}


class Setting(NamedTuple):
    setting: str
    versions: str  # 15-, 17-, 16-16: the first and the last major version that has it
    verdict: str  # cannot matter, pinned, respected
    reason: str
    tried: tuple[str, ...]

    def is_in(self, major: int) -> bool:
        first, _, last = self.versions.partition("-")
        return int(first) <= major <= int(last or major)


def listed() -> list[Setting]:
    with LIST.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Setting(**row | {"tried": tuple(value.replace(EMPTY, "") for value in row["tried"].split("|") if value)})
        for row in rows
    ]


def combination(seed: int, major: int) -> dict[str, str]:
    """A random subset of the settings, each with a random one of its values; 0 is no setting at all."""
    if seed == 0:
        return {}
    chance = random.Random(seed)
    share = chance.choice((0.1, 0.3, 0.6))
    chosen = {
        one.setting: chance.choice(one.tried)
        for one in listed()
        if one.tried and one.is_in(major) and chance.random() < share
    }
    for ways in (JOINS, SCANS):
        for surplus in sorted(ways & chosen.keys())[1:]:
            del chosen[chance.choice((surplus, min(ways & chosen.keys())))]
    return chosen


def give(server: Any, database: str, settings: dict[str, str]) -> None:
    """Gives settings to the login, for one database."""
    with psycopg.connect(server.dsn(database), autocommit=True) as connection:
        for name, value in settings.items():
            values = [part.strip(' "') for part in value.split(",")] if name in LISTS else [value]
            statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(OWNER),
                sql.Identifier(database),
                sql.SQL(".").join(map(sql.Identifier, name.split("."))),
                sql.SQL(", ").join(map(sql.Literal, values)),
            )
            connection.execute(statement)


def options(settings: dict[str, str]) -> str:
    """The same settings as PGOPTIONS."""
    escaped = {name: re.sub(r"([\\ ])", r"\\\1", value) for name, value in settings.items()}
    return " ".join(f"-c {name}={value}" for name, value in escaped.items())


def contents(dsn: str, wanted: Iterator[tuple[str, str]] | None = None) -> dict[str, list[str]]:
    """Every row of tables and views, as text, without what differs by its nature."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, value in READER.items():
            connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        return {
            name: sorted(_steady(row[0]) for row in connection.execute(statement).fetchall())
            for name, statement in (wanted or _all(connection))
        }


def _all(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, str]]:
    found = connection.execute(
        "SELECT format('%I.%I', nspname, relname) FROM pg_class AS cls INNER JOIN pg_namespace AS nsp"
        " ON nsp.oid = relnamespace WHERE (nspname IN ('bi', 'walk') AND relkind IN ('v', 'r'))"
        " OR (nspname IN ('commerce', 'model_risk', 'refresh', 'load', 'shop') AND relkind = 'r') ORDER BY 1"
    ).fetchall()
    left_out = {"load.phases", "refresh.runs", "refresh.view_state", "bi.freshness"}
    for (name,) in found:
        if name not in left_out:
            yield name, f"SELECT to_jsonb(t) FROM {name} AS t"


def _steady(row: Any) -> str:
    if not isinstance(row, dict):
        return RANDOM.sub("...", str(row))
    steady = {key: value for key, value in row.items() if not UNSTEADY.search(key)}
    return RANDOM.sub("...", json.dumps(steady, sort_keys=True))


def differences(expected: dict[str, list[str]], found: dict[str, list[str]]) -> list[str]:
    """What is not the same, one line each, for a person."""
    said = [f"{name} is only in one" for name in expected.keys() ^ found.keys()]
    for name in expected.keys() & found.keys():
        for sign, rows in (
            ("-", set(expected[name]) - set(found[name])),
            ("+", set(found[name]) - set(expected[name])),
        ):
            said += [f"{sign} {name} {row[:600]}" for row in sorted(rows)[:2]]
        if len(expected[name]) != len(found[name]):
            said.append(f"{name}: {len(expected[name])} rows, now {len(found[name])}")
    return said


# --- what an application does, in a session that pins nothing -----------------------------------------------------

CALLS = {
    "kpi_report": "SELECT * FROM model_risk.kpi_report(NULL)",
    "kpi_report_header": "SELECT * FROM model_risk.kpi_report_header(NULL)",
    "kpi_models": "SELECT * FROM model_risk.kpi_models('4.7')",
    "revalidation_at": "SELECT * FROM model_risk.revalidation_at('2025-06-30')",
    "approval_at": "SELECT * FROM model_risk.approval_at('2025-06-30')",
    "model_list_at": "SELECT * FROM model_risk.model_list_at('2025-06-30')",
    "status_transition_at": "SELECT * FROM model_risk.status_transition_at('2025-06-30')",
    "regional_compliance": "SELECT * FROM model_risk.regional_compliance_report()",
    "attestation_cycles": "SELECT * FROM model_risk.attestation_cycle_list()",
    "kpi_live": "SELECT * FROM bi.model_risk_kpi",
    "status_live": "SELECT * FROM model_risk.model_status",
    "verified": "SELECT (verified).* FROM (SELECT refresh.verify(view_name) AS verified FROM refresh.freshness) AS v",
    "explained": "SELECT view_name, refresh.explain(view_name)::text AS text FROM refresh.freshness",
    "freshness": "SELECT view_name, freshness_status, target_lag, row_count, pending_count, failure_count FROM refresh.freshness",
    "rejects": "SELECT upl.upload_id, line.* FROM load.upload AS upl, load.rejects_file(upl.upload_id) AS line",
    "issues": "SELECT * FROM load.issue",
}
WRITES = [
    "UPDATE model_risk.models SET model_name = model_name || ' again' WHERE model_id % 7 = 0",
    "UPDATE model_risk.monitoring_results SET numeric_value = numeric_value / 3 WHERE result_id % 5 = 0",
    "DELETE FROM model_risk.model_regions WHERE model_id % 11 = 0",
]


def load_in_sql(connection: psycopg.Connection[Any], dataset: str, file: Path, parameters: dict[str, str]) -> str:
    """Loads a CSV file as somebody without the runner does: by the functions of schema load and COPY."""
    lines = file.read_bytes().splitlines(keepends=True)
    header = next(csv.reader([lines[0].decode()]))

    def call(statement: str, *arguments: Any) -> Any:
        return connection.execute(statement, arguments).fetchone()[0]

    upload = call("SELECT load.open_upload(%s, %s, %s::jsonb)", dataset, file.name, json.dumps(parameters))
    call("SELECT load.begin_staging(%s, %s)", upload, header)
    call("SELECT load.number_from(%s, 1)", upload)
    copy = call("SELECT load.copy_statement(%s, %s, 'plain')", upload, len(header))
    with connection.cursor() as cursor, cursor.copy(copy) as stream:
        stream.write(b"".join(lines[1:]))
    size = sum(map(len, lines))
    call("SELECT load.note_staged(%s, %s, %s, %s, true)", upload, size, len(lines) - 1, b"\x00")
    status = call("SELECT load.finish_upload(%s, false)", upload)
    return str(status, "ascii") if isinstance(status, bytes) else str(status)  # as the driver reads SQL_ASCII


def use_as_an_application(dsn: str, files: list[tuple[str, Path, dict[str, str]]]) -> None:
    """Writes, loads, refreshes and asks; what was answered is left in schema walk."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        statuses = [load_in_sql(connection, *one) for one in files]
        for statement in WRITES:
            connection.execute(statement)
        connection.execute("CALL refresh.tick()")
        connection.execute("SET default_transaction_isolation = 'read committed'")  # as refresh.run() demands
        connection.execute(
            "SELECT refresh.run(view_name, p_full => true) FROM refresh.freshness ORDER BY view_id LIMIT 2"
        )
        connection.execute("CREATE SCHEMA walk")
        connection.execute("CREATE TABLE walk.statuses AS SELECT unnest(%s::text[]) AS status", [statuses])
        for name, statement in CALLS.items():
            connection.execute(sql.SQL("CREATE TABLE walk.{} AS ").format(sql.Identifier(name)) + sql.SQL(statement))


def objects(dsn: str) -> dict[str, list[str]]:
    """Every object of the product as a text: what apply made of the files."""
    return contents(dsn, iter(OBJECTS.items()))


def flat(document: Any) -> list[str]:
    """A JSON document of a command, one line a value, without what differs by its nature."""
    lines: list[str] = []

    def go(place: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if not UNSTEADY.search(key):
                    go(f"{place}.{key}", inner)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                go(f"{place}[{number}]", inner)
        else:
            lines.append(RANDOM.sub("...", f"{place} = {json.dumps(value)}"))

    go("", document)
    return lines


OBJECTS = {
    "functions": "SELECT to_jsonb(pg_get_functiondef(oid)) FROM pg_proc WHERE prokind <> 'a' AND oid >= 16384",
    "views": "SELECT to_jsonb(oid::regclass::text || ' ' || pg_get_viewdef(oid)) FROM pg_class"
    " WHERE relkind = 'v' AND oid >= 16384",
    "columns": "SELECT to_jsonb(attrelid::regclass::text || ' ' || attname || ' ' || format_type(atttypid, atttypmod))"
    " FROM pg_attribute WHERE attnum > 0 AND attrelid >= 16384 AND NOT attrelid::regclass::text LIKE 'pg_toast.%'",
    "constraints": "SELECT to_jsonb(conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)) FROM pg_constraint"
    " WHERE oid >= 16384",
    "indexes": "SELECT to_jsonb(pg_get_indexdef(indexrelid)) FROM pg_index WHERE indexrelid >= 16384 AND NOT indrelid::regclass::text LIKE 'pg_toast.%'",
    "comments": "SELECT to_jsonb(description) FROM pg_description WHERE objoid >= 16384",
    "rights": "SELECT to_jsonb(oid::regclass::text || ' ' || relacl::text) FROM pg_class WHERE oid >= 16384 AND relacl IS NOT NULL",
}
