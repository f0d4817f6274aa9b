"""The keeper process of one volume: owns its index, its syncing, its holds and the deletion of what may go."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mingjian.base.clock import Clock, SystemClock
from mingjian.base.ids import VolumeId
from mingjian.host import deployment as deployments
from mingjian.host.home import Home
from mingjian.recorder import idle_thread, keeper_duties, timeline
from mingjian.recorder.event_server import EventServer
from mingjian.recorder.file_system import FileSystem
from mingjian.recorder.plan_source import PlanSource
from mingjian.recorder.pulse import Pulse
from mingjian.recorder.timeline import Timeline
from mingjian.recorder.timeline_clock import TimelineClock
from mingjian.recordings import index as indexes
from mingjian.recordings import salvage
from mingjian.recordings.counted import CountedTime
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.events import Applied
from mingjian.recordings.index import Index
from mingjian.recordings.model import RecorderEvent
from mingjian.recordings.retention import Retention
from mingjian.recordings.scrub import Scrub
from mingjian.recordings.volume import Volume

SYNC_S = 2.0
HOUSEKEEPING_S = 1.0
RETENTION_S = 60.0
# A worker that died and was not replaced tells nobody.
SALVAGE_S = 600.0
SCRUB_RATE = "MINGJIAN_SCRUB_BYTES_PER_S"

_logger = logging.getLogger(__name__)


def main(home: Home, volume_id: VolumeId) -> None:
    """Keep one volume of this home until SIGTERM or SIGINT.

    Raises RecordingsError when the volume is missing, foreign, read-only, an older copy or kept by another process;
    nothing is written anywhere then.
    """
    clock = SystemClock()
    deployment = deployments.load(home)
    plan_source = PlanSource(home=home, deployment=deployment)
    volume = Volume.open(
        volume_path(home, plan_source, volume_id),
        deployment_id=deployment.deployment_id,
        volume_id=volume_id,
        memory=home.keeper_memory(volume_id),
    )
    host_timeline = Timeline(path=home.root / timeline.PAPER, clock=clock, boot_id=timeline.kernel_boot_id())
    with indexes.keeping(
        volume,
        memory=home.keeper_memory(volume_id),
        host=deployment.host,
        epoch=deployment.epoch,
        clock=TimelineClock(timeline=host_timeline, clock=clock),
    ) as index:
        asyncio.run(_serve(home, index, plan_source, clock, host_timeline))


async def _serve(home: Home, index: Index, plan_source: PlanSource, clock: Clock, host_timeline: Timeline) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    keeper = Keeper(home=home, index=index, plan_source=plan_source, clock=clock, host_timeline=host_timeline)
    await keeper.serve(stopping=stopping)


def volume_path(home: Home, plan_source: PlanSource, volume_id: VolumeId) -> Path:
    """Return where the plan says the volume lies, else its default place in the home."""
    plan_source.poll()
    planned = plan_source.plan.volumes if plan_source.plan is not None else ()
    paths = (Path(volume.path) for volume in planned if volume.volume_id == volume_id)
    return next(paths, home.volumes / volume_id)


class Keeper:
    """What a keeper does, each duty in its turn: events, salvage, sync, plan, retention.

    Blocking work runs on threads of its own, events apart from the slow duties, so that a long salvage holds up no
    news. What a duty raises ends the keeper; the supervisor starts another, and the workers send again.
    """

    def __init__(
        self, *, home: Home, index: Index, plan_source: PlanSource, clock: Clock, host_timeline: Timeline
    ) -> None:
        self._home = home
        self._volume_id = index.volume.identity.volume_id
        self._index = index
        self._plan_source = plan_source
        self._clock = clock
        self._timeline = host_timeline
        self._retention = Retention(index=index)
        self._counted = CountedTime(index=index, boot_id=host_timeline.boot_id, monotonic=clock.monotonic)
        self._salvage_wanted = asyncio.Event()
        self._salvage_wanted.set()
        self._is_catching_up = True
        self._file_system = FileSystem(index.volume.path, disk=index.volume.disk)
        self._ending = threading.Event()
        self._scrub = Scrub(index=index, bytes_per_s=scrub_rate(), wait=self._ending.wait)
        self._pulse = Pulse(
            home=home,
            volume=index.volume,
            host_timeline=host_timeline,
            rereading=lambda: self._scrub.progress,
            leapt=lambda: self._counted.leapt_90k,
        )
        self._event_thread = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._duty_threads = ThreadPoolExecutor(3, thread_name_prefix="duties")
        self._scrub_thread = ThreadPoolExecutor(1, thread_name_prefix="scrub", initializer=idle_thread.enter)
        self._events = EventServer(
            socket_path=home.keeper_socket(self._volume_id),
            apply=self._apply,
            on_stranger=self._salvage_wanted.set,
        )

    async def serve(self, *, stopping: asyncio.Event) -> None:
        """Keep the volume until told to stop."""
        if self._plan_source.plan is not None:
            keeper_duties.adopt_plan(self._index, self._plan_source.plan)
        tasks: list[asyncio.Task[None]] = []
        try:
            async with self._events.listening():
                tasks = [
                    asyncio.create_task(self._salvage()),
                    asyncio.create_task(self._sync()),
                    asyncio.create_task(self._tell()),
                    asyncio.create_task(self._repeat(HOUSEKEEPING_S, self._keep_house)),
                    asyncio.create_task(self._repeat(RETENTION_S, self._let_go)),
                    asyncio.create_task(self._reread()),
                    asyncio.create_task(_wait(stopping)),
                ]
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            self._ending.set()
            # The threads finish what they are at: the index must not be closed under them.
            self._scrub_thread.shutdown()
            self._event_thread.shutdown()
            self._duty_threads.shutdown()
            self._file_system.close()
        for task in done:
            task.result()

    async def _apply(self, events: Sequence[RecorderEvent]) -> Sequence[Applied]:
        return await asyncio.get_running_loop().run_in_executor(self._event_thread, self._index.apply_many, events)

    async def _salvage(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SALVAGE_S):
                    await self._salvage_wanted.wait()
            self._salvage_wanted.clear()
            await self._on_thread(lambda: salvage.salvage(self._index))

    async def _sync(self) -> None:
        while True:
            try:
                await self._on_thread(self._file_system.sync)
            except OSError as error:
                # What was written may be gone although the next call says otherwise. The writers will be told by their
                # own fsync of each file; they had better hear it now.
                _logger.error("volume cannot be synced", extra={"reason": str(error)})
                self._events.tell_to_leave("recordings.sync_failed")
            await self._on_thread(self._pulse.answered)
            await asyncio.sleep(SYNC_S)

    async def _tell(self) -> None:
        while True:
            # Not on a duty's thread: those wait for the disk.
            await asyncio.to_thread(self._pulse.publish)
            await asyncio.sleep(HOUSEKEEPING_S)

    async def _reread(self) -> None:
        # Each second of its life is slept or spent below everything else; it ends with the keeper alone.
        await asyncio.get_running_loop().run_in_executor(self._scrub_thread, self._scrub.run)

    async def _repeat(self, period_s: float, duty: Callable[[], object]) -> None:
        while True:
            await self._on_thread(duty)
            await asyncio.sleep(period_s)

    def _on_thread(self, duty: Callable[[], object]) -> Awaitable[object]:
        return asyncio.get_running_loop().run_in_executor(self._duty_threads, duty)

    def _keep_house(self) -> None:
        try:
            self._timeline.discipline()
        except OSError as error:
            # The home's disk is full or gone: the timeline goes on without being written down.
            _logger.error("timeline not written down", extra={"reason": str(error)})
        plan = self._plan_source.poll()
        if plan is not None:
            keeper_duties.adopt_plan(self._index, plan)
        # One stream at a time: an upgrade has no hurry, and events wait for the same writer.
        self._is_catching_up = self._is_catching_up and self._index.catch_up()

    def _let_go(self) -> None:
        keeper_duties.forget_reports(self._index, position=self._home.report_position(self._volume_id))
        plan = self._plan_source.plan
        if plan is None:
            return
        # Kept in any case: what passed while nobody vouched for the clock has passed all the same.
        counted_90k = self._counted.now(timeline_now=self._timeline.now)
        now_90k = keeper_duties.instant_for_deletion(
            clock=self._clock, timeline=self._timeline, counted_90k=counted_90k, plan=plan
        )
        try:
            keeper_duties.let_go(self._retention, plan=plan, now_90k=now_90k, timeline_90k=self._timeline.now())
            keeper_duties.restore_ballast(self._index.volume)
        except (OSError, RecordingsError) as error:
            _logger.error("retention pass broken off", extra={"reason": str(error)})


def scrub_rate() -> int:
    """Return MINGJIAN_SCRUB_BYTES_PER_S; 0, the default, lets the rotation find its own pace.

    Raises RecordingsError("recordings.bad_scrub_rate") for what is no number.
    """
    text = os.environ.get(SCRUB_RATE) or "0"
    if not text.isascii() or not text.isdigit():
        raise RecordingsError("recordings.bad_scrub_rate", setting=SCRUB_RATE, value=text)
    return int(text)


async def _wait(stopping: asyncio.Event) -> None:
    await stopping.wait()
