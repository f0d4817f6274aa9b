"""A process that records on a volume, for tests that trace or kill it: VOLUME INIT_FILE (once|for-ever|delete).

Makes the volume when it is absent. Prints the media file's path, then one line per fragment. `delete` lets the
recording go again through the gate; `for-ever` never closes it.
"""

import sys
from pathlib import Path

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.media.fmp4_writer import fragment
from mingjian.media.samples import Sample
from mingjian.recordings import deletion
from mingjian.recordings import index as indexes
from mingjian.recordings.gate import DeletionReason, Permit
from mingjian.recordings.index import PlannedStream
from mingjian.recordings.model import GapCause, RecordingOpened, RunEnded, RunStarted, StreamKey, StreamRole
from mingjian.recordings.volume import Volume, read_identity
from mingjian.recordings.writer import RecordingWriter

path, init_file, mode = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if not path.exists():
    Volume.create(path, deployment_id=ids.new_id(), volume_id=ids.new_id(), budget_bytes=0)
identity = read_identity(path)
volume = Volume.open(path, deployment_id=identity.deployment_id, volume_id=identity.volume_id)
stream = StreamKey(ids.new_id(), StreamRole.MAIN, "video")
run_id, recording_id = ids.new_id(), ids.new_id()
writer = RecordingWriter(
    volume=volume, stream=stream, run_id=run_id, recording_id=recording_id, init=init_file.read_bytes()
)
print(writer.media_path, flush=True)
at_90k = 0
while at_90k < 10 * 45_000 or mode == "for-ever":
    writer.append(
        fragment(sequence=1, samples=[Sample(at_90k, at_90k, 45_000, bytes(1000), True)]),
        first_pts_90k=at_90k,
        first_dts_90k=at_90k,
        duration_90k=45_000,
        samples=1,
        flags=1,
    )
    at_90k += 45_000
    print(at_90k, flush=True)
with indexes.keeping(volume, memory=path.with_name("memory.json"), host="t", epoch=1, clock=SystemClock()) as index:
    index.expect([PlannedStream(stream, 0, 0)])
    index.apply_many(
        [
            RunStarted(run_id, stream, 0, GapCause.RECORDER_DOWN, True, "h264", 16, 16, None, "w0"),
            RecordingOpened(recording_id, run_id, stream, 0, "h264", "avc1", 16, 16),
        ]
    )
    index.apply(writer.close())
    index.apply(RunEnded(run_id, stream, at_90k, GapCause.CAMERA_SILENT, "end"))
    if mode == "delete":
        (found,) = index.recordings("")
        permit = deletion.ask(index, found, reason=DeletionReason.PRESSURE, now_90k=at_90k)
        assert isinstance(permit, Permit)
        deletion.delete(index, found, permit=permit)
