"""Oversight's part of what waits: proposals that the head of tier 1 decides on."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.people.capacity import Acting
from mingjian.people.models import Ruling
from mingjian.people.waiting import Waiting
from mingjian.regulation.posts import PRINCIPALS, Tier


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return the proposals of others that wait for this head; the page of the only one, or the list."""
    if acting.tier != Tier.FIRST or acting.posts.isdisjoint(PRINCIPALS):
        return []
    waiting = Ruling.objects.filter(decided_at_90k__isnull=True).exclude(proposed_by=acting.person)
    topics = list(waiting.order_by("topic").values_list("topic", flat=True)[:100])
    if not topics:
        return []
    address = reverse("policy", args=topics) if len(topics) == 1 else reverse("policies")
    return [Waiting(_("待决定的规定值和解释"), len(topics), address)]
