"""Commands about the embedded server."""

from __future__ import annotations

import typer

from tidemark import server
from tidemark.cli.base import Call, app, call
from tidemark.errors import ExitCode

commands = typer.Typer(no_args_is_help=True, help="Start, stop or look at the embedded PostgreSQL.")
app.add_typer(commands, name="server")


@commands.command()
def start(context: typer.Context) -> None:
    """Start the embedded PostgreSQL and its database; does nothing when it runs.

    \b
    Its data stays in ~/.local/share/tidemark (root: /var/lib/tidemark; elsewhere: TIDEMARK_HOME).
      tidemark server start
      psql "$(tidemark server status --json | jq -r .data.dsn)"
    """
    me = call(context)
    state = me.output.run(server.start(me.settings), "starting PostgreSQL")
    _show(me, state)
    me.finish(state)


@commands.command()
def stop(context: typer.Context) -> None:
    """Stop it. Open transactions are rolled back, data stays."""
    me = call(context)
    stopped = me.output.run(server.stop(me.settings), "stopping PostgreSQL")
    me.output.say("stopped" if stopped else "it was not running")
    me.finish({"stopped": stopped})


@commands.command()
def status(context: typer.Context) -> None:
    """Say where it is and whether it runs (exit code 1 if not)."""
    me = call(context)
    state = server.status(me.settings)
    _show(me, state)
    me.finish(state, ExitCode.OK if state.is_running else ExitCode.NO)


def _show(me: Call, state: server.Status) -> None:
    out = me.output
    out.say(f"PostgreSQL {state.version} {'runs' if state.is_running else 'does not run'}", "bold")
    out.say(f"folder:   {state.folder}")
    out.say(f"log:      {state.log}")
    if state.is_running:
        out.say(f'connect:  psql "{state.dsn}"')
        out.say(f"TCP:      127.0.0.1 port {state.port} (with password)")
    for folder in state.older_folders:
        out.note(f"{folder} holds a cluster of another PostgreSQL version; nothing reads it any more", "yellow")
