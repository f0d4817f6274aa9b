"""What a capacity is and which pages are there for it, post by post and tier by tier."""

import pytest
from django.http import Http404

from mingjian.people import routing, rules
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person
from mingjian.regulation.posts import Post

APART = {
    Post.SYSTEM_ADMINISTRATOR,
    Post.SECURITY_ADMINISTRATOR,
    Post.AUDIT_ADMINISTRATOR,
    Post.DISCIPLINE_INSPECTOR,
}
HEADS = {Post.PRINCIPAL, Post.ACTING_PRINCIPAL}
OPENED_BY = {
    rules.AccountKeeper(): {Post.SYSTEM_ADMINISTRATOR},
    rules.Appointer(): {*HEADS, Post.SAFETY_RESPONSIBLE},
    rules.Personnel(): {*HEADS, Post.SAFETY_RESPONSIBLE, Post.SYSTEM_ADMINISTRATOR},
    rules.Importer(): {*HEADS, Post.SAFETY_RESPONSIBLE, Post.SYSTEM_ADMINISTRATOR},
    routing.Operator(): {Post.OPERATOR},
    routing.OfBody(): set(Post) - APART,
}
POSTS_AND_TIERS = [(post, tier) for post in Post for tier in (1, 2, 3)]


def acting(post: Post | None, tier: int = 2) -> Acting:
    """A capacity of nobody in particular."""
    held = None if post is None else Appointment(post=post.value, tier=tier, body_id="office")
    return Acting(Person(), held, ("lingshui",) if held else ())


def opens(rule: routing.Rule, who: Acting) -> bool:
    try:
        assert rule.ask(acting=who, captured={}) is None
    except Http404:
        return False
    return True


@pytest.mark.parametrize("rule", OPENED_BY, ids=lambda rule: rule.name)
def test_page_is_there_for_the_posts_it_is_for_and_for_no_other(rule: routing.Rule) -> None:
    assert {post for post in Post if opens(rule, acting(post))} == OPENED_BY[rule]
    assert not opens(rule, acting(None))


@pytest.mark.parametrize(("post", "tier"), POSTS_AND_TIERS)
def test_staff_is_who_acts_for_tier_1_or_2_and_stands_not_apart(post: Post, tier: int) -> None:
    who = acting(post, tier)
    is_staff = post not in APART and tier in {1, 2}
    assert (who.is_of_body, who.is_staff) == (post not in APART, is_staff)
    assert opens(routing.Staff(), who) is is_staff
    assert who.reads_every_ledger is (post is Post.AUDIT_ADMINISTRATOR or (is_staff and tier == 1))


def test_member_without_appointment_has_no_power() -> None:
    who = acting(None)
    assert (who.post, who.posts, who.tier, who.body, who.code) == (None, frozenset(), None, "", "member")
    assert not (who.is_of_body or who.is_staff or who.reads_every_ledger)
    assert opens(routing.SignedIn(), who)


def test_capacity_names_post_and_body() -> None:
    who = acting(Post.OPERATOR)
    assert (who.post, who.posts, who.tier, who.body) == (Post.OPERATOR, {Post.OPERATOR}, 2, "office")
    assert who.code == "operator@office"


def test_capacity_in_a_lent_post_names_whose_it_is() -> None:
    lender = Person(display_name="钱审核")
    lent = Appointment(post=Post.REVIEWER.value, tier=2, body_id="office", delegated_from=Appointment(person=lender))
    delegate = Acting(Person(), lent, ("lingshui",))

    assert (delegate.on_behalf_of, delegate.behalf_id) == (lender, str(lender.pk))
    assert (acting(Post.REVIEWER).on_behalf_of, acting(Post.REVIEWER).behalf_id) == (None, "")
    assert (acting(None).on_behalf_of, acting(None).behalf_id) == (None, "")
