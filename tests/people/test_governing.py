"""Rulings to the letter: what a proposal and its decision keep, and which value is in force at which instant."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingjian.base.clock import SimulatedClock
from mingjian.people import acts, capacity, governing
from mingjian.people.capacity import Acting
from mingjian.people.governing import Proposal, RulingError
from mingjian.people.models import Appointment, Person, Ruling
from mingjian.people.routing import RuleRefused
from mingjian.people.texts import TextError
from mingjian.regulation.policies import DEFAULTS
from mingjian.regulation.posts import Capacity, Post, Tier

SCHOOL = "security-office"
Hire = Callable[..., Person]
Written = Callable[[], list[dict[str, Any]]]
As = Callable[[str], Acting]


def propose(people: As, clock: SimulatedClock, by: str = "chu", **asked: Any) -> Ruling:
    told = {"topic": "objection_period", "value": 10, "reason": "周期太短"} | asked
    return governing.propose(proposal=Proposal(**told), acting=people(by), clock=clock)


def confirm(ruling: Ruling, people: As, clock: SimulatedClock, remark: str = "") -> Ruling:
    return governing.confirm(ruling=ruling, remark=remark, acting=people("wu"), clock=clock)


def test_capacity_that_governs_has_no_campus() -> None:
    for tier in (1, 2):
        held = Appointment(post="principal", tier=tier, body_id="b")
        told = governing.capacity_of(Acting(Person(), held, ("lingshui",)))
        assert told == Capacity(tier=Tier(tier), campuses=frozenset(), posts=frozenset({Post.PRINCIPAL}))
    assert governing.capacity_of(Acting(Person(), None, ())).tier is None


@pytest.mark.article("A07.1.1")
def test_proposal_and_decision_keep_who_when_why_and_on_what_paper(
    people: As, clock: SimulatedClock, written: Written
) -> None:
    before, asked_at_90k = len(written()), clock.utc()
    ruling = propose(people, clock, reason=" 周期太短 ", document=" 会议纪要 ", wanted_at_90k=asked_at_90k)
    ruling.refresh_from_db()
    assert (ruling.topic, ruling.value, ruling.answer) == ("objection_period", 10, "")
    assert (ruling.reason, ruling.document, ruling.wanted_at_90k) == ("周期太短", "会议纪要", asked_at_90k)
    assert (ruling.proposed_by, ruling.proposed_for) == (people("chu").person, None)
    assert (ruling.proposed_at_90k, ruling.is_open, ruling.remark) == (asked_at_90k, True, "")

    clock.advance(5)
    confirm(ruling, people, clock, " 同意 ")
    ruling.refresh_from_db()
    assert (ruling.decided_by, ruling.decided_for, ruling.decided_at_90k) == (people("wu").person, None, clock.utc())
    assert (ruling.remark, ruling.version, ruling.effective_at_90k) == ("同意", 1, clock.utc())
    told, done = written()[before:]
    facts = {"topic": "objection_period", "value": 10, "answer": "", "document": "会议纪要"}
    open_yet = {"version": None, "effective_at_90k": None}
    assert told["facts"] == {**facts, **open_yet, "reason": "周期太短"}
    assert done["facts"] == {**facts, "version": 1, "effective_at_90k": clock.utc(), "reason": "同意"}
    assert [act["subject"] for act in (told, done)] == [f"ruling:{ruling.pk}"] * 2
    assert (told["at_90k"], done["at_90k"]) == (asked_at_90k, clock.utc())


@pytest.mark.article("A23")
def test_interpretation_keeps_answer_and_paper(people: As, clock: SimulatedClock, written: Written) -> None:
    before = len(written())
    ruling = propose(people, clock, topic="Q04", value=None, answer=" 按校内人员 ", document=" 12号 ")
    assert (ruling.answer, ruling.document, ruling.value) == ("按校内人员", "12号", None)
    (act,) = written()[before:]
    assert (act["facts"]["answer"], act["facts"]["document"], act["articles"]) == ("按校内人员", "12号", ["A23"])
    for changed in ({"answer": " "}, {"answer": ""}):
        with pytest.raises(RuleRefused):
            propose(people, clock, **{"topic": "Q05", "value": None, "answer": "x", "document": "y"} | changed)
    for field, text in (("answer", "答" * 501), ("document", "文" * 121), ("reason", "因" * 301)):
        asked = {"topic": "Q05", "value": None, "answer": "x", "document": "y", field: text}
        with pytest.raises(TextError) as long:
            propose(people, clock, **asked)
        assert long.value.facts == {"field": field, "longest": len(text) - 1}


@pytest.mark.article("A07.1.1")
def test_turning_down_needs_words_and_withdrawing_is_the_proposers(
    people: As, clock: SimulatedClock, written: Written
) -> None:
    ruling = propose(people, clock)

    def turn_down(by: str, remark: str = " 再议 ") -> Ruling:
        return governing.turn_down(ruling=ruling, remark=remark, acting=people(by), clock=clock)

    with pytest.raises(RuleRefused):
        turn_down("qian")
    refused = written()[-1]
    assert (refused["kind"], refused["subject"]) == ("people.refused", "page:/policies/objection_period/")
    with pytest.raises(TextError) as wordless:
        turn_down("wu", " ")
    assert wordless.value.facts == {"field": "reason"}
    before = len(written())
    clock.advance(3)
    turn_down("wu")
    ruling.refresh_from_db()
    assert (ruling.decided_by, ruling.decided_for, ruling.decided_at_90k) == (people("wu").person, None, clock.utc())
    assert (ruling.remark, ruling.version, ruling.effective_at_90k) == ("再议", None, None)
    (act,) = written()[before:]
    assert (act["kind"], act["facts"]["reason"], act["at_90k"]) == ("people.ruling_turned_down", "再议", clock.utc())
    with pytest.raises(RulingError) as again:
        turn_down("wu")
    assert again.value.code == "people.ruling_decided"
    ruling = propose(people, clock)
    assert turn_down("chu").decided_by == people("chu").person


def test_value_in_force_is_not_set_again_and_the_default_may_be_set_once(people: As, clock: SimulatedClock) -> None:
    default = DEFAULTS.value("objection_period")
    confirm(propose(people, clock, value=default), people, clock)
    with pytest.raises(RulingError) as unchanged:
        propose(people, clock, value=default)
    assert unchanged.value.code == "people.ruling_unchanged"
    later = propose(people, clock, value=default + 1, wanted_at_90k=clock.utc() + 10)
    assert confirm(later, people, clock).effective_at_90k == clock.utc() + 10
    # What will have changed by then may be set back for then.
    assert propose(people, clock, value=default, wanted_at_90k=clock.utc() + 10).is_open


def test_proposal_is_for_now_or_later(people: As, clock: SimulatedClock) -> None:
    with pytest.raises(RulingError) as past:
        propose(people, clock, wanted_at_90k=clock.utc() - 1)
    assert past.value.code == "people.ruling_in_the_past"
    for code, asked in (
        ("people.topic_unknown", {"topic": "moon"}),
        ("people.topic_unknown", {"value": None}),
    ):
        with pytest.raises(RulingError) as refused:
            propose(people, clock, **asked)
        assert refused.value.code == code


def test_versions_count_on_over_all_topics(people: As, clock: SimulatedClock) -> None:
    versions = [
        confirm(propose(people, clock, topic=topic, value=value), people, clock).version
        for topic, value in (("objection_period", 10), ("case_hold", 40))
    ]
    assert versions == [1, 2]


def test_profile_enters_what_was_never_ruled_with_an_entry_each(
    people: As, clock: SimulatedClock, written: Written
) -> None:
    waits = propose(people, clock, topic="case_hold", value=40)
    before = len(written())
    with transaction.atomic():
        entered = governing.found(
            values={"case_hold": 50, "objection_period": 14, "approval_usual": 5},
            actor=acts.SHELL,
            now_90k=clock.utc(),
        )
    assert entered == 2
    rows = list(Ruling.objects.exclude(pk=waits.pk).order_by("version"))
    assert [(row.topic, row.value, row.version, row.reason) for row in rows] == [
        ("objection_period", 14, 1, "学校资料"),
        ("approval_usual", 5, 2, "学校资料"),
    ]
    for row in rows:
        assert (row.proposed_at_90k, row.decided_at_90k, row.effective_at_90k) == (clock.utc(),) * 3
    told = written()[before:]
    assert [(act["kind"], act["facts"]["value"], act["articles"]) for act in told] == [
        ("people.ruling_founded", 14, ["A07.1.1"]),
        ("people.ruling_founded", 5, ["A07.1.1"]),
    ]


def test_profile_is_weighed_as_a_whole_and_one_out_of_bounds_is_a_bug(people: As, clock: SimulatedClock) -> None:
    shorter = DEFAULTS.value("approval_usual") - 1
    with transaction.atomic():
        # The first alone would be out of order with what is in force.
        both = {"approval_longest": shorter, "approval_usual": shorter}
        assert governing.found(values=both, actor=acts.SHELL, now_90k=clock.utc()) == 2
    with pytest.raises(AssertionError, match=r"governing\.below_floor"), transaction.atomic():
        governing.found(values={"retention_ordinary": 29}, actor=acts.SHELL, now_90k=clock.utc())


def test_only_the_rule_of_one_open_proposal_is_told_as_such(people: As, clock: SimulatedClock) -> None:
    propose(people, clock)
    with pytest.raises(RulingError) as second:
        propose(people, clock, value=12)
    assert second.value.code == "people.ruling_open"
    nobody = Acting(people("chu").person, people("chu").appointment, ())
    Appointment.objects.filter(person=nobody.person).update(until_90k=clock.utc())
    proposal = Proposal(topic="case_hold", value=40, reason="x")
    with pytest.raises(IntegrityError):
        governing.propose(proposal=proposal, acting=nobody, clock=clock)


def test_remark_is_a_line_of_so_many_characters(people: As, clock: SimulatedClock) -> None:
    ruling = propose(people, clock)
    with pytest.raises(TextError) as long:
        confirm(ruling, people, clock, "同" * 301)
    assert long.value.facts == {"field": "reason", "longest": 300}
    assert confirm(ruling, people, clock, " ").remark == ""


@pytest.mark.article("A07.1.1")
def test_ruling_says_whose_post_it_was_where_it_was_lent(people: As, clock: SimulatedClock, hire: Hire) -> None:
    wu, chu = people("wu"), people("chu")
    helper = hire("zheng", "郑代办", clock=clock)
    lent = Appointment.objects.create(
        person=helper,
        post="acting_principal",
        body_id=SCHOOL,
        tier=1,
        since_90k=clock.utc(),
        until_90k=clock.utc() + 100,
        document="出差",
        appointed_by=wu.person,
        delegated_from=wu.appointment,
    )
    by_hand = capacity.acting_under(helper, appointment_id=lent.pk, now_90k=clock.utc())

    first = governing.propose(proposal=Proposal(topic="case_hold", value=40, reason="x"), acting=by_hand, clock=clock)
    assert (first.proposed_by, first.proposed_for) == (helper, wu.person)
    with pytest.raises(RuleRefused):
        confirm(first, people, clock)
    governing.turn_down(ruling=first, remark="收回", acting=by_hand, clock=clock)
    first.refresh_from_db()
    assert (first.decided_by, first.decided_for) == (helper, wu.person)
    second = governing.propose(proposal=Proposal(topic="case_hold", value=41, reason="x"), acting=chu, clock=clock)
    governing.confirm(ruling=second, remark="", acting=by_hand, clock=clock)
    second.refresh_from_db()
    assert (second.decided_by, second.decided_for) == (helper, wu.person)
    third = governing.propose(proposal=Proposal(topic="case_hold", value=42, reason="x"), acting=wu, clock=clock)
    with pytest.raises(RuleRefused):
        governing.confirm(ruling=third, remark="", acting=by_hand, clock=clock)


def test_decisions_are_taken_one_after_the_other(people: As, clock: SimulatedClock) -> None:
    def locks() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            return int(cursor.fetchone()[0])

    ruling = propose(people, clock)
    before = locks()
    confirm(ruling, people, clock)
    # Held until the transaction ends, which here is the test's.
    assert locks() == before + 1


def test_each_act_is_a_transaction_of_its_own(people: As, clock: SimulatedClock) -> None:
    ruling = propose(people, clock)
    for act in (
        lambda: propose(people, clock, topic="case_hold", value=40),
        lambda: confirm(ruling, people, clock),
        lambda: governing.turn_down(ruling=ruling, remark="x", acting=people("wu"), clock=clock),
    ):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            act()
