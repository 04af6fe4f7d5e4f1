"""tidemark plan: what apply would do, what it takes, and how much it can hurt."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from tidemark.cli.base import Call, app, call
from tidemark.deploy.apply import deployment
from tidemark.deploy.lint import check_file
from tidemark.deploy.plan import adoptions, script
from tidemark.deploy.plan import preview as previewing
from tidemark.deploy.plan.preview import Preview, Told, Touched
from tidemark.deploy.plan.risk import bytes_in_words

_STYLES = {"high": "bold red", "medium": "yellow", "low": "", "none": "dim"}
_MANY = {"foreign key": "foreign keys", "policy": "policies"}
_NAMED_USERS = 4
_NAMED_FILES = 12  # of those that are only made or replaced


@app.command()
def plan(
    context: typer.Context,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL that would be sent, in order.")] = False,
) -> None:
    """Show what apply would change, what it locks and how much that can hurt. Changes nothing.

    For each statement of a pending migration: the lock it takes and on what, the size of that, whether it is scanned
    or rewritten, what stands on it, and a risk (none, low, medium, high) with its reason. The risky ones come first.
    -v shows the harmless ones and all dependents too.

    \b
      tidemark plan
      tidemark plan --sql > next.sql
      tidemark plan --json | jq '.data.statements[] | select(.risk == "high")'
    """
    me = call(context)
    with me.database() as (connection, settings):
        found = previewing.preview(connection)
    if sql:
        me.output.lines(script.lines(found, settings))
        me.finish({"sql": "".join(script.lines(found, settings))})
    _show(me, found)
    me.finish(preview_data(found))


def plan_data(todo: deployment.Plan) -> dict[str, object]:
    """The comparison of files and database for ``--json``."""
    return {
        "project": todo.project.as_dict,
        "migrations": todo.migrations,
        "missing_roles": todo.missing_roles,
        "files": {
            "changed": todo.files.changed,
            "to_run": [file.path for file in todo.files.to_run],
            "vanished": todo.files.vanished,
        },
    }


def preview_data(found: Preview) -> dict[str, object]:
    """The plan with its facts for ``--json``."""
    return {
        **plan_data(found.todo),
        "risk": found.risk,
        "statements": found.statements,
        "outcomes": found.outcomes,
        "findings": found.findings,
        "adoptions": found.adoptions,
        "every_key": found.every_key,
        "by_time": found.by_time,
        "unsteady": found.unsteady,
    }


def _show(me: Call, found: Preview) -> None:
    out, todo = me.output, found.todo
    out.note(f"project     {todo.project.in_words}")
    if not todo.is_empty:
        out.say(_summary(found), _STYLES[found.risk])
    for told in sorted(found.statements, key=lambda told: told.risk != "high"):
        if told.risk in ("high", "medium"):
            out.say(f"{told.risk.upper():<11} {told.path}:{told.line}  {told.kind}", _STYLES[told.risk])
            out.say(f"            {told.reason}")
    if todo.missing_roles:
        out.say(f"role        {', '.join(todo.missing_roles)}")
    for migration in found.migrations:
        out.say(f"migration   {migration.id}  {migration.reason}")
        _show_statements(me, [told for told in found.statements if told.path == migration.file.path])
    _show_files(me, found)
    _show_findings(me, found)
    _show_every_key(me, found)
    _show_by_time(me, found)
    _show_unsteady(me, found)
    for name in todo.migrations.edited:
        out.say(f"edited after it was applied: {name}", "red")
    for name in todo.migrations.missing:
        out.say(f"applied, but without a file here: {name}", "red")
    if todo.migrations.edited or todo.migrations.missing:
        out.say("apply will refuse; see tidemark apply for what to do", "red")
    elif todo.is_empty:
        out.say("nothing to do: the database is up to date")


def _summary(found: Preview) -> str:
    counts = [
        _count(len(found.migrations), "migration"),
        _count(len(found.statements), "statement"),
        _count(len(found.outcomes), "function or view", "functions and views"),
        _count(len(found.findings), "finding of the linters", "findings of the linters"),
    ]
    return f"risk {found.risk}: {', '.join(counts)}"


def _show_statements(me: Call, statements: list[Told]) -> None:
    quiet = [told for told in statements if told.risk == "none" and not told.findings and not told.lost]
    for told in statements:
        if me.output.verbose or told not in quiet:
            _show_statement(me, told)
    if quiet and not me.output.verbose:
        me.output.say(f"            {_count(len(quiet), 'statement')} without risk (-v shows them)", "dim")


def _show_statement(me: Call, told: Told) -> None:
    out = me.output
    out.say(f"  {told.risk:<9} line {told.line}: {told.kind}", _STYLES[told.risk])
    out.say(f"            {told.reason}")
    for touch in told.touches:
        out.say(f"            {_touch_in_words(touch)}")
        if touch.users and touch.lock == "ACCESS EXCLUSIVE":
            out.say(f"            used by {_users_in_words(touch, named=bool(out.verbose))}")
        for session in touch.sessions:
            who = f"pid {session.pid} ({session.role}, {session.application or 'unnamed program'})"
            out.say(f"            in use now by {who} with {session.lock.words} for {session.age_seconds} s")
    if told.makes_way:
        out.say("            views or functions make way for it and come back in the same transaction")
    if told.refused_by:
        out.say(f"            PostgreSQL will refuse it: {', '.join(told.refused_by)} uses the column", "bold red")
    if told.lost:
        out.say(f"            lost for good: {told.lost}")
    for finding in told.findings:
        out.say(f"            {finding.linter} {finding.rule}: {finding.message}", "yellow")
        if finding.rule == check_file.REFUSED:
            out.say(f"            {finding.remedy}", "yellow")


def _touch_in_words(touch: Touched) -> str:
    if touch.is_new:
        size = "made by this deployment"
    elif touch.size_bytes is None:
        size = "not in this database yet"
    else:
        size = f"{bytes_in_words(touch.size_bytes)}, about {_count(touch.rows or 0, 'row')}"
    work = f", {touch.work}" if touch.work else ""
    return f"{touch.lock} on {touch.relation} ({size}){work}"


def _users_in_words(touch: Touched, *, named: bool) -> str:
    """By name when they are few, else how many of each kind."""
    if named or len(touch.users) <= _NAMED_USERS:
        return ", ".join(f"{user.kind} {user.identity}" for user in touch.users)
    kinds = Counter(user.kind for user in touch.users)
    return ", ".join(_count(kinds[kind], kind, _MANY.get(kind)) for kind in sorted(kinds)) + " (-v names them)"


def _show_files(me: Call, found: Preview) -> None:
    out = me.output
    words = {"create": "create", "replace": "replace", "drop and create": "make anew", "drop": "drop"}
    created = [outcome for outcome in found.outcomes if outcome.action == "create"]
    hidden = 0
    if len(created) > _NAMED_FILES and not out.verbose:
        out.say(f"create      {len(created)} functions and views (-v lists them)")
    for outcome in found.outcomes:
        is_plain = outcome.action == "replace" and not outcome.is_changed
        if is_plain and not out.verbose:
            hidden += 1
            continue
        if outcome in created and len(created) > _NAMED_FILES and not out.verbose:
            continue
        reason = "" if outcome.reason in ("changed", "not in the database") else f"  ({outcome.reason})"
        subject = f"what {outcome.path} held" if outcome.action == "drop" else outcome.path
        out.say(f"{words[outcome.action]:<11} {subject}{reason}")
    for one in found.adoptions:
        out.say(adoptions.in_words(one), "yellow")
    if hidden:
        out.say(f"and {_count(hidden, 'file')} that {'requires' if hidden == 1 else 'require'} them (-v lists them)")


def _show_findings(me: Call, found: Preview) -> None:
    """The findings that no statement showed: those in functions and views."""
    shown = {finding for told in found.statements for finding in told.findings}
    for finding in found.findings:
        if finding not in shown:
            me.output.say(f"{finding.linter:<11} {finding.where} {finding.rule}: {finding.message}", "yellow")
    if found.missing_linter:
        me.output.note(f"without squawk's rules: {found.missing_linter}")


def _show_every_key(me: Call, found: Preview) -> None:
    """Changes that recompute a whole view: those of pending views, with -v all that are declared."""
    for one in found.every_key:
        if one.is_pending or me.output.verbose:
            me.output.say(f"every key   {one.view}, changes of {one.source}: {one.reason}", "yellow")
            if one.narrower:
                me.output.say(f"            narrower: {one.narrower}")


def _show_by_time(me: Call, found: Preview) -> None:
    """Views that the clock recomputes whole although they name moments: the same choice."""
    for one in found.by_time:
        if one.is_pending or me.output.verbose:
            me.output.say(
                f"by time     {one.view}, {one.often}: rows may appear by time alone, {one.reason}", "yellow"
            )
            me.output.say(f"            narrower: {one.narrower}")


def _show_unsteady(me: Call, found: Preview) -> None:
    for one in found.unsteady:
        me.output.say(f"unsteady    {one.view}: {one.part}, in {one.place}", "yellow")
        me.output.say(f"            steady: {one.remedy}")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
