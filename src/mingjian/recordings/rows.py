"""How rows of the index become values: the columns asked for and their order, once for writer and readers."""

from collections.abc import Iterator
from pathlib import Path

import apsw

from mingjian.base.ids import CameraId, HoldId, RecordingId, RunId
from mingjian.base.ticks import Ticks90k
from mingjian.recordings.model import Hold, Recording, RecordingState, StreamKey, StreamRole

SELECT_RECORDING = (
    "SELECT recording.recording_id, run_id, camera_id, role, track, state, start_90k, end_90k, codec, codec_string,"
    " width, height, size_bytes, root, (SELECT group_concat(hole.start_90k || ' ' || hole.end_90k) FROM hole"
    " WHERE hole.recording_id = recording.recording_id) FROM recording JOIN stream ON stream.id = recording.stream_id "
)
SELECT_HOLD = "SELECT hold_id, camera_id, start_90k, end_90k, reason FROM hold "


def recordings(rows: apsw.Cursor, *, media: Path) -> Iterator[Recording]:
    """Turn rows of SELECT_RECORDING into values; `media` is the directory of the volume that holds the files."""
    for row in rows:
        stem = media / row[2] / row[0]
        yield Recording(
            recording_id=RecordingId(row[0]),
            run_id=RunId(row[1]),
            stream=StreamKey(camera_id=CameraId(row[2]), role=StreamRole(row[3]), track=row[4]),
            state=RecordingState(row[5]),
            start_90k=Ticks90k(row[6]),
            end_90k=None if row[7] is None else Ticks90k(row[7]),
            codec=row[8],
            codec_string=row[9],
            width=row[10],
            height=row[11],
            size_bytes=row[12],
            root=row[13],
            media_path=f"{stem}.mp4",
            table_path=f"{stem}.frg",
            holes=_holes(row[14]),
        )


def holds(rows: apsw.Cursor) -> Iterator[Hold]:
    """Turn rows of SELECT_HOLD into values."""
    for hold_id, camera_id, start_90k, end_90k, reason in rows:
        yield Hold(HoldId(hold_id), CameraId(camera_id), Ticks90k(start_90k), Ticks90k(end_90k), reason)


def stream_key(camera_id: str, role: str, track: str) -> StreamKey:
    """Return the value of a stream's three columns."""
    return StreamKey(camera_id=CameraId(camera_id), role=StreamRole(role), track=track)


def _holes(told: str | None) -> tuple[tuple[int, int], ...]:
    spans = (span.split() for span in told.split(",")) if told else ()
    return tuple((int(first), int(last)) for first, last in spans)
