"""A program that loads without the runner, from a session with settings of its own, gets the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

CASES = Path(__file__).parents[1] / "session" / "cases" / "scs_off"
SETTINGS = {
    "standard_conforming_strings": "off",
    "transform_null_equals": "on",
    "array_nulls": "off",
    "datestyle": "German",
    "timezone": "Asia/Kathmandu",
    "intervalstyle": "sql_standard",
    "extra_float_digits": "-15",
    "quote_all_identifiers": "on",
    "bytea_output": "escape",
    "escape_string_warning": "off",
    "search_path": "public",
}


def by_sql(place: Any, content: bytes, shop: str, settings: dict[str, str]) -> tuple[Any, ...]:
    """Status and counters of a file that goes in by the functions of schema load alone."""
    header, _, records = content.partition(b"\n")
    names = header.decode().strip().split(",")
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        (number,) = connection.execute(
            "SELECT load.open_upload('commerce', 'orders.csv', jsonb_build_object('shop', %s::text))", [shop]
        ).fetchone() or (0,)
        connection.execute("SELECT load.begin_staging(%s, %s)", [number, names])
        (copy,) = connection.execute(
            "SELECT load.copy_statement(%s, %s, 'plain')", [number, len(names)]
        ).fetchone() or ("",)
        with connection.cursor() as cursor, cursor.copy(copy) as stream:
            stream.write(records)
        rows = records.count(b"\n")
        connection.execute(
            "SELECT load.note_staged(%s, %s, %s, sha256(%s), true)", [number, len(content), rows, content]
        )
        (status,) = connection.execute("SELECT load.finish_upload(%s)", [number]).fetchone() or ("",)
    (upload,) = place.rows("SELECT total_rows, rejected_rows FROM load.uploads WHERE upload_id = %s", number)
    return status, *upload.values(), *place.issues(number)


@pytest.mark.parametrize("name", ["dates.csv", "thousands.csv"])
def test_settings_of_the_session_change_no_row(place: Any, name: str) -> None:
    content = (CASES / name).read_bytes()
    expected = by_sql(place, content, "plain.example", {})
    found = by_sql(place, content, "odd.example", SETTINGS)
    assert found == expected
    if name == "dates.csv":
        assert expected[:3] == ("loaded", 30, 18)
    lines = place.rows(
        "SELECT shop_id, order_id, quantity, unit_price::text, ord.created_at::text"
        " FROM commerce.order_lines INNER JOIN commerce.orders AS ord USING (shop_id, order_id)"
        " ORDER BY shop_id, order_id"
    )
    plain = [tuple(row.values())[1:] for row in lines if row["shop_id"] == "plain.example"]
    assert plain == [tuple(row.values())[1:] for row in lines if row["shop_id"] == "odd.example"]
    assert plain


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_setting_alone_changes_no_row(place: Any, setting: str) -> None:
    content = (CASES / "dates.csv").read_bytes()
    assert by_sql(place, content, "a.example", {setting: SETTINGS[setting]})[:3] == ("loaded", 30, 18)
