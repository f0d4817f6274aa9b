"""One writing process of the ledger's benchmark: several connections, each committing act after act; told by JSON."""

import json
import sys
import threading
import time
from typing import Any

import psycopg

from mingjian.base.ticks import Ticks90k
from mingjian.ledger.append import Entry, append


def entry(number: int) -> Entry:
    """Return an act as streaming writes it before a picture."""
    return Entry(
        kind="media.opened",
        actor_id="7b0c1f3a-6a83-4a6e-9a58-0c8d2b1f5e11",
        actor_name="王老师",
        capacity="operator@security-office-lingshui",
        subject="camera:2f1d8e02-3a6c-4c57-8a0b-94f1d6c1a777",
        at_90k=Ticks90k(160_000_000_000_000 + number),
        via="streaming",
        articles=("A13",),
        facts={"receipt": f"{number:036d}", "mode": "live", "role": "main", "window_90k": [0, number]},
    )


def main() -> None:
    """Connect, say so, wait for the word, write for the time given, print how long each commit took."""
    wanted = json.loads(sys.stdin.readline())
    opened = [psycopg.connect(**wanted["address"]) for _ in range(wanted["connections"])]
    for connection in opened:
        # The first call of a connection plans it.
        append(connection.cursor(), entry=entry(0))
        connection.commit()
    print("ready", flush=True)
    sys.stdin.readline()
    waits: list[float] = []
    end = time.monotonic() + wanted["seconds"]

    def work(connection: psycopg.Connection[Any]) -> None:
        cursor, number = connection.cursor(), 0
        while (begun := time.monotonic()) < end:
            append(cursor, entry=entry(number))
            connection.commit()
            waits.append(time.monotonic() - begun)
            number += 1

    threads = [threading.Thread(target=work, args=(connection,)) for connection in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(waits))


if __name__ == "__main__":
    main()
