"""Viewers without a screen: media sockets that take in what they are sent and count it, and renew their right.

`python -m benchmarks.viewers` reads one JSON object from its standard input: `port`, `media_port`, `sessions` (keys of
web sessions), `viewers` (one id of a camera per viewer). Each viewer opens its camera with a lease asked for over the
console's socket, as a page does. Prints `ready` when all have been served; for each line read it prints as JSON the
bytes each has taken in so far. A line `stop` makes all of them stop reading, `go` lets them read again and keep what
comes. Ends with its standard input. As cheap as can be, so that the machine's time goes to whom it measures.
"""

import asyncio
import base64
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from websockets.asyncio.client import connect
from websockets.typing import Origin

from mingjian.media import fragments

READY_S = 60.0
_SMALL_BUFFER = 64 << 10
_SCRATCH = bytearray(1 << 20)
_MASK = bytes(4)


class Viewer(asyncio.BufferedProtocol):
    """One media socket: says what a player says, and only counts what it hears, until told to keep it."""

    def __init__(self, *, media_port: int, open_with: bytes) -> None:
        self._media_port, self._open_with = media_port, open_with
        self._line: asyncio.Transport | None = None
        self._is_open = False
        self._is_welcome = asyncio.Event()
        self.taken_bytes = 0
        self.kept: bytearray | None = None

    async def come(self) -> None:
        """Connect, if that has not been done: only who holds a grant already, for an address has few places without."""
        if self._line is None:
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._media_port)
            # What is said before the answer to the handshake is not heard.
            await self._is_welcome.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the WebSocket."""
        if not isinstance(transport, asyncio.Transport):
            raise AssertionError("a TCP connection")
        self._line = transport
        # What lies in a socket of ours is no memory of the server, but delays what its viewer misses.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * _SMALL_BUFFER)
        transport.write(self._open_with)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Lend the one buffer of all: what lies in it is of no interest."""
        return _SCRATCH

    def buffer_updated(self, nbytes: int) -> None:
        """Count."""
        self.taken_bytes += nbytes
        self._is_welcome.set()
        if self.kept is not None:
            self.kept += _SCRATCH[:nbytes]

    def say(self, **fields: object) -> None:
        """Send one message, masked with zeroes."""
        text = json.dumps(fields).encode()
        if self._line is not None and not self._line.is_closing():
            self._line.write(b"\x81" + struct.pack(">BH", 0x80 | 126, len(text)) + _MASK + text)

    def ask(self, token: str, camera: str) -> None:
        """Open the camera, or renew the right to it."""
        if self._is_open:
            self.say(type="lease", token=token)
        else:
            self._is_open = True
            self.say(type="open", token=token, camera=camera, mode="live", role="auto", codecs=["h264", "h265"])

    def pause(self) -> None:
        """Stop reading, and keep what comes later."""
        if self._line is not None:
            self._line.pause_reading()
            self.kept = bytearray()

    def go_on(self) -> None:
        """Read again."""
        if self._line is not None:
            self._line.resume_reading()


@dataclass(slots=True)
class Seat:
    """A viewer and the camera it wants."""

    camera: str
    viewer: Viewer


async def _lease(port: int, session: str, seats: list[Seat]) -> None:
    """Keep the right of all viewers of one web session."""
    wants = {"want": [{"kind": "live", "cameras": sorted({seat.camera for seat in seats})}]}
    async with connect(
        f"ws://127.0.0.1:{port}/leases",
        origin=Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": f"mingjian_session={session}"},
    ) as line:
        await line.send(json.dumps(wants))
        async for text in line:
            answer = json.loads(text)
            if "lease" not in answer:
                print(text, file=sys.stderr)
                continue
            for seat in seats:
                await seat.viewer.come()
                seat.viewer.ask(answer["lease"]["token"], seat.camera)


async def _serve(order: dict[str, object]) -> None:
    loop = asyncio.get_running_loop()
    port, media_port, sessions = int(str(order["port"])), int(str(order["media_port"])), list(order["sessions"])  # type: ignore[call-overload]
    seats: dict[str, list[Seat]] = {session: [] for session in sessions}
    for number, camera in enumerate(list(order["viewers"])):  # type: ignore[call-overload]
        session = sessions[number % len(sessions)]
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /media HTTP/1.1",
            f"Host: 127.0.0.1:{media_port}",
            f"Origin: http://127.0.0.1:{port}",
            f"Cookie: mingjian_session={session}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        )
        viewer = Viewer(media_port=media_port, open_with="\r\n".join((*lines, "", "")).encode())
        seats[session].append(Seat(camera, viewer))
    leases = [asyncio.create_task(_lease(port, session, held)) for session, held in seats.items() if held]
    viewers = [seat.viewer for held in seats.values() for seat in held]
    async with asyncio.timeout(READY_S):
        while any(viewer.taken_bytes < _SMALL_BUFFER for viewer in viewers):
            await asyncio.sleep(0.05)
    print("ready", flush=True)
    lines_in = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines_in), sys.stdin)
    while line := (await lines_in.readline()).decode().strip():
        for viewer in viewers:
            {"stop": viewer.pause, "go": viewer.go_on}.get(line, lambda: None)()
        told = {"taken": [viewer.taken_bytes for viewer in viewers]}
        if line == "pts":
            told["pts"] = [_first_times(bytes(viewer.kept or b"")) for viewer in viewers]
        print(json.dumps(told), flush=True)
    for lease in leases:
        lease.cancel()


def _first_times(kept: bytes) -> list[int]:
    """Return the first presentation time of each whole fragment in what was kept since the reading stopped."""
    start = kept.find(b"moof") - 4
    found: list[int] = []
    for _, payload in _frames(kept, start) if start >= 0 else ():
        if payload[4:8] == b"moof":
            found.append(fragments.read_fragment(payload)[0].pts_90k)
    return found


def _frames(kept: bytes, at_payload: int) -> Iterator[tuple[int, bytes]]:
    """Yield WebSocket frames (RFC 6455 §5.2, from a server: unmasked) from the one whose payload begins there."""
    at = at_payload - (10 if kept[max(0, at_payload - 10) : at_payload - 8] == b"\x82\x7f" else 4)
    while at + 10 <= len(kept):
        short = kept[at + 1]
        size, head = {126: (int.from_bytes(kept[at + 2 : at + 4], "big"), 4)}.get(short, (short, 2))
        if short == 127:
            size, head = int.from_bytes(kept[at + 2 : at + 10], "big"), 10
        if at + head + size > len(kept):
            return
        yield kept[at] & 15, kept[at + head : at + head + size]
        at += head + size


@dataclass(frozen=True, slots=True)
class Audience:
    """The viewers' process."""

    process: "subprocess.Popen[str]"

    @classmethod
    def seated(cls, *, port: int, media_port: int, sessions: Sequence[str], viewers: Sequence[str]) -> "Audience":
        """Start it and return once everybody has been served."""
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.viewers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError("pipes were asked for")
        order = {"port": port, "media_port": media_port, "sessions": list(sessions), "viewers": list(viewers)}
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("nobody was served")
        return cls(process)

    def tell(self, line: str) -> dict[str, list[int]]:
        """Say one line and return what it tells: bytes taken in, by viewer."""
        if self.process.stdin is None or self.process.stdout is None:
            raise AssertionError("pipes were asked for")
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        told: dict[str, list[int]] = json.loads(self.process.stdout.readline())
        return told

    def leave(self) -> None:
        """End it."""
        self.process.communicate(timeout=30)


def main() -> None:
    """Read the order, be the viewers."""
    asyncio.run(_serve(json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
