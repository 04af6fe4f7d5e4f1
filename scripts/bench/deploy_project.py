"""The small project that the deploy benchmarks apply: every kind of concurrent step, and views. Nothing to run here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SETUP = """-- Tables with rows.
CREATE TYPE public.mood AS ENUM ('low');
CREATE TABLE public.once (what text NOT NULL);
CREATE TABLE public.t (a integer NOT NULL, b text NOT NULL, c integer);
INSERT INTO public.t SELECT n, md5(n::text), n % 7 FROM generate_series(1, {rows}) AS n;
CREATE INDEX t_old ON public.t (c);
CREATE INDEX t_worn ON public.t (b);
ALTER TABLE public.t ADD CONSTRAINT t_positive CHECK (a > 0) NOT VALID;
CREATE TABLE public.p (a integer) PARTITION BY RANGE (a);
CREATE TABLE public.p_low PARTITION OF public.p FOR VALUES FROM (0) TO (1000);
CREATE TABLE public.p_high PARTITION OF public.p FOR VALUES FROM (1000) TO (2000);
INSERT INTO public.p SELECT generate_series(0, 1999);
"""

OUTSIDE = """-- Every kind of step that commits on its way.
-- depends: 0001_setup
-- transactional: false
SET maintenance_work_mem = '32MB';
CREATE UNIQUE INDEX CONCURRENTLY t_a ON public.t (a);
INSERT INTO public.once VALUES ('between');
CREATE INDEX CONCURRENTLY IF NOT EXISTS t_lower ON public.t (lower(b), (c + 1)) WHERE c > 2;
DROP INDEX CONCURRENTLY public.t_old;
ALTER TYPE public.mood ADD VALUE 'high';
REINDEX TABLE CONCURRENTLY public.t;
ALTER TABLE public.t VALIDATE CONSTRAINT t_positive;
ALTER TABLE public.p DETACH PARTITION public.p_low CONCURRENTLY;
"""

AFTER = """-- One transaction.
-- depends: 0002_outside
INSERT INTO public.once VALUES ('whole');
ALTER TABLE public.t ADD COLUMN d integer NOT NULL DEFAULT 0;
"""


def write(base: Path, rows: int, views: int, *, only_setup: bool = False) -> None:
    """Writes the files; with ``only_setup`` the state before the release that is under test."""
    shutil.rmtree(base, ignore_errors=True)
    for folder in ("migrations", "functions", "views/public/live", "scripts"):
        (base / folder).mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "create_roles.sql", base / "scripts")
    (base / "migrations" / "0001_setup.sql").write_text(SETUP.format(rows=rows))
    if only_setup:
        return
    (base / "migrations" / "0002_outside.sql").write_text(OUTSIDE)
    (base / "migrations" / "0003_after.sql").write_text(AFTER)
    for number in range(views):
        below = f"public.v{number - 1}" if number % 10 else "nothing"
        source = f"public.v{number - 1}" if number % 10 else "public.t"
        (base / f"views/public/live/v{number}.sql").write_text(
            f"-- public.v{number}\n-- requires: {below}\n\n"
            f"CREATE OR REPLACE VIEW public.v{number} AS SELECT a, b FROM {source} WHERE a > {number};\n"
        )


def start(base: Path, dsn: str, *options: str) -> subprocess.Popen[str]:
    """``tidemark apply`` as a process of its own."""
    environment = os.environ | {"TIDEMARK_SQL": str(base), "TIDEMARK_DSN": dsn, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", "from tidemark.cli import main; main()", "apply", "--json", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
