"""Erasing words of an entry, with the database: they are gone, the entry stays, and the act says who and why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from mingjian.base.clock import SimulatedClock
from mingjian.base.ticks import TICKS_PER_S, Ticks90k
from mingjian.ledger import leaves
from mingjian.ledger.leaves import Leaf
from mingjian.people import acts, erasing
from mingjian.people.acts import Actor
from mingjian.people.erasing import ErasingError, Erasure
from mingjian.people.models import Person
from mingjian.people.routing import RuleRefused
from mingjian.regulation.rules.erasing import Ground

Written = Callable[[], list[dict[str, Any]]]
SAID = "我的电话是 13800000000"
SCHOOL = "security-office"


@pytest.fixture
def tier_1(hire: Callable[..., Person], clock: SimulatedClock) -> dict[str, Person]:
    return {
        "sun": hire("sun", "孙督导", ("manager", SCHOOL), clock=clock),
        "wu": hire("wu", "吴处长", ("principal", SCHOOL), clock=clock),
        "qian": hire("qian", "钱主任", ("principal", "security-office-campus"), clock=clock),
    }


@pytest.fixture
def seq(tier_1: dict[str, Person], clock: SimulatedClock) -> int:
    """Somebody's act with words of their own, in its place in the ledger."""
    author = Actor(person_id="student", name="学生", capacity="member", via="web")
    with transaction.atomic():
        acts.record(
            kind="viewing.application_submitted",
            actor=author,
            subject="application:1",
            facts={"number": 1},
            texts={"purpose": SAID},
            at_90k=clock.utc(),
        )
    return newest().seq


def newest() -> Leaf:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_sequence(1, 1000)")
        return leaves.list_entries(cursor, before_seq=None, limit=1, kind=None)[0]


def at(seq: int) -> Leaf:
    with connection.cursor() as cursor:
        return leaves.list_entries(cursor, before_seq=seq + 1, limit=1, kind=None)[0]


def erase(
    tier_1: dict[str, Person], seq: int, clock: SimulatedClock, *, ground: Ground, proposer: str, decider: str
) -> int:
    return erasing.erase(
        erasure=Erasure(shard=1, seq=seq, ground=ground, reason="当事人来函〔2026〕3号"),
        proposer=erasing.in_tier_1(tier_1[proposer], now_90k=clock.utc()),
        decider=erasing.in_tier_1(tier_1[decider], now_90k=clock.utc()),
        actor=acts.SHELL,
        clock=clock,
    )


@pytest.mark.article("PIPL.47", shows="allowed")
def test_words_are_erased_and_the_entry_stays(
    tier_1: dict[str, Person], seq: int, clock: SimulatedClock, written: Written
) -> None:
    before = at(seq)
    assert before.entry.facts == {"number": 1, "purpose": SAID}
    assert erase(tier_1, seq, clock, ground=Ground.UNLAWFUL, proposer="sun", decider="wu") == 1
    (act,) = written()
    assert (act["kind"], act["articles"], act["subject"]) == ("ledger.text_erased", ["PIPL.47"], f"entry:1/{seq}")
    assert (act["facts"]["proposer"], act["facts"]["decider"], act["facts"]["ground"]) == (
        str(tier_1["sun"].pk),
        str(tier_1["wu"].pk),
        "unlawful",
    )
    after = at(seq)
    assert after.entry.facts == {"number": 1, "purpose": None}
    assert (after.entry.actor_name, after.received_at_90k) == (before.entry.actor_name, before.received_at_90k)
    assert newest().entry.facts["reason"] == "当事人来函〔2026〕3号"
    assert erase(tier_1, seq, clock, ground=Ground.UNLAWFUL, proposer="sun", decider="wu") == 0


@pytest.mark.article("CSL.23.3", shows="refused")
def test_a_young_entry_keeps_its_words_until_its_time(
    tier_1: dict[str, Person], seq: int, clock: SimulatedClock, written: Written
) -> None:
    with pytest.raises(RuleRefused, match="log_is_young"):
        erase(tier_1, seq, clock, ground=Ground.PURPOSE_ACHIEVED, proposer="sun", decider="wu")
    (refused,) = written()
    assert (refused["kind"], refused["articles"]) == ("people.refused", ["CSL.23.3"])
    assert at(seq).entry.facts["purpose"] == SAID
    clock.advance(Ticks90k(187 * 86_400 * TICKS_PER_S))
    later = SimulatedClock(Ticks90k(max(clock.utc(), at(seq).received_at_90k + 187 * 86_400 * TICKS_PER_S)))
    assert erase(tier_1, seq, later, ground=Ground.PURPOSE_ACHIEVED, proposer="sun", decider="wu") == 1


@pytest.mark.article("PIPL.47", shows="refused")
@pytest.mark.parametrize(("proposer", "decider"), [("wu", "wu"), ("sun", "qian"), ("sun", "sun"), ("qian", "wu")])
def test_others_do_not_erase(
    tier_1: dict[str, Person], seq: int, clock: SimulatedClock, written: Written, proposer: str, decider: str
) -> None:
    with pytest.raises(RuleRefused):
        erase(tier_1, seq, clock, ground=Ground.UNLAWFUL, proposer=proposer, decider=decider)
    assert at(seq).entry.facts["purpose"] == SAID


def test_an_entry_without_words_has_none_to_erase(
    tier_1: dict[str, Person], clock: SimulatedClock, written: Written
) -> None:
    for seq in (newest().seq, 10**9):
        with pytest.raises(ErasingError, match="no_text"):
            erase(tier_1, seq, clock, ground=Ground.UNLAWFUL, proposer="sun", decider="wu")
