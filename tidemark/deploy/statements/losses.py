"""What rows and values one statement may take away, told from its parse tree alone. Unknown counts as possible loss.

Every kind of statement is named here, in one of three ways: it takes something, it is known to take nothing, or it
cannot be told. A kind that is not named is of the last sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.parse import ast, enums

# What foreign keys, rules and triggers make of it is a question to the catalogue.
Way = Literal[
    "drops", "drops column", "retypes column", "empties", "deletes", "changes", "inserts", "reads", "unknown"
]


@dataclass(frozen=True)
class PossibleLoss:
    """One way in which a statement may take rows or values away.

    ``relation``: as SQL writes it. ``kind``, ``name`` and ``arguments``: of a dropped object, as the catalogue names
    kinds. ``cascades``: what stands on it goes too. ``because``: why it cannot be told. ``calls``: a function that is
    run; ``reads`` of a relation matters when that is a view, which may call others.
    """

    way: Way
    relation: str = ""
    column: str = ""
    new_type: str = ""
    kind: str = ""
    name: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    cascades: bool = False
    because: str = ""
    calls: tuple[str, ...] = ()


# Statements that leave every stored row and value as it is.
_HARMLESS = parse.listed("""
    AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt
    AlterDefaultPrivilegesStmt AlterDomainStmt AlterEnumStmt AlterEventTrigStmt AlterExtensionContentsStmt
    AlterFdwStmt AlterForeignServerStmt AlterFunctionStmt AlterObjectDependsStmt AlterObjectSchemaStmt
    AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt AlterPolicyStmt AlterPublicationStmt AlterRoleSetStmt
    AlterRoleStmt AlterSeqStmt AlterStatsStmt AlterTSConfigurationStmt AlterTSDictionaryStmt
    AlterTableMoveAllStmt AlterTableSpaceOptionsStmt AlterTypeStmt AlterUserMappingStmt CheckPointStmt
    ClosePortalStmt ClusterStmt CommentStmt CompositeTypeStmt ConstraintsSetStmt CreateAmStmt CreateCastStmt
    CreateConversionStmt CreateDomainStmt CreateEnumStmt CreateEventTrigStmt CreateFdwStmt
    CreateForeignServerStmt CreateForeignTableStmt CreateFunctionStmt CreateOpClassStmt CreateOpFamilyStmt
    CreatePLangStmt CreatePolicyStmt CreatePublicationStmt CreateRangeStmt CreateRoleStmt CreateSeqStmt
    CreateStatsStmt CreateTableSpaceStmt CreateTransformStmt CreateTrigStmt CreateUserMappingStmt CreatedbStmt
    DeallocateStmt DefineStmt DiscardStmt DropRoleStmt DropTableSpaceStmt DropUserMappingStmt FetchStmt GrantRoleStmt
    GrantStmt ImportForeignSchemaStmt ListenStmt LockStmt NotifyStmt PrepareStmt ReassignOwnedStmt RefreshMatViewStmt
    ReindexStmt RenameStmt ReplicaIdentityStmt RuleStmt SecLabelStmt TransactionStmt UnlistenStmt VacuumStmt
    VariableSetStmt VariableShowStmt ViewStmt
""")
# Statements that are told from their parts: whatever they call, write and read is looked at below.
_TOLD_BY_PARTS = parse.listed("""
    CopyStmt CreateSchemaStmt CreateStmt CreateTableAsStmt DeclareCursorStmt DeleteStmt ExplainStmt IndexStmt
    InsertStmt MergeStmt SelectStmt UpdateStmt
""")
# Their parts are only written down, not run.
_DEFINITIONS = {"CreateFunctionStmt", "PrepareStmt", "RuleStmt", "ViewStmt", "CreateTrigStmt", "CreatePolicyStmt"}
UNKNOWN = {
    "AlterExtensionStmt": "an update of an extension runs its scripts",
    "AlterSubscriptionStmt": "what a subscription brings is decided by another server",
    "AlterSystemStmt": "it changes the server",
    "CallStmt": "what a procedure does is not looked into",
    "CreateExtensionStmt": "an extension runs its scripts",
    "CreateSubscriptionStmt": "what a subscription brings is decided by another server",
    "DoStmt": "what a DO block does is not looked into",
    "DropSubscriptionStmt": "it ends what another server keeps for it",
    "DropOwnedStmt": "what the role owns is not looked into",
    "DropdbStmt": "it drops a whole database",
    "ExecuteStmt": "what was prepared is not looked into",
    "LoadStmt": "a library may do anything",
}
_SAFE_COMMANDS = parse.listed("""
    AT_AddColumn AT_ColumnDefault AT_CookedColumnDefault AT_DropNotNull AT_SetNotNull AT_SetStatistics
    AT_SetOptions AT_ResetOptions AT_SetStorage AT_SetCompression AT_AddIndex AT_AddConstraint
    AT_AlterConstraint AT_ValidateConstraint AT_DropConstraint AT_ChangeOwner AT_ClusterOn AT_DropCluster
    AT_SetLogged AT_SetUnLogged AT_SetAccessMethod AT_SetTableSpace AT_SetRelOptions AT_ResetRelOptions
    AT_ReplaceRelOptions AT_EnableTrig AT_EnableAlwaysTrig AT_EnableReplicaTrig AT_DisableTrig AT_EnableTrigAll
    AT_DisableTrigAll AT_EnableTrigUser AT_DisableTrigUser AT_EnableRule AT_EnableAlwaysRule
    AT_EnableReplicaRule AT_DisableRule AT_AddInherit AT_DropInherit AT_AddOf AT_DropOf AT_ReplicaIdentity
    AT_EnableRowSecurity AT_DisableRowSecurity AT_ForceRowSecurity AT_NoForceRowSecurity AT_GenericOptions
    AT_AttachPartition AT_DetachPartition AT_DetachPartitionFinalize AT_AddIdentity AT_SetIdentity
    AT_DropIdentity AT_DropExpression AT_SetExpression
""")
# No row stands on these; with CASCADE the catalogue is asked.
_ROWLESS = {"OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE", "OBJECT_INDEX", "OBJECT_STATISTIC_EXT"}
_ADDRESSED = {
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
    "OBJECT_FOREIGN_TABLE": "foreign table",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_TYPE": "type",
    "OBJECT_DOMAIN": "type",
    "OBJECT_SCHEMA": "schema",
    "OBJECT_EXTENSION": "extension",
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "procedure",
    "OBJECT_ROUTINE": "routine",
    "OBJECT_AGGREGATE": "aggregate",
}


_QUERIES = (
    ast.SelectStmt, ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt, ast.MergeStmt, ast.ExplainStmt,
    ast.CreateTableAsStmt,
)  # fmt: skip


def of(node: Any) -> tuple[PossibleLoss, ...]:
    """Every way in which a statement may lose something; empty when it is known to lose nothing."""
    return tuple(dict.fromkeys(_of(node)))


def _of(node: Any) -> Iterator[PossibleLoss]:
    kind = type(node).__name__
    if isinstance(node, ast.DropStmt):
        yield from _drops(node)
    elif isinstance(node, ast.AlterTableStmt):
        yield from _alters(node)
    elif isinstance(node, ast.TruncateStmt):
        cascades = node.behavior == enums.DropBehavior.DROP_CASCADE
        yield from (PossibleLoss("empties", parse.name_of(one), cascades=cascades) for one in node.relations)
    elif kind in UNKNOWN:
        yield PossibleLoss("unknown", because=UNKNOWN[kind])
    elif kind not in _HARMLESS | _TOLD_BY_PARTS:
        yield PossibleLoss("unknown", because=f"{kind.removesuffix('Stmt')} is a kind of statement that is not known")
    if isinstance(node, ast.CreateStmt):  # defaults and checks are written down, bounds are computed
        yield from _parts(node.partbound)
    elif kind not in _DEFINITIONS:
        yield from _parts(node)


def _parts(node: Any) -> Iterator[PossibleLoss]:
    """What is written, called and read anywhere inside, in WITH and subqueries too."""
    is_query = isinstance(node, _QUERIES)
    own = {item.ctename for item in parse.walk(node) if isinstance(item, ast.CommonTableExpr)}
    for item in parse.walk(node):
        if isinstance(item, ast.DeleteStmt):
            yield PossibleLoss("deletes", parse.name_of(item.relation))
        elif isinstance(item, ast.UpdateStmt | ast.MergeStmt):
            yield PossibleLoss("changes", parse.name_of(item.relation))
        elif isinstance(item, ast.InsertStmt):
            replaces = (
                item.onConflictClause and item.onConflictClause.action == enums.OnConflictAction.ONCONFLICT_UPDATE
            )
            yield PossibleLoss("changes" if replaces else "inserts", parse.name_of(item.relation))
        elif isinstance(item, ast.CopyStmt) and item.relation is not None and item.is_from:
            yield PossibleLoss("inserts", parse.name_of(item.relation))
        elif isinstance(item, ast.CopyStmt) and item.is_program:
            yield PossibleLoss("unknown", because="a program may do anything")
        elif isinstance(item, ast.FuncCall):
            names = tuple(part.sval for part in item.funcname)
            if names[-1] in _TAKING:
                yield PossibleLoss("unknown", because=f"{names[-1]}() changes a large object")
            elif names[0] != "pg_catalog":
                yield PossibleLoss("reads", calls=(".".join(names),))
        elif isinstance(item, ast.A_Expr) and len(item.name) > 1 and item.name[0].sval != "pg_catalog":
            yield PossibleLoss("unknown", because="what an operator of a schema's own does is not looked into")
        elif isinstance(item, ast.RangeVar) and is_query and (item.schemaname or item.relname not in own):
            yield PossibleLoss("reads", parse.name_of(item))


# Functions of PostgreSQL itself that take something away.
_TAKING = {"lo_unlink", "lo_put", "lo_truncate", "lo_truncate64", "lowrite"}


def _drops(node: Any) -> Iterator[PossibleLoss]:
    kind = enums.ObjectType(node.removeType).name
    cascades = node.behavior == enums.DropBehavior.DROP_CASCADE
    for item in node.objects:
        if kind in _ADDRESSED and (cascades or kind in ("OBJECT_TABLE", "OBJECT_EXTENSION")):
            named, arguments = (item.objname, item.objargs) if isinstance(item, ast.ObjectWithArgs) else (item, None)
            words = _words(named)
            relation = ".".join(_quoted(word) for word in words) if kind == "OBJECT_TABLE" else ""
            types = tuple(parse.text_of(one) for one in arguments or ())
            yield PossibleLoss(
                "drops", relation, kind=_ADDRESSED[kind], name=words, arguments=types, cascades=cascades
            )
        elif cascades and kind not in _ROWLESS:
            yield PossibleLoss("unknown", because="what stands on it is not looked into")


def _alters(node: Any) -> Iterator[PossibleLoss]:
    table = parse.name_of(node.relation)
    is_type = node.objtype == enums.ObjectType.OBJECT_TYPE
    for command in node.cmds:
        kind = enums.AlterTableType(command.subtype).name
        cascades = command.behavior == enums.DropBehavior.DROP_CASCADE
        if is_type and kind in ("AT_DropColumn", "AT_AlterColumnType"):
            yield PossibleLoss("unknown", because="columns of that type are not looked into")
        elif kind == "AT_DropColumn":
            yield PossibleLoss("drops column", table, command.name, cascades=cascades)
        elif kind == "AT_AlterColumnType":
            definition = command.def_
            new_type = "" if definition.raw_default else parse.text_of(definition.typeName)
            yield PossibleLoss("retypes column", table, command.name, new_type)
        elif kind not in _SAFE_COMMANDS:
            yield PossibleLoss("unknown", because=f"{kind.removeprefix('AT_')} is a command that is not known")


def _words(item: Any) -> tuple[str, ...]:
    if isinstance(item, ast.String):
        return (item.sval,)
    if isinstance(item, ast.TypeName):
        return tuple(part.sval for part in item.names)
    return tuple(part.sval for part in item)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
