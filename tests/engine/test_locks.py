"""The lock of a stored view: nobody from outside can take it, it costs nothing, and who has it is told."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

VIEW = "toy.status_by_model"


def lock_of(toy: Any) -> str:
    return str(
        toy.value(
            "SELECT format('refresh_data.lock_of_%%s', view_id) FROM refresh.stored_views WHERE view_name = %s", VIEW
        )
    )


def test_advisory_locks_hold_up_nobody(toy: Any) -> None:
    """Neither those that the engine used to take nor any other of the kind."""
    toy.check(VIEW)
    outsider = toy.session()
    outsider.execute("SELECT pg_advisory_lock(hashtext('tidemark.refresh'), g) FROM generate_series(1, 200) AS g")
    toy.run("UPDATE toy.model SET name = 'new' WHERE model_id = 1")
    toy.run("SET lock_timeout = '2s'")
    assert toy.row("SELECT * FROM refresh.try_run(%s, FALSE, FALSE)", VIEW).mode == "keys"
    assert toy.row("CALL refresh.tick()").busy_count == 0
    toy.check(VIEW)


@pytest.mark.parametrize(
    "group", ["tidemark_bi", "tidemark_bi_all", "tidemark_app", "tidemark_loader", "tidemark_operator"]
)
def test_no_group_role_can_take_it(toy: Any, group: str) -> None:
    outsider = toy.session(toy.superuser_dsn)
    outsider.execute(f"SET ROLE {group}")
    for mode in ("ACCESS SHARE", "ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), outsider.transaction():
            outsider.execute(f"LOCK TABLE {lock_of(toy)} IN {mode} MODE")


def test_who_has_it_is_told(toy: Any) -> None:
    toy.check(VIEW)
    holder = toy.session(application_name="night batch", tidemark__as_of="2025-06-30")
    holder.execute("BEGIN")
    holder.execute("SELECT refresh.run(%s)", [VIEW])
    me = f"pid {holder.info.backend_pid} (tidemark, night batch)"
    assert toy.value("SELECT busy_with FROM refresh.freshness WHERE view_name = %s", VIEW) == me
    assert f"{me} is refreshing or changing it now." in [
        line for (line,) in toy.rows("SELECT refresh.explain(%s)", VIEW)
    ]
    done = toy.row("SELECT * FROM refresh.try_run(%s, FALSE, FALSE)", VIEW)
    assert (done.mode, done.reason) == ("busy", f"{me} is at it")
    reader = toy.session(toy.superuser_dsn)
    reader.execute("SET ROLE tidemark_operator")
    assert reader.execute("SELECT busy_with FROM refresh.freshness WHERE view_name = %s", [VIEW]).fetchone() == (me,)
    holder.execute("COMMIT")
    assert toy.value("SELECT busy_with FROM refresh.freshness WHERE view_name = %s", VIEW) is None
    assert toy.row("SELECT * FROM refresh.try_run(%s, FALSE, FALSE)", VIEW).mode == "none"


def test_a_run_with_nothing_to_do_writes_nothing_for_it(toy: Any) -> None:
    toy.check(VIEW)
    session = toy.session(tidemark__as_of="2025-06-30")
    session.execute("BEGIN")
    assert session.execute("SELECT mode FROM refresh.run(%s)", [VIEW]).fetchone() == ("none",)
    assert session.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,)
    session.execute("COMMIT")


def test_it_goes_with_its_view(toy: Any) -> None:
    name = lock_of(toy)
    toy.declare(f"SELECT refresh.drop_view('{VIEW}')")
    assert toy.value("SELECT to_regclass(%s)", name) is None


def test_a_view_of_an_engine_before_gets_one_and_waits_for_runs_of_before(toy: Any) -> None:
    name = lock_of(toy)
    toy.run(f"DROP TABLE {name}")
    (number,) = toy.row("SELECT view_id FROM refresh.stored_views WHERE view_name = %s", VIEW)
    old = toy.session()
    old.execute("BEGIN")
    old.execute("SELECT pg_advisory_xact_lock(hashtext('tidemark.refresh'), %s)", [number])
    upgrade = toy.session(lock_timeout="100ms")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        upgrade.execute("SELECT refresh_internal.regenerate()")
    old.execute("COMMIT")
    upgrade.execute("SELECT refresh_internal.regenerate()")
    assert lock_of(toy) == name
    assert toy.value("SELECT to_regclass(%s) IS NOT NULL", name)
    toy.check(VIEW)
