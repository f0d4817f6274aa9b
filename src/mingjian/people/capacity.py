"""In which capacity somebody acts (办理身份): one appointment at a time, or none; and the campuses it reaches."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingjian.people.models import IN_HAND, LENDER_STANDS, Appointment, Campus, Person
from mingjian.people.posts import SCHOOL, UNIT
from mingjian.regulation.posts import APART, Post

MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in one capacity. `appointment` None: a member of the university, with no power over anything.

    `campuses` are the codes of those in reach, in the university's order: those of the body, all of them for tier 1.
    """

    person: Person
    appointment: Appointment | None
    campuses: tuple[str, ...]

    @property
    def post(self) -> Post | None:
        """The post acted in."""
        return None if self.appointment is None else Post(self.appointment.post)

    @property
    def posts(self) -> frozenset[Post]:
        """The post acted in, as the rule functions take it."""
        return frozenset() if self.post is None else frozenset({self.post})

    @property
    def tier(self) -> int | None:
        """The tier of the body acted for."""
        return None if self.appointment is None else self.appointment.tier

    @property
    def body(self) -> str:
        """The code of the body acted for, empty without one."""
        return "" if self.appointment is None else self.appointment.body_id

    @property
    def code(self) -> str:
        """What acts and receipts carry: "operator@<body>", or "member"."""
        return MEMBER if self.appointment is None else f"{self.appointment.post}@{self.body}"

    @property
    def on_behalf_of(self) -> Person | None:
        """Whose post it is that was lent; None for a post of one's own."""
        lent = None if self.appointment is None else self.appointment.delegated_from
        return None if lent is None else lent.person

    @property
    def behalf_id(self) -> str:
        """The id of the person acted for, as the rule functions take it; empty without one."""
        return "" if self.on_behalf_of is None else str(self.on_behalf_of.pk)

    @property
    def label(self) -> str:
        """The capacity in the reader's language."""
        return _("校内人员") if self.appointment is None else self.appointment.label

    @property
    def is_of_body(self) -> bool:
        """Whether it acts for a body of any tier that has surveillance to answer for: none of those apart."""
        return self.post is not None and self.post not in APART

    @property
    def is_staff(self) -> bool:
        """Whether the campuses' points and registers are its business: tiers 1 and 2, no administrator."""
        return self.is_of_body and self.tier != UNIT

    @property
    def reads_every_ledger(self) -> bool:
        """Whether the whole ledger is this capacity's business: tier 1 supervises, the audit administrator audits."""
        return self.post is Post.AUDIT_ADMINISTRATOR or (self.is_staff and self.tier == SCHOOL)


def appointments_of(person: Person, *, now_90k: int) -> QuerySet[Appointment]:
    """Return the appointments that the person may act under at an instant: in force, and not withheld.

    Nor lent by somebody whose own is withheld, or who may not sign in.
    """
    return held_by(person, now_90k=now_90k).filter(IN_HAND, LENDER_STANDS)


def held_by(person: Person, *, now_90k: int) -> QuerySet[Appointment]:
    """Return the appointments of the person in force at an instant, those withheld after a gift of a password too."""
    in_force = Q(until_90k__isnull=True) | Q(until_90k__gt=now_90k)
    return person.appointments.filter(in_force, since_90k__lte=now_90k).select_related("body", "delegated_from__person")


def posts_of(person: Person, *, now_90k: int) -> frozenset[Post]:
    """Return every post the person holds at an instant, whatever capacity is acted in.

    For what a post forbids: an administrator sees no picture in any capacity, not even while the post is withheld.
    """
    return frozenset(Post(post) for post in held_by(person, now_90k=now_90k).values_list("post", flat=True))


def acting_under(person: Person, *, appointment_id: uuid.UUID | str | None, now_90k: int) -> Acting:
    """Return the person acting under that appointment; when it is not the person's, or not in force, under none."""
    if appointment_id is None:
        return Acting(person, None, ())
    appointment = appointments_of(person, now_90k=now_90k).filter(pk=appointment_id).first()
    return Acting(person, appointment, _reach(appointment))


def first_capacity(person: Person, *, now_90k: int) -> Acting:
    """Return the person in the only appointment there is; with none or several as a member, until one is chosen."""
    found = list(appointments_of(person, now_90k=now_90k)[:2])
    only = found[0] if len(found) == 1 else None
    return Acting(person, only, _reach(only))


def _reach(appointment: Appointment | None) -> tuple[str, ...]:
    if appointment is None:
        return ()
    reached = Campus.objects.all() if appointment.tier == SCHOOL else appointment.body.campuses.all()
    return tuple(reached.values_list("code", flat=True))
