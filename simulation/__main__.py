"""`./dev sim`: many seeds with a verdict, one seed with its trace, or a planted bug that must be found."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from rigs.verdict import Verdict
from simulation import shrinking
from simulation.bugs import BUGS
from simulation.play import Outcome, play

CORPUS = Path(__file__).with_name("corpus.txt")
CHUNK = 20
SHOWN = 3
PROGRESS_S = 10.0


def main() -> None:
    """Read what is asked for, and do it."""
    parser = argparse.ArgumentParser(prog="./dev sim", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="how many to play")
    parser.add_argument("--first", type=int, default=0, help="from which on")
    parser.add_argument("--seed", type=int, help="play this one and show what happens in it")
    parser.add_argument("--seeded", choices=list(BUGS), help="plant a bug; it must be found")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    if options.seeded:
        BUGS[options.seeded]()
    if options.seed is not None:
        _show(play(options.seed))
    elif options.seeded:
        _hunt(options.seeded, first=options.first, most=min(options.seeds, 500))
    else:
        _play_many(options.first, options.seeds, jobs=options.jobs)


def corpus() -> list[int]:
    """Return the seeds that once found something."""
    lines = (line.partition("#")[0].strip() for line in CORPUS.read_text().splitlines())
    return [int(line) for line in lines if line]


def _show(outcome: Outcome) -> None:
    print("\n".join(outcome.lines))
    print(f"seed {outcome.seed} trace {outcome.hash}")
    verdict = Verdict()
    verdict.judge("violations", len(outcome.violations), "", at_most=0)
    verdict.finish()


def _hunt(bug: str, *, first: int, most: int) -> None:
    """Play until the planted bug is found."""
    verdict = Verdict()
    found = next((outcome for outcome in map(_guarded, range(first, first + most)) if outcome.violations), None)
    if found is not None:
        verdict.note(f"seed {found.seed}: {found.violations[0]}")
    played = most + 1 if found is None else found.seed - first + 1
    verdict.judge(f"seeds_until_{bug}", played, "seeds", at_most=most)
    verdict.finish()


def _play_many(first: int, count: int, *, jobs: int) -> None:
    verdict = Verdict()
    seeds = [*corpus(), *range(first, first + count)]
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    began_s = told_s = time.monotonic()
    played, failed, faults = 0, list[Outcome](), 0
    with ProcessPoolExecutor(jobs) as pool:
        for done in as_completed(pool.submit(_play_chunk, chunk) for chunk in chunks):
            chunk_played, chunk_faults, chunk_failed = done.result()
            played, faults = played + chunk_played, faults + chunk_faults
            for outcome in chunk_failed:
                failed.append(outcome)
                if len(failed) <= SHOWN:
                    _tell_failed(verdict, outcome)
                else:
                    verdict.note(f"seed {outcome.seed}: {outcome.violations[0]}")
            if time.monotonic() - told_s > PROGRESS_S:
                told_s = time.monotonic()
                verdict.note(f"… {played} of {len(seeds)} seeds, {len(failed)} failed, {told_s - began_s:.0f} s")
    verdict.note(f"{played} seeds with {faults} faults in {time.monotonic() - began_s:.0f} s")
    verdict.judge_least("seeds", played, "seeds", at_least=len(seeds))
    verdict.judge("seeds_with_violations", len(failed), "seeds", at_most=0)
    verdict.finish()


def _play_chunk(seeds: list[int]) -> tuple[int, int, list[Outcome]]:
    outcomes = [_guarded(seed) for seed in seeds]
    return len(outcomes), sum(len(one.faults) for one in outcomes), [one for one in outcomes if one.violations]


def _guarded(seed: int) -> Outcome:
    try:
        return play(seed)
    except Exception as error:
        # Whatever ends a seed is a finding of its own, and must not end the others.
        return Outcome(seed, (f"simulation: {error!r}",), (), (), "")


def _tell_failed(verdict: Verdict, outcome: Outcome) -> None:
    verdict.note(f"seed {outcome.seed} (./dev sim --seed {outcome.seed}):")
    for line in _indented(outcome.violations[:5]):
        verdict.note(line)
    verdict.note("  the same with these alone:")
    for line in _indented(map(str, shrinking.shrink(outcome))):
        verdict.note(line)


def _indented(lines: object) -> Iterator[str]:
    for line in lines:  # type: ignore[attr-defined]
        yield f"    {line}"


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of sets of texts is the interpreter's own chance; a seed must be the same everywhere.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "simulation", *sys.argv[1:]])  # noqa: S606
    main()
