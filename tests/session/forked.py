"""Runs a program of this package in a fork of the test: as a process of its own, without the time Python takes to start."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from tidemark.cli import main


def run(
    program: Callable[[], None], arguments: list[str], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Calls the program with these arguments; gives what it printed and its exit code."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os._exit(_inside(program, arguments, environment, out.fileno(), err.fileno()))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read().decode(), err.read().decode())


def tidemark() -> None:
    main()


def script(path: Path) -> Callable[[], None]:
    def start() -> None:
        sys.path.insert(0, str(path.parent))
        runpy.run_path(str(path), run_name="__main__")

    return start


def _inside(
    program: Callable[[], None], arguments: list[str], environment: dict[str, str], out: int, err: int
) -> int:
    """The child: nothing of the test may go on in it."""
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
        for name in [name for name in os.environ if name.startswith(("PG", "TIDEMARK", "XDG"))]:
            del os.environ[name]
        os.environ.update(environment)
        sys.argv = ["program", *arguments]
        program()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    return code
