"""The drawn scenes as coded clips: encoded once, kept as fragmented MP4 that any player opens."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mingjian.base.ticks import TICKS_PER_S
from mingjian.demo import scenes
from mingjian.demo.scenes import FPS, SCENES, Scene
from mingjian.host import process
from mingjian.media import coding, fmp4_reader, fmp4_writer, fragments
from mingjian.media.samples import Sample, VideoFormat

GOP = FPS
BITRATE_BPS = 200_000
# Raised whenever the drawing changes, so that an old clip is drawn again.
_EDITION = 1


@dataclass(frozen=True, slots=True)
class Clip:
    """One minute of a scene: its format and its samples, ten a second, in decoding order, looping seamlessly."""

    format: VideoFormat
    samples: tuple[tuple[bytes, bool], ...]


def ensure_all(folder: Path) -> None:
    """Draw and encode what is not there yet, on every core. Half-written clips never carry the final name."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [number for number, scene in enumerate(SCENES) if not path_of(folder, scene).exists()]
    if not missing:
        return
    # Without the initializer, painters would outlive one who was told to stop.
    painters = ProcessPoolExecutor(os.cpu_count(), initializer=process.die_with, initargs=(os.getpid(), signal.SIGTERM))
    with painters as pool:
        for _ in pool.map(_encode, [folder] * len(missing), missing):
            pass


def are_all_there(folder: Path) -> bool:
    """Say whether every scene has its clip."""
    return all(path_of(folder, scene).exists() for scene in SCENES)


def path_of(folder: Path, scene: Scene) -> Path:
    """Return where the scene's clip lies."""
    return folder / f"{scene.key}-{_EDITION}.mp4"


def load(path: Path) -> Clip:
    """Read a clip back."""
    data = path.read_bytes()
    with path.open("rb") as file:
        start = fmp4_reader.init_length(file)
        spans = list(fmp4_reader.fragment_lengths(file))
    read = [sample for offset, length in spans for sample in fragments.samples(data[offset : offset + length])]
    return Clip(
        format=fmp4_reader.format_of(data[:start]),
        samples=tuple((bytes(sample.data), sample.is_sync) for sample in read),
    )


def _encode(folder: Path, number: int) -> None:
    scene = SCENES[number]
    fmt, coded = coding.encode_clip(
        scenes.pictures(scene), codec=scene.codec, fps=FPS, bitrate_bps=BITRATE_BPS, gop=GOP
    )
    path = path_of(folder, scene)
    draft = path.with_suffix(f".{os.getpid()}.new")
    with draft.open("wb") as file:
        file.write(fmp4_writer.init_segment(fmt))
        for first in range(0, len(coded), GOP):
            file.writelines(fmp4_writer.fragment(sequence=first // GOP + 1, samples=_timed(coded, first)))
    draft.replace(path)


def _timed(coded: list[tuple[bytes, bool]], first: int) -> list[Sample]:
    tick = TICKS_PER_S // FPS
    group = coded[first : first + GOP]
    return [Sample(n * tick, n * tick, tick, data, is_sync) for n, (data, is_sync) in enumerate(group, first)]
