"""Each rule function: the allowed case, the refused case and the boundary instant, by article."""

import math

import pytest

from mingjian.base.ticks import Ticks90k
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import decide
from mingjian.regulation.posts import ADMINISTRATORS, Post, Tier
from mingjian.regulation.rules.live import LEADERS, LiveFacts, may_watch_live
from mingjian.regulation.rules.retention import RetentionFacts, floor_of, may_pause_recording, may_set_retention
from mingjian.regulation.rules.viewing import ServingFacts, may_be_served
from mingjian.regulation.systems import SystemClass

UNTIL = Ticks90k(1_000)


def live(**changes):
    facts = {
        "posts": frozenset({Post.OPERATOR}),
        "tier": Tier.SECOND,
        "body": "security",
        "is_on_shift": True,
        "campuses": frozenset({"lingshui", "kaifaqu"}),
        "campus": "lingshui",
        "owner": "library",
        "system_class": SystemClass.UNIT,
    }
    return may_watch_live(LiveFacts(**(facts | changes)))


def serving(**changes):
    facts = {
        "posts": frozenset(),
        "is_holder": True,
        "is_decided_by_another": True,
        "purpose": "自行车被盗",
        "is_revoked": False,
        "valid_until_90k": UNTIL,
        "now_90k": Ticks90k(UNTIL - 1),
    }
    return may_be_served(ServingFacts(**(facts | changes)))


def codes(decision):
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A18.2", shows="allowed")
def test_live_is_allowed_to_the_operator_on_shift_of_the_campus():
    decision = live()
    assert decision.allowed
    assert decision.articles == ("A18.2", "A14.b")


@pytest.mark.article("A18.2", shows="refused")
def test_live_is_refused_without_the_post():
    decision = live(posts=frozenset())
    assert not decision.allowed
    assert decision.articles == ("A18.2",)


@pytest.mark.article("A18.4a", shows="refused")
def test_live_is_refused_off_shift_and_says_that_it_is_our_default():
    decision = live(is_on_shift=False)
    assert (decision.allowed, decision.articles) == (False, ("A18.4a",))
    assert decision.reasons[0].source is Source.OUR_DEFAULT


@pytest.mark.article("A18.4a")
def test_live_is_allowed_on_shift():
    assert live(is_on_shift=True).allowed


@pytest.mark.article("A07.2.0", shows="refused")
def test_live_is_refused_on_another_campus():
    decision = live(campus="panjin")
    assert (decision.allowed, decision.articles) == (False, ("A07.2.0",))


@pytest.mark.article("A07.2.0")
def test_live_is_allowed_on_each_campus_of_the_body():
    assert live(campus="lingshui").allowed
    assert live(campus="kaifaqu").allowed


@pytest.mark.article("A14.b", shows="allowed")
@pytest.mark.parametrize("post", sorted(LEADERS))
def test_live_is_allowed_without_a_shift_to_those_who_lead_the_duty_by_our_default(post):
    decision = live(posts=frozenset({post}), is_on_shift=False)
    assert (decision.allowed, decision.articles) == (True, ("A14.b",))
    assert decision.reasons[0].source is Source.OUR_DEFAULT


@pytest.mark.article("A07.2.0", shows="refused")
@pytest.mark.parametrize("post", sorted(LEADERS))
def test_live_is_refused_to_the_leaders_of_another_campus(post):
    assert codes(live(posts=frozenset({post}), campus="panjin")) == ["live.other_campus"]


@pytest.mark.article("A18.2", shows="refused")
@pytest.mark.parametrize("post", [Post.MANAGER, Post.SAFETY_RESPONSIBLE])
def test_live_is_refused_to_posts_that_neither_patrol_nor_lead(post):
    assert codes(live(posts=frozenset({post}))) == ["live.not_an_operator"]


@pytest.mark.article("A07.1.3b", shows="refused")
@pytest.mark.parametrize("post", [Post.PRINCIPAL, Post.ACTING_PRINCIPAL, Post.MANAGER])
def test_live_is_refused_to_tier_1_in_every_post(post):
    decision = live(tier=Tier.FIRST, posts=frozenset({post}))
    assert (codes(decision), decision.articles) == (["live.tier_1_supervises"], ("A07.1.3b",))
    assert decision.reasons[0].source is Source.OUR_DEFAULT


def unit(**changes):
    return live(**({"tier": Tier.THIRD, "body": "library", "campuses": frozenset({"lingshui"})} | changes))


@pytest.mark.article("A17.1", shows="allowed")
@pytest.mark.article("A07.3.1", shows="allowed")
def test_live_of_the_own_system_is_allowed_to_a_units_operator_on_shift_and_to_its_manager():
    assert (unit().allowed, unit().articles) == (True, ("A18.2", "A07.3.1"))
    managing = unit(posts=frozenset({Post.MANAGER}), is_on_shift=False)
    assert (managing.allowed, managing.articles) == (True, ("A17.1",))
    assert codes(unit(is_on_shift=False)) == ["live.not_on_shift"]


@pytest.mark.article("A07.3.1", shows="refused")
@pytest.mark.parametrize("post", [Post.OPERATOR, Post.MANAGER])
def test_live_of_any_other_system_is_refused_to_a_unit(post):
    posts = frozenset({post})
    assert codes(unit(posts=posts, owner="security", system_class=SystemClass.SCHOOL)) == ["live.other_owner"]
    assert codes(unit(posts=posts, owner="chemical-engineering")) == ["live.other_owner"]


@pytest.mark.article("A07.3.1")
@pytest.mark.parametrize("post", [Post.PRINCIPAL, Post.SAFETY_RESPONSIBLE])
def test_live_is_refused_to_other_posts_of_a_unit(post):
    assert codes(unit(posts=frozenset({post}))) == ["live.not_an_operator"]


@pytest.mark.article("A21.a")
def test_live_of_a_secrecy_system_is_refused_to_everybody():
    leading = live(posts=frozenset({Post.PRINCIPAL}), system_class=SystemClass.SECRECY)
    assert codes(leading) == ["live.secrecy_system"]
    assert codes(unit(body="library", system_class=SystemClass.SECRECY)) == ["live.secrecy_system"]
    assert unit(system_class=SystemClass.EXAMINATION).allowed


@pytest.mark.article("A18.2", shows="refused")
def test_somebody_of_no_body_is_told_of_the_missing_duty_and_of_no_other_campus():
    assert codes(live(tier=None, body="", campuses=frozenset())) == ["live.not_an_operator"]


def test_live_names_every_obstacle_at_once():
    decision = live(posts=frozenset({Post.OPERATOR, Post.AUDIT_ADMINISTRATOR}), is_on_shift=False, campus="shinei")
    assert codes(decision) == ["media.administrator", "live.not_on_shift", "live.other_campus"]


@pytest.mark.article("A14.b", shows="refused")
@pytest.mark.parametrize("post", sorted(ADMINISTRATORS))
def test_administrators_see_no_pictures_whatever_else_they_are(post):
    assert codes(live(posts=frozenset({Post.OPERATOR, post}))) == ["media.administrator"]
    assert codes(serving(posts=frozenset({post}))) == ["media.administrator"]


@pytest.mark.article("A14.c", shows="allowed")
def test_serving_is_allowed_while_the_permission_stands():
    decision = serving()
    assert decision.allowed
    assert decision.articles == ("A14.b", "A14.c", "A15.1.4a")


@pytest.mark.article("A14.c", shows=("allowed", "refused"))
@pytest.mark.parametrize(("now", "allowed"), [(UNTIL - 1, True), (UNTIL, False), (UNTIL + 1, False)])
def test_serving_ends_at_the_instant_the_permission_does(now, allowed):
    decision = serving(now_90k=Ticks90k(now))
    assert decision.allowed is allowed
    assert ("viewing.expired" in codes(decision)) is not allowed


@pytest.mark.article("A14.c", shows="refused")
def test_serving_is_refused_once_revoked_and_says_only_that():
    assert codes(serving(is_revoked=True, now_90k=Ticks90k(UNTIL + 5))) == ["viewing.revoked"]


@pytest.mark.article("A14.c", shows="refused")
def test_serving_is_refused_when_the_viewer_decided_it():
    assert codes(serving(is_decided_by_another=False)) == ["viewing.own_decision"]


@pytest.mark.article("A14.b", shows="allowed")
def test_serving_is_allowed_with_a_stated_purpose():
    assert serving(purpose="受案 2026-118").allowed


@pytest.mark.article("A14.b", shows="refused")
@pytest.mark.parametrize("purpose", ["", " \t\u3000"])
def test_serving_is_refused_without_a_purpose(purpose):
    assert codes(serving(purpose=purpose)) == ["viewing.no_purpose"]


@pytest.mark.article("A15.1.4a", shows="allowed")
def test_serving_is_allowed_to_the_person_permitted():
    assert serving(is_holder=True).allowed


@pytest.mark.article("A15.1.4a", shows="refused")
def test_serving_is_refused_to_anybody_else():
    decision = serving(is_holder=False)
    assert (decision.allowed, decision.articles) == (False, ("A15.1.4a",))


@pytest.mark.article("A13.c", shows=("allowed", "refused"))
@pytest.mark.article("D799.17", shows=("allowed", "refused"))
@pytest.mark.parametrize(("days", "allowed"), [(29.999, False), (30, True), (31, True), (math.nan, False)])
def test_retention_of_an_ordinary_place_stops_at_thirty_days(days, allowed):
    decision = may_set_retention(RetentionFacts(days=days, is_key_location=False))
    assert (decision.allowed, decision.articles) == (allowed, ("A13.c", "D799.17"))


@pytest.mark.article("A13.d", shows=("allowed", "refused"))
@pytest.mark.parametrize(("days", "allowed"), [(30, False), (89, False), (90, True), (365, True)])
def test_retention_of_a_key_location_stops_at_ninety_days(days, allowed):
    decision = may_set_retention(RetentionFacts(days=days, is_key_location=True))
    assert (decision.allowed, decision.articles[0]) == (allowed, "A13.d")


@pytest.mark.article("A13.c")
def test_the_floor_carries_its_rule():
    assert (floor_of(is_key_location=False).days, floor_of(is_key_location=False).rule) == (30, articles.A13_C)
    assert (floor_of(is_key_location=True).days, floor_of(is_key_location=True).rule) == (90, articles.A13_D)


@pytest.mark.article("A13.b", shows="refused")
def test_pausing_is_refused_to_everybody():
    decision = may_pause_recording()
    assert (decision.allowed, decision.articles) == (False, ("A13.b",))
    assert codes(decision) == ["recording.never_paused"]


def test_one_obstacle_outweighs_any_grounds():
    grounds = live().reasons
    obstacles = may_pause_recording().reasons
    assert decide(grounds=grounds, obstacles=()).allowed
    assert not decide(grounds=grounds, obstacles=obstacles).allowed


def test_no_rule_means_no():
    with pytest.raises(ValueError, match="ground"):
        decide(grounds=(), obstacles=())


def test_a_reason_cites_its_article_in_both_languages():
    reason = live(is_on_shift=False).reasons[0]
    assert reason.cited_zh.endswith("（《办法》第十八条（四））")
    assert reason.cited_en.endswith("(Article 18 (4))")


@pytest.mark.parametrize(
    ("days", "is_key_location", "reasons"),
    [
        (30, False, ["retention.above_floor", "retention.above_national_floor"]),
        (90, True, ["retention.above_floor", "retention.above_national_floor"]),
        (29.9, False, ["retention.below_floor", "retention.below_national_floor"]),
        (89.9, True, ["retention.below_floor"]),
        (30, True, ["retention.below_floor"]),
        (29.9, True, ["retention.below_floor", "retention.below_national_floor"]),
    ],
)
def test_a_retention_is_weighed_against_its_own_floor_and_the_national_one(days, is_key_location, reasons):
    decision = may_set_retention(RetentionFacts(days=days, is_key_location=is_key_location))
    assert [reason.code for reason in decision.reasons] == reasons
    place_zh, place_en = ("重点部位", "a key location") if is_key_location else ("一般点位", "an ordinary place")
    assert place_zh in decision.reasons[0].text_zh
    assert place_en in decision.reasons[0].text_en
