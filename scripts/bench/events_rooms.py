#!/usr/bin/env python3
"""Listeners in rooms: each event once to the right ones, none elsewhere, in order; and how long it takes.

1000 LISTENs (10 in each of 100 rooms) on 50 connections of 20 rooms each, as a gateway holds them; 2000 writes of two
rooms each by four sessions. With a server of max_connections 1100, --connections 1000 gives each listener his own.
"""

from __future__ import annotations

import json
import random
import selectors
import statistics
import threading
import time
from collections import defaultdict
from typing import Any

import psycopg
from common import Report, parser

from tidemark import config

ROOMS = 100
WRITERS = 4
PUBLISH = "SELECT events.publish('bench', 'thing.updated', NULL, %s), clock_timestamp()"


def main() -> None:
    command = parser(__doc__ or "")
    command.add_argument("--connections", type=int, default=50)
    command.add_argument("--writes", type=int, default=2000)
    arguments = command.parse_args()
    dsn = config.read(arguments.dsn).dsn or ""
    each = 1000 // arguments.connections
    listeners = [psycopg.connect(dsn, autocommit=True) for _ in range(arguments.connections)]
    rooms_of = [[(number * each + place) % ROOMS for place in range(each)] for number in range(arguments.connections)]
    for listener, rooms in zip(listeners, rooms_of, strict=True):
        listener.execute("; ".join(f"LISTEN bench_room_{room}" for room in rooms))
    expected: dict[int, list[int]] = defaultdict(list)
    lock = threading.Lock()
    told: list[list[tuple[int, int, float]]] = [[] for _ in listeners]
    wrong = 0
    done_at = [0.0]

    def write(seed: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(dsn, autocommit=True) as connection:
            for number in range(arguments.writes // WRITERS):
                pair = chance.sample(range(ROOMS), 2)
                delta = {f"room_{room}": {str(seed * 10**6 + number): {"at": time.time()}} for room in pair}
                row = connection.execute(PUBLISH, [json.dumps(delta)]).fetchone()
                assert row
                with lock:
                    for room in pair:
                        expected[room].append(row[0])
        done_at[0] = time.time()

    began = time.time()
    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for writer in writers:
        writer.start()
    delays: list[float] = []
    with selectors.DefaultSelector() as selector:
        for number, listener in enumerate(listeners):
            selector.register(listener.fileno(), selectors.EVENT_READ, number)
        quiet = time.time()
        while any(writer.is_alive() for writer in writers) or time.time() - quiet < 2:
            for key, _ in selector.select(0.5):
                quiet = time.time()
                for note in listeners[key.data].notifies(timeout=0):
                    message: dict[str, Any] = json.loads(note.payload)
                    room = int(message["room"].removeprefix("room_"))
                    if room not in rooms_of[key.data] or note.channel != f"bench_room_{room}":
                        wrong += 1
                    told[key.data].append((room, message["event_id"], time.time()))
                    delays += [time.time() - values["at"] for values in message["delta"].values()]
    with psycopg.connect(dsn, autocommit=True) as connection:
        order = {
            room: [
                row[0]
                for row in connection.execute(
                    "SELECT event_id FROM events.since('bench', %s, p_limit => 10000)", [f"room_{room}"]
                )
            ]
            for room in range(ROOMS)
        }
        connection.execute("DELETE FROM events.change WHERE family = 'bench'")
    missed = repeated = disordered = 0
    for number, rooms in enumerate(rooms_of):
        for room in rooms:
            got = [event for where, event, _ in told[number] if where == room]
            missed += len(set(expected[room]) - set(got))
            repeated += len(got) - len(set(got))
            disordered += got != [event for event in order[room] if event in set(got)]
    report = Report(
        "Events in rooms", {"listens": 1000, "connections": arguments.connections, "writes": arguments.writes}
    )
    report.add("messages delivered", count=sum(map(len, told)))
    report.add(
        "missed / repeated / to a wrong room / rooms out of order",
        count=f"{missed} / {repeated} / {wrong} / {disordered}",
    )
    report.add("writes per second", count=round(arguments.writes / (done_at[0] - began)))
    report.add("publish to delivery, ms, median", count=round(statistics.median(delays) * 1000, 1))
    report.add("publish to delivery, ms, p99", count=round(statistics.quantiles(delays, n=100)[98] * 1000, 1))
    report.print(arguments.json)


if __name__ == "__main__":
    main()
