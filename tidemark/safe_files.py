"""Folders and files in places where somebody else may have put a link.

Root keeps files in a folder of the user that runs the server. Whoever gets hold of that user can put links there;
root must neither write through one nor hand over what it points to. Nothing that was there before changes its owner.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TextIO

from tidemark.errors import ConfigProblem


def private_folder(path: Path, uid: int, gid: int) -> None:
    """Makes the folder for its owner alone; one that is there is taken only if it is such a folder already.

    Errors: ConfigProblem when a link, something else or a folder of somebody else is in the way.
    """
    try:
        path.mkdir(mode=0o700)
        is_new = True
    except FileExistsError:
        is_new = False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise _in_the_way(path, "is not a folder, or a link to one") from error
    try:
        found = os.fstat(descriptor)
        if is_new and found.st_uid == os.geteuid() != uid and _is_empty(descriptor):
            os.fchown(descriptor, uid, gid)
        elif found.st_uid != uid:
            raise _in_the_way(path, "belongs to somebody else")
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)


def opened(path: Path, uid: int, gid: int) -> TextIO:
    """An empty file of this owner to write and read, private to it: always a new one in place of what was there.

    The name is taken away first and made again exclusively: what a link or a second name leads to stays as it is.
    """
    if path.is_dir() and not path.is_symlink():
        raise _in_the_way(path, "is a folder")
    path.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError as error:
        raise _in_the_way(path, "was made by somebody else at the same moment") from error
    if os.geteuid() != uid:
        os.fchown(descriptor, uid, gid)
    return os.fdopen(descriptor, "w+", encoding="utf-8", errors="replace")


def appended(path: Path) -> TextIO:
    """An existing file to add to; not through a link."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    return os.fdopen(descriptor, "a", encoding="utf-8")


def last_lines(path: Path, count: int) -> list[str]:
    """The end of a file of text; nothing for a link, a pipe or a file that is not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return []
    with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return []
        return file.read().splitlines()[-count:]


def _is_empty(descriptor: int) -> bool:
    with os.scandir(descriptor) as entries:
        return next(entries, None) is None


def _in_the_way(path: Path, what: str) -> ConfigProblem:
    return ConfigProblem(f"{path} {what}", hint="Remove it, or choose another place with TIDEMARK_HOME.")
