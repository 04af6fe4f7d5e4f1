"""tidemark access, as a DBA meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture(name="house")
def _house(fresh_db: str) -> Iterator[str]:
    with psycopg.connect(fresh_db, autocommit=True) as owner:
        owner.execute("CREATE ROLE ann LOGIN IN ROLE tidemark_bi")
        owner.execute("INSERT INTO model_risk.teams (team_id, name) VALUES (1, 'Rates'), (2, 'Credit')")
        yield fresh_db
        owner.execute("DROP OWNED BY ann; DROP ROLE ann")


def test_help_teaches_and_asks_no_database(tidemark: Any) -> None:
    result = tidemark("access", "--help")
    assert result.returncode == 0
    assert "tidemark access grant ann" in result.stdout
    for command in ("grant", "revoke", "show", "values", "confirm", "secure"):
        assert command in result.stdout
        assert tidemark("access", command, "--help").returncode == 0


def test_grant_show_and_revoke(tidemark: Any, house: str) -> None:
    def answer(*words: str) -> Any:
        result = tidemark("access", *words, "--json", "--dsn", house)
        assert result.returncode == 0, result.stdout
        return json.loads(result.stdout)["data"]

    assert answer("show") == []
    listed = answer("values", "model_risk")
    assert ["team", "2", "Credit"] in [[row["scope_kind"], row["scope_value"], row["scope_label"]] for row in listed]
    assert answer("grant", "ann", "model_risk", "team", "Rates", "2") == {"granted": 2}
    assert answer("grant", "ann", "commerce", "all") == {"granted": 1}
    assert answer("grant", "ann", "commerce", "shop", "later.example", "--not-yet") == {"granted": 1}
    told = [
        (row["scope_kind"], row["scope_value"], row["scope_label"], row["problem"]) for row in answer("show", "ann")
    ]
    assert told == [
        ("all", "*", "every row", None),
        ("shop", "later.example", None, "there is no such value now"),
        ("team", "2", "Credit", None),
        ("team", "1", "Rates", None),
    ]
    assert answer("confirm", "ann") == {"confirmed": 0}
    assert answer("revoke", "ann", "model_risk", "team", "Rates") == {"revoked": 1}
    assert answer("revoke", "ann") == {"revoked": 3}
    assert "nothing was granted" in tidemark("access", "revoke", "ann", "--dsn", house).stdout


def test_what_cannot_be_granted_says_what_can(tidemark: Any, house: str) -> None:
    result = tidemark("access", "grant", "ann", "model_risk", "team", "Weather", "--json", "--dsn", house)
    document = json.loads(result.stdout)
    assert (result.returncode, document["error"]["sqlstate"]) == (5, "P0002")
    assert "region, team, all" in document["error"]["detail"]
    assert "tidemark access values" in document["error"]["hint"]


def test_securing_can_be_looked_at_first(tidemark: Any, house: str) -> None:
    dry = tidemark("access", "secure", "ann", "--dry-run", "--dsn", house)
    assert "ALTER ROLE ann CONNECTION LIMIT 10;" in dry.stdout
    for _ in range(2):
        before = tidemark("access", "secure", "ann", "--dry-run", "--json", "--dsn", house).stdout
        assert len(json.loads(before)["data"]["found"]) > 5, "a dry run changes nothing"
    done = json.loads(tidemark("access", "secure", "ann", "--json", "--dsn", house).stdout)["data"]
    assert [gap["subject"] for gap in done["left"]] == ["grants"]


def test_before_apply_it_says_what_is_missing(tidemark: Any, empty_db: str) -> None:
    result = tidemark("access", "show", "--json", "--dsn", empty_db)
    assert (result.returncode, "tidemark apply" in json.loads(result.stdout)["error"]["hint"]) == (7, True)
