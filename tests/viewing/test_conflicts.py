"""An application from which everybody of the campus's body stands back is decided by tier 1, by nobody tied to it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from mingjian.people.capacity import Acting, acting_under
from mingjian.people.routing import RuleRefused
from mingjian.regulation.rules.conflicts import Tie
from mingjian.viewing import judging, usecases, waiting
from mingjian.viewing.models import Concern, ViewingApplication
from mingjian.viewing.usecases import ViewingError
from mingjian.viewing.words import Outcome


@pytest.fixture
def story(walk: Any, hire: Any) -> Any:
    walk.people["supervisor"] = hire("supervisor", "褚监督", ("manager", "security-office"), clock=walk.clock)
    return walk


def recuse(story: Any, application: ViewingApplication, by: str, tie: Tie = Tie.RELATED) -> Concern:
    return usecases.recuse(
        application=application, tie=tie, reason="当事人是亲属", acting=story.acting(by), clock=story.clock
    )


def codes(story: Any, application: ViewingApplication, by: str) -> list[str]:
    decision = judging.may_decide(acting=story.acting(by), application=application, now_90k=story.clock.utc())
    return [] if decision.allowed else [reason.code for reason in decision.reasons]


def waits(story: Any, by: str) -> int:
    told = waiting.told(acting=story.acting(by), now_90k=story.clock.utc())
    return sum(one.count for one in told if one.address == "/viewing-desk/")


@pytest.mark.article("A14.c")
def test_who_recused_is_refused_and_another_of_the_body_decides(story: Any, written: Any) -> None:
    application = story.submitted()
    recuse(story, application, "reviewer")

    assert codes(story, application, "reviewer") == ["conflicts.related"]
    assert codes(story, application, "principal") == []
    assert codes(story, application, "supervisor") == ["jurisdiction.tier_1_supervises"]
    assert (waits(story, "reviewer"), waits(story, "principal"), waits(story, "supervisor")) == (0, 1, 0)
    (act,) = (act for act in written() if act["kind"] == "viewing.recused")
    assert (act["articles"], act["facts"]["tie"]) == (["A14.c"], "related")
    with pytest.raises(ViewingError) as again:
        recuse(story, application, "reviewer")
    assert again.value.code == "viewing.recused_already"


@pytest.mark.article("A07.1.3b", "A14.c")
def test_application_stands_with_tier_1_once_everybody_stands_back(story: Any) -> None:
    application = story.submitted()
    recuse(story, application, "reviewer", Tie.SUBJECT)
    recuse(story, application, "principal")

    assert (waits(story, "principal"), waits(story, "supervisor")) == (0, 1)
    decided = story.decide(application, by="supervisor")
    assert decided.final_decision is not None
    assert decided.final_decision.capacity == "manager@security-office"
    with pytest.raises(RuleRefused) as refused:
        recuse(story, decided, "reviewer")
    assert [reason.code for reason in refused.value.decision.reasons] == ["conflicts.decided"]


@pytest.mark.article("A14.c")
def test_own_application_of_the_only_one_left_goes_to_tier_1(story: Any) -> None:
    application = story.submitted("reviewer")
    assert codes(story, application, "principal") == []
    recuse(story, application, "principal")

    assert codes(story, application, "reviewer") == ["deciding.own_application"]
    assert codes(story, application, "supervisor") == []


@pytest.mark.article("A14.c")
def test_application_of_the_head_is_not_for_the_heads_own_people(story: Any) -> None:
    application = story.submitted("principal")

    assert codes(story, application, "reviewer") == ["conflicts.subordinate"]
    assert codes(story, application, "supervisor") == []
    above = Acting(story.people["tier_1"], None, ())
    theirs = usecases.submit(acting=above, wish=story.wish(), clock=story.clock)
    assert codes(story, theirs, "reviewer") == ["conflicts.subordinate"]


@pytest.mark.article("A14.c", "A07.1.3b")
def test_application_against_the_body_is_decided_by_nobody_who_serves_it(story: Any, hire: Any) -> None:
    application = story.submitted()
    usecases.ask_elsewhere(
        application=application, reason="申请涉及值班员", acting=story.acting("student"), clock=story.clock
    )

    assert codes(story, application, "reviewer") == ["conflicts.of_the_body"]
    assert codes(story, application, "principal") == ["conflicts.of_the_body"]
    assert codes(story, application, "supervisor") == []
    assert (waits(story, "reviewer"), waits(story, "supervisor")) == (0, 1)
    both = hire("both", "两任", ("principal", "security-office"), ("principal", "security-office-campus"))
    story.people["both"] = both
    first = acting_under(
        both, appointment_id=both.appointments.get(body="security-office").pk, now_90k=story.clock.utc()
    )
    decision = judging.may_decide(acting=first, application=application, now_90k=story.clock.utc())
    assert [reason.code for reason in decision.reasons] == ["conflicts.of_the_body"]


def test_refusal_to_recuse_or_to_ask_is_recorded(story: Any, written: Any) -> None:
    application = story.submitted()
    with pytest.raises(RuleRefused):
        recuse(story, application, "operator")
    with pytest.raises(RuleRefused):
        usecases.ask_elsewhere(application=application, reason="x", acting=story.acting("friend"), clock=story.clock)
    assert [act["facts"]["codes"] for act in written() if act["kind"] == "viewing.refused"] == [
        ["conflicts.not_a_decider"],
        ["conflicts.not_the_applicant"],
    ]


@pytest.mark.parametrize("tie", ["subject", "related"])
def test_database_says_whom_a_tie_is_of(story: Any, tie: str) -> None:
    application = story.submitted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.create(
            application=application,
            tie=tie,
            reason="x",
            declared_by=story.people["reviewer"],
            declared_at_90k=story.clock.utc(),
        )


def test_applicant_and_reviewer_do_it_by_page(story: Any) -> None:
    application = story.submitted()
    mine, theirs, above = Client(), Client(), Client()
    for client, username in ((mine, "student"), (theirs, "reviewer"), (above, "supervisor")):
        client.post("/sign-in/", {"username": username, "password": "correct horse battery"})

    assert theirs.post(f"/viewing-desk/{application.pk}/recuse/", {"tie": "x", "reason": "x"}).status_code == 400
    sent = {"tie": "related", "reason": "当事人是亲属"}
    assert theirs.post(f"/viewing-desk/{application.pk}/recuse/", sent).status_code == 302
    assert "应当回避" in theirs.get(f"/viewing-desk/{application.pk}/").content.decode()
    assert mine.post(f"/viewings/{application.pk}/elsewhere/", {"reason": ""}).status_code == 400
    assert mine.post(f"/viewings/{application.pk}/elsewhere/", {"reason": "涉及值班员"}).status_code == 302
    assert "由该机构以外的人审批" in mine.get(f"/viewings/{application.pk}/").content.decode()
    refused = theirs.post(
        f"/viewing-desk/{application.pk}/decide/", {"version": 1, "outcome": Outcome.APPROVED, "validity_days": 3}
    )
    assert refused.status_code == 403
    assert "由一级管理机构办理" in above.get(f"/viewing-desk/{application.pk}/").content.decode()
