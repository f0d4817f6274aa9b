"""What <mj-timeline> is given of a window: plain data, in order and disjoint, as the element expects it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mingjian.recordings.model import Coverage


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant that somebody marked, in their words."""

    at_90k: int
    text: str


@dataclass(frozen=True, slots=True)
class Extras:
    """What lies over the footage: spans held, marks, and the segments marked for showing."""

    holds: Iterable[tuple[int, int]] = ()
    marks: Iterable[Mark] = ()
    segments: Iterable[tuple[int, int]] = ()


def drawn(found: Coverage, *, extras: Extras, start_90k: int, end_90k: int) -> dict[str, Any]:
    """Return what <mj-timeline> draws of a window: spans in order and disjoint, cut to it."""
    return {
        "footage": [[span.start_90k, span.end_90k] for span in found.footage],
        "gaps": [
            {"start": gap.start_90k, "end": gap.end_90k, "cause": gap.cause.value, "open": gap.is_open}
            for gap in found.gaps
        ],
        "expired": [[first, last] for first, last in found.expired],
        "holds": [
            [max(first, start_90k), min(last, end_90k)]
            for first, last in joined(extras.holds)
            if first < end_90k and last > start_90k
        ],
        "segments": [list(span) for span in joined(extras.segments)],
        "marks": [{"at": mark.at_90k, "text": mark.text} for mark in extras.marks],
    }


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
