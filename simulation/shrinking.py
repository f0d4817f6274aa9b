"""Fewer faults that show the same: one after the other is left out, and stays out when the violation stays."""

from simulation.faults import Fault
from simulation.play import Outcome, play

MOST_PLAYS = 40


def shrink(outcome: Outcome) -> tuple[Fault, ...]:
    """Return a schedule that breaks the same invariant, as short as leaving out one at a time makes it."""
    wanted = {violation.partition(":")[0] for violation in outcome.violations}
    kept = outcome.faults
    plays = 0
    for fault in outcome.faults:
        if plays >= MOST_PLAYS:
            break
        plays += 1
        tried = tuple(other for other in kept if other is not fault)
        found = play(outcome.seed, faults=tried).violations
        if wanted & {violation.partition(":")[0] for violation in found}:
            kept = tried
    return kept
