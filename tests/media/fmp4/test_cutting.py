"""Cutting to a window: nothing outside it, everything inside it that decodes without what lies outside."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from mingjian.media import coding, fmp4_reader, fmp4_writer
from mingjian.media.samples import Codec, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.media.fmp4.conftest import Clip


def _numbers(clip: Clip, fragments: Iterable[bytes]) -> list[int]:
    """Return which pictures of the clip the fragments hold, in decoding order."""
    return [
        (sample.pts_90k - clip.origin_90k) // clip.step_90k
        for data in fragments
        for sample in fmp4_reader.samples(data)
    ]


def _cut(clip: Clip, start: int, end: int) -> list[bytes]:
    at = [clip.origin_90k + number * clip.step_90k for number in (start, end)]
    return list(fmp4_reader.cut_window(clip.fragments, start_90k=at[0], end_90k=at[1]))


@pytest.mark.parametrize(("start", "end"), [(0, 75), (-100, 500), (10, 60), (25, 26), (25, 50), (24, 51), (26, 74)])
def test_a_window_opens_at_a_sync_sample_and_holds_nothing_outside(clip: Clip, start: int, end: int) -> None:
    parts = _cut(clip, start, end)
    numbers = _numbers(clip, parts)
    first = -(-max(start, 0) // 25) * 25
    assert all(start <= number < end for number in numbers)
    assert numbers[0] == first
    # With reordering, the pictures decoded after the first one past the end are lost with it.
    assert set(range(first, min(end, 75) - clip.fmt.reorder_depth)) <= set(numbers) <= set(range(first, end))
    assert coding.decode_count(clip.init, parts) == coding.DecodeCount(len(numbers), len(numbers), 0)


def test_without_reordering_every_sample_of_the_window_is_there(clip_of: Callable[..., Clip]) -> None:
    clip = clip_of(Codec.H264)
    assert _numbers(clip, _cut(clip, 25, 62)) == list(range(25, 62))


@pytest.mark.parametrize(("start", "end"), [(51, 70), (30, 30), (40, 20), (75, 90), (-9, 0)])
def test_a_window_without_a_sync_sample_is_empty(clip: Clip, start: int, end: int) -> None:
    assert _cut(clip, start, end) == []


def test_a_window_asks_for_nothing_after_its_end(clip: Clip) -> None:
    asked: list[int] = []

    def fragments() -> Iterable[bytes]:
        for number, data in enumerate(clip.fragments):
            asked.append(number)
            yield data

    end_90k = clip.origin_90k + 20 * clip.step_90k
    list(fmp4_reader.cut_window(fragments(), start_90k=clip.origin_90k, end_90k=end_90k))
    assert asked == [0, 1]


def test_a_fragment_inside_the_window_is_served_as_recorded(clip: Clip) -> None:
    assert _cut(clip, 0, 75) == list(clip.fragments)


def test_trimming_cuts_one_fragment_at_either_side(clip_of: Callable[..., Clip]) -> None:
    clip = clip_of(Codec.H264)
    holding_25 = clip.fragments[2]  # pictures 24 to 35
    at_25, at_30 = (clip.origin_90k + number * clip.step_90k for number in (25, 30))
    head = fmp4_reader.trim_head(holding_25, start_90k=at_25 - 1)
    tail = fmp4_reader.trim_tail(holding_25, end_90k=at_30)
    both = fmp4_reader.trim(holding_25, start_90k=at_25, end_90k=at_30)
    assert head is not None and _numbers(clip, [head]) == list(range(25, 36))
    assert tail is not None and _numbers(clip, [tail]) == list(range(24, 30))
    assert both is not None and _numbers(clip, [both]) == list(range(25, 30))
    assert fmp4_reader.trim_head(holding_25, start_90k=at_25 + 1) is None
    assert fmp4_reader.trim_tail(holding_25, end_90k=at_25 - clip.step_90k) is None


def test_leading_pictures_of_the_first_sync_sample_are_left_out() -> None:
    samples = [
        Sample(0, 9_000, 3_000, b"sync", True),
        Sample(3_000, 6_000, 3_000, b"shown before it", False),
        Sample(6_000, 12_000, 3_000, b"after", False),
    ]
    data = b"".join(fmp4_writer.fragment(sequence=1, samples=samples))
    kept = fmp4_reader.trim_head(data, start_90k=9_000)
    assert kept is not None
    found = list(fmp4_reader.samples(kept))
    assert [(s.dts_90k, s.pts_90k, bytes(s.data)) for s in found] == [(0, 9_000, b"sync"), (6_000, 12_000, b"after")]
    assert found[0].duration_90k == 6_000


def test_only_sync_samples_are_left_for_fast_play(clip: Clip) -> None:
    found = [fmp4_reader.sync_only(data) for data in clip.fragments]
    kept = [data for data in found if data is not None]
    assert _numbers(clip, kept) == [0, 25, 50]
    for data, whole in ((part, w) for part, w in zip(found, clip.fragments, strict=True) if part is not None):
        assert _end(data) == _end(whole)


def test_sync_samples_of_a_stretch_last_until_the_next(clip: Clip) -> None:
    parts = list(fmp4_reader.sync_samples(clip.fragments))
    samples = [sample for data in parts for sample in fmp4_reader.samples(data)]
    assert _numbers(clip, parts) == [0, 25, 50]
    assert all(a.dts_90k + a.duration_90k == b.dts_90k for a, b in pairwise(samples))
    assert _end(parts[-1]) == _end(clip.fragments[-1])
    assert coding.decode_count(clip.init, parts).pictures == 3


def _end(data: bytes) -> int:
    last = fmp4_reader.read_fragment(data)[-1]
    return last.dts_90k + last.duration_90k
