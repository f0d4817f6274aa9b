"""What the addresses of this room ask."""

from dataclasses import dataclass

from mingjian.oversight import rulings
from mingjian.people import governing
from mingjian.people.capacity import Acting
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.governing import may_govern


@dataclass(frozen=True, slots=True)
class RulingBody:
    """Tier 1, by the posts that propose and decide (A07.1.1). Others are refused: the values are no secret.

    What is named and does not exist is nothing for anybody (404).
    """

    name: str = "ruling_body"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if "topic" in captured:
            rulings.require_known(captured["topic"])
        if "ruling_id" in captured:
            rulings.access_ruling(captured["ruling_id"])
        return may_govern(governing.capacity_of(acting))
