"""The worker process: up to 64 cameras of the plan, drained together on a tick, written by one thread per volume."""

import asyncio
import logging
import random
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from mingjian.base.clock import Clock, SystemClock
from mingjian.base.ids import VolumeId, new_id
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import sealing
from mingjian.host import deployment as deployments
from mingjian.host.deployment import Deployment
from mingjian.host.home import Home
from mingjian.media.rtsp_address import Credentials
from mingjian.recorder import state_paper, timeline
from mingjian.recorder.backoff import Backoff
from mingjian.recorder.keeper_link import KeeperLink
from mingjian.recorder.network import AllowedNetworks
from mingjian.recorder.outlet import Outlet
from mingjian.recorder.plan_source import PlanSource
from mingjian.recorder.ports import PRODUCTION, Ports
from mingjian.recorder.protocol import Hello
from mingjian.recorder.run_clock import JUMP_90K
from mingjian.recorder.stream import StreamRecorder
from mingjian.recorder.surroundings import Surroundings
from mingjian.recorder.targets import Target, open_credentials, targets_of
from mingjian.recorder.timeline import Timeline
from mingjian.recorder.volume_writer import VolumeWriter
from mingjian.recordings.model import StreamKey
from mingjian.recordings.plan import Plan
from mingjian.recordings.volume import Volume

TICK_S = 0.2
HOUSEKEEPING_S = 1.0
SCRATCH_BYTES = 1 << 20
STAGGER_90K = TICKS_PER_S // 25
CONNECTING_AT_ONCE = 16
STOP_TIMEOUT_S = 5.0

_logger = logging.getLogger(__name__)


def main(home: Home, index: int) -> None:
    """Run worker `index` of this home until SIGTERM or SIGINT. Returns after every file is closed."""
    asyncio.run(_serve(home, index))


async def _serve(home: Home, index: int) -> None:
    clock = SystemClock()
    worker = Worker(
        home=home,
        index=index,
        deployment=deployments.load(home),
        clock=clock,
        host_timeline=Timeline(path=home.root / timeline.PAPER, clock=clock, boot_id=timeline.kernel_boot_id()),
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await worker.serve(stopping=stopping)


class Worker:
    """Compares what should be recorded with what is, every second, and acts on the difference."""

    def __init__(
        self,
        *,
        home: Home,
        index: int,
        deployment: Deployment,
        clock: Clock,
        host_timeline: Timeline,
        ports: Ports = PRODUCTION,
    ) -> None:
        self.name = f"w{index}"
        self._home = home
        self._index = index
        self._deployment = deployment
        self._clock = clock
        self._ports = ports
        self._timeline = host_timeline
        self._session_id = new_id()
        self._plan_source = PlanSource(home=home, deployment=deployment)
        self._plan: Plan | None = None
        self._allowed = AllowedNetworks(networks=(), ports=())
        self._streams: dict[StreamKey, StreamRecorder] = {}
        self._outlets: dict[VolumeId, Outlet] = {}
        self._scratch = memoryview(bytearray(SCRATCH_BYTES))
        self._connecting = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        # Nothing is placed before the worker's first instant, where a dead one may have been, nor before what was
        # recorded of a stream under an earlier plan.
        self._started_at_90k = host_timeline.now()
        self._ends_90k: dict[StreamKey, int] = {}
        self._surroundings = Surroundings(
            worker=self.name,
            clock=clock,
            timeline=host_timeline,
            credentials_of=self._credentials_of,
            addresses_allowed=lambda host, port: self._allowed.allows(host, port),
            connect=ports.connect,
        )

    async def serve(self, *, stopping: asyncio.Event) -> None:
        """Record until told to stop, then leave every file closed and every camera told."""
        housekeeping = asyncio.create_task(self._keep_house())
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not stopping.is_set():
            # A late tick is not caught up with: the next drain reads more.
            due = max(due + TICK_S, loop.time())
            await asyncio.sleep(due - loop.time())
            self._tick()
            if housekeeping.done():
                break
        housekeeping.cancel()
        await self._stop()
        if housekeeping.done() and not housekeeping.cancelled():
            housekeeping.result()

    def _tick(self) -> None:
        self._reconcile()
        for stream in self._streams.values():
            stream.tick(self._scratch)
        for outlet in self._outlets.values():
            outlet.flush()
            for trouble in outlet.collect():
                for stream in self._streams.values():
                    stream.intake.broken(trouble)

    async def _keep_house(self) -> None:
        while True:
            try:
                self._follow_papers()
                # In a thread: a disk that hangs must not hold the tick.
                await asyncio.to_thread(state_paper.write, self._home.worker_state(self.name), self._state())
                await asyncio.to_thread(self._timeline.note)
            except OSError as error:
                # The home's disk is full or gone: cameras are recorded on as they are.
                _logger.error("papers cannot be followed or written", extra={"reason": str(error)})
            await asyncio.sleep(HOUSEKEEPING_S)

    def _follow_papers(self) -> None:
        if self._timeline.follow() > JUMP_90K:
            for stream in self._streams.values():
                stream.intake.end("recorder.clock_jump")
        plan = self._plan_source.poll()
        if plan is not None:
            self._adopt(plan)

    def _state(self) -> dict[str, Any]:
        return state_paper.compose(
            worker=self.name,
            streams=list(self._streams.values()),
            outlets=list(self._outlets.values()),
            timeline=self._timeline,
        )

    def _adopt(self, plan: Plan) -> None:
        """Start and stop streams so that they are those of the plan; what is unchanged is not touched."""
        self._plan = plan
        self._allowed = AllowedNetworks.of(plan)
        for planned in plan.volumes:
            if planned.volume_id not in self._outlets:
                self._outlets[planned.volume_id] = self._new_outlet(planned.volume_id, Path(planned.path))
        wanted = {target.stream: target for target in targets_of(plan, worker=self._index)}
        for key, stream in list(self._streams.items()):
            if wanted.get(key) != stream.target:
                self._retire(key, "recorder.retired" if key not in wanted else "recorder.changed")
        number = 0
        for key, target in wanted.items():
            if key in self._streams:
                continue
            home = self._outlets.get(target.volume_id)
            if home is None:
                _logger.error("stream names a volume the plan has not", extra={"volume": target.volume_id})
                continue
            stream = StreamRecorder(
                target=target,
                home=home,
                outlets=self._outlets.values(),
                surroundings=self._surroundings,
                earliest_90k=self._ends_90k.get(key, self._started_at_90k),
                backoff=Backoff(chance=random.Random(target.slot)),  # noqa: S311 - jitter, not a secret
            )
            stream.attempt_at_90k = self._clock.monotonic() + number * STAGGER_90K
            number += 1
            self._streams[key] = stream
        _logger.info("plan adopted", extra={"revision": plan.revision, "streams": len(self._streams)})

    def _reconcile(self) -> None:
        now = self._clock.monotonic()
        for stream in self._streams.values():
            if stream.attempt_at_90k is not None and stream.attempt_at_90k <= now:
                stream.attempt_at_90k = None
                self._spawn(self._connect(stream))

    async def _connect(self, stream: StreamRecorder) -> None:
        async with self._connecting:
            if self._streams.get(stream.target.stream) is stream:
                await stream.connect()
        if self._streams.get(stream.target.stream) is not stream:
            # The plan dropped it while it was connecting.
            session = stream.stop("recorder.retired")
            if session is not None:
                await session.close()

    def _retire(self, key: StreamKey, code: str) -> None:
        stream = self._streams.pop(key)
        session = stream.stop(code)
        self._ends_90k[key] = stream.intake.earliest_90k
        if session is not None:
            self._spawn(session.close())

    def _new_outlet(self, volume_id: VolumeId, path: Path) -> Outlet:
        deployment_id = self._deployment.deployment_id

        memory = self._home.keeper_memory(volume_id)

        def open_volume() -> Volume:
            disk = self._ports.disk
            return Volume.open(path, deployment_id=deployment_id, volume_id=volume_id, memory=memory, disk=disk)

        link = KeeperLink(
            socket_path=self._home.keeper_socket(volume_id), hello=Hello(worker=self.name, session=self._session_id)
        )
        writer = VolumeWriter(name=volume_id[:8], open_volume=open_volume, clock=self._clock, hire=self._ports.hire)
        outlet = Outlet(volume_id=volume_id, writer=writer, link=link, clock=self._clock)
        self._spawn(link.serve(on_leave=outlet.avoid))
        return outlet

    def _credentials_of(self, target: Target) -> Credentials | None:
        def unseal(sealed: str, context: str) -> str:
            return sealing.unseal(sealed, key=sealing.load_key(self._home), context=context)

        return open_credentials(target, unseal=unseal)

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self) -> None:
        sessions = [session for stream in self._streams.values() if (session := stream.stop("recorder.stopped"))]
        for outlet in self._outlets.values():
            outlet.flush()
        closing = asyncio.gather(*(session.close() for session in sessions), return_exceptions=True)
        for outlet in self._outlets.values():
            await asyncio.to_thread(outlet.finish, timeout_s=STOP_TIMEOUT_S)
            outlet.collect()
        await closing
        for outlet in self._outlets.values():
            if not await outlet.link.flushed(timeout_s=STOP_TIMEOUT_S / 2):
                _logger.warning("keeper has not taken every event", extra={"volume": outlet.volume_id})
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
