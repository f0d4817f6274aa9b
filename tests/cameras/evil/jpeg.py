"""Cameras that have nothing but Motion JPEG (RFC 2435), and what may be wrong with it."""

import asyncio
import itertools

import rtp_jpeg

from evil.behaviour import Behaviour, Frames, Packets
from evil.connection import TICKS_PER_S, Connection
from evil.datagrams import in_datagrams_of, refuse_tcp

_TRACK = "m=video 0 RTP/AVP 26\r\na=control:trackID=0\r\n"
# Small enough that every picture comes in several pieces.
_ROOM = 200
_PICTURES = [rtp_jpeg.drawn(number, width=160, height=120, quality=90) for number in range(4)]
_WIDE = rtp_jpeg.drawn(0, width=320, height=120)
_MAIN_HEADER_BYTES = 8
_HOLLOW = bytes((0, 0, 0, 0, 1, 75, 255, 255)) + b"\x00" * 20


def described(connection: Connection) -> str:
    return _TRACK


def pieces_at(time: int) -> Packets:
    """Return the payloads of the picture of this time."""
    return rtp_jpeg.payloads(_PICTURES[time // TICKS_PER_S % len(_PICTURES)], room=_ROOM)


def sent(connection: Connection, pieces: Packets, time: int) -> bytes:
    return b"".join(
        connection.frame(payload, marker=marker, time=time, payload_type=rtp_jpeg.PAYLOAD_TYPE)
        for payload, marker in pieces
    )


def ordinary(connection: Connection, picture: Packets, time: int) -> bytes:
    return sent(connection, pieces_at(time), time)


def torn(connection: Connection, picture: Packets, time: int) -> bytes:
    """Every third picture lacks a piece."""
    plain = [sent(connection, [piece], time) for piece in pieces_at(time)]
    if (time * connection.camera.fps // TICKS_PER_S) % 3 == 0:
        del plain[1]
    return b"".join(plain)


def changed_header(at: int, value: int) -> Frames:
    """One byte of the main header is another in every packet."""

    def frames(connection: Connection, picture: Packets, time: int) -> bytes:
        pieces = [(p[:at] + bytes((value,)) + p[at + 1 :], marker) for p, marker in pieces_at(time)]
        return sent(connection, pieces, time)

    return frames


def without_tables(connection: Connection, picture: Packets, time: int) -> bytes:
    shown = _PICTURES[time // TICKS_PER_S % len(_PICTURES)]
    return sent(connection, rtp_jpeg.payloads(shown, quality=200, tables=b""), time)


def backwards(connection: Connection, picture: Packets, time: int) -> bytes:
    return sent(connection, pieces_at(time)[::-1], time)


def unmarked(connection: Connection, picture: Packets, time: int) -> bytes:
    return sent(connection, [(payload, 0) for payload, _ in pieces_at(time)], time)


def hollow(connection: Connection, picture: Packets, time: int) -> bytes:
    return sent(connection, [(_HOLLOW, 1)], time)


def of_two_sizes(connection: Connection, picture: Packets, time: int) -> bytes:
    number = time * connection.camera.fps // TICKS_PER_S
    return sent(connection, rtp_jpeg.payloads((_WIDE, _PICTURES[0])[number % 2]), time)


async def never_end(connection: Connection, time: int) -> None:
    """Open a picture and add to it for ever."""
    (opening, _), *_ = pieces_at(time)
    head = opening[4:_MAIN_HEADER_BYTES]
    await connection.send(sent(connection, [(bytes(4) + bytes((0, 75)) + head[2:] + bytes(1_000), 0)], time))
    for first in itertools.count(1_000, 500_000):
        offsets = range(first, first + 500_000, 1_000)
        await connection.send(
            sent(connection, [(offset.to_bytes(4, "big") + head + bytes(1_000), 0) for offset in offsets], time)
        )
        await asyncio.sleep(0.02)


BEHAVIOURS: dict[str, Behaviour] = {
    "jpeg": Behaviour("sends Motion JPEG only", flaw="mjpeg", media=described, frames=ordinary),
    "jpeg_udp": Behaviour(
        "sends Motion JPEG only, and over UDP only",
        flaw="udp",
        media=described,
        answers={"SETUP": refuse_tcp},
        frames=in_datagrams_of(ordinary),
    ),
    "jpeg_torn": Behaviour(
        "leaves a piece out of every third picture", flaw="media.packets_lost", media=described, frames=torn
    ),
    "jpeg_backwards": Behaviour(
        "sends the pieces of a picture from its end", "recorder.nothing_usable", media=described, frames=backwards
    ),
    "jpeg_no_tables": Behaviour(
        "never tells its quantization tables", "recorder.nothing_usable", media=described, frames=without_tables
    ),
    "jpeg_no_markers": Behaviour("never marks the end of a picture", media=described, frames=unmarked),
    "jpeg_fields": Behaviour(
        "sends pictures in two fields", "media.unsupported_codec", media=described, frames=changed_header(0, 1)
    ),
    "jpeg_other_type": Behaviour(
        "sends pictures of a type nobody defined",
        "media.unsupported_codec",
        media=described,
        frames=changed_header(4, 199),
    ),
    "jpeg_quality": Behaviour(
        "tells a quality that is reserved", "media.malformed", media=described, frames=changed_header(5, 0)
    ),
    "jpeg_hollow": Behaviour("sends pictures of four megapixels with nothing in them", media=described, frames=hollow),
    "jpeg_sizes": Behaviour(
        "changes the size with every picture", "recorder.unsteady", media=described, frames=of_two_sizes
    ),
    "jpeg_times_equal": Behaviour(
        "stamps all pictures with one time",
        "media.malformed",
        media=described,
        times=lambda number, ordinary: 7,
        frames=ordinary,
    ),
    "jpeg_endless": Behaviour("opens a picture that never ends", "media.oversized", media=described, turn=never_end),
}
