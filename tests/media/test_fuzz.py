"""The quick slice of `./dev fuzz`: what once broke a target, and seeded changes of inputs that reach far."""

import contextlib
import sys
from pathlib import Path

import pytest

from mingjian.base.errors import MingjianError

TESTS = Path(__file__).parents[1]
CHANGES = 250

sys.path[:0] = [str(TESTS / "fuzz"), str(TESTS / "cameras")]

from mutation import mutations  # noqa: E402 - found by the line above
from targets import TARGETS  # noqa: E402 - found by the line above


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_reach_the_end(name: str) -> None:
    TARGETS[name].run(TARGETS[name].seeds[0])


@pytest.mark.parametrize("name", TARGETS)
def test_target_raises_only_named_errors(name: str) -> None:
    target = TARGETS[name]
    kept = [path.read_bytes() for path in sorted((TESTS / "corpus" / name).glob("*"))]

    for data in [*kept, *mutations([*target.seeds, *kept], seed=20_260_101, count=CHANGES)]:
        with contextlib.suppress(MingjianError):
            target.run(data)
