"""What would mean something else under another locale, or fail beside another extension."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASE = re.compile(r"\b(?:lower|upper|initcap)\(", re.IGNORECASE)
MATCH = re.compile(r"\bILIKE\b|~\*", re.IGNORECASE)
QUALIFIED_DROP = re.compile(r"\bDROP\s+(?:VIEW|TABLE|SEQUENCE|INDEX)\b[^;]*\bpg_temp\.", re.IGNORECASE)
REASON = "-- collation:"


def without_comments(text):
    """Whole lines of comments are emptied, so that line numbers stay."""
    return re.sub(r"(?m)^\s*--.*$", "", text)


def argument(text, start):
    """What stands between the parenthesis before ``start`` and its partner."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
    return text[start:]


def left_to_the_locale(text):
    """Lines that fold case or ignore it without a collation, and without ``-- collation: why not`` there or above."""
    lines, code, found = text.splitlines(), without_comments(text), []
    for pattern in (CASE, MATCH):
        for hit in pattern.finditer(code):
            number = code.count("\n", 0, hit.start())
            said = argument(code, hit.end()) if pattern is CASE else lines[number]
            if "COLLATE" not in said and not any(REASON in line for line in lines[max(number - 1, 0) : number + 1]):
                found.append(f"line {number + 1}: {lines[number].strip()}")
    return found


def test_case_is_folded_under_a_named_collation(file):
    """Under Turkish rules lower('I') is not 'i': a shop, a code or a header would be another one."""
    assert left_to_the_locale(file.text) == [], 'say COLLATE "C", or "-- collation: why the locale may decide"'


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("SELECT lower(a)", True),
        ('SELECT upper(coalesce(a, b)) || c COLLATE "C"', True),
        ('SELECT lower(coalesce(a, b) COLLATE "C")', False),
        ('SELECT lower(\n    a COLLATE "C"\n)', False),
        ("-- lower(a)\nSELECT 1", False),
        ("SELECT a ~* 'x'", True),
        ("SELECT a COLLATE \"C\" ILIKE 'x'", False),
        ("-- collation: bounds of a range\nSELECT lower(a)", False),
    ],
)
def test_a_fold_is_recognised(text, is_found):
    assert bool(left_to_the_locale(text)) is is_found


def test_temporary_objects_are_dropped_by_their_bare_name(file):
    """Extensions that look at every DROP (Citus) do not know pg_temp as a schema."""
    assert not QUALIFIED_DROP.search(without_comments(file.text))


def test_queries_of_the_runner_drop_temporary_objects_by_their_bare_name():
    queries = sorted((ROOT / "tidemark" / "queries").glob("*.sql"))
    assert queries
    assert [path.name for path in queries if QUALIFIED_DROP.search(without_comments(path.read_text()))] == []


def test_a_qualified_drop_is_recognised():
    assert QUALIFIED_DROP.search("DROP TABLE IF EXISTS a, pg_temp.b;")
    assert not QUALIFIED_DROP.search("DROP TABLE a; SELECT 1 FROM pg_temp.b;")
