"""One stream's connection: made, drained on the tick, watched, given up, tried again."""

import asyncio
import logging
from collections.abc import Collection

from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S
from mingjian.media.rtsp_address import parse_address
from mingjian.media.rtsp_error import RtspError
from mingjian.recorder.backoff import HELD_90K, Backoff
from mingjian.recorder.causes import StreamState
from mingjian.recorder.flaws import Flaws
from mingjian.recorder.intake import Intake
from mingjian.recorder.outlet import Outlet
from mingjian.recorder.session import Session
from mingjian.recorder.surroundings import Surroundings
from mingjian.recorder.targets import Target
from mingjian.recorder.throughput import Throughput

SILENCE_90K = 5 * TICKS_PER_S
NO_SYNC_90K = 30 * TICKS_PER_S
# A wait for a sync sample is told long before it is given up.
NO_SYNC_TOLD_90K = 6 * TICKS_PER_S
STORM_90K = 60 * TICKS_PER_S
# More than reports and keep-alives make up within the silence.
SOMETHING_BYTES = 4096

_logger = logging.getLogger(__name__)


class StreamRecorder:
    """Keeps one stream of the plan recorded. `connect` runs on the event loop, `tick` is called between its turns."""

    def __init__(
        self,
        *,
        target: Target,
        home: Outlet,
        outlets: Collection[Outlet],
        surroundings: Surroundings,
        backoff: Backoff,
        earliest_90k: int,
    ) -> None:
        self.target = target
        self.session: Session | None = None
        self.intake = Intake(
            target=target, home=home, outlets=outlets, surroundings=surroundings, earliest_90k=earliest_90k
        )
        self.throughput = Throughput()
        self.flaws = Flaws()
        self.attempt_at_90k: int | None = None
        self._around = surroundings
        self._backoff = backoff
        self._connected_at_90k = 0

    async def connect(self) -> None:
        """Try the camera once. Ends with a session or with the next attempt set; never raises for the camera's sake."""
        self.attempt_at_90k = None
        around = self._around
        try:
            session = await around.connect(
                address=parse_address(self.target.address),
                credentials=around.credentials_of(self.target),
                clock=around.clock,
                addresses_allowed=around.addresses_allowed,
            )
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
                self.intake.take(units, video_format=session.format, claim_90k=session.camera_claim_90k)
            session.keep_alive()
            self._check(session)
        except RtspError as error:
            if error.code == "media.format_changed":
                self.intake.change_format()
                session.accept_next_format()
            else:
                self._lose(error.code)
        except MingjianError as error:
            self._lose(error.code)
        except Exception:
            _logger.exception("fault while recording", extra={"camera": self.target.stream.camera_id})
            self._lose("recorder.fault")

    def stop(self, code: str) -> Session | None:
        """End the run for good with this reason; return the session for the caller to close."""
        self.intake.end(code)
        session, self.session = self.session, None
        return session

    def _check(self, session: Session) -> None:
        now = self._around.clock.monotonic()
        since_connected = now - self._connected_at_90k
        self.throughput.note(now_90k=now, received_bytes=session.bytes_received)
        has_run = self.intake.run is not None
        # A run that ended a moment ago says nothing against this connection, however old it is.
        waiting = now - max(self._connected_at_90k, self.intake.idle_since_90k)
        if self.throughput.is_flooding:
            self._lose("recorder.flooding")
        elif self.intake.begins_too_often(within_90k=STORM_90K):
            self._lose("recorder.unsteady")
        elif now - session.last_sample_90k > SILENCE_90K:
            self._lose(_silence(session))
        elif not has_run and waiting > NO_SYNC_TOLD_90K and self.intake.state is not StreamState.DISK:
            if waiting > NO_SYNC_90K:
                self._lose(self.intake.waiting_code)
            else:
                self.intake.tell(self.intake.waiting_code)
        elif has_run and since_connected > HELD_90K:
            self._backoff.held()

    def _lose(self, code: str) -> None:
        """Give the connection up and set the next attempt."""
        session = self.stop(code)
        if session is not None:
            closing = asyncio.ensure_future(session.close())
            _closing.add(closing)
            closing.add_done_callback(_closing.discard)
        self._fail(code)

    def _fail(self, code: str) -> None:
        self.intake.tell(code)
        self.attempt_at_90k = self._around.clock.monotonic() + self._backoff.after_failure()


def _silence(session: Session) -> str:
    """Return what to call that no picture came: nothing did, or nothing that can be used."""
    if session.format is None and session.has_met_pictures:
        return "recorder.no_parameter_sets"
    return "recorder.nothing_usable" if session.bytes_since_sample > SOMETHING_BYTES else "recorder.silent"


# Closings under way: the event loop itself keeps only weak references.
_closing: set["asyncio.Future[None]"] = set()
