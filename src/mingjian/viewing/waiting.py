"""Viewing's part of what waits for a person: to decide, to forward, to receive, to complete, to close."""

from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.people.capacity import Acting
from mingjian.people.posts import CAMPUS_BODY, SCHOOL, UNIT
from mingjian.people.waiting import Waiting
from mingjian.regulation.posts import DECIDERS, Post
from mingjian.regulation.rules.conflicts import ROUTED_TO, Tie
from mingjian.viewing import judging, queries
from mingjian.viewing.workflow import Stage

# Of what waits on all campuses, so many are weighed for who has to decide.
_MOST_LOOKED_AT = 100


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return what waits in this capacity, the most pressing first; an applicant's own matters always count."""
    found = [*_at_desk(acting, now_90k=now_90k), *_own(acting)]
    return [waiting for waiting in found if waiting.count]


def _at_desk(acting: Acting, *, now_90k: int) -> list[Waiting]:
    applications = queries.access_applications(acting=acting).exclude(applicant=acting.person)
    objected = applications.filter(stage=Stage.OBJECTED)
    desk = reverse("viewing_desk")
    if acting.tier == UNIT:
        return [Waiting(_("待转交的查阅申请"), applications.filter(stage=Stage.AT_UNIT).count(), desk)]
    if acting.tier == CAMPUS_BODY and acting.post is Post.OPERATOR:
        ready = applications.filter(stage=Stage.APPROVED, decisions__valid_until_90k__gt=now_90k)
        return [Waiting(_("已同意、待到场的查阅"), ready.distinct().count(), desk)]
    if acting.tier == SCHOOL and acting.post in ROUTED_TO:
        routed = [
            one
            for one in applications.filter(stage=Stage.SUBMITTED)[:_MOST_LOOKED_AT]
            if judging.may_decide(acting=acting, application=one, now_90k=now_90k).allowed
        ]
        return [Waiting(_("由一级审批的查阅申请（二级回避）"), len(routed), desk)]
    if acting.tier == CAMPUS_BODY and acting.post in DECIDERS:
        applications = applications.exclude(concerns__person=acting.person).exclude(concerns__tie=Tie.OF_THE_BODY)
        objected = applications.filter(stage=Stage.OBJECTED)
        due = queries.count_due_holds(acting=acting, now_90k=now_90k)
        return [
            Waiting(_("待审批的查阅申请"), applications.filter(stage=Stage.SUBMITTED).count(), desk),
            Waiting(
                _("待复核的查阅申请"),
                objected.exclude(objection__first_decider__in=[acting.person, acting.on_behalf_of]).count(),
                desk,
            ),
            Waiting(_("待决定的录像锁定"), due, reverse("held_footage")),
        ]
    return []


def _own(acting: Acting) -> list[Waiting]:
    mine = reverse("my_viewings")
    open_sessions = queries.access_own_sessions(person=acting.person).filter(
        closed_at_90k__isnull=True, campus__isnull=False
    )
    returned = queries.access_own_applications(person=acting.person).filter(stage=Stage.RETURNED)
    return [
        Waiting(_("尚未结束登记的查阅"), open_sessions.count(), mine),
        Waiting(_("退回您补正的申请"), returned.count(), mine),
    ]
