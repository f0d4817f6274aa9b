"""Search first, then show (根据需要出示): the operator alone marks what is relevant; only that is shown afterwards."""

from django.db import transaction

from mingjian.base.clock import Clock
from mingjian.people import acts
from mingjian.people.capacity import Acting
from mingjian.regulation import articles
from mingjian.viewing import conducting
from mingjian.viewing.models import Segment, ViewingSession
from mingjian.viewing.usecases import refusals
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.usecases.turning import begin_turn, end_turn, supervised
from mingjian.viewing.workflow import Event, Phase

# Ours, not the regulation's: a showing of more pieces than this is no longer one of what is relevant.
MOST_SEGMENTS = 40


def mark_segment(
    *,
    session: ViewingSession,
    camera_id: str,
    start_90k: int,
    end_90k: int,
    note: str,
    acting: Acting,
    clock: Clock,
) -> Segment:
    """Mark `[start_90k, end_90k)` of a camera for showing. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.SEGMENT, acting=acting, clock=clock)
        camera = held.cameras.filter(pk=camera_id).first()
        if camera is None or not held.start_90k <= start_90k < end_90k <= held.end_90k:
            raise ViewingError("viewing.segment_outside")
        if held.segments.filter(removed_at_90k__isnull=True).count() >= MOST_SEGMENTS:
            raise ViewingError("viewing.too_many_segments", most=MOST_SEGMENTS)
        now_90k = clock.utc()
        segment = Segment.objects.create(
            session=held,
            camera=camera,
            start_90k=start_90k,
            end_90k=end_90k,
            note=note.strip(),
            marked_by=acting.person,
            marked_at_90k=now_90k,
        )
        acts.record(
            kind="viewing.segment_marked",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={
                "campus": held.campus_id,
                "segment": str(segment.pk),
                "camera": str(camera.pk),
                "start_90k": start_90k,
                "end_90k": end_90k,
            },
            texts={"note": segment.note},
            at_90k=now_90k,
            articles=(articles.A15_1_1A.id,),
        )
    return segment


def remove_segment(*, session: ViewingSession, segment_id: str, acting: Acting, clock: Clock) -> Segment:
    """Take a mark back: it is not shown (again). Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.SEGMENT, acting=acting, clock=clock)
        segment = held.segments.select_related("camera").filter(pk=segment_id, removed_at_90k__isnull=True).first()
        if segment is None:
            raise ViewingError("viewing.segment_gone")
        now_90k = clock.utc()
        segment.removed_at_90k = now_90k
        segment.save(update_fields=["removed_at_90k"])
        acts.record(
            kind="viewing.segment_removed",
            actor=actor,
            subject=refusals.subject_of(held),
            facts={"campus": held.campus_id, "segment": str(segment.pk), "camera": str(segment.camera_id)},
            at_90k=now_90k,
        )
    return segment


def begin_showing(*, session: ViewingSession, acting: Acting, clock: Clock) -> None:
    """Go over from searching to showing: the search ends at once, the marked segments open for who sits down."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.SHOW, acting=acting, clock=clock)
        grounds = refusals.require(conducting.may_begin_showing(acting=acting, held=held))
        _turn(held, Phase.SHOWING, kind="viewing.showing_begun", acting=acting, grounds=grounds, at_90k=clock.utc())


def search_again(*, session: ViewingSession, acting: Acting, clock: Clock) -> None:
    """Go back from showing to searching, once the room is empty. Raises RuleRefused, ViewingError."""
    actor = acts.of(acting)
    with refusals.recorded(actor=actor, about=session, clock=clock), transaction.atomic(durable=True):
        held = supervised(session, Event.SEARCH, acting=acting, clock=clock)
        grounds = refusals.require(conducting.may_search(acting=acting, held=held))
        _turn(held, Phase.SEARCHING, kind="viewing.search_begun", acting=acting, grounds=grounds, at_90k=clock.utc())


def _turn(
    held: ViewingSession, phase: Phase, *, kind: str, acting: Acting, grounds: tuple[str, ...], at_90k: int
) -> None:
    end_turn(held, reason="turn_over", at_90k=at_90k)
    acts.record(
        kind=kind,
        actor=acts.of(acting),
        subject=refusals.subject_of(held),
        facts={"campus": held.campus_id, **begin_turn(held, phase=phase, at_90k=at_90k)},
        at_90k=at_90k,
        articles=grounds,
    )
