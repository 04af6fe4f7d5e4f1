"""The group roles that files grant to: which of them the cluster lacks, and the SQL that makes them."""

from __future__ import annotations

from collections.abc import Collection

from tidemark import db, files
from tidemark.errors import DatabaseRefused
from tidemark.files import SqlFile
from tidemark.project import Project

SHIPPED = (
    "tidemark_app",
    "tidemark_bi",
    "tidemark_bi_all",
    "tidemark_bi_live",
    "tidemark_loader",
    "tidemark_operator",
)


def wanted(project: Project) -> list[str]:
    """Those that the shipped files grant to, and those that the project names."""
    return [*SHIPPED, *(name for name in project.roles if name not in SHIPPED)]


def missing(connection: db.Connection, project: Project) -> list[str]:
    """Those that do not exist yet."""
    return [row.role_name for row in db.fetch(connection, "missing_roles", roles=wanted(project))]


def scripts(names: Collection[str]) -> list[SqlFile]:
    """What makes them, for psql too. Safe to run again."""
    shipped = files.script("create_roles.sql")
    own = (
        SqlFile(f"role {name}", shipped.location, db.text_with_identifiers("create_group_role", role=name))
        for name in names
        if name not in SHIPPED
    )
    return [*([shipped] if set(names) & set(SHIPPED) else []), *own]


def create(connection: db.Connection, names: Collection[str]) -> None:
    """Makes them.

    Errors: DatabaseRefused when the login may not.
    """
    if not db.fetch(connection, "login_rights")[0].may_create_roles:
        raise DatabaseRefused(
            f"missing roles that this login may not create: {', '.join(names)}",
            detail="Creating them needs the attribute CREATEROLE, once.",
            hint="Let an administrator run what tidemark roles prints (scripts/create_roles.sql), "
            "or: ALTER ROLE this_login CREATEROLE;",
            sqlstate=db.MISSING_RIGHT,
        )
    for script in scripts(names):
        db.send(connection, script.text, script.path)
