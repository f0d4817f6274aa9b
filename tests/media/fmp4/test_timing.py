"""Decoding times: increasing, never after the presentation time, and durations that add up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mingjian.media.samples import Sample
from mingjian.media.timing import DecodeOrder


def _timed(pts: list[int], *, depth: int) -> tuple[list[Sample], DecodeOrder]:
    order = DecodeOrder(reorder_depth=depth)
    samples: list[Sample] = []
    for number, value in enumerate(pts):
        samples += order.push(pts_90k=value, data=b"%d" % number, is_sync=number == 0)
    return samples + order.flush(), order


def test_a_plain_stream_decodes_when_it_is_shown() -> None:
    samples, _ = _timed([100, 3_700, 7_300], depth=0)
    assert [(s.dts_90k, s.pts_90k, s.duration_90k) for s in samples] == [
        (100, 100, 3_600),
        (3_700, 3_700, 3_600),
        (7_300, 7_300, 3_600),
    ]


def test_a_sample_leaves_as_soon_as_its_follower_is_known() -> None:
    order = DecodeOrder(reorder_depth=0)
    assert order.push(pts_90k=0, data=b"a", is_sync=True) == []
    assert order.push(pts_90k=3_600, data=b"b", is_sync=False) == [Sample(0, 0, 3_600, b"a", True)]


def test_reordered_pictures_get_the_spacing_of_neighbours_before_the_first() -> None:
    samples, order = _timed([0, 14_400, 7_200, 3_600, 10_800, 18_000], depth=2)
    assert [s.dts_90k for s in samples] == [-7_200, -3_600, 0, 3_600, 7_200, 10_800]
    assert [s.data for s in samples] == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert order.repaired == 0


def test_a_short_stream_comes_out_whole_when_flushed_early() -> None:
    samples, _ = _timed([5_000, 12_200], depth=4)
    assert [s.pts_90k for s in samples] == [5_000, 12_200]
    assert all(s.dts_90k <= s.pts_90k and s.duration_90k > 0 for s in samples)


def test_repeated_and_receding_stamps_are_repaired_and_counted() -> None:
    samples, order = _timed([1_000, 1_000, 900, 4_600], depth=0)
    assert [(s.dts_90k, s.pts_90k) for s in samples] == [(1_000, 1_000), (1_001, 1_001), (1_002, 1_002), (4_600, 4_600)]
    assert order.repaired == 2


def test_deeper_reordering_than_promised_keeps_every_presentation_time() -> None:
    pts = [0, 14_400, 7_200, 3_600, 10_800, 18_000]
    samples, order = _timed(pts, depth=1)
    assert [s.pts_90k for s in samples] == pts
    assert all(a.dts_90k < b.dts_90k for a, b in pairwise(samples))
    assert order.repaired > 0


def test_after_a_flush_the_next_run_starts_afresh() -> None:
    _, order = _timed([10_000, 13_600], depth=0)
    assert order.push(pts_90k=50, data=b"x", is_sync=True) == []
    assert order.flush()[0].dts_90k == 50
    assert order.repaired == 0


@st.composite
def _reordered(draw: st.DrawFn) -> tuple[list[int], int]:
    """Presentation times in a decoding order that keeps its promised depth."""
    depth = draw(st.integers(0, 5))
    steps = draw(st.lists(st.integers(1, 9_000), min_size=1, max_size=40))
    shown = [1_000_000]
    for step in steps:
        shown.append(shown[-1] + step)
    pts: list[int] = []
    waiting = list(shown)
    ahead: list[int] = []  # decoded, but shown after the first one still waiting
    while waiting:
        reach = 1 if len(ahead) >= depth else draw(st.integers(1, min(len(waiting), depth + 1)))
        chosen = waiting.pop(reach - 1)
        pts.append(chosen)
        ahead = [value for value in [*ahead, chosen] if waiting and value > waiting[0]]
    return pts, depth


@given(_reordered())
def test_any_stream_that_keeps_its_depth_needs_no_repair(stream: tuple[list[int], int]) -> None:
    pts, depth = stream
    samples, order = _timed(pts, depth=depth)
    assert [s.pts_90k for s in samples] == pts
    assert order.repaired == 0
    assert all(s.dts_90k <= s.pts_90k for s in samples)
    assert all(a.dts_90k + a.duration_90k == b.dts_90k > a.dts_90k for a, b in pairwise(samples))


def test_a_hole_before_the_last_sample_does_not_make_it_last() -> None:
    samples, _ = _timed([0, 3_600, 7_200, 322_200], depth=0)
    assert [s.duration_90k for s in samples] == [3_600, 3_600, 315_000, 3_600]
