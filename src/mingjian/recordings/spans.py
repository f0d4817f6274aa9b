"""What the rows of one stream say of a window, by the stream's number: footage closed, holes in it, what was let go.

The one place of these questions: a reader's answer and the daily sums cannot differ.
"""

import apsw

from mingjian.recordings import coverage
from mingjian.recordings.coverage import Unbroken
from mingjian.recordings.model import StreamKey

# Recordings of a stream follow one another: of those that began before a window, the last few alone may reach into it.
# Without this bound each question would walk over the whole archive of the camera.
CLOSED_IN_WINDOW = (
    " FROM recording WHERE stream_id = ?1 AND state = 'closed' AND start_90k < ?3 AND end_90k > ?2"
    " AND start_90k >= ifnull((SELECT start_90k FROM recording WHERE stream_id = ?1 AND state = 'closed'"
    " AND start_90k <= ?2 ORDER BY start_90k DESC LIMIT 1 OFFSET 2), -9223372036854775808)"
)
_SPANS = "run_id, start_90k, end_90k" + CLOSED_IN_WINDOW + " ORDER BY start_90k"
_NAMED = "SELECT recording_id, " + _SPANS
_UNNAMED = "SELECT '', " + _SPANS


def number(connection: apsw.Connection, stream: StreamKey) -> int | None:
    """Return the number by which this index knows a stream, None when it does not."""
    names = (stream.camera_id, stream.role.value, stream.track)
    found = connection.execute("SELECT id FROM stream WHERE camera_id = ? AND role = ? AND track = ?", names)
    return next((int(row[0]) for row in found), None)


def closed(connection: apsw.Connection, stream_id: int, *, start_90k: int, end_90k: int) -> list[Unbroken]:
    """Return the closed footage that touches a window, in order; what one run recorded without a break is one."""
    window = (stream_id, start_90k, end_90k)
    holes = _holes(connection, window)
    # Names of thousands of files are worth leaving out where nobody looks at them.
    named = _NAMED if holes else _UNNAMED
    return coverage.unbroken(connection.execute(named, window), holes=holes)


def expired(connection: apsw.Connection, stream_id: int, *, start_90k: int, end_90k: int) -> list[tuple[int, int]]:
    """Return the spans of a window whose footage was deleted after its floor."""
    found = connection.execute(
        "SELECT start_90k, end_90k FROM expired WHERE stream_id = ?1 AND start_90k < ?3 AND end_90k > ?2"
        " ORDER BY start_90k",
        (stream_id, start_90k, end_90k),
    )
    return [(start, end) for start, end in found]


def _holes(connection: apsw.Connection, window: tuple[int, int, int]) -> dict[str, list[tuple[int, int]]]:
    found = connection.execute(
        # In this order: holes are few, recordings are not.
        "SELECT hole.recording_id, hole.start_90k, hole.end_90k FROM hole"
        " CROSS JOIN recording ON recording.recording_id = hole.recording_id"
        " WHERE stream_id = ?1 AND hole.start_90k < ?3 AND hole.end_90k > ?2",
        window,
    )
    holes: dict[str, list[tuple[int, int]]] = {}
    for recording_id, start, end in found:
        holes.setdefault(recording_id, []).append((start, end))
    return holes
