"""Spans served are merged, never lost and never made larger than what was served by more than a tremble."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mingjian.streaming.served import JOIN_90K, SPANS_MAX, ServedRanges

spans = st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 10**5)).map(lambda pair: (pair[0], sum(pair))))


def test_touching_spans_are_one():
    ranges = ServedRanges()
    ranges.add(start_90k=0, end_90k=45_000, size_bytes=10)
    ranges.add(start_90k=45_000 + JOIN_90K, end_90k=90_000, size_bytes=5)
    ranges.add(start_90k=900_000, end_90k=945_000, size_bytes=5)

    assert ranges.sum().spans == ((0, 90_000), (900_000, 945_000))
    assert ranges.sum().size_bytes == 20


@given(spans)
def test_sum_covers_what_was_added_and_no_more(added):
    ranges = ServedRanges()
    for start, end in added:
        ranges.add(start_90k=start, end_90k=end, size_bytes=1)
    merged = ranges.sum().spans

    assert all(any(a <= start and end <= b for a, b in merged) for start, end in added)
    assert all(later[0] - earlier[1] > JOIN_90K for earlier, later in pairwise(merged))
    for a, b in merged:
        inside = sorted(span for span in added if a <= span[0] and span[1] <= b)
        reach = a
        for start, end in inside:
            assert start - reach <= JOIN_90K
            reach = max(reach, end)
        assert reach == b


def test_too_many_spans_are_joined_while_they_come_and_none_left_out():
    step = 3 * JOIN_90K
    many = [(place * step, place * step + 10 + place % 3) for place in range(SPANS_MAX + 50)]
    ranges = ServedRanges()
    for number, (start, end) in enumerate(reversed(many)):
        ranges.add(start_90k=start, end_90k=end, size_bytes=1)
        assert ranges.sum().is_merged == (number >= SPANS_MAX)

    kept = ranges.sum().spans
    assert len(kept) == SPANS_MAX
    assert all(any(a <= start and end <= b for a, b in kept) for start, end in many)
    assert sum(b - a for a, b in kept) <= 51 * step + sum(end - start for start, end in many)
    assert kept == tuple(sorted(kept))
