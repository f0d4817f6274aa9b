"""Who appoints whom: heads from above, the others by the head of the body or by whom it holds responsible."""

import pytest

from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import PRINCIPALS, Post
from mingjian.regulation.rules.appointing import (
    FROM_ABOVE,
    NAMED_BY_RESPONSIBLE,
    AppointingFacts,
    ConfirmingFacts,
    ground_of,
    may_appoint,
    may_confirm,
)


def facts(
    appointer: Post | None, post: Post, *, own: bool = True, above: bool = False, oneself: bool = False
) -> AppointingFacts:
    return AppointingFacts(appointer_post=appointer, post=post, is_own_body=own, is_above=above, is_oneself=oneself)


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A08.a", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", sorted(FROM_ABOVE))
def test_head_comes_from_the_body_above_and_never_from_its_own(post: Post) -> None:
    assert may_appoint(facts(Post.PRINCIPAL, post, own=False, above=True)).articles == ("A08.a",)
    assert codes(may_appoint(facts(Post.PRINCIPAL, post))) == ["appointing.from_above"]


@pytest.mark.article("A08.a", shows="refused")
def test_stand_in_appoints_no_stand_in_of_its_own_body() -> None:
    assert may_appoint(facts(Post.PRINCIPAL, Post.ACTING_PRINCIPAL)).allowed
    assert codes(may_appoint(facts(Post.ACTING_PRINCIPAL, Post.ACTING_PRINCIPAL))) == ["appointing.from_above"]


@pytest.mark.article("A08.b", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_responsible_person_names_managers_and_operators_of_the_own_unit_only(post: Post) -> None:
    own = may_appoint(facts(Post.SAFETY_RESPONSIBLE, post))

    assert own.allowed is (post in NAMED_BY_RESPONSIBLE)
    assert not may_appoint(facts(Post.SAFETY_RESPONSIBLE, post, own=False, above=True)).allowed


@pytest.mark.article("A08.b", shows="refused")
@pytest.mark.parametrize("appointer", [None, *(set(Post) - PRINCIPALS - {Post.SAFETY_RESPONSIBLE})])
def test_nobody_else_appoints(appointer: Post | None) -> None:
    assert codes(may_appoint(facts(appointer, Post.OPERATOR))) == ["appointing.other_body"]


@pytest.mark.article("A08.b", shows="refused")
def test_nobody_appoints_themselves_whatever_their_post() -> None:
    assert codes(may_appoint(facts(Post.PRINCIPAL, Post.OPERATOR, oneself=True))) == ["appointing.oneself"]


@pytest.mark.article("A07.2.0")
@pytest.mark.parametrize("post", sorted(set(Post) - FROM_ABOVE - NAMED_BY_RESPONSIBLE - {Post.DISCIPLINE_INSPECTOR}))
def test_other_posts_rest_on_the_order_of_the_body(post: Post) -> None:
    assert ground_of(post).rule.id == "A07.2.0"


@pytest.mark.article("A07.1.3b", shows="refused")
@pytest.mark.parametrize("appointer", sorted(PRINCIPALS | {Post.SAFETY_RESPONSIBLE}))
@pytest.mark.parametrize("above", [False, True])
def test_nobody_appoints_who_inspects_them(appointer: Post, *, above: bool) -> None:
    refused = may_appoint(facts(appointer, Post.DISCIPLINE_INSPECTOR, own=not above, above=above))
    assert codes(refused) == ["appointing.by_the_school"]


def test_inspector_rests_on_the_word_of_the_school() -> None:
    assert ground_of(Post.DISCIPLINE_INSPECTOR).rule.id == "A07.1.3b"


@pytest.mark.article("A08.b", shows=("allowed", "refused"))
@pytest.mark.parametrize("appointer", sorted(PRINCIPALS))
@pytest.mark.parametrize("post", sorted(set(Post) - {Post.DISCIPLINE_INSPECTOR}))
def test_head_appoints_in_a_body_below_and_in_no_other(appointer: Post, post: Post) -> None:
    assert may_appoint(facts(appointer, post, own=False, above=True)).allowed
    assert codes(may_appoint(facts(appointer, post, own=False, above=False))) == ["appointing.other_body"]


@pytest.mark.article("A08.b", shows=("allowed", "refused"))
def test_who_gave_the_password_does_not_confirm_and_another_who_appoints_does() -> None:
    appointing = facts(Post.PRINCIPAL, Post.OPERATOR)
    assert may_confirm(ConfirmingFacts(appointing=appointing, is_giver=False)).allowed
    assert codes(may_confirm(ConfirmingFacts(appointing=appointing, is_giver=True))) == ["appointing.giver"]
    stranger = facts(Post.OPERATOR, Post.OPERATOR)
    assert codes(may_confirm(ConfirmingFacts(appointing=stranger, is_giver=False))) == ["appointing.other_body"]


@pytest.mark.article("A08.b", shows="allowed")
@pytest.mark.parametrize("post", sorted(NAMED_BY_RESPONSIBLE | {Post.REVIEWER, Post.DUTY_LEADER}))
def test_stand_in_gives_the_other_posts_of_the_own_body(post: Post) -> None:
    assert may_appoint(facts(Post.ACTING_PRINCIPAL, post)).allowed


@pytest.mark.article("A08.a", shows="allowed")
def test_stand_in_of_the_body_above_appoints_a_stand_in_below() -> None:
    assert may_appoint(facts(Post.ACTING_PRINCIPAL, Post.ACTING_PRINCIPAL, own=False, above=True)).allowed


@pytest.mark.article("A08.b", "A07.1.3b", shows="refused")
def test_who_would_make_themselves_an_inspector_is_told_both() -> None:
    oneself = facts(Post.PRINCIPAL, Post.DISCIPLINE_INSPECTOR, oneself=True)
    assert codes(may_appoint(oneself)) == ["appointing.oneself", "appointing.by_the_school"]
