"""One unbroken session of one stream: pictures in, jobs for its volume's writer out. Pure but for fresh ids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from mingjian.base.ids import RecordingId, RunId, new_id
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media import fmp4_writer
from mingjian.media.samples import AccessUnit, Sample, VideoFormat
from mingjian.media.timing import DecodeOrder
from mingjian.recorder.fragmenting import Fragmenter
from mingjian.recorder.outlet import Outlet
from mingjian.recorder.recent import Recent
from mingjian.recorder.run_clock import RunClock
from mingjian.recorder.timeline import Timeline
from mingjian.recorder.volume_writer import AppendFragment, CloseFile, OpenFile
from mingjian.recordings.model import (
    FLAG_CLOCK_UNTRUSTED,
    FLAG_DAMAGED,
    FLAG_SYNC_FIRST,
    GapCause,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
)

FILE_90K = 600 * TICKS_PER_S
# Rotations of neighbouring slots lie this far apart, so that closing files (an fsync each) spreads over the period.
PHASE_STEP_90K = 7_919 * TICKS_PER_S // 1_000

_ARRIVAL = attrgetter("arrival_90k")


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """What the index must know about a run beside its pictures."""

    stream: StreamKey
    worker: str
    slot: int
    cause_before: GapCause
    camera_claim_90k: int | None


class Run:
    """The state between a camera's pictures and its files.

    The first picture must be a sync sample. A file begins with a sync sample and lasts about ten minutes; the
    boundaries of a slot's files always stand at the same phase, so that a restart does not bunch the rotations.
    """

    def __init__(
        self,
        *,
        origin: RunOrigin,
        video_format: VideoFormat,
        timeline: Timeline,
        clock: RunClock,
        outlet: Outlet,
        recent: Recent | None,
    ) -> None:
        """Begin. `recent` keeps what a move to another volume would need; None where there is no other."""
        self.run_id = RunId(new_id())
        self.origin = origin
        self.video_format = video_format
        self.clock = clock
        self.start_90k: int | None = None
        self.end_90k: int | None = None
        self._timeline = timeline
        self.outlet = outlet
        self._recent = recent
        self._phase_90k = origin.slot * PHASE_STEP_90K % FILE_90K
        self._order = DecodeOrder(reorder_depth=video_format.reorder_depth)
        self._fragmenter = Fragmenter()
        self._init = fmp4_writer.init_segment(video_format)
        self._codec_string = fmp4_writer.codec_string(video_format)
        self._recording_id: RecordingId | None = None
        self._file_number = -1
        self._sequence = 0
        self._is_damaged = False
        self._delay_90k = 0

    @property
    def times_repaired(self) -> int:
        """Pictures whose time-stamps had to be moved to keep decoding times growing."""
        return self._order.repaired

    def push(self, units: Sequence[AccessUnit]) -> int:
        """Take pictures in decoding order; return how many. Fewer than given: the camera's clock jumped there."""
        push = self._order.push
        samples: list[Sample] = []
        taken = 0
        for arrival_90k, together in groupby(units, key=_ARRIVAL):
            group = list(together)
            placed = self.clock.place(
                rtp_times_90k=[unit.rtp_time_90k for unit in group], arrival_90k=self._timeline.at(arrival_90k)
            )
            for unit, pts_90k in zip(group, placed, strict=False):
                samples += push(pts_90k=pts_90k, data=unit.data, is_sync=unit.is_sync)
                if unit.is_damaged:
                    self._is_damaged = True
            taken += len(placed)
            if len(placed) < len(group):
                break
        for fragment in self._fragmenter.push(samples):
            self._add_fragment(fragment)
        return taken

    def finish(self, *, cause: GapCause, detail: str) -> None:
        """Emit what is left to do: the last fragment, the close, the end of the run."""
        for group in [*self._fragmenter.push(self._order.flush()), *self._fragmenter.flush()]:
            self._add_fragment(group)
        self._close(cause=cause, detail=detail)

    def move(self, outlet: Outlet, *, detail: str) -> bool:
        """Go on as another run on another volume, from the last sync sample that the old one may not have kept.

        Says no when too much would have to be carried over; then nothing has changed.
        """
        kept = self._recent.fragments if self._recent is not None else []
        if not kept:
            return False
        self._close(cause=GapCause.DISK, detail=detail)
        self.outlet = outlet
        self.run_id = RunId(new_id())
        self.origin = replace(self.origin, cause_before=GapCause.DISK)
        self.start_90k = None
        self._next_file(kept[0].first_pts_90k)
        if self._recording_id is None:
            raise AssertionError("a file was just opened")
        self._recent = Recent()
        for fragment in kept:
            job = replace(fragment, run_id=self.run_id, recording_id=self._recording_id)
            outlet.take(job)
            self._recent.add(job, written_until_90k=0)
        return True

    def _close(self, *, cause: GapCause, detail: str) -> None:
        if self._recording_id is None or self.end_90k is None:
            return
        ended = RunEnded(self.run_id, self.origin.stream, Ticks90k(self.end_90k), cause, detail)
        self.outlet.take(CloseFile(self._recording_id, self.run_id, ended))
        self._recording_id = None

    def _add_fragment(self, samples: list[Sample]) -> None:
        first = samples[0]
        if first.is_sync:
            file_number = (first.pts_90k + self._phase_90k) // FILE_90K
            if file_number != self._file_number:
                self._file_number = file_number
                self._next_file(first.pts_90k)
        if self._recording_id is None:
            raise AssertionError("a run begins with a sync sample")
        self._sequence += 1
        buffers = fmp4_writer.fragment(sequence=self._sequence, samples=samples)
        last = samples[-1]
        flags = (FLAG_SYNC_FIRST if first.is_sync else 0) | (FLAG_DAMAGED if self._is_damaged else 0)
        if not self._timeline.is_trusted:
            flags |= FLAG_CLOCK_UNTRUSTED
        self._is_damaged = False
        duration_90k = last.dts_90k + last.duration_90k - first.dts_90k
        if first.is_sync:
            self._delay_90k = first.pts_90k - first.dts_90k
        # In presentation time, as readers of the table reckon: decoding end plus the delay of the sync sample.
        end_90k = first.dts_90k + duration_90k + self._delay_90k
        job = AppendFragment(
            recording_id=self._recording_id,
            run_id=self.run_id,
            buffers=buffers,
            size_bytes=sum(map(len, buffers)),
            first_pts_90k=first.pts_90k,
            first_dts_90k=first.dts_90k,
            duration_90k=duration_90k,
            samples=len(samples),
            flags=flags,
            end_90k=end_90k,
        )
        self.outlet.take(job)
        if self._recent is not None:
            self._recent.add(job, written_until_90k=self.outlet.written_until_90k(self.run_id))
        self.end_90k = max(self.end_90k or 0, end_90k)

    def _next_file(self, first_pts_90k: int) -> None:
        if self._recording_id is not None:
            self.outlet.take(CloseFile(self._recording_id, self.run_id, None))
        origin = self.origin
        video_format = self.video_format
        start_90k = Ticks90k(first_pts_90k)
        started = None
        if self.start_90k is None:
            self.start_90k = start_90k
            started = RunStarted(
                run_id=self.run_id,
                stream=origin.stream,
                start_90k=start_90k,
                cause_before=origin.cause_before,
                is_clock_trusted=self._timeline.is_trusted,
                codec=video_format.codec,
                width=video_format.width,
                height=video_format.height,
                camera_claim_90k=origin.camera_claim_90k,
                worker=origin.worker,
            )
        self._recording_id = RecordingId(new_id())
        self._sequence = 0
        opened = RecordingOpened(
            recording_id=self._recording_id,
            run_id=self.run_id,
            stream=origin.stream,
            start_90k=start_90k,
            codec=video_format.codec,
            codec_string=self._codec_string,
            width=video_format.width,
            height=video_format.height,
        )
        self.outlet.take(OpenFile(opened, self._init, started))
