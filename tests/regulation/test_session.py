"""The room of a viewing session: operator, documents, the persons permitted, and how many."""

import pytest

from mingjian.regulation.articles import Source
from mingjian.regulation.posts import ADMINISTRATORS, PRINCIPALS, Post
from mingjian.regulation.rules.session import (
    VIEWERS_AT_ONCE,
    ExceptionFacts,
    RoomFacts,
    Viewer,
    may_raise_limit,
    may_show,
)


def viewer(name, **changes):
    return Viewer(**({"person_id": name, "is_approved": True, "is_identity_checked": True} | changes))


def viewers(count):
    return tuple(viewer(f"viewer {number}") for number in range(count))


def room(**changes):
    facts = {
        "operator_id": "operator",
        "operator_posts": frozenset({Post.OPERATOR}),
        "is_operator_present": True,
        "viewers": viewers(1),
    }
    return may_show(RoomFacts(**(facts | changes)))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A15.1.3a", "A15.1.3b", shows="allowed")
def test_a_supervised_session_of_the_applicant_is_allowed():
    decision = room()
    assert (decision.allowed, decision.articles) == (True, ("A15.1.3a", "A15.1.3b", "A15.1.4a", "A15.1.4b"))


@pytest.mark.article("A15.1.3a", shows="refused")
def test_nothing_is_shown_before_every_document_is_checked():
    decision = room(viewers=(viewer("first"), viewer("second", is_identity_checked=False)))
    assert (codes(decision), decision.articles) == (["session.not_identified"], ("A15.1.3a",))


@pytest.mark.article("A15.1.3b", shows="refused")
@pytest.mark.parametrize(
    "changes", [{"is_operator_present": False}, {"operator_posts": frozenset()}, {"operator_posts": PRINCIPALS}]
)
def test_nothing_is_shown_without_an_operator_on_shift(changes):
    decision = room(**changes)
    assert (codes(decision), decision.articles) == (["session.no_operator"], ("A15.1.3b",))


@pytest.mark.article("A15.1.3b", shows="refused")
def test_an_operator_does_not_supervise_the_own_viewing():
    decision = room(viewers=(viewer("student"), viewer("operator")))
    assert codes(decision) == ["session.operator_is_viewer"]
    assert decision.reasons[0].source is Source.OUR_DEFAULT


@pytest.mark.article("A14.b", shows="refused")
@pytest.mark.parametrize("post", sorted(ADMINISTRATORS))
def test_an_administrator_conducts_no_session(post):
    assert codes(room(operator_posts=frozenset({Post.OPERATOR, post}))) == ["media.administrator"]


@pytest.mark.article("A15.1.4a", shows="refused")
def test_only_the_persons_permitted_view():
    decision = room(viewers=(viewer("student"), viewer("friend", is_approved=False)))
    assert (codes(decision), decision.articles) == (["session.not_approved"], ("A15.1.4a",))
    assert codes(room(viewers=())) == ["session.nobody_views"]


@pytest.mark.article("A15.1.4b", shows=("allowed", "refused"))
@pytest.mark.parametrize(("count", "is_allowed"), [(1, True), (2, True), (3, True), (4, False), (50, False)])
def test_three_view_together_and_a_fourth_does_not(count, is_allowed):
    decision = room(viewers=viewers(count))
    assert decision.allowed is is_allowed
    if not is_allowed:
        assert (codes(decision), decision.articles) == (["session.too_many_viewers"], ("A15.1.4b",))
        assert str(count) in decision.reasons[0].text_zh


@pytest.mark.article("A15.1.4b", shows=("allowed", "refused"))
@pytest.mark.parametrize(("limit", "is_allowed"), [(3, False), (4, False), (5, True), (6, True)])
def test_five_view_together_when_an_exception_reaches_so_far(limit, is_allowed):
    assert room(viewers=viewers(5), viewer_limit=limit).allowed is is_allowed


@pytest.mark.article("A15.1.4b", shows="allowed")
def test_a_person_entered_twice_counts_once():
    assert room(viewers=(*viewers(3), viewer("viewer 0"))).allowed


def test_everything_that_is_wrong_in_the_room_is_told_at_once():
    crowd = tuple(viewer(f"guest {n}", is_approved=False, is_identity_checked=False) for n in range(4))
    assert codes(room(is_operator_present=False, viewers=crowd)) == [
        "session.no_operator",
        "session.not_approved",
        "session.not_identified",
        "session.too_many_viewers",
    ]


def excepting(capacity, **changes):
    facts = {"campus": "lingshui", "viewer_limit": VIEWERS_AT_ONCE + 1, "reason": "四名当事人须同时辨认"}
    return may_raise_limit(ExceptionFacts(capacity=capacity, **(facts | changes)))


@pytest.mark.article("A15.1.4b", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_the_head_of_the_body_alone_excepts_from_the_limit(tier_2, post):
    decision = excepting(tier_2(post))
    assert decision.allowed is (post in PRINCIPALS)
    assert decision.articles == ("A15.1.4b",)
    assert decision.reasons[0].source is Source.OUR_DEFAULT


@pytest.mark.article("A15.1.4b")
def test_the_heads_of_other_bodies_do_not(tier_1, tier_2, tier_3):
    assert codes(excepting(tier_1(Post.PRINCIPAL))) == ["jurisdiction.tier_1_supervises"]
    assert codes(excepting(tier_3(Post.PRINCIPAL))) == ["jurisdiction.tier_3"]
    assert codes(excepting(tier_2(Post.PRINCIPAL), campus="panjin")) == ["jurisdiction.other_campus"]


@pytest.mark.article("A15.1.4b", shows=("allowed", "refused"))
@pytest.mark.parametrize(("limit", "is_allowed"), [(0, False), (3, False), (4, True), (9, True)])
def test_an_exception_begins_above_the_limit(tier_2, limit, is_allowed):
    decision = excepting(tier_2(Post.PRINCIPAL), viewer_limit=limit)
    assert decision.allowed if is_allowed else codes(decision) == ["session.exception_below_limit"]


@pytest.mark.article("A15.1.4b", shows="refused")
@pytest.mark.parametrize("reason", ["", "\u3000 "])
def test_an_exception_needs_a_reason(tier_2, reason):
    assert codes(excepting(tier_2(Post.PRINCIPAL), reason=reason)) == ["session.exception_without_reason"]
