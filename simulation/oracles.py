"""What must hold, asked while a seed is played and once more at its end. Each violation names its invariant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mingjian.base.ids import VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.recorder.causes import StreamState
from mingjian.recordings.check import check
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Coverage, StreamKey, StreamRole
from mingjian.recordings.reader import IndexReader, Library
from mingjian.recordings.volume import Volume
from simulation.cameras import Camera
from simulation.control import Control
from simulation.faults import Doer
from simulation.host import Host

S = TICKS_PER_S
_LAST_REPORT = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'"
_NEWEST_REPORT = "SELECT id, kind, body, created_at_90k FROM outbox ORDER BY id DESC LIMIT 1"
_REPORT = "SELECT id, kind, body, created_at_90k FROM outbox WHERE id = ?"
SILENT_S = 10.0
KILL_TAIL_90K = S * 3 // 2
CUT_TAIL_90K = KILL_TAIL_90K + 2 * S


@dataclass(frozen=True, slots=True)
class Tail:
    """A stream that was being recorded when its worker died: which picture had come last, and how much may be lost."""

    stream: StreamKey
    last_90k: int
    bound_90k: int
    at_s: float


@dataclass(slots=True)
class Oracles:
    """The book of one seed."""

    host: Host
    control: Control
    doer: Doer
    cameras: dict[str, Camera]
    floor_90k: int
    violations: list[str] = field(default_factory=list)
    closed: dict[VolumeId, dict[str, tuple[int | None, str | None]]] = field(default_factory=dict)
    last_reports: dict[VolumeId, tuple[object, ...] | None] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    tails: list[Tail] = field(default_factory=list)
    quiet: dict[StreamKey, list[tuple[float, int]]] = field(default_factory=dict)
    reached_90k: int = 0
    bound_90k: int = KILL_TAIL_90K

    def violated(self, text: str) -> None:
        """Book a violation."""
        if text not in self.violations:
            self.violations.append(text)
            self.host.trace.say(f"VIOLATION {text}")

    def deleting(self, path: Path) -> None:
        """Invariant 5: a media file is about to go; by true time it must be past its floor, and nobody may hold it."""
        if path.suffix != ".mp4" or path.parent.parent.name != "media":
            return
        self.deleted.add(path.stem)
        volume_id = next(key for key, root in self.host.volumes.items() if root == path.parent.parent.parent)
        row = self._row(volume_id, path.stem)
        if row is None or row[0] == row[1]:
            return
        written_90k, timeline_90k = self.host.disk.written_90k[path.name]
        age_90k = self.host.truth.now_90k - written_90k + timeline_90k - row[1]
        if age_90k < self.floor_90k:
            self.violated(f"5: {path.stem[:8]} is deleted when {age_90k / S:.1f} s old, below the floor")
        for hold in self.control.plan.holds:
            is_promised = hold.hold_id in self.control.acknowledged and hold.hold_id not in self.control.released
            if is_promised and hold.camera_id == path.parent.name:
                if row[0] < hold.end_90k and hold.start_90k < row[1]:
                    self.violated(f"5: {path.stem[:8]} is deleted although {hold.hold_id[:8]} holds it")

    def _row(self, volume_id: VolumeId, recording_id: str) -> tuple[int, int] | None:
        with IndexReader(self.host.volumes[volume_id]) as reader:
            found = reader.recording(recording_id=recording_id)
        return None if found is None or found.end_90k is None else (found.start_90k, found.end_90k)

    def dying(self, name: str) -> None:
        """Remember what a process had promised when it died."""
        worker = self.host.workers.get(name)
        if worker is not None:
            self._note_tails(worker)
            return
        if self.host.is_up:
            self.note_closed()

    def note_closed(self) -> None:
        """Invariant 1: what a reader can see as closed now must be there at the end, unless the gate let it go."""
        for volume_id, path in self.host.volumes.items():
            if self.host.disk.devices[path].trouble.is_gone:
                continue
            try:
                with IndexReader(path) as reader:
                    if reader.meta("volume_id") != volume_id:
                        continue
                    rows = _closed(reader)
                    last = next(reader._connection.execute(_NEWEST_REPORT), None)
            except RecordingsError:
                continue
            self.last_reports[volume_id] = last
            self.closed.setdefault(volume_id, {}).update(rows)

    def expect_cut(self) -> None:
        """The power goes in this instant: of what is being written more may be lost than by a mere death."""
        self.bound_90k = CUT_TAIL_90K
        # Asked while everybody lives: between the deaths of one instant nobody opens an index that has lost its owner.
        self.note_closed()

    def after_cut(self) -> None:
        """Invariant 1, before salvage can mend anything: what a reader saw closed, and the newest report, are there."""
        for volume_id, path in self.host.volumes.items():
            if self.doer.is_out(path) or volume_id not in self.closed:
                continue
            try:
                with IndexReader(path) as reader:
                    found, noted = _closed(reader), self.last_reports.get(volume_id)
                    report = None if noted is None else next(reader._connection.execute(_REPORT, (noted[0],)), None)
            except RecordingsError as error:
                self.violated(f"1: the index of {volume_id[:8]} cannot be read after a power cut: {error.code}")
                continue
            lost = [key for key in self.closed[volume_id].keys() - found.keys() if key not in self.deleted]
            if lost:
                self.violated(f"1: {len(lost)} closed recordings are open or gone after a power cut")
            if noted is not None and report != noted:
                self.violated(f"1: report {noted[0]} of volume {volume_id[:8]} is gone after a power cut")

    def watch(self) -> None:
        """Once a second: the timeline, the states, and which seconds were quiet."""
        worker = self.host.workers.get("worker")
        life = self.host.lives.get("worker")
        if worker is None or life is None:
            return
        now_90k = worker._timeline.now()
        if now_90k < self.reached_90k:
            self.violated(f"timeline: goes back by {(self.reached_90k - now_90k) / S:.1f} s")
        self.reached_90k = max(self.reached_90k, now_90k)
        truth = self.host.truth
        if any(_is_full(path) for path in self.host.volumes.values()):
            # The keeper has stopped recording there for want of room: those seconds are gaps of the disk.
            self.doer.disturbed.append((truth.now_s - 3, truth.now_s + 20, None))
        for stream in worker._streams.values():
            camera = self.cameras[stream.target.address.split("//")[1].split(":")[0]]
            last_90k = camera.delivered[-1][1] if camera.delivered else 0
            silent_s = (truth.now_90k - max(last_90k, life.began_90k)) / S
            if silent_s > SILENT_S and stream.intake.state is StreamState.RECORDING:
                self.violated(f"8: {camera.address} is silent for {silent_s:.0f} s and said to be recorded")
            if silent_s < 1.2:
                self.quiet.setdefault(stream.target.stream, []).append((truth.now_s, now_90k))

    def _note_tails(self, worker: object) -> None:
        for stream in worker._streams.values():  # type: ignore[attr-defined]
            run, session = stream.intake.run, stream.session
            if run is None or session is None or run.start_90k is None:
                continue
            camera = self.cameras[stream.target.address.split("//")[1].split(":")[0]]
            last_90k = -run.clock.shortage(rtp_time_90k=camera.rtp_time(session._next - 1), earliest_90k=0)
            if last_90k - self.bound_90k > run.start_90k:
                tail = Tail(stream.target.stream, last_90k, self.bound_90k, self.host.truth.now_s)
                self.tails.append(tail)

    def finish(self) -> None:
        """Everything is well again and still: look at what is left."""
        self.violations += self.doer.violations
        for text in self.host.faults_met:
            self.violated(f"bug: {text}")
        for volume_id, path in self.host.volumes.items():
            self._check_volume(volume_id, path)
        self._check_reports()
        library = Library(volumes=list(self.host.volumes.values()))
        for planned in self.control.plan.cameras:
            stream = StreamKey(planned.camera_id, StreamRole.MAIN, "video")
            camera = self.cameras[planned.streams[0].address.split("//")[1].split(":")[0]]
            coverage = library.coverage(
                stream=stream,
                start_90k=planned.since_90k,
                end_90k=self.reached_90k,
                planned_since_90k=planned.since_90k,
                now_90k=self.reached_90k + 60 * S,
            )
            self._check_coverage(camera, stream, coverage, start_90k=planned.since_90k)

    def _check_volume(self, volume_id: VolumeId, path: Path) -> None:
        deployment_id = self.host.deployment.deployment_id
        volume = Volume.open(path, deployment_id=deployment_id, volume_id=volume_id, disk=self.host.disk)
        for finding in check(volume):
            self.violated(f"{finding.invariant}: {finding.code} {finding.subject[:30]} {finding.detail}")
        with IndexReader(path) as reader:
            found = _closed(reader)
        for recording_id, promised in self.closed.get(volume_id, {}).items():
            if recording_id not in self.deleted and found.get(recording_id) != promised:
                self.violated(f"1: closed recording {recording_id[:8]} is lost or another")

    def _check_reports(self) -> None:
        """Every report of an index reaches the ledger once."""
        for volume_id, path in self.host.volumes.items():
            with IndexReader(path) as reader:
                noted = self.last_reports.get(volume_id)
                if noted is not None:
                    now = next(reader._connection.execute(_REPORT, (noted[0],)), noted)
                    if now != noted:
                        self.violated(f"1: report {noted[0]} of volume {volume_id[:8]} was there and is another")
                series = reader.meta("series")
                (last_id,) = next(
                    reader._connection.execute(
                        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'"
                    ),
                    (0,),
                )
            told = [self.control.entries[series, number] for number in range(1, int(last_id) + 1)]
            for number, count in enumerate(told, start=1):
                if count != 1:
                    self.violated(f"reports: {number} of {last_id} of volume {volume_id[:8]} was told {count} times")
                    break

    def _check_coverage(self, camera: Camera, stream: StreamKey, coverage: Coverage, *, start_90k: int) -> None:
        present = sorted([(span.start_90k, span.end_90k) for span in coverage.footage] + list(coverage.expired))
        spans = sorted([*present, *((gap.start_90k, gap.end_90k) for gap in coverage.gaps)])
        at_90k = start_90k
        for first, last in spans:
            if first != at_90k:
                self.violated(f"4: {camera.address} has {'nothing' if first > at_90k else 'two things'} at {at_90k}")
            at_90k = max(at_90k, last)
        for tail in self.tails:
            if tail.stream == stream and not self._is_disturbed_otherwise(tail):
                wanted_90k = tail.last_90k - tail.bound_90k
                if not _is_in(present, wanted_90k):
                    self.violated(f"3: {camera.address} lost more than {tail.bound_90k / S} s at {tail.at_s:.2f} s")
        lost = [
            at_s
            for at_s, instant_90k in self.quiet.get(stream, [])
            if instant_90k < self.reached_90k - 20 * S
            and not self._is_disturbed(camera, at_s)
            and not _is_in(present, instant_90k - S)
        ]
        if lost:
            self.violated(
                f"4: {camera.address} was recorded and is not there at {lost[0]:.1f} s ({len(lost)} s in all)"
            )

    def _is_disturbed(self, camera: Camera, at_s: float) -> bool:
        return any(first <= at_s <= last and who in (None, camera.address) for first, last, who in self.doer.disturbed)

    def _is_disturbed_otherwise(self, tail: Tail) -> bool:
        """Say whether more than the worker's death was wrong then: other bounds hold for a disk that fails as well."""
        near = [span for span in self.doer.disturbed if span[0] <= tail.at_s <= span[1]]
        return len(near) > 1


def _closed(reader: IndexReader) -> dict[str, tuple[int | None, str | None]]:
    found = reader._connection.execute("SELECT recording_id, size_bytes, root FROM recording WHERE state = 'closed'")
    return {recording_id: (size_bytes, root) for recording_id, size_bytes, root in found}


def _is_full(path: Path) -> bool:
    try:
        return b'"full"' in (path / "level.json").read_bytes()
    except FileNotFoundError:
        return False


def _is_in(spans: Iterable[tuple[int, int]], instant_90k: int) -> bool:
    return any(first <= instant_90k <= last for first, last in spans)
