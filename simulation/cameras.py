"""Cameras that exist only as arithmetic: pictures due at an instant, and what the camera does wrong at that time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.media.rtsp_address import CameraAddress, Credentials
from mingjian.media.rtsp_error import RtspError
from mingjian.media.samples import AccessUnit, Codec, VideoFormat
from simulation.clocks import TrueTime

# A picture of one plain macroblock, by its parameter sets; what is in it nobody decodes here.
PARAMETER_SETS = (bytes.fromhex("6742c01e95a790"), bytes.fromhex("68ce3880"))
FORMATS = tuple(VideoFormat(Codec.H264, side, side, PARAMETER_SETS, 0) for side in (16, 32))
PERIOD_90K = TICKS_PER_S // 2
GROUP = 2


class Mood(StrEnum):
    """What a camera does wrong."""

    WELL = "well"
    REFUSING = "refusing"
    UNREACHABLE = "unreachable"
    HUNG = "hung"
    LATE = "late"
    HEADLESS = "headless"


@dataclass(slots=True)
class Camera:
    """One camera. `delivered` are spans of true time at which pictures reached the recorder, one after the other."""

    address: str
    truth: TrueTime
    mood: Mood = Mood.WELL
    skew_90k: int = 0
    drift_ppm: int = 0
    size_bytes: int = 80
    form: int = 0
    delivered: list[list[int]] = field(default_factory=list)
    sessions: int = 0

    def rtp_time(self, number: int) -> int:
        """Return the camera's own time of a picture."""
        return number * PERIOD_90K + number * PERIOD_90K * self.drift_ppm // 1_000_000 + self.skew_90k

    def note_delivery(self) -> None:
        """Book that pictures arrived now."""
        now = self.truth.now_90k
        if self.delivered and now - self.delivered[-1][1] <= 2 * TICKS_PER_S:
            self.delivered[-1][1] = now
        else:
            self.delivered.append([now, now])


class CameraSession:
    """One connection to a camera, as the recorder sees it."""

    packets_lost = 0
    receive_buffer_granted = 0
    has_met_pictures = True
    bytes_since_sample = 0
    camera_claim_90k: Ticks90k | None = None
    detours: tuple[str, ...] = ()

    def __init__(self, camera: Camera, clock: Clock) -> None:
        self._camera, self._clock = camera, clock
        self._next = camera.truth.now_90k // PERIOD_90K + 1
        self._form = camera.form
        self._born = camera.sessions
        self._broken = False
        self.bytes_received = 0
        self.last_sample_90k: int = clock.monotonic()
        self.flaws: dict[str, int] = {}

    @property
    def format(self) -> VideoFormat:
        return FORMATS[self._form]

    def drain(self, scratch: memoryview) -> list[AccessUnit]:
        del scratch
        camera = self._camera
        if self._broken or camera.mood in (Mood.REFUSING, Mood.UNREACHABLE) or camera.sessions != self._born:
            self._broken = True
            raise RtspError("media.closed", reason="reset")
        newest = camera.truth.now_90k // PERIOD_90K
        if camera.mood is Mood.HUNG:
            # Its encoder stands still: those pictures never come.
            self._next = newest + 1
        if camera.mood in (Mood.HUNG, Mood.LATE) or newest < self._next:
            return []
        if camera.form != self._form:
            raise RtspError("media.format_changed")
        arrival = self._clock.monotonic()
        units = [
            AccessUnit(camera.rtp_time(number), arrival, self._picture(number), self._is_sync(number), False)
            for number in range(self._next, newest + 1)
        ]
        self._next = newest + 1
        self.bytes_received += sum(len(unit.data) for unit in units)
        self.last_sample_90k = arrival
        camera.note_delivery()
        return units

    def accept_next_format(self) -> None:
        self._form = self._camera.form
        self._next += -self._next % GROUP

    def keep_alive(self) -> None:
        return

    async def close(self) -> None:
        return

    def _is_sync(self, number: int) -> bool:
        return number % GROUP == 0 and self._camera.mood is not Mood.HEADLESS

    def _picture(self, number: int) -> bytes:
        body = number.to_bytes(8, "big").rjust(self._camera.size_bytes, b"\x65")
        return len(body).to_bytes(4, "big") + body


class Cameras:
    """All cameras of a site by their address; the port that the worker connects through."""

    def __init__(self) -> None:
        self.by_host: dict[str, Camera] = {}

    async def connect(
        self,
        *,
        address: CameraAddress,
        credentials: Credentials | None,
        clock: Clock,
        addresses_allowed: Callable[[str, int], bool],
    ) -> CameraSession:
        del credentials
        if not addresses_allowed(address.host, address.port):
            raise RtspError("media.address_not_allowed", host=address.host)
        camera = self.by_host[address.host]
        if camera.mood is Mood.UNREACHABLE:
            await asyncio.sleep(5.0)
            raise RtspError("media.unreachable", host=address.host)
        await asyncio.sleep(0.05)
        if camera.mood is Mood.REFUSING:
            raise RtspError("media.refused", host=address.host)
        return CameraSession(camera, clock)
