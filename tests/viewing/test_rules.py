"""For whom the addresses of this room open: the inbox by post and tier, everything else by whose business it is."""

from typing import Any

import pytest
from django.http import Http404

from mingjian.base.clock import SystemClock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.people.models import Appointment, Person
from mingjian.people.routing import Rule
from mingjian.registry.models import Camera
from mingjian.regulation.posts import Post
from mingjian.viewing import rules, usecases
from mingjian.viewing.examining import examine

APART = {
    Post.SYSTEM_ADMINISTRATOR,
    Post.SECURITY_ADMINISTRATOR,
    Post.AUDIT_ADMINISTRATOR,
    Post.DISCIPLINE_INSPECTOR,
}
OF_TIER_2 = {Post.OPERATOR, Post.PRINCIPAL, Post.ACTING_PRINCIPAL, Post.REVIEWER, Post.APPROVER}
AT_DESK = {1: set(Post) - APART, 2: OF_TIER_2, 3: {Post.MANAGER, Post.OPERATOR}}


def acting(post: Post | None, tier: int) -> Acting:
    held = None if post is None else Appointment(post=post.value, tier=tier, body_id="office")
    return Acting(Person(), held, ("lingshui",) if held else ())


def opens(rule: rules.ViewingDesk | rules.AssistingUnit, who: Acting) -> bool:
    try:
        assert rule.ask(acting=who, captured={}) is None
    except Http404:
        return False
    return True


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_desk_opens_for_who_has_to_do_with_applications_of_others(tier: int) -> None:
    assert {post for post in Post if opens(rules.ViewingDesk(), acting(post, tier))} == AT_DESK[tier]
    assert not opens(rules.ViewingDesk(), acting(None, tier))


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_only_a_unit_assists(tier: int) -> None:
    assisting = {post for post in Post if opens(rules.AssistingUnit(), acting(post, tier))}
    assert assisting == (AT_DESK[3] if tier == 3 else set())
    assert not opens(rules.AssistingUnit(), acting(None, tier))


def met(rule: Rule, walk: Any, **captured: Any) -> dict[str, list[str]]:
    """Whom the rule lets see the thing, each with what speaks against going on; for the others it does not exist."""
    found = {}
    for name in walk.people:
        try:
            told = rule.ask(acting=walk.acting(name), captured={key: str(value) for key, value in captured.items()})
        except Http404:
            continue
        found[name] = [] if told is None or told.allowed else [reason.code for reason in told.reasons]
    return found


def open_to(*names: str) -> dict[str, list[str]]:
    return {name: [] for name in names}


@pytest.mark.article("A07.2.0", "A14.c")
def test_application_exists_for_its_applicant_and_those_whose_business_it_is(walk: Any) -> None:
    file = examine(name="回执.pdf", content=b"%PDF-1.7 startxref 0 %%EOF")
    sent = usecases.submit(acting=walk.acting("student"), wish=walk.wish(), attachments=(file,), clock=walk.clock)
    one, file_of_it = (
        {"application_id": sent.pk},
        {"application_id": sent.pk, "attachment_id": sent.attachments.get().pk},
    )

    assert met(rules.OwnApplication(), walk, **one) == open_to("student")
    assert met(rules.OwnAttachment(), walk, **file_of_it) == open_to("student")
    assert met(rules.ApplicationOfDesk(), walk, **one) == open_to("reviewer", "principal", "tier_1")
    assert met(rules.AttachmentOfDecider(), walk, **file_of_it) == open_to("reviewer", "principal")
    of_campus = open_to("operator", "reviewer", "principal", "tier_1", "off_shift")
    assert met(rules.HeldApplication(), walk, **one) == of_campus
    for rule in (rules.OwnApplication(), rules.ApplicationOfDesk(), rules.HeldApplication()):
        assert met(rule, walk, application_id="x") == {}


@pytest.mark.article("A15.1.1a")
def test_everybody_may_come_to_apply_and_is_told_in_which_capacity(walk: Any) -> None:
    told = met(rules.MayApply(), walk)
    assert set(told) == set(walk.people)
    assert {name: codes for name, codes in told.items() if codes} == {
        "unit_manager": ["applying.as_unit"],
        "tier_1": ["applying.as_tier_1"],
    }


@pytest.mark.article("A15.1.3b", "A14.c")
def test_session_exists_for_its_holder_and_its_campus(walk: Any) -> None:
    held = {"session_id": walk.open(walk.approved()).pk}
    clock = SystemClock()
    issued = usecases.issue_session(
        person=walk.people["student"],
        cameras=[Camera.objects.get(name="南门")],
        start_90k=1,
        end_90k=2,
        purpose="失窃查找",
        valid_until_90k=clock.utc() + (1 << 40),
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )

    assert met(rules.OwnSession(), walk, **held) == open_to("operator")
    of_campus = open_to("operator", "reviewer", "principal", "tier_1", "off_shift")
    assert met(rules.SessionOfCampus(), walk, **held) == of_campus
    assert met(rules.OwnOpenSession(), walk, session_id=issued.pk) == open_to("student")
    usecases.revoke_session(session=issued, reason="误发", actor=acts.SHELL, clock=clock)
    assert met(rules.OwnOpenSession(), walk, session_id=issued.pk) == {"student": ["viewing.revoked"]}
    assert met(rules.OwnSession(), walk, session_id=issued.pk) == open_to("student")
    assert met(rules.SessionOfCampus(), walk, session_id=issued.pk) == {}
