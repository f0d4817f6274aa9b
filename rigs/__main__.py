"""Runs a rig of durability: `python -m rigs powercut --cuts 20`; alone, it lists them. Each prints its verdict."""

import runpy
import sys

RIGS = {
    "powercut": "power cuts while recording; --cuts N, --seeded NAME plants a known bug",
    "killsweep": "SIGKILL at chosen system calls of every process that writes; --points N",
    "clocks": "a wall clock that steps by years and over summer time, over real runs; --steps N, --zones N",
    "faults": "failing, full, read-only, hanging, pulled and swapped disks; names of scenarios",
}


def main() -> None:
    """Run `rigs/NAME.py` with the arguments that follow its name."""
    if len(sys.argv) < 2 or sys.argv[1] not in RIGS:
        for name, told in RIGS.items():
            print(f"./dev {name:10} {told}")
        sys.exit(0 if len(sys.argv) < 2 else 2)
    name = sys.argv[1]
    sys.argv[:2] = [f"./dev {name}"]
    runpy.run_module(f"rigs.{name}", run_name="__main__", alter_sys=False)


main()
