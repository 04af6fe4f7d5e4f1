"""Every failure the runner reports, each with its exit code. A message says what happened, a hint what to do."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a shell or a scheduler learns from a command."""

    OK = 0
    NO = 1  # the answer is "no": stale, pending, differs
    USAGE = 2
    CONFIG = 3
    CONNECT = 4
    REFUSED = 5
    BUSY = 6  # try again
    STATE = 7  # the database was asked and could do it, but it is not in the state that the command needs
    INTERNAL = 70  # a fault of the program itself
    INTERRUPTED = 130


class TidemarkError(Exception):
    """A failure with a plain message; ``detail`` holds the facts, ``hint`` the next step."""

    exit_code: ExitCode = ExitCode.CONFIG

    def __init__(
        self,
        message: str,
        *,
        detail: str | None = None,
        hint: str | None = None,
        sqlstate: str | None = None,
        where: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint
        self.sqlstate = sqlstate
        self.where = where  # the file and line, if a file was being sent

    def as_dict(self) -> dict[str, str | None]:
        """The error as ``--json`` prints it."""
        return {
            "sqlstate": self.sqlstate,
            "message": self.message,
            "detail": self.detail,
            "hint": self.hint,
            "where": self.where,
        }


class AnswerIsNo(TidemarkError):
    """The command worked and its answer is "no"."""

    exit_code = ExitCode.NO


class UsageProblem(TidemarkError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = ExitCode.USAGE


class ConfigProblem(TidemarkError):
    """The settings, the SQL files or the installation are wrong; the database was not asked."""

    exit_code = ExitCode.CONFIG


class FileProblem(ConfigProblem):
    """A SQL file cannot be used as it stands."""


class EditedMigration(ConfigProblem):
    """An applied migration is not the file it was when it was applied."""


class CannotConnect(TidemarkError):
    """No usable connection: unreachable, refused at login, or a server that is too old."""

    exit_code = ExitCode.CONNECT


class DatabaseRefused(TidemarkError):
    """The database answered with an error; nothing of the failed transaction remains."""

    exit_code = ExitCode.REFUSED


class StateProblem(TidemarkError):
    """The runner itself refuses: the database is not in the state in which this can be done. Nothing was changed."""

    exit_code = ExitCode.STATE


class InternalFault(TidemarkError):
    """An exception that nobody expected: a fault of the program, never an answer."""

    exit_code = ExitCode.INTERNAL


class Busy(TidemarkError):
    """Somebody else holds what is needed; the same command may succeed later."""

    exit_code = ExitCode.BUSY
