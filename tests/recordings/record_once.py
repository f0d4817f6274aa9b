"""A process that makes one recording on a volume (created when absent); with a second argument it never stops.

Prints the media file's path, then one line per fragment.
"""

import sys
from pathlib import Path

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.recordings import index as indexes
from mingjian.recordings.model import GapCause, RecordingOpened, RunStarted, StreamKey, StreamRole
from mingjian.recordings.volume import Volume, read_identity
from mingjian.recordings.writer import RecordingWriter

path = Path(sys.argv[1])
if not path.exists():
    Volume.create(path, deployment_id=ids.new_id(), volume_id=ids.new_id(), budget_bytes=0)
identity = read_identity(path)
volume = Volume.open(path, deployment_id=identity.deployment_id, volume_id=identity.volume_id)
stream = StreamKey(ids.new_id(), StreamRole.MAIN, "video")
run_id, recording_id = ids.new_id(), ids.new_id()
writer = RecordingWriter(
    volume=volume,
    stream=stream,
    run_id=run_id,
    recording_id=recording_id,
    init=(16).to_bytes(4, "big") + b"ftypiso6\0\0\0\0" + (8).to_bytes(4, "big") + b"moov",
)
print(writer.media_path, flush=True)
at_90k = 0
while at_90k < 10 * 45_000 or len(sys.argv) > 2:
    writer.append(
        [b"header", bytes(1000)], first_pts_90k=at_90k, first_dts_90k=at_90k, duration_90k=45_000, samples=1, flags=1
    )
    at_90k += 45_000
    print(at_90k, flush=True)
with indexes.keeping(volume, memory=path / "memory.json", host="test", epoch=1, clock=SystemClock()) as index:
    index.apply_many(
        [
            RunStarted(run_id, stream, 0, GapCause.RECORDER_DOWN, True, "h264", 16, 16, None, "w0"),
            RecordingOpened(recording_id, run_id, stream, 0, "h264", "avc1", 16, 16),
        ]
    )
    index.apply(writer.close())
