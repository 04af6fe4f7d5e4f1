"""Settings, from the command line, the environment and one optional file; frozen once read.

Order of precedence: option, ``TIDEMARK_*`` variable, file, default. The file is
``$TIDEMARK_CONFIG`` or ``~/.config/tidemark/tidemark.toml``, with the keys of ``Settings``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidemark.errors import ConfigProblem

# Any of these means that the user already told libpq which server to use.
LIBPQ_TARGETS = ("PGSERVICE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE")
EMBEDDED = "the embedded server"

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Settings:
    """Where to connect and how patient to be.

    Units: every ``*_seconds`` in seconds.
    """

    dsn: str | None  # None: the embedded server, whose address is not known yet
    dsn_source: str  # said to the user: "--dsn", "TIDEMARK_DSN", "PGHOST", "the embedded server"
    home: Path | None = None  # where the embedded server keeps its data; None: the default place
    lock_timeout_seconds: float = 2.0  # longest wait of one statement for one lock
    lock_budget_seconds: float = 120.0  # longest time spent on retries for one file
    runner_wait_seconds: float = 60.0  # longest wait for another runner to finish
    connect_timeout_seconds: int = 10
    # Asked for on the command line: stands above what a file says in its header.
    lock_timeout_override_seconds: float | None = None

    @property
    def is_embedded(self) -> bool:
        """True when nothing names a server, so that the embedded one is used, also once its address is known."""
        return self.dsn_source == EMBEDDED


def read(dsn: str | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force.

    Errors: ConfigProblem when the file cannot be read, holds an unknown key, or a value is no number.
    """
    file = _read_file(environ)
    numbers = {
        name: _seconds(name, environ.get(f"TIDEMARK_{name.upper()}", file.get(name)), default)
        for name, default in (
            ("lock_timeout_seconds", Settings.lock_timeout_seconds),
            ("lock_budget_seconds", Settings.lock_budget_seconds),
            ("runner_wait_seconds", Settings.runner_wait_seconds),
            ("connect_timeout_seconds", float(Settings.connect_timeout_seconds)),
        )
    }
    home = environ.get("TIDEMARK_HOME") or file.get("home")
    target, source = _target(dsn, environ, file.get("dsn"))
    return Settings(
        dsn=target,
        dsn_source=source,
        home=Path(home).expanduser().absolute() if home else None,
        lock_timeout_seconds=numbers["lock_timeout_seconds"],
        lock_budget_seconds=numbers["lock_budget_seconds"],
        runner_wait_seconds=numbers["runner_wait_seconds"],
        connect_timeout_seconds=round(numbers["connect_timeout_seconds"]),
    )


def duration(text: str) -> float | None:
    """Seconds of a duration with its unit (``500ms``, ``5s``, ``2m`` or ``2min``, ``1h``); None for anything else.

    The unit is not left out: PostgreSQL would read a bare number as milliseconds, a person as seconds.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    return float(match[1]) * _UNITS[match[2]] if match else None


def _target(dsn: str | None, environ: Mapping[str, str], file_dsn: str | None) -> tuple[str | None, str]:
    if dsn:
        return dsn, "--dsn"
    if environ.get("TIDEMARK_DSN"):
        return environ["TIDEMARK_DSN"], "TIDEMARK_DSN"
    for name in LIBPQ_TARGETS:
        if environ.get(name):
            return "", name  # an empty connection string: libpq reads its own variables
    if file_dsn:
        return file_dsn, "the settings file"
    return None, EMBEDDED


def _read_file(environ: Mapping[str, str]) -> dict[str, Any]:
    named = environ.get("TIDEMARK_CONFIG")
    config_home = environ.get("XDG_CONFIG_HOME") or "~/.config"
    path = Path(named or f"{config_home}/tidemark/tidemark.toml").expanduser()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            raise ConfigProblem(
                f"the settings file {path} does not exist", hint="Correct or unset TIDEMARK_CONFIG."
            ) from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigProblem(f"the settings file {path} cannot be read", detail=str(error)) from None
    known = set(Settings.__dataclass_fields__) - {"dsn_source", "lock_timeout_override_seconds"}
    for key in content:
        if key not in known:
            raise ConfigProblem(
                f"unknown setting {key} in {path}", hint=f"Known settings: {', '.join(sorted(known))}."
            )
    return content


def _seconds(name: str, value: object, default: float) -> float:
    if value is None or value == "":
        return default
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number < 10**6 or (number == 0 and name == "lock_timeout_seconds"):
        raise ConfigProblem(
            f"{name} must be a number of seconds, not {value!r}",
            hint=f"Set TIDEMARK_{name.upper()} to a number such as {default:g}.",
        )
    return number
