"""Databases with the small domain of stock.sql, and short ways to load into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tidemark import db, server_place
from tidemark.config import Settings
from tidemark.load import uploads
from tidemark.steps import finish

OWNER = server_place.OWNER
STOCK = Path(__file__).with_name("stock.sql")


class Place:
    """One database to load into."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.settings = Settings(dsn=dsn, dsn_source="the tests")

    def connect(self) -> db.Connection:
        return db.connect(self.dsn)

    def file(self, content: bytes, name: str = "levels.csv") -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def load(self, content: bytes | str, dataset: str = "stock", **options: Any) -> Any:
        """Loads bytes, or a file that exists; gives the row of the upload."""
        path = content if isinstance(content, str) else self.file(content)
        parameters = options.pop("parameters", {"shop": "a.example"})
        return finish(uploads.load_file(self.connect, uploads.Job(dataset, path, parameters, **options))).upload

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row) as connection:
            return connection.execute(query, parameters or None).fetchall()

    def issues(self, upload_id: int) -> list[tuple[int, str, str, str, str]]:
        found = self.rows(
            "SELECT row_no, severity, reason, column_name, raw_value FROM load.issues WHERE upload_id = %s"
            ' ORDER BY row_no, column_name COLLATE "C", reason',
            upload_id,
        )
        return [tuple(row.values()) for row in found]  # type: ignore[misc]

    def levels(self) -> list[dict[str, Any]]:
        return self.rows('SELECT * FROM stock.levels ORDER BY shop, item_id COLLATE "C", place_id COLLATE "C"')

    def leftovers(self) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'load_data'::regnamespace AND relkind = 'r'"
        )


@pytest.fixture
def place(fresh_db: str, tmp_path: Path) -> Iterator[Place]:
    with psycopg.connect(fresh_db, autocommit=True) as connection:
        connection.execute(f"SET ROLE {OWNER}")  # hooks run with the rights of who applied the files
        connection.execute(STOCK.read_bytes())
    yield Place(fresh_db, tmp_path)


@pytest.fixture
def run_cli(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs the command line in this process; gives exit code, stdout, stderr."""
    from tidemark.cli import main

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tidemark", "--dsn", place.dsn, *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run
