"""How to write a view so that a change of a source concerns fewer keys, by the construct that forbids it today."""

from __future__ import annotations

_REMEDIES = (
    ("LIMIT", "rank rows in a window partitioned by columns of the key, or put LIMIT into a LATERAL subquery"),
    ("an aggregate without GROUP BY", "group by a column of the key, or keep the total in a stored view of its own"),
    ("a window", "give the key a column that every window is partitioned by"),
    ("GROUPING SETS", "let the key consist of columns that are grouped by, in the outermost SELECT"),
    ("GROUP BY", "give the key a column that is grouped by"),
    ("DISTINCT ON", "give the key a column of DISTINCT ON"),
    ("WITH RECURSIVE", "keep the recursion in a stored view of its own and join that one by equality"),
    ("it is read inside a function", "write the function's query into the view, or as a SQL view that it reads"),
    ("a key that is computed", "take the key from columns of the tables, or from expressions over them"),
    ("no condition that leads", "join the table by an equality of columns, not by an expression, OR or a range"),
    ("its occurrences lead", "read the table once, or join each occurrence to the same columns of the key"),
    ("too many optional joins", "split the view, or use inner joins where a row must exist"),
)


def remedy(reason: str | None) -> str | None:
    """What to do about a reason that ``derived`` gave; None for one that needs nothing."""
    if reason is None:
        return None
    return next((text for start, text in _REMEDIES if reason.startswith(start)), None)


_BY_TIME = (
    ("its key", "take the key from columns that the clock does not change"),
    ("GROUP BY", "group by columns of the tables, and show what the clock says in FILTER or CASE"),
    ("DISTINCT", "take the column that changes out of what DISTINCT compares"),
    ("UNION", "use UNION ALL, or let the arms return columns that the clock does not change"),
    ("INTERSECT", "compare columns that the clock does not change"),
    ("EXCEPT", "compare columns that the clock does not change"),
    ("LIMIT", "rank in a window and show the rank as a column"),
    ("a function", "return a row for every key whatever the clock says, and count the rest in an aggregate"),
)


def by_time(gap: str) -> str:
    """What to do about rows that the clock brings, by the construct that lets it."""
    given = "keep a row for every key whatever the clock says and show the condition as a column"
    text = next((text for start, text in _BY_TIME if gap.startswith(start)), given)
    return (
        f"{text}; or name the moments: refresh.store(…, appears => 'a query of the key and appears_on or appears_at')"
    )
