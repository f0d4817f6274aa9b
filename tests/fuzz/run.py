"""`./dev fuzz [--minutes N] [TARGET …]`: feed every target for its share of the time, and keep what breaks one.

With atheris (`requirements/fuzz.lock`, apart from the other locks) the search is guided by coverage; without it, a
seeded mutator does what it can. An input that breaks a target is kept under tests/corpus/TARGET, where the tests replay
it from then on.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
sys.path[:0] = [str(HERE.parent / "cameras")]

LARGEST_INPUT_BYTES = 16 << 10
SLOWEST_S = 5
LARGEST_RSS_MB = 1_024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument(
        "--work", type=Path, default=HERE.parents[1] / "var" / "fuzz", help="where the search remembers"
    )
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _search(options.one, seconds=options.minutes * 60, work=options.work / options.one)
        return
    from targets import TARGETS

    names = options.targets or list(TARGETS)
    broken = []
    for name in names:
        share = ["--one", name, "--minutes", str(options.minutes / len(names)), "--work", str(options.work)]
        # A process for each: the guided search ends its process, and what one target leaks is not another's.
        done = subprocess.run([sys.executable, __file__, *share], check=False)
        broken += [name] if done.returncode else []
    print(f"broken: {', '.join(broken) or 'none'}")
    sys.exit(bool(broken))


def _search(name: str, *, seconds: float, work: Path) -> None:
    try:
        import atheris
    except ImportError:
        _search_blindly(name, seconds=seconds)
        return
    with atheris.instrument_imports(include=["mingjian.media", "mingjian.recordings", "mingjian.recorder"]):
        from targets import TARGETS
    from mingjian.base.errors import MingjianError

    target = TARGETS[name]
    work.mkdir(parents=True, exist_ok=True)
    kept = CORPUS / name
    kept.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds:
        (work / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)

    def feed(data: bytes) -> None:
        try:
            target.run(data)
        except MingjianError:
            pass

    words = [
        f"-max_total_time={max(round(seconds), 1)}",
        f"-max_len={LARGEST_INPUT_BYTES}",
        f"-timeout={SLOWEST_S}",
        f"-rss_limit_mb={LARGEST_RSS_MB}",
        f"-artifact_prefix={kept}{os.sep}",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([name, *words, str(work), str(kept)], feed)
    print(f"{name}: guided, {round(seconds)} s", flush=True)
    atheris.Fuzz()


def _search_blindly(name: str, *, seconds: float) -> None:
    from mutation import mutations
    from targets import TARGETS

    from mingjian.base.errors import MingjianError

    target = TARGETS[name]
    seeds = [*target.seeds, *(path.read_bytes() for path in (CORPUS / name).glob("*"))]
    end, runs, seed = time.monotonic() + seconds, 0, time.time_ns()
    while time.monotonic() < end:
        seed += 1
        for data in mutations(seeds, seed=seed, count=200):
            runs += 1
            try:
                target.run(data)
            except MingjianError:
                continue
            except Exception:
                traceback.print_exc()
                kept = CORPUS / name / f"crash-{hashlib.sha256(data).hexdigest()[:16]}"
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(data)
                sys.exit(f"{name}: broken by {kept}")
    print(f"{name}: blind, {runs} inputs")


if __name__ == "__main__":
    main()
