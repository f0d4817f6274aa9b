"""The clerk: the one process that sequences the ledger, publishes the plan, follows reports and verifies.

Nothing it does is urgent for recording or viewing; whatever fails is tried again on the next round.
"""

import contextlib
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from mingjian.base.clock import Clock, SystemClock
from mingjian.base.errors import MingjianError
from mingjian.console import ledger_duties
from mingjian.duty import usecases as shifts
from mingjian.host.home import Home
from mingjian.people import lapses, leavers
from mingjian.people import usecases as people
from mingjian.people.importing import usecases as importing
from mingjian.registry import publisher, queries, reports, rollups
from mingjian.viewing import usecases as viewing

ROUND_S = 0.5
_SHARE = 30
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Duty:
    """Something the clerk does every so often. Trouble is logged once going down and once coming up."""

    name: str
    every_s: float
    work: Callable[[], object]
    due_at_s: float = 0.0
    trouble: str = field(default="")

    def round(self, now_s: float) -> None:
        """Do the work if it is due. What takes long comes round less often, at most a thirtieth of the time."""
        if now_s < self.due_at_s:
            return
        begun_s = time.monotonic()
        trouble = self._attempt()
        self.due_at_s = now_s + max(self.every_s, _SHARE * (time.monotonic() - begun_s))
        if self.trouble and not trouble:
            log.info("clerk's duty succeeds again", extra={"duty": self.name})
        self.trouble = trouble

    def _attempt(self) -> str:
        """Do the work and return what went wrong as one word, empty when nothing did."""
        try:
            self.work()
        except (MingjianError, DatabaseError, psycopg.Error, OSError) as error:
            word = error.code if isinstance(error, MingjianError) else type(error).__name__
            if word != self.trouble:
                log.error("clerk's duty does not succeed", extra={"duty": self.name, "reason": str(error)})
            connection.close()
            return word
        except Exception as error:
            # One row that a duty cannot make sense of must not end the others, nor leave a process that does nothing.
            word = type(error).__name__
            if word != self.trouble:
                log.exception("clerk's duty fails", extra={"duty": self.name})
            connection.close()
            return word
        return ""


def serve(home: Home) -> None:
    """Work until told to stop (SIGTERM or SIGINT). Django is set up and the environment names the web role."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    clock = SystemClock()
    sequencing = threading.Thread(
        target=ledger_duties.sequence,
        args=(home,),
        kwargs={"clock": clock, "is_stopping": stopping.is_set},
        name="sequencer",
    )
    sequencing.start()
    duties = duties_of(home, clock=clock)
    state = home.sockets / "clerk.json"
    try:
        while not stopping.is_set():
            if not sequencing.is_alive():
                # Acts would wait unsigned for ever: the supervisor starts us anew.
                raise AssertionError("the ledger is not sequenced any more")
            close_old_connections()
            for duty in duties:
                duty.round(time.monotonic())
            troubles = {duty.name: duty.trouble for duty in duties if duty.trouble}
            # On a full disk the paper grows old, which says it too.
            with contextlib.suppress(OSError):
                _leave_word(state, troubles=troubles, at_90k=clock.utc())
            stopping.wait(ROUND_S)
    finally:
        # Whatever ended this thread ends the other, or a process would stay that does half of its work.
        stopping.set()
        sequencing.join(timeout=5)
        connection.close()


def _leave_word(state: Path, *, troubles: dict[str, str], at_90k: int) -> None:
    draft = state.with_suffix(".new")
    draft.write_text(json.dumps({"pid": os.getpid(), "at_90k": at_90k, "troubles": troubles}))
    draft.replace(state)


def troubles(home: Home) -> frozenset[str]:
    """Return the duties that the clerk last failed at, by what it left; none when it left nothing to read."""
    try:
        told = json.loads((home.sockets / "clerk.json").read_text(encoding="utf-8"))
        return frozenset(told["troubles"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def duties_of(home: Home, *, clock: Clock) -> list[Duty]:
    """Return what the clerk does besides sequencing, and how often."""
    return [
        Duty("plan", 0.5, lambda: publisher.publish_pending(home, clock=clock)),
        Duty("rulings", 5.0, lambda: publisher.follow_rulings(clock=clock)),
        Duty("reports", 2.0, lambda: follow_reports(home, clock=clock)),
        Duty("rollups", 20.0, lambda: rollups.roll_up(clock=clock)),
        Duty("shifts", 1.0, lambda: shifts.end_orphaned_shifts(clock=clock)),
        Duty("closed accounts", 1.0, lambda: viewing.revoke_of_closed_accounts(clock=clock)),
        Duty("unattended", 1.0, lambda: viewing.pause_unattended(clock=clock)),
        Duty("leavers", 1.0, lambda: leavers.follow(home.leavers, clock=clock)),
        Duty("imports", 60.0, lambda: importing.forget_stale(clock=clock)),
        Duty("lapses", 60.0, lambda: lapses.tell(clock=clock)),
        Duty("noise", 60.0, lambda: people.digest_noise(clock=clock)),
        Duty("witnesses", 10.0, ledger_duties.Cosigning(home).round),
        Duty("verdict", 60.0, lambda: ledger_duties.verify_ledger(home, clock=clock)),
    ]


def follow_reports(home: Home, *, clock: Clock) -> int:
    """Tell the ledger what every volume reported; a volume that cannot be read does not hold up the others."""
    told = 0
    failed: MingjianError | OSError | None = None
    for volume in queries.volumes():
        try:
            while taken := reports.follow(volume, home=home, clock=clock):
                told += taken
        except (MingjianError, OSError) as error:
            failed = error
    if failed is not None:
        raise failed
    return told
