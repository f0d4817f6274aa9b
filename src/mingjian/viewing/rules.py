"""What the addresses of this room ask."""

from dataclasses import dataclass

from mingjian.base.clock import SystemClock
from mingjian.people.capacity import Acting
from mingjian.regulation.decision import Decision
from mingjian.viewing import leases, queries

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class OwnOpenSession:
    """The holder of a viewing session, while it stands. Another's session does not exist."""

    name: str = "own_open_session"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        session = queries.access_own_session(person=acting.person, session_id=captured["session_id"])
        return leases.decide(session=session, person=acting.person, now_90k=_CLOCK.utc())
