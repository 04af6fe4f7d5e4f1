"""The statements that put rarer objects right: rules, casts, operators, text search, publications, servers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tidemark import db
from tidemark.deploy.drift.catalog import Item
from tidemark.deploy.drift.same_meaning import relation_of

KINDS = {
    "RULE", "CAST", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY", "COLLATION", "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH CONFIGURATION", "EVENT TRIGGER", "PUBLICATION", "PUBLICATION TABLE", "PUBLICATION SCHEMA",
    "DEFAULT PRIVILEGES", "FOREIGN DATA WRAPPER", "SERVER",
}  # fmt: skip
FIRES = {"O": "ENABLE", "D": "DISABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}
_WITH_OPTIONS = {"FOREIGN DATA WRAPPER", "SERVER", "FOREIGN TABLE"}
# What everybody and the owner may do where no default privileges of the whole database say otherwise.
_BUILT_IN = {"FUNCTIONS": ("EXECUTE", "EXECUTE"), "TYPES": ("USAGE", "USAGE")}
_SPACE = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\s+""")
_OPTION = re.compile(r"""(\w+|"(?:[^"]|"")+") = (?:'(?:[^']|'')*'|[^,]*)""")


def make(connection: db.Connection, item: Item) -> str:
    """The statements that make a missing object again."""
    facts = item.facts
    if item.kind == "DEFAULT PRIVILEGES":
        return " ".join(_privileges(connection, item, _from_scratch(item), facts["rights"]))
    if item.kind.startswith("PUBLICATION "):
        return f"ALTER PUBLICATION {_publication(item)} ADD {_member(item)};"
    texts = [one_line(facts.get("creation") or facts["definition"]).rstrip(";") + ";"]
    if item.kind == "OPERATOR FAMILY" and facts["members"]:
        texts.append(f"ALTER OPERATOR FAMILY {item.identity} ADD {', '.join(facts['members'])};")
    if item.kind == "TEXT SEARCH CONFIGURATION":
        texts += _mappings(item, facts["mappings"] or {}, {})
    if facts.get("fires", "O") != "O":
        texts.append(_fires(item, facts["fires"]))
    return " ".join(texts)


def drop(connection: db.Connection, item: Item) -> str:
    """The statement that takes away what is in no file."""
    if item.kind == "RULE":
        name, relation = item.identity.split(" on ", 1)
        return f"DROP RULE {name} ON {relation};"
    if item.kind == "DEFAULT PRIVILEGES":
        return " ".join(_privileges(connection, item, item.facts["rights"], _from_scratch(item)))
    if item.kind == "PUBLICATION TABLE":
        return f"ALTER PUBLICATION {_publication(item)} DROP TABLE {relation_of(item)};"
    if item.kind == "PUBLICATION SCHEMA":
        return f"ALTER PUBLICATION {_publication(item)} DROP {_member(item)};"
    return f"DROP {item.kind} {item.identity};"


def correct(connection: db.Connection, item: Item, fact: str, old: Any, new: Any) -> Iterator[str]:
    """The statements that make one fact what it was; owner, comment and rights of an object apart."""
    if fact == "options" and (item.kind in _WITH_OPTIONS or item.kind == "COLUMN"):
        yield _options(connection, item, old or [], new or [])
    elif fact == "rights":
        yield from _privileges(connection, item, new or {}, old or {})
    elif fact == "fires":
        yield _fires(item, old)
    elif item.kind == "RULE":
        yield one_line(old).replace("CREATE RULE", "CREATE OR REPLACE RULE", 1)
    elif fact == "members":
        yield from _members(item, old or [], new or [])
    elif fact == "mappings":
        yield from _mappings(item, old or {}, new or {})
    elif item.kind == "TEXT SEARCH DICTIONARY" and fact == "options":
        gone = _option_names(new) - _option_names(old)
        yield f"ALTER TEXT SEARCH DICTIONARY {item.identity} ({', '.join([*([old] if old else []), *sorted(gone)])});"
    elif item.kind == "PUBLICATION" and fact == "settings":
        yield f"ALTER PUBLICATION {item.identity} SET ({', '.join(old)});"
    elif item.kind == "SERVER" and fact == "server version":
        yield f"ALTER SERVER {item.identity} VERSION {db.literal(connection, old) if old else 'NULL'};"
    elif item.kind == "FOREIGN DATA WRAPPER" and fact in ("handler", "validator"):
        word = fact.upper()
        yield f"ALTER FOREIGN DATA WRAPPER {item.identity} {f'{word} {old}' if old else f'NO {word}'};"
    else:
        yield f"{drop(connection, item)} {make(connection, item)}"


def one_line(text: str) -> str:
    """A statement without its line breaks, those in texts and names apart."""
    return _SPACE.sub(lambda found: found[1] or " ", text)


def _fires(item: Item, fires: str) -> str:
    if item.kind == "EVENT TRIGGER":
        return f"ALTER EVENT TRIGGER {item.identity} {FIRES[fires]};"
    name, relation = item.identity.split(" on ", 1)
    return f"ALTER TABLE {relation} {FIRES[fires]} RULE {name};"


def _publication(item: Item) -> str:
    return item.parents[1].removeprefix("PUBLICATION ")


def _member(item: Item) -> str:
    if item.kind == "PUBLICATION SCHEMA":
        return f"TABLES IN SCHEMA {item.parents[0].removeprefix('SCHEMA ')}"
    columns = f" ({', '.join(item.facts['columns'])})" if item.facts["columns"] else ""
    only = f" WHERE ({item.facts['expression']})" if item.facts["expression"] else ""
    return f"TABLE {relation_of(item)}{columns}{only}"


def _members(item: Item, old: list[str], new: list[str]) -> Iterator[str]:
    """``OPERATOR 1 s.<(a,b)`` or ``FUNCTION 1 (a, b) s.f(a,b)``; dropped by number and types."""
    head = f"ALTER OPERATOR FAMILY {item.identity}"
    gone = []
    for member in (one for one in new if one not in old):
        word, number, rest = member.split(" ", 2)
        types = re.findall(r"\([^()]*\)", rest.split(" FOR ORDER BY ")[0])[0]
        gone.append(f"{word} {number} {types}")
    if gone:
        yield f"{head} DROP {', '.join(gone)};"
    if added := [one for one in old if one not in new]:
        yield f"{head} ADD {', '.join(added)};"


def _mappings(item: Item, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    head = f"ALTER TEXT SEARCH CONFIGURATION {item.identity}"
    if gone := sorted(new.keys() - old.keys()):
        yield f"{head} DROP MAPPING FOR {', '.join(gone)};"
    changed: dict[tuple[str, str], list[str]] = {}
    for token, dictionaries in sorted(old.items()):
        if new.get(token) != dictionaries:
            changed.setdefault(("ALTER" if token in new else "ADD", dictionaries), []).append(token)
    for (word, dictionaries), tokens in changed.items():
        yield f"{head} {word} MAPPING FOR {', '.join(tokens)} WITH {dictionaries};"


def _option_names(text: str | None) -> set[str]:
    return {found[1] for found in _OPTION.finditer(text or "")}


def _options(connection: db.Connection, item: Item, old: list[str], new: list[str]) -> str:
    before, after = (dict(option.split("=", 1) for option in options) for options in (old, new))
    changes = [f"DROP {db.identifier(connection, name)}" for name in after.keys() - before.keys()]
    for name, value in before.items():
        if after.get(name) != value:
            word = "SET" if name in after else "ADD"
            changes.append(f"{word} {db.identifier(connection, name)} {db.literal(connection, value)}")
    head = f"ALTER {item.kind} {item.identity}"
    if item.kind == "COLUMN":
        relation = relation_of(item)
        head = f"ALTER FOREIGN TABLE {relation} ALTER COLUMN {item.identity.removeprefix(f'{relation}.')}"
    return f"{head} OPTIONS ({', '.join(sorted(changes))});"


def _from_scratch(item: Item) -> dict[str, str]:
    """Rights as they are without the object: none are added in a schema, the built-in ones hold everywhere else."""
    if item.facts["schema"] is not None:
        return {}
    owner, public = _BUILT_IN.get(item.facts["objects"], ("ALL", ""))
    return {"owner": owner} | ({"PUBLIC": public} if public else {})


def _privileges(
    connection: db.Connection, item: Item, found: dict[str, str], wanted: dict[str, str]
) -> Iterator[str]:
    facts = item.facts
    head = f"ALTER DEFAULT PRIVILEGES FOR ROLE {db.identifier(connection, facts['role'])}"
    if facts["schema"] is not None:
        head += f" IN SCHEMA {db.identifier(connection, facts['schema'])}"
    for who in sorted(found.keys() | wanted.keys()):
        if found.get(who) == wanted.get(who):
            continue
        name = facts["role"] if who == "owner" else who
        role = who if who == "PUBLIC" else db.identifier(connection, name)
        if who in found:
            yield f"{head} REVOKE ALL ON {facts['objects']} FROM {role};"
        for right in wanted[who].split(", ") if who in wanted else ():
            plain = right.removesuffix(" WITH GRANT OPTION")
            yield f"{head} GRANT {plain} ON {facts['objects']} TO {role}{right.removeprefix(plain)};"
