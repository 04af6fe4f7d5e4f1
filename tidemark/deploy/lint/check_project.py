"""All lint rules over many files: squawk's for migrations, Tidemark's own for everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tidemark import files
from tidemark.deploy.lint import check_file, rules, squawk
from tidemark.deploy.lint.check_file import Finding
from tidemark.errors import UsageProblem
from tidemark.files import SqlFile
from tidemark.project import Project, current


@dataclass(frozen=True)
class Result:
    """How many files were read, and what was found in them."""

    files: int
    findings: list[Finding]


def static(chosen: list[Path], project: Project | None = None) -> Result:
    """The findings in the chosen files and folders, or in all; no database is asked.

    Errors: UsageProblem for a path that holds no SQL file of the project; FileProblem for one that is not valid SQL.
    """
    project = project or current()
    everything = list(files.everything(project))
    wanted = [_known(path, everything, project) for path in chosen]
    taken = [file for file in everything if not wanted or any(file in some for some in wanted)]
    # A way down drops, which is what squawk warns of.
    migrations = [file for file in taken if _is_migration(file)]
    found = [*own(taken, everything), *squawk.lint(migrations, project)]
    return Result(len(taken), sorted(found, key=lambda finding: (finding.path, finding.line)))


def own(taken: Iterable[SqlFile], everything: list[SqlFile]) -> list[Finding]:
    """What Tidemark's own rules find in some of the files, seen among all of them."""
    around = rules.project(everything)
    return [finding for file in taken for finding in check_file.lint(file, around)]


def _known(path: Path, everything: list[SqlFile], project: Project) -> list[SqlFile]:
    # As the shell sees it, or as plan names it.
    bases = [base for base in (project.folder, project.library) if base]
    places = {path.resolve(), *((base / path).resolve() for base in bases)}
    found = [file for file in everything if places & {file.location.resolve(), *file.location.resolve().parents}]
    if not found:
        raise UsageProblem(
            f"{path} holds no SQL file of this project", hint=f"Name files or folders in {bases[0]}, or none for all."
        )
    return found


def _is_migration(file: SqlFile) -> bool:
    return file.path.startswith("migrations/") and not file.path.endswith(".rollback.sql")
