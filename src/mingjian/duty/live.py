"""What may be watched live now, as a duty: decided anew for every lease and every camera."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404

from mingjian.base.ticks import TICKS_PER_S
from mingjian.duty import queries
from mingjian.duty.models import Shift
from mingjian.grants.claims import Purpose
from mingjian.people.capacity import Acting
from mingjian.people.leasing import Permission
from mingjian.registry import queries as cameras
from mingjian.registry.models import Camera
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post, Tier
from mingjian.regulation.rules.live import LiveFacts, has_live_duty, may_watch_live
from mingjian.regulation.systems import SystemClass

LOOK_BACK_90K = 5 * TICKS_PER_S
LONGEST_SHIFT_90K = 24 * 3600 * TICKS_PER_S
MAX_CAMERAS = 64


def is_a_duty_of(acting: Acting) -> bool:
    """Say whether live pictures belong to the work of this capacity at all; if so, there is a wall to be found."""
    return has_live_duty(tier=_tier(acting), posts=acting.posts)


def decide(*, acting: Acting, now_90k: int) -> Decision:
    """Decide on the live picture of the campuses in reach at this instant."""
    return _decide(acting, _shift_in_force(acting, now_90k))


def reach(*, acting: Acting, now_90k: int) -> tuple[str, ...]:
    """Return the campuses whose live pictures are in question: that of the shift, else those of the body acted for."""
    return _reach(acting, _shift_in_force(acting, now_90k))


def permission(*, acting: Acting, camera_ids: Sequence[str], now_90k: int) -> Permission | Decision:
    """Return what the next live lease may say, or the refusing decision.

    Cameras outside the reach are left out without a word, and when none is left it is Http404: outside the scope
    nothing exists. Live begins five seconds before the lease and ends with the longest shift there can be or with the
    appointment, whichever is first: so far it may go on while nobody can be asked. Its grant is the shift's, so that
    the end of the shift ends every picture, or the appointment's where no shift is asked for.
    """
    shift = _shift_in_force(acting, now_90k)
    decision = _decide(acting, shift)
    if not decision.allowed or acting.appointment is None:
        return decision
    reach = _reach(acting, shift)
    named = list(camera_ids)[:MAX_CAMERAS]
    found = cameras.access_named_cameras(acting=acting, campuses=reach, camera_ids=named)
    if not found:
        raise Http404
    decisions = [_decide(acting, shift, camera) for camera in found]
    found = [camera for camera, each in zip(found, decisions, strict=True) if each.allowed]
    if not found:
        return decisions[0]
    longest_90k = (now_90k if shift is None else shift.started_at_90k) + LONGEST_SHIFT_90K
    appointed_until_90k = acting.appointment.until_90k
    return Permission(
        grant_id=str(acting.appointment.pk if shift is None else shift.grant_id),
        holder=acting,
        purpose=Purpose.DUTY_LIVE,
        articles=decision.articles,
        camera_ids=tuple(str(camera.pk) for camera in found),
        start_90k=now_90k - LOOK_BACK_90K,
        end_90k=longest_90k if appointed_until_90k is None else min(longest_90k, appointed_until_90k),
    )


def watchable_cameras(*, acting: Acting, now_90k: int) -> QuerySet[Camera]:
    """Return the cameras in reach that can have a live picture at all, for the tree beside the wall."""
    reached = cameras.access_cameras(acting=acting).filter(campus__in=reach(acting=acting, now_90k=now_90k))
    return reached.exclude(system_class=SystemClass.SECRECY.value)


def _shift_in_force(acting: Acting, now_90k: int) -> Shift | None:
    """Return the open shift, if it is one of the capacity acted in: an operator's, of this body, on its campus."""
    shift = queries.open_shift(person=acting.person)
    if shift is None or now_90k >= shift.started_at_90k + LONGEST_SHIFT_90K:
        return None
    is_ours = Post.OPERATOR in acting.posts and shift.body_id == acting.body and shift.campus_id in acting.campuses
    return shift if is_ours else None


def _reach(acting: Acting, shift: Shift | None) -> tuple[str, ...]:
    return acting.campuses if shift is None else (shift.campus_id,)


def _decide(acting: Acting, shift: Shift | None, camera: Camera | None = None) -> Decision:
    """Decide on one camera, or on the duty alone: as for a point of one's own, if one's body can have any."""
    reached = _reach(acting, shift)
    return may_watch_live(
        LiveFacts(
            posts=acting.posts,
            tier=_tier(acting),
            body=acting.body,
            is_on_shift=shift is not None,
            campuses=frozenset(reached),
            campus=camera.campus_id if camera is not None else reached[0] if reached else "",
            owner=acting.body if camera is None else camera.owner_id,
            system_class=SystemClass.SCHOOL if camera is None else SystemClass(camera.system_class),
        )
    )


def _tier(acting: Acting) -> Tier | None:
    return None if acting.tier is None else Tier(acting.tier)
