"""The CSV files of a golden directory, plain or gzip-compressed; no database."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from tidemark.errors import FileProblem, UsageProblem

# Descriptions for people, and what is to be done; everything else in a golden directory is data.
OTHER_SUFFIXES = {".md", ".txt", ".toml", ".sql"}


@dataclass(frozen=True)
class CsvFile:
    """One file. ``name``: its path below the directory, with slashes and without ``.gz``."""

    name: str
    path: Path

    @property
    def stem(self) -> str:
        """The file name without folders and endings: ``tables/models.csv.gz`` is ``models``."""
        return self.name.rpartition("/")[2].removesuffix(".csv")

    def open_bytes(self) -> BinaryIO:
        """The uncompressed bytes."""
        if self.path.suffix == ".gz":
            return cast(BinaryIO, gzip.open(self.path, "rb"))
        return self.path.open("rb")

    def open_text(self) -> TextIO:
        """The uncompressed text; a byte-order mark is left out."""
        if self.path.suffix == ".gz":
            return cast(TextIO, gzip.open(self.path, "rt", encoding="utf-8-sig", newline=""))
        return self.path.open(encoding="utf-8-sig", newline="")

    def header(self) -> list[str]:
        """The column names; empty for an empty file.

        Errors: FileProblem for a column without name or one that occurs twice.
        """
        with self._problems(), self.open_text() as text:
            names = next(csv.reader(text), [])
        if "" in names or len(set(names)) < len(names):
            raise FileProblem(
                f"{self.name} has a column without name, or one twice", detail=f"Header: {','.join(names)}"
            )
        return names

    def rows(self) -> Iterator[tuple[int, list[str | None]]]:
        """The records after the header, each with the line it ends on; an empty cell is None.

        Errors: FileProblem when a record has more or fewer cells than the header.
        """
        with self._problems(), self.open_text() as text:
            reader = csv.reader(text)
            width = len(next(reader, []))
            for cells in reader:
                if len(cells) != width:
                    raise FileProblem(
                        f"{self.name}, line {reader.line_num}: {len(cells)} cells instead of {width}",
                        hint="Each record needs one cell for each column of the header.",
                    )
                yield reader.line_num, [cell or None for cell in cells]

    def records(self) -> Iterator[dict[str, str | None]]:
        """The records by column name."""
        header = self.header()
        for _line, cells in self.rows():
            yield dict(zip(header, cells, strict=True))

    def text(self) -> str:
        """The whole file as a text.

        Errors: FileProblem when it cannot be read.
        """
        with self._problems(), self.open_text() as stream:
            return stream.read()

    def _problems(self) -> _Problems:
        return _Problems(self.name)


class _Problems:
    """Turns what goes wrong while reading into a FileProblem that names the file."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OSError, EOFError, UnicodeDecodeError, csv.Error)):
            raise FileProblem(f"{self.name} cannot be read", detail=str(error)) from error


def find(directory: Path) -> dict[str, CsvFile]:
    """Every data file below a directory by its name, in code order.

    Errors: UsageProblem when it is no directory; FileProblem when a file is there both plain and compressed.
    """
    if not directory.is_dir():
        raise UsageProblem(f"{directory} is not a directory", hint="Name the folder of one golden data set.")
    found: dict[str, CsvFile] = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if not path.is_file() or path.suffix in OTHER_SUFFIXES or "/." in f"/{name}":
            continue
        name = name.removesuffix(".gz")
        if name in found:
            raise FileProblem(f"{name} is there twice, plain and compressed", hint="Remove one of them.")
        found[name] = CsvFile(name, path)
    return found
