"""Applying, deciding and the register, over the API: the same rules and use-cases as the pages."""

from collections.abc import Sequence

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from mingjian.base.clock import SystemClock
from mingjian.people import acts
from mingjian.people.resources import Call, Listed, OffsetForm, Operation, listed, resource
from mingjian.people.routing import Proof, SignedIn, Staff
from mingjian.viewing import bodies, judging, queries, served, usecases
from mingjian.viewing.bodies import ApplicationBody, ApplicationForm, CheckBody, DossierBody, SessionBody, ShownBody
from mingjian.viewing.forms import CompletionForm, DecisionForm, VersionForm
from mingjian.viewing.models import ViewingApplication, ViewingSession
from mingjian.viewing.objection_forms import ObjectionForm, ReviewForm
from mingjian.viewing.pages.deciding import article_of
from mingjian.viewing.rules import ApplicationOfDesk, MayApply, OwnApplication, OwnSession, SessionOfCampus, ViewingDesk
from mingjian.viewing.usecases import Wish
from mingjian.viewing.words import Outcome, ReviewOutcome

_CLOCK = SystemClock()


def mine(call: Call) -> Listed:
    """List the caller's own applications, the newest first."""
    return listed(queries.access_own_applications(person=call.acting.person), call=call, shape=_body)


def submit(call: Call) -> ApplicationBody:
    """Apply; the footage is held from now on."""
    told = call.answers
    row = usecases.submit(
        acting=call.acting,
        wish=Wish(
            incident_kind=told["incident_kind"],
            reason=told["reason"],
            campus=told["campus"],
            building=told["building"],
            start_90k=told["start_90k"],
            end_90k=told["end_90k"],
            phone=told["phone"],
            unit=told["unit"],
        ),
        clock=_CLOCK,
    )
    return _own(call, str(row.pk))


def get(call: Call, *, application_id: str) -> ApplicationBody:
    """Return one of the caller's own applications."""
    return _own(call, application_id)


def complete(call: Call, *, application_id: str) -> ApplicationBody:
    """Send a returned application again."""
    usecases.resubmit(
        application=queries.access_own_application(person=call.acting.person, application_id=application_id),
        version=call.answers["version"],
        reason=call.answers["reason"],
        phone=call.answers["phone"],
        actor=acts.of(call.acting),
        clock=_CLOCK,
    )
    return _own(call, application_id)


def withdraw(call: Call, *, application_id: str) -> ApplicationBody:
    """Take an application back."""
    usecases.withdraw(
        application=queries.access_own_application(person=call.acting.person, application_id=application_id),
        version=call.answers["version"],
        actor=acts.of(call.acting),
        clock=_CLOCK,
    )
    return _own(call, application_id)


def object_to_refusal(call: Call, *, application_id: str) -> ApplicationBody:
    """Object to the refusal of an application."""
    usecases.object_to_refusal(
        application=queries.access_own_application(person=call.acting.person, application_id=application_id),
        version=call.answers["version"],
        reason=call.answers["reason"],
        acting=call.acting,
        clock=_CLOCK,
    )
    return _own(call, application_id)


def inbox(call: Call) -> Listed:
    """List the applications that are this capacity's business, the newest first."""
    return listed(queries.access_applications(acting=call.acting), call=call, shape=_body)


def dossier(call: Call, *, application_id: str) -> DossierBody:
    """Return one application with all that a decision needs."""
    return _dossier(call, application_id)


def forward(call: Call, *, application_id: str) -> DossierBody:
    """Hand an application on to tier 2."""
    usecases.forward(
        application=queries.access_application(acting=call.acting, application_id=application_id),
        version=call.answers["version"],
        acting=call.acting,
        clock=_CLOCK,
    )
    return _dossier(call, application_id)


def decide(call: Call, *, application_id: str) -> DossierBody:
    """Approve, refuse or return one version of an application."""
    told = call.answers
    usecases.decide(
        application=queries.access_application(acting=call.acting, application_id=application_id),
        version=told["version"],
        outcome=Outcome(told["outcome"]),
        reason=told["reason"],
        article=article_of(told["article"]),
        validity_days=told["validity_days"],
        acting=call.acting,
        clock=_CLOCK,
    )
    return _dossier(call, application_id)


def review(call: Call, *, application_id: str) -> DossierBody:
    """Answer the objection to a refusal."""
    told = call.answers
    usecases.review(
        application=queries.access_application(acting=call.acting, application_id=application_id),
        version=told["version"],
        outcome=ReviewOutcome(told["outcome"]),
        reason=told["reason"],
        article=article_of(told["article"]),
        acting=call.acting,
        clock=_CLOCK,
    )
    return _dossier(call, application_id)


def open_session(call: Call, *, application_id: str) -> SessionBody:
    """Begin the supervised session of an approved application."""
    row = usecases.open_session(
        application=queries.access_application(acting=call.acting, application_id=application_id),
        acting=call.acting,
        clock=_CLOCK,
    )
    return _sessions([row])[0]


def held(call: Call, *, session_id: str) -> SessionBody:
    """Return a session that the caller supervises."""
    return _sessions([queries.access_own_session(person=call.acting.person, session_id=session_id)])[0]


def register(call: Call) -> Listed:
    """List the sessions of the campuses reached, each with what was really shown."""
    part = listed(queries.access_sessions(acting=call.acting), call=call, shape=lambda row: row)
    return Listed(_sessions(part.items), part.next)


def register_row(call: Call, *, session_id: str) -> SessionBody:
    """Return one session of the campuses reached."""
    return _sessions([queries.access_session(acting=call.acting, session_id=session_id)])[0]


def _own(call: Call, application_id: str) -> ApplicationBody:
    return _body(queries.access_own_application(person=call.acting.person, application_id=application_id))


def _body(row: ViewingApplication) -> ApplicationBody:
    return bodies.application(row, now_90k=_CLOCK.utc())


def _dossier(call: Call, application_id: str) -> DossierBody:
    row = queries.access_application(acting=call.acting, application_id=application_id)
    return DossierBody(
        application=_body(row),
        applicant=row.applicant.display_name,
        phone=row.phone,
        cameras=tuple(str(camera.pk) for camera in row.cameras.all()),
        checks=tuple(
            CheckBody(
                check.reason.code,
                check.finding.value,
                check.reason.rule.id,
                check.reason.text_zh,
                check.reason.text_en,
            )
            for check in judging.checks_of(acting=call.acting, application=row, now_90k=_CLOCK.utc())
        ),
    )


def _sessions(rows: Sequence[ViewingSession]) -> tuple[SessionBody, ...]:
    shown = served.shown_in(rows)
    now_90k = _CLOCK.utc()
    return tuple(
        bodies.session(
            row,
            shown=tuple(ShownBody(span.camera_id, span.start_90k, span.end_90k) for span in shown[row.pk].spans),
            is_complete=shown[row.pk].is_complete,
            now_90k=now_90k,
        )
        for row in rows
    )


_MINE = "applications/<str:application_id>/"
_DESK = "desk/applications/<str:application_id>/"

urlpatterns: list[URLPattern] = [
    resource(
        "applications/",
        name="applications",
        rule=SignedIn(),
        get=Operation(mine, _("我的查阅申请"), ApplicationBody, takes=OffsetForm, is_list=True),
    ),
    resource(
        "applications/submit/",
        name="submit",
        rule=MayApply(),
        post=Operation(submit, _("申请查阅"), ApplicationBody, takes=ApplicationForm),
    ),
    resource(_MINE, name="application", rule=OwnApplication(), get=Operation(get, _("我的一份申请"), ApplicationBody)),
    resource(
        f"{_MINE}complete/",
        name="complete",
        rule=OwnApplication(),
        post=Operation(complete, _("补正后重新提交"), ApplicationBody, takes=CompletionForm),
    ),
    resource(
        f"{_MINE}withdraw/",
        name="withdraw",
        rule=OwnApplication(),
        post=Operation(withdraw, _("撤回申请"), ApplicationBody, takes=VersionForm),
    ),
    resource(
        f"{_MINE}object/",
        name="object",
        rule=OwnApplication(),
        post=Operation(object_to_refusal, _("申请复核"), ApplicationBody, takes=ObjectionForm),
    ),
    resource(
        "desk/applications/",
        name="inbox",
        rule=ViewingDesk(),
        get=Operation(inbox, _("本身份经办的申请"), ApplicationBody, takes=OffsetForm, is_list=True),
    ),
    resource(
        _DESK, name="dossier", rule=ApplicationOfDesk(), get=Operation(dossier, _("一份申请及规则核对"), DossierBody)
    ),
    resource(
        f"{_DESK}forward/",
        name="forward",
        rule=ApplicationOfDesk(),
        post=Operation(forward, _("转交二级管理机构"), DossierBody, takes=VersionForm),
    ),
    resource(
        f"{_DESK}decide/",
        name="decide",
        rule=ApplicationOfDesk(),
        proof=Proof.SECOND_FACTOR,
        post=Operation(decide, _("审批申请"), DossierBody, takes=DecisionForm),
    ),
    resource(
        f"{_DESK}review/",
        name="review",
        rule=ApplicationOfDesk(),
        proof=Proof.SECOND_FACTOR,
        post=Operation(review, _("复核不予同意"), DossierBody, takes=ReviewForm),
    ),
    resource(
        f"{_DESK}open/",
        name="open_session",
        proof=Proof.SECOND_FACTOR,
        rule=ApplicationOfDesk(),
        post=Operation(open_session, _("开始检索"), SessionBody),
    ),
    resource(
        "sessions/<str:session_id>/",
        name="held",
        rule=OwnSession(),
        get=Operation(held, _("本人监督的一次查阅"), SessionBody),
    ),
    resource(
        "register/",
        name="register",
        rule=Staff(),
        get=Operation(register, _("查阅登记台账"), SessionBody, takes=OffsetForm, is_list=True),
    ),
    resource(
        "register/<str:session_id>/",
        name="register_row",
        rule=SessionOfCampus(),
        get=Operation(register_row, _("台账中的一次查阅"), SessionBody),
    ),
]
