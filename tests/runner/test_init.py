"""tidemark init: what it writes works as it stands, and it never overwrites."""

from __future__ import annotations

import psycopg
import pytest

from tidemark import db, project, refresh, starter
from tidemark.deploy.apply import deployment, roles
from tidemark.deploy.lint import check_project
from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.steps import finish


def test_the_name_comes_from_the_folder(tmp_path):
    made = starter.write(tmp_path / "Trade Desk-7")
    assert made.name == "trade_desk_7"
    assert project.read(tmp_path / "Trade Desk-7").schemas == ("trade_desk_7",)


@pytest.mark.parametrize(
    "name", ["7up", "Shop", "shop;", "core", "refresh", "deploy", "pg_mine", *project.families(project.library())]
)
def test_a_name_that_cannot_be_used_is_refused(tmp_path, name):
    with pytest.raises(UsageProblem) as caught:
        starter.write(tmp_path, name)
    assert "--name shop" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(UsageProblem, match=r"README\.md exists already"):
        starter.write(tmp_path, "shop")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_an_unknown_family_is_refused(tmp_path):
    with pytest.raises(UsageProblem, match="banking"):
        starter.write(tmp_path, "shop", ("banking",))
    assert list(tmp_path.iterdir()) == []


def test_the_files_pass_the_linters(tmp_path):
    starter.write(tmp_path, "shop")
    assert check_project.static([], project.read(tmp_path)).findings == []


@pytest.mark.parametrize("uses", [(), project.families(project.library())], ids=lambda uses: "+".join(uses) or "core")
def test_it_is_applied_by_a_login_that_is_no_superuser(server, settings, tmp_path, uses):
    starter.write(tmp_path, "shop", uses)
    files = project.read(tmp_path)
    with server.database() as name, db.connect(server.owner_dsn(name)) as connection:
        finish(deployment.apply(connection, settings, files))
        assert deployment.plan(connection, files).is_empty
        finish(refresh.run(connection, settings, ["shop.customer_sales_by_customer"]))
        rows = "SELECT customer, order_count, amount::text FROM shop.customer_sales_by_customer ORDER BY customer"
        assert connection.execute(rows).fetchall() == [("Amber & Sons", 2, "200.50"), ("Birch Ltd", 1, "310.00")]


def test_roles_of_a_project_are_made_by_apply_or_by_an_administrator(server, settings, tmp_path):
    """A login without CREATEROLE is told what to hand over; after that it needs nothing more."""
    starter.write(tmp_path, "shop")
    setting = tmp_path / "tidemark.toml"
    setting.write_text(setting.read_text().replace("roles = []", 'roles = ["tm_readers"]'))
    files = project.read(tmp_path)
    with server.database() as name, psycopg.connect(server.dsn(name), autocommit=True) as superuser:
        superuser.execute("DROP ROLE IF EXISTS tm_readers")
        superuser.execute("DROP ROLE IF EXISTS tm_poor")
        superuser.execute("CREATE ROLE tm_poor LOGIN")
        superuser.execute(f"GRANT CREATE ON DATABASE {name} TO tm_poor")
        try:
            with db.connect(server.dsn(name, "tm_poor")) as poor:
                with pytest.raises(DatabaseRefused, match="tm_readers") as caught:
                    finish(deployment.apply(poor, settings, files))
                assert "tidemark roles" in caught.value.hint
                for script in roles.scripts(roles.wanted(files)):
                    superuser.execute(script.text)
                    superuser.execute(script.text)
                finish(deployment.apply(poor, settings, files))
                assert deployment.plan(poor, files).is_empty
                poor.execute("GRANT SELECT ON shop.customer_sales TO tm_readers")
        finally:
            superuser.execute("DROP OWNED BY tm_poor, tm_readers")
            superuser.execute("DROP ROLE tm_poor, tm_readers")


def test_apply_makes_the_roles_of_a_project(server, settings, tmp_path):
    starter.write(tmp_path, "shop")
    setting = tmp_path / "tidemark.toml"
    setting.write_text(setting.read_text().replace("roles = []", 'roles = ["tm_viewers"]'))
    files = project.read(tmp_path)
    with server.database() as name, db.connect(server.owner_dsn(name)) as connection:
        try:
            assert "tm_viewers" in deployment.plan(connection, files).missing_roles
            finish(deployment.apply(connection, settings, files))
            assert deployment.plan(connection, files).missing_roles == []
        finally:
            server.execute("DROP ROLE IF EXISTS tm_viewers")
