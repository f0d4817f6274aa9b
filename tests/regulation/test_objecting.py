"""Objecting to a refusal and answering: in time, once, by somebody else, and by tier 1 where there is nobody else."""

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.regulation.articles import Source
from mingjian.regulation.posts import ADMINISTRATORS, DECIDERS, Post
from mingjian.regulation.rules.deciding import DecidingFacts, may_decide
from mingjian.regulation.rules.holding import DAY_90K
from mingjian.regulation.rules.objecting import SUPERVISORS, ObjectionFacts, ReviewFacts, may_object, may_review, until

REFUSED_AT = Ticks90k(1_000)
PERIOD_DAYS = 7
LAST = until(refused_at_90k=REFUSED_AT, period_days=PERIOD_DAYS)


def objecting(capacity, **changes):
    facts = {
        "person_id": "student",
        "applicant_id": "student",
        "refused_at_90k": REFUSED_AT,
        "period_days": PERIOD_DAYS,
        "has_objected": False,
        "now_90k": REFUSED_AT,
    }
    return may_object(ObjectionFacts(capacity=capacity, **(facts | changes)))


def asked(capacity, **changes):
    facts = {
        "decider_id": "reviewer",
        "applicant_ids": frozenset({"student"}),
        "camera_campuses": frozenset({"lingshui"}),
        "barred_ids": frozenset({"refuser"}),
    }
    return DecidingFacts(capacity=capacity, **(facts | changes))


def reviewing(capacity, *, has_another=True, **changes):
    return may_review(ReviewFacts(deciding=asked(capacity, **changes), has_another=has_another))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
def test_applicant_objects_until_the_last_instant_before_the_period_ends(nobody):
    assert LAST - REFUSED_AT == 7 * DAY_90K
    allowed = objecting(nobody, now_90k=Ticks90k(LAST - 1))
    assert (allowed.allowed, allowed.articles) == (True, ("A14.c",))
    assert codes(objecting(nobody, now_90k=LAST)) == ["objecting.too_late"]
    assert {reason.source for reason in allowed.reasons} == {Source.OUR_DEFAULT}


@pytest.mark.article("A14.c", shows="refused")
def test_nobody_objects_for_another_or_twice(nobody):
    assert codes(objecting(nobody, person_id="friend")) == ["objecting.not_the_applicant"]
    assert codes(objecting(nobody, has_objected=True)) == ["objecting.once_only"]


@pytest.mark.article("A14.c", shows="refused")
@pytest.mark.parametrize("post", sorted(ADMINISTRATORS))
def test_administrators_object_in_person_only(tier_1, post):
    assert codes(objecting(tier_1(post))) == ["objecting.in_person"]


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_deciders_of_the_campus_answer_but_not_who_refused(tier_2, post):
    assert reviewing(tier_2(post)).allowed is (post in DECIDERS)
    assert "deciding.refused_before" in codes(reviewing(tier_2(post), decider_id="refuser"))
    assert "deciding.own_application" in codes(reviewing(tier_2(post), decider_id="student"))


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
def test_who_refused_does_not_decide_anew(tier_2):
    assert may_decide(asked(tier_2(Post.REVIEWER))).allowed
    assert codes(may_decide(asked(tier_2(Post.REVIEWER), decider_id="refuser"))) == ["deciding.refused_before"]


@pytest.mark.article("A07.1.3b", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", sorted(SUPERVISORS | ADMINISTRATORS | {Post.SAFETY_RESPONSIBLE}))
def test_tier_1_steps_in_where_the_body_has_nobody_else(tier_1, post):
    assert reviewing(tier_1(post), has_another=False).allowed is (post in SUPERVISORS)
    assert "objecting.left_to_the_body" in codes(reviewing(tier_1(post)))


@pytest.mark.article("A07.1.3b")
def test_tier_1_does_not_answer_for_the_own_refusal(tier_1):
    barred = reviewing(tier_1(Post.PRINCIPAL), has_another=False, decider_id="refuser")
    assert codes(barred) == ["deciding.refused_before"]


@pytest.mark.article("A15.1.2a", shows="refused")
@pytest.mark.parametrize("post", sorted(DECIDERS))
def test_tier_3_answers_nothing(tier_3, post):
    assert codes(reviewing(tier_3(post), has_another=False)) == ["applying.tier_3"]
