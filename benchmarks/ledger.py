"""What the ledger bears: durable acts a second with group commit, and how fast one core verifies all of them.

`./dev bench ledger --entries 400000`. A private PostgreSQL with fsync on, on the disk of the working folder. Writers
are processes with several connections each; every act is a transaction of its own, committed before the next begins.
The sequencer runs beside them, as it does in the product. Verifying is timed in the verifying process alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import ledger_writer
from benchmarks.figures import metric, percentile, print_machine
from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose
from mingjian.host.database import Role
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster
from mingjian.ledger import schema, sequencer, verify
from mingjian.ledger.append import encode
from mingjian.ledger.sequencer import Sequencer
from mingjian.ledger.signer import Signer

BAR_APPENDED = 2_000
BAR_COMMIT_MS = 50
BAR_VERIFIED = 400_000
_FILL = 20_000


def main() -> None:
    """Append under load, then verify everything; print both."""
    parser = argparse.ArgumentParser(prog="./dev bench ledger", description=__doc__)
    parser.add_argument("--entries", type=int, default=400_000, help="leaves to verify")
    parser.add_argument("--writers", type=int, default=4, help="processes")
    parser.add_argument("--connections", type=int, default=6, help="of each process")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    print_machine()
    with tempfile.TemporaryDirectory(prefix="mingjian-bench-", dir="var" if Path("var").is_dir() else None) as name:
        Path(name).chmod(0o711)
        home = Home(root=Path(name), bind="127.0.0.1", port=8000, media_port=8001)
        cluster = Cluster.of(home)
        with cluster.running():
            print(f"database  {_settings(cluster)}")
            _install(cluster)
            with _sequencing(cluster, home) as deployment_id:
                _append(cluster, options)
                _fill(cluster, options.entries)
            _verify(cluster, home, deployment_id)


def _settings(cluster: Cluster) -> str:
    with _open(cluster, Role.OWNER) as connection:
        names = ("server_version", "fsync", "synchronous_commit", "wal_sync_method", "commit_delay")
        rows = [connection.execute("SELECT current_setting(%s)", (name,)).fetchone() for name in names]
    return ", ".join(f"{name} {row[0]}" for name, row in zip(names, rows, strict=True) if row is not None)


def _open(cluster: Cluster, role: Role) -> psycopg.Connection[Any]:
    return psycopg.connect(**cluster.address(role).parameters(), autocommit=True)  # type: ignore[arg-type]  # mixed


def _install(cluster: Cluster) -> None:
    with _open(cluster, Role.OWNER) as connection, connection.transaction():
        for install in (schema.install, schema.install_payload):
            install(connection.cursor(), owner=Role.OWNER.value, runtime_roles=(Role.WEB.value, Role.STREAMING.value))


@contextmanager
def _sequencing(cluster: Cluster, home: Home) -> Iterator[str]:
    """Sequence and sign beside the writers until nothing is left."""
    deployment_id = ids.new_id()
    key = signing.generate(home, purpose=KeyPurpose.LEDGER)
    is_over = threading.Event()
    one = Sequencer(
        signer=Signer(key=key, deployment_id=deployment_id, folder=home.signer),
        keys=key.verifier().keys.values(),
        deployment_id=deployment_id,
        shard=1,
        memory_folder=home.ledger,
    )

    def run() -> None:
        sequencer.serve(
            connect=lambda: _open(cluster, Role.LEDGER), sequencer=one, clock=SystemClock(), is_stopping=is_over.is_set
        )

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield deployment_id
        with _open(cluster, Role.LEDGER) as connection:
            while connection.execute("SELECT EXISTS (SELECT FROM ledger_pending)").fetchone()[0]:
                time.sleep(0.2)
        time.sleep(2 * sequencer.INTERVAL_S)
    finally:
        is_over.set()
        thread.join()


def _append(cluster: Cluster, options: argparse.Namespace) -> None:
    wanted = {
        "address": cluster.address(Role.WEB).parameters(),
        "connections": options.connections,
        "seconds": options.seconds,
    }
    command = [sys.executable, "-m", "benchmarks.ledger_writer"]
    writers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(options.writers)
    ]
    for writer in writers:
        _tell(writer, json.dumps(wanted))
    for writer in writers:
        _hear(writer)
    for writer in writers:
        _tell(writer, "go")
    waits: list[float] = [wait for writer in writers for wait in json.loads(_hear(writer))]
    for writer in writers:
        writer.wait()
    label = f"{options.writers * options.connections} connections"
    metric(f"ledger_appended_durably ({label})", len(waits) / options.seconds, "/s", at_least=BAR_APPENDED)
    metric("ledger_commit_p50", percentile(waits, 0.50) * 1000, "ms")
    metric("ledger_commit_p99", percentile(waits, 0.99) * 1000, "ms", at_most=BAR_COMMIT_MS)


def _tell(writer: "subprocess.Popen[str]", line: str) -> None:
    if writer.stdin is not None:
        writer.stdin.write(line + "\n")
        writer.stdin.flush()


def _hear(writer: "subprocess.Popen[str]") -> str:
    return "" if writer.stdout is None else writer.stdout.readline()


def _fill(cluster: Cluster, entries: int) -> None:
    body = encode(ledger_writer.entry(7))
    begun, done = time.monotonic(), 0
    with _open(cluster, Role.WEB) as connection:
        while done < entries:
            connection.execute("SELECT count(public.ledger_append(%s)) FROM generate_series(1, %s)", (body, _FILL))
            done += _FILL
    print(f"filled    {done} in {time.monotonic() - begun:.0f} s", flush=True)


def _verify(cluster: Cluster, home: Home, deployment_id: str) -> None:
    verifier = signing.load_verifier(home, purpose=KeyPurpose.LEDGER)
    with _open(cluster, Role.LEDGER) as connection:
        for _ in range(2):
            begun, begun_cpu = time.monotonic(), time.process_time()
            found = verify.verify(connection, verifier=verifier, deployment_id=deployment_id, now_90k=0)
            wall_s, cpu_s = time.monotonic() - begun, time.process_time() - begun_cpu
    if found.findings:
        raise AssertionError(found.findings)
    metric(f"ledger_verified ({found.size} entries, one core)", found.size / cpu_s, "/s", at_least=BAR_VERIFIED)
    metric("ledger_verified_wall", found.size / wall_s, "/s")


if __name__ == "__main__":
    main()
