"""Runs the benchmarks named: `python -m benchmarks recorder --cameras 50`; alone, it lists them."""

import runpy
import sys
from pathlib import Path

_PARTS = (
    *("accounting", "archive", "clips", "clock", "fan_out", "figures", "footage", "latency", "ledger_writer", "node"),
    *("months", "outage", "rig", "system", "viewers"),
)


def main() -> None:
    """Run `benchmarks/NAME.py` with the arguments that follow its name."""
    here = Path(__file__).parent
    names = sorted(path.stem for path in here.glob("[!_]*.py") if path.stem not in _PARTS)
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print("./dev bench NAME [options], NAME one of:", *names)
        sys.exit(0 if len(sys.argv) < 2 else 2)
    name = sys.argv[1]
    sys.argv[:2] = [f"{sys.argv[0]} {name}"]
    runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=False)


main()
