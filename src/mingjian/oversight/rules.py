"""What the addresses of this room ask."""

from dataclasses import dataclass

from mingjian.people import governing
from mingjian.people.capacity import Acting
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.governing import may_govern


@dataclass(frozen=True, slots=True)
class RulingBody:
    """Tier 1, by the posts that propose and decide (A07.1.1). Others are refused: the values are no secret."""

    name: str = "ruling_body"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        return may_govern(governing.capacity_of(acting))
