"""What an H.265 sequence parameter set says: picture size and reorder depth (ITU-T H.265 §7.3.2.2)."""

from collections.abc import Sequence

from mingjian.media.bits import BitReader, BitsEnded, raw_payload
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Codec, VideoFormat

NAL_VPS = 32
NAL_SPS = 33
NAL_PPS = 34

_LARGEST_SIDE = 16_384


def format_of(parameter_sets: Sequence[bytes]) -> VideoFormat:
    """Return the format announced by parameter sets (NAL units; the first SPS counts).

    Raises RtspError `media.malformed` when the SPS cannot be read, `media.no_parameter_sets` when one kind is absent.
    """
    by_kind = {
        kind: [nal for nal in parameter_sets if len(nal) > 2 and (nal[0] >> 1) & 0x3F == kind]
        for kind in (NAL_VPS, NAL_SPS, NAL_PPS)
    }
    if not all(by_kind.values()):
        raise RtspError("media.no_parameter_sets", codec="h265")
    try:
        width, height, reorder_depth = _read_sps(by_kind[NAL_SPS][0])
    except BitsEnded:
        raise RtspError("media.malformed", reason="sps", codec="h265") from None
    return VideoFormat(
        codec=Codec.H265,
        width=width,
        height=height,
        parameter_sets=(*by_kind[NAL_VPS], *by_kind[NAL_SPS], *by_kind[NAL_PPS]),
        reorder_depth=reorder_depth,
    )


def parameter_set_key(nal: bytes) -> tuple[int, int]:
    """Return type and id of a parameter set: a later one with the same key replaces the earlier.

    The id of an SPS lies deep inside; cameras have one, so all count as number 0.
    """
    kind = (nal[0] >> 1) & 0x3F
    reader = BitReader(raw_payload(nal[:16], header_bytes=2))
    try:
        if kind == NAL_VPS:
            return kind, reader.bits(4)
        return kind, reader.unsigned() if kind == NAL_PPS else 0
    except BitsEnded:
        raise RtspError("media.malformed", reason="parameter_set", codec="h265") from None


def _read_sps(nal: bytes) -> tuple[int, int, int]:
    """Return width, height and reorder depth (sps_max_num_reorder_pics of the highest sub-layer)."""
    reader = BitReader(raw_payload(nal, header_bytes=2))
    reader.skip(4)  # sps_video_parameter_set_id
    last_layer = reader.bits(3)
    reader.skip(1)  # sps_temporal_id_nesting_flag
    _skip_profile_tier_level(reader, last_layer)
    reader.unsigned()  # sps_seq_parameter_set_id
    chroma_format = reader.unsigned()
    if chroma_format > 3:
        raise BitsEnded
    is_separate = chroma_format == 3 and reader.flag()
    width, height = reader.unsigned(), reader.unsigned()
    if reader.flag():  # conformance_window_flag
        unit_x = 2 if chroma_format in (1, 2) and not is_separate else 1
        unit_y = 2 if chroma_format == 1 else 1
        left, right, top, bottom = (reader.unsigned() for _ in range(4))
        width -= (left + right) * unit_x
        height -= (top + bottom) * unit_y
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise BitsEnded
    reader.unsigned()  # bit_depth_luma_minus8
    reader.unsigned()  # bit_depth_chroma_minus8
    reader.unsigned()  # log2_max_pic_order_cnt_lsb_minus4
    has_each_layer = reader.flag()  # sps_sub_layer_ordering_info_present_flag
    depth = 0
    for _ in range(last_layer + 1 if has_each_layer else 1):
        reader.unsigned()  # sps_max_dec_pic_buffering_minus1
        depth = reader.unsigned()
        reader.unsigned()  # sps_max_latency_increase_plus1
    return width, height, min(depth, 16)


def _skip_profile_tier_level(reader: BitReader, last_layer: int) -> None:
    """Pass profile_tier_level(1, last_layer) (§7.3.3)."""
    reader.skip(96)
    present = [(reader.flag(), reader.flag()) for _ in range(last_layer)]
    if last_layer > 0:
        reader.skip(2 * (8 - last_layer))
    for has_profile, has_level in present:
        reader.skip((88 if has_profile else 0) + (8 if has_level else 0))
