"""RTCP sender reports: which wall-clock time a camera claims for an RTP time-stamp (RFC 3550 §6.4.1)."""

import struct
from typing import NamedTuple

_SENDER_REPORT = 200
_HEADER = struct.Struct(">BBH")
_SENDER = struct.Struct(">IQI")
_NTP_TO_UNIX_S = 2_208_988_800


class SenderReport(NamedTuple):
    """One claim: at `utc_90k` (ticks since 1970) the source's RTP clock showed `rtp_time_32`."""

    source: int
    utc_90k: int
    rtp_time_32: int


def sender_report(packet: memoryview) -> SenderReport | None:
    """Return the sender report of a compound packet, or None if there is none or it makes no claim."""
    position = 0
    while position + _HEADER.size <= len(packet):
        first, kind, words = _HEADER.unpack_from(packet, position)
        if first & 0xC0 != 0x80:
            return None
        if kind == _SENDER_REPORT and position + 4 + _SENDER.size <= len(packet):
            source, ntp, rtp_time_32 = _SENDER.unpack_from(packet, position + 4)
            seconds, fraction = ntp >> 32, ntp & 0xFFFFFFFF
            # A camera without a clock sends zero, or counts from its start.
            if seconds < _NTP_TO_UNIX_S:
                return None
            return SenderReport(source, (seconds - _NTP_TO_UNIX_S) * 90_000 + (fraction * 90_000 >> 32), rtp_time_32)
        position += 4 + 4 * words
    return None


def claim_for(report: SenderReport, rtp_time_90k: int) -> int:
    """Return the claimed instant of an unwrapped RTP time near the report, in ticks since 1970."""
    step = (rtp_time_90k - report.rtp_time_32) & 0xFFFFFFFF
    return report.utc_90k + step - ((step & 0x80000000) << 1)
