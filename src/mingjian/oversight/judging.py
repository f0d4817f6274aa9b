"""From rows and capacities to the facts that the rules of complaints and queries ask for."""

from mingjian.oversight.models import Complaint, Inquiry
from mingjian.people.capacity import Acting, held_by
from mingjian.people.models import Body, Person
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Capacity, Tier
from mingjian.regulation.rules import complaining, inquiring


def may_complain(*, acting: Acting, about: Person | None) -> Decision:
    """Decide whether who acts may complain about that person, or about a body alone."""
    return complaining.may_complain(
        complaining.ComplainingFacts(
            has_account=True,
            complainant_id=str(acting.person.pk),
            about_id="" if about is None else str(about.pk),
        )
    )


def may_handle(*, acting: Acting, complaint: Complaint) -> Decision:
    """Decide whether who acts may deal with the complaint."""
    return complaining.may_handle(
        complaining.HandlingFacts(
            capacity=capacity_of(acting),
            handler_ids=_persons(acting),
            complainant_id=str(complaint.complainant_id),
            about_id=str(complaint.about_person_id or ""),
            concerns_first_office=complaint.concerns_first_office,
        )
    )


def may_ask(*, acting: Acting, is_about_conduct: bool, concerns_first_office: bool, addressee: Body) -> Decision:
    """Decide whether who acts may put a query to that body."""
    return inquiring.may_ask(
        inquiring.AskingFacts(
            capacity=capacity_of(acting),
            is_about_conduct=is_about_conduct,
            concerns_first_office=concerns_first_office,
            is_to_inspection=addressee.tier == Tier.OUTSIDE,
        )
    )


def may_answer(*, acting: Acting, inquiry: Inquiry) -> Decision:
    """Decide whether who acts may answer the query for the body that was asked."""
    return inquiring.may_answer(
        inquiring.AnsweringFacts(
            capacity=capacity_of(acting),
            person_ids=_persons(acting),
            is_own_body=acting.body == inquiry.addressee_id,
            concerned_id=str(inquiry.concerned_id or ""),
        )
    )


def is_of_first_office(person: Person, *, now_90k: int) -> bool:
    """Say whether the person holds a post in the office that is tier 1, at whichever tier it acts."""
    return held_by(person, now_90k=now_90k).filter(body__is_first_office=True).exists()


def _persons(acting: Acting) -> frozenset[str]:
    """Return who acts, and for whom where the post was lent."""
    return frozenset({str(acting.person.pk), acting.behalf_id} - {""})


def capacity_of(acting: Acting) -> Capacity:
    """Return the capacity as the rules take it; no campus matters here."""
    tier = None if acting.tier is None else Tier(acting.tier)
    return Capacity(tier=tier, campuses=frozenset(), posts=acting.posts)
