"""Every constraint of model_risk that the database could refuse a row by is violated by a test of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

NAMED_BY_CODE_ONLY = {  # violated in test_model_risk_status_codes.sql, where the table tells which one it was
    "revalidation_status_code_severity_in_range_check",
    "approval_status_code_severity_in_range_check",
    "validation_status_code_severity_in_range_check",
    "kpi_metrics_metric_type_is_known_check",
    "kpi_metrics_metric_id_key",
}


def test_each_check_and_each_unique_key_is_violated_once(conn: psycopg.Connection[Any]) -> None:
    found = conn.execute(
        """
        SELECT conname FROM pg_constraint
        WHERE connamespace = 'model_risk'::regnamespace AND contype IN ('c', 'u', 'x')
        UNION
        SELECT cls.relname FROM pg_index AS idx INNER JOIN pg_class AS cls ON idx.indexrelid = cls.oid
        WHERE cls.relnamespace = 'model_risk'::regnamespace AND idx.indisunique AND idx.indpred IS NOT NULL
        """
    ).fetchall()
    names = {name for (name,) in found}
    texts = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_model_risk_*.sql"))
    untested = {name for name in names - NAMED_BY_CODE_ONLY if f" {name}'" not in texts}
    assert untested == set()
    assert names >= NAMED_BY_CODE_ONLY
