"""Derives, from the definition of a live view, which keys a change of each source concerns.

``catalog`` reads definitions, ``tree`` opens views, subqueries and CTEs down to sources, ``flat`` lays one occurrence
of a source beside what it is joined to, ``mapping`` writes the query; ``presence`` tells, with ``rows``, whether the
clock decides which rows there are. The rule behind all: when in doubt wider, never
narrower. docs/refresh.md, "Derived mappings", has the proof in words.
"""
