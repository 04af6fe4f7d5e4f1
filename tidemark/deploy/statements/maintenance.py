"""What reads or writes tables anew without changing what they hold: REINDEX, VACUUM, CLUSTER, REFRESH."""

from __future__ import annotations

from typing import Any

from tidemark.deploy.statements import parse
from tidemark.deploy.statements.locks_and_work import Effect, Lock, Touch, Work, merged
from tidemark.deploy.statements.parse import enums
from tidemark.deploy.statements.relations import Known

_FULL = Lock.ACCESS_EXCLUSIVE


def reindex(node: Any, known: Known) -> Effect:
    is_concurrent = parse.is_concurrent_reindex(node)
    suffix = " concurrently" if is_concurrent else ""
    if node.relation is None:
        return Effect(f"reindex {node.name}{suffix}", unknown="it takes one index after the other")
    name = parse.relation_of(node.relation)
    here = known.relation(name)
    is_index = node.kind == enums.ReindexObjectType.REINDEX_OBJECT_INDEX
    table = (here.table if here else None) if is_index else name
    indexes = [name] if is_index else list(here.indexes if here else ())
    weak = Lock.SHARE_UPDATE_EXCLUSIVE
    touches = [Touch(table, weak if is_concurrent else Lock.SHARE, Work.BUILD)] if table else []
    touches += [Touch(index, weak if is_concurrent else _FULL) for index in indexes]
    return Effect(f"reindex {name}{suffix}", merged(touches), is_concurrent=is_concurrent)


def vacuum(node: Any, known: Known) -> Effect:
    is_full = any(item.defname == "full" and parse.is_on(item.arg) for item in node.options or ())
    tables = [parse.relation_of(item.relation) for item in node.rels or () if item.relation]
    word = "vacuum" if node.is_vacuumcmd else "analyze"
    lock, work = (_FULL, Work.REWRITE) if is_full else (Lock.SHARE_UPDATE_EXCLUSIVE, Work.NONE)
    touches = tuple(Touch(table, lock, work) for table in tables)
    words = f"{word}{' full' if is_full else ''} {', '.join(tables) or 'everything'}"
    return Effect(words, touches, unknown="it rewrites every table" if is_full and not tables else None)


def cluster(node: Any, known: Known) -> Effect:
    if node.relation is None:
        return Effect("cluster everything", unknown="it rewrites every table that was clustered before")
    name = parse.relation_of(node.relation)
    return Effect(f"cluster {name}", (Touch(name, _FULL, Work.REWRITE),))


def refresh(node: Any, known: Known) -> Effect:
    name = parse.relation_of(node.relation)
    if node.concurrent:
        return Effect(f"refresh {name} concurrently", (Touch(name, Lock.EXCLUSIVE, Work.SCAN),))
    return Effect(f"refresh {name}", (Touch(name, _FULL, Work.REWRITE),))
