"""Each file stands where its object belongs, says what it is, and holds that and nothing else."""

import re

import pytest
from pglast import ast
from pglast.visitors import Visitor

from tidemark.deploy.statements import parse

WORDS = re.compile(r"^[a-z][a-z0-9_]*$")
LAYERS = {
    "functions": {"rules", "actions", "triggers", "datasets", "partitions", "audit", "events", "jobs"},
    "views": {"live", "stored"},
}
LONGEST = 220
# Schemas of parts: their folders follow what flows through, and these of them hold rules.
PARTS = {
    "refresh_internal": {
        "declare",
        "capture",
        "map",
        "merge",
        "schedule",
        "report",
        "names",
        "generate",
        "rules",
        "triggers",
    },
    "load_internal": {"open", "detect", "stage", "check", "cells", "merge", "report"},
    "deploy_internal": {"find", "leave", "return", "install", "adopt"},
    "ops_internal": {"partitions", "calls"},
    "audit_internal": {"track", "seal", "triggers"},
    "events_internal": {"rooms", "triggers"},
    "jobs_internal": {"waiting", "slots", "steps", "tidy", "rights", "builtin"},
}
# A family with many actions keeps them in groups: actions/<group>/<name>.sql.
GROUPS = {
    ("planning", "actions"): {"rights", "imports", "writes", "reports"},
    ("clinical", "actions"): {
        "rights", "reports", "structure", "items", "trackers", "comments", "tags", "deletes", "trail",
    },
    ("trade", "actions"): {"codes", "rules", "verdicts", "declarations", "reports", "jobs"},
}  # fmt: skip
# Declarations: what may be called there.
DECLARED = {"audit": r"SELECT\s+audit\.track\(", "jobs": r"SELECT\s+jobs\.register\("}
RULE_FOLDERS = ("/rules/", "/load_internal/cells/")
ALLOWED = {
    "CreateFunctionStmt", "ViewStmt", "CreateTrigStmt", "CommentStmt", "GrantStmt", "AlterFunctionStmt",
}  # fmt: skip


def place(file):
    """Folder, schema, layer and name by the path."""
    parts = file.path.removesuffix(".sql").split("/")
    if len(parts) == 5 and parts[3] in GROUPS.get((parts[1], parts[2]), ()):
        del parts[3]
    if parts[:2] == ["views", "bi"]:
        return "views", "bi", "bi", "/".join(parts[2:])
    return (*parts[:3], "/".join(parts[3:])) if len(parts) > 3 else (parts[0], "", "", parts[-1])


def test_the_path_is_schema_layer_and_object(file, schemas):
    folder, schema, layer, name = place(file)
    assert file.path.endswith(".sql")
    assert schema in schemas | {"bi"}, "the second folder is a schema"
    assert layer in PARTS.get(schema, LAYERS[folder] | {"bi"}), "the third folder is a layer"
    assert WORDS.match(name), "the file name is one snake_case name"
    assert len(name) <= 63


def test_a_family_with_groups_keeps_every_action_in_one(file):
    _, schema, *_ = parts = file.path.split("/")
    if (schema, parts[2]) in GROUPS:
        assert len(parts) == 5, "put it into one of the folders of this layer"


def test_the_first_line_names_the_object_of_the_path(file):
    folder, schema, layer, name = place(file)
    expected = f"{schema}.{name}"
    if layer == "triggers":
        expected = f"{schema}.tg_{name}"
    if layer == "datasets":  # rows that describe files to load: no object, and short names mean a file
        assert file.name in (expected, f"{expected}_file")
        return
    if layer in DECLARED and not schema.endswith("_internal"):
        assert file.name == f"{expected}"
        return
    if layer == "partitions" and not schema.endswith(
        "_internal"
    ):  # a declaration: no object, and the table has the name
        assert file.name == f"{expected}_partitions"
        return
    if layer == "events":  # a declaration as well
        assert file.name == f"{expected}_events"
        return
    assert file.name == (f"{expected}()" if folder == "functions" else expected)


def test_the_header_says_what_a_developer_needs(file):
    purpose = file.header[1].removeprefix("--").strip()
    assert purpose.endswith((".", "?")), "the second line says in a sentence what the object is for"
    assert not purpose.startswith(("requires:", "grain:", "source:"))
    assert file.requires is not None
    assert file.directives("source"), "add a line -- source: with the page that demands it"
    if file.path.startswith("views/"):
        assert file.directives("grain"), "add a line -- grain: with what one row stands for"


def test_the_file_is_short(file):
    assert file.text.count("\n") <= LONGEST


def test_only_statements_that_can_run_again(file, statements_of):
    """The runner replaces what changed; a file that drops or alters something could not run twice."""
    for statement in statements_of(file):
        kind = type(statement.node).__name__
        if kind == "SelectStmt" and "/stored/" in file.path:
            assert re.match(r"SELECT\s+refresh\.\w+\(", statement.text), (
                f"line {statement.line}: only calls of refresh"
            )
        elif file.name == "refresh_internal.regenerate()" and kind == "SelectStmt":
            pass  # generated functions that no file holds must fit the engine too
        elif kind == "DoStmt" and "/triggers/" in file.path:
            assert "CREATE CONSTRAINT TRIGGER" in statement.text, f"line {statement.line}: has no CREATE OR REPLACE"
        elif kind in {"InsertStmt", "SelectStmt"} and re.search(r"\bload\.\w+", statement.text):
            pass  # registering a dataset is a call or an upsert
        elif kind == "SelectStmt" and "/partitions/" in file.path:
            assert re.match(r"SELECT\s+ops\.keep_partitions\(", statement.text), (
                f"line {statement.line}: only the declaration"
            )
        elif kind == "SelectStmt" and "/events/" in file.path:
            assert re.match(r"SELECT\s+events\.declare_family\(", statement.text), (
                f"line {statement.line}: only the declaration"
            )
        elif kind == "SelectStmt" and place(file)[2] in DECLARED:
            assert re.match(DECLARED[place(file)[2]], statement.text), f"line {statement.line}: only the declaration"
        else:
            assert kind in ALLOWED, f"line {statement.line}: {kind} does not belong here"
        if hasattr(statement.node, "replace"):
            assert statement.node.replace, f"line {statement.line}: write CREATE OR REPLACE"


def test_the_file_holds_its_object(file):
    """An object with a comment; nothing that belongs to another file."""
    _, schema, layer, name = place(file)
    declared = {
        (item.schema, item.name) for item in parse.declared(file) if item.kind in ("routine", "view", "stored")
    }
    own = f"tg_{name}" if layer == "triggers" else name
    if declared:
        assert declared == {(schema, own)}


def test_every_object_has_a_comment(file, statements_of):
    commented = [statement for statement in statements_of(file) if isinstance(statement.node, ast.CommentStmt)]
    if parse.declared(file):
        assert commented, "add COMMENT ON with what a value or row means"
    for statement in commented:
        assert statement.node.comment, f"line {statement.line}: an empty comment"


class Names(Visitor):
    """Schemas of the relations and functions that a tree names."""

    def __init__(self):
        super().__init__()
        self.schemas = set()

    def visit_RangeVar(self, _, node):
        self.schemas.add(node.schemaname)

    def visit_FuncCall(self, _, node):
        names = [part.sval for part in node.funcname]
        if len(names) > 1:
            self.schemas.add(names[0])


def names_in(file, statements_of):
    names = Names()
    for statement in statements_of(file):
        names(statement.node)
        if isinstance(statement.node, ast.CreateFunctionStmt):
            # Bodies between dollar quotes are code, texts between plain quotes are not.
            plain = re.sub(r"--.*|'(?:[^']|'')*'", "", statement.text)
            found = re.findall(r"\b([a-z_]+)\.[a-z_]+", plain)
            names.schemas.update(found)
    return names


def test_no_domain_names_another(file, domains, statements_of):
    _, schema, _, _ = place(file)
    named = names_in(file, statements_of).schemas & domains
    if schema in domains:
        assert named <= {schema}
    elif schema not in {"bi", "ops"}:
        assert not named, "a shared schema knows no domain"


def test_a_family_takes_no_lock_that_any_login_could_hold(file, domains):
    """Advisory locks have no rights: rows and tables have."""
    if place(file)[1] in domains:
        assert "pg_advisory" not in file.text
        assert "pg_try_advisory" not in file.text


def test_nothing_reads_bi(file, statements_of):
    if not file.path.startswith("views/bi/"):
        assert "bi" not in names_in(file, statements_of).schemas


def test_nothing_is_put_into_public(file, statements_of):
    assert "public" not in names_in(file, statements_of).schemas


def options(node):
    return {item.defname: item.arg for item in node.options or ()}


def test_rules_can_be_inlined(file, statements_of):
    if not any(folder in file.path for folder in RULE_FOLDERS):
        return
    for statement in statements_of(file):
        if isinstance(statement.node, ast.CreateFunctionStmt):
            given = options(statement.node)
            assert "strict" not in given or not given["strict"].boolval, "STRICT stops the planner from inlining"
            assert "security" not in given, "SECURITY DEFINER stops the planner from inlining"
            if given["language"].sval == "sql":  # PL/pgSQL is never inlined, so it may pin what it needs
                assert "set" not in given, "SET stops the planner from inlining"


def test_plpgsql_pins_its_search_path(file, statements_of):
    if any(folder in file.path for folder in RULE_FOLDERS):
        return
    for statement in statements_of(file):
        if not isinstance(statement.node, ast.CreateFunctionStmt):
            continue
        given = options(statement.node)
        if given["language"].sval == "plpgsql" and not re.search(r"^\s*COMMIT;", statement.text, re.MULTILINE):
            assert "SET search_path = pg_catalog, pg_temp" in statement.text
        if "security" in given:
            assert "/actions/" in file.path or "/triggers/" in file.path or "_internal/" in file.path
            assert "SET search_path = pg_catalog, pg_temp" in statement.text


@pytest.mark.parametrize("forbidden", [r"SELECT \*", r"\bORDER BY 1\b"])
def test_views_name_their_columns(file, forbidden):
    if file.path.startswith("views/") and "/stored/" not in file.path:
        plain = re.sub(r"--.*", "", file.text)
        assert not re.search(forbidden, re.sub(r"\(\s*SELECT \* FROM", "(", plain))
