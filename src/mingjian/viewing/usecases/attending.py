"""Whether anybody is at the console of a session: seen there, missed there, or relieved by another operator."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.viewing import conducting
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.supervising import stop
from mingjian.viewing.usecases.turning import begin_turn, end_turn, locked
from mingjian.viewing.workflow import Event, PauseCause, Phase, Status


def note_attended(*, session: ViewingSession, acting: Acting, clock: Clock) -> None:
    """Remember that the operator's console felt a hand. No act, so nothing in the ledger."""
    ViewingSession.objects.filter(pk=session.pk, person=acting.person).update(attended_at_90k=clock.utc())


def pause_unattended(*, clock: Clock) -> int:
    """Pause every open session whose operator has left the shift, the post or the console; return how many.

    The lease was refused before that already; this says so in the row and in the ledger. For the clerk.
    """
    now_90k = clock.utc()
    standing = ViewingSession.objects.filter(
        application__isnull=False,
        closed_at_90k__isnull=True,
        revoked_at_90k__isnull=True,
        paused_at_90k__isnull=True,
        valid_until_90k__gt=now_90k,
    ).select_related("person")
    return sum(_pause_if_unattended(session, clock=clock) for session in standing)


def _pause_if_unattended(session: ViewingSession, *, clock: Clock) -> bool:
    if not conducting.is_unattended(session, now_90k=clock.utc()):
        return False
    with transaction.atomic(durable=True):
        held = ViewingSession.objects.select_for_update(of=("self",)).select_related("person").get(pk=session.pk)
        now_90k = clock.utc()
        is_open = held.status_at(now_90k=now_90k) is Status.OPEN
        if not is_open or not conducting.is_unattended(held, now_90k=now_90k):
            return False
        stop(held, cause=PauseCause.UNATTENDED, actor=acts.CLERK, at_90k=now_90k)
    return True


def take_over(*, session: ViewingSession, acting: Acting, clock: Clock) -> None:
    """Become the operator of a session whose own is gone; it goes on by hand only. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = locked(session, Event.TAKE_OVER, clock=clock)
        now_90k = clock.utc()
        grounds = refusals.require(conducting.may_take_over(acting=acting, held=held, now_90k=now_90k))
        predecessor = str(held.person_id)
        is_standing = held.status_at(now_90k=now_90k) in (Status.OPEN, Status.PAUSED)
        held.person, held.attended_at_90k = acting.person, now_90k
        held.save(update_fields=["person", "attended_at_90k"])
        # What the predecessor was given does not pass on; a session that has run out gives nothing any more.
        end_turn(held, reason="taken_over", at_90k=now_90k)
        if is_standing:
            begin_turn(held, phase=Phase(held.phase), at_90k=now_90k)
        acts.record(
            kind="viewing.session_taken_over",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id, "person": predecessor},
            at_90k=now_90k,
            articles=grounds,
        )
        if held.status_at(now_90k=now_90k) is Status.OPEN:
            stop(held, cause=PauseCause.TAKEN_OVER, actor=actor, at_90k=now_90k)
