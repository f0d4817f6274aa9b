"""Values and interpretations: tier 1, two persons, within the bounds; and the catalogue of what may be set."""

import pytest

from mingjian.regulation.articles import CATALOGUE, Source, Standing, Unit
from mingjian.regulation.decision import Decision
from mingjian.regulation.policies import DEFAULTS, ORDERED, POLICIES, Book
from mingjian.regulation.posts import ADMINISTRATORS, PRINCIPALS, Post
from mingjian.regulation.readings import READINGS
from mingjian.regulation.rules.governing import (
    PROPOSERS,
    ConfirmingFacts,
    InterpretingFacts,
    SettingFacts,
    may_confirm,
    may_govern,
    may_hold,
    may_propose,
    may_turn_down,
)

ANSWER = InterpretingFacts(answer="外包人员按校内人员办理", document="保卫处〔2026〕31号")


def setting(name="objection_period", value=10, book=DEFAULTS):
    return SettingFacts(policy=POLICIES[name], value=value, book=book)


def confirming(capacity, *, decider="wu", proposer="chu"):
    return ConfirmingFacts(capacity=capacity, decider_id=decider, proposer_id=proposer)


def codes(decision: Decision) -> list[str]:
    assert not decision.allowed
    return [reason.code for reason in decision.reasons]


@pytest.mark.article("A07.1.1", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_tier_1_proposes_by_the_posts_for_it(tier_1, post):
    assert may_propose(capacity=tier_1(post), asked=setting()).allowed is (post in PROPOSERS)


@pytest.mark.article("A07.1.1", shows="refused")
def test_no_other_tier_proposes_or_confirms(tier_2, tier_3, nobody):
    for capacity in (tier_2(Post.PRINCIPAL), tier_3(Post.PRINCIPAL), nobody):
        assert codes(may_propose(capacity=capacity, asked=setting())) == ["governing.not_tier_1"]
        assert codes(may_confirm(confirming(capacity), asked=setting())) == ["governing.not_the_head"]


@pytest.mark.article("A07.1.1", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_the_head_of_tier_1_confirms_and_nobody_else(tier_1, post):
    assert may_confirm(confirming(tier_1(post)), asked=setting()).allowed is (post in PRINCIPALS)


@pytest.mark.article("A07.1.1", shows="refused")
def test_nobody_confirms_the_own_proposal(tier_1):
    own = confirming(tier_1(Post.PRINCIPAL), decider="wu", proposer="wu")
    assert codes(may_confirm(own, asked=setting())) == ["governing.own_proposal"]


@pytest.mark.article("A07.1.1", shows=("allowed", "refused"))
@pytest.mark.parametrize(
    ("proposed", "decided", "is_own"),
    [
        (("chu", ""), ("wu", ""), False),
        (("chu", "qian"), ("wu", "sun"), False),
        (("chu", "wu"), ("wu", ""), True),
        (("chu", ""), ("wu", "chu"), True),
        (("chu", "qian"), ("wu", "qian"), True),
        # The founding profile is nobody's proposal.
        (("", ""), ("wu", ""), False),
    ],
)
def test_nobody_confirms_the_own_proposal_by_anothers_hand(tier_1, proposed, decided, is_own):
    facts = ConfirmingFacts(
        capacity=tier_1(Post.PRINCIPAL),
        proposer_id=proposed[0],
        proposer_for_id=proposed[1],
        decider_id=decided[0],
        decider_for_id=decided[1],
    )
    assert facts.is_own is is_own
    assert may_confirm(facts, asked=setting()).allowed is not is_own


@pytest.mark.article("A07.1.1", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_who_proposed_withdraws_and_the_head_turns_down(tier_1, post):
    own = may_turn_down(confirming(tier_1(post), decider="chu"))
    assert own.allowed is (post in PROPOSERS)
    assert may_turn_down(confirming(tier_1(post))).allowed is (post in PRINCIPALS)


@pytest.mark.article("A23", shows="allowed")
def test_tier_1_interprets_with_a_document(tier_1):
    assert may_propose(capacity=tier_1(Post.MANAGER), asked=ANSWER).articles == ("A23",)
    assert may_confirm(confirming(tier_1(Post.PRINCIPAL)), asked=ANSWER).articles == ("A23",)


@pytest.mark.article("A23", shows="refused")
@pytest.mark.parametrize(
    ("answer", "document", "obstacles"),
    [
        ("", "〔2026〕1号", ["governing.no_answer"]),
        ("按此办理", " \u3000", ["governing.no_document"]),
        (" ", "", ["governing.no_document", "governing.no_answer"]),
    ],
)
def test_an_interpretation_says_something_and_names_its_document(tier_1, answer, document, obstacles):
    asked = InterpretingFacts(answer=answer, document=document)
    assert codes(may_propose(capacity=tier_1(Post.PRINCIPAL), asked=asked)) == obstacles


@pytest.mark.parametrize("name", list(POLICIES))
def test_a_value_stays_within_its_bounds_whoever_asks(tier_1, name):
    policy = POLICIES[name]
    # The other value of an ordered pair is moved out of the way.
    book = Book(version=1, rulings={})
    for lesser, greater in ORDERED:
        if name == greater:
            book = book.with_value(lesser, POLICIES[lesser].least)
        elif name == lesser:
            book = book.with_value(greater, POLICIES[greater].most)
    for value, allowed in (
        (policy.least, True),
        (policy.least - 1, False),
        (min(policy.most, POLICIES[dict(ORDERED).get(name, name)].most), True),
        (policy.most + 1, False),
    ):
        asked = setting(name, value, book)
        assert may_propose(capacity=tier_1(Post.PRINCIPAL), asked=asked).allowed is allowed, value
        assert may_confirm(confirming(tier_1(Post.PRINCIPAL)), asked=asked).allowed is allowed, value
        assert may_hold(asked).allowed is allowed, value


@pytest.mark.article("A13.d", shows="refused")
def test_retention_of_key_locations_is_not_set_below_ninety_days(tier_1):
    refused = may_propose(capacity=tier_1(Post.PRINCIPAL), asked=setting("retention_key_location", 89))
    assert (codes(refused), refused.articles) == (["governing.below_floor"], ("A13.d",))
    assert refused.reasons[0].source is Source.REGULATION


@pytest.mark.article("D799.17", shows="refused")
def test_retention_of_ordinary_places_is_not_set_below_the_floor_of_national_law(tier_1):
    refused = may_propose(capacity=tier_1(Post.PRINCIPAL), asked=setting("retention_ordinary", 29))
    assert (codes(refused), refused.articles) == (["governing.below_floor"], ("D799.17",))
    assert refused.reasons[0].source is Source.NATIONAL_LAW


@pytest.mark.parametrize(("lesser", "greater"), ORDERED)
def test_a_value_does_not_pass_the_one_that_bounds_it(lesser, greater):
    bound = max(POLICIES[lesser].least, POLICIES[greater].least)
    book = DEFAULTS.with_value(greater, bound)
    assert may_hold(setting(lesser, bound, book)).allowed
    assert codes(may_hold(setting(lesser, bound + 1, book))) == ["governing.out_of_order"]


def test_what_oversteps_todays_bounds_is_not_acted_on():
    assert Book(version=1, rulings={"retention_ordinary": 7}).value("retention_ordinary") == 30
    assert Book(version=1, rulings={"idle_time": 600}).value("idle_time") == 30


def test_durations_are_counted_by_their_unit():
    minute = 60 * 90_000
    assert DEFAULTS.ticks("idle_time") == 15 * minute
    assert DEFAULTS.ticks("window_longest") == 24 * 60 * minute
    assert DEFAULTS.ticks("objection_period") == 7 * 24 * 60 * minute
    with pytest.raises(KeyError):
        DEFAULTS.ticks("pledge_at_desk")


def test_every_policy_speaks_both_languages_and_has_sane_bounds():
    for name, policy in POLICIES.items():
        assert (policy.name, policy.label_en.isascii(), bool(policy.label_zh)) == (name, True, True)
        assert policy.least <= policy.default <= policy.most
        if policy.unit is Unit.SWITCH:
            assert (policy.least, policy.most) == (0, 1)
        assert not name.startswith("Q")


def test_every_figure_of_the_catalogue_that_is_ours_can_be_set():
    ours = {
        number.name: number.value
        for rule in CATALOGUE.values()
        for number in rule.numbers
        if number.source is Source.OUR_DEFAULT
    }
    assert {name: POLICIES[name].default for name in ours} == ours


def test_open_points_name_rules_and_values_that_exist():
    assert list(READINGS) == [f"Q{number:02}" for number in range(1, 17)]
    for reading in READINGS.values():
        assert set(reading.rules) <= set(CATALOGUE)
        assert set(reading.policies) <= set(POLICIES)
        assert reading.question_en.isascii()
        assert reading.default_en.isascii()


def test_administrators_set_nothing(tier_1):
    for post in ADMINISTRATORS:
        assert "governing.not_tier_1" in codes(may_propose(capacity=tier_1(post), asked=ANSWER))


def test_values_that_no_room_acts_on_say_so():
    waiting = {name for name, policy in POLICIES.items() if policy.standing is Standing.LATER}
    assert {"unit_pre_sign", "retention_margin", "consent_confirmation"} <= waiting
    assert not waiting & {"objection_period", "retention_ordinary", "idle_time", "pledge_at_desk"}


def test_a_switch_is_on_at_one_only():
    switch = next(policy for policy in POLICIES.values() if policy.unit is Unit.SWITCH)
    assert DEFAULTS.with_value(switch.name, 1).is_on(switch.name) is True
    assert DEFAULTS.with_value(switch.name, 0).is_on(switch.name) is False


@pytest.mark.parametrize(("name", "seconds"), [("proof_time", 60), ("objection_period", 86_400)])
def test_a_time_is_told_in_ticks(name, seconds):
    assert DEFAULTS.with_value(name, 5).ticks(name) == 5 * seconds * 90_000


def test_a_value_out_of_bounds_is_never_acted_on():
    policy = POLICIES["objection_period"]
    assert [policy.within(value) for value in (policy.least - 1, policy.least, policy.most, policy.most + 1)] == [
        policy.least,
        policy.least,
        policy.most,
        policy.most,
    ]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("retention_ordinary", Source.NATIONAL_LAW),
        ("retention_key_location", Source.REGULATION),
        ("objection_period", Source.OUR_DEFAULT),
    ],
)
def test_whose_the_floor_is_is_told(name, source):
    assert POLICIES[name].floor_source is source


@pytest.mark.article("A07.1.1", shows=("allowed", "refused"))
@pytest.mark.parametrize("post", list(Post))
def test_governing_is_the_business_of_who_proposes(tier_1, tier_2, post):
    decision = may_govern(tier_1(post))
    assert (decision.allowed, decision.articles) == (post in PROPOSERS, ("A07.1.1",))
    assert codes(may_govern(tier_2(post))) == ["governing.not_tier_1"]


@pytest.mark.parametrize(("lesser", "greater"), ORDERED)
def test_either_of_two_values_is_refused_when_it_passes_the_other_and_no_third_one_is(lesser, greater):
    bound = POLICIES[greater].least + 1
    passed = may_hold(setting(greater, bound - 1, DEFAULTS.with_value(lesser, bound)))
    assert codes(passed) == ["governing.out_of_order"]
    assert passed.reasons[0].source is Source.OUR_DEFAULT
    # A pair that came out of order otherwise hinders nobody who sets something else.
    disordered = Book(version=1, rulings={lesser: POLICIES[greater].least + 1, greater: POLICIES[greater].least})
    assert may_hold(setting("objection_period", 10, disordered)).allowed


def test_a_value_above_the_most_is_refused_by_our_default():
    policy = POLICIES["objection_period"]
    refused = may_hold(setting(policy.name, policy.most + 1))
    assert (codes(refused), refused.reasons[0].source) == (["governing.above_most"], Source.OUR_DEFAULT)
