"""Footage and gaps of a window from rows, as pure arithmetic. Footage decides; gap rows only say why it is missing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from mingjian.base.ids import RunId
from mingjian.base.ticks import Ticks90k
from mingjian.recordings.model import Coverage, Covered, Gap, GapCause

# Inside a run one recording begins where the other ended, but for the rounding of composition delays.
JOIN_90K = 45_000
# What is younger than this may still be on its way from the camera to the disk, and is neither footage nor gap.
LIVE_EDGE_90K = 6 * 90_000
DROPPED = "dropped"
_START = attrgetter("start_90k")


class Stretch(NamedTuple):
    """`[start_90k, end_90k)` of one recording, the holes in it, and whether it still grows."""

    run_id: RunId
    start_90k: int
    end_90k: int
    holes: tuple[tuple[int, int], ...]
    is_clock_trusted: bool
    is_growing: bool


class Explained(NamedTuple):
    """A gap row: from when until when (None: not over) footage is missing, and why."""

    start_90k: int
    end_90k: int | None
    cause: GapCause
    detail: str


Unbroken = tuple[RunId, int, int, tuple[tuple[int, int], ...]]


def unbroken(closed: Iterable[tuple[str, str, int, int]], *, holes: dict[str, list[tuple[int, int]]]) -> list[Unbroken]:
    """Join closed recordings that come in order as (run, start, end, holes).

    Plain values, because there may be thousands.
    """
    found: list[Unbroken] = []
    run, first, last = "", 0, 0
    inside: tuple[tuple[int, int], ...] = ()
    for recording_id, run_id, start_90k, end_90k in closed:
        here = holes.get(recording_id) if holes else None
        if run_id == run and start_90k - last <= JOIN_90K and here is None and not inside:
            if end_90k > last:
                last = end_90k
            continue
        if run:
            found.append((RunId(run), first, last, inside))
        run, first, last, inside = run_id, start_90k, end_90k, tuple(here or ())
    if run:
        found.append((RunId(run), first, last, inside))
    return found


def cover(
    *,
    stretches: Iterable[Stretch],
    explained: Iterable[Explained],
    expired: Iterable[tuple[int, int]],
    start_90k: int,
    end_90k: int,
    now_90k: int,
) -> Coverage:
    """Return what `[start_90k, end_90k)` holds: footage, gaps and expired spans, disjoint, leaving nothing out.

    The caller has cut the window to what was planned and to the past. The window's end is cut back to the end of a
    recording that grows, when that is younger than the live edge.
    """
    ordered = sorted(stretches, key=lambda stretch: (stretch.start_90k, stretch.end_90k))
    rows = list(explained)
    growing_end_90k = max((stretch.end_90k for stretch in ordered if stretch.is_growing), default=None)
    if growing_end_90k is not None and now_90k - growing_end_90k <= LIVE_EDGE_90K:
        end_90k = min(end_90k, max(growing_end_90k, start_90k))
    footage = _clip(_joined(ordered), start_90k=start_90k, end_90k=end_90k)
    reasons = [
        *(Explained(first, last, GapCause.DISK, DROPPED) for stretch in ordered for first, last in stretch.holes),
        *sorted(rows, key=_START),
    ]
    missing = _missing(_spans(footage), start_90k=start_90k, end_90k=end_90k)
    gone = _gone(missing, expired)
    left = missing
    if gone:
        left = _missing(sorted([*_spans(footage), *gone]), start_90k=start_90k, end_90k=end_90k)
    touching = _touching(left, [(row.start_90k, row.end_90k) for row in reasons])
    gaps: list[Gap] = []
    for (first, last), near in zip(left, touching, strict=True):
        gaps.extend(_explain(first, last, near=[reasons[place] for place in near], is_last=last >= end_90k))
    return Coverage(footage=tuple(footage), gaps=tuple(gaps), expired=tuple(gone))


def sums(
    *, closed: Iterable[Unbroken], expired: Iterable[tuple[int, int]], start_90k: int, end_90k: int
) -> tuple[int, int]:
    """Return how much of a window closed footage holds, and how much else was there and was let go, as `cover` would.

    `closed` comes in order.
    """
    stretches = [Stretch(*row, is_clock_trusted=True, is_growing=False) for row in closed]
    footage = _spans(_clip(_joined(stretches), start_90k=start_90k, end_90k=end_90k))
    gone = _gone(_missing(footage, start_90k=start_90k, end_90k=end_90k), expired)
    return sum(last - first for first, last in footage), sum(last - first for first, last in gone)


def unexplained(
    *,
    stretches: Iterable[Stretch],
    explained: Iterable[Explained],
    expired: Iterable[tuple[int, int]],
    start_90k: int,
    end_90k: int,
) -> list[tuple[int, int]]:
    """Return the spans of the window for which there is neither footage nor a gap row nor a deletion."""
    told = [
        *((stretch.start_90k, stretch.end_90k) for stretch in stretches),
        *((row.start_90k, end_90k if row.end_90k is None else row.end_90k) for row in explained),
        *expired,
    ]
    missing = _missing(sorted(told), start_90k=start_90k, end_90k=end_90k)
    return [(first, last) for first, last in missing if last - first > JOIN_90K]


def _joined(ordered: Sequence[Stretch]) -> list[Covered]:
    """Cut stretches at their holes and join what one run recorded without a break; never two spans over one tick."""
    covered: list[Covered] = []
    begun_90k, at_90k = 0, -(1 << 63)
    joined: tuple[RunId, bool] | None = None
    for run_id, start_90k, end_90k, holes, is_clock_trusted, _ in ordered:
        parts = _parts(start_90k, end_90k, holes) if holes else ((start_90k, end_90k),)
        for first, last in parts:
            first = max(first, at_90k)
            if last <= first:
                continue
            if joined != (run_id, is_clock_trusted) or first - at_90k > JOIN_90K:
                if joined is not None:
                    covered.append(Covered(joined[0], Ticks90k(begun_90k), Ticks90k(at_90k), joined[1]))
                joined, begun_90k = (run_id, is_clock_trusted), first
            at_90k = last
    if joined is not None:
        covered.append(Covered(joined[0], Ticks90k(begun_90k), Ticks90k(at_90k), joined[1]))
    return covered


def _parts(start_90k: int, end_90k: int, holes: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    at_90k = start_90k
    for first, last in sorted(holes):
        parts.append((at_90k, first))
        at_90k = max(at_90k, last)
    return [*parts, (at_90k, end_90k)]


def _clip(covered: Iterable[Covered], *, start_90k: int, end_90k: int) -> list[Covered]:
    return [
        span
        if start_90k <= span.start_90k and span.end_90k <= end_90k
        else Covered(
            span.run_id,
            Ticks90k(max(span.start_90k, start_90k)),
            Ticks90k(min(span.end_90k, end_90k)),
            span.is_clock_trusted,
        )
        for span in covered
        if span.start_90k < end_90k and span.end_90k > start_90k
    ]


def _spans(footage: Iterable[Covered]) -> list[tuple[int, int]]:
    return [(span.start_90k, span.end_90k) for span in footage]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap, as those of two volumes may."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def _gone(missing: list[tuple[int, int]], expired: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what of the missing spans was there once and was let go."""
    let_go = _merged(expired)
    if not let_go:
        return []
    return [
        span
        for (first, last), near in zip(missing, _touching(missing, let_go), strict=True)
        for span in _inside([let_go[place] for place in near], first, last)
    ]


def _inside(spans: Iterable[tuple[int, int]], start_90k: int, end_90k: int) -> list[tuple[int, int]]:
    """Cut ordered, disjoint spans to `[start_90k, end_90k)`."""
    cut = [(max(first, start_90k), min(last, end_90k)) for first, last in spans]
    return [(first, last) for first, last in cut if first < last]


def _touching(windows: Iterable[tuple[int, int]], spans: Sequence[tuple[int, int | None]]) -> Iterator[list[int]]:
    """Yield for each of the ordered, disjoint windows the places of the spans that touch it (end None: not over).

    One pass, however many there are of both: ninety days of a failing camera are thousands of gaps and of reasons.
    """
    starts = [start_90k for start_90k, _ in spans]
    waiting = sorted(range(len(spans)), key=starts.__getitem__)
    taken = 0
    open_now: list[int] = []
    for first, last in windows:
        while taken < len(waiting) and starts[waiting[taken]] < last:
            open_now.append(waiting[taken])
            taken += 1
        if open_now:
            open_now = [place for place in open_now if (end := spans[place][1]) is None or end > first]
        yield sorted(open_now)


def _missing(spans: Iterable[tuple[int, int]], *, start_90k: int, end_90k: int) -> list[tuple[int, int]]:
    """Return what ordered spans, which may overlap, leave of `[start_90k, end_90k)`."""
    missing: list[tuple[int, int]] = []
    at_90k = start_90k
    for first, last in spans:
        if at_90k < min(first, end_90k):
            missing.append((at_90k, min(first, end_90k)))
        at_90k = max(at_90k, last)
    if at_90k < end_90k:
        missing.append((at_90k, end_90k))
    return missing


def _explain(first: int, last: int, *, near: Sequence[Explained], is_last: bool) -> list[Gap]:
    """Cut `[first, last)` where the reasons near it change; what no row explains has the cause unknown.

    A row and the footage beside it may differ by a composition delay; the sliver between them has the row's cause.
    """
    if len(near) == 1 and _spans_all(near[0], first, last):
        is_open = is_last and near[0].end_90k is None
        return [Gap(Ticks90k(first), Ticks90k(last), near[0].cause, near[0].detail, is_open)]
    cuts = {cut for row in near for cut in (row.start_90k, row.end_90k) if cut is not None and first < cut < last}
    ordered = sorted({first, last, *cuts})
    told = [
        (begin, end, next((row for row in near if row.start_90k <= begin and end <= (row.end_90k or end)), None))
        for begin, end in pairwise(ordered)
    ]
    gaps: list[Gap] = []
    for number, (begin, end, found) in enumerate(told):
        reason = found
        if reason is None and end - begin <= JOIN_90K:
            neighbours = (*told[number + 1 : number + 2], *told[max(0, number - 1) : number])
            reason = next((row for _, _, row in neighbours if row is not None), None)
        cause, detail = (reason.cause, reason.detail) if reason is not None else (GapCause.UNKNOWN, "")
        is_open = is_last and end == last and (found is None or found.end_90k is None)
        if gaps and (gaps[-1].cause, gaps[-1].detail) == (cause, detail):
            gaps[-1] = Gap(gaps[-1].start_90k, Ticks90k(end), cause, detail, is_open)
        else:
            gaps.append(Gap(Ticks90k(begin), Ticks90k(end), cause, detail, is_open))
    return gaps


def _spans_all(row: Explained, first: int, last: int) -> bool:
    return row.start_90k <= first and (row.end_90k is None or last <= row.end_90k)
