"""What a viewing session permits, decided anew for every lease."""

from mingjian.base.ticks import Ticks90k
from mingjian.grants.claims import Purpose
from mingjian.people.capacity import Acting, posts_of
from mingjian.people.leasing import Permission
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.viewing import ServingFacts, may_be_served
from mingjian.viewing import judging, queries
from mingjian.viewing.models import ViewingSession


def decide(*, session: ViewingSession, acting: Acting, now_90k: int) -> Decision:
    """Decide whether this person may be served under the session at this instant.

    A supervised session also asks who sits in the room and whether its operator is still on shift.
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
    if not served.allowed or session.campus_id is None:
        return served
    if session.paused_at_90k is not None:
        return Decision(allowed=False, reasons=(judging.PAUSED,))
    shown = judging.may_go_on(acting=acting, held=session)
    return shown if not shown.allowed else Decision(allowed=True, reasons=(*served.reasons, *shown.reasons))


def permission(*, acting: Acting, session_id: str, now_90k: int) -> Permission | Decision:
    """Return what the next lease of one's own session may say, or the refusing decision. Another's: Http404."""
    session = queries.access_own_session(person=acting.person, session_id=session_id)
    decision = decide(session=session, acting=acting, now_90k=now_90k)
    if not decision.allowed:
        return decision
    return Permission(
        grant_id=str(session.grant_id),
        holder=acting,
        purpose=Purpose.VIEWING,
        articles=decision.articles,
        camera_ids=tuple(sorted(str(camera.pk) for camera in session.cameras.all())),
        start_90k=session.start_90k,
        end_90k=session.end_90k,
    )
