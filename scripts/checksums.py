#!/usr/bin/env python3
"""Keeps migrations/SHA256SUMS: one checksum for each migration and rollback file.

    scripts/checksums.py             add files that are not listed yet; a changed one is named, exit code 1
    scripts/checksums.py --check     change nothing, exit code 1 if the list is not right
    scripts/checksums.py --replace   write all anew: only for files that were never released

The format is that of sha256sum, so `cd migrations && sha256sum -c SHA256SUMS` works too.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "migrations"
LIST = FOLDER / "SHA256SUMS"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true")
    choice.add_argument("--replace", action="store_true")
    given = parser.parse_args()

    listed: dict[str, str] = {}
    if LIST.exists() and not given.replace:
        listed = {name: digest for digest, name in (line.split("  ") for line in LIST.read_text().splitlines())}
    found = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(FOLDER.rglob("*.sql"))
    }

    wrong = [f"changed: {name}" for name in found if name in listed and listed[name] != found[name]]
    wrong += [f"gone: {name}" for name in listed if name not in found]
    new = [name for name in found if name not in listed]
    if given.check:
        wrong += [f"not listed: {name}" for name in new]
    for line in wrong:
        print(line, file=sys.stderr)
    if not given.check:
        merged = {**found, **listed}
        LIST.write_text("".join(f"{merged[name]}  {name}\n" for name in sorted(merged)))
        print(f"{len(new)} added, {len(merged)} listed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
