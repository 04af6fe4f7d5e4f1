"""Under every locale, a Turkish one included, the same rows: what decides identity compares bytes."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tidemark import config, db
from tidemark.deploy.apply import deployment
from tidemark.golden import spec
from tidemark.golden.run import check_in
from tidemark.golden.scratch import Scratch
from tidemark.steps import finish

ROOT = Path(__file__).parents[2]
LOCALES = {
    "libc tr_TR": "LOCALE_PROVIDER libc LOCALE 'tr_TR.UTF-8'",
    "icu tr": "LOCALE_PROVIDER icu ICU_LOCALE 'tr' LOCALE 'C'",
    "icu tr above libc tr_TR": "LOCALE_PROVIDER icu ICU_LOCALE 'tr' LOCALE 'tr_TR.UTF-8'",
    "icu root": "LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C'",
    "libc C": "LOCALE_PROVIDER libc LOCALE 'C'",
}
GOLDEN = [
    ("commerce", "d01_small_clean"),
    ("commerce", "d13_shop_from_file"),
    ("commerce", "d14_bundles"),
    ("model_risk", ""),
]
ORDERS = """
SELECT ord.shop_id, ord.order_id, ord.currency, ord.shipping_city, line.sku, line.quantity, line.line_total, line.taxable
FROM commerce.orders AS ord INNER JOIN commerce.order_lines AS line USING (shop_id, order_id)
ORDER BY ord.order_id COLLATE "C"
"""


@contextmanager
def made(server, clause):
    """Connection string of a database of the owner in that locale, with everything applied: a template for copies."""
    name = f"locale_{os.getpid()}"
    try:
        server.execute(f"CREATE DATABASE {name} OWNER tidemark TEMPLATE template0 ENCODING 'UTF8' {clause}")
    except psycopg.Error as error:
        pytest.skip(f"the server has no such locale: {error.diag.message_primary}")
    try:
        dsn = server.owner_dsn(name)
        with db.connect(dsn) as connection:
            finish(deployment.apply(connection, config.Settings(dsn=dsn, dsn_source="the tests")))
        yield name
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=LOCALES)
def locale(request):
    return request.param


@pytest.fixture(scope="module")
def template(server, locale):
    with made(server, LOCALES[locale]) as name:
        yield name


@pytest.fixture
def database(server, template):
    with server.database(template) as name:
        yield server.owner_dsn(name)


def test_loads_and_refreshes_are_the_same(database, command, cases, tmp_path):
    assert command("apply", "--dsn", database).returncode == 0  # nothing to do, and says so
    file = str(cases / "turkish_shop" / "orders.csv")
    for shop in ("TIRE.EXAMPLE", "tire.example"):
        done = command(
            "load",
            "commerce",
            file,
            "--set",
            f"shop={shop}",
            "--set",
            "currency=idr",
            "--again",
            "--json",
            "--dsn",
            database,
        )
        assert json.loads(done.stdout)["data"]["files"][0]["status"] == "loaded", done.stdout
    units = tmp_path / "units.csv"
    for leaf, status in [
        ("ı", "failed"),
        ("ıi", "loaded"),
    ]:  # a code has only letters of ASCII, so the first has none
        units.write_text(f"sbu,lob1,lob2\nIstanbul,Izmir Risk,{leaf}\nIstanbul,Izmir Risk (izm_1),Iğdır\n", "utf-8")
        done = command("load", "model_risk.lob_hierarchy", str(units), "--json", "--dsn", database)
        assert json.loads(done.stdout)["data"]["files"][0]["status"] == status, done.stdout
    assert command("refresh", "--dsn", database).returncode == 0
    assert command("verify", "--dsn", database).returncode == 0
    with psycopg.connect(database) as connection:
        assert [tuple(map(str, row)) for row in connection.execute(ORDERS)] == [
            ("tire.example", "I-1", "IDR", "IZMIR", "A-I", "2", "25.00", "True"),
            ("tire.example", "ı-2", "IDR", "İzmir", "A-i", "2", "25.00", "False"),
        ]
        codes = connection.execute('SELECT code, name FROM model_risk.lob_units ORDER BY code COLLATE "C"').fetchall()
    assert codes == [
        ("I", "ıi"),
        ("IDR", "Iğdır"),
        ("ISTANBUL", "Istanbul"),
        ("IZMIRRISK", "Izmir Risk"),
        ("IZM_1", "Izmir Risk"),
    ]


@pytest.mark.parametrize(("domain", "case"), GOLDEN, ids=["/".join(golden) for golden in GOLDEN])
def test_golden_cases_are_the_same(server, template, locale, domain, case):
    """Their databases are copies of the one in that locale."""
    if locale not in ("libc tr_TR", "icu tr above libc tr_TR"):
        pytest.skip("the Turkish rules of both providers are the ones that could matter")
    settings = config.Settings(dsn=server.owner_dsn("postgres"), dsn_source="the tests")
    place = Scratch(settings, str(settings.dsn), template=template)
    found = finish(check_in(spec.read(domain), ROOT / "tests" / "golden" / domain / case, place))
    assert [finding for finding in found if finding.is_bad] == []
    assert found
