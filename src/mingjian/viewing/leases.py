"""What a viewing session permits, decided anew for every lease."""

from mingjian.base.ticks import Ticks90k
from mingjian.grants.claims import Purpose
from mingjian.people.capacity import Acting, posts_of
from mingjian.people.leasing import Permission
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.viewing import ServingFacts, may_be_served
from mingjian.viewing import conducting, queries
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.workflow import Phase


def decide(*, session: ViewingSession, acting: Acting, now_90k: int) -> Decision:
    """Decide whether this person may be served under the session at this instant.

    A supervised session also asks whether its operator is still there and on shift, and who sits in the room: nobody
    while the operator searches, those who may be shown while something is shown.
    """
    person = acting.person
    served = may_be_served(
        ServingFacts(
            posts=posts_of(person, now_90k=now_90k),
            is_holder=session.person_id == person.pk,
            is_decided_by_another=session.issued_by_id != person.pk,
            purpose=session.purpose,
            is_revoked=session.revoked_at_90k is not None or session.closed_at_90k is not None,
            valid_until_90k=Ticks90k(session.valid_until_90k),
            now_90k=Ticks90k(now_90k),
        )
    )
    if not served.allowed or session.application_id is None:
        return served
    if session.paused_at_90k is not None:
        return Decision(allowed=False, reasons=(conducting.PAUSED,))
    if not conducting.is_attended(session, now_90k=now_90k):
        return Decision(allowed=False, reasons=(conducting.UNATTENDED,))
    if session.phase == Phase.SEARCHING:
        shown = conducting.may_search(acting=acting, held=session)
    else:
        shown = conducting.may_go_on(acting=acting, held=session, now_90k=now_90k)
    return shown if not shown.allowed else Decision(allowed=True, reasons=(*served.reasons, *shown.reasons))


def permission(*, acting: Acting, wanted_id: str, now_90k: int) -> Permission | Decision:
    """Return what the next lease may say, or the refusing decision. Another's: Http404.

    What is wanted is a session of one's own, for its whole window (while it is searched), or one of its segments.
    """
    turn = queries.access_own_turn(person=acting.person, wanted_id=wanted_id)
    session, segment = turn.session, turn.segment
    decision = decide(session=session, acting=acting, now_90k=now_90k)
    if not decision.allowed:
        return decision
    if turn.ended_at_90k is not None or turn.phase != session.phase:
        return Decision(allowed=False, reasons=(conducting.TURN_OVER,))
    bounds = session if segment is None else segment
    cameras = session.cameras.all() if segment is None else [segment.camera]
    return Permission(
        grant_id=str(turn.pk),
        holder=acting,
        purpose=Purpose.VIEWING,
        articles=decision.articles,
        camera_ids=tuple(sorted(str(camera.pk) for camera in cameras)),
        start_90k=bounds.start_90k,
        end_90k=bounds.end_90k,
    )
