"""A wall clock that steps by years and over the edges of summer time, in eight zones, while runs are really recorded.

The recorder's own code from pictures to index (intake, run, volume writer, keeper's duties, retention with a ceiling)
with an injected clock, so that hours pass in milliseconds; pictures are encoded here, files and index are real. In each
step a run is begun, the wall clock steps in the middle of it, and the keeper asks what may be deleted. Now and then the
host is started again, with whatever its clock then says.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from mingjian.base import ids, ticks
from mingjian.base.clock import SimulatedClock
from mingjian.base.ids import CameraId, DeploymentId, VolumeId
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.coding import encode_clip
from mingjian.media.samples import AccessUnit, Codec, VideoFormat
from mingjian.recorder import keeper_duties
from mingjian.recorder.intake import Intake
from mingjian.recorder.keeper_link import KeeperLink
from mingjian.recorder.outlet import Outlet
from mingjian.recorder.protocol import Hello
from mingjian.recorder.run_clock import JUMP_90K
from mingjian.recorder.surroundings import Surroundings
from mingjian.recorder.targets import Target
from mingjian.recorder.timeline import TRUSTED_WITHIN_90K, Timeline
from mingjian.recorder.timeline_clock import TimelineClock
from mingjian.recorder.volume_writer import Job, VolumeWriter
from mingjian.recordings import index as indexes
from mingjian.recordings import salvage
from mingjian.recordings.check import check
from mingjian.recordings.counted import CountedTime
from mingjian.recordings.index import Index
from mingjian.recordings.model import RecorderEvent, StreamKey, StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.recordings.retention import Retention
from mingjian.recordings.volume import Volume
from rigs.verdict import Verdict

ZONES = (
    *("Europe/London", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"),
    *("America/St_Johns", "Pacific/Apia", "Asia/Kolkata", "UTC"),
)
S = TICKS_PER_S
YEAR_90K = 365 * 86_400 * S
START_90K = 1_790_000_000 * S
FPS, BATCH = 10, 5
HALF_A_RUN_S = 3.0
CEILING_DAYS = 31.0
# Nothing here has to survive a power cut, and syncs of a busy disk would be most of the time.
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of its own within


@dataclass(slots=True)
class Tally:
    """What all steps so far showed."""

    steps: int = 0
    edges: int = 0
    pictures: int = 0
    recorded: int = 0
    deleted: int = 0
    runs: int = 0
    runs_untrusted: int = 0
    runs_marked_wrongly: int = 0
    findings: list[str] = field(default_factory=list)


def main() -> None:
    """Walk and tell."""
    parser = argparse.ArgumentParser(description=__doc__, prog="./dev clocks")
    parser.add_argument("--steps", type=int, default=200, help="in each zone")
    parser.add_argument("--zones", type=int, default=len(ZONES), help="how many of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeded", choices=["believes_wall"], help="plant a bug; the rig must then find it")
    options = parser.parse_args()
    if options.seeded:
        keeper_duties.instant_for_deletion = lambda *, clock, timeline, counted_90k, plan: clock.utc()
    verdict, tally, began_s = Verdict(), Tally(), time.monotonic()
    for number, zone in enumerate(ZONES[: options.zones]):
        os.environ["TZ"] = zone
        time.tzset()
        with tempfile.TemporaryDirectory(prefix="rig-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
            dice = random.Random(options.seed + number)  # noqa: S311  steps of a clock
            Walk(Path(folder), dice, tally, zone).walk(options.steps)
    verdict.note(f"{tally.edges} steps onto an edge of summer time, {time.monotonic() - began_s:.0f} s")
    for finding in tally.findings[:10]:
        verdict.note(f"  {finding}")
    verdict.judge_least("steps", tally.steps, "steps", at_least=options.steps * options.zones)
    verdict.judge_least("runs_clock_untrusted", tally.runs_untrusted, "runs", at_least=1)
    if options.seeded:
        verdict.judge_least("deleted_by_the_bug", tally.deleted, "recordings", at_least=1)
        verdict.finish()
    verdict.judge("pictures_lost", tally.pictures - tally.recorded, f"of {tally.pictures}", at_most=0)
    verdict.judge("recordings_deleted", tally.deleted, "recordings", at_most=0)
    verdict.judge("runs_marked_wrongly", tally.runs_marked_wrongly, f"of {tally.runs}", at_most=0)
    verdict.judge("findings", len(tally.findings), "overlaps and others", at_most=0)
    verdict.finish()


class _Inline:
    """Does a volume's jobs at once: no thread, so that no run of it differs from another."""

    def __init__(self, _: str, work: Callable[[list[Job]], Iterator[None]]) -> None:
        self._work = work

    def give(self, batch: list[Job]) -> None:
        for _ in self._work(batch):
            pass

    def finish(self, *, timeout_s: float) -> bool:
        del timeout_s
        return True


class _Line(KeeperLink):
    """A line to a keeper in the same process: what is sent is in the index on return."""

    def __init__(self, index: Index) -> None:
        super().__init__(socket_path=Path("/nowhere"), hello=Hello(worker="w0", session="rig"))
        self._index = index

    def send(self, event: RecorderEvent) -> None:
        self._index.apply(event)


class Walk:
    """One zone: one host, one volume, one camera."""

    def __init__(self, root: Path, dice: random.Random, tally: Tally, zone: str) -> None:
        self._root, self._dice, self._tally, self._zone = root, dice, tally, zone
        self._clock = SimulatedClock(START_90K, 1_000)
        self._is_synchronised = True
        self._boots = 0
        self._expected: dict[str, bool] = {}
        self._fed = self._counted = 0
        deployment_id, volume_id = DeploymentId(ids.new_id()), VolumeId(ids.new_id())
        Volume.create(root / "volume", deployment_id=deployment_id, volume_id=volume_id, budget_bytes=0)
        self._volume = Volume.open(root / "volume", deployment_id=deployment_id, volume_id=volume_id)
        camera_id = CameraId(ids.new_id())
        self._stream = StreamKey(camera_id, StreamRole.MAIN, "video")
        planned = PlannedCamera(
            camera_id, "camera", "north", 0, volume_id, (RtspStream(StreamRole.MAIN, "rtsp://x/", ""),), 30, 3,
            ticks.Ticks90k(START_90K),
        )  # fmt: skip
        self._plan = Plan(
            version=PLAN_VERSION, deployment_id=deployment_id, epoch=1, revision=1,
            issued_at_90k=ticks.Ticks90k(START_90K), cameras=(planned,),
            volumes=(PlannedVolume(volume_id, str(root / "volume"), 0),), holds=(), released_holds=(),
            allowed_networks=(), allowed_ports=(), is_demo=False, purge_ceiling_days=CEILING_DAYS,
        )  # fmt: skip
        self._format, self._pictures = clip()
        self._edges = list(_edges(zone))

    def walk(self, steps: int) -> None:
        """Take so many steps, then read everything that was recorded and judge it."""
        left = steps
        while left:
            taken = min(left, self._dice.randrange(10, 40))
            self._boot(taken)
            left -= taken
        findings = [f"{self._zone}: {found.code} {found.subject} {found.detail}" for found in check(self._volume)]
        self._tally.findings += findings
        self._tally.steps += steps

    def _boot(self, steps: int) -> None:
        """Start the host, take the steps, and stop it; its clock goes on or is set while it is off."""
        self._boots += 1
        utc_90k = self._clock.utc() + self._dice.randrange(3_600) * S
        if self._boots > 1:
            # Before NTP has been asked; whoever believes it then believes it for good, which is what NTP is for.
            self._is_synchronised = False
            utc_90k += self._dice.choice([0, self._dice.randrange(-10 * YEAR_90K, 10 * YEAR_90K)])
        self._clock = SimulatedClock(utc_90k, self._dice.randrange(60) * S)
        with ExitStack() as stack:
            kept, followed = self._timeline(), self._timeline()
            index = stack.enter_context(
                indexes.keeping(
                    self._volume,
                    memory=self._root / "memory" / "volume.json",
                    host="rig",
                    epoch=1,
                    clock=TimelineClock(timeline=kept, clock=self._clock),
                )
            )
            salvage.salvage(index)
            keeper_duties.adopt_plan(index, self._plan)
            intake, outlet = self._worker(index, followed)
            retention = Retention(index=index)
            counted = CountedTime(index=index, boot_id=kept.boot_id, monotonic=self._clock.monotonic)
            for _ in range(steps):
                self._step(kept, followed, intake, outlet)
                now_90k = keeper_duties.instant_for_deletion(
                    clock=self._clock,
                    timeline=kept,
                    counted_90k=counted.now(timeline_now=kept.now),
                    plan=self._plan,
                )
                keeper_duties.let_go(retention, plan=self._plan, now_90k=now_90k, timeline_90k=kept.now())
            intake.end("recorder.stopped")
            self._flush(outlet)
            self._judge(index)

    def _step(self, kept: Timeline, followed: Timeline, intake: Intake, outlet: Outlet) -> None:
        self._record(HALF_A_RUN_S, kept, followed, intake, outlet)
        self._move_wall()
        self._record(HALF_A_RUN_S, kept, followed, intake, outlet)
        intake.end("media.silent")
        self._flush(outlet)

    def _move_wall(self) -> None:
        """Step anywhere within ten years, onto an edge of summer time, or back to the truth of the timeline."""
        if self._edges and self._dice.random() < 0.3:
            edge_90k = self._dice.choice(self._edges)
            self._clock.step_wall(edge_90k - S - self._clock.utc())
            self._tally.edges += 1
        else:
            self._clock.step_wall(self._dice.randrange(-10 * YEAR_90K, 10 * YEAR_90K))
        if self._boots == 1:
            self._is_synchronised = self._dice.random() < 0.5

    def _record(self, seconds: float, kept: Timeline, followed: Timeline, intake: Intake, outlet: Outlet) -> None:
        for _ in range(round(seconds * FPS / BATCH)):
            units = []
            for place in range(BATCH):
                self._clock.advance(S // FPS)
                data, is_sync = self._pictures[place % len(self._pictures)]
                units.append((self._clock.monotonic(), data, is_sync))
            arrival_90k = self._clock.monotonic()
            kept.discipline()
            if followed.follow() > JUMP_90K:
                intake.end("recorder.clock_jump")
            before = intake.run
            intake.take(
                [AccessUnit(at_90k, arrival_90k, data, is_sync, False) for at_90k, data, is_sync in units],
                video_format=self._format,
                claim_90k=None,
            )
            self._fed += BATCH
            if intake.run is not None and intake.run is not before:
                is_near = abs(self._clock.utc() - followed.now()) <= TRUSTED_WITHIN_90K
                self._expected[intake.run.run_id] = is_near and self._is_synchronised
            self._flush(outlet)

    def _flush(self, outlet: Outlet) -> None:
        outlet.flush()
        if broken := outlet.collect():
            raise AssertionError(f"the volume let a run down: {broken}")

    def _worker(self, index: Index, followed: Timeline) -> tuple[Intake, Outlet]:
        writer = VolumeWriter(name="rig", open_volume=lambda: self._volume, clock=self._clock, hire=_Inline)
        volume_id = self._volume.identity.volume_id
        outlet = Outlet(volume_id=volume_id, writer=writer, link=_Line(index), clock=self._clock)
        around = Surroundings(
            worker="w0",
            clock=self._clock,
            timeline=followed,
            credentials_of=lambda _: None,
            addresses_allowed=lambda _host, _port: True,
            connect=_nobody,
        )
        target = Target(self._stream, "camera", "rtsp://x/", "", volume_id, 0)
        intake = Intake(target=target, home=outlet, outlets=[outlet], surroundings=around, earliest_90k=followed.now())
        return intake, outlet

    def _timeline(self) -> Timeline:
        return Timeline(
            path=self._root / "timeline.json",
            clock=self._clock,
            boot_id=f"boot {self._boots}",
            is_synchronised=lambda: self._is_synchronised,
        )

    def _judge(self, index: Index) -> None:
        with index.transaction() as cursor:
            (samples,) = next(cursor.execute("SELECT coalesce(sum(samples), 0) FROM recording WHERE state = 'closed'"))
            (deleted,) = next(cursor.execute("SELECT count(*) FROM outbox WHERE kind = 'recording_deleted'"))
            runs = dict(cursor.execute("SELECT run_id, is_clock_trusted FROM run"))
            cursor.execute("DELETE FROM outbox")
        tally = self._tally
        wrong = sum(bool(runs.get(run_id)) != trusted for run_id, trusted in self._expected.items())
        tally.runs += len(self._expected)
        tally.runs_marked_wrongly += wrong
        tally.runs_untrusted += sum(not trusted for trusted in self._expected.values())
        tally.deleted += deleted
        self._expected.clear()
        tally.recorded += samples - self._counted
        self._counted = samples
        tally.pictures += self._fed
        self._fed = 0


async def _nobody(**_: object) -> object:
    raise AssertionError("nothing is connected here")


def clip() -> tuple[VideoFormat, list[tuple[bytes, bool]]]:
    """Return as many pictures as come together, the first a sync sample."""
    images = [Image.new("RGB", (64, 48), (number * 40, 0, 90)) for number in range(BATCH)]
    return encode_clip(images, codec=Codec.H264, fps=FPS, bitrate_bps=100_000, gop=BATCH)


def _edges(zone: str) -> Iterator[int]:
    """Yield the instants of the years around at which this zone's clocks are put forward or back."""
    at = datetime(2018, 1, 1, tzinfo=UTC)
    civil = ZoneInfo(zone)
    while at.year < 2036:
        after = at + timedelta(hours=1)
        if at.astimezone(civil).utcoffset() != after.astimezone(civil).utcoffset():
            yield ticks.from_datetime(after)
        at = after


if __name__ == "__main__":
    main()
