"""tidemark plan: what apply would do."""

from __future__ import annotations

import typer

from tidemark.cli.base import Call, app, call
from tidemark.deploy import apply as deployment
from tidemark.deploy import bookkeeping


@app.command()
def plan(context: typer.Context) -> None:
    """Show what apply would change. Changes nothing.

    \b
      tidemark plan
      tidemark plan --json | jq .data.migrations.pending
    """
    me = call(context)
    with me.database() as (connection, _):
        todo = deployment.plan(connection)
    _show(me, todo)
    me.finish(plan_data(todo))


def _show(me: Call, todo: deployment.Plan) -> None:
    out = me.output
    reasons = {migration.id: migration.reason for migration in bookkeeping.read()}
    if todo.missing_roles:
        out.say(f"role        {', '.join(todo.missing_roles)}")
    for name in todo.migrations.pending:
        out.say(f"migration   {name}  {reasons[name]}")
    for file in todo.files.to_run:
        if file.path in todo.files.changed:
            out.say(f"replace     {file.path}")
        elif out.verbose:
            out.say(f"dependent   {file.path}")
    for path in todo.files.vanished:
        out.say(f"drop        what {path} held")
    extra = len(todo.files.to_run) - len(todo.files.changed)
    if extra and not out.verbose:
        out.say(f"and {extra} files that require them (-v lists them)")
    for name in todo.migrations.edited:
        out.say(f"edited after it was applied: {name}", "red")
    for name in todo.migrations.missing:
        out.say(f"applied, but without a file here: {name}", "red")
    if todo.migrations.edited or todo.migrations.missing:
        out.say("apply will refuse; see tidemark apply for what to do", "red")
    elif todo.is_empty:
        out.say("nothing to do: the database is up to date")


def plan_data(todo: deployment.Plan) -> dict[str, object]:
    """The plan for ``--json``."""
    return {
        "migrations": todo.migrations,
        "missing_roles": todo.missing_roles,
        "files": {
            "changed": todo.files.changed,
            "to_run": [file.path for file in todo.files.to_run],
            "vanished": todo.files.vanished,
        },
    }
