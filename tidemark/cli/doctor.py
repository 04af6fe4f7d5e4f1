"""tidemark doctor: what can go wrong, and what has."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark import doctor
from tidemark.cli.base import Call, app, call
from tidemark.errors import ExitCode, UsageProblem


@app.command(name="doctor")
def doctor_command(
    context: typer.Context,
    drift: Annotated[
        bool, typer.Option("--drift", help="List every object that is not what the files made, with the remedy.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="With --drift: take what differs as right from now on.")
    ] = False,
) -> None:
    """Check server, rights and files against the catalogue (exit code 1 when something needs attention).

    With --drift: views and functions replaced by hand, indexes dropped or invalid, rights, owners, comments, columns,
    constraints, triggers, anything that is there and in no file. Partitions, running loads and what the refresh
    engine makes are no drift. Nothing is changed, and no table is locked.

    \b
      tidemark doctor
      tidemark doctor --drift
      tidemark doctor --drift --json | jq -r '.data[].remedy'
    """
    if accept and not drift:
        raise UsageProblem("--accept belongs to --drift", hint="tidemark doctor --drift --accept")
    me = call(context)
    if drift:
        _drift(me, accept)
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


def _drift(me: Call, accept: bool) -> None:
    with me.database() as (connection, settings):
        findings = me.output.run(doctor.drifted(connection, settings, accept=accept), "comparing")
    for finding in findings:
        me.output.say(f"{finding.kind.lower()} {finding.identity} {finding.difference}  ->  {finding.remedy}")
    if not findings:
        me.output.say("no drift: every object is what the files made", "bold green")
    elif accept:
        me.output.say(f"accepted {len(findings)} differences", "bold green")
    me.finish(findings, ExitCode.NO if findings and not accept else ExitCode.OK)
