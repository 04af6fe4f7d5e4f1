"""Commands that load files and tell what became of them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tidemark import db
from tidemark.cli.base import Call, app, call
from tidemark.errors import ExitCode, UsageProblem
from tidemark.load import export, uploads
from tidemark.load.encoding import name_of
from tidemark.load.layout import DELIMITERS

HELP = """Load CSV files, and see what became of them.

\b
  tidemark load sales.orders orders.csv --set shop=alpha.example
  tidemark load sales *.csv.gz --set shop=alpha.example --jobs 4
  zcat big.csv.gz | tidemark load sales.orders - --set shop=alpha.example
  tidemark load datasets                what can be loaded
  tidemark load uploads                 what was loaded lately
  tidemark load issues 7                what was wrong with the rows of upload 7
  tidemark load issues 7 --csv          its rejected rows, to be corrected and loaded again

A dataset reads one kind of file; a family of datasets tells the kind by the header, or by --kind."""

_COUNTERS = ("total_rows", "processed_rows", "rejected_rows", "superseded_rows")


class _FilesUnlessCommand(TyperGroup):
    """``load NAME FILE...`` without a word for it: what is no command is the name of a dataset."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["files", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["files", *args]
        return super().parse_args(ctx, args)


load_app = typer.Typer(cls=_FilesUnlessCommand, help=HELP, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(load_app, name="load")

# Attributes instead of columns of a table: psycopg's rows have them anyway.
Upload = Any


@load_app.command(hidden=True)
def files(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(help="A dataset or a family; see tidemark load datasets.")],
    paths: Annotated[list[str], typer.Argument(metavar="FILE...", help="CSV, plain or gzip; - is standard input.")],
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Something to know beside the file.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of file within a family; auto: the header tells.")] = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="What the file is in, such as windows-1252; else UTF-8 or by its byte order mark."),
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="What separates cells: , ; | tab; else told by the header.")
    ] = None,
    decimal: Annotated[str | None, typer.Option(help="What stands before the decimals: . or ,")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Files loaded side by side.")] = 1,
    again: Annotated[bool, typer.Option("--again", help="Also if the same content was loaded before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
) -> None:
    """Load files. Exit code 1 when one of them failed; rejected rows alone are no failure."""
    me = call(context)
    if paths.count("-") > 1:
        raise UsageProblem("standard input can be given only once")
    parameters = _parameters(given or [])
    if kind is not None:
        parameters["kind"] = kind
    parameters |= _reading(encoding, delimiter, decimal)
    wanted = [uploads.Job(dataset, path, parameters, is_dry_run=dry_run, again=again) for path in paths]
    with me.database() as (_, settings):
        results = me.output.run(uploads.load_files(settings, wanted, jobs), "loading")
    if len(results) == 1 and results[0].error is not None:
        raise results[0].error
    for result in results:
        _tell(me, result)
    me.finish(
        {"files": [_data(result) for result in results]},
        ExitCode.OK if all(result.is_good for result in results) else ExitCode.NO,
    )


@load_app.command()
def datasets(context: typer.Context) -> None:
    """List what can be loaded, with the columns of each."""
    me = call(context)
    with me.database() as (connection, _):
        rows = db.fetch(connection, "load_datasets")
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(row.dataset_name, []).append(row)
    for name, columns in by_name.items():
        first = columns[0]
        me.output.say(f"{name}: {first.description}", "bold")
        for parameter in first.parameters or []:
            me.output.say(f"  --set {parameter}")
        if first.kind_names:
            me.output.say(f"  --kind {' or '.join(first.kind_names)}, with family {first.family_name}")
        if first.max_bytes:
            me.output.say(f"  at most {first.max_bytes:,} bytes")
        if first.column_name is not None:
            me.output.table(
                None,
                ("column", "type", "required", "headers", "or, without these"),
                [
                    (
                        column.column_name,
                        column.cell_type,
                        column.required_group is not None,
                        column.header_names,
                        column.fallback_names,
                    )
                    for column in columns
                ],
            )
        me.output.say("")
    if not by_name:
        me.output.say("no dataset is registered")
    me.finish([row._asdict() for row in rows])


@load_app.command("uploads")
def list_uploads(
    context: typer.Context,
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
) -> None:
    """List the latest uploads."""
    me = call(context)
    with me.database() as (connection, _):
        rows = db.fetch(connection, "load_uploads", count=count)
    me.output.table(
        None,
        ("upload", "dataset", "file", "status", "error", "rows", "processed", "rejected", "superseded", "started"),
        rows,
    )
    me.finish([row._asdict() for row in rows])


@load_app.command()
def issues(
    context: typer.Context,
    upload: Annotated[int, typer.Argument(help="Number of the upload.")],
    csv: Annotated[
        bool, typer.Option("--csv", help="The rejected records as CSV, to be corrected and loaded again.")
    ] = False,
) -> None:
    """Show what was wrong with the rows of an upload."""
    me = call(context)
    with me.database() as (connection, _):
        found = db.fetch(connection, "load_upload", upload_id=upload)
        if not found:
            raise UsageProblem(f"there is no upload {upload}", hint="See tidemark load uploads.")
        rows = db.fetch(connection, "load_rejected_records" if csv else "load_issues", upload_id=upload)
        lines = db.fetch(connection, "load_rejects_file", upload_id=upload) if csv else []
    if csv:
        me.output.lines(export.lines(lines))
    else:
        me.output.table(
            None,
            ("row", "severity", "reason", "column", "value", "message"),
            [(row.row_no, row.severity, row.reason, row.column_name, row.raw_value, row.message) for row in rows],
        )
    me.finish([row._asdict() for row in rows])


def _parameters(given: list[str]) -> dict[str, str]:
    parameters = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or not name:
            raise UsageProblem(f"--set {item} is not NAME=VALUE", hint="Write it like --set shop=alpha.example.")
        parameters[name] = value
    return parameters


def _reading(encoding: str | None, delimiter: str | None, decimal: str | None) -> dict[str, str]:
    """What the caller says of the files themselves; the loader keeps it beside the parameters of the family."""
    if encoding is not None and name_of(encoding) is None:
        raise UsageProblem(
            f"there is no encoding {encoding}", hint="Write it like windows-1252, utf-16 or mac-roman."
        )
    told = {"encoding": encoding and name_of(encoding), "decimal": decimal}
    told["delimiter"] = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    return {name: value for name, value in told.items() if value}


def _read_as(reading: dict[str, str]) -> str | None:
    """How a file that is not plain CSV was read, in a few words."""
    words = [reading["encoding"]] if "encoding" in reading else []
    if mark := reading.get("delimiter"):
        words.append(f"separated by {DELIMITERS.get(mark, mark)}")
    if reading.get("decimal") == ",":
        words.append("decimal comma")
    return f"read as {', '.join(words)}" if words else None


def _tell(me: Call, result: uploads.Loaded) -> None:
    out = me.output
    if result.error is not None:
        out.say(f"{result.job.path}: {result.error.message}", "red")
        if result.error.hint:
            out.say(f"  {result.error.hint}")
        return
    upload: Upload = result.upload
    title = f"{result.job.path}: upload {upload.upload_id}, {upload.dataset_name or 'unknown kind'}"
    if upload.load_status == "failed":
        detail = f" ({upload.error_detail})" if upload.error_detail else ""
        out.say(f"{title}: failed, {upload.error_code}{detail}: {upload.error_message}", "red")
    elif upload.load_status == "repeated":
        out.say(
            f"{title}: the same content was loaded as upload {upload.repeats_upload_id}; --again loads it once more"
        )
        return
    else:
        out.say(f"{title}: {'checked, nothing written' if upload.load_status == 'checked' else 'loaded'}", "green")
    if read_as := _read_as(upload.reading):
        out.say(f"  {read_as}")
    if upload.load_status != "failed":
        counters = (
            f"  {upload.total_rows:,} rows = {upload.rejected_rows:,} rejected + {upload.processed_rows:,} processed"
        )
        if upload.superseded_rows:
            counters += f"; {upload.superseded_rows:,} of these replaced by a later row"
        if upload.warning_count:
            counters += f"; warnings: {upload.warning_count:,}"
        out.say(counters)
        if "seen" in upload.reading:
            out.say(f"  {upload.reading['seen']}", "yellow")
    if isinstance(upload.merge_result, dict):
        result_counts = upload.merge_result.items()
        told = [f"{value:,} {key.replace('_', ' ')}" for key, value in result_counts if isinstance(value, int)]
        if told:
            out.say(f"  {', '.join(told)}")
    if upload.rejected_rows or upload.warning_count:
        out.say(f"  see tidemark load issues {upload.upload_id}")


def _data(result: uploads.Loaded) -> dict[str, Any]:
    if result.error is not None:
        return {"file": result.job.path, "status": "error", "error": result.error.as_dict()}
    upload: Upload = result.upload
    return {
        "file": result.job.path,
        "upload_id": upload.upload_id,
        "dataset": upload.dataset_name,
        "status": upload.load_status,
        "repeats_upload_id": upload.repeats_upload_id,
        "error": {"code": upload.error_code, "detail": upload.error_detail, "message": upload.error_message}
        if upload.error_code
        else None,
        **{name: getattr(upload, name) for name in _COUNTERS},
        "warnings": upload.warning_count,
        "result": upload.merge_result,
        "reading": upload.reading,
        "phase_ms": upload.phase_ms,
    }
