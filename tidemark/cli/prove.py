"""tidemark prove: every migration down and up again, on a scratch database."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark.cli.base import app, call
from tidemark.deploy.rollback import prove
from tidemark.errors import ExitCode


@app.command(name="prove")
def prove_command(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Migrations, by name or number (all).")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the scratch database for a look.")] = False,
) -> None:
    """Prove that migrations can be taken back (exit code 1 if one cannot).

    In a new database beside the one at hand, which is not touched, every migration goes up, down and up again, and
    the whole catalogue is compared: tables, columns, constraints, indexes, functions, views, rights, comments.
    Without names, all of them then go down together with the functions and views on top, and up again. The login
    needs CREATEDB. Rows are not compared.

    \b
      tidemark prove
      tidemark prove 0016_shop_indexes
    """
    me = call(context)
    with me.database() as (_, settings):
        proofs = me.output.run(prove.prove(settings, names or (), keep=keep), "proving")
    for proof in proofs:
        subject = proof.name or "all of them, with functions and views"
        if proof.is_proved:
            me.output.say(f"proved      {subject}", "green")
        else:
            me.output.say(f"not proved  {subject}", "bold red")
        for problem in proof.problems:
            me.output.say(f"            {problem}")
    me.finish(proofs, ExitCode.OK if all(proof.is_proved for proof in proofs) else ExitCode.NO)
