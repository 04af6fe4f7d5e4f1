"""Imports of actuals and assignments: what golden cases do not say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

SPLIT = "project_id,external_worker_id,worker_name,date,capital_percentage,expense_percentage\n"
SINGLE = "project_id,external_worker_id,worker_name,date,percentage\n"
OTHER = "project_id,resource_id,date,capital,expense\n"
PLAN = "resource_id,project_id,date,capital_percentage,expense_percentage\n"


def test_two_imports_at_once_never_overbook_a_worker_day(office: Any, wait_until_blocked: Any) -> None:
    """The second one waits for the first, and then sees its rows: exactly one of two times 60 percent is accepted."""
    with office.session() as first, ThreadPoolExecutor(1) as pool:
        first.autocommit = False
        first.execute(
            "SELECT planning.lock_workers(ARRAY[(SELECT id FROM planning.workers WHERE external_id = 'E2')])"
        )
        waiting = pool.submit(office.load, SPLIT + "{north},E2,Bob,2025-05-05,60,0\n")
        watcher = office.session()
        waiter = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while not (found := watcher.execute(waiter).fetchone()):
            watcher.execute("SELECT pg_sleep(0.01)")
        wait_until_blocked(watcher, found.pid)
        watcher.close()
        first.execute(
            "INSERT INTO planning.actuals (project_id, resource_id, external_worker_id, worker_name, actual_date,"
            " allocation_percentage, actual_cost, capital_amount, expense_amount)"
            " SELECT prj.id, res.id, 'E2', 'Bob', '2025-05-05', 60, 600, 600, 0"
            " FROM planning.projects prj, planning.resources res WHERE prj.name = 'South' AND res.name = 'Bob'"
        )
        first.commit()
        upload = waiting.result()
    assert upload.error_code == "ALLOCATION_CONFLICT"
    (conflict,) = office.rows(
        "SELECT details FROM load.outcomes WHERE upload_id = %(upload)s", upload=upload.upload_id
    )
    assert conflict.details["existing_allocation"] == 60
    assert office.value("SELECT sum(allocation_percentage)::int FROM planning.actuals") == 60


def test_both_of_two_real_imports_end_and_one_is_accepted(office: Any) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = [
            pool.submit(
                office_of.load, SPLIT + f"{{north}},E2,Bob,2025-05-0{day},60,0\n{{south}},E1,Ann,2025-05-05,60,0\n"
            )
            for day, office_of in ((6, office), (7, type(office)(office.dsn, office.folder.joinpath("two"))))
            if office_of.folder.mkdir(exist_ok=True) is None
        ]
        codes = sorted(upload.result().error_code or "ACCEPTED" for upload in found)
    assert codes == ["ACCEPTED", "ALLOCATION_CONFLICT"]


def test_a_lock_under_another_isolation_level_is_refused(office: Any) -> None:
    with office.session() as session:
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(psycopg.errors.ActiveSqlTransaction) as caught:
            session.execute("SELECT planning.lock_workers('{}')")
    assert caught.value.diag.message_hint


def test_an_import_of_a_user_is_within_his_scope(office: Any, request: pytest.FixtureRequest) -> None:
    from_lead = {"user": office.value("SELECT id::text FROM planning.users WHERE username = 'lead'")}
    upload = office.load(
        SPLIT + "{north},E2,Bob,2025-05-05,10,0\n{south},E2,Bob,2025-05-05,10,0\n{nobody},E2,Bob,2025-05-05,1,0\n",
        **from_lead,
    )
    assert upload.error_code == "ROW_VALIDATION"
    assert office.codes(upload) == [(3, "PROJECT_OUT_OF_SCOPE"), (4, "PROJECT_OUT_OF_SCOPE")], (
        "unknown and out of reach look alike"
    )
    upload = office.load(SPLIT + "{north},E2,Bob,2025-05-05,10,0\n", **from_lead)
    assert upload.load_status == "loaded"
    assert (
        office.value(
            "SELECT username FROM planning.users JOIN planning.actual_import_batches ON users.id = imported_by_user_id"
        )
        == "lead"
    )
    (entry,) = office.rows(
        "SELECT actor, action FROM audit.entries WHERE batch = %(batch)s", batch=upload.parameters["batch"]
    )
    assert entry == (from_lead["user"], "CREATE")
    upload = office.load(
        SPLIT + "{nobody},E2,Bob,2025-05-05,10,0\n",
        user=office.value("SELECT id::text FROM planning.users WHERE username = 'admin'"),
    )
    assert office.codes(upload) == [(2, "PROJECT_NOT_FOUND")], "who reaches every project learns that it is not there"


@pytest.mark.parametrize("user", ["viewer", "nobody"])
def test_who_may_not_import_is_told_before_a_byte_is_read(office: Any, user: str) -> None:
    from tidemark.errors import DatabaseRefused

    with pytest.raises(DatabaseRefused) as caught:
        office.load(SPLIT, user=office.value(f"SELECT %({user})s::text"))
    assert caught.value.sqlstate == "42501"
    assert office.value("SELECT count(*) FROM load.uploads") == 0


@pytest.mark.parametrize(
    ("lines", "outcome", "codes"),
    [
        (SINGLE + "{north},E1,Ann,2025-03-03,33.333\n", "ROW_VALIDATION", ["PERCENTAGE_INVALID"]),
        (SINGLE + "{north},E1,Ann,2025-03-03,1e1\n", "ROW_VALIDATION", ["PERCENTAGE_INVALID"]),
        (SINGLE + "{north},E1,Ann,2025-03-03,NaN\n", "ROW_VALIDATION", ["PERCENTAGE_INVALID"]),
        (SINGLE + "{north},E1,Ann,2025-02-29,1\n", "ROW_VALIDATION", ["DATE_INVALID"]),
        (SINGLE + "{north},E1,Ann,2024-2-29,1\n", "COSTING", ["RATE_NOT_FOUND"]),
        (SINGLE + "{north},E1,Ann,0000-01-01,1\n", "ROW_VALIDATION", ["DATE_INVALID"]),
        (SPLIT + "{north},E3,Lea,2025-03-03,1,0\n", "COSTING", ["NO_RESOURCE_FOR_WORKER"]),
        (OTHER + "{north},{licence},2025-03-03,9999999999999,1\n", "ROW_VALIDATION", ["CAPITAL_INVALID"]),
        (OTHER + "{north},{licence},2025-03-03,0.001,1\n", "ROW_VALIDATION", ["CAPITAL_INVALID"]),
        ("\ufeff" + OTHER + "{north},{licence},2025-03-03,0,1\n", None, []),
        (SINGLE + '"{north}",E1,Ann,2025-03-03\n', "ROW_SHAPE", []),
        ("project_id,external_worker_id,worker_name,date,percentage,note\n{north},E1,Ann,2025-03-03,1\n", None, []),
    ],
)
def test_rows_beyond_the_golden_ones(office: Any, lines: str, outcome: str | None, codes: list[str]) -> None:
    upload = office.load(lines)
    assert upload.error_code == outcome
    assert [code for _, code in office.codes(upload)] == codes
    assert office.value("SELECT count(*) FROM planning.actuals") == (outcome is None)


@pytest.mark.parametrize(
    ("cost", "capital", "expense", "share"),
    [
        ("0.03", 1, 5, "0.00"),  # 0.005, a tie
        ("0.09", 1, 5, "0.02"),  # 0.015, a tie
        ("9999999999999.99", 50, 50, "5000000000000.00"),  # 4999999999999.995, a tie
        ("9999999999999.98", 33.33, 66.66, "3333333333333.33"),  # .3266
        ("12345678901.01", 33.33, 33.34, "6171913570.88"),
        ("500", 0, 0, "0.00"),
    ],
)
def test_the_capital_part_of_a_cost_is_exact(
    office: Any, cost: str, capital: float, expense: float, share: str
) -> None:
    found = office.value(f"SELECT planning.capital_share({cost}, {capital}, {expense})::text")
    assert found == share


def test_the_same_file_again_is_not_booked_twice(office: Any) -> None:
    lines = SINGLE + "{north},E1,Ann,2025-03-03,10\n"
    assert office.load(lines).load_status == "loaded"
    assert office.load(lines).load_status == "repeated"
    assert office.value("SELECT count(*) FROM planning.actuals") == 1


def test_a_file_of_assignments_keeps_its_good_rows(office: Any) -> None:
    upload = office.load(
        PLAN + "{r_bob},{north},2025-06-02,60,0\n"
        "{r_bob},{north},2025-06-02,1,0\n"
        "{r_bob},{south},2025-06-02,50,0\n"
        "{r_bob},{south},2025-06-02,0,40\n"
        "{r_bob},{south},2026-01-01,1,0\n"
        "{licence},{south},2025-06-02,1,0\n"
        "{r_ann},{north},2025-03-03,1.5,0\n"
        "{r_ann},{north},2025-03-04,1.5,0\n"
        "{r_ann},{north},2025-03-05,60,41\n"
        "x,{nobody},,-1,\n"
        "{r_ann},{nobody},2025-03-05,1,0\n"
    )
    assert upload.load_status == "loaded"
    assert office.codes(upload) == [
        (3, "DUPLICATE"),
        (4, "CROSS_PROJECT_OVER_100"),
        (6, "DATE_OUTSIDE_PROJECT"),
        (7, "RESOURCE_NOT_LABOR"),
        (8, "DUPLICATE"),
        (9, "CAPITAL_NOT_WHOLE"),
        (10, "SUM_OVER_100"),
        (11, "RESOURCE_ID_INVALID"),
        (11, "DATE_REQUIRED"),
        (11, "EXPENSE_PERCENTAGE_REQUIRED"),
        (12, "PROJECT_NOT_FOUND"),
    ]
    made = "SELECT capital_percentage::int, expense_percentage::int FROM planning.resource_assignments WHERE assignment_date = '2025-06-02'"
    assert sorted(tuple(row) for row in office.rows(made)) == [(0, 40), (60, 0)], (
        "a refused row stands in nobody's way"
    )


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("472.525", "472.52"),
        ("9.005", "9.00"),
        ("27.015", "27.02"),
        ("20.025", "20.02"),
        ("0.0050001", "0.01"),
        ("-9.005", "-9.00"),
        ("-0.015", "-0.02"),
        ("7", "7.00"),
    ],
)
def test_ties_go_to_the_even_cent(office: Any, amount: str, rounded: str) -> None:
    assert office.value(f"SELECT planning.round_half_even({amount}, 2)::text") == rounded


@pytest.mark.parametrize(("day", "rate"), [("2025-01-09", None), ("2025-01-10", 1000), ("2999-12-31", 1000)])
def test_a_rate_counts_from_its_first_day(office: Any, day: str, rate: int | None) -> None:
    assert office.value("SELECT planning.rate_on(id, %(day)s) FROM planning.worker_types", day=day) == rate


def test_actuals_of_one_project_in_one_month_come_from_one_partition_and_one_index(office: Any) -> None:
    office.main.execute("BEGIN")
    office.main.execute(
        "INSERT INTO planning.actuals (project_id, resource_id, actual_date, actual_cost, capital_amount, expense_amount)"
        " SELECT CASE WHEN g % 200 = 0 THEN prj.id ELSE other.id END, res.id, date '2024-01-01' + g % 1000, 1, 1, 0"
        " FROM generate_series(1, 40000) AS g, planning.resources AS res, planning.projects AS prj, planning.projects AS other"
        " WHERE res.name = 'Licence' AND prj.name = 'North' AND other.name = 'South'"
    )
    office.main.execute("ANALYZE planning.actuals")
    (plan,) = office.rows(
        "EXPLAIN (FORMAT JSON) SELECT * FROM planning.actuals"
        " WHERE project_id = %(north)s AND actual_date BETWEEN '2025-02-01' AND '2025-02-28'"
    )
    found: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        found.append(node)
        for below in node.get("Plans", ()):
            walk(below)

    walk(plan[0][0]["Plan"])
    assert {node["Relation Name"] for node in found if "Relation Name" in node} == {"actuals_2025_q1"}
    (index,) = {node["Index Name"] for node in found if "Index Name" in node}
    parent = office.value(
        "SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = to_regclass('planning.' || quote_ident(%(index)s))",
        index=index,
    )
    assert parent == "planning.ix_actuals_project_date"
    office.main.execute("ROLLBACK")


def test_an_import_of_a_thousand_rows_leaves_stored_views_equal(office: Any) -> None:
    """What is stored after the next tick is what all of it computed anew would be."""
    with psycopg.connect(office.dsn, autocommit=True) as session:
        views = (
            "SELECT view_name, mode FROM refresh.stored_views WHERE view_name LIKE 'planning.%' ORDER BY view_name"
        )
        names = [name for name, mode in session.execute(views).fetchall() if mode == "keyed"]
        assert "planning.forecast_figure_by_window" in names
        session.execute("CALL refresh.tick()")
        days = (f"2025-{month:02}-{day:02}" for month in range(2, 12) for day in range(1, 28))
        lines = [
            f"{{north}},E1,Ann,{day},9,{share}\n{{south}},E2,Bob,{day},{share},9\n"
            for day in days
            for share in (1, 2)
        ]
        upload = office.load(SPLIT + "".join(lines))
        assert (upload.load_status, upload.total_rows) == ("loaded", 1080)
        session.execute("CALL refresh.tick()")
        for name in names:
            row = session.execute("SELECT is_equal, pending_count FROM refresh.verify(%s)", [name]).fetchone()
            assert row == (True, 0), name
        last = "SELECT updated_count FROM refresh.runs WHERE view_name = 'planning.forecast_figure_by_window' ORDER BY run_id DESC LIMIT 1"
        row = session.execute(last).fetchone()
        assert row
        assert row[0] > 0, "the import changes figures"


def test_worker_days_of_a_file_are_looked_up_as_the_index_of_actuals_is_sorted(office: Any) -> None:
    """Cells are of collation C; with it a thousand worker-days were looked up by reading whole days of actuals."""
    with office.session() as session, session.transaction(force_rollback=True):
        columns = ", ".join(f'{name} text COLLATE "C"' for name in [*SPLIT.strip().split(","), "percentage"])
        session.execute(f"CREATE TEMP TABLE checked_rows (row_no bigint, is_rejected boolean, {columns})")
        session.execute("SELECT planning.read_labor_actuals(NULL)")
        found = session.execute(
            "SELECT count(DISTINCT att.attcollation) FROM pg_attribute AS att WHERE att.attname = 'external_worker_id'"
            " AND att.attrelid IN ('pg_temp.import_rows'::regclass, 'planning.actuals'::regclass)"
        ).fetchone()
    assert found == (1,)
