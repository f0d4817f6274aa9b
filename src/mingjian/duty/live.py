"""What an operator on shift may watch live, decided anew for every lease."""

from collections.abc import Sequence

from django.http import Http404

from mingjian.base.ticks import TICKS_PER_S
from mingjian.duty import queries
from mingjian.duty.models import Shift
from mingjian.grants.claims import Purpose
from mingjian.people.capacity import Acting
from mingjian.people.leasing import Permission
from mingjian.registry import queries as cameras
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.live import LiveFacts, may_watch_live

LOOK_BACK_90K = 5 * TICKS_PER_S
LONGEST_SHIFT_90K = 24 * 3600 * TICKS_PER_S
MAX_CAMERAS = 64


def decide(*, acting: Acting, now_90k: int) -> Decision:
    """Decide on the live picture of the campuses in reach at this instant."""
    return _decide(acting, _shift_in_force(acting, now_90k))


def reach(*, acting: Acting, now_90k: int) -> tuple[str, ...]:
    """Return the campuses whose live pictures are in question: that of the shift, else those of the body acted for."""
    return _reach(acting, _shift_in_force(acting, now_90k))


def permission(*, acting: Acting, camera_ids: Sequence[str], now_90k: int) -> Permission | Decision:
    """Return what the next live lease may say, or the refusing decision.

    Cameras outside the reach are left out without a word, and when none is left it is Http404: outside the scope
    nothing exists. Live begins five seconds before the lease and ends with the longest shift there can be. Its grant is
    the shift's, so that the end of the shift ends every picture, or the appointment's where no shift is asked for.
    """
    shift = _shift_in_force(acting, now_90k)
    decision = _decide(acting, shift)
    if not decision.allowed or acting.appointment is None:
        return decision
    found = cameras.campus_cameras(campuses=_reach(acting, shift), camera_ids=list(camera_ids)[:MAX_CAMERAS])
    if not found:
        raise Http404
    return Permission(
        grant_id=str(acting.appointment.pk if shift is None else shift.grant_id),
        holder=acting,
        purpose=Purpose.DUTY_LIVE,
        articles=decision.articles,
        camera_ids=tuple(str(camera.pk) for camera in found),
        start_90k=now_90k - LOOK_BACK_90K,
        end_90k=(now_90k if shift is None else shift.started_at_90k) + LONGEST_SHIFT_90K,
    )


def _shift_in_force(acting: Acting, now_90k: int) -> Shift | None:
    """Return the open shift, if it is one of the capacity acted in: an operator's, on a campus in reach."""
    shift = queries.open_shift(person=acting.person)
    if shift is None or now_90k >= shift.started_at_90k + LONGEST_SHIFT_90K:
        return None
    return shift if Post.OPERATOR in acting.posts and shift.campus_id in acting.campuses else None


def _reach(acting: Acting, shift: Shift | None) -> tuple[str, ...]:
    return acting.campuses if shift is None else (shift.campus_id,)


def _decide(acting: Acting, shift: Shift | None) -> Decision:
    # Cameras are looked up within the reach afterwards, so the campus in question is always one of the reach; a body
    # without a campus of its own has none.
    reach = _reach(acting, shift)
    return may_watch_live(
        LiveFacts(
            posts=acting.posts,
            is_on_shift=shift is not None,
            campuses=frozenset(reach),
            campus=reach[0] if reach else "",
        )
    )
