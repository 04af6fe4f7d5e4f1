"""Small projects on disk for the tests of the runner."""

from __future__ import annotations

from pathlib import Path

from tidemark import project


class Project:
    """A folder with migrations, functions and views, as the runner reads them."""

    def __init__(self, base: Path) -> None:
        self.base = base
        for folder in ("migrations", "functions", "views", "scripts"):
            (base / folder).mkdir(parents=True, exist_ok=True)

    @property
    def files(self) -> project.Project:
        """Its files as the runner takes them, without the core."""
        return project.alone(self.base)

    def migration(self, name: str, up: str, down: str | None = None, depends: str = "") -> None:
        header = f"-- {name}\n" + (f"-- depends: {depends}\n" if depends else "")
        (self.base / "migrations" / f"{name}.sql").write_text(header + up)
        if down is not None:
            (self.base / "migrations" / f"{name}.rollback.sql").write_text(f"-- Undo {name}.\n{down}")

    def file(self, path: str, text: str, *, name: str, requires: str = "nothing") -> None:
        location = self.base / path
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_text(f"-- {name}\n-- Made by a test.\n-- requires: {requires}\n\n{text}\n")

    def view(self, name: str, query: str, *, requires: str = "nothing", more: str = "") -> None:
        schema, bare = name.split(".")
        text = f"CREATE OR REPLACE VIEW {name} AS\n{query};\n{more}"
        self.file(f"views/{schema}/live/{bare}.sql", text, name=name, requires=requires)

    def function(self, name: str, definition: str, *, requires: str = "nothing") -> None:
        schema, bare = name.split(".")
        self.file(f"functions/{schema}/rules/{bare}.sql", definition, name=f"{name}()", requires=requires)

    def remove(self, path: str) -> None:
        (self.base / path).unlink()
