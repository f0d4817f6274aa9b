"""Decoder configuration and codec names: the same bytes as ffmpeg's own muxer writes, and back again."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjian.media import fmp4_reader, fmp4_writer
from mingjian.media.boxes import Fmp4Error
from mingjian.media.decoder_config import decoder_config
from mingjian.media.samples import Codec, VideoFormat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.media.fmp4.conftest import Clip


def _muxed_by_ffmpeg(encoder: str, tag: str, pix_fmt: str, path: Path) -> bytes:
    """Return a progressive MP4 of two pictures."""
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=178x98:rate=25", "-frames:v", "2"]
    command += ["-pix_fmt", pix_fmt, "-c:v", encoder, "-tag:v", tag]
    command += ["-x265-params", "log-level=none"] if encoder == "libx265" else []
    subprocess.run([*command, str(path)], check=True, timeout=30, capture_output=True)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("encoder", "tag", "pix_fmt"),
    [
        ("libx264", "avc1", "yuv420p"),
        ("libx264", "avc1", "yuv444p"),
        ("libx264", "avc1", "yuv420p10le"),
        ("libx265", "hvc1", "yuv420p"),
        ("libx265", "hvc1", "yuv420p10le"),
    ],
)
def test_the_configuration_record_equals_ffmpegs(encoder: str, tag: str, pix_fmt: str, tmp_path: Path) -> None:
    file = _muxed_by_ffmpeg(encoder, tag, pix_fmt, tmp_path / "foreign.mp4")
    fmt = fmp4_reader.format_of(file)
    record = decoder_config(fmt)
    assert (fmt.width, fmt.height) == (178, 98)
    if encoder == "libx264":
        assert record in file
    else:
        # ffmpeg lists its encoder's SEI as a fourth array; all else is the same.
        at = file.index(b"hvcC") + 4
        assert record[:22] == file[at : at + 22]
        assert record[23:] in file


def test_an_init_segment_tells_the_format_it_was_made_from(clip: Clip) -> None:
    assert fmp4_reader.format_of(clip.init) == clip.fmt


def test_codec_names_follow_the_parameter_sets(clip_of: Callable[..., Clip]) -> None:
    assert fmp4_writer.codec_string(clip_of(Codec.H264).fmt) == "avc1.64000d"
    assert fmp4_writer.codec_string(clip_of(Codec.H265).fmt) == "hvc1.1.6.L60.90"


@pytest.mark.parametrize(
    ("profile_tier_level", "name"),
    [
        ("01600000009000000000005d", "hvc1.1.6.L93.90"),
        ("01600000000000000000005d", "hvc1.1.6.L93"),
        ("2220000000b0000000000099", "hvc1.2.4.H153.B0"),
        ("44000000809008000000007b", "hvc1.A4.1000000.L123.90.8"),
    ],
)
def test_h265_names_spell_profile_tier_and_level(profile_tier_level: str, name: str) -> None:
    nal = b"\x42\x01\x01" + bytes.fromhex(profile_tier_level).replace(b"\0\0\0", b"\0\0\3\0") + b"\xa0"
    fmt = VideoFormat(Codec.H265, 64, 64, (nal,), 0)
    assert fmp4_writer.codec_string(fmt) == name


def test_missing_or_broken_parameter_sets_are_refused(clip: Clip) -> None:
    sets = clip.fmt.parameter_sets
    *before, sps, pps = sets
    for broken in ((), sets[:1], sets[-1:], (*before, sps[:4], pps), (*before, sps[:1], pps)):
        fmt = VideoFormat(clip.fmt.codec, 320, 180, broken, 0)
        with pytest.raises(Fmp4Error, match=r"media\.bad_parameter_sets"):
            fmp4_writer.init_segment(fmt)


@given(st.data())
def test_damaged_init_segments_are_read_or_refused(clip: Clip, data: st.DataObject) -> None:
    damaged = bytearray(clip.init)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        fmt = fmp4_reader.format_of(bytes(damaged))
    except Fmp4Error:
        return
    assert fmt.width > 0


@given(st.lists(st.binary(max_size=40), max_size=5), st.sampled_from(Codec))
def test_any_parameter_sets_are_used_or_refused(nals: list[bytes], codec: Codec) -> None:
    fmt = VideoFormat(codec, 64, 64, tuple(nals), 0)
    for use in (fmp4_writer.init_segment, fmp4_writer.codec_string):
        try:
            use(fmt)
        except Fmp4Error as error:
            assert error.code == "media.bad_parameter_sets"
