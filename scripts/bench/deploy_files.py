"""One of 200 files touched: which files an apply runs, and how long the whole command takes beside one with nothing to do.

The views stand on each other in chains of ten; the touched one is the fifth of its chain, so it and five others must run.

    python scripts/bench/deploy_files.py
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import deploy_project
from common import Report, median, parser, timed
from refresh_site import blank_site

VIEWS = 200
TOUCHED = 104


def apply(base: Path, dsn: str) -> list[str]:
    """The files that ran."""
    process = deploy_project.start(base, dsn)
    answer, complaint = process.communicate()
    if process.returncode:
        raise SystemExit(complaint or answer)
    return list(json.loads(answer)["data"]["files"])


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--server", choices=("15", "18"), default="18", help="18: embedded, 15: Debian's (18)")
    given = arguments.parse_args()
    report = Report("One file of many", {"files": VIEWS, "server": given.server})
    times: dict[str, list[float]] = {"first apply": [], "nothing to do": [], "one file touched": []}
    with blank_site(given.server) as site, tempfile.TemporaryDirectory() as folder:
        base, dsn = Path(folder), site.place.dsn()
        deploy_project.write(base, rows=1000, views=VIEWS)
        times["first apply"].append(timed(lambda: apply(base, dsn)))
        ran: list[str] = []
        file = base / f"views/public/live/v{TOUCHED}.sql"
        for number in range(given.runs):
            times["nothing to do"].append(timed(lambda: apply(base, dsn)))
            file.write_text(file.read_text().replace(f"a > {TOUCHED}", f"a > {TOUCHED} AND a <> {-1 - number}"))
            times["one file touched"].append(timed(lambda: ran.extend(apply(base, dsn))))
    wanted = {f"views/public/live/v{number}.sql" for number in range(TOUCHED, TOUCHED // 10 * 10 + 10)}
    if set(ran) != wanted or len(ran) != given.runs * len(wanted):
        raise SystemExit(f"ran {sorted(set(ran))}, wanted {sorted(wanted)}")
    for what, values in times.items():
        report.add(what, whole_command_ms=median(values), files={"one file touched": len(wanted)}.get(what))
    report.print(given.json)


if __name__ == "__main__":
    main()
