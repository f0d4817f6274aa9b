"""What acts on a session share: its row locked, its state, phase and operator asked, and the grants of its turns."""

from mingjian.base.clock import Clock
from mingjian.people.acts import Fact
from mingjian.people.capacity import Acting
from mingjian.people.revocation import revoke_grant
from mingjian.viewing import conducting
from mingjian.viewing.models import ViewingApplication, ViewingGrant, ViewingSession
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.workflow import ALLOWED, PHASE_OF, Event, Phase


def locked(session: ViewingSession, event: Event, *, clock: Clock) -> ViewingSession:
    """Return the row for update if the event may happen to it now.

    Raises ViewingError("viewing.not_open", "viewing.wrong_phase").
    """
    row = ViewingSession.objects.select_for_update().get(pk=session.pk)
    status = row.status_at(now_90k=clock.utc())
    if event not in ALLOWED[status]:
        raise ViewingError("viewing.not_open", session=str(row.pk), status=status.value)
    if PHASE_OF.get(event, row.phase) != row.phase:
        raise ViewingError("viewing.wrong_phase", session=str(row.pk), phase=row.phase)
    return row


def supervised(session: ViewingSession, event: Event, *, acting: Acting, clock: Clock) -> ViewingSession:
    """The same for an act of the session's own operator, who is thereby seen to be there.

    Raises ViewingError("viewing.not_supervising") for another, RuleRefused off shift.
    """
    held = locked(session, event, clock=clock)
    if held.person_id != acting.person.pk:
        raise ViewingError("viewing.not_supervising")
    refusals.require(conducting.may_supervise(acting=acting, held=held))
    held.attended_at_90k = clock.utc()
    held.save(update_fields=["attended_at_90k"])
    return held


def locked_application(application: ViewingApplication) -> ViewingApplication:
    """Return the row for update."""
    return ViewingApplication.objects.select_for_update().get(pk=application.pk)


def begin_turn(held: ViewingSession, *, phase: Phase, at_90k: int) -> dict[str, Fact]:
    """Give the turn its grants, one for the whole window or one per marked segment; return what the ledger says."""
    held.phase = phase.value
    held.save(update_fields=["phase"])
    wanted = [None] if phase is Phase.SEARCHING else list(held.segments.filter(removed_at_90k__isnull=True))
    grants = [
        ViewingGrant.objects.create(session=held, segment=segment, phase=phase.value, begun_at_90k=at_90k)
        for segment in wanted
    ]
    return {"grants": tuple(str(grant.pk) for grant in grants)}


def end_turn(held: ViewingSession, *, reason: str, at_90k: int) -> None:
    """End every grant that stands: streaming is told in the moment this commits."""
    standing = ViewingGrant.objects.filter(session=held, ended_at_90k__isnull=True)
    for grant in standing:
        revoke_grant(grant_id=str(grant.pk), reason=reason, at_90k=at_90k)
    standing.update(ended_at_90k=at_90k)
