"""The coverage of a month of thousands of cameras, as an index holds it: daily sums, and a file that grows of each.

Their rows are not made: ten thousand cameras are forty million of them, on some tens of volumes. What is asked here is
asked of the sums alone; tests/recordings/test_days.py proves that these say what the rows say.
"""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import apsw

from mingjian.base.ids import CameraId, DeploymentId, VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recordings import database
from mingjian.recordings.days import DAY_90K, day_of
from mingjian.recordings.model import StreamKey, StreamRole
from mingjian.recordings.reader import Library

FIRST_90K = day_of(1_790_000_000 * TICKS_PER_S)


@contextmanager
def filled(*, cameras: int, days: int) -> Iterator[tuple[Library, list[StreamKey]]]:
    """Yield a library of one volume with so many cameras and so many days of sums."""
    dice = Random(cameras)  # noqa: S311 - the same every time
    names = [CameraId(str(uuid.UUID(int=dice.getrandbits(128), version=4))) for _ in range(cameras)]
    with tempfile.TemporaryDirectory(prefix="mj-months-") as folder:
        connection = database.open_for_writing(
            Path(folder) / "index.db", deployment_id=DeploymentId(new_id()), volume_id=VolumeId(new_id())
        )
        with connection:
            connection.executemany(
                "INSERT INTO stream (id, camera_id, role, track, planned_since_90k) VALUES (?, ?, 'main', 'video', ?)",
                ((number, name, FIRST_90K) for number, name in enumerate(names, start=1)),
            )
            connection.executemany(
                "INSERT INTO day VALUES (?, ?, ?, 0)",
                (
                    (number, FIRST_90K + day * DAY_90K, DAY_90K - dice.randrange(3_600 * TICKS_PER_S))
                    for number in range(1, cameras + 1)
                    for day in range(days)
                ),
            )
            _grow(connection, cameras=cameras, since_90k=FIRST_90K + days * DAY_90K, dice=dice)
        connection.close()
        yield (
            Library(volumes=[Path(folder)]),
            [StreamKey(camera_id=name, role=StreamRole.MAIN, track="video") for name in names],
        )


def ask(library: Library, streams: list[StreamKey], *, days: int) -> float:
    """Ask for the month of all cameras that ended this morning; return the share of it that was recorded."""
    end_90k = FIRST_90K + days * DAY_90K
    found = library.days(
        streams=dict.fromkeys(streams, FIRST_90K), start_90k=FIRST_90K, end_90k=end_90k, now_90k=end_90k + DAY_90K // 3
    )
    recorded_90k = sum(day.recorded_90k for totals in found.values() for day in totals)
    missing_90k = sum(day.missing_90k for totals in found.values() for day in totals)
    return recorded_90k / (recorded_90k + missing_90k)


def _grow(connection: apsw.Connection, *, cameras: int, since_90k: int, dice: Random) -> None:
    for number in range(1, cameras + 1):
        run_id, recording_id = (str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(2))
        connection.execute(
            "INSERT INTO run (run_id, stream_id, start_90k, is_clock_trusted, codec, width, height, worker)"
            " VALUES (?, ?, ?, 1, 'h264', 1920, 1080, 'bench')",
            (run_id, number, FIRST_90K),
        )
        connection.execute(
            "INSERT INTO recording (recording_id, run_id, stream_id, state, start_90k, codec, codec_string, width,"
            " height, host, epoch) VALUES (?, ?, ?, 'open', ?, 'h264', 'avc1.640028', 1920, 1080, 'bench', 1)",
            (recording_id, run_id, number, since_90k),
        )
