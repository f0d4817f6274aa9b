"""What every benchmark prints: the machine with its load and versions, and one METRIC line per figure."""

import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path


def print_machine() -> None:
    """Print on what the figures were taken, and how busy it was when they were begun."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"), re.MULTILINE)
    print(
        f"machine   {os.cpu_count()} × {cpu[1] if cpu else platform.machine()}, "
        f"{int(memory[1]) // 1_000_000 if memory else '?'} GB, Linux {platform.release()}"
    )
    told = subprocess.run(["/usr/bin/ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout
    print(
        f"versions  mingjian {metadata.version('mingjian')}, Python {platform.python_version()}, "
        f"PyAV {metadata.version('av')}, ffmpeg {told.split()[2]}"
    )
    print(f"load      {' '.join(f'{load:.1f}' for load in os.getloadavg())} at the start", flush=True)


def metric(name: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None) -> None:
    """Print one figure, with its verdict where there is a bar."""
    verdict = ""
    if at_most is not None:
        verdict = f" {'PASS' if value <= at_most else 'FAIL'} (bar ≤ {at_most:g})"
    if at_least is not None:
        verdict = f" {'PASS' if value >= at_least else 'FAIL'} (bar ≥ {at_least:g})"
    print(f"METRIC {name} {value:.4g} {unit}{verdict}", flush=True)


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
