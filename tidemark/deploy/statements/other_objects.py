"""What statements about other things than tables do to tables: domains, publications, statistics, schemas, cursors.

Source: PostgreSQL, typecmds.c, publicationcmds.c, statscmds.c; the tests compare with pg_locks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tidemark.deploy.statements import drop_and_rename, parse
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, Work, family, merged
from tidemark.deploy.statements.parse import ast, enums
from tidemark.deploy.statements.relations import Known

Teller = Callable[[Any, Known], Effect]
_FULL = Lock.ACCESS_EXCLUSIVE
_WEAK = Lock.SHARE_UPDATE_EXCLUSIVE
# What ALTER DOMAIN does, by the letter that its tree has for it, and whether every stored value is looked at.
_ON_DOMAINS = {
    "T": ("change the default of", False),
    "N": ("let be NULL", False),
    "O": ("make NOT NULL", True),
    "C": ("add a constraint to", True),
    "X": ("drop a constraint of", False),
    "V": ("validate a constraint of", True),
}


def alter_domain(node: Any, known: Known) -> Effect:
    """A new or validated constraint reads every table that stores the domain, and keeps writers out meanwhile."""
    written = parse.type_name(node.typeName)
    tables = known.typed.get(written, ()) if checks_values(node) else ()
    touches = tuple(Touch(table, Lock.SHARE, Work.SCAN) for table in tables)
    return Effect(f"{_ON_DOMAINS[node.subtype][0]} domain {written}", touches)


def checks_values(node: Any) -> bool:
    """True when ALTER DOMAIN looks at every stored value."""
    if node.subtype == "C" and node.def_.contype != enums.ConstrType.CONSTR_NOTNULL:  # that has no NOT VALID
        return not node.def_.skip_validation
    return _ON_DOMAINS[node.subtype][1]


def alter_enum(node: Any, known: Known) -> Effect:
    written = parse.type_name(node.typeName)
    return Effect(f"rename a value of {written}" if node.oldVal else f"add value {node.newVal} to {written}")


def create_foreign_table(node: Any, known: Known) -> Effect:
    base = node.base
    name = parse.relation_of(base.relation)
    lock = _FULL if base.partbound else _WEAK
    touches = [Touch(parse.relation_of(parent), lock) for parent in base.inhRelations or ()]
    for parent in base.inhRelations or ():
        here = known.relation(parse.relation_of(parent))
        if base.partbound and here and here.default_partition:
            touches.append(Touch(here.default_partition, _FULL, Work.SCAN))
    return Effect(f"create foreign table {name}", merged(touches), makes=(name,))


def create_schema(of: Teller) -> Teller:
    """With all that is made in it by the same statement."""

    def effect(node: Any, known: Known) -> Effect:
        schema = node.schemaname or "(named after its owner)"
        touches: list[Touch] = []
        made: list[str] = []
        for element in node.schemaElts or ():
            inner = of(element, known)
            made += [f"{schema}.{name.removeprefix('public.')}" for name in inner.makes]
            touches += [touch for touch in inner.touches if known.relation(touch.relation)]
        return Effect(f"create schema {schema}", merged(touches), makes=tuple(made))

    return effect


def planned(words: str, of: Teller) -> Teller:
    """A statement that only plans another: the locks of that one, none of its work."""

    def effect(node: Any, known: Known) -> Effect:
        inner = of(node.query, known)
        runs = isinstance(node, ast.ExplainStmt) and any(
            item.defname == "analyze" and parse.is_on(item.arg) for item in node.options or ()
        )
        if runs:
            return Effect(
                f"{words} {inner.kind}", inner.touches, inner.makes, inner.lost, inner.empties, inner.unknown
            )
        return Effect(f"{words} {inner.kind}", tuple(Touch(touch.relation, touch.lock) for touch in inner.touches))

    return effect


def publication(node: Any, known: Known) -> Effect:
    made = isinstance(node, ast.CreatePublicationStmt)
    touches: list[Touch] = []
    for item in node.pubobjects or ():
        if item.pubtable is not None:
            table = parse.relation_of(item.pubtable.relation)
            here = known.relation(table)
            alone = not item.pubtable.relation.inh or (here is not None and here.kind == "partitioned table")
            touches += [Touch(table, _WEAK)] if alone else family(known, table, _WEAK)
    if not made and node.action == enums.AlterPublicationAction.AP_SetObjects:  # what it named before is compared
        touches += [Touch(table, _WEAK) for table in known.published.get(node.pubname, ())]
    return Effect(f"{'create' if made else 'alter'} publication {node.pubname}", merged(touches))


def depends_on_extension(node: Any, known: Known) -> Effect:
    words = "let it go with an extension"
    if node.relation is None:
        return Effect(words)
    name = parse.relation_of(node.relation)
    lock = Lock.ACCESS_SHARE if node.objectType == enums.ObjectType.OBJECT_TRIGGER else _FULL
    return Effect(f"{words}: {name}", (Touch(name, lock),))


def security_label(node: Any, known: Known) -> Effect:
    kind = enums.ObjectType(node.objtype).name
    if kind in drop_and_rename.RELATIONS:
        return Effect("set a security label", (Touch(parse.dotted(node.object), _WEAK),))
    if kind == "OBJECT_COLUMN":
        return Effect("set a security label", (Touch(parse.dotted(node.object[:-1]), _WEAK),))
    return Effect("set a security label")


def alter_database(node: Any, known: Known) -> Effect:
    if any(item.defname == "tablespace" for item in node.options or ()):
        return Effect("move a database to a tablespace", unknown="it copies the whole database")
    return Effect("alter a database")


def discard(node: Any, known: Known) -> Effect:
    if node.target == enums.DiscardMode.DISCARD_ALL:
        return Effect("discard all", unknown="it takes the runner's own lock and settings away")
    return Effect("discard what the session keeps")


# No table is locked, read or written by these. What of them may take rows away is told by ``losses``.
NO_TABLE = parse.listed("""
    AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDefaultPrivilegesStmt AlterEventTrigStmt
    AlterExtensionContentsStmt AlterFdwStmt AlterForeignServerStmt AlterFunctionStmt AlterOpFamilyStmt
    AlterOperatorStmt AlterOwnerStmt AlterRoleSetStmt AlterRoleStmt AlterStatsStmt
    AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTableSpaceOptionsStmt AlterTypeStmt AlterUserMappingStmt
    CheckPointStmt ClosePortalStmt CompositeTypeStmt ConstraintsSetStmt CreateAmStmt CreateCastStmt
    CreateConversionStmt CreateDomainStmt CreateEnumStmt CreateEventTrigStmt CreateFdwStmt CreateForeignServerStmt
    CreateFunctionStmt CreateOpClassStmt CreateOpFamilyStmt CreatePLangStmt CreateRangeStmt CreateRoleStmt
    CreateTableSpaceStmt CreateTransformStmt CreateUserMappingStmt CreatedbStmt DeallocateStmt DefineStmt DropRoleStmt
    DropTableSpaceStmt DropUserMappingStmt FetchStmt GrantRoleStmt GrantStmt ListenStmt NotifyStmt
    TransactionStmt UnlistenStmt VariableSetStmt VariableShowStmt
""")
# They take nothing away, but what they lock or make depends on what no plan looks into.
UNKNOWN = {
    "ImportForeignSchemaStmt": "which tables it makes is decided by another server",
    "ReassignOwnedStmt": "everything that the role owns is locked in full, and what that is is not looked into",
}
# Nodes that are called statements and are only parts of some.
PARTS = frozenset({"PLAssignStmt", "RawStmt", "ReplicaIdentityStmt", "ReturnStmt", "SetOperationStmt"})
