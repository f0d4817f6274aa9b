"""Training and pledges of confidentiality: entered and withdrawn by who appoints, asked for where duty begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.people import acts, personnel, policy, qualified, texts, usecases
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting, held_by
from mingjian.people.models import Body, Person, Qualification
from mingjian.people.qualification import LONGEST_DOCUMENT, LONGEST_REASON, LONGEST_TOPIC, Kind
from mingjian.people.routing import RuleRefused
from mingjian.regulation import articles
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules import training as rules

_VALIDITY = {Kind.TRAINING: "training_validity", Kind.PLEDGE: "pledge_validity"}
RULE_OF = {Kind.TRAINING: articles.A08_D, Kind.PLEDGE: articles.A16_2}


class TrainingError(MingjianError):
    """It cannot be entered so: "people.training_in_the_future", "people.training_lapsed_already",
    "people.training_withdrawn".
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What somebody was trained in or signed, on which civil day, by which paper. A pledge has no topic."""

    kind: Kind
    held_on: date
    document: str
    topic: str = ""


def record(*, person: Person, certificate: Certificate, acting: Acting, clock: Clock) -> Qualification:
    """Enter that the person was trained or signed. How long it holds follows from the values in force now.

    Raises RuleRefused, which is recorded, TrainingError and TextError.
    """
    body = body_within_reach(acting=acting, person=person, now_90k=clock.utc())
    decision = may_record(acting=acting, person=person, now_90k=clock.utc())
    _require(decision, acting=acting, person=person, clock=clock)
    if body is None:
        raise AssertionError("who may record has the person in reach")
    return enter(
        person=person, body=body, certificate=certificate, recorded_by=acting.person, actor=acts.of(acting), clock=clock
    )


@transaction.atomic(durable=True)
def enter(
    *, person: Person, body: Body, certificate: Certificate, recorded_by: Person | None, actor: Actor, clock: Clock
) -> Qualification:
    """The same without asking the rules: for the shell, which founds a university (`recorded_by` None)."""
    now_90k = clock.utc()
    held_on_90k = ticks.midnight(certificate.held_on)
    if held_on_90k > now_90k:
        raise TrainingError("people.training_in_the_future", day=certificate.held_on.isoformat())
    book = policy.in_force(at_90k=now_90k)
    until = ticks.months_after(certificate.held_on, book.value(_VALIDITY[certificate.kind]))
    if ticks.midnight(until) <= now_90k:
        raise TrainingError("people.training_lapsed_already", day=until.isoformat())
    is_training = certificate.kind is Kind.TRAINING
    row = Qualification.objects.create(
        person=person,
        body=body,
        kind=certificate.kind.value,
        topic=texts.line(certificate.topic, field="topic", longest=LONGEST_TOPIC) if is_training else "",
        document=texts.line(certificate.document, field="document", longest=LONGEST_DOCUMENT),
        held_on_90k=held_on_90k,
        valid_until_90k=ticks.midnight(until),
        policy_version=book.version,
        recorded_by=recorded_by,
        recorded_at_90k=now_90k,
    )
    _tell("people.qualification_recorded", row, body=body.pk, actor=actor, at_90k=now_90k,
          facts={"document": row.document, "policy_version": row.policy_version}, said={})  # fmt: skip
    return row


def withdraw(*, qualification: Qualification, reason: str, acting: Acting, clock: Clock) -> None:
    """Withdraw what was entered wrongly; from now on it counts no more. Raises RuleRefused, TrainingError."""
    person = qualification.person
    decision = may_record(acting=acting, person=person, now_90k=clock.utc())
    _require(decision, acting=acting, person=person, clock=clock)
    written = texts.line(reason, field="reason", longest=LONGEST_REASON)
    with transaction.atomic(durable=True):
        row = Qualification.objects.select_for_update().get(pk=qualification.pk)
        if row.withdrawn_at_90k is not None:
            raise TrainingError("people.training_withdrawn")
        row.withdrawn_at_90k, row.withdrawn_by, row.withdrawal_reason = clock.utc(), acting.person, written
        row.save(update_fields=["withdrawn_at_90k", "withdrawn_by", "withdrawal_reason"])
        _tell("people.qualification_withdrawn", row, body=row.body_id, actor=acts.of(acting),
              at_90k=row.withdrawn_at_90k, facts={}, said={"reason": written})  # fmt: skip


def may_record(*, acting: Acting, person: Person, now_90k: int) -> Decision:
    """Decide whether this capacity enters or withdraws the person's training and pledge (A08.d, A16.2)."""
    return rules.may_record(
        rules.RecordingFacts(
            recorder_post=acting.post,
            is_in_reach=body_within_reach(acting=acting, person=person, now_90k=now_90k) is not None,
            is_oneself=str(person.pk) in {str(acting.person.pk), acting.behalf_id},
        )
    )


def body_within_reach(*, acting: Acting, person: Person, now_90k: int) -> Body | None:
    """Return the body for which this capacity looks after the person's training: the own one, else one below it."""
    held = {one.body_id for one in held_by(person, now_90k=now_90k)}
    return next((body for body in personnel.bodies_in_reach(acting) if body.pk in held), None)


def require_fit(*, acting: Acting, path: str, clock: Clock) -> None:
    """Refuse duty to somebody whose training or pledge lapsed, where the school so sets it. Raises RuleRefused."""
    decision = qualified.may_serve(acting=acting, now_90k=clock.utc())
    if not decision.allowed:
        usecases.record_refusal(acting=acting, decision=decision, path=path, clock=clock)
        raise RuleRefused(decision)


def _tell(
    kind: str,
    row: Qualification,
    *,
    body: str,
    actor: Actor,
    at_90k: int,
    facts: Mapping[str, acts.Fact],
    said: Mapping[str, str],
) -> None:
    known = Kind(row.kind)
    acts.record(
        kind=kind,
        actor=actor,
        subject=f"person:{row.person_id}",
        facts={
            "person": str(row.person_id),
            "body": body,
            "qualification": str(row.pk),
            "of": known.value,
            "valid_until_90k": row.valid_until_90k,
            **facts,
        },
        at_90k=at_90k,
        texts=said,
        articles=(RULE_OF[known].id,),
    )


def _require(decision: Decision, *, acting: Acting, person: Person, clock: Clock) -> None:
    if not decision.allowed:
        usecases.record_refusal(acting=acting, decision=decision, path=f"/people/{person.pk}/", clock=clock)
        raise RuleRefused(decision)
