"""What a camera claims about wall-clock time."""

import struct

from mingjian.base import ticks
from mingjian.media import rtcp

NTP_TO_UNIX_S = 2_208_988_800
AT = ticks.parse_iso("2026-11-22T08:00:00.5+08:00")


def report(*, seconds: int, fraction: int, rtp: int) -> bytes:
    return struct.pack(">BBHIIIIII", 0x80, 200, 6, 0x1234, seconds, fraction, rtp, 0, 0)


def test_claim_is_the_reports_instant_moved_by_the_rtp_time() -> None:
    seconds = AT // 90_000 + NTP_TO_UNIX_S
    packet = struct.pack(">BBHI", 0x80, 201, 1, 1) + report(seconds=seconds, fraction=1 << 31, rtp=0xFFFF_FF00)

    found = rtcp.sender_report(memoryview(packet))

    assert found is not None and found.source == 0x1234
    # The time-stamp has wrapped since the report.
    assert rtcp.claim_for(found, (1 << 33) + 0x100) == AT + 0x200
    assert rtcp.claim_for(found, 0xFFFF_FF00 - 90) == AT - 90


def test_clock_that_was_never_set_claims_nothing() -> None:
    assert rtcp.sender_report(memoryview(report(seconds=17, fraction=0, rtp=0))) is None


def test_torn_and_foreign_packets_claim_nothing() -> None:
    whole = report(seconds=NTP_TO_UNIX_S, fraction=0, rtp=0)
    for length in range(20):
        assert rtcp.sender_report(memoryview(whole[:length])) is None
    assert rtcp.sender_report(memoryview(b"\x00" * 28)) is None
