"""Applications: complete before they are submitted, taken up by tier 2 only, forwarded by tier 3 only."""

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.applying import (
    AcceptanceFacts,
    ApplicationFacts,
    ForwardingFacts,
    may_accept,
    may_apply,
    may_forward,
    may_submit,
)

START, NOW = Ticks90k(1_000), Ticks90k(9_000)


def submitting(**changes):
    facts = {
        "is_internal": True,
        "reason": "自行车被盗",
        "place": "北门车棚",
        "start_90k": START,
        "end_90k": Ticks90k(2_000),
        "now_90k": NOW,
    }
    return may_submit(ApplicationFacts(**(facts | changes)))


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A15.1.1a", shows="allowed")
def test_a_complete_application_is_allowed():
    decision = submitting()
    assert (decision.allowed, decision.articles) == (True, ("A15.1.1a",))


@pytest.mark.article("A15.1.1a", shows="refused")
@pytest.mark.parametrize("blank", ["", "  ", "\u3000\t\n"])
def test_an_application_is_refused_without_reason_or_place(blank):
    assert codes(submitting(reason=blank)) == ["applying.no_reason"]
    assert codes(submitting(place=blank)) == ["applying.no_place"]


@pytest.mark.article("A15.1.1a", shows=("allowed", "refused"))
@pytest.mark.parametrize(
    ("start", "end", "obstacles"),
    [
        (START, START + 1, None),
        (START, START, ["applying.no_time"]),
        (START + 1, START, ["applying.no_time"]),
        (NOW - 1, NOW + 5, None),
        (NOW, NOW + 1, ["applying.in_the_future"]),
        (NOW + 1, NOW, ["applying.no_time"]),
    ],
)
def test_the_time_asked_for_is_a_span_that_has_begun(start, end, obstacles):
    decision = submitting(start_90k=Ticks90k(start), end_90k=Ticks90k(end))
    assert decision.allowed if obstacles is None else codes(decision) == obstacles


@pytest.mark.article("A15.1.1b", shows="refused")
def test_an_outsider_is_sent_to_the_police_first():
    decision = submitting(is_internal=False)
    assert (codes(decision), decision.articles) == (["applying.outsider"], ("A15.1.1b",))


@pytest.mark.article("A15.1.1b", shows="allowed")
def test_a_member_of_the_university_needs_no_police():
    assert submitting(is_internal=True).allowed


def test_everything_that_is_missing_is_told_at_once():
    decision = submitting(is_internal=False, reason="", place="", end_90k=START)
    assert codes(decision) == ["applying.outsider", "applying.no_reason", "applying.no_place", "applying.no_time"]


@pytest.mark.article("A07.2.0", shows="refused")
def test_for_its_work_tier_2_applies_on_its_own_campuses_and_in_person_anybody_anywhere(tier_2, nobody):
    operator = tier_2(Post.OPERATOR)
    assert may_apply(operator).allowed
    assert may_apply(operator, campus="lingshui").allowed
    assert codes(may_apply(operator, campus="panjin")) == ["applying.as_another_campus"]
    assert may_apply(nobody, campus="panjin").allowed


@pytest.mark.article("A15.1.2a", shows="allowed")
def test_tier_2_of_the_campus_takes_an_application_up(tier_2):
    decision = may_accept(AcceptanceFacts(capacity=tier_2(Post.REVIEWER), campus="lingshui"))
    assert (decision.allowed, decision.articles) == (True, ("A15.1.2a", "A07.2.0"))


@pytest.mark.article("A15.1.2a", shows="refused")
@pytest.mark.parametrize("post", list(Post))
def test_tier_3_takes_no_application_up_whatever_the_post(tier_3, post):
    decision = may_accept(AcceptanceFacts(capacity=tier_3(post), campus="lingshui"))
    assert (codes(decision), decision.articles) == (["applying.tier_3"], ("A15.1.2a",))


@pytest.mark.article("A07.2.0", shows="refused")
def test_tier_2_of_another_campus_takes_no_application_up(tier_2):
    decision = may_accept(AcceptanceFacts(capacity=tier_2(Post.REVIEWER), campus="panjin"))
    assert codes(decision) == ["jurisdiction.other_campus"]


@pytest.mark.article("A07.1.3b", shows="refused")
def test_tier_1_takes_no_application_up(tier_1, nobody):
    assert codes(may_accept(AcceptanceFacts(capacity=tier_1(Post.PRINCIPAL), campus="lingshui"))) == [
        "jurisdiction.tier_1_supervises"
    ]
    assert codes(may_accept(AcceptanceFacts(capacity=nobody, campus="lingshui"))) == ["jurisdiction.no_body"]


@pytest.mark.article("A15.1.2b", shows="allowed")
def test_tier_3_forwards_for_a_named_applicant(tier_3):
    decision = may_forward(ForwardingFacts(capacity=tier_3(), is_applicant_named=True))
    assert (decision.allowed, decision.articles) == (True, ("A15.1.2b",))


@pytest.mark.article("A15.1.2b", shows="refused")
def test_forwarding_is_refused_for_nobody_and_to_whoever_is_not_tier_3(tier_2, tier_3, nobody):
    assert codes(may_forward(ForwardingFacts(capacity=tier_3(), is_applicant_named=False))) == ["applying.for_nobody"]
    for capacity in (tier_2(Post.REVIEWER), nobody):
        decision = may_forward(ForwardingFacts(capacity=capacity, is_applicant_named=True))
        assert codes(decision) == ["applying.not_a_forwarder"]
