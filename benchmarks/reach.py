"""How many cameras the rig can play: plain readers that do nothing but count, as many as asked.

`./dev bench reach --cameras 50 100 200`. The readers drain their sockets five times a second into one buffer, without a
look at what comes. Before a recorder is blamed for what is missing, this must show the whole bit rate, hardly late.
"""

import argparse
import re
import socket
import time
from pathlib import Path

from benchmarks import accounting
from benchmarks.clips import CLIP_S, make_clip
from benchmarks.figures import metric, print_machine
from benchmarks.rig import running

TICK_S = 0.2
WARM_UP_S = 4.0
RECEIVE_BUFFER_BYTES = 2 << 20
LATE_BAR_MS = 40
_REQUEST = "{} rtsp://127.0.0.1:{}/{} RTSP/1.0\r\nCSeq: 1\r\n\r\n"


def main() -> None:
    """Read as many cameras as asked, and print how much of what was due came."""
    parser = argparse.ArgumentParser(prog="./dev bench reach", description=__doc__)
    parser.add_argument("--cameras", type=int, nargs="+", default=[200])
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--codec", choices=["h264", "h265"], default="h264")
    options = parser.parse_args()
    print_machine()
    clip = make_clip(options.codec)
    for cameras in options.cameras:
        _reach(clip, cameras=cameras, seconds=options.seconds)


def _reach(clip: Path, *, cameras: int, seconds: float) -> None:
    with running(clip) as rig:
        readers = [_playing(rig.port, number) for number in range(cameras)]
        _drain(readers, seconds=WARM_UP_S)
        rig.late_p99_ms()
        rig_before, own_before, begun = accounting.cpu_ns([rig.pid]), time.process_time(), time.monotonic()
        received = _drain(readers, seconds=seconds)
        wall_s = time.monotonic() - begun
        rig_cores = (accounting.cpu_ns([rig.pid]) - rig_before) / 1e9 / wall_s
        own_s = time.process_time() - own_before
        late_ms = rig.late_p99_ms()
        limited_ms = sum(accounting.receive_window_limited_ms(rig.port))
        for reader in readers:
            reader.close()
    # Without the headers of RTP, frame and fragment: about 18 bytes in 1,400.
    due = clip.stat().st_size / CLIP_S * wall_s * cameras
    metric(f"rig_share_of_bytes_due@{cameras}", received / due, "x", at_least=0.99)
    metric(f"rig_pictures_late_p99@{cameras}", late_ms, "ms", at_most=LATE_BAR_MS)
    metric(f"rig_cores@{cameras}", rig_cores, "cores")
    metric(f"rig_rwnd_limited@{cameras}", limited_ms, "ms")
    metric(f"reader_cpu_s_per_camera_minute@{cameras}", own_s / cameras / wall_s * 60, "s")


def _playing(port: int, number: int) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    connection.connect(("127.0.0.1", port))
    for method in ("SETUP", "PLAY"):
        connection.sendall(_REQUEST.format(method, port, number).encode())
        if not re.match(rb"RTSP/1.0 200", connection.recv(4096)):
            raise ConnectionError(method)
    connection.setblocking(False)
    return connection


def _drain(readers: list[socket.socket], *, seconds: float) -> int:
    """Read all for so long; return how many bytes came."""
    scratch = bytearray(4 << 20)
    received, due = 0, time.monotonic()
    until = due + seconds
    while due < until:
        for reader in readers:
            try:
                received += reader.recv_into(scratch)
            except BlockingIOError:
                continue
        due = max(due + TICK_S, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))
    return received


if __name__ == "__main__":
    main()
