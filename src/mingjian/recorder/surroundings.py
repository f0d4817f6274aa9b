"""What every stream of a worker shares: clock and timeline, credentials, and where it may connect to."""

from collections.abc import Callable
from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.media.rtsp_address import Credentials
from mingjian.recorder.session import Connect
from mingjian.recorder.targets import Target
from mingjian.recorder.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One value for all streams of a worker."""

    worker: str
    clock: Clock
    timeline: Timeline
    credentials_of: Callable[[Target], Credentials | None]
    addresses_allowed: Callable[[str, int], bool]
    connect: Connect
