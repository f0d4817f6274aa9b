"""Simulated cameras over a real socket, played by our own client and by ffprobe."""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import AsyncIterator
from itertools import islice, pairwise

import pytest

from mingjian.base.clock import SystemClock
from mingjian.demo import scenes
from mingjian.demo.clips import GOP, Clip
from mingjian.demo.feed import Feed
from mingjian.demo.rtsp_server import Account, CameraServer
from mingjian.demo.scenes import FPS, SCENES
from mingjian.media import coding
from mingjian.media.rtsp import Credentials, RtspError, RtspSession, parse_address
from mingjian.media.samples import AccessUnit, Codec

ACCOUNT = Account(user="camera", password="pa:ss word")
LOOP_PICTURES = 2 * GOP


@pytest.fixture(scope="module")
def clips() -> dict[str, Clip]:
    """A two-second loop in each codec, so that a test sees the loop's end."""
    made = {}
    for codec in (Codec.H264, Codec.H265):
        drawn = islice(scenes.pictures(SCENES[0]), LOOP_PICTURES)
        fmt, samples = coding.encode_clip(drawn, codec=codec, fps=FPS, bitrate_bps=400_000, gop=GOP)
        made[codec.value] = Clip(format=fmt, samples=tuple(samples))
    return made


@contextlib.asynccontextmanager
async def serving(clips: dict[str, Clip], port: int) -> AsyncIterator[None]:
    feeds = {name: Feed(clip=clip, ssrc=number) for number, (name, clip) in enumerate(clips.items())}
    server = CameraServer(feeds=feeds, account=ACCOUNT)
    tasks = [asyncio.create_task(feed.run()) for feed in feeds.values()]
    tasks.append(asyncio.create_task(server.serve(host="127.0.0.1", port=port)))
    await asyncio.sleep(0.05)
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def open_session(port: int, path: str, password: str = ACCOUNT.password) -> RtspSession:
    return await RtspSession.open(
        address=parse_address(f"rtsp://127.0.0.1:{port}/{path}"),
        credentials=Credentials(ACCOUNT.user, password),
        clock=SystemClock(),
        addresses_allowed=lambda host, port: True,
    )


async def collect(session: RtspSession, count: int) -> list[AccessUnit]:
    scratch = memoryview(bytearray(1 << 20))
    units: list[AccessUnit] = []
    deadline_s = time.monotonic() + 10
    while len(units) < count:
        assert time.monotonic() < deadline_s
        units += session.drain(scratch)
        await asyncio.sleep(0.05)
    return units


@pytest.mark.parametrize("codec", [Codec.H264, Codec.H265])
@pytest.mark.asyncio
async def test_camera_plays_on_across_the_end_of_its_loop(clips: dict[str, Clip], port: int, codec: Codec) -> None:
    async with serving(clips, port):
        session = await open_session(port, codec.value)
        units = await collect(session, LOOP_PICTURES + GOP)
        claim_90k = session.camera_claim_90k
        await session.close()

    clip = clips[codec.value]
    assert session.format == clip.format
    assert units[0].is_sync
    assert not any(unit.is_damaged for unit in units)
    steps = {after.rtp_time_90k - before.rtp_time_90k for before, after in pairwise(units)}
    assert steps == {90_000 // FPS}
    start = next(n for n, (data, _) in enumerate(clip.samples) if data == bytes(units[0].data))
    expected = [clip.samples[(start + n) % LOOP_PICTURES][0] for n in range(len(units))]
    assert [bytes(unit.data) for unit in units] == expected
    assert claim_90k is not None
    assert abs(claim_90k - SystemClock().utc()) < 90_000


@pytest.mark.asyncio
async def test_camera_refuses_a_wrong_password(clips: dict[str, Clip], port: int) -> None:
    async with serving(clips, port):
        with pytest.raises(RtspError) as caught:
            await open_session(port, "h264", password="guess")
    assert caught.value.code == "media.unauthorized"


@pytest.mark.asyncio
async def test_camera_does_not_know_other_paths(clips: dict[str, Clip], port: int) -> None:
    async with serving(clips, port):
        with pytest.raises(RtspError) as caught:
            await open_session(port, "nowhere")
    assert caught.value.code == "media.not_found"


@pytest.mark.asyncio
async def test_foreign_client_sees_the_stream(clips: dict[str, Clip], port: int) -> None:
    command = ["ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-read_intervals", "%+1", "-count_packets"]
    command += ["-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0"]
    command.append(f"rtsp://camera:pa%3Ass%20word@127.0.0.1:{port}/h265")
    async with serving(clips, port):
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.strip() == "hevc,640,360"
