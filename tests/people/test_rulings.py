"""Values and interpretations as rows: two persons, the future only, a version each; and what the database refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, governing, policy, scope
from mingjian.people.capacity import Acting
from mingjian.people.governing import Proposal, RulingError
from mingjian.people.models import Person, Ruling
from mingjian.people.routing import RuleRefused
from mingjian.people.texts import TextError
from mingjian.regulation.policies import POLICIES

DAY_90K = 24 * 3600 * TICKS_PER_S
SCHOOL = "security-office"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]
As = Callable[[str], Acting]


def wanted(value: int = 10, topic: str = "objection_period", **more: Any) -> Proposal:
    return Proposal(topic=topic, value=value, reason="办理周期太短", **more)


def propose(people: As, clock: SimulatedClock, proposal: Proposal | None = None, by: str = "chu") -> Ruling:
    return governing.propose(proposal=proposal or wanted(), acting=people(by), clock=clock)


def confirm(ruling: Ruling, people: As, clock: SimulatedClock, by: str = "wu") -> Ruling:
    return governing.confirm(ruling=ruling, remark="", acting=people(by), clock=clock)


def in_force(clock: SimulatedClock, name: str = "objection_period") -> int:
    return policy.in_force(at_90k=clock.utc()).value(name)


@pytest.mark.article("A07.1.1")
def test_value_comes_into_force_by_two_persons_and_the_past_stays(
    people: As, clock: SimulatedClock, written: Written
) -> None:
    before = clock.utc()
    ruling = propose(people, clock)
    assert in_force(clock) == 7

    clock.advance(DAY_90K)
    confirmed = confirm(ruling, people, clock)

    assert (confirmed.version, confirmed.effective_at_90k) == (1, clock.utc())
    assert in_force(clock) == 10
    assert policy.in_force(at_90k=clock.utc() - 1).value("objection_period") == 7
    assert [policy.in_force(at_90k=at).version for at in (before, clock.utc() - 1, clock.utc())] == [0, 0, 1]
    told = [act for act in written() if act["kind"].startswith("people.ruling")]
    assert [act["kind"] for act in told] == ["people.ruling_proposed", "people.ruling_confirmed"]
    assert {act["articles"][0] for act in told} == {"A07.1.1"}
    assert told[1]["facts"]["value"] == 10


def test_value_wanted_later_waits_and_one_wanted_earlier_than_the_decision_does_not_reach_back(
    people: As, clock: SimulatedClock
) -> None:
    later = clock.utc() + 10 * DAY_90K
    confirm(propose(people, clock, wanted(20, wanted_at_90k=later)), people, clock)
    soon = propose(people, clock, wanted(9, topic="case_hold", wanted_at_90k=clock.utc() + 5))
    clock.advance(DAY_90K)
    assert confirm(soon, people, clock).effective_at_90k == clock.utc()

    assert in_force(clock) == 7
    clock.advance(9 * DAY_90K - 1)
    assert in_force(clock) == 7
    clock.advance(1)
    assert in_force(clock) == 20


@pytest.mark.article("A07.1.1")
@pytest.mark.parametrize(
    ("by", "code"),
    [("qian", "governing.not_tier_1"), ("wu", "governing.own_proposal"), ("chu", "governing.not_the_head")],
)
def test_nobody_else_sets_a_value_and_nobody_alone(
    people: As, clock: SimulatedClock, written: Written, by: str, code: str
) -> None:
    with pytest.raises(RuleRefused) as refused:
        confirm(propose(people, clock, by="wu" if by == "wu" else by), people, clock, by=by)

    assert refused.value.decision.reasons[0].code == code
    assert in_force(clock) == 7
    assert written()[-1]["kind"] == "people.refused"


@pytest.mark.article("A13.c")
def test_value_below_a_legal_floor_is_refused_and_recorded(people: As, clock: SimulatedClock, written: Written) -> None:
    with pytest.raises(RuleRefused) as refused:
        propose(people, clock, wanted(29, topic="retention_ordinary"), by="wu")

    assert refused.value.decision.articles == ("D799.17",)
    assert not Ruling.objects.exists()
    assert written()[-1]["articles"] == ["D799.17"]


def test_bounds_are_asked_again_when_a_proposal_is_decided(people: As, clock: SimulatedClock) -> None:
    lower = propose(people, clock, wanted(20, topic="approval_usual"))
    confirm(propose(people, clock, wanted(10, topic="approval_longest")), people, clock)

    with pytest.raises(RuleRefused) as refused:
        confirm(lower, people, clock)
    assert refused.value.decision.reasons[0].code == "governing.out_of_order"


@pytest.mark.article("A23")
def test_interpretation_changes_the_default_and_is_versioned(people: As, clock: SimulatedClock) -> None:
    for number, answer in enumerate(("按校内人员办理", "按校外人员办理"), start=1):
        told = Proposal(topic="Q04", answer=answer, document=f"保卫处〔2026〕{number}号", reason="来函询问")
        confirm(propose(people, clock, told), people, clock)
        clock.advance(DAY_90K)

    assert policy.interpretations(at_90k=clock.utc())["Q04"].answer == "按校外人员办理"
    assert policy.interpretations(at_90k=clock.utc() - 2 * DAY_90K)["Q04"].answer == "按校内人员办理"
    assert [one.document for one in policy.history("Q04")] == ["保卫处〔2026〕2号", "保卫处〔2026〕1号"]


@pytest.mark.article("A23")
def test_interpretation_without_a_document_is_refused(people: As, clock: SimulatedClock) -> None:
    with pytest.raises(RuleRefused):
        propose(people, clock, Proposal(topic="Q04", answer="按校内人员办理", reason="来函询问"))


def test_one_proposal_per_topic_waits_and_is_decided_once(people: As, clock: SimulatedClock) -> None:
    ruling = propose(people, clock)
    with pytest.raises(RulingError, match="ruling_open"):
        propose(people, clock, wanted(12))
    governing.turn_down(ruling=ruling, remark="再议", acting=people("wu"), clock=clock)
    with pytest.raises(RulingError, match="ruling_decided"):
        confirm(ruling, people, clock)
    assert in_force(clock) == 7
    assert propose(people, clock, wanted(12)).is_open


@pytest.mark.parametrize(
    ("proposal", "code"),
    [
        (Proposal(topic="moon", value=1, reason="x"), "people.topic_unknown"),
        (Proposal(topic="objection_period", reason="x"), "people.topic_unknown"),
        (Proposal(topic="objection_period", value=9, reason="x", wanted_at_90k=1), "people.ruling_in_the_past"),
    ],
)
def test_senseless_proposals_are_refused_in_words(
    people: As, clock: SimulatedClock, proposal: Proposal, code: str
) -> None:
    with pytest.raises(RulingError) as refused:
        propose(people, clock, proposal)
    assert refused.value.code == code


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, "办\u202e理"])
def test_reason_is_a_line_that_can_be_read(people: As, clock: SimulatedClock, reason: str) -> None:
    with pytest.raises(TextError):
        propose(people, clock, Proposal(topic="objection_period", value=9, reason=reason))


# By hand, around every use-case.
INSERT = """
INSERT INTO people_ruling (id, topic, value, answer, document, reason, proposed_by_id, proposed_at_90k, decided_by_id,
    decided_at_90k, remark, version, effective_at_90k)
VALUES (gen_random_uuid(), %(topic)s, %(value)s, %(answer)s, %(document)s, 'r', %(by)s, %(at)s, %(decided_by)s,
    %(decided_at)s, '', %(version)s, %(effective)s)
"""


def insert(**changes: Any) -> None:
    row = dict.fromkeys(("value", "by", "decided_by", "decided_at", "version", "effective"))
    row |= {"topic": "objection_period", "answer": "", "document": "", **changes}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, row)


@pytest.mark.article("A07.1.1")
def test_database_knows_no_ruling_by_one_person_or_by_another_tier(people: As, clock: SimulatedClock) -> None:
    now = clock.utc()
    wu, chu, qian = (people(name).person.pk for name in ("wu", "chu", "qian"))
    for row in (
        {"by": wu, "decided_by": wu, "decided_at": now, "version": 1, "effective": now},
        {"by": chu, "decided_by": wu, "decided_at": now, "version": 1, "effective": now},
        {"by": qian},
    ):
        with pytest.raises(IntegrityError):
            insert(value=9, at=now, **row)
    insert(value=9, at=now, by=wu)
    for change in (
        {"decided_by_id": wu, "decided_at_90k": now, "version": 1, "effective_at_90k": now},
        {"decided_by_id": chu, "decided_at_90k": now, "version": 1, "effective_at_90k": now},
        {"decided_by_id": qian, "decided_at_90k": now, "version": 1, "effective_at_90k": now},
        {"value": 60},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.update(**change)


def test_database_changes_no_decided_ruling_and_deletes_none(people: As, clock: SimulatedClock) -> None:
    now = clock.utc()
    wu, chu = (people(name).person.pk for name in ("wu", "chu"))
    insert(value=9, at=now, by=chu)
    decided = {"decided_by_id": wu, "decided_at_90k": now, "version": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.update(**decided, effective_at_90k=now - 1)
    Ruling.objects.update(**decided, effective_at_90k=now)
    for change in ({"value": 10}, {"effective_at_90k": now + 5}, {"remark": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.all().delete()


@pytest.mark.article("A13.c")
@pytest.mark.article("A13.d")
@pytest.mark.parametrize(("topic", "value"), [("retention_ordinary", 29), ("retention_key_location", 89)])
def test_database_holds_nothing_below_a_legal_floor(people: As, clock: SimulatedClock, topic: str, value: int) -> None:
    with pytest.raises(IntegrityError):
        insert(topic=topic, value=value, at=clock.utc(), by=people("chu").person.pk)
    insert(topic=topic, value=value + 1, at=clock.utc(), by=people("chu").person.pk)


def test_database_founds_only_what_was_never_ruled_and_never_for_a_person(people: As, clock: SimulatedClock) -> None:
    now = clock.utc()
    founding = {"value": 9, "at": now, "decided_at": now, "version": 1, "effective": now}
    acting = people("wu")
    with scope.of(acting), pytest.raises(DatabaseError):
        insert(**founding)
    insert(**founding)
    with pytest.raises(IntegrityError):
        insert(**founding | {"version": 2})


def test_profile_founds_values_once(people: As, clock: SimulatedClock) -> None:
    values = {"objection_period": 14, "retention_ordinary": 45}
    with transaction.atomic():
        assert governing.found(values=values, actor=acts.SHELL, now_90k=clock.utc()) == 2
        assert governing.found(values={"objection_period": 5}, actor=acts.SHELL, now_90k=clock.utc()) == 0
    assert (in_force(clock), in_force(clock, "retention_ordinary")) == (14, 45)


def test_book_at_any_instant_keeps_within_bounds(people: As, clock: SimulatedClock) -> None:
    book = policy.in_force(at_90k=clock.utc())
    assert book.version == 0
    assert {name: book.value(name) for name in POLICIES} == {name: one.default for name, one in POLICIES.items()}
