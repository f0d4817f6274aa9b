"""Viewing's part of the search box: applications by their number, one's own and those of one's desk."""

import re
from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.people.capacity import Acting
from mingjian.people.searching import MOST_HITS, Hit
from mingjian.viewing import queries
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.rules import has_desk

_TICKET = re.compile(r"(?:(?P<year>[0-9]{4})-)?0*(?P<number>[1-9][0-9]{0,6})", re.ASCII)


def search(*, acting: Acting, campuses: Collection[str], text: str) -> list[Hit]:
    """Return the applications with this number ("2026-0003", "3") within the capacity's scope."""
    matched = _TICKET.fullmatch(text)
    if matched is None:
        return []
    wanted = {"number": int(matched["number"])}
    if matched["year"]:
        wanted["year"] = int(matched["year"])
    own = queries.access_own_applications(person=acting.person).filter(**wanted)
    hits = _hits(own, page="my_application", kind=_("我的查阅申请"))
    if has_desk(acting):
        others = queries.access_applications(acting=acting).filter(**wanted).exclude(applicant=acting.person)
        if campuses:
            others = others.filter(campus__in=campuses)
        hits += _hits(others, page="viewing_application", kind=_("查阅申请"))
    return hits


def _hits(found: QuerySet[ViewingApplication], *, page: str, kind: str) -> list[Hit]:
    return [
        Hit(
            kind,
            application.ticket,
            f"{application.campus.label} · {application.building}",
            reverse(page, args=[application.pk]),
        )
        for application in found[:MOST_HITS]
    ]
