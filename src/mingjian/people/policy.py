"""The policy values in force at an instant, and what each decision notes of them. Rooms ask here, never a constant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from mingjian.people.ruling import ACCEPTED, Ruling
from mingjian.regulation.policies import POLICIES, Book
from mingjian.regulation.readings import READINGS


def in_force(*, at_90k: int) -> Book:
    """Return the values in force at the instant. The past never changes: what came into force stays as it was.

    The book's version is how many rulings had come into force, interpretations included, so that it names one state.
    """
    taken = Ruling.objects.filter(ACCEPTED, effective_at_90k__lte=at_90k).order_by("effective_at_90k", "version")
    told = list(taken.values_list("topic", "value"))
    # A version of this software may no longer know a topic; what it knew is history.
    values = {topic: value for topic, value in told if value is not None and topic in POLICIES}
    return Book(version=len(told), rulings=values)


def last_effect(*, topics: Collection[str], at_90k: int) -> int:
    """Return when a ruling on any of the topics last came into force, 0 if none did."""
    taken = Ruling.objects.filter(ACCEPTED, topic__in=topics, effective_at_90k__lte=at_90k)
    return taken.aggregate(last=Max("effective_at_90k"))["last"] or 0


def interpretations(*, at_90k: int) -> Mapping[str, Ruling]:
    """Return the interpretation in force of each open point that has one."""
    return {one.topic: one for one in _at(at_90k).filter(value__isnull=True) if one.topic in READINGS}


def _at(at_90k: int) -> QuerySet[Ruling]:
    """Return the last ruling of each topic that is in force: by the instant it took effect, then by its number."""
    taken = Ruling.objects.filter(ACCEPTED, effective_at_90k__lte=at_90k)
    return taken.order_by("topic", "-effective_at_90k", "-version").distinct("topic")


@dataclass(frozen=True, slots=True)
class Standing:
    """One topic for a page or a program: what is in force since when, what is to come, what waits for a decision."""

    topic: str
    current: Ruling | None
    coming: tuple[Ruling, ...]
    proposed: Ruling | None


def standings(*, now_90k: int) -> Mapping[str, Standing]:
    """Return the standing of every policy and reading, in the order of the catalogue."""
    current = {one.topic: one for one in _at(now_90k).select_related("proposed_by", "decided_by")}
    coming = Ruling.objects.filter(ACCEPTED, effective_at_90k__gt=now_90k).order_by("effective_at_90k", "version")
    later: dict[str, list[Ruling]] = {}
    for one in coming.select_related("proposed_by", "decided_by"):
        later.setdefault(one.topic, []).append(one)
    waiting = {
        one.topic: one for one in Ruling.objects.filter(decided_at_90k__isnull=True).select_related("proposed_by")
    }
    return {
        topic: Standing(topic, current.get(topic), tuple(later.get(topic, ())), waiting.get(topic))
        for topic in (*POLICIES, *READINGS)
    }


def history(topic: str) -> QuerySet[Ruling]:
    """Return everything ever proposed on a topic, the newest first."""
    return Ruling.objects.filter(topic=topic).select_related("proposed_by", "decided_by").order_by("-proposed_at_90k")
