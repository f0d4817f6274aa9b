"""What ties whom to an application, read from rows: declared, by serving the body it is against, by serving under."""

from typing import Any

import pytest

from mingjian.people.capacity import Acting, acting_under
from mingjian.people.models import Appointment
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.conflicts import Tie
from mingjian.viewing import ties, usecases
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.workflow import Stage

OFFICE, PANJIN, SCHOOL = "security-office-campus", "panjin-general-affairs", "security-office"


def told(walk: Any, application: ViewingApplication, who: Acting | str, at_90k: int | None = None) -> set[Tie]:
    acting = walk.acting(who) if isinstance(who, str) else who
    now_90k = walk.clock.utc() if at_90k is None else at_90k
    return set(ties.ties_of(acting=acting, application=application, now_90k=now_90k))


def lent(walk: Any, *, by: str, to: str) -> Acting:
    """Somebody acting under a post that another lent; the rows are not asked for it."""
    source = walk.acting(by).appointment
    held = Appointment(post=source.post, tier=source.tier, body_id=source.body_id, delegated_from=source)
    return Acting(walk.people[to], held, ())


def held(walk: Any, name: str, post: Post, body: str, tier: int, since_90k: int, until_90k: int | None) -> None:
    Appointment.objects.create(
        person=walk.people[name],
        post=post.value,
        body_id=body,
        tier=tier,
        since_90k=since_90k,
        until_90k=until_90k,
        document="文件",
    )


@pytest.mark.article("A14.c")
def test_declared_tie_is_of_who_declared_it_and_of_who_acts_for_them(walk: Any) -> None:
    application, other = walk.submitted(), walk.submitted("friend")
    usecases.recuse(
        application=application, tie=Tie.RELATED, reason="亲属", acting=walk.acting("reviewer"), clock=walk.clock
    )
    assert told(walk, application, "reviewer") == {Tie.RELATED}
    assert told(walk, other, "reviewer") == told(walk, application, "principal") == set()
    assert told(walk, application, lent(walk, by="reviewer", to="friend")) == {Tie.RELATED}
    assert told(walk, application, lent(walk, by="principal", to="friend")) == set()


@pytest.mark.article("A14.c", "A07.1.3b")
def test_who_serves_the_body_it_is_against_is_tied_in_every_capacity(walk: Any) -> None:
    application, now_90k = walk.submitted(), walk.clock.utc()
    usecases.ask_elsewhere(
        application=application, reason="涉及值班员", acting=walk.acting("student"), clock=walk.clock
    )
    assert told(walk, application, "operator") == told(walk, application, "reviewer") == {Tie.OF_THE_BODY}
    assert told(walk, application, "tier_1") == told(walk, application, "other_reviewer") == set()
    assert told(walk, application, "student") == told(walk, application, "unit_manager") == set()
    assert told(walk, application, lent(walk, by="reviewer", to="friend")) == {Tie.OF_THE_BODY}
    held(walk, "tier_1", Post.DUTY_LEADER, OFFICE, 2, now_90k + 5, now_90k + 10)
    head = acting_under(
        walk.people["tier_1"],
        appointment_id=walk.people["tier_1"].appointments.get(body=SCHOOL).pk,
        now_90k=now_90k,
    )
    assert [bool(told(walk, application, head, now_90k + after)) for after in (4, 5, 9, 10)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.article("A14.c")
def test_who_serves_under_the_applicant_is_tied_in_the_body_of_the_campus(walk: Any) -> None:
    now_90k = walk.clock.utc()
    by_head, by_tier_1, by_reviewer = (walk.submitted(name) for name in ("principal", "student", "reviewer"))
    by_tier_1.applicant = walk.people["tier_1"]

    for application in (by_head, by_tier_1):
        assert told(walk, application, "reviewer") == {Tie.SUBORDINATE}
        # Where such a matter goes, and in person, one serves under nobody.
        assert told(walk, application, "tier_1") == told(walk, application, "student") == set()
    assert told(walk, by_reviewer, "reviewer") == told(walk, by_reviewer, "operator") == set()

    friends = walk.submitted("friend")
    held(walk, "friend", Post.ACTING_PRINCIPAL, OFFICE, 2, now_90k + 5, now_90k + 10)
    held(walk, "friend", Post.PRINCIPAL, PANJIN, 2, now_90k, None)
    assert [bool(told(walk, friends, "reviewer", now_90k + after)) for after in (4, 5, 9, 10)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.article("A07.1.3b")
def test_matter_goes_to_tier_1_once_a_body_with_deciders_has_none_free(walk: Any) -> None:
    application, now_90k = walk.submitted(), walk.clock.utc()
    reviewer, principal = (walk.people[name].pk for name in ("reviewer", "principal"))

    def asked(*concerned: Any, at_90k: int = now_90k, what: ViewingApplication = application) -> tuple[set[Any], bool]:
        told = {"application": what, "concerned": set(concerned), "now_90k": at_90k}
        return set(ties.untied_deciders(**told)), ties.is_routed(**told)

    assert asked() == ({reviewer, principal}, False)
    assert asked(reviewer) == ({principal}, False)
    assert asked(reviewer, principal) == (set(), True)
    usecases.recuse(
        application=application, tie=Tie.RELATED, reason="亲属", acting=walk.acting("reviewer"), clock=walk.clock
    )
    assert asked() == ({principal}, False)
    assert asked(principal) == (set(), True)
    against = walk.submitted("friend")
    usecases.ask_elsewhere(application=against, reason="涉及值班员", acting=walk.acting("friend"), clock=walk.clock)
    assert asked(what=against) == (set(), True)
    assert asked(what=walk.submitted("principal")) == (set(), True)
    Appointment.objects.filter(person__in=[reviewer, principal]).update(until_90k=now_90k + 5)
    assert asked(at_90k=now_90k + 4) == ({principal}, False)
    # A body without any decider is short of staff, not tied.
    assert asked(at_90k=now_90k + 5) == (set(), False)


def test_application_is_open_while_somebody_has_to_decide() -> None:
    is_open = {stage for stage in Stage if ties.is_open(ViewingApplication(stage=stage.value))}
    assert is_open == {Stage.AT_UNIT, Stage.SUBMITTED, Stage.RETURNED, Stage.OBJECTED}
