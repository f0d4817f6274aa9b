"""From rows to the facts of the rules: what each finding says of an application, asked without a page around it."""

from typing import Any

import pytest

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import delegating, scope
from mingjian.people.capacity import Acting, acting_under
from mingjian.people.delegating import Loan
from mingjian.people.models import Appointment, Person, Ruling
from mingjian.registry.models import Camera
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Capacity, Post, Tier
from mingjian.regulation.rules.conflicts import Tie
from mingjian.viewing import judging, ties, usecases
from mingjian.viewing.judging import Finding
from mingjian.viewing.models import Concern, ViewingApplication
from mingjian.viewing.words import Outcome, ReviewOutcome
from mingjian.viewing.workflow import Stage

DAY_90K = 24 * 3600 * TICKS_PER_S


def anew(application: ViewingApplication) -> ViewingApplication:
    return ViewingApplication.objects.get(pk=application.pk)


def codes(decision: Decision) -> list[str]:
    """The codes of what speaks against it; empty when it is allowed."""
    return [] if decision.allowed else [reason.code for reason in decision.reasons]


def objected(walk: Any, application: ViewingApplication) -> ViewingApplication:
    usecases.object_to_refusal(
        application=application,
        version=anew(application).version,
        reason="当晚确有失窃，已报案",
        acting=walk.acting("student"),
        clock=walk.clock,
    )
    return anew(application)


def moved(name: str) -> None:
    """Let a camera come under another campus, as a correction of the registry would."""
    Camera.objects.filter(name=name).update(campus_id="panjin", owner_id="panjin-general-affairs")


def lent(walk: Any, *, by: str, to: str) -> Acting:
    loan = Loan(to=walk.people[to], since_90k=None, until_90k=walk.clock.utc() + 7 * DAY_90K, reason="出差")
    given = delegating.delegate(loan=loan, acting=walk.acting(by), clock=walk.clock)
    return acting_under(given.person, appointment_id=given.pk, now_90k=walk.clock.utc())


def test_what_is_told_beside_the_rules_is_our_reading_and_named() -> None:
    told = {reason.code: (reason.rule, reason.source) for reason in (judging.STILL_AT_UNIT, judging.MOVED)}
    assert told == {
        "viewing.still_at_unit": (articles.A15_1_2A, Source.OUR_DEFAULT),
        "viewing.moved": (articles.A07_2_0, Source.OUR_DEFAULT),
    }


@pytest.mark.article("A07.2.0")
def test_capacity_has_campuses_in_tier_2_alone() -> None:
    def capacity(tier: int | None, post: Post = Post.PRINCIPAL) -> Capacity:
        held = None if tier is None else Appointment(post=post.value, tier=tier, body_id="b")
        return judging.capacity_of(Acting(Person(), held, ("lingshui", "kaifaqu")))

    both, head = frozenset({"lingshui", "kaifaqu"}), frozenset({Post.PRINCIPAL})
    assert capacity(None) == Capacity(tier=None, campuses=frozenset(), posts=frozenset())
    assert capacity(1) == Capacity(tier=Tier.FIRST, campuses=frozenset(), posts=head)
    assert capacity(2) == Capacity(tier=Tier.SECOND, campuses=both, posts=head)
    assert capacity(3) == Capacity(tier=Tier.THIRD, campuses=frozenset(), posts=head)


@pytest.mark.article("A07.2.0", "A15.1.1a", "A15.1.2b")
def test_who_applies_begins_takes_up_and_hands_on(walk: Any) -> None:
    who = {name: walk.acting(name) for name in ("student", "reviewer", "other_reviewer", "unit_manager", "tier_1")}
    apply = {name: codes(judging.may_apply(acting=acting)) for name, acting in who.items()}
    assert apply == {
        "student": [],
        "reviewer": [],
        "other_reviewer": [],
        "unit_manager": ["applying.as_unit"],
        "tier_1": ["applying.as_tier_1"],
    }
    assert codes(judging.may_apply(acting=who["reviewer"], campus="lingshui")) == []
    assert codes(judging.may_apply(acting=who["reviewer"], campus="panjin")) == ["applying.as_another_campus"]
    assert codes(judging.may_apply(acting=who["student"], campus="panjin")) == []

    unit, student = who["unit_manager"], walk.people["student"]
    assert codes(judging.may_draft(acting=unit, applicant=student)) == []
    assert codes(judging.may_draft(acting=unit, applicant=unit.person)) == ["applying.for_nobody"]
    assert codes(judging.may_draft(acting=who["reviewer"], applicant=student)) == ["applying.not_a_forwarder"]

    application = walk.submitted()
    assert codes(judging.may_forward(acting=unit, application=application)) == []
    assert codes(judging.may_forward(acting=who["reviewer"], application=application)) == ["applying.not_a_forwarder"]
    assert codes(judging.may_accept(acting=who["reviewer"], application=application)) == []
    assert codes(judging.may_accept(acting=who["other_reviewer"], application=application)) == [
        "jurisdiction.other_campus"
    ]
    assert codes(judging.may_accept(acting=unit, application=application)) == ["applying.tier_3"]
    application.applicant = unit.person
    assert codes(judging.may_forward(acting=unit, application=application)) == ["applying.for_nobody"]


@pytest.mark.article("A15.1.1a")
def test_application_is_complete_by_what_it_says_and_when_it_was_sent(walk: Any) -> None:
    application = walk.submitted()
    start_90k, end_90k = application.start_90k, application.end_90k
    assert codes(judging.is_complete(application)) == []
    for changed, code in (
        ({"reason": " "}, "applying.no_reason"),
        ({"building": " "}, "applying.no_place"),
        ({"end_90k": start_90k}, "applying.no_time"),
        ({"start_90k": end_90k}, "applying.no_time"),
        ({"submitted_at_90k": start_90k}, "applying.in_the_future"),
    ):
        for name, value in changed.items():
            setattr(application, name, value)
        assert codes(judging.is_complete(application)) == [code]
        application = anew(application)
    application.submitted_at_90k = start_90k + 1
    assert codes(judging.is_complete(application)) == []


@pytest.mark.article("A14.c", "A07.2.0")
def test_head_of_the_campus_says_who_may_know_and_not_of_the_own_application(walk: Any, hire: Any) -> None:
    walk.people["other_head"] = hire("other_head", "x", ("principal", "panjin-general-affairs"), clock=walk.clock)
    application, own = walk.submitted(), walk.submitted("principal")
    for name, found in (
        ("principal", []),
        ("reviewer", ["restricting.the_heads"]),
        ("other_head", ["jurisdiction.other_campus"]),
        ("student", ["jurisdiction.no_body", "restricting.own_application"]),
    ):
        assert codes(judging.may_restrict(acting=walk.acting(name), application=application)) == found
    assert codes(judging.may_restrict(acting=walk.acting("principal"), application=own)) == [
        "restricting.own_application"
    ]


@pytest.mark.article("A07.2.0")
def test_application_whose_cameras_came_under_another_campus_is_handed_back_by_whom_it_was_sent_to(walk: Any) -> None:
    application, now_90k = walk.submitted(), walk.clock.utc()

    def told(name: str) -> tuple[list[str], list[str]]:
        asked = {"acting": walk.acting(name), "application": application, "now_90k": now_90k}
        return codes(judging.may_decide(**asked)), codes(judging.may_return(**asked))

    assert judging.campuses_of(application) == {"lingshui"}
    assert told("reviewer") == ([], [])
    moved("南门")
    assert judging.campuses_of(application) == {"lingshui", "panjin"}
    assert told("reviewer") == (["deciding.several_campuses"], [])
    moved("南门岗亭")
    assert told("reviewer") == (["jurisdiction.other_campus"], [])
    assert told("other_reviewer") == ([], ["jurisdiction.other_campus"])


@pytest.mark.article("A14.c")
def test_who_refused_before_may_take_an_approval_back_and_decides_no_more(walk: Any) -> None:
    application = objected(walk, walk.decide(walk.submitted(), outcome=Outcome.REFUSED))
    usecases.review(
        application=application,
        version=application.version,
        outcome=ReviewOutcome.REOPENED,
        reason="另有报案回执",
        article="A14.b",
        acting=walk.acting("principal"),
        clock=walk.clock,
    )
    application = walk.decide(anew(application), by="principal")
    now_90k = walk.clock.utc()
    for name, revoking, deciding in (
        ("reviewer", [], ["deciding.refused_before"]),
        ("principal", [], []),
        ("operator", ["deciding.without_post"], ["deciding.without_post"]),
        ("other_reviewer", ["jurisdiction.other_campus"], ["jurisdiction.other_campus"]),
    ):
        asked = {"acting": walk.acting(name), "application": application, "now_90k": now_90k}
        assert (codes(judging.may_revoke(**asked)), codes(judging.may_decide(**asked))) == (revoking, deciding)
    own = {"acting": walk.acting("reviewer"), "application": walk.submitted("reviewer"), "now_90k": now_90k}
    assert codes(judging.may_revoke(**own)) == ["deciding.own_application"]


@pytest.mark.article("A14.c")
def test_days_to_object_are_those_in_force_when_it_was_refused(walk: Any) -> None:
    def told(application: ViewingApplication, name: str = "student", after_90k: int = 0) -> list[str]:
        now_90k = walk.clock.utc() + after_90k
        return codes(judging.may_object(acting=walk.acting(name), application=application, now_90k=now_90k))

    waiting = walk.submitted()
    refused = walk.decide(walk.submitted(), outcome=Outcome.REFUSED)
    Ruling.objects.create(
        topic="objection_period",
        value=9,
        reason="试验",
        proposed_at_90k=walk.clock.utc(),
        decided_at_90k=walk.clock.utc(),
        version=1,
        effective_at_90k=walk.clock.utc() + 1,
    )

    assert told(waiting) == []
    assert told(refused, after_90k=7 * DAY_90K - 1) == []
    assert told(refused, after_90k=7 * DAY_90K) == ["objecting.too_late"]
    assert told(refused, "friend") == ["objecting.not_the_applicant"]
    application = objected(walk, refused)
    assert judging.objection_of(application) is not None
    assert judging.objection_of(anew(waiting)) is None
    assert told(application) == ["objecting.once_only"]


@pytest.mark.article("A14.c", "A07.1.3b")
def test_objection_is_answered_by_another_of_the_body_and_by_tier_1_without_one(walk: Any) -> None:
    application = objected(walk, walk.decide(walk.submitted(), outcome=Outcome.REFUSED))
    by_hand = lent(walk, by="reviewer", to="off_shift")
    now_90k = walk.clock.utc()

    def told(who: Acting | str) -> list[str]:
        acting = walk.acting(who) if isinstance(who, str) else who
        return codes(judging.may_review(acting=acting, application=application, now_90k=now_90k))

    assert told("principal") == []
    assert told("reviewer") == ["deciding.refused_before"]
    assert told(by_hand) == ["deciding.refused_before"]
    assert told("tier_1") == ["objecting.left_to_the_body"]
    assert told("other_reviewer") == ["jurisdiction.other_campus"]
    Appointment.objects.filter(person=walk.people["principal"]).update(until_90k=now_90k)
    assert told("tier_1") == []


@pytest.mark.article("A14.c", "A07.1.3b")
def test_standing_back_and_going_elsewhere_end_with_the_decision(walk: Any) -> None:
    application = walk.submitted()

    def told(name: str) -> tuple[list[str], list[str]]:
        asked = {"acting": walk.acting(name), "application": application}
        return codes(judging.may_recuse(**asked)), codes(judging.may_ask_elsewhere(**asked))

    assert told("reviewer") == ([], ["conflicts.not_the_applicant"])
    assert told("student") == (["conflicts.not_a_decider"], [])
    application = walk.decide(application)
    assert told("reviewer") == (["conflicts.decided"], ["conflicts.not_the_applicant", "conflicts.decided"])
    assert told("student") == (["conflicts.not_a_decider", "conflicts.decided"], ["conflicts.decided"])


@pytest.mark.article("A07.1.3b")
def test_matter_stands_with_tier_1_alone_once_nobody_of_the_body_is_free(walk: Any) -> None:
    own = walk.submitted("reviewer")
    now_90k = walk.clock.utc()

    def routed(name: str) -> bool:
        return judging.is_routed_to(acting=walk.acting(name), application=own, now_90k=now_90k)

    assert not routed("tier_1")
    Appointment.objects.filter(person=walk.people["principal"]).update(until_90k=now_90k)
    assert [routed(name) for name in ("tier_1", "reviewer", "student")] == [True, False, False]
    found = judging.checks_of(acting=walk.acting("tier_1"), application=own, now_90k=now_90k)
    assert [(check.finding, check.reason.code) for check in found] == [
        (Finding.HOLDS, "applying.complete"),
        (Finding.HOLDS, "deciding.routed"),
        (Finding.HOLDS, "deciding.by_another"),
    ]


@pytest.mark.article("A15.1.2a", "A14.c")
def test_dossier_tells_every_rule_once_with_its_finding(walk: Any) -> None:
    def told(application: ViewingApplication, name: str = "reviewer") -> dict[str, Finding]:
        found = judging.checks_of(acting=walk.acting(name), application=application, now_90k=walk.clock.utc())
        assert len(found) == len({check.reason.code for check in found})
        return {check.reason.code: check.finding for check in found}

    application = walk.submitted()
    holds = dict.fromkeys(
        (
            "applying.complete",
            "applying.accepted_by_tier_2",
            "jurisdiction.own_campus",
            "deciding.right_of_tier_2",
            "deciding.by_another",
        ),
        Finding.HOLDS,
    )
    assert told(application) == holds
    assert told(application, "tier_1")["jurisdiction.tier_1_supervises"] is Finding.REFUSED
    assert told(walk.submitted("reviewer"))["deciding.own_application"] is Finding.REFUSED
    application.reason = ""
    assert told(application)["applying.no_reason"] is Finding.MISSING
    application.stage = Stage.AT_UNIT
    assert told(application)["viewing.still_at_unit"] is Finding.MISSING

    answered = objected(walk, walk.decide(walk.submitted(), outcome=Outcome.REFUSED))
    assert told(answered) == {"deciding.refused_before": Finding.REFUSED}
    assert "applying.complete" not in told(answered, "principal")
    assert set(told(answered, "principal").values()) == {Finding.HOLDS}


@pytest.mark.article("A14.c", "A07.2.0")
def test_footage_is_kept_and_let_go_by_the_campus_and_by_nobody_concerned(walk: Any) -> None:
    by_hand = lent(walk, by="reviewer", to="off_shift")
    application = walk.submitted()
    holds = list(application.holds.all())

    def told(who: Acting | str, application: ViewingApplication = application) -> tuple[list[str], list[str]]:
        acting = walk.acting(who) if isinstance(who, str) else who
        asked = {"acting": acting, "application": application, "holds": holds, "now_90k": walk.clock.utc()}
        return codes(judging.may_keep(**asked)), codes(judging.may_release(**asked))

    assert told("reviewer") == ([], ["holding.still_needed"])
    assert told("other_reviewer")[0] == ["jurisdiction.other_campus"]
    assert told(by_hand)[0] == []
    mine = walk.submitted("reviewer")
    assert told("reviewer", mine)[0] == ["deciding.own_application"]
    assert told(by_hand, mine)[0] == ["deciding.lenders_application"]
    application = walk.decide(application, outcome=Outcome.REFUSED)
    walk.clock.advance(7 * DAY_90K - 1)
    assert told("reviewer", application) == ([], ["holding.too_early"])
    walk.clock.advance(1)
    assert told("reviewer", application) == ([], [])


@pytest.mark.article("A07.2.0", "A14.c")
def test_what_is_weighed_counts_where_it_is_not_seen(walk: Any, request: pytest.FixtureRequest) -> None:
    application, now_90k = walk.submitted(), walk.clock.utc()
    usecases.recuse(
        application=application,
        tie=Tie.RELATED,
        reason="当事人是亲属",
        acting=walk.acting("principal"),
        clock=walk.clock,
    )
    reviewer, stranger = walk.acting("reviewer"), walk.acting("friend")
    moved("南门岗亭")
    request.getfixturevalue("runtime_role")

    with scope.of(reviewer):
        assert set(Camera.objects.values_list("campus", flat=True)) == {"lingshui"}
        assert judging.campuses_of(application) == {"lingshui", "panjin"}
    with scope.of(stranger):
        assert not Concern.objects.exists()
        untied = ties.untied_deciders(application=application, concerned=set(), now_90k=now_90k)
    assert untied == {reviewer.person.pk}


@pytest.mark.article("A14.c")
def test_who_wrote_it_for_the_applicant_and_who_has_a_part_in_it_decides_nothing(walk: Any) -> None:
    application, now_90k = walk.submitted(), walk.clock.utc()

    def told(name: str) -> list[str]:
        return codes(judging.may_decide(acting=walk.acting(name), application=application, now_90k=now_90k))

    usecases.recuse(
        application=application, tie=Tie.SUBJECT, reason="涉及本人", acting=walk.acting("reviewer"), clock=walk.clock
    )
    assert (told("reviewer"), told("principal")) == (["conflicts.subject"], [])
    application.drafted_by = walk.people["principal"]
    assert told("principal") == ["deciding.own_application"]
    assert judging.is_routed_to(acting=walk.acting("tier_1"), application=application, now_90k=now_90k)
