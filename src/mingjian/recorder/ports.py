"""What a worker meets of the world outside, in one value, so that a simulation can put another world there."""

from dataclasses import dataclass

from mingjian.media.rtsp import RtspSession
from mingjian.recorder.hands import Hire, hire_thread
from mingjian.recorder.session import Connect
from mingjian.recorder.volume_writer import Job
from mingjian.recordings.disk import SYSTEM, Disk


@dataclass(frozen=True, slots=True)
class Ports:
    """Cameras, disks, and who writes. Time comes with the clock, sockets of our own with the event loop."""

    connect: Connect
    hire: Hire[list[Job]]
    disk: Disk


PRODUCTION = Ports(connect=RtspSession.open, hire=hire_thread, disk=SYSTEM)
