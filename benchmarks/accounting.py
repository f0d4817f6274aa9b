"""What processes cost, from /proc: processor time, resident memory shared out, and the rest of the machine."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def descendants() -> list[int]:
    """Return the ids of this process and of all that it and its children have started."""
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(process.name)] = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def read_bytes(pid: int) -> int:
    """Return how many bytes a process has read from files, cached or not; what came by a socket does not count."""
    told = Path(f"/proc/{pid}/io").read_text()
    return int(told.split("rchar:")[1].split()[0])


def cpu_ns(pids: Iterable[int]) -> int:
    """Return the nanoseconds that all threads of these processes have spent on a processor."""
    spent = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                spent += int(task.read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return spent


def wake_ups(pids: Iterable[int]) -> int:
    """Return how often threads of these processes gave a processor up to wait, and so were woken again."""
    count = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/status"):
            try:
                found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", task.read_text(), re.MULTILINE)
            except (FileNotFoundError, ProcessLookupError):
                continue
            count += int(found[1]) if found else 0
    return count


def pss_bytes(pids: Iterable[int]) -> int:
    """Return the resident memory of these processes, pages they share with others counted in parts."""
    total = 0
    for pid in pids:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found[1]) * 1024 if found else 0
    return total


def machine_busy_ns() -> int:
    """Return the nanoseconds that all processors together have been busy since boot."""
    fields = [int(text) for text in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    idle, io_wait = fields[3], fields[4]
    return (sum(fields[:8]) - idle - io_wait) * 1_000_000_000 // _TICKS_PER_S


def receive_window_limited_ms(port: int) -> list[int]:
    """Return, per connection of a server's port, for how long its peer's receive window has held it back."""
    told = subprocess.run(
        ["/usr/bin/ss", "-tinH", "sport", "=", f":{port}"], capture_output=True, text=True, check=True
    )
    connections = [line for line in told.stdout.splitlines() if "bytes_sent" in line or "cwnd" in line]
    found = [re.search(r"rwnd_limited:(\d+)ms", line) for line in connections]
    return [int(match[1]) if match else 0 for match in found]
