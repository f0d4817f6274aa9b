"""What serving live could cost at least, and what it costs a user of ffmpeg: the same pieces to as many viewers.

`python -m benchmarks.fan_out floor CLIP VIEWERS` is a bare asyncio server: half-second pieces of the clip, made before
it begins, written to everybody who connected, in real time; no file, no right, no receipt. `Peer.ffmpeg` is one process
of `ffmpeg -re -c copy` with an output of fragmented MP4 per viewer. Both send over TCP on loopback to `Drain`.
"""

import asyncio
import contextlib
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from benchmarks.clips import FPS, make_clip
from benchmarks.footage import Film
from mingjian.media.fmp4_writer import fragment

PIECE_S = 0.5


class Drain:
    """Takes in what comes over any number of connections, in a thread of the benchmark's process."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(self._listener.getsockname()[1])
        self.taken_bytes = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._loop.create_server(lambda: _Sink(self), sock=self._listener))
        self._loop.run_forever()

    def close(self) -> None:
        """Take in no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


class _Sink(asyncio.BufferedProtocol):
    def __init__(self, drain: Drain) -> None:
        self._drain = drain
        self._scratch = bytearray(256 << 10)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._scratch

    def buffer_updated(self, nbytes: int) -> None:
        self._drain.taken_bytes += nbytes


@contextlib.contextmanager
def floor(*, viewers: int, drain: Drain) -> Iterator[int]:
    """Run the bare server for so many viewers; yield its id."""
    command = [sys.executable, "-m", "benchmarks.fan_out", str(drain.port), str(viewers)]
    with _running(command) as pid:
        yield pid


@contextlib.contextmanager
def ffmpeg(*, viewers: int, drain: Drain) -> Iterator[int]:
    """Run one ffmpeg with so many outputs; yield its id."""
    form = ["-c", "copy", "-f", "mp4", "-movflags", "empty_moov+default_base_moof", "-frag_duration", "500000"]
    command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-framerate", str(FPS), "-i"]
    command += [str(make_clip("h264"))]
    for _ in range(viewers):
        command += [*form, f"tcp://127.0.0.1:{drain.port}"]
    with _running(command) as pid:
        yield pid


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[int]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


async def _send(port: int, viewers: int) -> None:
    film = Film.of("h264")
    seconds = len(film.pictures) // FPS
    pieces = [
        b"".join(fragment(sequence=number, samples=samples))
        for number, samples in enumerate(film.fragments(start_90k=0, seconds=seconds), start=1)
    ]
    framed = [b"\x82\x7f" + struct.pack(">Q", len(piece)) + piece for piece in pieces]
    lines = [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(viewers)]
    due = time.monotonic()
    while True:
        for data in framed:
            for line in lines:
                line.write(data)
            due += PIECE_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))


def main() -> None:
    """Be the floor."""
    asyncio.run(_send(int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
