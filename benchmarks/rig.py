"""The sending side of the benchmarks: any number of RTSP/TCP cameras from one clip, paced by us.

Ten mounts play the same clip at ten phases. Each picture leaves at its own instant whoever reads or not, and takes as
long as it would on a camera's wire of 100 Mbit/s: it is cut into pieces of half a millisecond, about what a network
card hands over at once. (The kernel's own pacing, SO_MAX_PACING_RATE, is set too; alone it does not cut what is
shorter than 64 kB where the round trip is as short as on loopback.) Reads H.264 or H.265 with start codes, prints
`ready PORT`, serves until its standard input closes. A rig that cannot keep up is no camera: for each line read it
prints as JSON how many pictures have been how many milliseconds late since the line before.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import re
import socket
import struct
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clips import FPS

PHASES = 10
TICKS_PER_PICTURE = 90_000 // FPS
LARGEST_PAYLOAD = 1_400
WIRE_MBPS = 100
PENDING_BOUND = 16 << 20
PIECE_S = 0.0005
# Linux, not named by Python's socket module: bytes per second at which the kernel lets a connection send.
_SO_MAX_PACING_RATE = 47

_HEADER = struct.Struct(">cBHBBHII")


@dataclass(frozen=True, slots=True)
class Coding:
    """One codec's NAL units and how they ride in RTP (RFC 6184 §5.8, RFC 7798 §4.4.3)."""

    name: str
    header_bytes: int
    type_shift: int
    type_mask: int
    fragment_type: int
    slice_types: frozenset[int]
    set_names: dict[int, str]

    def type_of(self, unit: bytes) -> int:
        """Return the type of a NAL unit."""
        return (unit[0] >> self.type_shift) & self.type_mask

    def fragment_header(self, unit: bytes) -> bytes:
        """Return the payload header under which parts of this unit ride."""
        kept = unit[0] & ~(self.type_mask << self.type_shift) & 0xFF
        return bytes((kept | self.fragment_type << self.type_shift,)) + unit[1 : self.header_bytes]


CODINGS = {
    "h264": Coding("H264", 1, 0, 31, 28, frozenset((1, 5)), {7: "sps", 8: "pps"}),
    "h265": Coding("H265", 2, 1, 63, 49, frozenset(range(32)), {32: "vps", 33: "sps", 34: "pps"}),
}


def pictures_of(clip: bytes, coding: Coding) -> tuple[dict[str, bytes], list[bytes]]:
    """Return the parameter sets by name, and the slice of each picture; the clip has one per picture."""
    units = [unit.rstrip(b"\0") for unit in re.split(rb"\x00\x00\x00?\x01", clip)[1:]]
    names = coding.set_names
    sets = {names[coding.type_of(unit)]: unit for unit in units if coding.type_of(unit) in names}
    return sets, [unit for unit in units if coding.type_of(unit) in coding.slice_types]


def framed(unit: bytes, ssrc: int, coding: Coding) -> tuple[bytearray, list[int]]:
    """Return a picture as interleaved RTP packets and where each begins; time and sequence are put in later."""
    payloads = [unit]
    if len(unit) > LARGEST_PAYLOAD:
        head, body = coding.fragment_header(unit), unit[coding.header_bytes :]
        step, kind = LARGEST_PAYLOAD - len(head) - 1, coding.type_of(unit)
        payloads = [
            head
            + bytes(((0x80 if at == 0 else 0) | (0x40 if at + step >= len(body) else 0) | kind,))
            + body[at : at + step]
            for at in range(0, len(body), step)
        ]
    data, places = bytearray(), []
    for number, payload in enumerate(payloads):
        places.append(len(data))
        marker = 0x80 if number == len(payloads) - 1 else 0
        data += _HEADER.pack(b"$", 0, 12 + len(payload), 0x80, marker | 96, 0, 0, ssrc)
        data += payload
    return data, places


class Mount:
    """One phase of the clip and everyone who reads it."""

    def __init__(self, pictures: list[bytes], phase: int, *, piece_bytes: int, coding: Coding) -> None:
        self.clients: set[Client] = set()
        self._pictures = [framed(unit, 0x1000 + phase, coding) for unit in pictures]
        self._number = phase * len(pictures) // PHASES
        self._sequence = 0
        self._piece_bytes = piece_bytes
        self._pieces: deque[memoryview] = deque()

    def begin_next(self) -> None:
        """Put the next picture on the wire, behind what is still on it."""
        data, places = self._pictures[self._number % len(self._pictures)]
        time = self._number * TICKS_PER_PICTURE & 0xFFFFFFFF
        for place in places:
            struct.pack_into(">HI", data, place + 6, self._sequence & 0xFFFF, time)
            self._sequence += 1
        self._number += 1
        view, start = memoryview(data), 0
        for following in [*places[1:], len(data)]:
            if following - start >= self._piece_bytes or following == len(data):
                self._pieces.append(view[start:following])
                start = following

    def send_piece(self) -> None:
        """Send what the wire carries in half a millisecond."""
        if self._pieces:
            piece = self._pieces.popleft()
            for client in list(self.clients):
                client.send(piece)


class Client:
    """One connection: a dialogue, then pictures from its mount."""

    def __init__(self, connection: socket.socket, rig: "Rig") -> None:
        self._socket = connection
        self._rig = rig
        self._pending = bytearray()
        self._mount: Mount | None = None

    async def serve(self) -> None:
        """Answer until the client goes."""
        loop = asyncio.get_running_loop()
        received = b""
        try:
            while chunk := await loop.sock_recv(self._socket, 4096):
                received += chunk
                while b"\r\n\r\n" in received:
                    request, _, received = received.partition(b"\r\n\r\n")
                    self.send(self._answer(request.decode("ascii", "replace").lstrip("\0")))
        except OSError:
            pass
        finally:
            if self._mount is not None:
                self._mount.clients.discard(self)
            self._socket.close()

    def send(self, data: bytes | memoryview) -> None:
        """Send what the socket takes, keep the rest; a client that never reads is let go."""
        try:
            if self._pending:
                self._pending += data
                sent = self._socket.send(self._pending)
                del self._pending[:sent]
            else:
                sent = self._socket.send(data)
                if sent < len(data):
                    self._pending += data[sent:]
        except BlockingIOError:
            if not self._pending:
                self._pending += data
        except OSError:
            self._pending.clear()
        if len(self._pending) > PENDING_BOUND:
            self._socket.shutdown(socket.SHUT_RDWR)

    def _answer(self, request: str) -> bytes:
        method, url, *_ = request.split()
        sequence = re.search(r"^CSeq:\s*(\d+)", request, re.IGNORECASE | re.MULTILINE)
        lines = ["RTSP/1.0 200 OK", f"CSeq: {sequence[1] if sequence else 0}"]
        body = ""
        if method == "OPTIONS":
            lines.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER")
        elif method == "DESCRIBE":
            body = self._rig.description
            lines += ["Content-Type: application/sdp", f"Content-Base: {url}/", f"Content-Length: {len(body)}"]
        elif method == "SETUP":
            lines += ["Session: 1;timeout=600", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"]
        elif method == "PLAY":
            lines.append("Session: 1")
            number = re.search(r"/(\d+)", url.partition("://")[2])
            self._mount = self._rig.mounts[int(number[1]) % PHASES if number else 0]
            self._mount.clients.add(self)
        else:
            lines.append("Session: 1")
        return "\r\n".join([*lines, "", body]).encode()


class Rig:
    """The listening socket and the ten mounts."""

    def __init__(self, clip: bytes, *, coding: Coding, wire_mbps: int) -> None:
        sets, pictures = pictures_of(clip, coding)
        self.lateness_ms: Counter[int] = Counter()
        self._wire_bytes_per_s = wire_mbps * 125_000
        piece_bytes = round(self._wire_bytes_per_s * PIECE_S)
        self.mounts = [Mount(pictures, phase, piece_bytes=piece_bytes, coding=coding) for phase in range(PHASES)]
        told = {name: base64.b64encode(unit).decode() for name, unit in sets.items()}
        if coding is CODINGS["h264"]:
            described = f"packetization-mode=1;sprop-parameter-sets={told['sps']},{told['pps']}"
        else:
            described = ";".join(f"sprop-{name}={unit}" for name, unit in told.items())
        self.description = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=rig\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\n"
            f"a=rtpmap:96 {coding.name}/90000\r\na=fmtp:96 {described}\r\na=control:track\r\n"
        )

    async def serve(self, listener: socket.socket) -> None:
        """Accept and play until standard input closes."""
        loop = asyncio.get_running_loop()
        over = asyncio.Event()
        loop.add_reader(sys.stdin.fileno(), self._told, over)
        tasks = [asyncio.create_task(self._accept(listener)), asyncio.create_task(self._play())]
        await over.wait()
        for task in tasks:
            task.cancel()

    def _told(self, over: asyncio.Event) -> None:
        """Tell how late pictures were since the last line; at the end of standard input, end."""
        if not os.read(sys.stdin.fileno(), 4096):
            over.set()
        print(json.dumps(self.lateness_ms), flush=True)
        self.lateness_ms.clear()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        conversations = set()
        while True:
            connection, _ = await loop.sock_accept(listener)
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, _SO_MAX_PACING_RATE, self._wire_bytes_per_s)
            conversation = asyncio.create_task(Client(connection, self).serve())
            conversations.add(conversation)
            conversation.add_done_callback(conversations.discard)

    async def _play(self) -> None:
        loop = asyncio.get_running_loop()
        pieces_per_turn = round(1 / (FPS * PHASES * PIECE_S))
        due, number = loop.time(), 0
        while True:
            if number % pieces_per_turn == 0:
                self.mounts[number // pieces_per_turn % PHASES].begin_next()
                self.lateness_ms[max(0, int((loop.time() - due) * 1000))] += 1
            for mount in self.mounts:
                mount.send_piece()
            number += 1
            due += PIECE_S
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            elif number % pieces_per_turn == 0:
                await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class RunningRig:
    """The rig's process."""

    process: "subprocess.Popen[str]"
    port: int

    @property
    def pid(self) -> int:
        """Return its id."""
        return self.process.pid

    def late_p99_ms(self) -> int:
        """Return by how much all but a hundredth of the pictures since the last call were late at most."""
        if self.process.stdin is None or self.process.stdout is None:
            raise AssertionError("pipes were asked for")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        told = {int(late): count for late, count in json.loads(self.process.stdout.readline()).items()}
        left = sum(told.values()) // 100
        for late, count in sorted(told.items(), reverse=True):
            left -= count
            if left < 0:
                return late
        return 0


@contextlib.contextmanager
def running(clip: Path, *, wire_mbps: int = WIRE_MBPS, port: int = 0) -> Iterator[RunningRig]:
    """Run the cameras as a process of their own, on any free port or this one."""
    command = [sys.executable, "-m", "benchmarks.rig", str(clip), "--wire-mbps", str(wire_mbps), "--port", str(port)]
    sender = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if sender.stdout is None:
        raise AssertionError("a pipe was asked for")
    try:
        yield RunningRig(sender, int(sender.stdout.readline().split()[1]))
    finally:
        sender.communicate(timeout=30)


def main() -> None:
    """Serve the clip named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--wire-mbps", type=int, default=WIRE_MBPS)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1448)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", options.port))
    listener.listen(1024)
    listener.setblocking(False)
    print(f"ready {listener.getsockname()[1]}", flush=True)
    coding = CODINGS[options.clip.suffix.removeprefix(".")]
    rig = Rig(options.clip.read_bytes(), coding=coding, wire_mbps=options.wire_mbps)
    asyncio.run(rig.serve(listener))


if __name__ == "__main__":
    main()
