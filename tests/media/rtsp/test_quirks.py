"""What firmware is publicly known to do against the standards, one test each, with data made here."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pcm_h264
import pytest
import rtp_packing

from mingjian.base import ticks
from mingjian.media.rtsp_address import Credentials
from mingjian.media.rtsp_auth import Authenticator
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit, Codec
from mingjian.media.timing import DecodeOrder

from .conftest import REPEAT, SETS, SYNC, Wire, lengths, open_session

STEP = 3600
LARGER = (pcm_h264.sps(6, 6), pcm_h264.pps())


def gop(wire: Wire, *, first: int = 0, count: int = 5) -> bytes:
    """Return a sync sample and pictures that repeat it."""
    pictures = [wire.picture(REPEAT if n else SYNC, time=(first + n) * STEP) for n in range(count)]
    return b"".join(frame for picture in pictures for frame in picture)


def contents(units: list[AccessUnit]) -> list[bytes]:
    assert not any(unit.is_damaged for unit in units)
    return [bytes(unit.data) for unit in units]


def test_stray_bytes_between_groups_of_pictures_lose_nothing(wire: Wire) -> None:
    """Reolink cameras leave a few bytes that belong to no frame before a sync sample."""
    units = wire.feed(gop(wire) + b"\x00\x24\x07\x9a\x51$$\x00" + gop(wire, first=5))

    assert len(contents(units)) == 10 and wire.reader.stray_bytes == 8


def test_annex_b_in_a_fragmented_unit_is_taken_apart(wire: Wire) -> None:
    """V380 cameras send SPS, PPS and the sync slice as one unit of the SPS's type (scottlamb/retina issue 68)."""
    joined = b"\0\0\0\1".join([*SETS, SYNC])

    (unit,) = wire.feed(b"".join(wire.picture(joined, time=0)))

    assert contents([unit]) == [lengths(SYNC)] and unit.is_sync


def test_parameter_sets_marked_and_stamped_as_the_picture_before_them_split_nothing(wire: Wire) -> None:
    """Reolink RLC-822A: SPS with the marker and the time of the last picture (scottlamb/retina issue 13)."""
    data = gop(wire, count=3)
    data += wire.packet(SETS[0], time=2 * STEP, marker=1) + wire.packet(SETS[1], time=2 * STEP)

    units = wire.feed(data + gop(wire, first=3, count=3))

    assert contents(units) == [lengths(SYNC), *[lengths(REPEAT)] * 2] * 2


def test_marker_on_a_message_does_not_end_the_picture(wire: Wire) -> None:
    """Dahua and Hikvision firmware of several years marks the SEI before the slice."""
    data = wire.packet(pcm_h264.SEI, time=0, marker=1) + b"".join(wire.picture(SYNC, time=0))

    assert contents(wire.feed(data)) == [lengths(pcm_h264.SEI, SYNC)]


def test_empty_fragments_are_passed_over(wire: Wire) -> None:
    frames: list[bytes] = []
    for payload, marker in rtp_packing.packets([SYNC]):
        frames.append(wire.packet(payload, time=0, marker=marker))
        if not marker:
            frames.append(wire.packet(bytes((payload[0], payload[1] & 0x1F)), time=0))
            frames.append(wire.packet(b"", time=0))

    assert contents(wire.feed(b"".join(frames))) == [lengths(SYNC)]


def test_whole_unit_amid_a_fragmented_one_voids_that_one_alone(wire: Wire) -> None:
    """Found by the fuzzer: both stood in the picture, the torn one without its length."""
    opening = next(payload for payload, _ in rtp_packing.packets([SYNC]))
    data = wire.packet(opening, time=0) + wire.packet(REPEAT, time=0, marker=1)

    (unit,) = wire.feed(data + gop(wire, first=1, count=1))[:1]

    assert bytes(unit.data) == lengths(REPEAT) and unit.is_damaged


def test_frames_without_content_are_counted_and_lose_nothing(wire: Wire) -> None:
    units = wire.feed(b"$\0\0\0$\1\0\0" + gop(wire) + b"$\0\0\0")

    assert len(contents(units)) == 5
    assert (wire.receiver.packets_odd, wire.reader.stray_bytes) == (2, 0)


def test_payload_type_other_than_described_is_taken_when_nothing_else_comes(wire: Wire) -> None:
    stream = [(number, part) for number in range(30) for part in rtp_packing.packets([REPEAT if number % 5 else SYNC])]
    frames = [
        rtp_packing.framed(payload, sequence=at, time=number * STEP, marker=marker, payload_type=98)
        for at, (number, (payload, marker)) in enumerate(stream)
    ]
    half = next(at for at, (number, _) in enumerate(stream) if number == 20)

    first = wire.feed(b"".join(frames[:half]))
    units = wire.feed(b"stray" + b"".join(frames[half:]))

    assert wire.receiver.has_other_type and wire.receiver.payload_type == 98
    assert len(first) + len(units) >= 10 and len(contents(units[5:])) == 5


def test_payload_types_beside_the_described_one_are_never_taken(wire: Wire) -> None:
    own = rtp_packing.framed(b"private", sequence=9, time=5, marker=1, payload_type=98)
    units = wire.feed(own * 20 + gop(wire) + own * 200 + gop(wire, first=5))

    assert len(contents(units)) == 10 and not wire.receiver.has_other_type


def test_every_packet_twice_for_hours_is_no_reason_to_part(wire: Wire) -> None:
    units: list[AccessUnit] = []
    for number in range(0, 2_000, 5):
        data = gop(wire, first=number)
        halves = [data[at:end] for at, end in frame_bounds(data)]
        units += wire.feed(b"".join(frame + frame for frame in halves))

    assert len(contents(units)) == 2_000 and wire.receiver.packets_odd > 1_000


def test_nothing_but_odd_packets_is_a_reason_to_part(wire: Wire) -> None:
    short = b"$\0\0\x05\x80abcd"

    with pytest.raises(RtspError) as caught:
        wire.feed(short * 1_500)

    assert caught.value.code == "media.malformed"


def test_frames_of_nothing_without_end_are_a_flood(wire: Wire) -> None:
    with pytest.raises(RtspError) as caught:
        wire.feed(b"$\x09\0\0" * 50_000)

    assert caught.value.code == "media.flooding"


def test_time_stamps_go_on_over_every_wrap(wire: Wire) -> None:
    """A 90 kHz time-stamp of 32 bits wraps after 13 hours 15 minutes, and again (a week holds twelve)."""
    hour = 3_600 * 90_000
    units: list[AccessUnit] = []
    for number in range(7 * 24):
        time = (number * hour + 12_345) & 0xFFFFFFFF
        units += wire.feed(b"".join(wire.picture(SYNC[:900], time=time)))

    assert {b.rtp_time_90k - a.rtp_time_90k for a, b in pairwise(units)} == {hour}


def test_time_that_stands_still_is_named(wire: Wire) -> None:
    wire.feed(gop(wire, count=2))

    with pytest.raises(RtspError) as caught:
        for second in range(8):
            wire.builder.arrival_90k = ticks.from_seconds(second)
            wire.feed(b"".join(wire.picture(REPEAT, time=9 * STEP)))

    assert caught.value.facts["reason"] == "time_stands_still"


def test_b_frames_without_a_promise_keep_all_pictures_in_step() -> None:
    """Parameter sets that deny reordering, time-stamps that reorder: decoding times still only grow."""
    order = DecodeOrder(reorder_depth=0)
    samples = []
    for number in (0, 3, 1, 2, 6, 4, 5, 9, 7, 8):
        samples += order.push(pts_90k=number * STEP, data=b"x", is_sync=number == 0)
    samples += order.flush()

    assert len(samples) == 10 and order.repaired > 0
    assert all(a.dts_90k < b.dts_90k for a, b in pairwise(samples))


def test_message_that_outgrows_every_purpose_is_refused(wire: Wire) -> None:
    with pytest.raises(RtspError) as caught:
        for _ in range(20):
            wire.feed(b"".join(wire.picture(b"\x06\x05" + b"\xaa" * 60_000, time=0, has_marker=False)))

    assert caught.value.facts["what"] == "messages"


def test_format_that_changes_twice_in_one_reading_loses_no_picture(make_wire: Callable[..., Wire]) -> None:
    wire = make_wire(Codec.H264, SETS)
    data = b""
    for number, sets in enumerate((SETS, LARGER, SETS)):
        side = 6 if sets is LARGER else 4
        data += b"".join(wire.picture(*sets, pcm_h264.sync_picture(side, side, number), time=number * STEP))

    found = [len(wire.feed(data))]
    while wire.builder.next_format is not None:
        wire.builder.accept_next_format()
        found.append(len(wire.builder.take()))

    assert found == [1, 1, 1]


def test_nonce_that_runs_out_unannounced_is_answered_again() -> None:
    """Some firmware gives each nonce a few seconds and never says `stale`."""
    signing = Authenticator(credentials=Credentials("u", "p"))

    assert signing.meet(['Digest realm="r", nonce="1"'])
    assert not signing.meet(['Digest realm="r", nonce="2"'])
    signing.header(method="DESCRIBE", url="rtsp://h/")
    signing.note_accepted()
    assert signing.meet(['Digest realm="r", nonce="3"'])
    assert not signing.meet(['Digest realm="r", nonce="4"'])


def frame_bounds(data: bytes) -> list[tuple[int, int]]:
    """Return where each interleaved frame begins and ends."""
    bounds, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4], "big")
        bounds.append((at, end))
        at = end
    return bounds


async def watch(behaviour: str, evil_camera: Callable[..., Any], scratch: memoryview, count: int) -> list[AccessUnit]:
    """Open the camera as the recorder does and return its first pictures."""
    camera = evil_camera(behaviour=behaviour, after=0, user="admin", password="secret")
    session = await open_session(camera.address, user="admin", password="secret")
    units: list[AccessUnit] = []
    async with asyncio.timeout(10):
        while len(units) < count:
            await asyncio.sleep(0.05)
            units += session.drain(scratch)
            session.keep_alive()
    await session.close()
    return units


@pytest.mark.parametrize(
    "behaviour",
    [
        "base_without_scheme",  # Content-Base "192.168.1.10:554/…" (scottlamb/moonfire-nvr issue 356)
        "sequence_zero",  # RTP-Info announces seq=0 whatever comes first
        "stale_media",  # live555 before 2017.06.04 sends on for a dead session (scottlamb/retina issue 17)
        "continue_first",
        "no_number",
        "bare_line_feeds",
        "nonce_once",
        "options_refused",
        "header_injection",
        "track_elsewhere",
    ],
)
@pytest.mark.asyncio
async def test_dialogue_that_leaves_the_standard_is_followed(
    behaviour: str, evil_camera: Callable[..., Any], scratch: memoryview
) -> None:
    units = await watch(behaviour, evil_camera, scratch, 8)

    assert units[0].is_sync and not any(unit.is_damaged for unit in units)


@pytest.mark.parametrize("behaviour", ["answer_flood", "media_flood"])
@pytest.mark.asyncio
async def test_flood_in_the_dialogue_leaves_other_tasks_their_turn(
    behaviour: str, evil_camera: Callable[..., Any]
) -> None:
    camera = evil_camera(behaviour=behaviour)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    with pytest.raises(RtspError) as caught:
        await open_session(camera.address, timeout_s=5)
    counting.cancel()

    assert caught.value.code == "media.oversized" and turns > 5
