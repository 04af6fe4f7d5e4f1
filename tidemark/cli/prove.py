"""tidemark prove: migrations down and up again, and stored views under random histories, on a scratch database."""

from __future__ import annotations

from typing import Annotated

import typer

from tidemark.cli.base import Call, app, call
from tidemark.deploy.rollback import prove
from tidemark.errors import ExitCode, UsageProblem
from tidemark.proof import prove as views
from tidemark.proof.prove import Proof


@app.command(name="prove")
def prove_command(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...", help="Migrations, by name or number (all); or stored views, as schema.name."
        ),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the scratch database for a look.")] = False,
    seconds: Annotated[
        float, typer.Option("--seconds", help="How long each view is tried.", min=0.1, show_default=True)
    ] = 30.0,
    sample: Annotated[
        int, typer.Option("--sample", help="Begin with N rows of each real table, not with rows made up.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Another number, other histories.")] = 1,
) -> None:
    """Prove that migrations can be taken back, or that stored views are right (exit code 1 if not).

    In a new database beside the one at hand, which is not touched. The login needs CREATEDB.

    Migrations: every one goes up, down and up again, and the whole catalogue is compared: tables, columns,
    constraints, indexes, functions, views, rights, comments. Without names, all of them then go down together with
    the functions and views on top, and up again. Rows are not compared.

    Stored views: the files are applied, the tables that the view reads get rows (--sample: rows of the real tables,
    which are only read, with all that they refer to; otherwise made up within types and constraints), and random
    histories run: inserts, updates and deletes by three sessions, keys that move, commits that come late, rollbacks,
    changes between taking and recomputing, and the clock. After each run every stored row is compared with the live
    view. A history that ends in a difference is made short and printed as SQL for psql.

    A view is "not proved" too when no change of one of its sources could be made, which is told by name: then try
    --sample. Whatever is proved, is proved for the histories that ran; more --seconds, more of them.

    \b
      tidemark prove
      tidemark prove 0016_shop_indexes
      tidemark prove shop.sales_by_day --seconds 60
      tidemark prove shop.sales_by_day --sample 200 --seed 7 --json
    """
    me = call(context)
    stored = [name for name in names or () if "." in name]
    if stored and len(stored) < len(names or ()):
        raise UsageProblem(
            "migrations and views cannot be proved in one call",
            detail=f"These are views: {', '.join(stored)}.",
            hint="Call tidemark prove once for each kind.",
        )
    if stored:
        _views(me, views.Request(tuple(stored), seconds, seed, sample, keep=keep))
    with me.database() as (_, settings):
        proofs = me.output.run(prove.prove(settings, names or (), keep=keep), "proving")
    for proof in proofs:
        subject = proof.name or "all of them, with functions and views"
        _say(me, subject, is_proved=proof.is_proved)
        for problem in proof.problems:
            me.output.say(f"            {problem}")
    me.finish(proofs, ExitCode.OK if all(proof.is_proved for proof in proofs) else ExitCode.NO)


def _say(me: Call, subject: str, *, is_proved: bool) -> None:
    if is_proved:
        me.output.say(f"proved      {subject}", "green")
    else:
        me.output.say(f"not proved  {subject}", "bold red")


def _views(me: Call, request: views.Request) -> None:
    with me.database() as (connection, settings):
        proofs = me.output.run(views.prove(connection, settings, request), "proving")
    for proof in proofs:
        _say(me, proof.view, is_proved=proof.is_proved)
        for line in _lines(proof):
            me.output.say(f"            {line}")
        if proof.sql:
            me.output.say(f"\n{proof.sql}")
    data = [{**vars(proof), "is_proved": proof.is_proved} for proof in proofs]
    me.finish(data, ExitCode.OK if all(proof.is_proved for proof in proofs) else ExitCode.NO)


def _lines(proof: Proof) -> list[str]:
    runs = ", ".join(f"{count} {mode}" for mode, count in sorted(proof.runs.items()))
    lines = [f"{proof.histories} histories, {proof.steps} steps; runs: {runs or 'none'}"]
    if proof.difference:
        lines = [proof.difference]
    if proof.untouched:
        lines.append(f"nothing could be changed in {', '.join(proof.untouched)}; try --sample")
    if proof.unreadable:
        lines.append(
            f"{proof.unreadable} histories ended early, because the live view raises an error for their rows"
        )
    return lines
