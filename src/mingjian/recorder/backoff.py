"""When to try a camera again: 1, 2, 5, 10, 15 s with jitter, forgotten once a run has held."""

import random

from mingjian.base.ticks import TICKS_PER_S

STEPS_90K = tuple(seconds * TICKS_PER_S for seconds in (1, 2, 5, 10, 15))
JITTER = 0.2
HELD_90K = 20 * TICKS_PER_S


class Backoff:
    """The waiting times of one connection."""

    def __init__(self, *, chance: random.Random) -> None:
        self._chance = chance
        self._failures = 0

    def after_failure(self) -> int:
        """Return the span to wait after this failure, in ticks, jittered by a fifth."""
        step = STEPS_90K[min(self._failures, len(STEPS_90K) - 1)]
        self._failures += 1
        return round(step * self._chance.uniform(1 - JITTER, 1 + JITTER))

    def held(self) -> None:
        """Forget earlier failures: the connection has carried pictures long enough to be believed."""
        self._failures = 0
