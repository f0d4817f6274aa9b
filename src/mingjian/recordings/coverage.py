"""Footage and gaps of a window from rows, as pure arithmetic. Footage decides; gap rows only say why it is missing."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mingjian.base.ids import RunId
from mingjian.base.ticks import Ticks90k
from mingjian.recordings.model import Coverage, Covered, Gap, GapCause

# Inside a run one recording begins where the other ended, but for the rounding of composition delays.
JOIN_90K = 45_000
# What is younger than this may still be on its way from the camera to the disk, and is neither footage nor gap.
LIVE_EDGE_90K = 6 * 90_000
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Stretch:
    """`[start_90k, end_90k)` of one recording, the holes in it, and whether it still grows."""

    run_id: RunId
    start_90k: int
    end_90k: int
    holes: tuple[tuple[int, int], ...]
    is_clock_trusted: bool
    is_growing: bool


@dataclass(frozen=True, slots=True)
class Explained:
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
    for recording_id, run_id, start_90k, end_90k in closed:
        inside = tuple(holes.get(recording_id, ()))
        if found and not inside:
            before_run, first, last, before_inside = found[-1]
            if before_run == run_id and not before_inside and start_90k - last <= JOIN_90K:
                found[-1] = (before_run, first, max(last, end_90k), ())
                continue
        found.append((RunId(run_id), start_90k, end_90k, inside))
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
        *sorted(rows, key=lambda row: row.start_90k),
    ]
    missing = _missing(_spans(footage), start_90k=start_90k, end_90k=end_90k)
    let_go = _merged(expired)
    gone = [
        span
        for (first, last), near in zip(missing, _touching(missing, let_go), strict=True)
        for span in _inside([let_go[place] for place in near], first, last)
    ]
    present = sorted([*_spans(footage), *gone])
    left = _missing(present, start_90k=start_90k, end_90k=end_90k)
    touching = _touching(left, [(row.start_90k, row.end_90k) for row in reasons])
    gaps: list[Gap] = []
    for (first, last), near in zip(left, touching, strict=True):
        gaps.extend(_explain(first, last, near=[reasons[place] for place in near], is_last=last >= end_90k))
    return Coverage(footage=tuple(footage), gaps=tuple(gaps), expired=tuple(gone))


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
    for stretch in ordered:
        for first, last in _parts(stretch):
            before = covered[-1] if covered else None
            if before is not None:
                first = max(first, before.end_90k)
            if last <= first:
                continue
            is_same = before is not None and (before.run_id, before.is_clock_trusted) == (
                stretch.run_id,
                stretch.is_clock_trusted,
            )
            if before is not None and is_same and first - before.end_90k <= JOIN_90K:
                covered[-1] = Covered(before.run_id, before.start_90k, Ticks90k(last), before.is_clock_trusted)
            else:
                covered.append(Covered(stretch.run_id, Ticks90k(first), Ticks90k(last), stretch.is_clock_trusted))
    return covered


def _parts(stretch: Stretch) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    at_90k = stretch.start_90k
    for first, last in sorted(stretch.holes):
        parts.append((at_90k, first))
        at_90k = max(at_90k, last)
    return [*parts, (at_90k, stretch.end_90k)]


def _clip(covered: Iterable[Covered], *, start_90k: int, end_90k: int) -> list[Covered]:
    return [
        Covered(
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


def _inside(spans: Iterable[tuple[int, int]], start_90k: int, end_90k: int) -> list[tuple[int, int]]:
    """Cut ordered, disjoint spans to `[start_90k, end_90k)`."""
    cut = [(max(first, start_90k), min(last, end_90k)) for first, last in spans]
    return [(first, last) for first, last in cut if first < last]


def _touching(windows: Iterable[tuple[int, int]], spans: Sequence[tuple[int, int | None]]) -> Iterator[list[int]]:
    """Yield for each of the ordered, disjoint windows the places of the spans that touch it (end None: not over).

    One pass, however many there are of both: ninety days of a failing camera are thousands of gaps and of reasons.
    """
    waiting = deque(sorted(range(len(spans)), key=lambda place: spans[place][0]))
    open_now: list[int] = []
    for first, last in windows:
        while waiting and spans[waiting[0]][0] < last:
            open_now.append(waiting.popleft())
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
