"""What a viewing session permits, decided anew for every lease."""

from mingjian.base.ticks import Ticks90k
from mingjian.grants.claims import Purpose
from mingjian.people.capacity import posts_of
from mingjian.people.leasing import Permission
from mingjian.people.models import Person
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.viewing import ServingFacts, may_be_served
from mingjian.viewing import queries
from mingjian.viewing.models import ViewingSession


def decide(*, session: ViewingSession, person: Person, now_90k: int) -> Decision:
    """Decide whether this person may be served under the session at this instant."""
    return may_be_served(
        ServingFacts(
            posts=posts_of(person, now_90k=now_90k),
            is_holder=session.person_id == person.pk,
            is_decided_by_another=session.issued_by_id != person.pk,
            purpose=session.purpose,
            is_revoked=session.revoked_at_90k is not None,
            valid_until_90k=Ticks90k(session.valid_until_90k),
            now_90k=Ticks90k(now_90k),
        )
    )


def permission(*, person: Person, session_id: str, now_90k: int) -> Permission | Decision:
    """Return what the next lease of one's own session may say, or the refusing decision. Another's: Http404."""
    session = queries.access_own_session(person=person, session_id=session_id)
    decision = decide(session=session, person=person, now_90k=now_90k)
    if not decision.allowed:
        return decision
    return Permission(
        grant_id=str(session.grant_id),
        person_id=str(person.pk),
        purpose=Purpose.VIEWING,
        articles=decision.articles,
        camera_ids=tuple(sorted(str(camera.pk) for camera in session.cameras.all())),
        start_90k=session.start_90k,
        end_90k=session.end_90k,
    )
