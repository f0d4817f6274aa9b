"""Erasing words of the ledger: a legal ground, two of tier 1, not the decider's own words, not while logs are young."""

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.regulation.articles import Source
from mingjian.regulation.posts import ADMINISTRATORS, PRINCIPALS, Post
from mingjian.regulation.rules.erasing import ErasingFacts, Ground, kept_until, may_erase
from mingjian.regulation.rules.governing import PROPOSERS
from mingjian.regulation.rules.holding import DAY_90K

WRITTEN_AT = Ticks90k(1_000)


@pytest.fixture
def erasing(tier_1):
    def ask(**changes):
        facts = {
            "ground": Ground.PURPOSE_ACHIEVED,
            "proposer": tier_1(Post.MANAGER),
            "proposer_id": "supervisor",
            "decider": tier_1(Post.PRINCIPAL),
            "decider_id": "head",
            "author_id": "student",
            "written_at_90k": WRITTEN_AT,
            "now_90k": kept_until(WRITTEN_AT),
        }
        return may_erase(ErasingFacts(**(facts | changes)))

    return ask


def codes(decision):
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("PIPL.47", shows="allowed")
@pytest.mark.article("CSL.23.3", shows="refused")
@pytest.mark.parametrize("ground", [Ground.PURPOSE_ACHIEVED, Ground.CONSENT_WITHDRAWN])
def test_words_go_once_the_log_was_kept_for_six_months(erasing, ground):
    assert kept_until(WRITTEN_AT) - WRITTEN_AT == 186 * DAY_90K
    allowed = erasing(ground=ground)
    assert (allowed.allowed, allowed.articles) == (True, ("PIPL.47",))
    young = erasing(ground=ground, now_90k=Ticks90k(kept_until(WRITTEN_AT) - 1))
    assert (codes(young), young.articles) == (["erasing.log_is_young"], ("CSL.23.3",))
    assert young.reasons[0].source is Source.NATIONAL_LAW


@pytest.mark.article("PIPL.47", shows="allowed")
def test_what_was_unlawful_to_write_goes_at_once(erasing):
    assert erasing(ground=Ground.UNLAWFUL, now_90k=WRITTEN_AT).allowed


@pytest.mark.article("PIPL.47", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_tier_1_proposes_and_its_head_decides(erasing, tier_1, post):
    assert erasing(proposer=tier_1(post)).allowed is (post in PROPOSERS)
    assert erasing(decider=tier_1(post)).allowed is (post in PRINCIPALS)
    if post in ADMINISTRATORS:
        assert codes(erasing(proposer=tier_1(post))) == ["erasing.not_tier_1"]


@pytest.mark.article("PIPL.47", shows="refused")
def test_nobody_else_proposes_or_decides(erasing, tier_2, nobody):
    for other in (tier_2(Post.PRINCIPAL), nobody):
        assert codes(erasing(proposer=other)) == ["erasing.not_tier_1"]
        assert codes(erasing(decider=other)) == ["erasing.not_the_head"]


@pytest.mark.article("PIPL.47", shows="refused")
def test_two_persons_erase_and_not_who_wrote(erasing, tier_1):
    assert codes(erasing(proposer=tier_1(Post.PRINCIPAL), proposer_id="head")) == ["erasing.own_proposal"]
    assert codes(erasing(author_id="head")) == ["erasing.own_words"]
    assert erasing(author_id="supervisor").allowed
