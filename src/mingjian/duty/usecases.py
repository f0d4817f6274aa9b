"""What may be done about shifts: one function, one act, one transaction, one ledger entry."""

from django.db import IntegrityError, transaction

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.duty import queries
from mingjian.duty.models import Shift
from mingjian.people import acts, training
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.models import Person
from mingjian.people.revocation import revoke_grant
from mingjian.regulation import articles
from mingjian.regulation.posts import Post


class DutyError(MingjianError):
    """A shift cannot change as asked.

    Codes: "duty.not_an_operator", "duty.other_campus", "duty.already_on_shift", "duty.not_on_shift".
    """


def start_shift(*, acting: Acting, campus: str, actor: Actor, clock: Clock) -> Shift:
    """Begin the duty of an operator on one campus of the body acted for (Article 18: duty and patrol are theirs).

    The body is a campus's own, or a unit with a system of its own (A07.3.1). Raises DutyError, and RuleRefused, which
    is recorded, where the school closes duty on a lapse of training.
    """
    if Post.OPERATOR not in acting.posts:
        raise DutyError("duty.not_an_operator", person=str(acting.person.pk))
    if campus not in acting.campuses:
        raise DutyError("duty.other_campus", campus=campus)
    training.require_fit(acting=acting, path="/shift/start/", clock=clock)
    return _start(acting=acting, campus=campus, actor=actor, clock=clock)


@transaction.atomic(durable=True)
def _start(*, acting: Acting, campus: str, actor: Actor, clock: Clock) -> Shift:
    person = acting.person
    now_90k = clock.utc()
    shift = Shift(person=person, body_id=acting.body, campus_id=campus, started_at_90k=now_90k)
    try:
        with transaction.atomic():
            shift.save(force_insert=True)
    except IntegrityError as error:
        raise DutyError("duty.already_on_shift", person=str(person.pk)) from error
    acts.record(
        kind="duty.shift_started",
        actor=actor,
        subject=f"shift:{shift.pk}",
        facts={"campus": shift.campus_id, "body": shift.body_id, "person": str(person.pk)},
        at_90k=now_90k,
        articles=(articles.A18_4A.id,),
    )
    return shift


@transaction.atomic(durable=True)
def end_shift(*, person: Person, actor: Actor, clock: Clock) -> Shift:
    """End the person's duty, and with it every live picture opened under it."""
    shift = Shift.objects.select_for_update().filter(person=person, ended_at_90k__isnull=True).first()
    if shift is None:
        raise DutyError("duty.not_on_shift", person=str(person.pk))
    _end(shift, reason="", actor=actor, at_90k=clock.utc())
    return shift


@transaction.atomic(durable=True)
def end_orphaned_shifts(*, clock: Clock) -> int:
    """End the duty of everybody whose post or account ended under it; return how many. The clerk's work."""
    now_90k = clock.utc()
    orphaned = list(queries.orphaned_shifts(now_90k=now_90k).select_for_update(of=("self",)))
    for shift in orphaned:
        _end(shift, reason="post_ended", actor=acts.CLERK, at_90k=now_90k)
    return len(orphaned)


def _end(shift: Shift, *, reason: str, actor: Actor, at_90k: int) -> None:
    now_90k = max(at_90k, shift.started_at_90k)
    shift.ended_at_90k = now_90k
    shift.save(update_fields=["ended_at_90k"])
    revoke_grant(grant_id=str(shift.grant_id), reason="shift_ended", at_90k=now_90k)
    facts: dict[str, acts.Fact] = {
        "campus": shift.campus_id,
        "body": shift.body_id,
        "person": str(shift.person_id),
        "started_at_90k": shift.started_at_90k,
    }
    acts.record(
        kind="duty.shift_ended",
        actor=actor,
        subject=f"shift:{shift.pk}",
        facts=facts | ({"reason": reason} if reason else {}),
        at_90k=now_90k,
        articles=(articles.A18_4A.id,),
    )
