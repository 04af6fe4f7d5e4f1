"""No login sees a row of bi that was not granted: in no view, by no count, message, function, name or statistic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

import isolation
import psycopg
import pytest
from isolation import FRAME, Opened, login, oracles, rows_of

ORACLES = oracles()
KINDS = sorted({(opened.family, opened.kind) for opened in ORACLES})
VIEWS = sorted({opened.view for opened in ORACLES})
BI = ("tidemark_bi",)
ALL = ("tidemark_bi", "tidemark_bi_all")


class House:
    """A filled database, the connection of its owner, and connections of logins."""

    def __init__(self, server: Any, database: str, owner: psycopg.Connection[Any]) -> None:
        self.server, self.database, self.owner = server, database, owner
        self._values: dict[tuple[str, str], list[str]] = {}

    def connect(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.server.dsn(self.database, name), autocommit=True)

    def grant(self, name: str, family: str, kind: str, *values: str) -> None:
        self.owner.execute("SELECT access.grant_scope(%s, %s, %s, %s)", [name, family, kind, list(values) or ["*"]])

    def values(self, family: str, kind: str) -> list[str]:
        """Two values of a kind: one that opens many rows, one that opens few; of a dozen where there are more."""
        if (family, kind) in self._values:
            return self._values[family, kind]
        known = self.owner.execute(
            "SELECT scope_value FROM access.scope_values(%s) WHERE scope_kind = %s AND scope_value IS NOT NULL ORDER BY scope_value",
            [family, kind],
        ).fetchall()
        ours = [opened for opened in ORACLES if (opened.family, opened.kind) == (family, kind)]
        sizes = {
            value: sum(self.opened(opened, value).total() for opened in ours)
            for (value,) in known[:: len(known) // 12 + 1]
        }
        found = sorted((value for value, size in sizes.items() if size), key=lambda value: (sizes[value], value))
        assert len(found) > 1, "a grant can be told from another only when there are two"
        self._values[family, kind] = [found[-1], found[0]]
        return self._values[family, kind]

    def opened(self, opened: Opened, value: str) -> Counter[str]:
        return opened.rows(self.owner, [value])

    def expected(self, view: str, grants: list[tuple[str, str, str]]) -> Counter[str]:
        """Rows that these grants open; the rows of a view differ, so a union is the greater count of each."""
        given: dict[tuple[str, str], list[str]] = {}
        for family, kind, value in grants:
            given.setdefault((family, kind), []).append(value)
        parts = [
            opened.rows(self.owner, given[opened.family, opened.kind])
            for opened in ORACLES
            if opened.view == view and (opened.family, opened.kind) in given
        ]
        return reduce(or_, parts, Counter())


@pytest.fixture(scope="module", name="house")
def _house(server: Any, applied_db: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with server.database(applied_db) as name:
        isolation.fill(server.dsn(name), tmp_path_factory.mktemp("shop"))
        with psycopg.connect(server.dsn(name), autocommit=True) as owner:
            yield House(server, name, owner)


def test_every_view_has_its_oracle_and_rows_for_each_kind_of_grant(house: House) -> None:
    assert set(isolation.views(house.owner)) - FRAME == set(VIEWS)
    for view in VIEWS:
        assert rows_of(house.owner, view), f"{view} is empty, so nothing is shown here"
    declared = house.owner.execute(
        "SELECT DISTINCT family, scope_kind FROM access.scope_values() ORDER BY 1, 2"
    ).fetchall()
    assert declared == KINDS
    assert {(opened.view, opened.kind) for opened in ORACLES} == {
        (view, kind) for family, kind in KINDS for view in VIEWS if view.startswith(f"{family}_")
    }


@pytest.mark.parametrize("groups", [BI, ("tidemark_bi", "tidemark_operator"), ("tidemark_bi", "tidemark_app")])
def test_without_a_grant_there_is_no_row(house: House, groups: tuple[str, ...]) -> None:
    with login(house.owner, "isolated", *groups), house.connect("isolated") as reader:
        assert {view: rows_of(reader, view) for view in VIEWS} == {view: Counter() for view in VIEWS}


@pytest.mark.parametrize("group", ["tidemark_operator", "tidemark_loader", "tidemark_bi_all", None])
def test_without_tidemark_bi_no_view_of_a_family_can_be_read(house: House, group: str | None) -> None:
    with login(house.owner, "isolated", *([group] if group else [])), house.connect("isolated") as reader:
        for view in VIEWS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"SELECT FROM bi.{view}")


@pytest.mark.parametrize(("family", "kind"), KINDS)
def test_a_grant_opens_its_rows_and_no_other(house: House, family: str, kind: str) -> None:
    for value in house.values(family, kind):
        with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
            house.grant("isolated", family, kind, value)
            for view in VIEWS:
                assert rows_of(reader, view) == house.expected(view, [(family, kind, value)]), (view, value)


def test_grants_add_up(house: House) -> None:
    with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
        given = []
        for family, kind in KINDS:
            for value in house.values(family, kind):
                house.grant("isolated", family, kind, value)
                given.append((family, kind, value))
        for view in VIEWS:
            assert rows_of(reader, view) == house.expected(view, given), view


@pytest.mark.parametrize("family", sorted({family for family, _ in KINDS}))
def test_all_of_a_family_is_all_of_it_and_nothing_else(house: House, family: str) -> None:
    """Also for who has grants of parts beside: no row comes twice."""
    with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
        for other, kind in KINDS:
            if other == family:
                house.grant("isolated", family, kind, *house.values(family, kind))
        house.grant("isolated", family, "all")
        for view in VIEWS:
            expected = rows_of(house.owner, view) if view.startswith(f"{family}_") else Counter()
            assert rows_of(reader, view) == expected, view


def test_members_of_tidemark_bi_all_see_what_the_owner_sees(house: House) -> None:
    with login(house.owner, "isolated", *ALL), house.connect("isolated") as reader:
        for family, kind in KINDS:
            house.grant("isolated", family, kind, house.values(family, kind)[0])
        for view in VIEWS:
            assert rows_of(reader, view) == rows_of(house.owner, view), view


@pytest.mark.parametrize("view", VIEWS)
def test_a_condition_of_the_reader_meets_only_rows_it_may_see(house: House, view: str) -> None:
    """A cheap function is tried first: it, and an error of it, must not tell of other rows."""
    family, kind = next((opened.family, opened.kind) for opened in ORACLES if opened.view == view)
    value = house.values(family, kind)[1]
    told: list[str] = []
    with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
        house.grant("isolated", family, kind, value)
        reader.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
        reader.execute(
            "CREATE FUNCTION pg_temp.tells(t text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$ BEGIN RAISE NOTICE '%', t; RETURN TRUE; END $$"
        )
        columns = [
            name for (name,) in house.owner.execute("SELECT column_name FROM bi.catalog WHERE view_name = %s", [view])
        ]
        may_see = house.expected(view, [(family, kind, value)])
        for column in columns:
            told.clear()
            reader.execute(f"SELECT count(*) FROM bi.{view} WHERE pg_temp.tells({column}::text)")
            assert len(told) == may_see.total(), column
        house.owner.execute("SELECT access.revoke_scope('isolated')")
        for column in columns:
            told.clear()
            found = reader.execute(
                f"SELECT count(*) FROM bi.{view} WHERE pg_temp.tells({column}::text) AND (1 / (length({column}::text) - length({column}::text))) > 0"
            ).fetchone()
            assert (found, told) == ((0,), []), column


def test_ages_tell_of_the_families_granted_and_counts_only_who_sees_all(house: House) -> None:
    family, kind = KINDS[0]
    read = "SELECT view_name, pending_count, next_due_at FROM bi.freshness ORDER BY view_name"
    everything = house.owner.execute(read).fetchall()
    assert any(due is not None for _, _, due in everything)
    assert all(count is not None for _, count, _ in everything)
    with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
        assert reader.execute(read).fetchall() == []
        house.grant("isolated", family, kind, house.values(family, kind)[0])
        own = [row for row in everything if row[0].startswith(f"{family}.")]
        assert reader.execute(read).fetchall() == [(name, None, None) for name, _, _ in own]
        house.grant("isolated", family, "all")
        assert reader.execute(read).fetchall() == own
    with login(house.owner, "isolated", *ALL), house.connect("isolated") as reader:
        assert reader.execute(read).fetchall() == everything


def test_nothing_else_can_be_named(house: House) -> None:
    """Tables, storages, their names for other days, and every function outside PostgreSQL's own schemas."""
    ours = """FROM pg_class AS cls JOIN pg_namespace AS nsp ON cls.relnamespace = nsp.oid
        WHERE nsp.nspname !~ '^(pg_|information_schema|bi$|public$)' AND cls.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"""
    names = [name for (name,) in house.owner.execute(f"SELECT format('%I.%I', nsp.nspname, cls.relname) {ours}")]
    assert len([name for name in names if name.endswith("_as_of")]) > 5
    calls = [
        name
        for (name,) in house.owner.execute("""
            SELECT DISTINCT format('%I.%I', nsp.nspname, pro.proname) FROM pg_proc AS pro
            JOIN pg_namespace AS nsp ON pro.pronamespace = nsp.oid
            WHERE nsp.nspname !~ '^(pg_|information_schema)'""")
    ]
    with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
        house.grant("isolated", *KINDS[0], house.values(*KINDS[0])[0])
        for name in names:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"SELECT FROM {name}")
        for name in calls:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"SELECT {name}()")


def test_statistics_hold_no_value_of_our_tables(house: House) -> None:
    house.owner.execute("ANALYZE")
    with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
        ours = "!~ '^(pg_|information_schema|public$)'"
        for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs"):
            assert reader.execute(f"SELECT count(*) FROM {view} WHERE schemaname {ours}").fetchone() == (0,)
        assert house.owner.execute(f"SELECT count(*) > 0 FROM pg_stats WHERE schemaname {ours}").fetchone() == (True,)
        for table in ("pg_statistic", "pg_statistic_ext_data"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"SELECT FROM {table}")


def test_the_catalogue_lists_what_the_reader_may_read(house: House) -> None:
    house.owner.execute("CREATE VIEW bi.not_yet AS SELECT 1 AS one")
    try:
        with login(house.owner, "isolated", *BI), house.connect("isolated") as reader:
            listed = {name for (name,) in reader.execute("SELECT DISTINCT view_name FROM bi.catalog")}
        assert listed == {*VIEWS, *FRAME}
    finally:
        house.owner.execute("DROP VIEW bi.not_yet")


# --- another day, zone or source ----------------------------------------------------------------------------

LIVE_VIEW = "model_risk_kpi"  # reads stored views under the names that answer for any day
CHOICES = {
    "tidemark.as_of": "2025-06-30",
    "tidemark.source": "live",
    "tidemark.time_zone": "Pacific/Kiritimati",
}


@pytest.mark.parametrize("setting", CHOICES)
@pytest.mark.parametrize("groups", [BI, ALL])
def test_a_reader_cannot_make_bi_compute_its_rows_anew(house: House, setting: str, groups: tuple[str, ...]) -> None:
    with login(house.owner, "isolated", *groups), house.connect("isolated") as reader:
        house.grant("isolated", "model_risk", "all")
        before = rows_of(reader, LIVE_VIEW)
        reader.execute("SELECT set_config(%s, %s, false)", [setting, CHOICES[setting]])
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
            rows_of(reader, LIVE_VIEW)
        assert setting in (caught.value.diag.message_detail or "")
        assert "tidemark_bi_live" in (caught.value.diag.message_hint or "")
        reader.execute(f"RESET {setting}")
        assert rows_of(reader, LIVE_VIEW) == before
        for harmless, value in (("tidemark.source", "stored"), ("tidemark.time_zone", "UTC")):
            reader.execute("SELECT set_config(%s, %s, false)", [harmless, value])
            assert rows_of(reader, LIVE_VIEW) == before


def test_who_may_choose_sees_no_more_of_another_day(house: House) -> None:
    family, kind = "model_risk", "region"
    value = house.values(family, kind)[1]
    with login(house.owner, "isolated", *BI, "tidemark_bi_live"), house.connect("isolated") as reader:
        house.grant("isolated", family, kind, value)
        for connection in (reader, house.owner):
            connection.execute("SELECT set_config('tidemark.as_of', '2025-06-30', false)")
        try:
            for view in VIEWS:
                assert rows_of(reader, view) == house.expected(view, [(family, kind, value)]), view
        finally:
            house.owner.execute("RESET tidemark.as_of")


def test_what_an_administrator_set_is_no_choice_of_the_reader(house: House) -> None:
    with login(house.owner, "isolated", *BI):
        house.grant("isolated", "model_risk", "all")
        house.owner.execute("ALTER ROLE isolated SET tidemark.as_of = '2025-06-30'")
        with house.connect("isolated") as reader:
            assert rows_of(reader, LIVE_VIEW)
