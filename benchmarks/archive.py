"""An index of ninety days of two hundred cameras: synthetic rows, and files where somebody will look.

A row per ten minutes, random ids as they are in life, a new run every eight hours after a gap of twenty seconds. Built
at the first call (a gigabyte, a minute or two) and kept in the folder for temporary files. The files of a chosen
recording are real: the table is whole, the media file has its full length and the bytes around the chosen instant.
"""

import os
import random
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.footage import FILE_S, START_90K, Film
from mingjian.base.ids import DeploymentId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.fmp4_writer import codec_string, fragment, init_segment
from mingjian.media.samples import Sample
from mingjian.recordings import database, days, fragments
from mingjian.recordings.model import FLAG_INIT, FLAG_SYNC_FIRST, Fragment, Recording, StreamKey, StreamRole

DAY_S = 86_400
RUN_S = 8 * 3_600
GAP_S = 20
AROUND_90K = 3 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Archive:
    """A volume's folder with such an index, and the streams in it."""

    path: Path
    days: int
    streams: tuple[StreamKey, ...]

    @property
    def end_90k(self) -> int:
        """Return where its footage ends."""
        return START_90K + self.days * DAY_S * TICKS_PER_S


def opened(*, cameras: int, days: int) -> Archive:
    """Return the archive of that size, built if there is none yet."""
    path = Path(tempfile.gettempdir()) / f"mingjian-bench-archive-{cameras}x{days}-v{database.SCHEMA_VERSION}"
    source = random.Random(cameras)  # noqa: S311 - the same archive every time
    ids = [_id(source) for _ in range(cameras)]
    archive = Archive(path, days, tuple(StreamKey(camera, StreamRole.MAIN, "video") for camera in ids))
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        (draft / "media").mkdir(parents=True)
        _build(draft / "index.db", archive, source)
        draft.replace(path)
    return archive


def _build(index: Path, archive: Archive, source: random.Random) -> None:
    connection = database.open_for_writing(index, deployment_id=DeploymentId(new_id()), volume_id=VolumeId(new_id()))
    connection.pragma("synchronous", "off")
    connection.pragma("cache_size", -1_500_000)
    film = Film.of("h264").format
    shape = (film.codec.value, codec_string(film), film.width, film.height)
    for number, stream in enumerate(archive.streams, start=1):
        with connection:
            connection.execute(
                "INSERT INTO stream VALUES (?, ?, 'main', 'video', ?, NULL, 0, 0)",
                (number, stream.camera_id, START_90K),
            )
            for begun_90k, run_id in _runs(archive, source):
                last_90k = begun_90k + (RUN_S - GAP_S) * TICKS_PER_S
                connection.execute(
                    "INSERT INTO run VALUES (?, ?, ?, ?, 'camera_silent', '', 1, ?, ?, ?, NULL, 'bench')",
                    (run_id, number, begun_90k, last_90k, shape[0], *shape[2:]),
                )
                connection.execute(
                    "INSERT INTO gap (stream_id, start_90k, end_90k, cause, detail) VALUES (?, ?, ?, ?, '')",
                    (number, last_90k, last_90k + GAP_S * TICKS_PER_S, "camera_silent"),
                )
                step_90k = FILE_S * TICKS_PER_S
                connection.executemany(
                    "INSERT INTO recording VALUES (?, ?, ?, 'closed', ?, ?, ?, ?, ?, ?, 3e8, 1200, 15000, '',"
                    " 0, '', '', 'bench', 1)",
                    (
                        (_id(source), run_id, number, start_90k, min(start_90k + step_90k, last_90k), *shape)
                        for start_90k in range(begun_90k, last_90k, step_90k)
                    ),
                )
    cursor = connection.cursor()
    while days.catch_up(cursor):
        pass
    connection.pragma("synchronous", "full")
    connection.close()


def _runs(archive: Archive, source: random.Random) -> Iterator[tuple[int, str]]:
    for start_s in range(0, archive.days * DAY_S, RUN_S):
        yield START_90K + start_s * TICKS_PER_S, _id(source)


def _id(source: random.Random) -> str:
    return str(uuid.UUID(int=source.getrandbits(128), version=4))


class Files:
    """Makes the files of chosen recordings, and takes them away again."""

    def __init__(self) -> None:
        film = Film.of("h264")
        self._init = init_segment(film.format)
        self._made: set[Path] = set()
        self._template = list(_template(film, len(self._init)))

    def make(self, recording: Recording, *, at_90k: int) -> None:
        """Write table and media of a recording, its bytes from three seconds before the instant to three after."""
        table, media = Path(recording.table_path), Path(recording.media_path)
        table.parent.mkdir(parents=True, exist_ok=True)
        self._made.add(table.parent)
        records = [fragments.encode_header()]
        with media.open("wb") as file:
            for shape, samples in self._template:
                start_90k = recording.start_90k + shape.first_dts_90k
                records.append(
                    fragments.encode_record(shape._replace(first_pts_90k=start_90k, first_dts_90k=start_90k))
                )
                file.seek(shape.offset)
                if shape.flags & FLAG_INIT:
                    file.write(self._init)
                elif abs(start_90k - at_90k) <= AROUND_90K:
                    moved = [_moved(sample, recording.start_90k) for sample in samples]
                    file.write(b"".join(fragment(sequence=1, samples=moved)))
            file.truncate(shape.offset + shape.length)
        table.write_bytes(b"".join(records))

    def remove(self) -> None:
        """Take away all files made."""
        for folder in self._made:
            shutil.rmtree(folder, ignore_errors=True)


def _template(film: Film, init_bytes: int) -> Iterator[tuple[Fragment, list[Sample]]]:
    """Yield records and samples of ten minutes that begin at zero."""
    yield Fragment(0, 0, 0, init_bytes, 0, 0, FLAG_INIT, bytes(32)), []
    offset = init_bytes
    for samples in film.fragments(start_90k=0, seconds=FILE_S):
        length = sum(map(len, fragment(sequence=1, samples=samples)))
        duration_90k = sum(sample.duration_90k for sample in samples)
        first, flags = samples[0].dts_90k, FLAG_SYNC_FIRST if samples[0].is_sync else 0
        yield Fragment(first, first, offset, length, duration_90k, len(samples), flags, bytes(32)), samples
        offset += length


def _moved(sample: Sample, by_90k: int) -> Sample:
    return sample._replace(dts_90k=sample.dts_90k + by_90k, pts_90k=sample.pts_90k + by_90k)
