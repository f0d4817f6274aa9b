"""Encoding, proving and re-coding: what goes through PyAV keeps its timeline and its sync samples."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from mingjian.media import coding, fmp4_reader, fmp4_writer
from mingjian.media.coding import CodingError
from mingjian.media.samples import Codec, Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.media.fmp4.conftest import Clip


def _transcoded(clip: Clip, fragments: list[bytes], height: int) -> tuple[coding.Transcoder, list[Sample], list[bytes]]:
    transcoder = coding.Transcoder(clip.fmt, largest_height=height)
    parts = [transcoder.transcode(data) for data in fragments] + [transcoder.flush()]
    made = [data for data in parts if data is not None]
    return transcoder, [sample for data in made for sample in fmp4_reader.samples(data)], made


@pytest.mark.parametrize("codec", [Codec.H264, Codec.H265])
def test_a_clip_has_a_sync_sample_every_gop_and_its_announced_size(codec: Codec) -> None:
    frames = [Image.new("RGB", (96, 64), (number, 0, 0)) for number in range(12)]
    fmt, pictures = coding.encode_clip(frames, codec=codec, fps=10, bitrate_bps=50_000, gop=5)
    assert (fmt.codec, fmt.width, fmt.height, fmt.reorder_depth) == (codec, 96, 64, 0)
    assert [is_sync for _, is_sync in pictures] == [number % 5 == 0 for number in range(12)]


def test_an_empty_clip_is_refused() -> None:
    with pytest.raises(CodingError, match="no_pictures"):
        coding.encode_clip([], codec=Codec.H264, fps=10, bitrate_bps=50_000, gop=5)


def test_a_transcoded_stream_keeps_times_and_sync_samples(clip: Clip) -> None:
    transcoder, samples, made = _transcoded(clip, list(clip.fragments), 90)
    assert [s.pts_90k for s in samples] == sorted(s.pts_90k for s in clip.samples)
    assert [s.pts_90k for s in samples if s.is_sync] == [s.pts_90k for s in clip.samples if s.is_sync]
    assert all(s.dts_90k == s.pts_90k for s in samples)
    fmt = transcoder.output_format
    assert (fmt.codec, fmt.width, fmt.height, fmt.reorder_depth) == (Codec.H264, 160, 90, 0)
    assert coding.decode_count(fmp4_writer.init_segment(fmt), made) == coding.DecodeCount(75, 75, 0)


def test_a_small_picture_is_not_made_larger(clip: Clip) -> None:
    fmt = coding.Transcoder(clip.fmt).output_format
    assert (fmt.width, fmt.height) == (320, 180)


def test_a_transcoder_holds_back_no_more_than_it_must(clip: Clip) -> None:
    transcoder = coding.Transcoder(clip.fmt)
    first = transcoder.transcode(clip.fragments[0])
    assert first is not None
    held = len(fmp4_reader.read_fragment(clip.fragments[0])) - len(fmp4_reader.read_fragment(first))
    assert held <= 1 + clip.fmt.reorder_depth


def test_a_damaged_sample_leaves_no_picture_until_the_next_sync_sample(clip_of: Callable[..., Clip]) -> None:
    clip = clip_of(Codec.H265)
    damaged = bytearray(clip.fragments[0])
    entry = fmp4_reader.read_fragment(clip.fragments[0])[5]
    damaged[entry.offset : entry.offset + entry.size_bytes] = bytes(entry.size_bytes)
    transcoder, samples, _ = _transcoded(clip, [bytes(damaged), *clip.fragments[1:]], 180)
    shown = {(s.pts_90k - clip.origin_90k) // clip.step_90k for s in samples}
    assert transcoder.dropped >= 1
    assert 5 not in shown
    assert set(range(25, 75)) <= shown


@pytest.mark.parametrize("codec", [Codec.H264, Codec.H265])
def test_damage_is_counted(clip_of: Callable[..., Clip], codec: Codec) -> None:
    clip = clip_of(codec)
    damaged = bytearray(clip.fragments[2])
    entry = fmp4_reader.read_fragment(clip.fragments[2])[1]  # the sync sample 25
    damaged[entry.offset + 4 : entry.offset + entry.size_bytes] = b"\x55" * (entry.size_bytes - 4)
    count = coding.decode_count(clip.init, [*clip.fragments[:2], bytes(damaged), *clip.fragments[3:]])
    assert count.samples == 75
    assert count.errors >= 1
    assert count.pictures < 75


@pytest.mark.parametrize(
    ("codec", "message"), [(Codec.H264, b"\x06\x05\xff\xff"), (Codec.H265, b"\x4e\x01\x05\xff\xff")]
)
def test_private_messages_of_cameras_do_not_matter(clip_of: Callable[..., Clip], codec: Codec, message: bytes) -> None:
    clip = clip_of(codec)
    prefix = len(message).to_bytes(4, "big") + message
    spoken = [sample._replace(data=prefix + bytes(sample.data)) for sample in clip.samples]
    data = b"".join(fmp4_writer.fragment(sequence=1, samples=spoken))
    assert coding.decode_count(clip.init, [data]) == coding.DecodeCount(75, 75, 0)


def test_a_sample_without_slices_does_not_end_the_stream(clip: Clip) -> None:
    samples = list(clip.samples)
    for index, empty in ((10, b""), (11, b"\0\0\0\2\x06\x05"), (12, bytes(64))):
        samples[index] = samples[index]._replace(data=empty)
    data = b"".join(fmp4_writer.fragment(sequence=1, samples=samples))
    assert coding.decode_count(clip.init, [data]).pictures >= 50


def test_a_file_that_libav_cannot_open_is_refused() -> None:
    with pytest.raises(CodingError, match=r"media\.cannot_probe"):
        coding.probe(io.BytesIO(bytes(1000)))
