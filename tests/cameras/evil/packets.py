"""RTP packets, their frames and RTCP reports that are not what they should be."""

import itertools
import struct
from collections.abc import Callable

from rtp_packing import framed, packets

from evil.behaviour import Frames, Packets, Payloads
from evil.connection import TICKS_PER_S, Connection, ordinary_frames
from evil.pictures import is_sync

START_CODE = b"\x00\x00\x00\x01"
_FRAGMENT = 28
_CONTROL_CHANNEL = 1


def in_pieces(size: int) -> Payloads:
    """Fragments of so many bytes, of everything that is larger."""

    def payloads(nals: list[bytes]) -> Packets:
        found: Packets = []
        for index, nal in enumerate(nals):
            is_last = index == len(nals) - 1
            if len(nal) <= size:
                found.append((nal, int(is_last)))
                continue
            starts = range(1, len(nal), size)
            for start in starts:
                control = (nal[0] & 31) | (0x80 if start == starts[0] else 0) | (0x40 if start == starts[-1] else 0)
                head = bytes(((nal[0] & 0xE0) | _FRAGMENT, control))
                found.append((head + nal[start : start + size], int(is_last and start == starts[-1])))
        return found

    return payloads


def without_control_bit(bit: int) -> Payloads:
    """Fragments that never say where a NAL unit begins (0x80) or ends (0x40)."""

    def payloads(nals: list[bytes]) -> Packets:
        return [
            (payload[:1] + bytes((payload[1] & ~bit,)) + payload[2:], marker)
            if payload[0] & 31 == _FRAGMENT
            else (payload, marker)
            for payload, marker in packets(nals)
        ]

    return payloads


def among_empty(*, is_fragment: int) -> Payloads:
    """Packets with nothing in them between those that have something."""

    def payloads(nals: list[bytes]) -> Packets:
        found: Packets = []
        for payload, marker in packets(nals):
            is_piece = payload[0] & 31 == _FRAGMENT
            if is_fragment and is_piece:
                found += (
                    [(payload, marker), (payload[:1] + bytes((payload[1] & 0x1F,)), 0)]
                    if not marker
                    else [(payload, marker)]
                )
            else:
                found += [(payload, marker)] if is_fragment else [(b"", 0), (payload, marker)]
        return found

    return payloads


def joined_in_fragments(nals: list[bytes]) -> Packets:
    """All NAL units of a picture as one, Annex B start codes between them."""
    return list(packets([START_CODE.join(nals)]))


def led_by_start_codes(nals: list[bytes]) -> Packets:
    """Each NAL unit that fits a packet with its start code before it."""
    return [(START_CODE + nal, 0) for nal in nals[:-1]] + list(packets(nals[-1:]))


def marked(*, on_message: int = 0, always: int = 0) -> Payloads:
    """Markers where they do not belong, or nowhere."""

    def payloads(nals: list[bytes]) -> Packets:
        plain = list(packets(nals, has_marker=False))
        if always:
            return [(payload, int(payload[0] & 31 != _FRAGMENT or payload[1] & 0x40 > 0)) for payload, _ in plain]
        if not on_message:
            return plain
        return [(payload, int(payload[0] & 31 == 6)) for payload, _ in plain[:-1]] + [(plain[-1][0], 1)]

    return payloads


def wrapped(before: bytes) -> Payloads:
    """A packet of this content before each sync sample."""

    def payloads(nals: list[bytes]) -> Packets:
        return [(before, 0), *packets(nals)] if is_sync(nals) else list(packets(nals))

    return payloads


def overrunning(nals: list[bytes]) -> Packets:
    """Aggregates whose last length reaches past the packet."""
    if not is_sync(nals):
        return list(packets(nals))
    *sets, picture = nals
    aggregate = b"\x78" + b"".join(len(nal).to_bytes(2, "big") + nal for nal in sets) + b"\xff\xff" + bytes(20)
    return [(aggregate, 0), *packets([picture])]


def with_empty_members(nals: list[bytes]) -> Packets:
    """Aggregates with members of no length at all."""
    if not is_sync(nals):
        return list(packets(nals))
    *sets, picture = nals
    aggregate = b"\x78" + b"".join(b"\0\0" + len(nal).to_bytes(2, "big") + nal for nal in sets) + b"\0\0"
    return [(aggregate, 0), *packets([picture])]


def leave_out(connection: Connection, picture: Packets, time: int) -> bytes:
    """Every fortieth packet is missing."""
    out = bytearray()
    for payload, marker in picture:
        packet = connection.frame(payload, marker=marker, time=time)
        if connection.sequence % 40:
            out += packet
    return bytes(out)


def exchange(connection: Connection, picture: Packets, time: int) -> bytes:
    """Each second packet before the first."""
    made = [connection.frame(payload, marker=marker, time=time) for payload, marker in picture]
    made[::2], made[1::2] = made[::2], made[1::2]
    pairs = [made[at : at + 2][::-1] for at in range(0, len(made), 2)]
    return b"".join(itertools.chain.from_iterable(pairs))


def repeat(connection: Connection, picture: Packets, time: int) -> bytes:
    """Each packet twice."""
    return b"".join(connection.frame(payload, marker=marker, time=time) * 2 for payload, marker in picture)


def around(*, before: bytes = b"", after: bytes = b"", only_sync: int = 0) -> Frames:
    """These bytes around a picture, or around sync samples only."""

    def frames(connection: Connection, picture: Packets, time: int) -> bytes:
        plain = ordinary_frames(connection, picture, time)
        return before + plain + after if not only_sync or len(picture) > 1 else plain

    return frames


def changed_frames(change: Callable[[bytes], bytes]) -> Frames:
    """Each frame changed by a function of its bytes."""

    def frames(connection: Connection, picture: Packets, time: int) -> bytes:
        return b"".join(change(connection.frame(payload, marker=marker, time=time)) for payload, marker in picture)

    return frames


def overlong(frame: bytes) -> bytes:
    """Announce a hundred bytes more than there are."""
    return frame[:2] + (len(frame) - 4 + 100).to_bytes(2, "big") + frame[4:]


def overpadded(frame: bytes) -> bytes:
    """Claim more padding than there is packet."""
    return frame[:4] + bytes((frame[4] | 0x20,)) + frame[5:-1] + b"\xff"


def overextended(frame: bytes) -> bytes:
    """Claim a header extension of 256 kB."""
    return frame[:4] + bytes((frame[4] | 0x10,)) + frame[5:16] + b"\xbe\xde\xff\xff" + frame[20:]


def of_version_one(frame: bytes) -> bytes:
    return frame[:4] + bytes((frame[4] & 0x3F | 0x40,)) + frame[5:]


def of_other_type(connection: Connection, picture: Packets, time: int) -> bytes:
    return b"".join(connection.frame(payload, marker=marker, time=time, payload_type=97) for payload, marker in picture)


def with_private_types(connection: Connection, picture: Packets, time: int) -> bytes:
    private = framed(b"private", sequence=7, time=time, marker=0, payload_type=50)
    return private + ordinary_frames(connection, picture, time) + private


def of_other_sources(connection: Connection, picture: Packets, time: int) -> bytes:
    """Another source of the same stream every two seconds."""
    plain = ordinary_frames(connection, picture, time)
    number = (time - (1 << 31)) // (2 * TICKS_PER_S)
    head, source = bytearray(plain), struct.pack(">I", number & 0xFFFFFFFF)
    at = 0
    while at < len(head):
        head[at + 12 : at + 16] = source
        at += 4 + int.from_bytes(head[at + 2 : at + 4], "big")
    return bytes(head)


def quirky(connection: Connection, picture: Packets, time: int) -> bytes:
    """No marker where it belongs, one where it does not, foreign channels, types and bytes in between."""
    out = bytearray()
    for payload, _ in picture:
        is_message = payload[0] & 31 == 6
        is_piece = payload[0] & 31 == _FRAGMENT
        odd = payload[:1] + bytes((payload[1] | 0x20,)) + payload[2:] if is_piece else payload
        out += connection.frame(odd, marker=int(is_message), time=time)
        out += b"\x00\x01\x02stray" if is_message else b""
    out += struct.pack(">BBH", 0x24, 9, 5) + b"other"
    return bytes(out + framed(b"private", sequence=7, time=time, marker=0, payload_type=50))


def control_frame(packet: bytes) -> bytes:
    return struct.pack(">BBH", 0x24, _CONTROL_CHANNEL, len(packet)) + packet


def report(*, ntp: int, source: int = 0x1234, rtp_time: int = 0) -> bytes:
    return control_frame(struct.pack(">BBHIQIII", 0x80, 200, 6, source, ntp, rtp_time, 0, 0))


def lying_reports(connection: Connection, picture: Packets, time: int) -> bytes:
    """A year off, before the epoch, of the far future, of others, and torn."""
    year = (2_208_988_800 + 1_700_000_000) << 32
    lies = [report(ntp=ntp, rtp_time=time & 0xFFFFFFFF) for ntp in (0, (1 << 64) - 1, year)]
    lies += [
        report(ntp=year, source=5),
        control_frame(b"\x80\xc8\x00\xff1234"),
        control_frame(b"\x80"),
        control_frame(b""),
    ]
    return ordinary_frames(connection, picture, time) + b"".join(lies)
