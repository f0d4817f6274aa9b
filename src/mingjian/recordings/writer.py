"""One growing recording: fragments appended to its file, their records to its table, both made durable at the end.

The writer holds an exclusive flock on the media file while it grows; whoever finds the lock free knows that nobody
writes there any more, and may salvage. After any error the file is abandoned: no call is tried again on it.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from mingjian.base.ids import RecordingId, RunId
from mingjian.base.ticks import Ticks90k
from mingjian.ledger.merkle import TreeHasher
from mingjian.media.samples import Buffer
from mingjian.recordings import durable, fragments, identity
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.identity import FileIdentity
from mingjian.recordings.model import FLAG_INIT, Fragment, RecordingClosed, StreamKey
from mingjian.recordings.volume import Volume

_log = logging.getLogger(__name__)

_IOV_MAX = os.sysconf("SC_IOV_MAX")
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND


class RecordingWriter:
    """A recording that grows. Not for use by two threads at once."""

    def __init__(
        self, *, volume: Volume, stream: StreamKey, run_id: RunId, recording_id: RecordingId, init: bytes
    ) -> None:
        """Create the file and its table and write the init segment, marked with whose file it is.

        Raises RecordingsError `recordings.volume_missing`, `.volume_foreign`, `.volume_full`, `.write_failed`.
        """
        volume.require_present()
        volume.require_room()
        self.recording_id = recording_id
        self.run_id = run_id
        self.stream = stream
        self.media_path = volume.media_path(camera_id=stream.camera_id, recording_id=recording_id)
        self.table_path = volume.table_path(camera_id=stream.camera_id, recording_id=recording_id)
        self._root_directory = volume.media
        self._disk = volume.disk
        self._size_bytes = 0
        self._samples = 0
        self._records: list[Fragment] = []
        self._tree = TreeHasher()
        self._media = -1
        self._table = -1
        try:
            self._disk.mkdir(self.media_path.parent)
            self._media = self._disk.open(self.media_path, _NEW_FILE, 0o640)
            # The file is new and ours: at most `is_being_written` holds it, for the moment of its look.
            fcntl.flock(self._media, fcntl.LOCK_EX)
            self._table = self._disk.open(self.table_path, _NEW_FILE, 0o640)
            self._disk.write(self._table, fragments.encode_header())
        except OSError as error:
            raise self._given_up("recordings.write_failed", error) from error
        marked = identity.mark(
            init,
            FileIdentity(
                deployment_id=volume.identity.deployment_id,
                volume_id=volume.identity.volume_id,
                recording_id=recording_id,
                run_id=run_id,
                stream=stream,
            ),
        )
        self.append([marked], first_pts_90k=0, first_dts_90k=0, duration_90k=0, samples=0, flags=FLAG_INIT)

    @property
    def size_bytes(self) -> int:
        """Bytes of media written so far."""
        return self._size_bytes

    @property
    def is_abandoned(self) -> bool:
        """Say whether an error or `close` has ended the writing."""
        return self._media < 0

    def append(
        self,
        buffers: Sequence[Buffer],
        *,
        first_pts_90k: int,
        first_dts_90k: int,
        duration_90k: int,
        samples: int,
        flags: int,
    ) -> None:
        """Write one fragment with one call, then its record; from then on readers may use it.

        Raises RecordingsError("recordings.write_failed") also when fewer bytes than given were taken; the file is
        abandoned then, and the fragment must go to another one.
        """
        if self.is_abandoned:
            raise RecordingsError("recordings.abandoned", recording=self.recording_id)
        digest = hashlib.sha256()
        for buffer in buffers:
            digest.update(buffer)
        length = sum(len(buffer) for buffer in buffers)
        record = Fragment(
            first_pts_90k, first_dts_90k, self._size_bytes, length, duration_90k, samples, flags, digest.digest()
        )
        try:
            taken = sum(
                self._disk.writev(self._media, buffers[first : first + _IOV_MAX])
                for first in range(0, len(buffers), _IOV_MAX)
            )
            if taken == length:
                taken += self._disk.write(self._table, fragments.encode_record(record))
        except OSError as error:
            raise self._given_up("recordings.write_failed", error) from error
        if taken != length + fragments.RECORD_BYTES:
            raise self._given_up("recordings.write_failed", None)
        self._size_bytes += length
        self._samples += samples
        self._records.append(record)
        self._tree.append(record.sha256)

    def sync(self) -> None:
        """Make what was appended durable. Raises RecordingsError("recordings.sync_failed"); the file is abandoned."""
        if self.is_abandoned:
            raise RecordingsError("recordings.abandoned", recording=self.recording_id)
        try:
            self._disk.fdatasync(self._media)
            self._disk.fdatasync(self._table)
        except OSError as error:
            raise self._given_up("recordings.sync_failed", error) from error

    def close(self) -> RecordingClosed:
        """Make file, table and directories durable, in this order, and return what the index must say.

        Raises RecordingsError("recordings.sync_failed"): the file is abandoned, left to salvage, and never synced
        again, because a second fsync may report success for data that are gone.
        """
        if self.is_abandoned:
            raise RecordingsError("recordings.abandoned", recording=self.recording_id)
        try:
            self._disk.fsync(self._media)
            self._disk.fsync(self._table)
            durable.sync_directory(self.media_path.parent, disk=self._disk)
            durable.sync_directory(self._root_directory, disk=self._disk)
        except OSError as error:
            raise self._given_up("recordings.sync_failed", error) from error
        self._close_descriptors()
        start_90k, end_90k = fragments.span(self._records) or (0, 0)
        return RecordingClosed(
            recording_id=self.recording_id,
            run_id=self.run_id,
            stream=self.stream,
            start_90k=Ticks90k(start_90k),
            end_90k=Ticks90k(end_90k),
            size_bytes=self._size_bytes,
            fragments=len(self._records) - 1,
            samples=self._samples,
            root=self._tree.root().hex(),
            is_salvaged=False,
            holes=tuple(fragments.holes(self._records)),
        )

    def abandon(self) -> None:
        """Let go of the file as it is, without another write or sync; salvage takes it from here. Idempotent."""
        self._close_descriptors()

    def _given_up(self, code: str, error: OSError | None) -> RecordingsError:
        self._close_descriptors()
        _log.error(
            "recording abandoned",
            extra={"recording": self.recording_id, "camera": self.stream.camera_id, "code": code, "error": str(error)},
        )
        return RecordingsError(
            code,
            recording=self.recording_id,
            camera=self.stream.camera_id,
            offset=self._size_bytes,
            errno=error.errno if error else None,
        )

    def _close_descriptors(self) -> None:
        for descriptor in (self._media, self._table):
            if descriptor >= 0:
                self._disk.close(descriptor)
        self._media = self._table = -1


def is_being_written(media_path: Path) -> bool:
    """Say whether a writer, in whatever process, still holds this file."""
    descriptor = os.open(media_path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
