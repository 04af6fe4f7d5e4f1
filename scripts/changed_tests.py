#!/usr/bin/env python3
"""Prints the tests that concern the files changed since main, for `make check`.

    scripts/changed_tests.py             changed since the last commit that main has too, and not committed
    scripts/changed_tests.py HEAD~3      since another commit

A test concerns a changed file when it is that file, names the object of a SQL file (schema.name) or imports the
module.
The rules about the files themselves (tests/repo) always belong to it. A quick answer, not the whole one.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALWAYS = ["tests/repo"]


def main(arguments: list[str]) -> int:
    if "--help" in arguments or "-h" in arguments:
        print(__doc__)
        return 0
    since = arguments[0] if arguments else _git("merge-base", "HEAD", "main").strip() or "HEAD"
    changed = [*_git("diff", "--name-only", since).split(), *_git("ls-files", "-o", "--exclude-standard").split()]
    words = {word for path in changed if (word := _word(path))}
    tests = [path for path in sorted((ROOT / "tests").rglob("test_*")) if path.suffix in (".py", ".sql")]
    chosen = [path for path in tests if _name(path) in changed or any(_names(path, word) for word in words)]
    print("\n".join([*ALWAYS, *(_name(path) for path in chosen if not _name(path).startswith("tests/repo/"))]))
    return 0


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _word(path: str) -> str | None:
    """What a test writes that concerns a file: the object it holds, or the module it is."""
    parts = Path(path).with_suffix("").parts
    if parts[0] in ("functions", "views") and path.endswith(".sql") and len(parts) > 2:
        return rf"\b{parts[1]}\.{parts[-1]}\b"
    if parts[0] == "tidemark" and path.endswith(".py") and parts[-1] != "__init__":
        return rf"\bfrom {'.'.join(parts[:-1])} import [^\n]*\b{parts[-1]}\b|\b{'.'.join(parts)}\b"
    return None


def _names(path: Path, word: str) -> bool:
    return re.search(word, path.read_text(encoding="utf-8")) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
