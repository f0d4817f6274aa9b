"""What all viewers of this process share, and the exception by which any of them is turned away."""

from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.streaming.admission import Door
from mingjian.streaming.control_watch import ControlWatch
from mingjian.streaming.crowd import Crowd
from mingjian.streaming.live import Followers
from mingjian.streaming.live_recoding import SharedRecodings
from mingjian.streaming.plans import Plans
from mingjian.streaming.protocol import Refusal
from mingjian.streaming.receipts import Receipts
from mingjian.streaming.revocations import Revocations
from mingjian.streaming.spool_desk import SpoolDesk
from mingjian.streaming.threads import Threads
from mingjian.streaming.transcoding import TranscodeSlots


class Refused(Exception):
    """The rules say no, or cannot be checked; nothing was served."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


@dataclass(frozen=True, slots=True)
class Services:
    """One of each per process."""

    clock: Clock
    door: Door
    plans: Plans
    receipts: Receipts
    revocations: Revocations
    watch: ControlWatch
    desk: SpoolDesk
    followers: Followers
    recodings: SharedRecodings
    crowd: Crowd
    waiting: Crowd
    slots: TranscodeSlots
    threads: Threads
