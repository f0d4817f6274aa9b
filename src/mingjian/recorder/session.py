"""What the recorder asks of a camera's connection: RTSP in production, pictures out of thin air in a simulation."""

from collections.abc import Callable
from typing import Protocol

from mingjian.base.clock import Clock
from mingjian.base.ticks import Ticks90k
from mingjian.media.rtsp_address import CameraAddress, Credentials
from mingjian.media.samples import AccessUnit, VideoFormat


class Session(Protocol):
    """A playing stream, drained on the tick; `media.rtsp.RtspSession` says what each of these means."""

    bytes_received: int
    last_sample_90k: int

    @property
    def format(self) -> VideoFormat | None:
        """The format of what `drain` returns."""
        ...

    @property
    def camera_claim_90k(self) -> Ticks90k | None:
        """The wall clock the camera claims."""
        ...

    @property
    def has_met_pictures(self) -> bool:
        """Say whether anything came that is part of a picture."""
        ...

    @property
    def bytes_since_sample(self) -> int:
        """Bytes received since the newest picture."""
        ...

    @property
    def packets_lost(self) -> int:
        """Packets missing."""
        ...

    @property
    def flaws(self) -> dict[str, int]:
        """What the camera does wrong and is recorded all the same."""
        ...

    @property
    def detours(self) -> list[str]:
        """What makes this camera dearer than others."""
        ...

    @property
    def receive_buffer_granted(self) -> int:
        """Bytes of the receive buffer."""
        ...

    def drain(self, scratch: memoryview) -> list[AccessUnit]:
        """Return the pictures that came since the last call. Raises RtspError."""
        ...

    def accept_next_format(self) -> None:
        """Go on after `media.format_changed`."""
        ...

    def keep_alive(self) -> None:
        """Tell the camera that someone is here."""
        ...

    async def close(self) -> None:
        """Stop the camera and close."""
        ...


class Connect(Protocol):
    """How a connection is made. Raises RtspError."""

    async def __call__(
        self,
        *,
        address: CameraAddress,
        credentials: Credentials | None,
        clock: Clock,
        addresses_allowed: Callable[[str, int], bool],
    ) -> Session: ...
