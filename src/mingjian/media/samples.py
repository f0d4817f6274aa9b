"""The values that pass between the RTSP client, the fragmented-MP4 writer and everyone above."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Buffer = bytes | bytearray | memoryview


class Codec(StrEnum):
    """Video codings that may be recorded."""

    H264 = "h264"
    H265 = "h265"
    MJPEG = "mjpeg"


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What a decoder must know before the first sample; a change of it ends the run.

    `parameter_sets` are NAL units without start codes or lengths, in decoding order: SPS, PPS for H.264
    (ITU-T H.264 §7.3.2), VPS, SPS, PPS for H.265 (ITU-T H.265 §7.3.2), none for Motion JPEG. `reorder_depth`
    is the number of pictures that may precede a picture in decoding order and follow it in output order.
    """

    codec: Codec
    width: int
    height: int
    parameter_sets: tuple[bytes, ...]
    reorder_depth: int


class AccessUnit(NamedTuple):
    """One coded picture as it left the depacketizer.

    `rtp_time_90k` is the RTP time-stamp unwrapped from 32 bits (arbitrary origin, presentation order);
    `arrival_90k` the monotonic clock at the drain that completed it; `data` NAL units each preceded by
    its length in four bytes, parameter sets and access-unit delimiters left out, or a JPEG picture;
    `is_damaged` that packets of it, or of a picture it may refer to, are known to be missing, or that
    pictures right before it are.
    """

    rtp_time_90k: int
    arrival_90k: int
    data: Buffer
    is_sync: bool
    is_damaged: bool


class Sample(NamedTuple):
    """One coded picture on the recorder's timeline: ticks since 1970-01-01 UTC."""

    dts_90k: int
    pts_90k: int
    duration_90k: int
    data: Buffer
    is_sync: bool


class SampleEntry(NamedTuple):
    """Where one sample lies within the bytes of its fragment, as read back from the trun."""

    dts_90k: int
    pts_90k: int
    duration_90k: int
    offset: int
    size_bytes: int
    is_sync: bool
