"""tidemark lint: the rules of the files, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidemark.cli.base import Call, app, call
from tidemark.deploy.lint import check_project
from tidemark.deploy.lint.check_file import Finding
from tidemark.errors import ExitCode


@app.command()
def lint(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; all SQL files if none.")] = None,
) -> None:
    """Check SQL files by squawk's rules and Tidemark's own (exit code 1 when something is found).

    Needs no database. tidemark plan checks what is pending in the same way, and beside that whether a column that
    goes is used.

    \b
      tidemark lint
      tidemark lint views/bi migrations/0016_shop_indexes.sql
    """
    me = call(context)
    result = check_project.static(paths or [])
    show(me, result.findings)
    if not result.findings:
        me.output.say(f"{result.files} files, nothing found", "bold green")
    else:
        me.output.say(f"{len(result.findings)} findings in {result.files} files", "bold red")
    me.finish({"files": result.files, "findings": result.findings}, ExitCode.NO if result.findings else ExitCode.OK)


def show(me: Call, findings: list[Finding]) -> None:
    """One line a finding, and its remedy."""
    for finding in findings:
        me.output.say(f"{finding.where}: {finding.rule}: {finding.message}", "yellow")
        me.output.say(f"    {finding.remedy}")
