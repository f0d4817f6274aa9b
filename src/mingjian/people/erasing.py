"""Erasing what somebody wrote in an entry: proposed and decided by two of tier 1, the entry itself stays."""

from dataclasses import dataclass

from django.db import connection, transaction

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.ledger import leaves
from mingjian.people import acts, capacity, governing, texts, usecases
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.people.routing import RuleRefused
from mingjian.people.ruling import LONGEST_REASON
from mingjian.regulation.posts import Tier
from mingjian.regulation.rules import erasing
from mingjian.regulation.rules.erasing import ErasingFacts, Ground
from mingjian.regulation.rules.governing import PROPOSERS


class ErasingError(MingjianError):
    """There is nothing to erase: "people.no_text"."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Which entry's words, on what ground, and in whose words why (a request's number, what was unlawful)."""

    shard: int
    seq: int
    ground: Ground
    reason: str


def in_tier_1(person: Person, *, now_90k: int) -> Acting:
    """Return the person in the post of tier 1 that may propose, or acting under none."""
    posts = [post.value for post in PROPOSERS]
    held = capacity.appointments_of(person, now_90k=now_90k).filter(tier=Tier.FIRST, post__in=posts).order_by("post")
    # The head's post decides as well as it proposes.
    found = sorted(held, key=lambda one: one.post not in {"principal", "acting_principal"})
    return capacity.acting_under(person, appointment_id=found[0].pk if found else None, now_90k=now_90k)


def erase(*, erasure: Erasure, proposer: Acting, decider: Acting, actor: Actor, clock: Clock) -> int:
    """Erase the words of an entry; return how many were still there.

    Raises ErasingError, TextError, and RuleRefused, which is recorded.
    """
    now_90k = clock.utc()
    reason = texts.line(erasure.reason, field="reason", longest=LONGEST_REASON)
    with connection.cursor() as cursor:
        written = leaves.written_in(cursor, shard=erasure.shard, seq=erasure.seq)
    if written is None or not written.commitments:
        raise ErasingError("people.no_text", seq=erasure.seq)
    decision = erasing.may_erase(
        ErasingFacts(
            ground=erasure.ground,
            proposer=governing.capacity_of(proposer),
            proposer_id=str(proposer.person.pk),
            decider=governing.capacity_of(decider),
            decider_id=str(decider.person.pk),
            author_id=written.author_id,
            written_at_90k=written.received_at_90k,
            now_90k=now_90k,
        )
    )
    if not decision.allowed:
        usecases.record_refusal(acting=decider, decision=decision, path=f"/ledger/{erasure.seq}/", clock=clock)
        raise RuleRefused(decision)
    with transaction.atomic(durable=True):
        return acts.erase_texts(
            commitments=written.commitments,
            subject=f"entry:{erasure.shard}/{erasure.seq}",
            facts={
                "ground": erasure.ground.value,
                "proposer": str(proposer.person.pk),
                "decider": str(decider.person.pk),
            },
            texts={"reason": reason},
            articles=decision.articles,
            actor=actor,
            at_90k=now_90k,
        )
