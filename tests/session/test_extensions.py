"""With extensions loaded into every session, and made to look at everything, all goes as without them.

All that the server has are loaded together; TIDEMARK_TEST_ALONE=1 tries each by itself, which tells them apart.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import forked
import psycopg
import pytest

from tidemark import server as servers
from tidemark import server_files, server_place
from tidemark.steps import finish

DEBIAN = Path("/usr/lib/postgresql/15")
# library: how it is made to look at everything; whether it has objects of its own
LIBRARIES = {
    "pg_stat_statements": (["pg_stat_statements.track = all", "pg_stat_statements.track_utility = on"], True),
    "auto_explain": (
        [
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on",
            "auto_explain.log_nested_statements = on",
            "auto_explain.log_triggers = on",
            "auto_explain.log_verbose = on",
        ],
        False,
    ),
    "plpgsql_check": (
        ["plpgsql_check.mode = every_start", "plpgsql_check.fatal_errors = off", "plpgsql_check.profiler = on"],
        True,
    ),
    "pgaudit": (
        ["pgaudit.log = all", "pgaudit.log_parameter = on", "pgaudit.log_relation = on", "pgaudit.log_rows = on"],
        True,
    ),
    "plugin_debugger": ([], False),
    "hypopg": ([], True),
    "passwordcheck": ([], False),
    "pg_prewarm": ([], True),
}
ORDERS = 'SELECT order_id, currency FROM commerce.orders ORDER BY order_id COLLATE "C"'


@pytest.fixture(scope="module")
def place(server_choice):
    """A server of its own, as these libraries are loaded when it starts; not started."""
    if server_choice not in ("15", "18"):
        pytest.skip("needs a server that the tests may restart")
    if server_choice == "15" and not (DEBIAN / "bin" / "postgres").exists():
        pytest.skip("Debian's postgresql-15 is not installed (apt-get install postgresql-15)")
    home = Path(tempfile.mkdtemp(prefix="tidemark-test-"))
    home.chmod(0o711)
    found = server_place.Place(home / "15", 15, DEBIAN) if server_choice == "15" else server_place.locate(home)
    try:
        server_files.prepare(found)
        server_files.create_cluster(found)
        (found.data / "plain.conf").write_text((found.data / "postgresql.conf").read_text())
        yield found
    finally:
        shutil.rmtree(home, ignore_errors=True)


def there(server, library):
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        try:
            connection.execute(f"LOAD '{library}'")
        except psycopg.errors.UndefinedFile:
            return False
        except psycopg.Error:
            pass  # it wants to be loaded when the server starts
    return True


@pytest.fixture(params=LIBRARIES if os.environ.get("TIDEMARK_TEST_ALONE") else ["all"])
def loaded(request, server, place):
    """Connection string of the owner on a new database of a server that was started with the libraries."""
    wanted = LIBRARIES if request.param == "all" else {request.param: LIBRARIES[request.param]}
    libraries = [library for library in wanted if there(server, library)]
    if not libraries:
        pytest.skip(f"the server has no library {request.param}")
    plain = (place.data / "plain.conf").read_text()
    settings = [line for library in libraries for line in wanted[library][0]]
    more = [f"shared_preload_libraries = '{','.join(libraries)}'", *settings, "fsync = off", ""]
    (place.data / "postgresql.conf").write_text(plain + "\n".join(more))
    finish(servers.start_at(place))
    base = f"host={place.socket} port={place.port}"
    name = f"with_{request.param}"
    try:
        with psycopg.connect(f"{base} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {server_place.OWNER} TEMPLATE template0")
            assert connection.execute("SHOW shared_preload_libraries").fetchone()[0] == ",".join(libraries)
        with psycopg.connect(f"{base} user=postgres dbname={name}", autocommit=True) as connection:
            for library in libraries:
                if wanted[library][1]:
                    connection.execute(f"CREATE EXTENSION {library}")
        yield f"{base} user={server_place.OWNER} dbname={name}"
    finally:
        servers.stop_at(place)


def test_everything_goes_as_without(loaded, cases, tmp_path):
    def tidemark(*arguments):
        done = forked.run(forked.tidemark, [*arguments, "--json", "--dsn", loaded], {"HOME": str(tmp_path)})
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)["data"]

    folder = tmp_path / "shop"
    forked.run(forked.tidemark, ["init", str(folder), "--uses", "commerce"], {"HOME": str(tmp_path)})
    project = ("--project", str(folder))
    tidemark(*project, "apply")
    orders = str(cases / "latin1_client" / "orders.csv")
    loads = tidemark("load", "commerce", orders, "--set", "shop=alpha.example", "--set", "currency=eur")
    assert [file["status"] for file in loads["files"]] == ["loaded"]
    tidemark("tick")
    tidemark("refresh", "--full", "--verify", "commerce.daily_sales_by_day")
    tidemark("verify")
    with psycopg.connect(loaded, autocommit=True) as plain:
        assert plain.execute(ORDERS).fetchall() == [("B-Ä", "EUR")]
        plain.execute("INSERT INTO shop.orders (customer, ordered_on, amount) VALUES ('Zoé', '2025-06-30', 5)")
        plain.execute("CALL refresh.tick()")
        stored = plain.execute("SELECT amount FROM shop.customer_sales_by_customer WHERE customer = 'Zoé'").fetchall()
        assert stored == [(5,)]
        failures = plain.execute("SELECT view_name, error_message FROM refresh.runs WHERE mode = 'failed'").fetchall()
    assert failures == []
    tidemark(*project, "doctor", "--drift")
    tidemark(*project, "prove")
    tidemark(*project, "rollback", "--yes", "--allow-data-loss")
    tidemark(*project, "apply")
