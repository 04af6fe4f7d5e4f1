"""tidemark doctor: what can go wrong, and what has."""

from __future__ import annotations

import typer

from tidemark.cli.base import app, call
from tidemark.deploy import doctor
from tidemark.errors import ExitCode


@app.command(name="doctor")
def doctor_command(context: typer.Context) -> None:
    """Check server, rights and files against the catalogue (exit code 1 when something needs attention)."""
    me = call(context)
    with me.database() as (connection, settings):
        findings = me.output.run(doctor.examine(connection, settings), "examining")
    styles = {"ok": "green", "warning": "yellow", "problem": "bold red"}
    for finding in findings:
        if finding.level == "ok" and me.output.quiet:
            continue
        me.output.say(f"{finding.level:<8} {finding.subject}: {finding.text}", styles[finding.level])
        if finding.hint:
            me.output.say(f"         {finding.hint}")
    me.finish(findings, ExitCode.NO if any(finding.level == "problem" for finding in findings) else ExitCode.OK)
