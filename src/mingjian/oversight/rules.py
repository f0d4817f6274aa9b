"""What the addresses of this room ask."""

from dataclasses import dataclass

from django.http import Http404

from mingjian.oversight import queries, rulings
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


@dataclass(frozen=True, slots=True)
class ComplaintInSight:
    """Who complained, or who deals with it. For all others, and for whom it is about, there is no such complaint."""

    name: str = "complaint_in_sight"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if f"complaint:{captured['complaint_id']}" not in queries.subjects_in_sight(acting):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class OwnComplaint:
    """Who complained. For all others there is no such complaint."""

    name: str = "own_complaint"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_own_complaint(person=acting.person, complaint_id=captured["complaint_id"])
        return None


@dataclass(frozen=True, slots=True)
class ComplaintDesk:
    """Who deals with complaints: tier 1's supervisors, and discipline inspection. For others there is no such page."""

    name: str = "complaint_desk"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not queries.handles_complaints(acting):
            raise Http404
        if "complaint_id" in captured:
            queries.access_complaint(acting=acting, complaint_id=captured["complaint_id"])
        return None


@dataclass(frozen=True, slots=True)
class Auditor:
    """The platform's audit administrator. For others the page does not exist."""

    name: str = "auditor"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not queries.asks_queries(acting):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class InquiryDesk:
    """Who puts queries, and who answers them for a body. For others neither the page nor the query exists."""

    name: str = "inquiry_desk"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not (queries.asks_queries(acting) or queries.answers_queries(acting)):
            raise Http404
        if "inquiry_id" in captured:
            queries.access_inquiry(acting=acting, inquiry_id=captured["inquiry_id"])
        return None
