"""Every statement that Python sends, by its name."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files as package_files


@cache
def queries() -> dict[str, str]:
    """Every statement of ``queries/*.sql`` by its name.

    Text after ``-- name:`` up to the next name is one statement or several; parameters are written ``%(so)s``, and a
    percent sign of a statement with parameters is doubled.
    """
    found: dict[str, str] = {}
    for file in sorted(package_files("tidemark").joinpath("queries").iterdir(), key=lambda file: file.name):
        parts = re.split(r"^-- name: (\w+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found |= {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    return found
