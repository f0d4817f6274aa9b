"""Entering what a sound plan says, within the transaction of the import: every act its leaf, and one for the table."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from mingjian.people import acts
from mingjian.people.acts import Actor, Deed
from mingjian.people.importing.plan import New, NewAppointment, NewPerson, NewUnit
from mingjian.people.models import Appointment, Body, Jurisdiction, Person
from mingjian.regulation import articles
from mingjian.regulation.rules import appointing as rules

AT_ONCE = 1000


class Crossed(Exception):
    """Somebody entered the same meanwhile: nothing was entered."""


def enter(new: Iterable[New], *, appointed_by: Person | None, actor: Actor, at_90k: int) -> None:
    """Enter all of it or raise Crossed. The caller's transaction is the import's."""
    entries = list(new)
    try:
        with transaction.atomic():
            _people([one for one in entries if isinstance(one, NewPerson)], actor=actor, at_90k=at_90k)
            _units([one for one in entries if isinstance(one, NewUnit)], actor=actor, at_90k=at_90k)
            posts = [one for one in entries if isinstance(one, NewAppointment)]
            _appointments(posts, appointed_by=appointed_by, actor=actor, at_90k=at_90k)
    except IntegrityError as error:
        raise Crossed from error


def _people(new: list[NewPerson], *, actor: Actor, at_90k: int) -> None:
    rows = [
        Person(
            username=one.username,
            display_name=one.display_name,
            # None that anybody could type: who comes by the university's sign-in needs none.
            password=make_password(None),
            created_at_90k=at_90k,
        )
        for one in new
    ]
    Person.objects.bulk_create(rows, batch_size=AT_ONCE)
    deeds = (Deed(f"person:{row.pk}", {"username": row.username}) for row in rows)
    acts.record_all(deeds, kind="people.person_created", actor=actor, at_90k=at_90k)


def _units(new: list[NewUnit], *, actor: Actor, at_90k: int) -> None:
    Body.objects.bulk_create(
        [Body(code=one.code, name=one.name, name_en=one.name_en, tier=one.tier, parent_id=one.parent) for one in new],
        batch_size=AT_ONCE,
    )
    charges = [
        Jurisdiction(body_id=one.code, campus_id=campus, tier=one.tier) for one in new for campus in one.campuses
    ]
    Jurisdiction.objects.bulk_create(charges, batch_size=AT_ONCE)
    deeds = (
        Deed(
            f"body:{one.code}",
            {
                "name": one.name,
                "name_en": one.name_en,
                "body": one.code,
                "tier": one.tier,
                "parent": one.parent,
                "campuses": list(one.campuses),
            },
            (articles.A07_2_0.id,),
        )
        for one in new
    )
    acts.record_all(deeds, kind="people.body_entered", actor=actor, at_90k=at_90k)


def _appointments(new: list[NewAppointment], *, appointed_by: Person | None, actor: Actor, at_90k: int) -> None:
    rows = [
        Appointment(
            person_id=one.person_id,
            post=one.post.value,
            body_id=one.body,
            tier=one.tier,
            since_90k=at_90k if one.since_90k is None else one.since_90k,
            until_90k=one.until_90k,
            document=one.document,
            appointed_by=appointed_by,
        )
        for one in new
    ]
    Appointment.objects.bulk_create(rows, batch_size=AT_ONCE)
    deeds = (
        Deed(
            f"person:{one.person_id}",
            {
                "appointment": str(row.pk),
                "post": row.post,
                "body": one.body,
                "since_90k": row.since_90k,
                "until_90k": row.until_90k,
                "document": row.document,
            },
            (rules.ground_of(one.post).rule.id,),
        )
        for row, one in zip(rows, new, strict=True)
    )
    acts.record_all(deeds, kind="people.appointed", actor=actor, at_90k=at_90k)
