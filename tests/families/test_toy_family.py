"""A family is SQL, data and docs: a toy one, put into a copy of the tree, works without a line changed elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PARTS = ("migrations", "functions", "views", "scripts", "tests", "tidemark")

FILES = {
    "migrations/toy/0001_toy_parcels.sql": """-- Parcels and when they must arrive.
-- depends: 0018_refresh_changes

CREATE SCHEMA toy;
COMMENT ON SCHEMA toy IS 'Parcels: promised and delivered days.';
GRANT USAGE ON SCHEMA toy TO tidemark_app, tidemark_operator;

CREATE TABLE toy.parcels (
    parcel_id integer CONSTRAINT parcels_pkey PRIMARY KEY,
    town text NOT NULL,
    due_on date NOT NULL,
    arrived_on date
);

COMMENT ON TABLE toy.parcels IS 'One row a parcel; arrived_on is NULL while it is on its way.';
""",
    "migrations/toy/0001_toy_parcels.rollback.sql": "-- Undo 0001_toy_parcels.\n\nDROP TABLE toy.parcels;\nDROP SCHEMA toy;\n",
    "functions/toy/rules/parcel_status.sql": """-- toy.parcel_status()
-- Says where one parcel stands at the end of a day.
-- requires: nothing
-- source:   docs/toy.md, "When is a parcel late?"

CREATE OR REPLACE FUNCTION toy.parcel_status(due_on date, arrived_on date, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN arrived_on <= as_of THEN 'arrived'
    WHEN as_of > due_on THEN 'late'
    ELSE 'on its way'
END;

COMMENT ON FUNCTION toy.parcel_status IS 'Status at the end of day as_of; the due day itself is on time.';
""",
    "views/toy/live/town_parcels.sql": """-- toy.town_parcels
-- How many parcels of each town are late.
-- grain:    one row per town
-- requires: toy.parcel_status(), refresh.as_of_date()
-- source:   docs/toy.md, "When is a parcel late?"

CREATE OR REPLACE VIEW toy.town_parcels AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    par.town,
    count(*) AS parcel_count,
    count(*) FILTER (WHERE toy.parcel_status(par.due_on, par.arrived_on, clock.as_of) = 'late') AS late_count,
    min(par.due_on + 1) FILTER (WHERE par.arrived_on IS NULL AND par.due_on >= clock.as_of) AS next_change_on
FROM toy.parcels AS par
CROSS JOIN clock
GROUP BY par.town;

COMMENT ON VIEW toy.town_parcels IS 'Counts are parcels. next_change_on: the next day on which time alone changes the row.';
GRANT SELECT ON toy.town_parcels TO tidemark_app, tidemark_operator;
""",
    "views/toy/stored/town_parcels_by_town.sql": """-- toy.town_parcels_by_town
-- The same rows, kept.
-- grain:    one row per town
-- requires: refresh.store(), toy.town_parcels
-- source:   docs/toy.md, "When is a parcel late?"

SELECT refresh.store(
    'toy.town_parcels_by_town',
    live => 'toy.town_parcels',
    key => '{town}',
    due => 'next_change_on'
);

COMMENT ON VIEW toy.town_parcels_by_town IS 'Same columns and rows as toy.town_parcels.';
GRANT SELECT ON toy.town_parcels_by_town TO tidemark_app;
""",
    "views/bi/toy_town.sql": """-- bi.toy_town
-- Late parcels of each town, for dashboards.
-- grain:    one row per town
-- requires: toy.town_parcels_by_town, access.sees_all()
-- source:   docs/toy.md, "When is a parcel late?"

CREATE OR REPLACE VIEW bi.toy_town WITH (security_barrier) AS
SELECT
    par.town,
    par.parcel_count,
    par.late_count
FROM toy.town_parcels_by_town AS par
WHERE (SELECT access.sees_all('toy'));

COMMENT ON VIEW bi.toy_town IS 'Grain: one row per town. Key: town. Stored view: toy.town_parcels_by_town.';
COMMENT ON COLUMN bi.toy_town.town IS 'Name of the town.';
COMMENT ON COLUMN bi.toy_town.parcel_count IS 'Parcels, all of them.';
COMMENT ON COLUMN bi.toy_town.late_count IS 'Parcels that are late.';
GRANT SELECT ON bi.toy_town TO tidemark_bi;
""",
    "tests/golden/toy/golden.toml": """inputs = ["tables/"]

[[suite]]
name = "reports"
needs = "tables/"
steps = [{ do = "tables", from = "tables/" }]
checks = ["reports.sql"]
days = "expected"
""",
    "tests/golden/toy/reports.sql": """-- name: expected_towns.csv
-- key: as_of, town
SELECT day.as_of, par.town, count(*) FILTER (WHERE toy.parcel_status(par.due_on, par.arrived_on, day.as_of) = 'late') AS late
FROM (SELECT DISTINCT as_of::date AS as_of FROM expected_towns) AS day
CROSS JOIN toy.parcels AS par
GROUP BY day.as_of, par.town;
""",
    "tests/golden/toy/tables/parcels.csv": "parcel_id,town,due_on,arrived_on\n1,Ahle,2025-06-30,\n2,Ahle,2025-06-01,2025-06-02\n3,Brook,2025-06-10,\n",
    "tests/golden/toy/expected_towns.csv": "as_of,town,late\n2025-06-30,Ahle,0\n2025-06-30,Brook,1\n2025-07-01,Ahle,1\n2025-07-01,Brook,1\n",
    "scripts/generate/toy/01_parcels.sql": """-- Parcels
INSERT INTO toy.parcels (parcel_id, town, due_on)
SELECT n, 'Town ' || n % 7, current_setting('tidemark.generate_as_of')::date + n % 9 - 4
FROM generate_series(1, current_setting('tidemark.generate_size')::integer) AS n;
""",
    "scripts/demo/toy/demo.toml": 'size = 70\nschema = "toy"\n\n[[prepare]]\ndo = "generate"\n',
    "scripts/demo/toy/report.sql": """-- name: is_filled
SELECT EXISTS (SELECT FROM toy.parcels);

-- name: facts
SELECT count(*) AS parcels FROM toy.parcels;

-- name: towns
-- title: Late parcels of {parcels}
SELECT town, parcel_count AS parcels, late_count AS late FROM bi.toy_town ORDER BY town;
""",
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the toy family in it."""
    base = tmp_path_factory.mktemp("copy") / "tidemark"
    for part in PARTS:
        shutil.copytree(ROOT / part, base / part, ignore=shutil.ignore_patterns("__pycache__", "golden", "upgrade"))
    shutil.copytree(ROOT / "tidemark" / "golden", base / "tidemark" / "golden", dirs_exist_ok=True)
    for name in ("pyproject.toml", "sqlfluff.cfg", ".squawk.toml", "README.md"):
        shutil.copy(ROOT / name, base / name)
    shutil.copytree(ROOT / "docs", base / "docs")
    (base / "tidemark.toml").write_text('name = "trial"\nuses = ["toy"]\n')
    for path, text in FILES.items():
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_text(text)
    return base


@pytest.fixture
def run(copy: Path, server: Any) -> Any:
    """Runs a program of the copy on a database of its own and gives what it printed."""

    def call(*command: str, dsn: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(copy), "TIDEMARK_DSN": dsn}
        done = subprocess.run(
            [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    return call


CLI = ("-c", "from tidemark.cli import main; main()")


def test_it_applies_alone_stays_fresh_and_shows_itself(run: Any, server: Any) -> None:
    with server.database() as name:
        dsn = server.owner_dsn(name)
        assert "applied" in run(*CLI, "apply", dsn=dsn)
        assert "nothing to do" in run(*CLI, "apply", dsn=dsn)
        shown = run(*CLI, "demo", "toy", "--yes", dsn=dsn)
        assert "Late parcels of 70" in shown
        assert "Town 3" in shown
        assert "derived" in run(*CLI, "explain", "toy.town_parcels_by_town", "--mappings", dsn=dsn)
        run(*CLI, "verify", "toy.town_parcels_by_town", dsn=dsn)


def test_its_golden_cases_are_checked(run: Any, server: Any) -> None:
    told = run("scripts/golden.py", "toy", "tests/golden/toy", dsn=server.owner_dsn("postgres"))
    assert "all equal" in told
    assert "toy.town_parcels_by_town" in told


def test_its_generator_is_found(run: Any, server: Any) -> None:
    with server.database() as name:
        dsn = server.owner_dsn(name)
        run(*CLI, "apply", dsn=dsn)
        assert "parcels" in run("scripts/generate.py", "toy", "--size", "30", dsn=dsn)


def test_the_rules_about_files_hold_for_it(run: Any, server: Any) -> None:
    told = run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/repo/test_layout.py", "tests/repo/test_python.py",
        "-k", "toy or names_a_family", dsn=server.dsn(),
    )  # fmt: skip
    assert " passed" in told
