"""One stream's life: connect, wait for a sync sample, record, lose it, wait, again."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media.rtsp import RtspSession
from mingjian.media.rtsp_address import Credentials, parse_address
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit
from mingjian.recorder.backoff import HELD_90K, Backoff
from mingjian.recorder.causes import StreamState, judge
from mingjian.recorder.outlet import Outlet
from mingjian.recorder.run import Run, RunOrigin
from mingjian.recorder.run_clock import RunClock
from mingjian.recorder.targets import Target
from mingjian.recorder.throughput import Throughput
from mingjian.recorder.timeline import Timeline
from mingjian.recorder.volume_writer import RunBroken, Tell
from mingjian.recordings.model import GapCause, GapCauseLearned

SILENCE_90K = 5 * TICKS_PER_S
NO_SYNC_90K = 30 * TICKS_PER_S
ANCHOR_90K = TICKS_PER_S * 6 // 10
LARGEST_SHIFT_90K = TICKS_PER_S // 2

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every stream of a worker shares."""

    worker: str
    clock: Clock
    timeline: Timeline
    credentials_of: Callable[[Target], Credentials | None]
    addresses_allowed: Callable[[str, int], bool]
    started_at_90k: int


class StreamRecorder:
    """Keeps one stream of the plan recorded. `connect` runs on the event loop, `tick` is called between its turns."""

    def __init__(self, *, target: Target, outlet: Outlet, surroundings: Surroundings, backoff: Backoff) -> None:
        self.target = target
        self.state = StreamState.CONNECTING
        self.detail = ""
        self.session: RtspSession | None = None
        self.run: Run | None = None
        self.throughput = Throughput()
        self.attempt_at_90k: int | None = None
        self._outlet = outlet
        self._around = surroundings
        self._backoff = backoff
        self._awaiting: list[AccessUnit] = []
        self._clock: RunClock | None = None
        self._connected_at_90k = 0
        self._earliest_90k = surroundings.started_at_90k
        # What the index knows without being told: before this worker there was none.
        self._told = (GapCause.RECORDER_DOWN, "")

    async def connect(self) -> None:
        """Try the camera once. Ends with a session or with the next attempt set; never raises for the camera's sake."""
        self.attempt_at_90k = None
        around = self._around
        try:
            session = await RtspSession.open(
                address=parse_address(self.target.address),
                credentials=around.credentials_of(self.target),
                clock=around.clock,
                addresses_allowed=around.addresses_allowed,
            )
        except asyncio.CancelledError:
            raise
        except MingjianError as error:
            self._fail(error.code)
        except Exception:
            _logger.exception("fault while connecting", extra={"camera": self.target.stream.camera_id})
            self._fail("recorder.fault")
        else:
            self._connected_at_90k = around.clock.monotonic()
            self.throughput = Throughput()
            self.session = session

    def tick(self, scratch: memoryview) -> None:
        """Read what the camera sent since the last tick and pass it on. One camera's trouble ends here."""
        session = self.session
        if session is None:
            return
        try:
            units = session.drain(scratch)
            if units:
                self._take(units)
            session.keep_alive()
            self._check(session)
        except RtspError as error:
            if error.code == "media.format_changed":
                self._change_format(session)
            else:
                self._lose(error.code)
        except MingjianError as error:
            self._lose(error.code)
        except Exception:
            _logger.exception("fault while recording", extra={"camera": self.target.stream.camera_id})
            self._lose("recorder.fault")

    def broken(self, trouble: RunBroken) -> None:
        """Learn that the volume let a run down."""
        if self.run is not None and self.run.run_id == trouble.run_id:
            # The thread told the run's end and needs the close only to forget it.
            self.run.finish(cause=GapCause.DISK, detail=trouble.code)
            if self.run.end_90k is not None:
                self._told = (GapCause.DISK, trouble.code)
            self._forget_run()
            self._show(trouble.code)

    def timeline_stepped(self) -> None:
        """Learn that the timeline was moved forward by more than a run may absorb."""
        if self.run is not None:
            self._end_run("recorder.clock_jump")

    def stop(self, code: str) -> RtspSession | None:
        """End the run for good with this reason; return the session for the caller to close."""
        self._end_run(code)
        session, self.session = self.session, None
        return session

    def _take(self, units: list[AccessUnit]) -> None:
        run = self.run
        if run is not None:
            if not self._outlet.has_room(run.run_id):
                self._outlet.avoid("recorder.disk_behind")
                self._end_run("recorder.disk_behind")
                return
            taken = run.push(units)
            if taken == len(units):
                return
            self._end_run("recorder.clock_jump")
            self._clock = None
            units = units[taken:]
        self._await(units)

    def _await(self, units: list[AccessUnit]) -> None:
        """Gather from a sync sample on until there is enough to anchor a run by, then begin it."""
        if not self._awaiting:
            first = next((number for number, unit in enumerate(units) if unit.is_sync and not unit.is_damaged), None)
            if first is None:
                return
            units = units[first:]
        self._awaiting += units
        session = self.session
        is_enough = self._clock is not None or (
            self._around.clock.monotonic() - self._awaiting[0].arrival_90k >= ANCHOR_90K
        )
        if session is None or session.format is None or not is_enough:
            return
        if not self._outlet.is_usable:
            self._awaiting = []
            self._show(self._outlet.trouble)
            return
        self._begin(session)

    def _begin(self, session: RtspSession) -> None:
        at = self._around.timeline.at
        awaiting = self._awaiting
        clock = self._clock or RunClock(first=[(unit.rtp_time_90k, at(unit.arrival_90k)) for unit in awaiting])
        shortage = clock.shortage(rtp_time_90k=awaiting[0].rtp_time_90k, earliest_90k=self._earliest_90k)
        if shortage > LARGEST_SHIFT_90K:
            # Pictures from the camera's store that the run before already holds: begin at a later sync sample.
            later = next((number for number, unit in enumerate(awaiting) if number and unit.is_sync), len(awaiting))
            self._awaiting = awaiting[later:]
            return
        if shortage > 0:
            clock.postpone(shortage)
        if session.format is None:
            return
        self.run = Run(
            origin=RunOrigin(
                stream=self.target.stream,
                worker=self._around.worker,
                slot=self.target.slot,
                cause_before=self._told[0],
                camera_claim_90k=_claim_for_first(session.camera_claim_90k, awaiting),
            ),
            video_format=session.format,
            timeline=self._around.timeline,
            clock=clock,
            emit=self._outlet.take,
        )
        self._clock = clock
        self._awaiting = []
        self.state, self.detail = StreamState.RECORDING, ""
        _logger.info("recording", extra={"camera": self.target.stream.camera_id, "run": self.run.run_id})
        self._take(awaiting)

    def _change_format(self, session: RtspSession) -> None:
        """Go on in a new run on the same clock: the camera's time-stamps continue."""
        clock = self._clock
        self._end_run("media.format_changed")
        self._clock = clock
        self._awaiting = []
        session.accept_next_format()

    def _check(self, session: RtspSession) -> None:
        now = self._around.clock.monotonic()
        since_connected = now - self._connected_at_90k
        self.throughput.note(now_90k=now, received_bytes=session.bytes_received)
        if self.throughput.is_flooding:
            self._lose("recorder.flooding")
        elif now - session.last_sample_90k > SILENCE_90K:
            is_unreadable = session.format is None and session.bytes_received > 0
            self._lose("recorder.no_parameter_sets" if is_unreadable else "recorder.silent")
        elif self.run is None and since_connected > NO_SYNC_90K and self.state is not StreamState.DISK:
            self._lose("recorder.no_sync_sample")
        elif self.run is not None and since_connected > HELD_90K:
            self._backoff.held()

    def _lose(self, code: str) -> None:
        """Give the connection up and set the next attempt."""
        session, self.session = self.session, None
        if session is not None:
            closing = asyncio.ensure_future(session.close())
            _closing.add(closing)
            closing.add_done_callback(_closing.discard)
        self._end_run(code)
        self._clock = None
        self._fail(code)

    def _fail(self, code: str) -> None:
        self._show(code)
        self.attempt_at_90k = self._around.clock.monotonic() + self._backoff.after_failure()

    def _show(self, code: str) -> None:
        """Put the reason into the state, and into the index while there is no run."""
        state, cause = judge(code)
        if (state, code) != (self.state, self.detail):
            _logger.warning("not recording", extra={"camera": self.target.stream.camera_id, "code": code})
        self.state, self.detail = state, code
        if self._told != (cause, code):
            self._told = (cause, code)
            now = self._around.timeline.now()
            self._outlet.take(Tell(GapCauseLearned(self.target.stream, Ticks90k(now), cause, code)))

    def _end_run(self, code: str) -> None:
        if self.run is None:
            return
        state, cause = judge(code)
        self.run.finish(cause=cause, detail=code)
        self._told = (cause, code)
        self._forget_run()
        self.state, self.detail = state, code

    def _forget_run(self) -> None:
        if self.run is not None and self.run.end_90k is not None:
            self._earliest_90k = max(self._earliest_90k, self.run.end_90k)
        self.run = None
        self._awaiting = []


def _claim_for_first(newest_90k: int | None, units: list[AccessUnit]) -> int | None:
    """Carry the camera's claim for its newest picture back to the first one of a run."""
    if newest_90k is None:
        return None
    return newest_90k - (units[-1].rtp_time_90k - units[0].rtp_time_90k)


# Closings under way: the event loop itself keeps only weak references.
_closing: set["asyncio.Future[None]"] = set()
