"""Where the bytes of a file come from: a path, standard input, plain or gzip; never more of them than allowed."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from pathlib import Path
from typing import IO, cast

from tidemark.errors import UsageProblem
from tidemark.load.dialect import FileFailure

GZIP_MAGIC = b"\x1f\x8b"
# A file that unpacks to much more than text ever does is an attack or a mistake.
MAX_EXPANSION = 200
EXPANSION_IS_FINE_UP_TO = 64 * 1024 * 1024


class Source:
    """One file, opened; ``read`` gives its uncompressed bytes."""

    def __init__(self, path: str) -> None:
        self.name = "standard input" if path == "-" else Path(path).name
        self.size: int | None = None  # bytes on disk, if known
        self.is_compressed = False
        self.max_bytes: int | None = None
        self._delivered = 0
        self._raw = _Counted(sys.stdin.buffer if path == "-" else _open(path))
        if path != "-":
            self.size = os.fstat(self._raw.fileno()).st_size or None
        self._start = self._raw.read(2)
        self._stream: IO[bytes] = cast(IO[bytes], self._raw)
        if self._start == GZIP_MAGIC:
            self.is_compressed = True
            self._raw.give_back(self._start)
            self._start = b""
            self._stream = cast(IO[bytes], gzip.GzipFile(fileobj=cast(IO[bytes], self._raw)))

    @property
    def done(self) -> int:
        """Bytes taken from the file as it is on disk."""
        return self._raw.count

    def cap(self, max_bytes: int | None) -> None:
        """No more than this many bytes, counted while reading, and refused at once when the size is known.

        Errors: FileFailure.
        """
        self.max_bytes = max_bytes
        if max_bytes is not None and not self.is_compressed and (self.size or 0) > max_bytes:
            raise _too_large(max_bytes)

    def read(self, size: int) -> bytes:
        """The next bytes, at least one; none at the end.

        Errors: FileFailure when the cap is exceeded or the compressed data are damaged or a bomb.
        """
        if self._start:
            data, self._start = self._start, b""
        else:
            try:
                data = self._stream.read(min(size, 1 << 22))
            except (gzip.BadGzipFile, zlib.error, EOFError) as error:
                raise FileFailure("damaged_gzip", "The gzip file is damaged.", str(error)) from None
        self._delivered += len(data)
        if self.max_bytes is not None and self._delivered > self.max_bytes:
            raise _too_large(self.max_bytes)
        if self.is_compressed and self._delivered > max(EXPANSION_IS_FINE_UP_TO, MAX_EXPANSION * self._raw.count):
            raise FileFailure(
                "expands_too_much",
                f"The gzip file unpacks to more than {MAX_EXPANSION} times its size.",
                "Unpack it and load the plain file if that is right.",
            )
        return data

    def close(self) -> None:
        """Closes the file; standard input stays open."""
        self._raw.close()


class _Counted(io.RawIOBase):
    """The bytes on disk, counted."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.count = 0
        self._stream = stream
        self._front = b""

    def give_back(self, data: bytes) -> None:
        self._front = data

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def read(self, size: int = -1) -> bytes:
        if self._front:
            data, self._front = self._front[:size], self._front[size:]
            return data
        data = self._stream.read(size)
        self.count += len(data)
        return data

    def close(self) -> None:
        if self._stream is not sys.stdin.buffer:
            self._stream.close()
        super().close()


def _open(path: str) -> IO[bytes]:
    try:
        stream = Path(path).open("rb", buffering=0)  # noqa: SIM115 (closed by Source)
    except OSError as error:
        raise UsageProblem(f"cannot read {path}", detail=error.strerror) from None
    if stat.S_ISDIR(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise UsageProblem(f"{path} is a directory", hint="Name the files in it.")
    return cast(IO[bytes], stream)


def _too_large(max_bytes: int) -> FileFailure:
    return FileFailure("too_large", f"CSV too large. Max size is {max_bytes} bytes.")
