"""The encoding of a file: said by the caller or told by its first bytes. Whatever it is, UTF-8 is given on."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from tidemark.load.dialect import FileFailure

# The longer marks first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
# Python has codecs that are no encodings of files.
NOT_OF_FILES = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
_LOOKED_AT = 4096
_HANDLER = "tidemark-undecodable"


def _undecodable(error: UnicodeError) -> tuple[str | bytes, int]:
    """What cannot be read stays a byte that is no UTF-8, so that it is found like any other in the file."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    if isinstance(error, UnicodeEncodeError):
        return b"\xff" * (error.end - error.start), error.end
    raise error


codecs.register_error(_HANDLER, _undecodable)


def name_of(encoding: str) -> str | None:
    """The name of an encoding as Python writes it; None for one that is not known."""
    try:
        found = codecs.lookup(encoding)
    except LookupError:
        return None
    name = found.name.replace("_", "-").removesuffix("-sig")
    if name in NOT_OF_FILES or not getattr(found, "_is_text_encoding", True):
        return None
    return re.sub(r"^cp(125\d)$", r"windows-\1", name)


class Transcoder:
    """``read`` as of a file, UTF-8 at the other end. ``codec``: what the file is in, known once it was read from."""

    def __init__(self, read: Callable[[int], bytes], given: str | None = None) -> None:
        self.codec = "utf-8"
        self._read = read
        self._given = given
        self._front: bytes | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self._as_utf8: codecs.IncrementalDecoder | None = None
        self._has_more_than_ascii = False

    def is_doubtful(self) -> bool:
        """Whether a file said to be in another encoding is UTF-8 so far, with more than ASCII in it."""
        return self._as_utf8 is not None and self._has_more_than_ascii

    def read(self, size: int) -> bytes:
        """The next bytes, at least one; none at the end."""
        if self._front is None:
            self._begin()
        while True:
            data, self._front = self._front or self._read(size), b""
            if self._decoder is None:
                return data
            self._try_utf8(data)
            text = self._decoder.decode(data, final=not data)
            if text or not data:
                return text.encode("utf-8", _HANDLER)

    def _try_utf8(self, data: bytes) -> None:
        if self._as_utf8 is not None:
            try:
                self._as_utf8.decode(data, final=not data)
            except UnicodeDecodeError:
                self._as_utf8 = None
            self._has_more_than_ascii = self._has_more_than_ascii or not data.isascii()

    def _begin(self) -> None:
        front = b""
        while len(front) < _LOOKED_AT and (more := self._read(_LOOKED_AT)):
            front += more
        self._front = front
        self.codec = self._settle(front)
        if self.codec != "utf-8":
            self._decoder = codecs.getincrementaldecoder(self.codec)(_HANDLER)
            if not self.codec.startswith("utf"):
                self._as_utf8 = codecs.getincrementaldecoder("utf-8")()

    def _settle(self, front: bytes) -> str:
        marked = next((name for mark, name in MARKS if front.startswith(mark)), None)
        if self._given is None:
            return marked or _wide(front) or "utf-8"
        given = name_of(self._given)
        if given is None:
            raise FileFailure("bad_encoding", f"There is no encoding {self._given}.")
        if marked and not marked.startswith(given):
            raise FileFailure(
                "bad_encoding", f"The file begins with the byte order mark of {marked}, and is said to be {given}."
            )
        if given in ("utf-16", "utf-32"):
            return marked or _wide(front) or f"{given}-le"
        return given


def _wide(front: bytes) -> str | None:
    """UTF-16 without byte order mark: every other byte of the first letters is NUL, and none of the others."""
    start = front[:64]
    for codec, nul, letter in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if len(start) >= 8 and nul.count(0) >= 0.8 * len(nul) and not letter.count(0):
            return codec
    return None
