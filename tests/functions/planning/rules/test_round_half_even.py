"""planning.round_half_even(): the rounding of accountants, and cheap enough for every row of a report."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module", name="connection")
def _connection(server: Any, applied_db: str) -> Any:
    with psycopg.connect(server.dsn(applied_db), autocommit=True) as connection:
        yield connection


AMOUNTS = st.one_of(
    st.decimals(-(10**12), 10**12, places=6),
    # ties at each number of digits, and their neighbours
    st.builds(
        lambda whole, digits, off: Decimal(whole * 2 + 1).scaleb(-digits) / 2 + Decimal(off).scaleb(-9),
        st.integers(-(10**9), 10**9), st.integers(0, 4), st.sampled_from([0, 0, 0, 1, -1]),
    ),
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.tuples(AMOUNTS, st.integers(0, 4)), min_size=50, max_size=200))
def test_it_rounds_as_python_does(connection: psycopg.Connection[Any], amounts: list[tuple[Decimal, int]]) -> None:
    found = connection.execute(
        """
        SELECT given.amount, given.digits, planning.round_half_even(given.amount, given.digits)
        FROM unnest(%s::numeric[], %s::integer[]) AS given (amount, digits)
        """,
        [[amount for amount, _ in amounts], [digits for _, digits in amounts]],
    ).fetchall()
    for amount, digits, rounded in found:
        assert rounded == amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN), f"{amount} to {digits} digits"
        assert -rounded.as_tuple().exponent == digits


def test_nothing_rounds_to_nothing(connection: psycopg.Connection[Any]) -> None:
    assert connection.execute("SELECT planning.round_half_even(NULL, 2)").fetchone() == (None,)


def test_the_planner_puts_it_into_the_query(connection: psycopg.Connection[Any]) -> None:
    """A call costs many times what the expression does; a part that is not immutable would make it one."""
    plan = connection.execute(
        "EXPLAIN (VERBOSE) SELECT planning.round_half_even(rate_amount * 33 / 100, 2) FROM planning.rates"
    ).fetchall()
    assert "round_half_even" not in str(plan)
    assert "trunc" in str(plan)
