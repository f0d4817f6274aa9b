"""Fragments and init segments: what goes in comes out, libav agrees, and nothing malformed is guessed at."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingjian.media import coding, fmp4_reader, fmp4_writer
from mingjian.media.fmp4_reader import Fmp4Error
from mingjian.media.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.media.fmp4.conftest import Clip

_NOW_90K = 1_764_000_000 * 90_000


def _small_fragment() -> bytes:
    samples = [
        Sample(_NOW_90K, _NOW_90K + 3_600, 3_600, b"first", True),
        Sample(_NOW_90K + 3_600, _NOW_90K + 10_800, 3_600, b"", False),
        Sample(_NOW_90K + 7_200, _NOW_90K + 7_100, 7_200, b"third one", False),
    ]
    return b"".join(fmp4_writer.fragment(sequence=9, samples=samples))


def test_samples_come_back_as_they_were_written(clip: Clip) -> None:
    back = [sample for data in clip.fragments for sample in fmp4_reader.samples(data)]
    assert [s._replace(data=bytes(s.data)) for s in back] == list(clip.samples)


def test_composition_offsets_may_be_negative() -> None:
    assert [entry.pts_90k - entry.dts_90k for entry in fmp4_reader.read_fragment(_small_fragment())] == [
        3_600,
        7_200,
        -100,
    ]


def test_the_decode_time_box_counts_ticks_since_1970() -> None:
    data = _small_fragment()
    at = data.index(b"tfdt")
    assert struct.unpack_from(">BxxxQ", data, at + 4) == (1, _NOW_90K)


def test_fragments_are_one_gather_write_without_copies() -> None:
    samples = [Sample(0, 0, 3_600, bytearray(b"abc"), True), Sample(3_600, 3_600, 3_600, memoryview(b"de"), False)]
    buffers = fmp4_writer.fragment(sequence=1, samples=samples)
    assert [buffer is sample.data for buffer, sample in zip(buffers[1:], samples, strict=True)] == [True, True]


def test_a_foreign_demuxer_and_decoder_find_every_sample(
    clip: Clip, tmp_path: Path, ffprobe: Callable[[Path, str], dict[str, str]]
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip.file)
    found = ffprobe(path, "nb_read_frames,start_pts,codec_name,width,height,time_base")
    assert found == {
        "nb_read_frames": "75",
        "start_pts": str(clip.origin_90k),
        "codec_name": "hevc" if clip.fmt.codec == "h265" else "h264",
        "width": "320",
        "height": "180",
        "time_base": "1/90000",
    }
    with path.open("rb") as file:
        assert coding.probe(file).samples == 75
    assert coding.decode_count(clip.init, clip.fragments) == coding.DecodeCount(samples=75, pictures=75, errors=0)


def test_the_file_is_walked_in_whole_fragments(clip: Clip) -> None:
    file = io.BytesIO(clip.file)
    lengths = list(fmp4_reader.fragment_lengths(file))
    assert fmp4_reader.init_length(file) == len(clip.init)
    assert [clip.file[at : at + length] for at, length in lengths] == list(clip.fragments)


def test_a_torn_file_is_whole_up_to_the_tear(clip: Clip) -> None:
    starts = [len(clip.init)]
    for data in clip.fragments:
        starts.append(starts[-1] + len(data))
    last, end = starts[-2], starts[-1]
    for torn_at in (last + 1, last + 60, last + 90, last + 300, end - 1):
        found = list(fmp4_reader.fragment_lengths(io.BytesIO(clip.file[:torn_at])))
        assert len(found) == len(clip.fragments) - 1
    zeroed = clip.file[:last] + bytes(end - last)
    assert len(list(fmp4_reader.fragment_lengths(io.BytesIO(zeroed)))) == len(clip.fragments) - 1


def test_a_file_without_a_whole_init_segment_is_refused(clip: Clip) -> None:
    for torn in (b"", clip.init[:-1], bytes(4096), clip.fragments[0]):
        with pytest.raises(Fmp4Error, match=r"media\.bad_init"):
            fmp4_reader.init_length(io.BytesIO(torn))


def test_a_short_or_foreign_fragment_is_refused() -> None:
    data = _small_fragment()
    for torn in (data[:-1], data[:87], data[:100], b""):
        with pytest.raises(Fmp4Error, match=r"media\.torn_box"):
            fmp4_reader.read_fragment(torn)
    for foreign in (data + b"x", data.replace(b"trun", b"truX"), data.replace(b"mdat", b"free")):
        with pytest.raises(Fmp4Error, match=r"media\.bad_fragment"):
            fmp4_reader.read_fragment(foreign)


@settings(deadline=None)
@given(st.data())
def test_damaged_bytes_raise_our_error_or_read_within_bounds(data: st.DataObject) -> None:
    damaged = bytearray(_small_fragment())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        entries = fmp4_reader.read_fragment(bytes(damaged))
    except Fmp4Error:
        return
    assert all(0 < entry.offset and entry.offset + entry.size_bytes <= len(damaged) for entry in entries)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_walked_or_refused(data: bytes) -> None:
    for read in (
        lambda: list(fmp4_reader.walk_boxes(data)),
        lambda: fmp4_reader.format_of(data),
        lambda: fmp4_reader.read_fragment(data),
        lambda: list(fmp4_reader.fragment_lengths(io.BytesIO(data))),
    ):
        try:
            read()
        except Fmp4Error as error:
            assert error.code.startswith("media.")
