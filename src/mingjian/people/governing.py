"""Tier 1 sets values and interprets open points: one person proposes, another decides, for the future only."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.people import acts, policy, texts, usecases
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.routing import RuleRefused
from mingjian.people.ruling import LONGEST_ANSWER, LONGEST_DOCUMENT, LONGEST_REASON, Ruling
from mingjian.regulation.decision import Decision
from mingjian.regulation.policies import DEFAULTS, POLICIES
from mingjian.regulation.posts import Capacity, Tier
from mingjian.regulation.readings import READINGS
from mingjian.regulation.rules import governing
from mingjian.regulation.rules.governing import Asked, ConfirmingFacts, InterpretingFacts, SettingFacts

_LOCK = 0x6D6A_0004


class RulingError(MingjianError):
    """It cannot be ruled so: "people.topic_unknown", "people.ruling_open", "people.ruling_decided",
    "people.ruling_in_the_past", "people.ruling_unchanged".
    """


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: a policy's `value` or a reading's `answer`, why, on what paper, from when on.

    `wanted_at_90k` None: as soon as it is decided.
    """

    topic: str
    reason: str
    value: int | None = None
    answer: str = ""
    document: str = ""
    wanted_at_90k: int | None = None


def propose(*, proposal: Proposal, acting: Acting, clock: Clock) -> Ruling:
    """Put a proposal before the head of tier 1. Raises RuleRefused, which is recorded, RulingError, TextError."""
    now_90k = clock.utc()
    asked = _asked(topic=proposal.topic, value=proposal.value, answer=proposal.answer, document=proposal.document,
                   at_90k=max(now_90k, proposal.wanted_at_90k or 0))  # fmt: skip
    decision = governing.may_propose(capacity=capacity_of(acting), asked=asked)
    _require(decision, acting=acting, topic=proposal.topic, clock=clock)
    if proposal.wanted_at_90k is not None and proposal.wanted_at_90k < now_90k:
        raise RulingError("people.ruling_in_the_past", topic=proposal.topic)
    ruling = Ruling(
        topic=proposal.topic,
        value=proposal.value,
        answer=texts.line(proposal.answer, field="answer", longest=LONGEST_ANSWER) if proposal.answer else "",
        document=texts.line(proposal.document, field="document", longest=LONGEST_DOCUMENT) if proposal.document else "",
        reason=texts.line(proposal.reason, field="reason", longest=LONGEST_REASON),
        wanted_at_90k=proposal.wanted_at_90k,
        proposed_by=acting.person,
        proposed_for=acting.on_behalf_of,
        proposed_at_90k=now_90k,
    )
    with transaction.atomic(durable=True):
        try:
            with transaction.atomic():
                ruling.save(force_insert=True)
        except IntegrityError as error:
            if "people_ruling_one_open_per_topic" not in str(error):
                raise
            raise RulingError("people.ruling_open", topic=proposal.topic) from error
        _record(ruling, kind="people.ruling_proposed", actor=acts.of(acting), at_90k=now_90k, decision=decision)
    return ruling


def confirm(*, ruling: Ruling, remark: str, acting: Acting, clock: Clock) -> Ruling:
    """Put a proposal into force, now or when it was wanted, never earlier. Raises RuleRefused, RulingError."""
    facts = _confirming(ruling, acting)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        # Versions have an order, and bounds between two values are asked of what is really in force.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        row = _open_row(ruling)
        now_90k = clock.utc()
        effective_at_90k = max(now_90k, row.wanted_at_90k or 0)
        asked = _asked(
            topic=row.topic, value=row.value, answer=row.answer, document=row.document, at_90k=effective_at_90k
        )
        decision = governing.may_confirm(facts, asked=asked)
        if decision.allowed:
            row.decided_by, row.decided_for, row.decided_at_90k = acting.person, acting.on_behalf_of, now_90k
            row.remark = _remark(remark)
            row.version, row.effective_at_90k = _next_version(), effective_at_90k
            decided = ["decided_by", "decided_for", "decided_at_90k", "remark", "version", "effective_at_90k"]
            row.save(update_fields=decided)
            _record(row, kind="people.ruling_confirmed", actor=acts.of(acting), at_90k=now_90k, decision=decision)
    _require(decision, acting=acting, topic=row.topic, clock=clock)
    return row


def turn_down(*, ruling: Ruling, remark: str, acting: Acting, clock: Clock) -> Ruling:
    """Turn a proposal down, or withdraw the own one. Raises RuleRefused, RulingError, TextError."""
    decision = governing.may_turn_down(_confirming(ruling, acting))
    _require(decision, acting=acting, topic=ruling.topic, clock=clock)
    with transaction.atomic(durable=True):
        row = _open_row(ruling)
        now_90k = clock.utc()
        row.decided_by, row.decided_for, row.decided_at_90k = acting.person, acting.on_behalf_of, now_90k
        row.remark = texts.line(remark, field="reason", longest=LONGEST_REASON)
        row.save(update_fields=["decided_by", "decided_for", "decided_at_90k", "remark"])
        _record(row, kind="people.ruling_turned_down", actor=acts.of(acting), at_90k=now_90k, decision=decision)
    return row


def found(*, values: Mapping[str, int], actor: Actor, now_90k: int) -> int:
    """Enter a profile's values where nothing was ever ruled, within the caller's transaction; return how many.

    Raises AssertionError for values that the check of profiles lets not through.
    """
    book = DEFAULTS
    for name, value in values.items():
        book = book.with_value(name, value)
    entered = 0
    for name, value in values.items():
        if Ruling.objects.filter(topic=name).exists():
            continue
        decision = governing.may_hold(SettingFacts(policy=POLICIES[name], value=value, book=book))
        if not decision.allowed:
            raise AssertionError(decision.reasons[0].code)
        ruling = Ruling.objects.create(
            topic=name,
            value=value,
            reason="学校资料",
            proposed_at_90k=now_90k,
            decided_at_90k=now_90k,
            version=_next_version(),
            effective_at_90k=now_90k,
        )
        _record(ruling, kind="people.ruling_founded", actor=actor, at_90k=now_90k, decision=decision)
        entered += 1
    return entered


def capacity_of(acting: Acting) -> Capacity:
    """Return the capacity as the rules of governing take it."""
    tier = None if acting.tier is None else Tier(acting.tier)
    return Capacity(tier=tier, campuses=frozenset(), posts=acting.posts)


def _asked(*, topic: str, value: int | None, answer: str, document: str, at_90k: int) -> Asked:
    if topic in READINGS:
        return InterpretingFacts(answer=answer, document=document)
    if topic not in POLICIES or value is None:
        raise RulingError("people.topic_unknown", topic=topic)
    book = policy.in_force(at_90k=at_90k)
    if book.value(topic) == value and topic in book.rulings:
        raise RulingError("people.ruling_unchanged", topic=topic)
    return SettingFacts(policy=POLICIES[topic], value=value, book=book)


def _confirming(ruling: Ruling, acting: Acting) -> ConfirmingFacts:
    return ConfirmingFacts(
        capacity=capacity_of(acting),
        decider_id=str(acting.person.pk),
        proposer_id=str(ruling.proposed_by_id or ""),
        decider_for_id=acting.behalf_id,
        proposer_for_id=str(ruling.proposed_for_id or ""),
    )


def _open_row(ruling: Ruling) -> Ruling:
    row = Ruling.objects.select_for_update().get(pk=ruling.pk)
    if not row.is_open:
        raise RulingError("people.ruling_decided", topic=row.topic)
    return row


def _next_version() -> int:
    return (Ruling.objects.aggregate(last=Max("version"))["last"] or 0) + 1


def _remark(text: str) -> str:
    return texts.line(text, field="reason", longest=LONGEST_REASON) if text.strip() else ""


def _require(decision: Decision, *, acting: Acting, topic: str, clock: Clock) -> None:
    if not decision.allowed:
        usecases.record_refusal(acting=acting, decision=decision, path=f"/policies/{topic}/", clock=clock)
        raise RuleRefused(decision)


def _record(ruling: Ruling, *, kind: str, actor: Actor, at_90k: int, decision: Decision) -> None:
    acts.record(
        kind=kind,
        actor=actor,
        subject=f"ruling:{ruling.pk}",
        facts={
            "topic": ruling.topic,
            "value": ruling.value,
            "answer": ruling.answer,
            "document": ruling.document,
            "version": ruling.version,
            "effective_at_90k": ruling.effective_at_90k,
        },
        texts={"reason": ruling.remark or ruling.reason},
        at_90k=at_90k,
        articles=decision.articles,
    )
