"""What the addresses of this room ask."""

from dataclasses import dataclass

from mingjian.base.clock import SystemClock
from mingjian.duty import live
from mingjian.people import withheld
from mingjian.people.capacity import Acting
from mingjian.regulation.decision import Decision

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class OperatorOnShift:
    """An operator on shift, for the live picture of the own campus."""

    name: str = "operator_on_shift"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        now_90k = _CLOCK.utc()
        decision = live.decide(acting=acting, now_90k=now_90k)
        return decision if decision.allowed else withheld.refusal(acting=acting, now_90k=now_90k) or decision
