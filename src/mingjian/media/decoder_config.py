"""Sample entries with their decoder configuration, and codec strings. ISO/IEC 14496-15 §5.3.3, §8.3.3; RFC 6381."""

import struct

from mingjian.media.bits import BitReader, BitsEnded, raw_payload
from mingjian.media.boxes import Fmp4Error, box, full_box
from mingjian.media.samples import Codec, VideoFormat

# Profiles whose sequence parameter set, and so whose avcC, tells chroma format and bit depths (ITU-T H.264 §7.3.2.1.1).
_H264_HIGH_PROFILES = frozenset({100, 110, 122, 144, 44, 83, 86, 118, 128, 138, 139, 134, 135, 244})
_H264_SPS, _H264_PPS = 7, 8
_H265_ARRAYS = (32, 33, 34)  # VPS, SPS, PPS: the order in which hvcC lists them
_PROFILE_BYTES = 12
_SPS_BYTES_READ = 256  # the fields read here stand in far fewer
# JPEG (ISO/IEC 10918-1) as an object of its own, a visual stream (ISO/IEC 14496-1 §7.2.6.6).
JPEG_OBJECT_TYPE, _VISUAL_STREAM = 0x6C, 0x11


def _h264_config(fmt: VideoFormat) -> bytes:
    sps = [nal for nal in fmt.parameter_sets if nal and nal[0] & 31 == _H264_SPS]
    pps = [nal for nal in fmt.parameter_sets if nal and nal[0] & 31 == _H264_PPS]
    if not sps or not pps or len(sps[0]) < 4:
        raise Fmp4Error("media.bad_parameter_sets", reason="missing", codec=fmt.codec)
    record = [bytes((1, *sps[0][1:4], 0xFF, 0xE0 | len(sps))), _listed(sps), bytes((len(pps),)), _listed(pps)]
    if sps[0][1] in _H264_HIGH_PROFILES:
        bits = BitReader(raw_payload(sps[0][:_SPS_BYTES_READ], header_bytes=4))
        bits.unsigned()  # seq_parameter_set_id
        chroma = bits.unsigned()
        if chroma == 3:
            bits.skip(1)  # separate_colour_plane_flag
        luma_depth, chroma_depth = bits.unsigned(), bits.unsigned()
        record.append(bytes((0xFC | chroma & 3, 0xF8 | luma_depth & 7, 0xF8 | chroma_depth & 7, 0)))
    return b"".join(record)


def _h265_config(fmt: VideoFormat) -> bytes:
    arrays = [[nal for nal in fmt.parameter_sets if nal and nal[0] >> 1 & 63 == kind] for kind in _H265_ARRAYS]
    if not all(arrays):
        raise Fmp4Error("media.bad_parameter_sets", reason="missing", codec=fmt.codec)
    sps = arrays[1][0]
    bits = BitReader(raw_payload(sps[:_SPS_BYTES_READ], header_bytes=2))
    bits.skip(4)  # sps_video_parameter_set_id
    sub_layers = bits.bits(3)
    nesting = bits.bits(1)
    bits.skip(8 * _PROFILE_BYTES)
    # ITU-T H.265 §7.3.3: which sub-layers repeat their profile (88 bits) and level (8 bits).
    present = [(bits.bits(1), bits.bits(1)) for _ in range(sub_layers)]
    if sub_layers:
        bits.skip(2 * (8 - sub_layers))
    for has_profile, has_level in present:
        bits.skip(88 * has_profile + 8 * has_level)
    bits.unsigned()  # sps_seq_parameter_set_id
    chroma = bits.unsigned()
    if chroma == 3:
        bits.skip(1)  # separate_colour_plane_flag
    for _ in range(2):  # width and height in luma samples
        bits.unsigned()
    if bits.flag():  # conformance window: four offsets
        for _ in range(4):
            bits.unsigned()
    luma_depth, chroma_depth = bits.unsigned(), bits.unsigned()
    record = [
        b"\1",
        _h265_profile(sps),
        # no spatial segmentation, parallelism, or picture rate promised; lengths of four bytes
        struct.pack(">HBBBBH", 0xF000, 0xFC, 0xFC | chroma & 3, 0xF8 | luma_depth & 7, 0xF8 | chroma_depth & 7, 0),
        bytes((sub_layers + 1 << 3 | nesting << 2 | 3, len(arrays))),
    ]
    for kind, nals in zip(_H265_ARRAYS, arrays, strict=True):
        record += (struct.pack(">BH", 0x80 | kind, len(nals)), _listed(nals))
    return b"".join(record)


def _h265_profile(sps: bytes) -> bytes:
    """Return the general part of profile_tier_level (ITU-T H.265 §7.3.3)."""
    profile = raw_payload(sps[:_SPS_BYTES_READ], header_bytes=3)[:_PROFILE_BYTES]
    if len(profile) < _PROFILE_BYTES:
        raise Fmp4Error("media.bad_parameter_sets", reason="short", codec=Codec.H265)
    return profile


def _listed(nals: list[bytes]) -> bytes:
    """Return the NAL units, each after its length in two bytes."""
    return b"".join(struct.pack(">H", len(nal)) + nal for nal in nals)


def decoder_config(fmt: VideoFormat) -> bytes:
    """Return the AVC or HEVC decoder configuration record, lengths of four bytes; nothing for Motion JPEG.

    Raises Fmp4Error media.bad_parameter_sets when a set is missing or cannot be one.
    """
    if fmt.codec is Codec.MJPEG:
        return b""
    try:
        return _h264_config(fmt) if fmt.codec is Codec.H264 else _h265_config(fmt)
    except (BitsEnded, struct.error, ValueError):  # fields past the end, a set of 64 KiB, 256 sets
        raise Fmp4Error("media.bad_parameter_sets", reason="malformed", codec=fmt.codec) from None


def sample_entry(fmt: VideoFormat) -> bytes:
    """Return the avc1, hvc1 or mp4v box for the format: parameter sets stand here and nowhere in the samples.

    Raises Fmp4Error media.bad_parameter_sets.
    """
    # data reference 1, 72 dpi, one picture per sample, colour without alpha
    visual = struct.pack(">6xH16xHHIIIH32xHh", 1, fmt.width, fmt.height, 0x480000, 0x480000, 0, 1, 0x18, -1)
    if fmt.codec is Codec.MJPEG:
        return box(b"mp4v", visual, _elementary_stream())
    kind, config_kind = (b"avc1", b"avcC") if fmt.codec is Codec.H264 else (b"hvc1", b"hvcC")
    return box(kind, visual, box(config_kind, decoder_config(fmt)))


def _elementary_stream() -> bytes:
    """Return the esds of JPEG pictures, without a word on their rate (ISO/IEC 14496-1 §7.2.6.5, 14496-14 §5.6)."""
    decoder = _descriptor(4, struct.pack(">BB11x", JPEG_OBJECT_TYPE, _VISUAL_STREAM))
    return full_box(b"esds", 0, 0, _descriptor(3, bytes(3) + decoder + _descriptor(6, b"\2")))


def _descriptor(tag: int, content: bytes) -> bytes:
    return bytes((tag, len(content))) + content


def codec_string(fmt: VideoFormat) -> str:
    """Return the format's name for MediaSource, as "avc1.64001f", "hvc1.1.6.L93.B0" or "mp4v.6C"."""
    if fmt.codec is Codec.MJPEG:
        return f"mp4v.{JPEG_OBJECT_TYPE:X}"
    if fmt.codec is Codec.H264:
        sps = next((nal for nal in fmt.parameter_sets if len(nal) >= 4 and nal[0] & 31 == _H264_SPS), None)
        if sps is None:
            raise Fmp4Error("media.bad_parameter_sets", reason="missing", codec=fmt.codec)
        return f"avc1.{sps[1:4].hex()}"
    sps = next((nal for nal in fmt.parameter_sets if nal and nal[0] >> 1 & 63 == _H265_ARRAYS[1]), None)
    if sps is None:
        raise Fmp4Error("media.bad_parameter_sets", reason="missing", codec=fmt.codec)
    profile = _h265_profile(sps)
    # ISO/IEC 14496-15 Annex E.3: compatibility flags bit-reversed, constraint bytes without trailing zeroes.
    space = ("", "A", "B", "C")[profile[0] >> 6]
    compatible = int(f"{int.from_bytes(profile[1:5], 'big'):032b}"[::-1], 2)
    tier = "H" if profile[0] & 0x20 else "L"
    constraints = "".join(f".{byte:X}" for byte in profile[5:11].rstrip(b"\0"))
    return f"hvc1.{space}{profile[0] & 31}.{compatible:X}.{tier}{profile[11]}{constraints}"
