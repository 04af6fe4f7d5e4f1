"""What surrounds the product: sessions with settings of their own, poolers, encodings, locales, extensions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from tidemark.cli import main; main()"]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def cases() -> Path:
    return Path(__file__).with_name("cases")


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Runs tidemark to its end in a clean environment; keywords are environment variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "TIDEMARK", "XDG"))}
    environment = kept | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments], env=environment | more, capture_output=True, text=True, timeout=300, check=False
        )

    return run
