"""What waits on account of training: one's own that lapses or lacks, and that of the staff one is responsible for."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.people import personnel, policy, qualified
from mingjian.people.capacity import Acting, held_by
from mingjian.people.qualification import Kind
from mingjian.people.waiting import Waiting
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.training import STAFF


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return how many of one's own lapse within thirty days or did, and how many of the staff lack something.

    What was never entered is for who is responsible to see to; the person is told once it closes duty.
    """
    return [waiting for waiting in (_own(acting, now_90k=now_90k), _of_staff(acting, now_90k=now_90k)) if waiting.count]


def _own(acting: Acting, *, now_90k: int) -> Waiting:
    is_staff = any(Post(one.post) in STAFF for one in held_by(acting.person, now_90k=now_90k))
    validity = qualified.validity_of(acting.person) if is_staff else None
    states = [] if validity is None else [validity.state(kind, now_90k=now_90k) for kind in Kind]
    telling = {"soon", "lapsed"}
    if policy.in_force(at_90k=now_90k).is_on("training_closes_duty"):
        telling.add("missing")
    return Waiting(
        _("您的培训或保密承诺缺失、失效或将失效"), sum(one in telling for one in states), reverse("own_training")
    )


def _of_staff(acting: Acting, *, now_90k: int) -> Waiting:
    words = _("本机构人员的培训或保密承诺缺失、失效或将失效")
    if acting.appointment is None or not personnel.appoints(acting):
        return Waiting(words, 0, reverse("staff"))
    staff = {one.person_id for one in qualified.staff(now_90k=now_90k, bodies=[acting.body])}
    lacking = [
        validity
        for validity in qualified.validities(staff).values()
        if any(validity.state(kind, now_90k=now_90k) != "valid" for kind in Kind)
    ]
    return Waiting(words, len(lacking), reverse("staff"))
