"""Lists, figures and verdicts of trade beside what an application would do: scans, per-row calls.

Needs rows (scripts/generate.py trade --size 1000000) and one `tidemark refresh`. Judging is measured without writing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import psycopg
from common import Report, connect, median, parser, percentile, timed

# what is asked; how it is asked here; what it replaces
READS: dict[str, tuple[str, str | None]] = {
    "search by words": (
        "SELECT * FROM trade.hs_search(%(word)s)",
        "SELECT * FROM trade.hs_codes WHERE description ILIKE '%%' || %(word)s || '%%' OR code LIKE '%%' || %(word)s || '%%' ORDER BY code LIMIT 10",
    ),
    "rules of a chapter": (
        "SELECT * FROM trade.psra_rules WHERE agreement_code = 'CETA' AND hs_chapter = %(chapter)s",
        "SELECT * FROM trade.psra_rules WHERE agreement_code || '' = 'CETA' AND hs_chapter || '' = %(chapter)s",
    ),
    "rule lookup": ("SELECT * FROM trade.rule_lookup('CETA', %(code)s, '2025-06-01', 'DE')", None),
    "last 100 verdicts": (
        "SELECT * FROM trade.recent_verdicts(100)",
        "SELECT * FROM trade.psra_verdicts ORDER BY created_at + interval '0' DESC, evaluation_id LIMIT 100",
    ),
    "history of a company": (
        "SELECT * FROM trade.tenant_history(%(tenant)s)",
        "SELECT * FROM trade.psra_verdicts WHERE tenant_id = %(tenant)s ORDER BY created_at + interval '0' DESC, evaluation_id LIMIT 100",
    ),
    "ways, all days": (
        "SELECT * FROM trade.trade_routes()",
        "SELECT export_country, import_country, count(*), avg(confidence) FROM trade.psra_verdicts GROUP BY 1, 2 ORDER BY 3 DESC",
    ),
    "ways, some days": (
        "SELECT * FROM trade.trade_routes('2024-03-05', '2025-02-20')",
        "SELECT export_country, import_country, count(*), avg(confidence) FROM trade.psra_verdicts"
        " WHERE effective_date BETWEEN '2024-03-05' AND '2025-02-20' GROUP BY 1, 2 ORDER BY 3 DESC",
    ),
    "verdicts on one case": (
        "SELECT * FROM trade.evaluations_of(%(tenant)s, %(digest)s)",
        "SELECT * FROM trade.psra_verdicts WHERE tenant_id = %(tenant)s AND input_hash || '' = %(digest)s",
    ),
    "repeated cases": (
        "SELECT * FROM trade.duplicate_list(%(tenant)s)",
        "SELECT tenant_id, input_hash, count(*) FROM trade.psra_verdicts WHERE tenant_id = %(tenant)s GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    "figures by agreement": (
        "SELECT * FROM trade.kpi_agreement",
        "SELECT agreement_code, date_trunc('month', decided_at), count(*), sum(confidence) FROM trade.psra_verdicts GROUP BY 1, 2",
    ),
}  # fmt: skip


def column(connection: psycopg.Connection[Any], query: str) -> list[Any]:
    return [row[0] for row in connection.execute(query).fetchall()]


def asker(connection: psycopg.Connection[Any], query: str, values: dict[str, Any]) -> Callable[[], object]:
    return lambda: connection.execute(query, values).fetchall()


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument(
        "--size", type=int, default=10000, metavar="N", help="assessments judged in one call (10000)"
    )
    given = arguments.parse_args()
    connection = connect(given.dsn)
    report = Report("trade", {"verdicts": column(connection, "SELECT count(*) FROM trade.psra_verdicts")[0]})
    draw = random.Random(1)
    codes = column(connection, "SELECT code FROM trade.hs_codes WHERE level = 6 ORDER BY 1")
    cases = connection.execute(
        "SELECT tenant_id, input_hash FROM trade.duplicates_by_case ORDER BY 2 LIMIT 500"
    ).fetchall()
    for what, (query, replaced) in READS.items():
        ours, theirs = [], []
        for number in range(10 * given.runs):
            code = draw.choice(codes)
            tenant, digest = draw.choice(cases)
            word = draw.choice(["cotton steel", "glass textile", "machines electric", "paper wood"])
            values = {"code": code, "chapter": code[:2], "word": word, "tenant": tenant, "digest": digest}
            ours.append(timed(asker(connection, query, values)))
            if replaced and number < given.runs:
                theirs.append(timed(asker(connection, replaced, values)))
        figures = {"p50 ms": round(median(ours), 1), "p95 ms": round(percentile(ours, 95), 1)}
        if theirs:
            figures |= {"replaced ms": round(median(theirs), 1), "times": round(median(theirs) / median(ours), 1)}
        report.add(what, **figures)
    ids = column(
        connection,
        "SELECT mat.assessment_id FROM trade.assessment_materials AS mat GROUP BY 1 HAVING count(*) BETWEEN 3 AND 5 ORDER BY 1",
    )[: given.size]
    judge = "SELECT count(*) FROM trade.judge_assessments(%(ids)s)"
    together = timed(asker(connection, judge, {"ids": ids}))
    alone = sum(timed(asker(connection, judge, {"ids": [one]})) for one in ids[:100]) * len(ids) / 100
    report.add(
        f"{len(ids)} assessments",
        **{"p50 ms": round(together, 1), "replaced ms": round(alone, 1), "times": round(alone / together, 1)},
    )
    report.print(given.json)


if __name__ == "__main__":
    main()
