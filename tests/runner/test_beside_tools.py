"""Alembic and Django as docs/beside.md tells it: their own migrations, their own transactions, our views."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

pytestmark = pytest.mark.once

VIEWS = """
CREATE VIEW public.order_total_live AS SELECT customer_id, sum(amount) AS total FROM public.shop_order GROUP BY customer_id;
SELECT refresh.store('public.order_total', live => 'public.order_total_live', key => '{customer_id}');
SELECT refresh.affects('public.shop_order', 'public.order_total', 'SELECT customer_id FROM changed');
CREATE VIEW public.best_customer AS SELECT customer_id, total FROM public.order_total WHERE total > 10;
SELECT refresh.run('public.order_total');
"""


@pytest.fixture
def place(server: Any, fresh_db: str, tmp_path: Path) -> Iterator[tuple[str, str, dict[str, str], Path]]:
    """The owner of the views, the tool's login and its environment, an empty folder."""
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(
            "DO $$ BEGIN CREATE ROLE web LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            "GRANT CREATE ON SCHEMA public TO web, tidemark; GRANT web TO tidemark; GRANT USAGE ON SCHEMA deploy TO web;"
            "GRANT EXECUTE ON FUNCTION deploy.step_aside, deploy.come_back TO web"
        )
    tool = server.dsn(name, "web")
    parts = conninfo_to_dict(tool)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DJANGO"))}
    login = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "dbname"}
    yield server.owner_dsn(name), tool, kept | {key: str(parts[part]) for key, part in login.items()}, tmp_path


def run(folder: Path, environment: dict[str, str], *arguments: str, expect: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def write(folder: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def ask(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def check_views(owner: str, kind: str) -> None:
    assert ask(
        owner,
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'best_customer'::regclass AND attname = 'total'",
    ) == [(kind,)]
    ask(owner, "CALL refresh.tick()")
    assert ask(owner, "SELECT is_equal FROM refresh.verify('public.order_total')") == [(True,)]


ALEMBIC = {
    "alembic.ini": "[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql+psycopg://\n",
    "alembic/env.py": """
from alembic import context
from sqlalchemy import create_engine
with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
""",
    "alembic/versions/first.py": """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "first", None
def upgrade():
    op.create_table("shop_order", sa.Column("order_id", sa.Integer, primary_key=True),
                    sa.Column("customer_id", sa.Integer), sa.Column("amount", sa.Integer))
    op.execute("INSERT INTO shop_order SELECT n, n % 5, n FROM generate_series(1, 50) AS n")
def downgrade():
    op.drop_table("shop_order")
""",
    "alembic/versions/second.py": """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "second", "first"
def upgrade():
    op.execute("SELECT deploy.step_aside('public.shop_order')")
    op.alter_column("shop_order", "amount", type_=sa.Numeric(12, 2))
    op.execute("UPDATE shop_order SET amount = amount + 0.25")
    op.execute("SELECT deploy.come_back()")
def downgrade():
    op.execute("SELECT deploy.step_aside('public.shop_order')")
    op.alter_column("shop_order", "amount", type_=sa.Integer)
    op.execute("SELECT deploy.come_back()")
""",
    "alembic/versions/third.py": """
from alembic import op
revision, down_revision = "third", "second"
def upgrade():
    op.execute("SELECT deploy.step_aside('public.shop_order')")
    op.drop_column("shop_order", "amount")
    op.execute("SELECT deploy.come_back()")
""",
}


def test_alembic(place: tuple[str, str, dict[str, str], Path]) -> None:
    pytest.importorskip("alembic", reason="pip install 'tidemark[beside]'")
    owner, _, environment, folder = place
    write(folder, ALEMBIC)
    alembic = ("-m", "alembic")
    run(folder, environment, *alembic, "upgrade", "first")
    ask(owner, VIEWS)
    run(folder, environment, *alembic, "upgrade", "second")
    check_views(owner, "numeric")
    refused = run(folder, environment, *alembic, "upgrade", "third", expect=1)
    assert "view order_total_live cannot come back" in refused.replace("public.", "")
    assert ask(owner, "SELECT version_num FROM alembic_version") == [("second",)]
    run(folder, environment, *alembic, "downgrade", "first")
    check_views(owner, "bigint")


DJANGO = {
    "manage.py": "import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\n"
    "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
    "settings.py": """
import os
SECRET_KEY = "none"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"],
    "USER": os.environ["PGUSER"], "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"]}}
""",
    "shop/__init__.py": "",
    "shop/models.py": """
from django.db import models
class Order(models.Model):
    customer_id = models.IntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=1)
""",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Order", [
        ("id", models.BigAutoField(primary_key=True)), ("customer_id", models.IntegerField()),
        ("amount", models.IntegerField(null=True))])]
""",
    "shop/migrations/0002_amount.py": """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunSQL("SELECT deploy.step_aside('public.shop_order')", "SELECT deploy.come_back()"),
        migrations.AlterField("Order", "amount", models.DecimalField(max_digits=12, decimal_places=2, default=1)),
        migrations.RunSQL("SELECT deploy.come_back()", "SELECT deploy.step_aside('public.shop_order')"),
    ]
""",
    "shop/migrations/0003_forgotten.py": """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("shop", "0002_amount")]
    operations = [
        migrations.RunSQL("SELECT deploy.step_aside('public.shop_order')"),
        migrations.AlterField("Order", "amount", models.DecimalField(max_digits=14, decimal_places=2, default=1)),
    ]
""",
}


def test_django(place: tuple[str, str, dict[str, str], Path]) -> None:
    """AlterField to NOT NULL with a default sends SET CONSTRAINTS ALL IMMEDIATE in between."""
    pytest.importorskip("django", reason="pip install 'tidemark[beside]'")
    owner, tool, environment, folder = place
    write(folder, DJANGO)
    run(folder, environment, "manage.py", "migrate", "shop", "0001")
    ask(tool, "INSERT INTO shop_order (customer_id, amount) SELECT n % 5, n FROM generate_series(1, 50) AS n")
    ask(tool, "INSERT INTO shop_order (customer_id) VALUES (3)")
    ask(owner, VIEWS)
    run(folder, environment, "manage.py", "migrate", "shop", "0002")
    check_views(owner, "numeric")
    refused = run(folder, environment, "manage.py", "migrate", "shop", "0003", expect=1)
    assert "deploy.come_back() was not called" in refused
    assert ask(owner, "SELECT count(*) FROM django_migrations WHERE app = 'shop'") == [(2,)]
    run(folder, environment, "manage.py", "migrate", "shop", "0001")
    check_views(owner, "bigint")
