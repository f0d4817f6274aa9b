"""Cameras whose pictures end: what they do instead."""

import asyncio
import itertools
import random

import pcm_h264
from rtp_packing import packets

from evil.connection import SIDE, TICKS_PER_S, Connection, ordinary_frames, ordinary_payloads
from evil.packets import control_frame, report

# One uncompromising picture of x265 (64 × 64, all grey): VPS, SPS, PPS, IDR. Made with
# ffmpeg -f lavfi -i color=gray:s=64x64 -frames:v 1 -c:v libx265 -x265-params info=0:keyint=1
H265 = tuple(
    bytes.fromhex(text)
    for text in (
        "40010c01ffff0408000003009fa800000300001eba024000",
        "42010104080000030" "09fa800000300001ea020810596ea4932bc05a02000000300200000030321",
        "4401c172b02240",
        "2801af78ebaefbfe7557cb4f",
    )
)  # fmt: skip


async def send_garbage(connection: Connection, time: int) -> None:
    source = random.Random(2)  # noqa: S311 - rubbish
    while True:
        await connection.send(source.randbytes(20_000))
        await asyncio.sleep(0.1)


async def fall_silent(connection: Connection, time: int) -> None:
    await connection.reader.read()


async def report_only(connection: Connection, time: int) -> None:
    """Say goodbye, and go on sending reports."""
    await connection.send(control_frame(b"\x81\xcb\x00\x01\x00\x00\x12\x34"))
    while True:
        await connection.send(report(ntp=0))
        await asyncio.sleep(1)


async def crawl(connection: Connection, time: int) -> None:
    """A line that has become too narrow: ten bytes a second."""
    unit = pcm_h264.sync_picture(SIDE, SIDE, 1)
    for byte in b"".join(connection.frame(payload, marker=0, time=time) for payload, _ in packets([unit])):
        await connection.send(bytes((byte,)))
        await asyncio.sleep(0.1)


async def close_midway(connection: Connection, time: int) -> None:
    unit = pcm_h264.sync_picture(SIDE, SIDE, 1)
    torn = [connection.frame(payload, marker=0, time=time) for payload, _ in packets([unit])]
    await connection.send(b"".join(torn[:2]) + torn[2][:300])
    connection.writer.close()


async def never_end_a_fragment(connection: Connection, time: int) -> None:
    await connection.send(connection.frame(b"\x7c\x85" + bytes(1000), marker=0, time=time))
    pieces = [b"\x7c\x05" + b"\xaa" * 1300] * 50
    while True:
        await connection.send(b"".join(connection.frame(piece, marker=0, time=time) for piece in pieces))
        await asyncio.sleep(0.005)


async def never_end_a_picture(connection: Connection, time: int) -> None:
    slices = [pcm_h264.repeat_picture(SIDE, SIDE, 1) + b"\x55" * 1300] * 50
    while True:
        await connection.send(b"".join(connection.frame(piece, marker=0, time=time) for piece in slices))
        await asyncio.sleep(0.005)


async def flood(connection: Connection, time: int) -> None:
    unit = pcm_h264.repeat_picture(SIDE, SIDE, 1) + bytes(25_000) + b"\x80"
    for count in itertools.count():
        await connection.send(ordinary_frames(connection, ordinary_payloads([unit]), time + count * 36))


async def send_nothing(connection: Connection, time: int) -> None:
    while True:
        await connection.send(b"$\x09\0\0" * 50_000)


async def answer_for_ever(connection: Connection, time: int) -> None:
    while True:
        await connection.send(b"RTSP/1.0 200 OK\r\n\r\n" * 5_000)


async def send_h265(connection: Connection, time: int) -> None:
    connection.camera.is_changed = True
    fps = connection.camera.fps
    for count in itertools.count():
        picture = list(packets(list(H265), is_h265=True))
        await connection.send(ordinary_frames(connection, picture, time + count * TICKS_PER_S // fps))
        await asyncio.sleep(1 / fps)


async def send_in_bursts(connection: Connection, time: int) -> None:
    """Two seconds of pictures at once, every two seconds."""
    fps = connection.camera.fps
    for first in itertools.count(0, 2 * fps):
        made = [connection.picture(n, time + n * TICKS_PER_S // fps) for n in range(first, first + 2 * fps)]
        await connection.send(b"".join(made))
        await asyncio.sleep(2)
