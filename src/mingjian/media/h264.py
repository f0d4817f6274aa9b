"""What an H.264 sequence parameter set says: picture size and reorder depth (ITU-T H.264 §7.3.2.1.1, Annex E)."""

from collections.abc import Sequence

from mingjian.media.bits import BitReader, BitsEnded, raw_payload
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import Codec, VideoFormat

NAL_SPS = 7
NAL_PPS = 8

# Profiles whose SPS carries chroma format and scaling lists (§7.3.2.1.1).
_HIGH_PROFILES = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})
_INTRA_ONLY_WITH_SET3 = frozenset({44, 86, 100, 110, 122, 244})

# Largest decoded picture buffer in macroblocks by level_idc (Table A-1); level 1b counts as level 1.
_DPB_MACROBLOCKS = {
    9: 396, 10: 396, 11: 900, 12: 2376, 13: 2376, 20: 2376, 21: 4752, 22: 8100, 30: 8100, 31: 18000, 32: 20480,
    40: 32768, 41: 32768, 42: 34816, 50: 110400, 51: 184320, 52: 184320, 60: 696320, 61: 696320, 62: 696320,
}  # fmt: skip

_LARGEST_SIDE = 16_384


def format_of(parameter_sets: Sequence[bytes]) -> VideoFormat:
    """Return the format announced by parameter sets (NAL units; the first SPS counts).

    Raises RtspError `media.malformed` when the SPS cannot be read, `media.no_parameter_sets` when SPS or PPS is absent.
    """
    sequence = [nal for nal in parameter_sets if nal and nal[0] & 0x1F == NAL_SPS]
    picture = [nal for nal in parameter_sets if nal and nal[0] & 0x1F == NAL_PPS]
    if not sequence or not picture:
        raise RtspError("media.no_parameter_sets", codec="h264")
    try:
        width, height, reorder_depth = _read_sps(sequence[0])
    except BitsEnded:
        raise RtspError("media.malformed", reason="sps", codec="h264") from None
    return VideoFormat(
        codec=Codec.H264,
        width=width,
        height=height,
        parameter_sets=(*sequence, *picture),
        reorder_depth=reorder_depth,
    )


def parameter_set_key(nal: bytes) -> tuple[int, int]:
    """Return type and id of a parameter set: a later one with the same key replaces the earlier."""
    kind = nal[0] & 0x1F
    reader = BitReader(raw_payload(nal[:16], header_bytes=1))
    try:
        if kind == NAL_SPS:
            reader.skip(24)  # profile_idc, constraint flags, level_idc
        return kind, reader.unsigned()
    except BitsEnded:
        raise RtspError("media.malformed", reason="parameter_set", codec="h264") from None


def _read_sps(nal: bytes) -> tuple[int, int, int]:
    """Return width, height and reorder depth."""
    reader = BitReader(raw_payload(nal, header_bytes=1))
    profile, constraints, level = reader.bits(8), reader.bits(8), reader.bits(8)
    reader.unsigned()  # seq_parameter_set_id
    chroma_format, is_separate = 1, False
    if profile in _HIGH_PROFILES:
        chroma_format, is_separate = _read_chroma(reader)
    reader.unsigned()  # log2_max_frame_num_minus4
    order_count_type = reader.unsigned()
    _skip_order_count(reader, order_count_type)
    reference_frames = reader.unsigned()
    reader.skip(1)  # gaps_in_frame_num_value_allowed_flag
    width_macroblocks = reader.unsigned() + 1
    map_units = reader.unsigned() + 1
    is_frame_only = reader.flag()
    if not is_frame_only:
        reader.skip(1)  # mb_adaptive_frame_field_flag
    reader.skip(1)  # direct_8x8_inference_flag
    height_macroblocks = map_units * (1 if is_frame_only else 2)
    crop_x, crop_y = _read_cropping(reader, 0 if is_separate else chroma_format, is_frame_only)
    width, height = width_macroblocks * 16 - crop_x, height_macroblocks * 16 - crop_y
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise BitsEnded
    announced = _read_announced_reorder(reader) if reader.flag() else None
    if announced is not None:
        depth = announced
    elif profile == 66 or order_count_type == 2 or (profile in _INTRA_ONLY_WITH_SET3 and constraints & 0x10):
        depth = 0
    else:
        buffered = _DPB_MACROBLOCKS.get(level, 696320) // (width_macroblocks * height_macroblocks)
        # A picture waiting for its output is in practice a reference; with one reference frame nothing is reordered.
        depth = min(buffered, reference_frames) if reference_frames > 1 else 0
    return width, height, min(depth, 16)


def _read_chroma(reader: BitReader) -> tuple[int, bool]:
    """Pass the fields of the high profiles; return chroma_format_idc and separate_colour_plane_flag."""
    chroma_format = reader.unsigned()
    if chroma_format > 3:
        raise BitsEnded
    is_separate = chroma_format == 3 and reader.flag()
    reader.unsigned()  # bit_depth_luma_minus8
    reader.unsigned()  # bit_depth_chroma_minus8
    reader.skip(1)  # qpprime_y_zero_transform_bypass_flag
    if reader.flag():
        for index in range(12 if chroma_format == 3 else 8):
            if reader.flag():
                _skip_scaling_list(reader, 16 if index < 6 else 64)
    return chroma_format, is_separate


def _skip_scaling_list(reader: BitReader, size: int) -> None:
    """Pass one scaling list (§7.3.2.1.1.1)."""
    last, following = 8, 8
    for _ in range(size):
        if following != 0:
            following = (last + reader.signed()) % 256
        last = following or last


def _skip_order_count(reader: BitReader, order_count_type: int) -> None:
    """Pass the fields of the picture order count."""
    if order_count_type == 0:
        reader.unsigned()  # log2_max_pic_order_cnt_lsb_minus4
    elif order_count_type == 1:
        reader.skip(1)  # delta_pic_order_always_zero_flag
        reader.signed()  # offset_for_non_ref_pic
        reader.signed()  # offset_for_top_to_bottom_field
        cycle = reader.unsigned()
        if cycle > 255:
            raise BitsEnded
        for _ in range(cycle):
            reader.signed()
    elif order_count_type > 2:
        raise BitsEnded


def _read_cropping(reader: BitReader, chroma_array: int, is_frame_only: bool) -> tuple[int, int]:  # noqa: FBT001 - private
    """Return what the cropping rectangle takes from width and height, in luma samples (§7.4.2.1.1)."""
    if not reader.flag():
        return 0, 0
    left, right, top, bottom = (reader.unsigned() for _ in range(4))
    unit_x = 2 if chroma_array in (1, 2) else 1
    unit_y = (2 if chroma_array == 1 else 1) * (1 if is_frame_only else 2)
    return (left + right) * unit_x, (top + bottom) * unit_y


def _read_announced_reorder(reader: BitReader) -> int | None:
    """Return max_num_reorder_frames of the VUI, or None when it does not say (§E.1.1).

    A VUI that ends early says nothing: some cameras cut it short, and all that matters stands before it.
    """
    try:
        if reader.flag() and reader.bits(8) == 255:  # aspect_ratio_idc Extended_SAR
            reader.skip(32)
        if reader.flag():  # overscan_info_present_flag
            reader.skip(1)
        if reader.flag():  # video_signal_type_present_flag
            reader.skip(4)
            if reader.flag():
                reader.skip(24)
        if reader.flag():  # chroma_loc_info_present_flag
            reader.unsigned()
            reader.unsigned()
        if reader.flag():  # timing_info_present_flag
            reader.skip(65)
        has_nal_hrd = _skip_hrd(reader)
        has_vcl_hrd = _skip_hrd(reader)
        if has_nal_hrd or has_vcl_hrd:
            reader.skip(1)  # low_delay_hrd_flag
        reader.skip(1)  # pic_struct_present_flag
        if not reader.flag():  # bitstream_restriction_flag
            return None
        reader.skip(1)  # motion_vectors_over_pic_boundaries_flag
        for _ in range(4):  # max_bytes_per_pic_denom … log2_max_mv_length_vertical
            reader.unsigned()
        return reader.unsigned()
    except BitsEnded:
        return None


def _skip_hrd(reader: BitReader) -> bool:
    """Pass hrd_parameters if its flag is set; say whether it was (§E.1.2)."""
    if not reader.flag():
        return False
    count = reader.unsigned() + 1
    if count > 32:
        raise BitsEnded
    reader.skip(8)
    for _ in range(count):
        reader.unsigned()
        reader.unsigned()
        reader.skip(1)
    reader.skip(20)
    return True
