"""Says of each difference, in one line, what differs and which statement or command puts it right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidemark import db
from tidemark.deploy.drift import rare_objects, table_parts, types
from tidemark.deploy.drift.catalog import Item
from tidemark.deploy.drift.comparison import Difference
from tidemark.deploy.drift.engine_objects import GENERATED
from tidemark.deploy.drift.same_meaning import relation_of
from tidemark.deploy.drift.table_parts import Marks

REPAIR = "tidemark apply --repair"
OWNERS_IN_ONE_LINE = 4  # from this many objects of one wrong owner on, one line stands for all


@dataclass(frozen=True)
class Finding:
    """One object that is not what the files made. ``path``: the file that holds it, of functions, views, triggers."""

    kind: str
    identity: str
    difference: str
    remedy: str
    path: str | None = None


def findings(connection: db.Connection, differences: list[Difference], held: dict[str, str]) -> list[Finding]:
    """One finding an object, except that many objects of the same wrong owner are one."""
    owners = Counter(one.facts["owner"] for one in differences if "owner" in one.facts)
    many = {pair for pair, count in owners.items() if count >= OWNERS_IN_ONE_LINE}
    found = [
        Finding(
            "OWNER",
            f"of {owners[pair]} objects",
            f"is {pair[1]}, not {pair[0]}",
            _reassign(connection, *pair),
        )
        for pair in sorted(many)
    ]
    marks = table_parts.marks_of(connection, differences)
    for one in differences:
        facts = {name: pair for name, pair in one.facts.items() if name != "owner" or pair not in many}
        if one.kind == "differs" and not facts:
            continue
        path = held.get(one.item.address)
        if one.item.kind == "COLUMN":
            path = held.get(one.item.parents[0])
        found.append(Finding(one.item.kind, one.item.identity, *_in_words(connection, one, facts, path, marks), path))
    return found


def _reassign(connection: db.Connection, old: str, new: str) -> str:
    if new == db.value(connection, "first_superuser"):  # PostgreSQL does not let go of what belongs to it
        return f"Restore again without --no-owner, or as {old}; what belongs to {new} cannot be reassigned."
    return f"REASSIGN OWNED BY {db.identifier(connection, new)} TO {db.identifier(connection, old)};"


def _in_words(
    connection: db.Connection, one: Difference, facts: dict[str, tuple[Any, Any]], path: str | None, marks: Marks
) -> tuple[str, str]:
    item = one.item
    if one.kind == "missing":
        return "is missing", f"tidemark apply (runs {path} again)" if path else _commented(
            connection, item, _make(connection, item)
        )
    if one.kind == "extra":
        return "is in no file", _drop(connection, item)
    words, remedies = [], []
    for name, (old, new) in facts.items():
        words.append(_difference(name, old, new))
        remedies += list(_correct(connection, item, name, old, new, path, marks))
    return "; ".join(words), " ".join(dict.fromkeys(remedies))


def _difference(name: str, old: Any, new: Any) -> str:
    if name == "rights":
        gained = [f"{who} has {right}" for who, right in _pairs(new) - _pairs(old)]
        lost = [f"{who} lacks {right}" for who, right in _pairs(old) - _pairs(new)]
        return f"rights differ: {', '.join(sorted(gained) + sorted(lost))}"
    if name == "fires":
        return {"D": "is disabled", "O": "is enabled"}.get(new, f"fires {new}, not {old}")
    if name in ("is valid", "is validated"):
        return f"is {'' if new else 'not '}{name.removeprefix('is ')}"
    if name in ("definition", "comment", "expression", "using", "check", "mappings"):
        return "has no comment" if name == "comment" and new is None else f"{name} differs"
    return f"{name} is {_short(new)}, not {_short(old)}"


def _correct(
    connection: db.Connection, item: Item, fact: str, old: Any, new: Any, path: str | None, marks: Marks
) -> Iterator[str]:
    """The statements that make one fact what it was."""
    if fact == "owner":
        yield f"ALTER {item.kind} {item.identity} OWNER TO {db.identifier(connection, old)};"
    elif fact == "rights" and item.kind != "DEFAULT PRIVILEGES":
        yield from _grants(connection, item, old, new)
    elif fact == "definition" and old == GENERATED:
        head = "SELECT refresh_internal.point_view(sv, CASE WHEN sv.is_bypassed THEN sv.live_name "
        name = db.literal(connection, item.identity)
        yield f"{head}ELSE sv.serving_name END) FROM refresh.stored_views AS sv WHERE sv.view_name = {name};"
    elif path and fact in ("definition", "comment", "settings"):
        yield f"{REPAIR} (runs {path} again)"
    elif fact == "comment":
        yield f"COMMENT ON {_comment_target(item)} IS {db.literal(connection, old)};"
    elif types.concerns(item):
        yield from list(types.correct(connection, item, fact, old, new)) or [by_hand(fact, old)]
    elif item.kind in rare_objects.KINDS or fact == "options":
        yield from rare_objects.correct(connection, item, fact, old, new)
    elif item.kind == "COLUMN":
        yield table_parts.correct_column(item, fact, old, new) or by_hand(fact, old)
    elif item.kind == "TRIGGER" and fact == "fires":
        trigger, relation = item.identity.split(" on ", 1)
        yield f"ALTER TABLE {relation} {rare_objects.FIRES[old]} TRIGGER {trigger};"
        if trigger.startswith("refresh_capture_"):
            yield "Then tidemark refresh --full: changes were missed."
    elif item.kind == "INDEX" and fact == "is clustered":
        yield table_parts.cluster(relation_of(item), marks)
    elif fact in ("is replica identity", "replica identity"):
        relation = item.identity if item.kind == "TABLE" else relation_of(item)
        yield f"ALTER TABLE {relation} REPLICA IDENTITY {marks.replica.get(relation, 'DEFAULT')};"
    elif item.kind == "STATISTICS" and fact == "statistics target":
        yield f"ALTER STATISTICS {item.identity} SET STATISTICS {-1 if old is None else old};"
    elif item.kind == "INDEX" and fact == "is valid":
        yield f"REINDEX INDEX CONCURRENTLY {item.identity};"
    elif item.kind == "CONSTRAINT" and fact == "is validated":
        constraint, relation = item.identity.split(" on ", 1)
        yield f"ALTER TABLE {relation} VALIDATE CONSTRAINT {constraint};"
    elif fact == "row security":
        yield f"ALTER TABLE {item.identity} {'ENABLE' if old else 'DISABLE'} ROW LEVEL SECURITY;"
    elif fact == "forced row security":
        yield f"ALTER TABLE {item.identity} {'' if old else 'NO '}FORCE ROW LEVEL SECURITY;"
    elif fact == "settings":
        yield from table_parts.settings(
            f"ALTER {'INDEX' if item.kind == 'INDEX' else 'TABLE'} {item.identity}", old, new
        )
    elif fact == "persistence":
        yield f"ALTER TABLE {item.identity} SET {'LOGGED' if old == 'p' else 'UNLOGGED'};"
    elif item.kind == "SEQUENCE":
        words = {"type": "AS", "increment": "INCREMENT BY", "minimum": "MINVALUE", "maximum": "MAXVALUE"}
        value = ("" if old else "NO ") + "CYCLE" if fact == "cycle" else f"{words.get(fact, fact.upper())} {old}"
        yield f"ALTER SEQUENCE {item.identity} {value};"
    elif item.kind in ("FUNCTION", "PROCEDURE") and fact == "definition":
        yield _recorded(item)
    elif item.kind in ("INDEX", "CONSTRAINT", "TRIGGER", "POLICY", "STATISTICS"):
        yield f"{_drop(connection, item)} {_make(connection, item)}"
    else:
        yield by_hand(fact, old)


def _grants(connection: db.Connection, item: Item, old: Any, new: Any) -> Iterator[str]:
    tables = dict.fromkeys(("VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"), "TABLE")
    kind = (tables | {"SERVER": "FOREIGN SERVER"}).get(item.kind, item.kind)
    target, columns = f"{kind} {item.identity}", ""
    if item.kind == "COLUMN":
        relation = relation_of(item)
        target, columns = f"TABLE {relation}", f" ({item.identity.removeprefix(f'{relation}.')})"
    for who in sorted((old or {}).keys() | (new or {}).keys()):
        before, after = (old or {}).get(who), (new or {}).get(who)
        if before == after:
            continue
        role = who if who == "PUBLIC" else db.identifier(connection, who)
        if who == "owner":
            role = "CURRENT_USER"
        if after:
            yield f"REVOKE ALL{columns} ON {target} FROM {role};"
        for right in (before or "").split(", ") if before else ():
            plain = right.removesuffix(" WITH GRANT OPTION")
            yield f"GRANT {plain}{columns} ON {target} TO {role}{right.removeprefix(plain)};"


def _commented(connection: db.Connection, item: Item, text: str) -> str:
    """A statement that makes an object, and the one that comments on it."""
    if item.facts["comment"] is None or not text.endswith(";"):
        return text
    return f"{text} COMMENT ON {_comment_target(item)} IS {db.literal(connection, item.facts['comment'])};"


def _make(connection: db.Connection, item: Item) -> str:
    """The statement that makes a missing object again."""
    facts = item.facts
    if types.concerns(item) and (text := types.make(connection, item)):
        return text
    if item.kind in rare_objects.KINDS:
        return rare_objects.make(connection, item)
    if item.kind == "FOREIGN TABLE" and facts.get("creation"):
        return f"{facts['creation']};"
    if item.kind in ("INDEX", "TRIGGER", "FUNCTION", "PROCEDURE", "STATISTICS"):
        text = facts["definition"]
        if item.kind == "INDEX":
            text = re.sub(r"^CREATE (UNIQUE )?INDEX ", r"CREATE \1INDEX CONCURRENTLY ", text)
            name, relation = table_parts.bare_name(connection, item), relation_of(item)
            text += f"; ALTER TABLE {relation} CLUSTER ON {name}" if facts.get("is clustered") else ""
            if facts.get("is replica identity"):
                text += f"; ALTER TABLE {relation} REPLICA IDENTITY USING INDEX {name}"
        return f"{text};" if "\n" not in text else _recorded(item)
    if item.kind == "CONSTRAINT":
        constraint, relation = item.identity.split(" on ", 1)
        text = facts["definition"]
        text = text.replace("CHECK", f"CHECK ({facts['expression']})", 1) if facts["expression"] else text
        return f"ALTER TABLE {relation} ADD CONSTRAINT {constraint} {text};"
    if item.kind == "COLUMN":
        relation = relation_of(item)
        column = item.identity.removeprefix(f"{relation}.")
        return f"ALTER TABLE {relation} ADD COLUMN {column} {facts['type']}; then its rows from a backup."
    if item.kind == "POLICY":
        policy, relation = item.identity.split(" on ", 1)
        commands = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}
        using = f" USING ({facts['using']})" if facts["using"] else ""
        check = f" WITH CHECK ({facts['check']})" if facts["check"] else ""
        way = "" if facts["permissive"] else " AS RESTRICTIVE"
        roles = ", ".join(facts["roles"])
        return f"CREATE POLICY {policy} ON {relation}{way} FOR {commands[facts['command']]} TO {roles}{using}{check};"
    return "Restore it from a backup; a migration that is applied does not run again."


def _recorded(item: Item) -> str:
    """For psql: runs the definition that was recorded."""
    where = f"kind = '{item.kind}' AND identity = '{item.identity}'"
    return f"SELECT facts ->> 'definition' FROM deploy.expected_object WHERE {where} \\gexec"  # noqa: S608


def _drop(connection: db.Connection, item: Item) -> str:
    if types.concerns(item):
        return types.drop(item)
    if item.kind in rare_objects.KINDS:
        return rare_objects.drop(connection, item)
    if item.kind in ("TRIGGER", "POLICY"):
        name, relation = item.identity.split(" on ", 1)
        return f"DROP {item.kind} {name} ON {relation};"
    if item.kind == "CONSTRAINT":
        name, relation = item.identity.split(" on ", 1)
        return f"ALTER TABLE {relation} DROP CONSTRAINT {name};"
    if item.kind == "COLUMN":
        relation = relation_of(item)
        return f"ALTER TABLE {relation} DROP COLUMN {item.identity.removeprefix(f'{relation}.')};"
    return f"DROP {item.kind} {'CONCURRENTLY ' if item.kind == 'INDEX' else ''}{item.identity};"


def by_hand(fact: str, old: Any) -> str:
    was = f"{fact} was {_short(old)}"
    return f"Put it back by hand or by a migration ({was}), or keep it: tidemark doctor --drift --accept."


def _comment_target(item: Item) -> str:
    of_domain = item.kind == "CONSTRAINT" and item.parents[0].startswith("DOMAIN ")
    return f"{item.kind} {item.identity.replace(' on ', ' ON DOMAIN ' if of_domain else ' ON ', 1)}"


def _pairs(rights: Any) -> set[tuple[str, str]]:
    return {(who, right) for who, given in (rights or {}).items() for right in given.split(", ")}


def _short(value: Any) -> str:
    if value is None or value == "":
        return "none"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
