"""Whether a session may be opened, searched, shown, joined, taken over or ended: from rows to the rules' facts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import policy
from mingjian.people.capacity import Acting, appointments_of
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason
from mingjian.regulation.policies import Book
from mingjian.regulation.posts import Post, Tier
from mingjian.regulation.rules import session
from mingjian.viewing import attendance, judging
from mingjian.viewing.judging import MOVED, campuses_of, capacity_of
from mingjian.viewing.models import ApplicationDecision, SessionViewer, ViewingApplication, ViewingSession
from mingjian.viewing.words import Outcome
from mingjian.viewing.workflow import Stage

# Ours, not the regulation's: so long may a console be without a hand on it before the picture stops (A15.1.3b).
LONGEST_UNATTENDED_S = 180


@dataclass(frozen=True, slots=True)
class IdCheck:
    """What the operator saw and was promised before anything is shown."""

    kind: str
    last4: str
    is_pledged: bool
    are_phones_away: bool

    def is_complete_by(self, book: Book) -> bool:
        """Say whether a document was seen and the promises were made that the values in force ask for."""
        has_number = len(self.last4) == 4 and self.last4.isascii() and self.last4.isalnum()
        is_promised = self.is_pledged or not book.is_on("pledge_at_desk")
        return has_number and is_promised and self.are_phones_away


def may_open(*, acting: Acting, application: ViewingApplication, now_90k: int) -> Decision:
    """Decide whether a session for this application may begin, with the operator's search (A15.1.4a, A15.1.3b)."""
    if campuses_of(application) != {application.campus_id}:
        return Decision(allowed=False, reasons=(MOVED,))
    is_approved = application.stage_at(now_90k=now_90k) is Stage.APPROVED
    return session.may_open(
        _desk(acting, campus=application.campus_id, applications=[application]), is_approved=is_approved
    )


def may_supervise(*, acting: Acting, held: ViewingSession) -> Decision:
    """Decide whether this operator may act on the session (A15.1.3b)."""
    return session.may_supervise(_desk_of(acting, held))


def may_search(*, acting: Acting, held: ViewingSession) -> Decision:
    """Decide whether the approved window may be searched now: with nobody in the room (A15.1.1a)."""
    if is_moved(held):
        return Decision(allowed=False, reasons=(MOVED,))
    return session.may_search(_desk_of(acting, held), viewers_inside=_seats(held).count())


def may_begin_showing(*, acting: Acting, held: ViewingSession) -> Decision:
    """Decide whether the session goes over to showing: something has to be marked (A15.1.1a)."""
    marked = held.segments.filter(removed_at_90k__isnull=True).count()
    return session.may_begin_showing(_desk_of(acting, held), segments_marked=marked)


def may_admit(
    *, acting: Acting, held: ViewingSession, application: ViewingApplication, check: IdCheck, now_90k: int
) -> Decision:
    """Decide whether one more applicant may sit down (A15.1.4b). Asked with the session's row locked."""
    desk = _desk(acting, campus=held.campus_id, applications=[*applications_of(held), application])
    conducts = session.may_supervise(desk)
    if not conducts.allowed:
        return conducts
    newcomer = session.Viewer(
        person_id=str(application.applicant_id),
        is_approved=is_let_in(application, held=held, now_90k=now_90k),
        is_identity_checked=check.is_complete_by(policy.in_force(at_90k=now_90k)),
    )
    viewers = [*_present(held, now_90k=now_90k), newcomer]
    return session.may_show(_room(acting, campus=held.campus_id, viewers=viewers, limit=limit_of(held)))


def may_go_on(*, acting: Acting, held: ViewingSession, now_90k: int) -> Decision:
    """Decide whether the room is still one in which pictures may be shown: asked for every lease."""
    if is_moved(held):
        return Decision(allowed=False, reasons=(MOVED,))
    viewers = _present(held, now_90k=now_90k)
    return session.may_show(_room(acting, campus=held.campus_id, viewers=viewers, limit=limit_of(held)))


def may_take_over(*, acting: Acting, held: ViewingSession, now_90k: int) -> Decision:
    """Decide whether this operator may take the session over from its own (A15.1.3b)."""
    return session.may_take_over(_desk_of(acting, held), is_still_supervised=not is_unattended(held, now_90k=now_90k))


def may_revoke(*, acting: Acting, held: ViewingSession, now_90k: int) -> Decision:
    """Decide whether this capacity may end the session's permission: who may decide on its application may (A14.c)."""
    if held.application is None:
        raise ValueError("only a session with an application is weighed")
    return judging.may_revoke(acting=acting, application=held.application, now_90k=now_90k)


def is_moved(held: ViewingSession) -> bool:
    """Say whether a camera of the session has come under another campus since the approval."""
    return any(camera.campus_id != held.campus_id for camera in held.cameras.all())


def is_let_in(application: ViewingApplication, *, held: ViewingSession, now_90k: int) -> bool:
    """Say whether an application opens this room: approved and in force, or of this session already."""
    if application.stage_at(now_90k=now_90k) is Stage.APPROVED:
        return True
    is_of_this = application.pk == held.application_id or held.viewers.filter(application=application).exists()
    return application.stage == Stage.IN_SESSION and is_of_this and _is_in_force(application, now_90k=now_90k)


def is_at_post(held: ViewingSession, *, now_90k: int) -> bool:
    """Say whether the session's operator still is one of its campus, and on shift, whoever asks."""
    posts = appointments_of(held.person, now_90k=now_90k).filter(
        post=Post.OPERATOR, body__tier=Tier.SECOND, body__campuses=held.campus_id
    )
    return held.person.is_active and any(
        held.campus_id in attendance.campuses_on_shift(held.person, body=post.body_id) for post in posts
    )


def is_unattended(held: ViewingSession, *, now_90k: int) -> bool:
    """Say whether nobody supervises: the operator has left the post or the shift, or the console lies idle."""
    return not (is_at_post(held, now_90k=now_90k) and is_attended(held, now_90k=now_90k))


def is_attended(held: ViewingSession, *, now_90k: int) -> bool:
    """Say whether a hand was felt at the session's console lately."""
    return now_90k - held.attended_at_90k <= LONGEST_UNATTENDED_S * TICKS_PER_S


def applications_of(held: ViewingSession) -> list[ViewingApplication]:
    """Return whom the session is for: the application it was opened for, and all that ever sat in it.

    Asked for as rows, because to somebody whose appointment has ended they do not exist any more.
    """
    of_session = Q(sessions=held) | Q(seats__session=held)
    return list(ViewingApplication.objects.filter(of_session).distinct().order_by("year", "number"))


def may_allow_more(*, acting: Acting, held: ViewingSession, limit: int, reason: str) -> Decision:
    """Decide whether this capacity may consent to more than three."""
    return session.may_raise_limit(
        session.ExceptionFacts(
            capacity=capacity_of(acting), campus=held.campus_id or "", viewer_limit=limit, reason=reason
        )
    )


def limit_of(held: ViewingSession) -> int:
    """Return how many may sit in the session at once."""
    exception = getattr(held, "exception", None)
    return session.VIEWERS_AT_ONCE if exception is None else int(exception.limit)


def _room(
    acting: Acting, *, campus: str | None, viewers: Iterable[session.Viewer], limit: int = session.VIEWERS_AT_ONCE
) -> session.RoomFacts:
    return session.RoomFacts(
        operator_id=str(acting.person.pk),
        operator_posts=acting.posts,
        is_operator_present=_is_present(acting, campus),
        viewers=tuple(viewers),
        viewer_limit=limit,
    )


def _desk_of(acting: Acting, held: ViewingSession) -> session.DeskFacts:
    return _desk(acting, campus=held.campus_id, applications=applications_of(held))


def _desk(acting: Acting, *, campus: str | None, applications: list[ViewingApplication]) -> session.DeskFacts:
    decided = ApplicationDecision.objects.filter(
        Q(decider=acting.person) | Q(on_behalf_of=acting.person),
        application__in=applications,
        outcome=Outcome.APPROVED,
    )
    return session.DeskFacts(
        posts=acting.posts,
        is_present=_is_present(acting, campus),
        is_decider=decided.exists(),
        is_viewer=any(application.applicant_id == acting.person.pk for application in applications),
    )


def _is_present(acting: Acting, campus: str | None) -> bool:
    is_of_campus = acting.tier == Tier.SECOND and campus in acting.campuses
    return is_of_campus and campus in attendance.campuses_on_shift(acting.person, body=acting.body)


def _seats(held: ViewingSession) -> QuerySet[SessionViewer]:
    """Who sits in front of this operator, whichever session let them in: an operator has one room."""
    return SessionViewer.objects.filter(
        session__person=held.person_id, session__closed_at_90k__isnull=True, left_at_90k__isnull=True
    )


def _present(held: ViewingSession, *, now_90k: int) -> list[session.Viewer]:
    """Those who sit in the room were identified, or they would not sit there; their approval may have run out, or be
    one for another session.
    """
    return [
        session.Viewer(
            person_id=str(seat.applicant_id),
            is_approved=seat.session_id == held.pk and _is_in_force(seat.application, now_90k=now_90k),
            is_identity_checked=True,
        )
        for seat in _seats(held).select_related("application")
    ]


def _is_in_force(application: ViewingApplication, *, now_90k: int) -> bool:
    decision = application.final_decision
    return decision is not None and decision.valid_until_90k is not None and now_90k < decision.valid_until_90k


PAUSED = Reason(
    rule=articles.A15_1_3B,
    code="viewing.paused",
    text_zh="操作员已暂停查阅。请由操作员点“继续”后再看。",
    text_en="The operator has paused the viewing. It goes on when the operator says so.",
    source=Source.OUR_DEFAULT,
)
UNATTENDED = Reason(
    rule=articles.A15_1_3B,
    code="viewing.unattended",
    text_zh=f"操作员已 {LONGEST_UNATTENDED_S // 60} 分钟没有操作（本系统默认），画面已停止。请操作员回到监控台后继续。",
    text_en=(
        f"The console was not touched for {LONGEST_UNATTENDED_S // 60} minutes (our default), so the picture stopped. "
        "Go on when the operator is back."
    ),
    source=Source.OUR_DEFAULT,
)
TURN_OVER = Reason(
    rule=articles.A15_1_1A,
    code="viewing.turn_over",
    text_zh="检索与出示已经切换，原来的画面不再播放。请刷新页面。",
    text_en="The session has gone over between searching and showing, so this picture ends. Reload the page.",
    source=Source.OUR_DEFAULT,
)
