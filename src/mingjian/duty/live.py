"""What an operator on shift may watch live, decided anew for every lease."""

from collections.abc import Sequence

from django.http import Http404

from mingjian.base.ticks import TICKS_PER_S
from mingjian.duty import queries
from mingjian.duty.models import Shift
from mingjian.grants.claims import Purpose
from mingjian.people.leasing import Permission
from mingjian.people.models import Person
from mingjian.people.posts import posts_of
from mingjian.registry import queries as cameras
from mingjian.regulation.decision import Decision
from mingjian.regulation.rules.live import LiveFacts, may_watch_live

LOOK_BACK_90K = 5 * TICKS_PER_S
LONGEST_SHIFT_90K = 24 * 3600 * TICKS_PER_S
MAX_CAMERAS = 64


def decide(*, person: Person, now_90k: int) -> Decision:
    """Decide on the live picture of the person's own campus at this instant."""
    return _decide(person, _shift_in_force(person, now_90k))


def permission(*, person: Person, camera_ids: Sequence[str], now_90k: int) -> Permission | Decision:
    """Return what the next live lease may say, or the refusing decision.

    Cameras outside the shift's campus are left out without a word, and when none is left it is Http404: outside the
    scope nothing exists. Live begins five seconds before the lease and ends with the longest shift there can be.
    """
    shift = _shift_in_force(person, now_90k)
    decision = _decide(person, shift)
    if shift is None or not decision.allowed:
        return decision
    found = cameras.campus_cameras(campus=shift.campus, camera_ids=list(camera_ids)[:MAX_CAMERAS])
    if not found:
        raise Http404
    return Permission(
        grant_id=str(shift.grant_id),
        person_id=str(person.pk),
        purpose=Purpose.DUTY_LIVE,
        articles=decision.articles,
        camera_ids=tuple(str(camera.pk) for camera in found),
        start_90k=now_90k - LOOK_BACK_90K,
        end_90k=shift.started_at_90k + LONGEST_SHIFT_90K,
    )


def _shift_in_force(person: Person, now_90k: int) -> Shift | None:
    shift = queries.open_shift(person=person)
    if shift is None or now_90k >= shift.started_at_90k + LONGEST_SHIFT_90K:
        return None
    return shift


def _decide(person: Person, shift: Shift | None) -> Decision:
    campus = person.campus if shift is None else shift.campus
    return may_watch_live(
        LiveFacts(
            posts=posts_of(person),
            is_on_shift=shift is not None,
            campuses=frozenset({person.campus}),
            campus=campus,
        )
    )
