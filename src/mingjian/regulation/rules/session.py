"""A viewing session as it stands now: who supervises, what was marked, who views, and how many (Article 15 (1))."""

from collections.abc import Iterator
from dataclasses import dataclass

from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import PRINCIPALS, Capacity, Post
from mingjian.regulation.rules import jurisdiction, media
from mingjian.regulation.rules import session_words as words
from mingjian.regulation.rules.jurisdiction import JurisdictionFacts

VIEWERS_AT_ONCE = words.VIEWERS_AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who would look at the pictures. Operator and accompanying officers are none."""

    person_id: str
    is_approved: bool
    is_identity_checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFacts:
    """The session as it would be: its operator and everybody in the room who views.

    `is_operator_present`: signed in at the console and on shift. `viewer_limit` is three, or what a principal's
    recorded exception allows.
    """

    operator_id: str
    operator_posts: frozenset[Post]
    is_operator_present: bool
    viewers: tuple[Viewer, ...]
    viewer_limit: int = VIEWERS_AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts:
    """The operator at the console of a session. `is_present`: signed in and on shift at the session's campus.

    `is_decider`: has decided on an application that the session is for; `is_viewer`: is an applicant of it.
    """

    posts: frozenset[Post]
    is_present: bool
    is_decider: bool
    is_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionFacts:
    """Who would let more than three view together, on which campus, how many, and why."""

    capacity: Capacity
    campus: str
    viewer_limit: int
    reason: str


def may_show(facts: RoomFacts) -> Decision:
    """Decide whether pictures may be shown in this room (A15.1.3a, A15.1.3b, A15.1.4a, A15.1.4b).

    Ask when the session opens, for the room with each newcomer, and again before each lease.
    """
    obstacles = [*media.obstacles_of_posts(facts.operator_posts), *_of_operator(facts), *_of_viewers(facts)]
    return decide(grounds=words.GROUNDS, obstacles=obstacles)


def may_supervise(facts: DeskFacts) -> Decision:
    """Decide whether this operator may conduct the session at all (A15.1.3b, A14.c)."""
    return decide(grounds=words.SUPERVISED, obstacles=_of_desk(facts))


def may_open(facts: DeskFacts, *, is_approved: bool) -> Decision:
    """Decide whether a session for an application begins (A15.1.4a, A15.1.3b): with the operator's search."""
    obstacles = _of_desk(facts)
    if not is_approved:
        obstacles.append(words.NO_APPROVAL)
    return decide(grounds=words.SEARCHED, obstacles=obstacles)


def may_search(facts: DeskFacts, *, viewers_inside: int) -> Decision:
    """Decide whether the operator may search the approved window (A07.2.3, A15.1.1a): alone, before anybody is shown.

    That nobody else is in the room meanwhile is how we read 根据需要: who is shown only what is relevant does not
    watch the search for it.
    """
    obstacles = _of_desk(facts)
    if viewers_inside:
        obstacles.append(words.SEARCH_IS_ALONE)
    return decide(grounds=words.SEARCHED, obstacles=obstacles)


def may_begin_showing(facts: DeskFacts, *, segments_marked: int) -> Decision:
    """Decide whether the operator may go over to showing: only what was marked as relevant is shown (A15.1.1a)."""
    obstacles = _of_desk(facts)
    if not segments_marked:
        obstacles.append(words.NOTHING_MARKED)
    return decide(grounds=words.SHOWN_AS_NEEDED, obstacles=obstacles)


def may_take_over(facts: DeskFacts, *, is_still_supervised: bool) -> Decision:
    """Decide whether another operator takes a session over: once its own is gone, and none stays open (A15.1.3b)."""
    obstacles = _of_desk(facts)
    if is_still_supervised:
        obstacles.append(words.STILL_SUPERVISED)
    return decide(grounds=words.SUPERVISED, obstacles=obstacles)


def may_raise_limit(facts: ExceptionFacts) -> Decision:
    """Decide on an exception from the limit: by the head of the campus's tier-2 body, with a reason (A15.1.4b).

    The text only says 原则上; that the head decides, and must say why, is our default.
    """
    obstacles = jurisdiction.obstacles(JurisdictionFacts(capacity=facts.capacity, campus=facts.campus))
    if PRINCIPALS.isdisjoint(facts.capacity.posts):
        obstacles.append(words.NOT_A_PRINCIPAL)
    if not facts.reason.strip():
        obstacles.append(words.EXCEPTION_WITHOUT_REASON)
    if facts.viewer_limit <= VIEWERS_AT_ONCE:
        obstacles.append(words.NOT_AN_EXCEPTION)
    return decide(grounds=words.EXCEPTED, obstacles=obstacles)


def _of_desk(facts: DeskFacts) -> list[Reason]:
    obstacles = media.obstacles_of_posts(facts.posts)
    if Post.OPERATOR not in facts.posts or not facts.is_present:
        obstacles.append(words.NO_OPERATOR)
    if facts.is_viewer:
        obstacles.append(words.OPERATOR_VIEWS)
    if facts.is_decider:
        obstacles.append(words.OPERATOR_DECIDED)
    return obstacles


def _of_operator(facts: RoomFacts) -> Iterator[Reason]:
    if Post.OPERATOR not in facts.operator_posts or not facts.is_operator_present:
        yield words.NO_OPERATOR
    if facts.operator_id in {viewer.person_id for viewer in facts.viewers}:
        yield words.OPERATOR_VIEWS


def _of_viewers(facts: RoomFacts) -> Iterator[Reason]:
    if not facts.viewers:
        yield words.NOBODY_VIEWS
    if not all(viewer.is_approved for viewer in facts.viewers):
        yield words.NOT_APPROVED
    if not all(viewer.is_identity_checked for viewer in facts.viewers):
        yield words.NOT_IDENTIFIED
    count = len({viewer.person_id for viewer in facts.viewers})
    if count > facts.viewer_limit:
        yield words.too_many(count=count, limit=facts.viewer_limit)
