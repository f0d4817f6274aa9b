"""What the addresses of this room ask. Outside the business of a capacity nothing exists; use-cases weigh the rest."""

from dataclasses import dataclass

from django.http import Http404

from mingjian.base.clock import SystemClock
from mingjian.people.capacity import Acting
from mingjian.people.posts import UNIT
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import APART, DECIDERS, Post
from mingjian.viewing import judging, leases, queries

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class OwnOpenSession:
    """The holder of a viewing session, while it stands. Another's session does not exist."""

    name: str = "own_open_session"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        session = queries.access_own_session(person=acting.person, session_id=captured["session_id"])
        return leases.decide(session=session, acting=acting, now_90k=_CLOCK.utc())


@dataclass(frozen=True, slots=True)
class OwnSession:
    """The operator who supervises a session, in whatever state it is. Another's does not exist."""

    name: str = "own_session"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_own_session(person=acting.person, session_id=captured["session_id"])
        return None


@dataclass(frozen=True, slots=True)
class SessionOfCampus:
    """Tiers 1 and 2 of the session's campus. For others it does not exist."""

    name: str = "session_of_campus"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_session(acting=acting, session_id=captured["session_id"])
        return None


@dataclass(frozen=True, slots=True)
class MayApply:
    """Whoever applies: in person, or for a tier-2 body. Others are told in which capacity they can."""

    name: str = "may_apply"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        return judging.may_apply(acting=acting)


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """The applicant. Another's application does not exist."""

    name: str = "own_application"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_own_application(person=acting.person, application_id=captured["application_id"])
        return None


@dataclass(frozen=True, slots=True)
class ViewingDesk:
    """Whoever has to do with applications of others: deciders and operators of a campus, a unit's manager, tier 1."""

    name: str = "viewing_desk"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not has_desk(acting):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class ApplicationOfDesk:
    """The same, for one application within the capacity's business."""

    name: str = "application_of_desk"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_application(acting=acting, application_id=captured["application_id"])
        return None


@dataclass(frozen=True, slots=True)
class AssistingUnit:
    """Who of a unit helps applicants. For others the page does not exist."""

    name: str = "assisting_unit"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        if not (acting.tier == UNIT and has_desk(acting)):
            raise Http404
        return None


@dataclass(frozen=True, slots=True)
class OwnAttachment:
    """The applicant, for a file of the own application. Another's does not exist."""

    name: str = "own_attachment"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_own_attachment(person=acting.person, **captured)
        return None


@dataclass(frozen=True, slots=True)
class AttachmentOfDecider:
    """Who decides on the application. For everybody else, operators and tier 1 too, the file does not exist."""

    name: str = "attachment_of_decider"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_attachment(acting=acting, **captured)
        return None


@dataclass(frozen=True, slots=True)
class HeldApplication:
    """Tiers 1 and 2 of a campus where the application still holds footage. For others it does not exist."""

    name: str = "held_application"

    def ask(self, *, acting: Acting, captured: dict[str, str]) -> Decision | None:
        queries.access_held_application(acting=acting, application_id=captured["application_id"])
        return None


def has_desk(acting: Acting) -> bool:
    """Say whether the inbox opens for this capacity."""
    if acting.post is None or acting.post in APART:
        return False
    if acting.tier == UNIT:
        return acting.post in queries.FORWARDERS
    return acting.post is Post.OPERATOR or acting.post in DECIDERS or acting.tier == 1
