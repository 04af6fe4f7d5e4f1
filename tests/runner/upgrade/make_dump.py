#!/usr/bin/env python3
"""How the dumps of released databases were made: run in a checkout of the release, with its own environment.

    python make_dump.py 'host=… port=… user=tidemark dbname=empty' 'host=… user=postgres dbname=empty' | gzip -9n > FILE.sql.gz

The first login applies the files: it may create roles and is no superuser, as on a managed server. The second one
dumps. Both families hold the rows of their golden cases or of the generator; an outside schema has a stored view with
a grant to a role of its own; changes wait in queues, as on any day. The dump needs the roles ``tidemark`` (owner),
``upgrade_reader`` and those of scripts/create_roles.sql.
"""

from __future__ import annotations

import re
import subprocess
import sys

import psycopg
from tidemark.data.commerce.generate import Plan

from tidemark import config, db, demo_shop, files, refresh
from tidemark.deploy.apply import deployment
from tidemark.golden import files as golden_files
from tidemark.golden import load
from tidemark.steps import finish

# a table of another tool, a live view and a stored view over it, all outside of the schemas that Tidemark ships
OUTSIDE = """
CREATE ROLE upgrade_reader;
CREATE SCHEMA field_office;
CREATE TABLE field_office.visits (visit_id integer PRIMARY KEY, site text NOT NULL, cost numeric(10, 2) NOT NULL);
INSERT INTO field_office.visits SELECT n, 'site ' || n % 7, n * 1.25 FROM generate_series(1, 60) AS n;
CREATE VIEW field_office.visit_cost AS
SELECT v.site, count(*) AS visit_count, sum(v.cost) AS cost FROM field_office.visits AS v GROUP BY v.site;
SELECT refresh.store('field_office.visit_cost_by_site', live => 'field_office.visit_cost', key => '{site}',
    target_lag => '1 hour', also_by => '{visit_count}');
SELECT refresh.affects('field_office.visits', 'field_office.visit_cost_by_site', 'SELECT site FROM changed');
COMMENT ON VIEW field_office.visit_cost_by_site IS 'Cost of visits, one row a site.';
GRANT USAGE ON SCHEMA field_office TO upgrade_reader;
GRANT SELECT ON field_office.visit_cost_by_site TO upgrade_reader;
"""

# not refreshed before the dump
PENDING = (
    "UPDATE field_office.visits SET cost = cost + 1 WHERE visit_id IN (3, 10)",
    "DELETE FROM field_office.visits WHERE site = 'site 6'",
    "UPDATE model_risk.models SET status = 'Retired' WHERE model_id < 4",
    "UPDATE commerce.order_lines SET variant_id = NULL WHERE order_id = (SELECT min(order_id) FROM commerce.order_lines)",
)


def main(owner: str, superuser: str) -> None:
    settings = config.Settings(dsn=owner, dsn_source="the caller")
    demo_shop.PLAN = Plan(lines=150, seed=2, dirt=2)
    with db.connect(owner) as connection:
        finish(deployment.apply(connection, settings))
        cases = files.root() / "tests/golden/model_risk/tables"
        finish(load.load_tables(connection, "model_risk", golden_files.find(cases).values()))
        finish(demo_shop.prepare(connection, settings))
    with psycopg.connect(owner) as plain:
        plain.execute(OUTSIDE)
    with db.connect(owner) as connection:
        failed = [row for row in finish(refresh.run(connection, settings, [])) if row.mode == "failed"]
        assert not failed, failed
    with psycopg.connect(owner) as plain:
        for statement in PENDING:
            assert plain.execute(statement).rowcount > 0, statement
    dump = subprocess.run(["pg_dump", "--dbname", superuser], check=True, capture_output=True).stdout
    # only the newest psql knows \restrict
    sys.stdout.buffer.write(re.sub(rb"(?m)^\\(un)?restrict .*\n", b"", dump))


if __name__ == "__main__":
    main(*sys.argv[1:])
