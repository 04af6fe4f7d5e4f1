"""ALTER TABLE: lock and work of each subcommand. Source: PostgreSQL, tablecmds.c, AlterTableGetLockLevel."""

from __future__ import annotations

import re
from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, Work, family, merged
from tidemark.deploy.statements.parse import ast, enums
from tidemark.deploy.statements.relations import Known, keeps_bytes, keeps_indexes

_WEAK = Lock.SHARE_UPDATE_EXCLUSIVE
_TRIGGERS = Lock.SHARE_ROW_EXCLUSIVE
_FULL = Lock.ACCESS_EXCLUSIVE

# Subcommands that do not take ACCESS EXCLUSIVE.
_LOCKS = {
    "AT_SetStatistics": _WEAK,
    "AT_SetOptions": _WEAK,
    "AT_ResetOptions": _WEAK,
    "AT_ClusterOn": _WEAK,
    "AT_DropCluster": _WEAK,
    "AT_ValidateConstraint": _WEAK,
    "AT_AttachPartition": _WEAK,
    "AT_DetachPartitionFinalize": _WEAK,
    "AT_EnableTrig": _TRIGGERS,
    "AT_EnableAlwaysTrig": _TRIGGERS,
    "AT_EnableReplicaTrig": _TRIGGERS,
    "AT_DisableTrig": _TRIGGERS,
    "AT_EnableTrigAll": _TRIGGERS,
    "AT_DisableTrigAll": _TRIGGERS,
    "AT_EnableTrigUser": _TRIGGERS,
    "AT_DisableTrigUser": _TRIGGERS,
}
_WORK = {"AT_SetTableSpace": Work.REWRITE, "AT_SetAccessMethod": Work.REWRITE, "AT_ValidateConstraint": Work.SCAN}
# Storage parameters that a running table does not notice; all others take ACCESS EXCLUSIVE.
_EASY_OPTIONS = {"fillfactor", "toast_tuple_target", "parallel_workers", "vacuum_index_cleanup", "vacuum_truncate",
                 "log_autovacuum_min_duration", "deduplicate_items", "n_distinct"}  # fmt: skip
# What says nothing to partitions and inheriting tables. Source: PostgreSQL, tablecmds.c, ATPrepCmd.
_ALONE = parse.listed("""
    AT_AttachPartition AT_DetachPartition AT_DetachPartitionFinalize AT_ChangeOwner AT_ClusterOn AT_DropCluster
    AT_SetLogged AT_SetUnLogged AT_SetAccessMethod AT_SetTableSpace AT_SetRelOptions AT_ResetRelOptions
    AT_ReplaceRelOptions AT_SetOptions AT_ResetOptions AT_SetCompression AT_AlterColumnGenericOptions AT_AddInherit
    AT_DropInherit AT_ReplicaIdentity AT_AddOf AT_DropOf AT_EnableRule AT_EnableAlwaysRule AT_EnableReplicaRule
    AT_DisableRule AT_EnableRowSecurity AT_DisableRowSecurity AT_ForceRowSecurity AT_NoForceRowSecurity
    AT_GenericOptions
""")
_WORDS = {
    "AT_AddColumn": "add column {name}",
    "AT_DropColumn": "drop column {name}",
    "AT_ColumnDefault": "change the default of {name}",
    "AT_SetNotNull": "make {name} NOT NULL",
    "AT_DropNotNull": "let {name} be NULL",
    "AT_DropConstraint": "drop constraint {name}",
    "AT_ValidateConstraint": "validate constraint {name}",
    "AT_AlterConstraint": "alter a constraint",
    "AT_ChangeOwner": "change the owner",
    "AT_SetLogged": "make it logged",
    "AT_SetUnLogged": "make it unlogged",
    "AT_SetTableSpace": "move it to tablespace {name}",
    "AT_SetAccessMethod": "change the access method",
    "AT_SetStatistics": "set the statistics target of {name}",
    "AT_SetRelOptions": "set storage parameters",
    "AT_ResetRelOptions": "reset storage parameters",
    "AT_AttachPartition": "attach partition {name}",
    "AT_DetachPartition": "detach partition {name}",
    "AT_DetachPartitionFinalize": "finish detaching partition {name}",
    "AT_EnableRowSecurity": "enable row security",
    "AT_DisableRowSecurity": "disable row security",
    "AT_ForceRowSecurity": "force row security",
    "AT_NoForceRowSecurity": "exempt the owner from row security",
    "AT_SetExpression": "change the expression of {name}",
    "AT_DropExpression": "drop the expression of {name}",
    "AT_SetStorage": "set the storage of {name}",
    "AT_SetCompression": "set the compression of {name}",
    "AT_ReplicaIdentity": "set the replica identity",
}
_CONSTRAINTS = {
    "CONSTR_CHECK": "check",
    "CONSTR_NOTNULL": "NOT NULL",
    "CONSTR_PRIMARY": "primary key",
    "CONSTR_UNIQUE": "unique constraint",
    "CONSTR_EXCLUSION": "exclusion constraint",
    "CONSTR_FOREIGN": "foreign key",
}


def effect(node: Any, known: Known) -> Effect:
    """The effect of one ALTER TABLE (or ALTER INDEX, VIEW, SEQUENCE, which share its tree)."""
    name = parse.relation_of(node.relation)
    if node.objtype == enums.ObjectType.OBJECT_TYPE:
        return _of_type(node, known)
    kinds, columns, lost = [], [], []
    touches: list[Touch] = []
    for command in node.cmds:
        done = _Command(command, name, known, node.relation.inh)
        kinds.append(done.words)
        touches += done.touches
        columns += [(name, command.name)] if done.subtype in ("AT_DropColumn", "AT_AlterColumnType") else []
        if done.subtype == "AT_DropColumn" and not known.is_generated(name, command.name):
            lost.append(f"column {command.name} of {name}")
    if node.objtype == enums.ObjectType.OBJECT_SEQUENCE:
        touches = [Touch(name, Lock.SHARE_ROW_EXCLUSIVE) if touch.relation == name else touch for touch in touches]
    return Effect(
        f"{name}: {', '.join(kinds)}",
        merged(touches),
        lost=", ".join(lost) or None,
        is_concurrent=any(_is_concurrent(command) for command in node.cmds),
        columns=tuple(columns),
    )


def _of_type(node: Any, known: Known) -> Effect:
    """A composite type: typed tables change along, where CASCADE says so."""
    name = parse.relation_of(node.relation)
    commands = [_Command(command, name, known, inherited=False) for command in node.cmds]
    work = max((command.work for command in commands), default=Work.NONE)
    touches = tuple(Touch(table, _FULL, work) for table in known.typed.get(parse.name_of(node.relation), ()))
    return Effect(f"{name}: {', '.join(command.words for command in commands)}", touches)


class _Command:
    """One subcommand."""

    def __init__(self, command: Any, table: str, known: Known, inherited: bool) -> None:
        self.subtype: str = enums.AlterTableType(command.subtype).name
        self._command, self._table, self._known = command, table, known
        self._lock, self._work = _LOCKS.get(self.subtype, _FULL), _WORK.get(self.subtype, Work.NONE)
        self._others: list[Touch] = []
        plain = re.sub(r"(?<!^)(?=[A-Z])", " ", self.subtype.removeprefix("AT_")).lower()
        self.words = _WORDS.get(self.subtype, plain).format(name=command.name)
        special = getattr(self, f"_{self.subtype.removeprefix('AT_').lower()}", None)
        if special:
            special()
        # A statement about the partitioned table itself says nothing to its partitions.
        here = known.relation(table)
        # triggers of a partitioned table are those of its partitions too
        is_whole = here is not None and here.kind == "partitioned table"
        alone = not inherited or self.subtype in _ALONE or (self._lock is _TRIGGERS and not is_whole)
        self.work = self._work
        own = [Touch(table, self._lock, self._work)] if alone else family(known, table, self._lock, self._work)
        self.touches = own + self._others

    def _addcolumn(self) -> None:
        column = self._command.def_
        self.words = f"add column {column.colname}"
        kinds = {enums.ConstrType(item.contype).name: item for item in column.constraints or ()}
        written = parse.text_of(column.typeName)
        default = kinds.get("CONSTR_DEFAULT")
        stored = kinds.get("CONSTR_GENERATED")
        if (
            written.lower() in ("serial", "bigserial", "smallserial")
            or "CONSTR_IDENTITY" in kinds
            or (stored and stored.generated_kind != "v")
            or self._known.type(written) in self._known.checked_domains
            or (default and self._is_volatile(default.raw_expr))
        ):
            self._work = Work.REWRITE
        elif "CONSTR_CHECK" in kinds or ("CONSTR_NOTNULL" in kinds and not default):
            self._work = Work.SCAN
        if {"CONSTR_PRIMARY", "CONSTR_UNIQUE"} & set(kinds):
            self._work = max(self._work, Work.BUILD)
        if "CONSTR_FOREIGN" in kinds:
            # without a default there is no value to look up
            self._foreign_key(kinds["CONSTR_FOREIGN"], Work.SCAN if default else Work.NONE)
            self._work = max(self._work, Work.SCAN if default else Work.NONE)

    def _addconstraint(self) -> None:
        constraint = self._command.def_
        kind = enums.ConstrType(constraint.contype).name
        word = _CONSTRAINTS.get(kind, "constraint")
        self.words = f"add {word}" + (f" {constraint.conname}" if constraint.conname else "")
        is_free = constraint.skip_validation or (
            kind in ("CONSTR_CHECK", "CONSTR_FOREIGN") and not constraint.is_enforced
        )
        work = Work.NONE if is_free else Work.SCAN
        if kind == "CONSTR_FOREIGN":
            self._lock, self._work = Lock.SHARE_ROW_EXCLUSIVE, work
            self._foreign_key(constraint, work)
        elif kind in ("CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"):
            self._work = Work.NONE if constraint.indexname else Work.BUILD
            if constraint.indexname and kind == "CONSTR_PRIMARY":
                self.words += f" with index {constraint.indexname}"
                self._work = Work.SCAN  # its columns become NOT NULL, and which they are only the index knows
        elif kind == "CONSTR_NOTNULL":
            self._work = work if self._may_be_null(constraint.keys[0].sval) else Work.NONE
        else:
            self._work = work
        self.words += "" if work or not constraint.skip_validation else " NOT VALID"

    def _setnotnull(self) -> None:
        self._work = Work.SCAN if self._may_be_null(self._command.name) else Work.NONE

    def _setexpression(self) -> None:
        self._work = Work.REWRITE

    def _altercolumntype(self) -> None:
        column = self._command.def_
        written = parse.text_of(column.typeName)
        self.words = f"change the type of {self._command.name} to {written}"
        self._work = Work.REWRITE
        old = self._known.column(self._table, self._command.name)
        modifiers = tuple(item.val.ival for item in column.typeName.typmods or () if hasattr(item.val, "ival"))
        wanted = self._known.type(written)
        if old is None or not self._is_plain(column.raw_default, written):
            return
        if keeps_bytes(self._known, old, wanted, modifiers):
            self._work = Work.SCAN if old.is_checked else Work.NONE
            if not keeps_indexes(old, wanted):
                self._work = Work.BUILD

    def _alterconstraint(self) -> None:
        change = self._command.def_
        self.words = f"alter constraint {change.conname}"
        here = self._known.relation(self._table)
        other = here.tied_by.get(change.conname) if here else None
        if other and change.alterEnforceability:
            work = Work.SCAN if change.is_enforced else Work.NONE
            self._work = work
            self._others.append(Touch(other, Lock.SHARE_ROW_EXCLUSIVE if change.is_enforced else _FULL, work))

    def _dropconstraint(self) -> None:
        here = self._known.relation(self._table)
        other = here.tied_by.get(self._command.name) if here else None
        if other:  # its triggers on the other table go too
            self._others.append(Touch(other, _FULL))

    def _validateconstraint(self) -> None:
        here = self._known.relation(self._table)
        other = here.tied_by.get(self._command.name) if here else None
        if other:
            self._others.append(Touch(other, Lock.ROW_SHARE, Work.SCAN))

    def _setlogged(self) -> None:
        here = self._known.relation(self._table)
        self._work = Work.REWRITE if here is None or here.persistence != "p" else Work.NONE

    def _setunlogged(self) -> None:
        here = self._known.relation(self._table)
        self._work = Work.REWRITE if here is None or here.persistence != "u" else Work.NONE

    def _setreloptions(self) -> None:
        names = {item.defname for item in self._command.def_}
        if all(name in _EASY_OPTIONS or name.startswith("autovacuum_") for name in names):
            self._lock = _WEAK

    _resetreloptions = _setreloptions

    def _attachpartition(self) -> None:
        partition = self._command.def_.name
        name = parse.relation_of(partition)
        self.words = f"attach partition {name}"
        if self._command.def_.bound is None:  # an index, which holds no row to look at
            return
        self._others.append(Touch(name, _FULL, Work.SCAN))
        here = self._known.relation(self._table)
        if here and here.default_partition:
            self._others.append(Touch(here.default_partition, _FULL, Work.SCAN))

    def _detachpartition(self) -> None:
        name = parse.relation_of(self._command.def_.name)
        self.words = f"detach partition {name}"
        if self._command.def_.concurrent:
            self._lock = _WEAK
            self.words += " concurrently"
        self._others.append(Touch(name, _FULL))

    def _detachpartitionfinalize(self) -> None:
        name = parse.relation_of(self._command.def_.name)
        self.words = f"finish detaching partition {name}"
        self._others.append(Touch(name, _FULL))

    def _foreign_key(self, constraint: Any, work: Work) -> None:
        other = parse.relation_of(constraint.pktable)
        self.words += f" to {other}"
        self._others += family(self._known, other, Lock.SHARE_ROW_EXCLUSIVE, work)

    def _may_be_null(self, name: str) -> bool:
        column = self._known.column(self._table, name)
        return column is None or not (column.is_required or column.never_null)

    def _is_volatile(self, expression: Any) -> bool:
        calls = (node.funcname[-1].sval for node in parse.walk(expression) if isinstance(node, ast.FuncCall))
        return any(name in self._known.volatile for name in calls)

    def _is_plain(self, using: Any, written: str) -> bool:
        """True without USING, and for USING that only names or casts the column itself."""
        if isinstance(using, ast.TypeCast) and parse.text_of(using.typeName) == written:
            using = using.arg
        return using is None or (isinstance(using, ast.ColumnRef) and using.fields[-1].sval == self._command.name)


def _is_concurrent(command: Any) -> bool:
    return isinstance(command.def_, ast.PartitionCmd) and bool(command.def_.concurrent)
