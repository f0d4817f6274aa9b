"""Short clips, encoded once per session, as a recorder would hold them: formats, samples, half-second fragments."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from mingjian.media import coding, fmp4_writer
from mingjian.media.samples import Codec, Sample, VideoFormat
from mingjian.media.timing import DecodeOrder

ORIGIN_90K = 1_764_000_000 * 90_000  # an evening in November 2025
STEP_90K = 3_600
PER_FRAGMENT = 12


@dataclass(frozen=True, slots=True)
class Clip:
    """Three seconds of 25 pictures, a sync sample every second; PTS from `origin_90k` in steps of `step_90k`."""

    fmt: VideoFormat
    init: bytes
    samples: tuple[Sample, ...]
    fragments: tuple[bytes, ...]
    origin_90k: int
    step_90k: int

    @property
    def file(self) -> bytes:
        """The clip as the recorder's file."""
        return self.init + b"".join(self.fragments)


def drawn(count: int, size: tuple[int, int]) -> Iterator[Image.Image]:
    """Yield pictures of a bar that moves over a ground that brightens."""
    width, height = size
    for number in range(count):
        image = Image.new("RGB", size, (20 + number, 60, 90))
        left = number * 5 % width
        ImageDraw.Draw(image).rectangle((left, 20, left + 40, height - 20), fill=(200, 255 - number, 40))
        yield image


@cache
def _clip(codec: Codec, reorder: int, size: tuple[int, int]) -> Clip:
    fmt, pictures = coding.encode_pictures(
        drawn(75, size), codec=codec, fps=25, bitrate_bps=300_000, gop=25, reorder=reorder
    )
    order = DecodeOrder(reorder_depth=fmt.reorder_depth)
    samples: list[Sample] = []
    for picture in pictures:
        pts_90k = ORIGIN_90K + picture.number * STEP_90K
        samples += order.push(pts_90k=pts_90k, data=picture.data, is_sync=picture.is_sync)
    samples += order.flush()
    fragments = tuple(
        b"".join(fmp4_writer.fragment(sequence=1 + at // PER_FRAGMENT, samples=samples[at : at + PER_FRAGMENT]))
        for at in range(0, len(samples), PER_FRAGMENT)
    )
    return Clip(fmt, fmp4_writer.init_segment(fmt), tuple(samples), fragments, ORIGIN_90K, STEP_90K)


@pytest.fixture(scope="session")
def clip_of() -> Callable[..., Clip]:
    """Return a maker of clips: codec, pictures reordered, size."""

    def make(codec: Codec, reorder: int = 0, size: tuple[int, int] = (320, 180)) -> Clip:
        return _clip(codec, reorder, size)

    return make


@pytest.fixture(
    scope="session",
    params=[(codec, reorder) for codec in (Codec.H264, Codec.H265) for reorder in (0, 2)],
    ids=lambda param: f"{param[0]}-{'reordered' if param[1] else 'plain'}",
)
def clip(request: pytest.FixtureRequest, clip_of: Callable[..., Clip]) -> Clip:
    """Each kind of stream that a camera may send."""
    return clip_of(*request.param)


@pytest.fixture
def ffprobe() -> Callable[[Path, str], dict[str, str]]:
    """Return Debian's ffprobe asked for entries of the only stream, all its frames decoded; it may not complain."""

    def ask(path: Path, entries: str) -> dict[str, str]:
        command = ["ffprobe", "-v", "warning", "-count_frames", "-select_streams", "v:0"]
        command += ["-show_entries", f"stream={entries}", "-of", "default=noprint_wrappers=1", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
        assert done.stderr == ""
        return dict(line.split("=", 1) for line in done.stdout.splitlines())

    return ask
