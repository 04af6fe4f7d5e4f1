"""tidemark audit, as an auditor meets it."""

from __future__ import annotations

import json
from typing import Any

import psycopg


def test_help_teaches_and_asks_no_database(tidemark: Any) -> None:
    result = tidemark("audit", "--help")
    assert result.returncode == 0
    for command in ("show", "verify"):
        assert command in result.stdout
        assert tidemark("audit", command, "--help").returncode == 0


def test_the_life_of_a_row_and_what_was_done_to_it(tidemark: Any, fresh_db: str) -> None:
    with psycopg.connect(fresh_db, autocommit=True) as owner:
        owner.execute("SET tidemark.actor = 'ann'; SET tidemark.actor_role = 'officer'")
        owner.execute("""
            INSERT INTO model_risk.validation_types (type_code, label, is_full) VALUES ('DEEP', 'Deep', TRUE);
            UPDATE model_risk.validation_types SET label = 'Very deep' WHERE type_code = 'DEEP';
            DELETE FROM model_risk.validation_types WHERE type_code = 'DEEP'""")
        told = tidemark("audit", "show", "model_risk.validation_types", "DEEP", "--dsn", fresh_db)
        assert told.returncode == 0, told.stderr
        lines = told.stdout.splitlines()
        heads = [line for line in lines if not line.startswith(" ")]
        assert [line.split("ann (officer): ")[1].split("  ")[0] for line in heads] == ["added", "changed", "deleted"]
        assert "    label: Deep → Very deep" in lines
        document = json.loads(
            tidemark("audit", "show", "validation_types", "DEEP", "--json", "--dsn", fresh_db).stdout
        )
        assert [row["action"] for row in document["data"]] == ["INSERT", "UPDATE", "DELETE"]
        assert tidemark("audit", "show", "validation_types", "DULL", "--dsn", fresh_db).returncode == 1

        owner.execute("SELECT audit_internal.seal()")
        whole = json.loads(tidemark("audit", "verify", "--json", "--dsn", fresh_db).stdout)
        assert whole["ok"]
        seal = whole["data"]["newest_seal"]
        known = f"{seal['seal_no']}:{seal['digest']}"
        assert tidemark("audit", "verify", "--known", known, "--dsn", fresh_db).returncode == 0
        assert tidemark("audit", "verify", "--known", f"{seal['seal_no']}:00", "--dsn", fresh_db).returncode == 1
        assert tidemark("audit", "verify", "--known", "last", "--dsn", fresh_db).returncode == 2
        owner.execute(
            "ALTER TABLE audit.entries DISABLE TRIGGER USER; DELETE FROM audit.entries WHERE action = 'DELETE'"
        )
        broken = tidemark("audit", "verify", "--dsn", fresh_db)
        assert broken.returncode == 1
        assert "removed" in broken.stdout
