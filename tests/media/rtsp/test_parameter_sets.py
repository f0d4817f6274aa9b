"""Picture size and reorder depth; the oracle is what ffprobe 5.1 says of the encoder's file."""

import pcm_h264
import pytest

from mingjian.media import h264, h265
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Codec

PPS = bytes.fromhex("68ebe3cb20")

# libx264 (Debian 12) of `testsrc2`, the options beside each; has_b_frames by ffprobe.
H264 = [
    ("674d401eeca05017fcb808800000030080000019078b16cb", 640, 360, 2),  # main, two B, pyramid
    ("67640028acb200f0044fcb80880000030008000003019078c19240", 1920, 1080, 0),  # high, cropped from 1088
    ("6764001eacd940b424d8088000000300800000190f8a14cb", 720, 576, 2),  # interlaced
    ("6764000dacd9416096c044000003000400000300c83c50a658", 352, 288, 2),  # JVT scaling matrices
    ("67f4000d919c80b04bdde022000003000200000300641e285224", 350, 286, 1),  # 4:4:4, cropped
]

# libx265 (Debian 12): VPS, SPS, PPS.
H265 = [
    (
        "40010c01ffff01600000030090000003000003003f959409",
        "42010101600000030090000003000003003fa0050201696595964932bc05a02000000300200000030321",
        (640, 360, 2),
    ),
    (
        "40010c01ffff016000000300900000030000030078928090",
        "420101016000000300900000030000030078a003c08010e5964a924caf016808000003000800000300c840",
        (1920, 1080, 0),
    ),
    (  # two temporal layers
        "40010c02ffff01600000030090000003000003005d00009598acc048",
        "42010201600000030090000003000003005d0000a00280802d1659598acd24995e02d0100000030010000003019080",
        (1280, 720, 2),
    ),
]


@pytest.mark.parametrize(("sps", "width", "height", "depth"), H264)
def test_h264_format_is_read_as_ffprobe_reads_it(sps: str, width: int, height: int, depth: int) -> None:
    found = h264.format_of([bytes.fromhex(sps), PPS])

    assert (found.codec, found.width, found.height, found.reorder_depth) == (Codec.H264, width, height, depth)
    assert found.parameter_sets == (bytes.fromhex(sps), PPS)


@pytest.mark.parametrize(("vps", "sps", "expected"), H265)
def test_h265_format_is_read_as_ffprobe_reads_it(vps: str, sps: str, expected: tuple[int, int, int]) -> None:
    found = h265.format_of([bytes.fromhex("4401c172b46240"), bytes.fromhex(sps), bytes.fromhex(vps)])

    assert (found.width, found.height, found.reorder_depth) == expected
    assert [nal[0] >> 1 for nal in found.parameter_sets] == [32, 33, 34]


def main_profile(*, order_count_type: int, references: int, level: int = 40) -> bytes:
    """Return a 1920 × 1088 SPS of the main profile without VUI, as plain cameras send it."""
    bits = pcm_h264.Bits().fixed(77, 8).fixed(0, 8).fixed(level, 8).unsigned(0, 0, order_count_type)
    if order_count_type == 0:
        bits.unsigned(0)
    bits.unsigned(references).fixed(0, 1).unsigned(119, 67).fixed(0b1100, 4)
    return pcm_h264.nal(0x67, bits.payload())


@pytest.mark.parametrize(
    ("order_count_type", "references", "depth"),
    [(2, 4, 0), (0, 1, 0), (0, 2, 2), (0, 16, 4)],
)
def test_h264_reorder_depth_without_vui_follows_level_and_references(
    order_count_type: int, references: int, depth: int
) -> None:
    sps = main_profile(order_count_type=order_count_type, references=references)

    assert h264.format_of([sps, PPS]).reorder_depth == depth


@pytest.mark.parametrize("read", [h264.format_of, h265.format_of])
def test_format_is_refused_when_sets_are_absent(read) -> None:
    with pytest.raises(RtspError) as caught:
        read([PPS])

    assert caught.value.code == "media.no_parameter_sets"


def test_format_is_refused_at_every_cut_that_hides_a_field() -> None:
    """Cut short, a set is refused or says the same: the fields that matter come first."""
    for sps, width, height, _ in H264:
        whole = bytes.fromhex(sps)
        for length in range(1, len(whole)):
            try:
                found = h264.format_of([whole[:length], PPS])
            except RtspError as error:
                assert error.code == "media.malformed"
            else:
                assert length > 8 and found.width >= width and found.height >= height
    for vps, sps, _ in H265:
        whole = bytes.fromhex(sps)
        for length in range(3, len(whole)):
            try:
                h265.format_of([bytes.fromhex(vps), whole[:length], PPS_H265])
            except RtspError as error:
                assert error.code == "media.malformed"


PPS_H265 = bytes.fromhex("4401c172b46240")


def test_parameter_set_keys_tell_ids_apart() -> None:
    assert h264.parameter_set_key(PPS) == (8, 0)
    assert h264.parameter_set_key(bytes.fromhex("6847")) == (8, 1)
    assert h264.parameter_set_key(pcm_h264.sps(4, 4)) == (7, 0)
    assert h265.parameter_set_key(bytes.fromhex(H265[0][0])) == (32, 0)
    assert h265.parameter_set_key(PPS_H265) == (34, 0)
