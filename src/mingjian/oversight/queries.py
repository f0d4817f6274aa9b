"""Reads of complaints and queries. `access_*` is the only door for a page; outside it is Http404."""

from django.db.models import Q, QuerySet
from django.http import Http404

from mingjian.base import ids
from mingjian.oversight.models import Complaint, Inquiry
from mingjian.people.capacity import Acting
from mingjian.people.models import IN_HAND, Appointment, Body, Person
from mingjian.people.posts import OUTSIDE, SCHOOL
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.complaining import HANDLERS
from mingjian.regulation.rules.inquiring import ANSWERERS


def handles_complaints(acting: Acting) -> bool:
    """Say whether complaints of others are this capacity's business: tier 1's supervisors, discipline inspection."""
    return acting.post is Post.DISCIPLINE_INSPECTOR or (acting.tier == SCHOOL and acting.post in HANDLERS)


def asks_queries(acting: Acting) -> bool:
    """Say whether this capacity puts queries: the audit administrator's."""
    return acting.post is Post.AUDIT_ADMINISTRATOR


def answers_queries(acting: Acting) -> bool:
    """Say whether this capacity answers queries for its body."""
    return acting.post is Post.DISCIPLINE_INSPECTOR or acting.post in ANSWERERS


def access_own_complaints(*, person: Person) -> QuerySet[Complaint]:
    """Return what this person complained about, newest first."""
    return _complaints().filter(complainant=person)


def access_own_complaint(*, person: Person, complaint_id: str) -> Complaint:
    """Return one's own complaint, or raise Http404."""
    found = access_own_complaints(person=person).filter(pk=complaint_id).first() if ids.is_id(complaint_id) else None
    if found is None:
        raise Http404
    return found


def access_complaints(*, acting: Acting) -> QuerySet[Complaint]:
    """Return the complaints that this capacity deals with, newest first.

    Never one about the person, never the own one; and of those with named handlers only where the person is named.
    """
    if not handles_complaints(acting):
        return Complaint.objects.none()
    named = Q(named_ids__isnull=True) | Q(named_ids__contains=[acting.person.pk])
    found = _complaints().filter(named, handler=acting.body)
    return found.exclude(about_person=acting.person).exclude(complainant=acting.person)


def access_complaint(*, acting: Acting, complaint_id: str) -> Complaint:
    """Return one complaint that this capacity deals with, or raise Http404."""
    found = access_complaints(acting=acting).filter(pk=complaint_id).first() if ids.is_id(complaint_id) else None
    if found is None:
        raise Http404
    return found


def access_inquiries(*, acting: Acting) -> QuerySet[Inquiry]:
    """Return the queries of this capacity: every one for the auditor, those put to the body for who answers there.

    A query about somebody's conduct is kept from that person.
    """
    found = Inquiry.objects.select_related("asker", "addressee", "concerned").prefetch_related("acts__person")
    found = found.exclude(is_about_conduct=True, concerned=acting.person)
    if asks_queries(acting):
        return found
    return found.filter(addressee=acting.body) if answers_queries(acting) else found.none()


def access_inquiry(*, acting: Acting, inquiry_id: str) -> Inquiry:
    """Return one query, or raise Http404."""
    found = access_inquiries(acting=acting).filter(pk=inquiry_id).first() if ids.is_id(inquiry_id) else None
    if found is None:
        raise Http404
    return found


def subjects_in_sight(acting: Acting) -> frozenset[str]:
    """Return how the ledger names the complaints and queries that this person, acting so, may know about."""
    complaints = access_complaints(acting=acting).values_list("pk", flat=True)
    own = access_own_complaints(person=acting.person).values_list("pk", flat=True)
    inquiries = access_inquiries(acting=acting).values_list("pk", flat=True)
    return frozenset(
        {f"complaint:{found}" for found in (*complaints, *own)} | {f"inquiry:{found}" for found in inquiries}
    )


def entries_handed_to(acting: Acting) -> frozenset[str]:
    """Return the entries, as "<shard>/<seq>", that queries put to the body acted for are about: it may read those."""
    if not answers_queries(acting):
        return frozenset()
    asked = access_inquiries(acting=acting).filter(subject__startswith="entry:").values_list("subject", flat=True)
    return frozenset(subject.removeprefix("entry:") for subject in asked)


def handlers_of(complaint: Complaint, *, now_90k: int) -> list[Person]:
    """Return who could be named to deal with the complaint: who does so for its handler, but for those concerned."""
    posts = [Post.DISCIPLINE_INSPECTOR] if complaint.handler_tier == OUTSIDE else list(HANDLERS)
    in_force = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    held = Appointment.objects.filter(
        in_force, IN_HAND, since_90k__lte=now_90k, body=complaint.handler_id, post__in=posts, person__is_active=True
    )
    concerned = {complaint.complainant_id, complaint.about_person_id}
    found = Person.objects.filter(pk__in=held.values("person")).order_by("display_name")
    return [person for person in found if person.pk not in concerned]


def inspection() -> Body | None:
    """Return the body of discipline inspection, None where the university has not entered one yet."""
    return Body.objects.filter(tier=OUTSIDE).first()


def first_office() -> Body:
    """Return the body of tier 1."""
    return Body.objects.get(tier=SCHOOL)


def _complaints() -> QuerySet[Complaint]:
    return Complaint.objects.select_related("about_body", "about_person", "handler", "complainant").prefetch_related(
        "acts__person"
    )
