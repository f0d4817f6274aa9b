"""Entering the university's profile: campuses, bodies, special systems, values. What stands already is left alone."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts, governing
from mingjian.people.acts import Actor
from mingjian.people.models import Body, Campus, Jurisdiction, SpecialOwner, University
from mingjian.people.profile import BodyEntry, CampusEntry, Profile, SpecialSystem
from mingjian.regulation import articles

GROUNDS = (articles.A07_2_0.id,)


@transaction.atomic(durable=True)
def load_profile(*, profile: Profile, actor: Actor, clock: Clock) -> int:
    """Enter what is missing, each with an entry of its own in the ledger, and return how many that were."""
    now_90k = clock.utc()
    entered = [
        _enter_name(profile, actor, now_90k),
        *(_enter_campus(entry, place, actor, now_90k) for place, entry in enumerate(profile.campuses)),
        *(_enter_body(entry, actor, now_90k) for entry in profile.bodies),
        *(_enter_special(entry, actor, now_90k) for entry in profile.special_systems),
    ]
    return sum(entered) + governing.found(values=profile.policies, actor=actor, now_90k=now_90k)


def _enter_name(profile: Profile, actor: Actor, now_90k: int) -> bool:
    names = {"name": profile.name, "name_en": profile.name_en}
    _row, is_new = University.objects.get_or_create(place=1, defaults=names)
    if is_new:
        acts.record(
            kind="people.university_entered",
            actor=actor,
            subject="university:1",
            facts=names,
            at_90k=now_90k,
            articles=GROUNDS,
        )
    return is_new


def _enter_campus(entry: CampusEntry, place: int, actor: Actor, now_90k: int) -> bool:
    names = {"name": entry.name, "name_en": entry.name_en}
    _row, is_new = Campus.objects.get_or_create(code=entry.code, defaults={**names, "place": place})
    if is_new:
        acts.record(
            kind="people.campus_entered",
            actor=actor,
            subject=f"campus:{entry.code}",
            facts={**names, "campus": entry.code},
            at_90k=now_90k,
            articles=GROUNDS,
        )
    return is_new


def _enter_body(entry: BodyEntry, actor: Actor, now_90k: int) -> bool:
    names = {"name": entry.name, "name_en": entry.name_en}
    place = {"tier": entry.tier, "parent_id": entry.parent or None, "is_first_office": entry.is_first_office}
    body, is_new = Body.objects.get_or_create(code=entry.code, defaults={**names, **place})
    if not is_new and body.is_first_office != entry.is_first_office:
        # Whose complaints go to discipline inspection: what an older profile did not say yet.
        body.is_first_office = entry.is_first_office
        body.save(update_fields=["is_first_office"])
        acts.record(
            kind="people.body_changed",
            actor=actor,
            subject=f"body:{entry.code}",
            facts={"body": entry.code, "is_first_office": entry.is_first_office},
            at_90k=now_90k,
            articles=GROUNDS,
        )
    if is_new:
        Jurisdiction.objects.bulk_create(
            Jurisdiction(body=body, campus_id=campus, tier=entry.tier) for campus in entry.campuses
        )
        acts.record(
            kind="people.body_entered",
            actor=actor,
            subject=f"body:{entry.code}",
            facts={
                **names,
                "body": entry.code,
                "tier": entry.tier,
                "parent": entry.parent,
                "is_first_office": entry.is_first_office,
                "campuses": list(entry.campuses),
            },
            at_90k=now_90k,
            articles=GROUNDS,
        )
    return is_new


def _enter_special(entry: SpecialSystem, actor: Actor, now_90k: int) -> bool:
    names = {"name": entry.name, "name_en": entry.name_en}
    _row, is_new = SpecialOwner.objects.get_or_create(kind=entry.kind, defaults={**names, "body_id": entry.owner})
    if is_new:
        acts.record(
            kind="people.special_owner_entered",
            actor=actor,
            subject=f"body:{entry.owner}",
            facts={**names, "kind": entry.kind, "body": entry.owner},
            at_90k=now_90k,
            articles=GROUNDS,
        )
    return is_new
