"""Real cameras: gst-rtsp-server, which nobody here wrote, and the camera that misbehaves by name."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

import av
import pytest

from mingjian.base import ticks
from mingjian.base.clock import SimulatedClock
from mingjian.media.rtsp import RtspError, RtspSession
from mingjian.media.samples import AccessUnit, Codec, VideoFormat

from .conftest import open_session

pytestmark = pytest.mark.asyncio

TICK_S = 0.05


async def watch(session: RtspSession, scratch: memoryview, *, pictures: int) -> list[AccessUnit]:
    """Drain on a tick until so many pictures came."""
    units: list[AccessUnit] = []
    async with asyncio.timeout(15):
        while len(units) < pictures:
            await asyncio.sleep(TICK_S)
            units += session.drain(scratch)
            session.keep_alive()
    return units


async def trouble(session: RtspSession, scratch: memoryview) -> RtspError:
    with pytest.raises(RtspError) as caught:
        await watch(session, scratch, pictures=1_000_000)
    return caught.value


def decoded_sizes(video_format: VideoFormat, units: Sequence[AccessUnit]) -> list[tuple[int, int]]:
    """Return the size of each picture that a decoder makes of the units, errors not forgiven."""
    decoder = av.CodecContext.create("hevc" if video_format.codec is Codec.H265 else "h264", "r")
    decoder.options = {"err_detect": "explode"}
    head = b"".join(b"\0\0\0\1" + nal for nal in video_format.parameter_sets)
    frames: list[Any] = []
    for number, unit in enumerate(units):
        data, at, annex_b = bytes(unit.data), 0, b"" if number else head
        while at < len(data):
            size = int.from_bytes(data[at : at + 4], "big")
            annex_b += b"\0\0\0\1" + data[at + 4 : at + 4 + size]
            at += 4 + size
        frames += decoder.decode(av.Packet(annex_b))
    return [(frame.width, frame.height) for frame in frames + decoder.decode(None)]


@pytest.mark.parametrize(
    ("options", "codec", "depth"),
    [
        ({"codec": "h264", "pattern": "snow", "kbps": 4000}, Codec.H264, 0),
        ({"codec": "h264", "bframes": 2}, Codec.H264, 2),
        ({"codec": "h265", "bframes": 2, "pattern": "snow", "kbps": 4000}, Codec.H265, 2),
        ({"codec": "h264", "auth": "basic"}, Codec.H264, 0),
    ],
)
async def test_every_picture_of_a_real_server_arrives_and_decodes(
    gst_camera: Callable[..., Any],
    scratch: memoryview,
    options: dict[str, str | int],
    codec: Codec,
    depth: int,
) -> None:
    camera = gst_camera(user="admin", password="s3cret pass", width=320, height=180, fps=50, gop=20, **options)

    session = await open_session(camera.address, user="admin", password="s3cret pass")
    units = await watch(session, scratch, pictures=70)
    video_format = session.format
    await session.close()

    assert video_format is not None
    assert (video_format.codec, video_format.width, video_format.height) == (codec, 320, 180)
    assert video_format.reorder_depth == depth
    assert units[0].is_sync and not any(unit.is_damaged for unit in units) and session.packets_lost == 0
    times = sorted(unit.rtp_time_90k for unit in units)
    whole = times[: len(times) - depth - 1]
    assert {later - earlier for earlier, later in itertools.pairwise(whole)} == {1800}
    assert decoded_sizes(video_format, units) == [(320, 180)] * len(units)


async def test_real_server_refuses_a_wrong_password(gst_camera: Callable[..., Any]) -> None:
    camera = gst_camera(user="admin", password="right")

    with pytest.raises(RtspError) as caught:
        await open_session(camera.address, user="admin", password="wrong")
    with pytest.raises(RtspError) as without:
        await open_session(camera.address)

    assert (caught.value.code, caught.value.facts["reason"]) == ("media.unauthorized", "credentials")
    assert (without.value.code, without.value.facts["reason"]) == ("media.unauthorized", "no_credentials")


async def test_real_server_without_that_path_is_named(gst_camera: Callable[..., Any]) -> None:
    camera = gst_camera()

    with pytest.raises(RtspError) as elsewhere:
        await open_session(camera.address.replace("/stream", "/other"))

    assert elsewhere.value.code == "media.not_found"


async def test_real_server_without_tcp_is_recorded_by_datagrams(
    gst_camera: Callable[..., Any], scratch: memoryview
) -> None:
    camera = gst_camera(transport="udp", codec="h264", pattern="snow", kbps=4000, width=320, height=180, fps=50, gop=20)

    session = await open_session(camera.address)
    units = await watch(session, scratch, pictures=70)
    video_format = session.format
    await session.close()

    assert video_format is not None and session.flaws["media.datagrams"] == 1
    assert units[0].is_sync and not any(unit.is_damaged for unit in units) and session.packets_lost == 0
    assert decoded_sizes(video_format, units) == [(320, 180)] * len(units)


async def test_real_server_takes_the_keep_alive(gst_camera: Callable[..., Any], scratch: memoryview) -> None:
    # Pictures of a packet or two: one cut by the leap of the clock would seem to last for forty seconds.
    camera = gst_camera(user="admin", password="right", width=64, height=48, kbps=50)
    clock = SimulatedClock(ticks.parse_iso("2026-11-22T08:00:00"))
    session = await open_session(camera.address, user="admin", password="right", clock=clock)

    await watch(session, scratch, pictures=5)
    clock.advance(ticks.from_seconds(40))
    units = await watch(session, scratch, pictures=20)
    await session.close()

    assert not any(unit.is_damaged for unit in units)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("absent", "media.refused"),
        ("mute", "media.silent"),
        ("wrong_password", "media.unauthorized"),
        ("redirect", "media.redirected"),
        ("not_found", "media.not_found"),
        ("no_tcp", "media.no_tcp"),
        ("no_video", "media.no_video"),
        ("unsupported", "media.unsupported_codec"),
        ("garbage", "media.malformed"),
        ("endless_headers", "media.oversized"),
        ("endless_body", "media.oversized"),
    ],
)
async def test_opening_names_what_the_camera_does(evil_camera: Callable[..., Any], behaviour: str, code: str) -> None:
    camera = evil_camera(behaviour=behaviour)

    started = time.monotonic()
    with pytest.raises(RtspError) as caught:
        await open_session(camera.address, user="admin", password="secret", timeout_s=0.5)

    assert caught.value.code == code
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("behaviour", "code", "pictures"),
    [
        ("garbage_stream", "media.malformed", 0),
        ("endless_picture", "media.oversized", 10),
        ("closing", "media.closed", 10),
        ("codec_change", "media.unsupported_codec", 10),
    ],
)
async def test_stream_that_goes_wrong_is_named_after_its_last_picture(
    evil_camera: Callable[..., Any], scratch: memoryview, behaviour: str, code: str, pictures: int
) -> None:
    camera = evil_camera(behaviour=behaviour, after=0.4)
    session = await open_session(camera.address)

    units = await watch(session, scratch, pictures=pictures)
    error = await trouble(session, scratch)
    await session.close()

    assert (error.code, len(units)) == (code, pictures)


async def test_codec_is_another_after_the_change(evil_camera: Callable[..., Any], scratch: memoryview) -> None:
    camera = evil_camera(behaviour="codec_change", after=0.2)
    first = await open_session(camera.address)
    await trouble(first, scratch)
    await first.close()

    second = await open_session(camera.address)
    units = await watch(second, scratch, pictures=5)
    await second.close()

    assert second.format is not None and second.format.codec is Codec.H265
    assert decoded_sizes(second.format, units) == [(64, 64)] * len(units)


async def test_format_change_loses_no_picture(evil_camera: Callable[..., Any], scratch: memoryview) -> None:
    camera = evil_camera(behaviour="format_change", after=0.5)
    session = await open_session(camera.address)
    before: list[AccessUnit] = []

    with pytest.raises(RtspError) as caught:
        while True:
            before += await watch(session, scratch, pictures=1)
    assert session.format is not None and session.format.width == 64
    session.accept_next_format()
    after = await watch(session, scratch, pictures=5)
    await session.close()

    assert caught.value.code == "media.format_changed"
    assert session.format.width == 96 and after[0].is_sync
    times = [unit.rtp_time_90k for unit in before + after]
    assert {later - earlier for earlier, later in itertools.pairwise(times)} == {3600}
    assert decoded_sizes(session.format, after) == [(96, 96)] * len(after)


async def test_missing_parameter_sets_are_named(evil_camera: Callable[..., Any], scratch: memoryview) -> None:
    camera = evil_camera(behaviour="no_parameter_sets")
    clock = SimulatedClock(0)
    session = await open_session(camera.address, clock=clock)

    while session.bytes_received < 7000:
        await asyncio.sleep(TICK_S)
        assert session.drain(scratch) == []
    clock.advance(ticks.from_seconds(4.1))
    error = await trouble(session, scratch)
    await session.close()

    assert error.code == "media.no_parameter_sets"


async def test_camera_that_keeps_to_little_is_understood(evil_camera: Callable[..., Any], scratch: memoryview) -> None:
    camera = evil_camera(behaviour="quirky")
    session = await open_session(camera.address)

    units = await watch(session, scratch, pictures=30)
    await session.close()

    assert session.format is not None
    assert not any(unit.is_damaged for unit in units) and session.packets_lost == 0
    assert decoded_sizes(session.format, units) == [(64, 64)] * len(units)


async def test_silent_camera_is_told_by_the_age_of_its_last_picture(
    evil_camera: Callable[..., Any], scratch: memoryview
) -> None:
    camera = evil_camera(behaviour="half_open", after=0.4)
    clock = SimulatedClock(0)
    session = await open_session(camera.address, clock=clock)

    await watch(session, scratch, pictures=10)
    seen_at = session.last_sample_90k
    clock.advance(ticks.from_seconds(6))

    assert session.drain(scratch) == [] and session.last_sample_90k == seen_at
    await session.close()


async def test_flood_is_read_within_the_bound_of_a_drain(evil_camera: Callable[..., Any], scratch: memoryview) -> None:
    camera = evil_camera(behaviour="flood", after=0)
    session = await open_session(camera.address)
    largest = total = 0

    for _ in range(10):
        await asyncio.sleep(TICK_S)
        before = session.bytes_received
        units = session.drain(scratch)
        largest = max(largest, session.bytes_received - before)
        total += sum(len(unit.data) for unit in units)
    await session.close()

    assert 0 < largest <= 4 * len(scratch) and total > 10 * 100_000


async def test_lossy_camera_marks_what_is_damaged(evil_camera: Callable[..., Any], scratch: memoryview) -> None:
    camera = evil_camera(behaviour="lossy")
    session = await open_session(camera.address)

    units = await watch(session, scratch, pictures=60)
    await session.close()

    assert session.packets_lost > 0 and any(unit.is_damaged for unit in units)
    assert any(not unit.is_damaged for unit in units)
