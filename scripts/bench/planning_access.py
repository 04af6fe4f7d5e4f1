"""Rights under load: writers give and take roles and scopes while readers ask who may do what.

Reports percentiles of answers and of changes, deadlocks and other errors, answers that showed a right after its
revocation was committed (there must be none), the share of answers from stored rows, and whether the stored rows are
right in the end. Adds people, programs and projects to the database: use one made for it.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import psycopg
from common import Report, connect, median, one, parser, percentile

PEOPLE = """
WITH folio AS (
    INSERT INTO planning.portfolios (name, description, owner, reporting_start_date, reporting_end_date)
    VALUES ('bench', 'bench', 'bench', '2025-01-01', '2028-01-01') RETURNING id
), prog AS (
    INSERT INTO planning.programs (portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)
    SELECT folio.id, 'bench ' || n, 'b', 'm', 't', '2025-01-01', '2028-01-01' FROM folio, generate_series(1, %(programs)s) AS n
    RETURNING id
), numbered AS (SELECT id, row_number() OVER () AS n FROM prog
), proj AS (
    INSERT INTO planning.projects
    (program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
    SELECT numbered.id, 'bench ' || p, 'b', 'm', 't', '2025-01-01', '2028-01-01', 'B-' || numbered.n || '-' || p
    FROM numbered, generate_series(1, %(each)s) AS p RETURNING id, program_id
), usr AS (
    INSERT INTO planning.users (username, email)
    SELECT 'bench ' || n, 'bench' || n || '@example.com' FROM generate_series(1, %(users)s) AS n RETURNING id, username
), rol AS (
    INSERT INTO planning.user_roles (user_id, role_type)
    SELECT usr.id, kind FROM usr, unnest(CASE WHEN usr.username = 'bench 1' THEN ARRAY['admin'] ELSE ARRAY['viewer', 'project_manager'] END) AS kind
    RETURNING id, user_id, role_type
)
INSERT INTO planning.scope_assignments (user_role_id, scope_type, program_id)
SELECT rol.id, CASE rol.role_type WHEN 'admin' THEN 'global' ELSE 'program' END,
    CASE WHEN rol.role_type <> 'admin' THEN (SELECT id FROM numbered WHERE n = 1 + abs(hashtext(rol.id::text)) %% %(programs)s) END
FROM rol
"""


class Load:
    """Sessions that work until the time is over; what they measured."""

    def __init__(self, dsn: str, seconds: float) -> None:
        self.dsn, self.seconds = dsn, seconds
        self.admin: str = ""
        self.users: list[str] = []
        self.projects: dict[str, str] = {}
        self.taken: dict[str, int] = {}  # user: odd while his role is known to be gone, even otherwise
        self.answers: list[float] = []
        self.changes: list[float] = []
        self.errors: Counter[str] = Counter()
        self.stale = 0
        self._lock = threading.Lock()

    def write(self, number: int, writers: int, pause: float) -> None:
        chance, own = random.Random(number), self.users[number::writers]
        waits: list[float] = []
        until = time.monotonic() + self.seconds
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            while time.monotonic() < until:
                user = chance.choice(own)
                try:
                    began = time.perf_counter()
                    connection.execute("SELECT planning.remove_role(%s, %s, 'viewer')", [self.admin, user])
                    self.taken[user] += 1
                    if chance.random() < 0.3:  # several in one transaction, in any order
                        with connection.transaction():
                            for other in chance.sample(own, 3):
                                connection.execute(
                                    "SELECT planning.assign_role(%s, %s, 'project_manager', %s)",
                                    [self.admin, other, chance.random() < 0.8],
                                )
                    self.taken[user] += 1
                    connection.execute("SELECT planning.assign_role(%s, %s, 'viewer')", [self.admin, user])
                    waits.append((time.perf_counter() - began) * 1000)
                except psycopg.Error as error:
                    self.taken[user] += self.taken[user] % 2
                    self.errors[error.sqlstate or "?"] += 1
                time.sleep(pause)
        with self._lock:
            self.changes += waits

    def read(self, number: int) -> None:
        chance, stale = random.Random(-number), 0
        waits: list[float] = []
        until = time.monotonic() + self.seconds
        query = "SELECT planning.may(%s, 'view_budget', %s)"
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            while time.monotonic() < until:
                user = self.users[min(int(chance.paretovariate(0.6)), len(self.users)) - 1]  # a few ask most
                known = self.taken[user]
                began = time.perf_counter()
                (may,) = connection.execute(query, [user, self.projects[user]]).fetchone() or (None,)
                waits.append((time.perf_counter() - began) * 1000)
                stale += bool(may) and known % 2 == 1 and self.taken[user] == known
        with self._lock:
            self.answers += waits
            self.stale += stale


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--writers", type=int, default=8)
    arguments.add_argument("--readers", type=int, default=32)
    arguments.add_argument("--pause", type=float, default=0.05, help="seconds between two changes of a writer (0.05)")
    arguments.add_argument("--users", type=int, default=3000)
    given = arguments.parse_args()
    connection = connect(given.dsn)
    if not connection.execute("SELECT FROM planning.users WHERE username = 'bench 1'").fetchall():
        connection.execute(PEOPLE, {"programs": 120, "each": 20, "users": given.users})
        connection.execute(
            "ANALYZE planning.users, planning.user_roles, planning.scope_assignments, planning.projects"
        )
    load = Load(connection.info.dsn, given.seconds)
    (load.admin,) = one(connection, "SELECT id::text FROM planning.users WHERE username = 'bench 1'")
    # a project of each user that only his role of viewer or of project manager opens
    load.projects = dict(
        connection.execute("""
            SELECT rol.user_id::text, (SELECT min(prj.id::text) FROM planning.projects AS prj WHERE prj.program_id = sco.program_id)
            FROM planning.user_roles AS rol JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
            JOIN planning.users AS usr ON usr.id = rol.user_id
            WHERE usr.username LIKE 'bench %' AND rol.role_type = 'viewer'
                AND NOT EXISTS (SELECT FROM planning.user_roles AS own JOIN planning.scope_assignments AS oth ON oth.user_role_id = own.id
                    WHERE own.user_id = rol.user_id AND own.role_type <> 'viewer' AND oth.program_id = sco.program_id)
        """).fetchall()
    )
    load.users = sorted(load.projects)
    load.taken = dict.fromkeys(load.users, 0)
    before = one(connection, "SELECT asked_count, computed_count FROM planning.access_hit_rate")
    threads = [
        threading.Thread(target=load.write, args=(n, given.writers, given.pause)) for n in range(given.writers)
    ] + [threading.Thread(target=load.read, args=(n,)) for n in range(given.readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.execute("SELECT pg_stat_clear_snapshot()")
    asked, computed = (
        now - then
        for now, then in zip(
            one(connection, "SELECT asked_count, computed_count FROM planning.access_hit_rate"), before, strict=True
        )
    )
    (is_equal,) = one(connection, "SELECT is_equal FROM refresh.verify('planning.user_access_by_role')")
    report = Report(
        "Rights under load",
        {
            "users": len(load.users), "writers": given.writers, "readers": given.readers, "seconds": given.seconds,
            "server": one(connection, "SELECT current_setting('server_version')")[0],
        },
    )  # fmt: skip
    for what, waits in (("answers", load.answers), ("changes", load.changes)):
        report.add(
            what, count=len(waits), per_second=len(waits) / given.seconds, p50_ms=median(waits),
            p95_ms=percentile(waits, 95), p99_ms=percentile(waits, 99), max_ms=max(waits),
        )  # fmt: skip
    report.add(
        "outcome", deadlocks=load.errors["40P01"], other_errors=load.errors.total() - load.errors["40P01"],
        stale_answers=load.stale, hit_pct=round((asked - computed) * 100 / asked, 2), is_equal=str(is_equal),
    )  # fmt: skip
    report.print(given.json)


if __name__ == "__main__":
    main()
