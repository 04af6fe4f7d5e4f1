"""target_lag 0: the stored rows change in the transaction that changes the source, whoever else writes."""

import psycopg
import pytest

VIEW = "toy.right_by_user"


@pytest.fixture
def rights(engine):
    """user_role names the user itself: key locks. A user may do something while any row grants it."""
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.user_role (user_id integer, role text, is_active boolean DEFAULT TRUE, PRIMARY KEY (user_id, role));
        CREATE TABLE toy.user_note (user_id integer PRIMARY KEY, is_blocked boolean);
        CREATE VIEW toy.right_live AS
            SELECT user_id, count(*) AS roles, bool_or(is_blocked) AS is_blocked
            FROM toy.user_role LEFT JOIN toy.user_note USING (user_id) WHERE is_active GROUP BY user_id;
        INSERT INTO toy.user_role SELECT g, r FROM generate_series(1, 20) AS g, unnest('{read,write}'::text[]) AS r""")
    engine.declare("SELECT refresh.store('toy.right_by_user', 'toy.right_live', '{user_id}', target_lag => '0')")
    return engine


@pytest.fixture
def granted(engine):
    """role_right leads to users through user_role: one lock for all writers."""
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.user_role (user_id integer, role text, PRIMARY KEY (user_id, role));
        CREATE TABLE toy.role_right (role text, object text, PRIMARY KEY (role, object));
        CREATE VIEW toy.right_live AS SELECT user_id, count(DISTINCT object) AS objects FROM toy.user_role JOIN toy.role_right USING (role) GROUP BY user_id;
        INSERT INTO toy.user_role VALUES (1, 'a'), (2, 'b'); INSERT INTO toy.role_right VALUES ('a', 'x'), ('b', 'x')""")
    engine.declare("""
        SELECT refresh.store('toy.right_by_user', 'toy.right_live', '{user_id}', target_lag => '0');
        SELECT refresh.affects('toy.role_right', 'toy.right_by_user', $$ SELECT link.user_id FROM changed JOIN user_role AS link USING (role) $$)""")
    return engine


def test_nobody_counts_the_rows_that_writers_keep(rights):
    found = rights.main.execute("SELECT row_count FROM refresh.freshness WHERE view_name = %s", [VIEW]).fetchone()
    assert found == (None,)
    said = rights.main.execute("SELECT string_agg(line, ' ') FROM refresh.explain(%s) AS line", [VIEW]).fetchone()
    assert "It keeps the rows of toy.right_live by key (user_id) in refresh_data." in said[0]
    assert " rows. " not in said[0]


def test_it_is_filled_by_its_declaration_and_right_after_every_statement(rights):
    assert rights.verify(VIEW).stored_count == 20
    for statement in (
        "DELETE FROM toy.user_role WHERE user_id = 1",
        "UPDATE toy.user_role SET user_id = 99 WHERE user_id = 2",
        "INSERT INTO toy.user_note VALUES (3, TRUE), (4, FALSE)",
        "UPDATE toy.user_role SET is_active = FALSE WHERE role = 'read'",
        "TRUNCATE toy.user_note",
    ):
        with rights.main.transaction():
            rights.run(statement)
            assert rights.verify(VIEW).is_equal, statement
    fresh = rights.freshness(VIEW)
    assert (fresh.freshness_status, fresh.pending_count, fresh.mode_reason) == (
        "fresh",
        0,
        "kept inside the writer's transaction",
    )


def test_a_rollback_takes_the_stored_row_back(rights):
    with rights.main.transaction(force_rollback=True):
        rights.run("DELETE FROM toy.user_role WHERE user_id = 1")
    assert rights.verify(VIEW).is_equal
    with rights.main.transaction():
        with rights.main.transaction(force_rollback=True):
            rights.run("DELETE FROM toy.user_role WHERE user_id = 1")
        rights.run("DELETE FROM toy.user_role WHERE user_id = 2")
    assert rights.verify(VIEW).is_equal


@pytest.mark.parametrize("first_commits", [True, False])
def test_writers_of_one_key_wait_and_compute_from_what_the_other_left(rights, first_commits):
    a, b = rights.session(), rights.session()
    a.execute("BEGIN; DELETE FROM toy.user_role WHERE user_id = 1 AND role = 'read'")
    other = rights.background(lambda: b.execute("INSERT INTO toy.user_role VALUES (1, 'admin')"))
    rights.wait_until_blocked(b)
    a.execute("COMMIT" if first_commits else "ROLLBACK")
    other.result()
    assert rights.verify(VIEW).is_equal
    assert rights.value(f"SELECT roles FROM {VIEW} WHERE user_id = 1") == (2 if first_commits else 3)


def test_writers_of_different_keys_do_not_wait(rights):
    a, b = rights.session(), rights.session(lock_timeout="300ms")
    a.execute("BEGIN; DELETE FROM toy.user_role WHERE user_id = 1 AND role = 'read'")
    waited = 0
    for user in range(2, 12):  # keys share 64 locks: one collision in ten is bad luck, three are a defect
        try:
            b.execute("DELETE FROM toy.user_role WHERE user_id = %s AND role = 'read'", [user])
        except Exception:
            waited += 1
    a.execute("COMMIT")
    assert waited < 3
    assert rights.verify(VIEW).is_equal


def test_a_revoked_right_and_a_new_member_meet(granted):
    """Neither trigger sees the other session's row; the lock makes the second one look again."""
    a, b = granted.session(), granted.session()
    a.execute(
        "BEGIN; DELETE FROM toy.role_right WHERE role = 'a' AND object = 'x'; INSERT INTO toy.role_right VALUES ('a', 'y'), ('a', 'z')"
    )
    other = granted.background(lambda: b.execute("INSERT INTO toy.user_role VALUES (2, 'a')"))
    granted.wait_until_blocked(b)
    a.execute("COMMIT")
    other.result()
    assert granted.verify(VIEW).is_equal
    assert granted.value(f"SELECT objects FROM {VIEW} WHERE user_id = 2") == 3


def test_a_writer_whose_snapshot_is_older_than_the_view_is_sent_back(engine):
    engine.run("""
        CREATE SCHEMA toy; CREATE TABLE toy.t (k int PRIMARY KEY, v int); INSERT INTO toy.t SELECT g, 0 FROM generate_series(1, 9) AS g;
        CREATE VIEW toy.live AS SELECT k, v FROM toy.t; CREATE VIEW toy.other_live AS SELECT k, v FROM toy.t""")
    engine.declare("SELECT refresh.store('toy.other', 'toy.other_live', '{k}', target_lag => '1 minute')")
    writer = engine.session()
    writer.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    writer.execute("SELECT count(*) FROM toy.t")
    engine.declare("SELECT refresh.store('toy.kept', 'toy.live', '{k}', target_lag => '0')")
    engine.declare("SELECT refresh.affects('toy.t', 'toy.kept', 'SELECT k FROM changed')")
    engine.run("CALL refresh.tick()")
    with pytest.raises(psycopg.errors.SerializationFailure):
        writer.execute("UPDATE toy.t SET v = v + 1 WHERE k = 7")
    writer.execute("ROLLBACK")
    writer.execute("UPDATE toy.t SET v = v + 1 WHERE k = 7")
    assert engine.verify("toy.kept").is_equal


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize("fixture", ["rights", "granted"])
def test_a_writer_with_an_older_snapshot_is_sent_back_instead_of_computing_from_it(request, fixture, level):
    engine = request.getfixturevalue(fixture)
    a, b = engine.session(), engine.session()
    b.execute(f"BEGIN ISOLATION LEVEL {level}")
    b.execute("SELECT count(*) FROM toy.user_role")
    a.execute("INSERT INTO toy.user_role VALUES (1, 'admin')")
    with pytest.raises(Exception, match="could not serialize"):
        b.execute("DELETE FROM toy.user_role WHERE user_id = 1 AND role IN ('read', 'a')")
    b.execute("ROLLBACK")
    with b.transaction():
        b.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        b.execute("DELETE FROM toy.user_role WHERE user_id = 1 AND role IN ('read', 'a')")
    assert engine.verify(VIEW).is_equal


def test_many_writers_at_once_leave_it_right(rights):
    def work(number):
        session = rights.session()
        for step in range(25):
            user, role = 1 + (number * 7 + step) % 5, f"r{(number + step) % 3}"
            try:
                session.execute("BEGIN")
                session.execute(
                    "INSERT INTO toy.user_role VALUES (%s, %s) ON CONFLICT (user_id, role) DO UPDATE SET is_active = NOT user_role.is_active",
                    [user, role],
                )
                session.execute(
                    "DELETE FROM toy.user_role WHERE user_id = %s AND role = %s", [1 + (user + 1) % 5, f"r{step % 3}"]
                )
                session.execute("COMMIT" if step % 4 else "ROLLBACK")
            except Exception as error:
                assert getattr(error, "sqlstate", None) == "40P01", error
                session.execute("ROLLBACK")

    for task in [rights.background(lambda number=number: work(number)) for number in range(4)]:
        task.result()
    assert rights.verify(VIEW).is_equal


def test_a_view_on_top_is_kept_in_the_same_transaction(rights):
    rights.run("CREATE VIEW toy.busy_live AS SELECT roles, count(*) AS users FROM toy.right_by_user GROUP BY roles")
    rights.declare("SELECT refresh.store('toy.busy_by_roles', 'toy.busy_live', '{roles}', target_lag => '0')")
    with rights.main.transaction():
        rights.run("DELETE FROM toy.user_role WHERE user_id = 1 AND role = 'read'")
        assert rights.verify("toy.busy_by_roles").is_equal
        assert dict(rights.rows("SELECT roles, users FROM toy.busy_by_roles")) == {1: 1, 2: 19}


def test_the_promise_can_be_made_and_taken_back_later(rights):
    rights.declare(
        "SELECT refresh.store('toy.right_by_user', 'toy.right_live', '{user_id}', target_lag => '1 minute')"
    )
    rights.run("DELETE FROM toy.user_role WHERE user_id = 1")
    assert not rights.verify(VIEW).is_equal
    rights.declare("SELECT refresh.store('toy.right_by_user', 'toy.right_live', '{user_id}', target_lag => '0')")
    rights.run("DELETE FROM toy.user_role WHERE user_id = 2")
    assert rights.verify(VIEW).is_equal


@pytest.mark.parametrize(
    "setting", [{"tidemark__as_of": "2099-01-01"}, {"tidemark__time_zone": "Pacific/Kiritimati"}]
)
def test_the_day_a_writer_looks_at_never_reaches_a_stored_row(engine, setting):
    """Somebody who may only insert could otherwise store for everybody a right that ended, or will."""
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.lic (id integer PRIMARY KEY, ends date NOT NULL);
        CREATE VIEW toy.lic_live AS SELECT id, ends, refresh.as_of_date() AS answers_for, refresh.time_zone() AS zone FROM toy.lic""")
    engine.declare("SELECT refresh.store('toy.lic_by_id', 'toy.lic_live', '{id}', target_lag => '0')")
    writer = engine.session(**setting, tidemark__clock="")
    writer.execute("INSERT INTO toy.lic VALUES (4, '2030-06-30')")
    right = engine.session(tidemark__clock="").execute("SELECT refresh.as_of_date() AS day").fetchone()
    assert engine.rows("SELECT answers_for, zone FROM toy.lic_by_id") == [(right.day, "UTC")]
    writer.execute("SELECT * FROM refresh.run('toy.lic_by_id', TRUE)")
    assert engine.rows("SELECT answers_for, zone FROM toy.lic_by_id") == [(right.day, "UTC")]


def test_equal_keys_meet_however_they_are_written(engine):
    engine.run("""
        CREATE SCHEMA toy;
        CREATE TABLE toy.t (id integer PRIMARY KEY, d numeric, v integer);
        CREATE VIEW toy.sum_live AS SELECT d, sum(v) AS v, count(*) AS n FROM toy.t GROUP BY d;
        INSERT INTO toy.t VALUES (1, 1.0, 1)""")
    engine.declare("SELECT refresh.store('toy.sum_by_d', 'toy.sum_live', '{d}', target_lag => '0')")
    a, b = engine.session(), engine.session()
    a.execute("BEGIN; INSERT INTO toy.t VALUES (100, 1.0, 5)")
    other = engine.background(lambda: b.execute("INSERT INTO toy.t VALUES (101, 1.00, 7)"))
    engine.wait_until_blocked(b)
    a.execute("COMMIT")
    other.result()
    assert engine.verify("toy.sum_by_d").is_equal
