"""Cameras that look at a clock: the time stands in every picture, in digits and in blocks that a machine reads back.

`python -m benchmarks.clock PORT MOUNTS` serves one picture, drawn and encoded in real time, under as many paths (`0`,
`1`, …): what two cameras show at one instant is the same. The time is that of the drawing, just before the encoder; 640
x 360, 25 pictures a second, a sync sample every two. 48 blocks, white for one: 41 bits of milliseconds since 1970, then
their remainder by 127, so that a picture half decoded is not taken for a time.
"""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction

from av.codec.context import CodecContext, Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from PIL import Image, ImageDraw, ImageFont

from mingjian.base.ticks import TICKS_PER_S
from mingjian.demo.clips import Clip
from mingjian.demo.feed import Feed
from mingjian.demo.rtsp_server import Account, CameraServer
from mingjian.media import annex_b, h264
from mingjian.media.samples import Codec

WIDTH, HEIGHT, FPS, GOP = 640, 360, 25, 50
COLUMNS, ROWS, BLOCK = 12, 4, 40
LEFT, TOP = 80, 160
TIME_BITS, CHECK = 41, 127
ACCOUNT = Account(user="camera", password="clock")  # noqa: S106 - of a camera on loopback that shows the time

# Reads the blocks of a <video>; returns milliseconds since 1970, or null where there is no whole clock.
READ_JS = f"""
(canvas, video) => {{
  const paper = canvas.getContext("2d", {{ willReadFrequently: true }});
  paper.drawImage(video, {LEFT}, {TOP}, {COLUMNS * BLOCK}, {ROWS * BLOCK}, 0, 0, {COLUMNS * 4}, {ROWS * 4});
  const {{ data }} = paper.getImageData(0, 0, {COLUMNS * 4}, {ROWS * 4});
  let value = 0, check = 0;
  for (let place = 0; place < {COLUMNS * ROWS}; place++) {{
    const x = (place % {COLUMNS}) * 4 + 1, y = Math.floor(place / {COLUMNS}) * 4 + 1;
    const bit = data[(y * {COLUMNS * 4} + x) * 4 + 1] > 127 ? 1 : 0;
    if (place < {TIME_BITS}) value = value * 2 + bit; else check = check * 2 + bit;
  }}
  return value % {CHECK} === check ? value : null;
}}
"""


def draw(ms: int) -> Image.Image:
    """Return the picture of this instant."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (40, 60, 90))
    pen = ImageDraw.Draw(image)
    text = time.strftime("%H:%M:%S", time.gmtime(ms / 1000))
    pen.text((80, 50), f"{text}.{ms % 1000:03d} UTC", font=ImageFont.load_default(48), fill=(255, 220, 120))
    for place, bit in enumerate(f"{ms:0{TIME_BITS}b}{ms % CHECK:07b}"):
        x, y = LEFT + place % COLUMNS * BLOCK, TOP + place // COLUMNS * BLOCK
        pen.rectangle((x, y, x + BLOCK - 1, y + BLOCK - 1), fill=(235,) * 3 if bit == "1" else (20,) * 3)
    return image


class ClockEncoder:
    """Encodes each picture at once, without looking ahead."""

    def __init__(self) -> None:
        encoder = CodecContext.create("libx264", "w")
        if not isinstance(encoder, VideoCodecContext):
            raise AssertionError("libx264 encodes video")
        encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
        encoder.gop_size, encoder.max_b_frames, encoder.bit_rate = GOP, 0, 1_000_000
        encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "scenecut=0:repeat-headers=0"}
        encoder.flags |= Flags.global_header
        encoder.open()
        self._encoder = encoder
        self.format = h264.format_of(list(annex_b.split_annex_b(encoder.extradata or b"")))

    def encode(self, ms: int, *, number: int) -> tuple[bytes, bool]:
        """Return the sample that shows this instant, and whether it is a sync sample."""
        frame = VideoFrame.from_image(draw(ms)).reformat(format="yuv420p")
        frame.pts, frame.pict_type = number, PictureType.NONE
        (packet,) = self._encoder.encode(frame)
        return annex_b.slices_of_stream(Codec.H264, bytes(packet)), packet.is_keyframe


async def _serve(port: int, mounts: int) -> None:
    encoder = ClockEncoder()
    clip = Clip(encoder.format, ())
    feeds = {str(number): Feed(clip=clip, ssrc=0xC10C0000 + number) for number in range(mounts)}
    serving = asyncio.create_task(CameraServer(feeds=feeds, account=ACCOUNT).serve(host="127.0.0.1", port=port))
    print("ready", flush=True)
    number = int(time.time() * FPS)
    while not serving.done():
        number += 1
        await asyncio.sleep(number / FPS - time.time())
        data, is_sync = encoder.encode(round(time.time() * 1000), number=number)
        for feed in feeds.values():
            feed.send(data, at_90k=number * TICKS_PER_S // FPS, is_sync=is_sync)
    serving.result()


@contextlib.contextmanager
def running(*, port: int, mounts: int) -> Iterator[int]:
    """Run the cameras as a process of their own; yield its id."""
    command = [sys.executable, "-m", "benchmarks.clock", str(port), str(mounts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or process.stdout.readline() != "ready\n":
        raise RuntimeError("the clock does not run")
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Serve until killed."""
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
