"""For whom the inbox of applications opens, post by post and tier by tier."""

import pytest
from django.http import Http404

from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person
from mingjian.regulation.posts import Post
from mingjian.viewing import rules

APART = {
    Post.SYSTEM_ADMINISTRATOR,
    Post.SECURITY_ADMINISTRATOR,
    Post.AUDIT_ADMINISTRATOR,
    Post.DISCIPLINE_INSPECTOR,
}
OF_TIER_2 = {Post.OPERATOR, Post.PRINCIPAL, Post.ACTING_PRINCIPAL, Post.REVIEWER, Post.APPROVER}
AT_DESK = {1: set(Post) - APART, 2: OF_TIER_2, 3: {Post.MANAGER, Post.OPERATOR}}


def acting(post: Post | None, tier: int) -> Acting:
    held = None if post is None else Appointment(post=post.value, tier=tier, body_id="office")
    return Acting(Person(), held, ("lingshui",) if held else ())


def opens(rule: rules.ViewingDesk | rules.AssistingUnit, who: Acting) -> bool:
    try:
        assert rule.ask(acting=who, captured={}) is None
    except Http404:
        return False
    return True


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_desk_opens_for_who_has_to_do_with_applications_of_others(tier: int) -> None:
    assert {post for post in Post if opens(rules.ViewingDesk(), acting(post, tier))} == AT_DESK[tier]
    assert not opens(rules.ViewingDesk(), acting(None, tier))


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_only_a_unit_assists(tier: int) -> None:
    assisting = {post for post in Post if opens(rules.AssistingUnit(), acting(post, tier))}
    assert assisting == (AT_DESK[3] if tier == 3 else set())
    assert not opens(rules.AssistingUnit(), acting(None, tier))
