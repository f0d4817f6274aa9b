"""Deciding on a viewing: who may, walked over tiers, posts and campuses."""

import pytest

from mingjian.regulation.articles import Source
from mingjian.regulation.posts import ADMINISTRATORS, DECIDERS, Post
from mingjian.regulation.rules.deciding import DecidingFacts, may_decide


def deciding(capacity, **changes):
    facts = {
        "decider_id": "reviewer",
        "applicant_ids": frozenset({"student"}),
        "camera_campuses": frozenset({"lingshui"}),
    }
    return may_decide(DecidingFacts(capacity=capacity, **(facts | changes)))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.2.3", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_tier_2_decides_by_the_posts_for_it_and_by_no_other(tier_2, post):
    decision = deciding(tier_2(post))
    assert decision.allowed is (post in DECIDERS)
    if decision.allowed:
        assert decision.articles == ("A07.2.3", "A07.2.0", "A14.c")


@pytest.mark.article("A07.2.3", shows="refused")
def test_a_post_that_does_not_decide_is_told_who_does(tier_2):
    decision = deciding(tier_2(Post.OPERATOR))
    assert (codes(decision), decision.articles) == (["deciding.without_post"], ("A07.2.3",))


@pytest.mark.article("A15.1.2a", shows="refused")
@pytest.mark.parametrize("post", sorted(DECIDERS))
def test_tier_3_decides_nothing(tier_3, post):
    decision = deciding(tier_3(post))
    assert (codes(decision), decision.articles) == (["applying.tier_3"], ("A15.1.2a",))


@pytest.mark.article("A07.1.3b", shows="refused")
@pytest.mark.parametrize("post", sorted(DECIDERS))
def test_tier_1_supervises_and_does_not_decide(tier_1, post):
    assert codes(deciding(tier_1(post))) == ["jurisdiction.tier_1_supervises"]


def test_somebody_of_no_body_decides_nothing(nobody):
    assert codes(deciding(nobody)) == ["jurisdiction.no_body"]


@pytest.mark.article("A14.c", shows="refused")
def test_nobody_decides_the_own_application_alone_or_with_others(tier_2):
    for applicants in ({"reviewer"}, {"student", "reviewer"}):
        decision = deciding(tier_2(Post.PRINCIPAL), applicant_ids=frozenset(applicants))
        assert codes(decision) == ["deciding.own_application"]
        assert decision.reasons[0].source is Source.OUR_DEFAULT


@pytest.mark.article("A14.c", shows="allowed")
def test_another_than_the_applicant_decides(tier_2):
    assert deciding(tier_2(Post.REVIEWER), decider_id="reviewer", applicant_ids=frozenset({"student"})).allowed


@pytest.mark.article("A14.c", shows="refused")
@pytest.mark.parametrize("post", sorted(ADMINISTRATORS))
def test_administrators_decide_nothing_whatever_else_they_are(tier_2, post):
    assert codes(deciding(tier_2(Post.REVIEWER, post))) == ["deciding.administrator"]


@pytest.mark.article("A07.2.0", shows=("allowed", "refused"))
@pytest.mark.parametrize(
    ("campuses", "obstacles"),
    [
        ({"lingshui"}, None),
        ({"kaifaqu"}, None),
        ({"panjin"}, ["jurisdiction.other_campus"]),
        ({"lingshui", "kaifaqu"}, ["deciding.several_campuses"]),
        ({"lingshui", "panjin"}, ["deciding.several_campuses"]),
        (set(), ["deciding.no_camera"]),
    ],
)
def test_one_application_is_about_one_campus_of_the_body(tier_2, campuses, obstacles):
    decision = deciding(tier_2(Post.REVIEWER), camera_campuses=frozenset(campuses))
    assert decision.allowed if obstacles is None else codes(decision) == obstacles


def test_every_obstacle_is_named(tier_3):
    decision = deciding(tier_3(Post.AUDIT_ADMINISTRATOR), applicant_ids=frozenset({"reviewer"}))
    assert codes(decision) == ["deciding.own_application", "deciding.administrator", "applying.tier_3"]


@pytest.mark.article("A14.c", shows="refused")
def test_what_bars_the_lender_of_a_post_bars_whoever_holds_it(tier_2):
    lent = {"decider_id": "delegate", "on_behalf_of_id": "reviewer"}
    theirs = deciding(tier_2(Post.REVIEWER), **lent, applicant_ids=frozenset({"student", "reviewer"}))
    refused_before = deciding(tier_2(Post.REVIEWER), **lent, barred_ids=frozenset({"reviewer"}))

    assert codes(theirs) == ["deciding.lenders_application"]
    assert codes(refused_before) == ["deciding.refused_before"]
    assert deciding(tier_2(Post.REVIEWER), **lent, barred_ids=frozenset({"another"})).allowed
