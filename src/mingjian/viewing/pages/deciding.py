"""The inbox of tier 2 and of a unit, and one application: facts on the left, rules on the right."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingjian.base.clock import SystemClock
from mingjian.people import narrowing, policy, telling
from mingjian.people.capacity import Acting
from mingjian.people.posts import UNIT
from mingjian.people.queries import handlers_of_campus
from mingjian.people.templatetags.civil import instant
from mingjian.registry import queries as registry
from mingjian.registry import stretches
from mingjian.registry.drawings import Extras
from mingjian.regulation import articles
from mingjian.regulation.posts import Post
from mingjian.viewing import judging, queries, usecases
from mingjian.viewing.forms import DecisionForm, VersionForm
from mingjian.viewing.models import Concern, ViewingApplication
from mingjian.viewing.pages.applying import described
from mingjian.viewing.words import Outcome
from mingjian.viewing.workflow import Stage

_CLOCK = SystemClock()
MAX_LISTED = 200
# What a refusal may rest on; the reviewer chooses, the page names the article.
REFUSAL_GROUNDS = (
    articles.A14_B,
    articles.A14_C,
    articles.A15_1_1A,
    articles.A15_1_1B,
    articles.A15_1_4A,
)
_DECIDED: dict[Outcome, str | Promise] = {
    Outcome.APPROVED: gettext_lazy("已同意申请 %(ticket)s，有效期至 %(until)s；录像锁定至 %(held)s。"),
    Outcome.REFUSED: gettext_lazy("已决定不予同意申请 %(ticket)s；录像锁定至 %(held)s，其间申请人可以申请复核。"),
    Outcome.RETURNED: gettext_lazy("已将申请 %(ticket)s 退回补正；录像仍然锁定。"),
}
_WAITING = {
    Stage.DRAFT,
    Stage.AT_UNIT,
    Stage.SUBMITTED,
    Stage.OBJECTED,
    Stage.RETURNED,
    Stage.APPROVED,
    Stage.IN_SESSION,
}


def inbox(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the applications of this capacity, those that wait first, the oldest first among them."""
    now_90k = _CLOCK.utc()
    shown = narrowing.shown_campuses(request, acting=acting)
    reached = queries.access_applications(acting=acting).filter(campus__in=shown)
    found = [described(application, now_90k=now_90k) for application in reached[:MAX_LISTED]]
    waiting = [item for item in found if Stage(item["stage"]) in _WAITING]
    return render(
        request,
        "viewing/inbox.html",
        {
            "waiting": sorted(waiting, key=lambda item: item["application"].submitted_at_90k),
            "ended": [item for item in found if Stage(item["stage"]) not in _WAITING],
            "is_unit": acting.tier == UNIT,
            "held_due": [held for held in queries.access_held(acting=acting, now_90k=now_90k) if held.is_due],
        },
    )


def dossier(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Show one application with all that a decision needs."""
    application = queries.access_application(acting=acting, application_id=application_id)
    return show_dossier(request, acting, application)


def decide(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Take the decision."""
    application = queries.access_application(acting=acting, application_id=application_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return show_dossier(request, acting, application, errors=form, status=400)
    answers = form.cleaned_data
    decision = usecases.decide(
        application=application,
        version=answers["version"],
        outcome=Outcome(answers["outcome"]),
        reason=answers["reason"],
        article=article_of(answers["article"]),
        validity_days=answers["validity_days"],
        acting=acting,
        clock=_CLOCK,
    )
    application.refresh_from_db(fields=["held_until_90k"])
    words = _DECIDED[Outcome(decision.outcome)]
    if decision.objection_id is not None and decision.outcome == Outcome.REFUSED:
        words = _("已决定不予同意申请 %(ticket)s。这是复核后的决定，不能再次申请复核。")
    told = {
        "ticket": application.ticket,
        "held": instant(application.held_until_90k),
        "until": instant(decision.valid_until_90k),
    }
    telling.done(request, words % told)
    return HttpResponseRedirect(reverse("viewing_application", args=[application.pk]))


def article_of(told: str) -> str:
    """Return the article that was chosen, or nothing if none was that a refusal may rest on."""
    return told if told in {rule.id for rule in REFUSAL_GROUNDS} else ""


def forward(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Hand the application on to tier 2."""
    application = queries.access_application(acting=acting, application_id=application_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        usecases.forward(application=application, version=form.cleaned_data["version"], acting=acting, clock=_CLOCK)
        telling.done(request, _("已将申请 %(ticket)s 转交二级管理机构。") % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("viewing_application", args=[application.pk]))


def open_session(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Begin the supervised session: with the operator's search, before anybody sits down."""
    application = queries.access_application(acting=acting, application_id=application_id)
    session = usecases.open_session(application=application, acting=acting, clock=_CLOCK)
    told = {"ticket": application.ticket, "until": instant(session.valid_until_90k)}
    telling.done(request, _("已开始申请 %(ticket)s 的查阅，最迟 %(until)s 结束。请先检索，申请人稍后入场。") % told)
    return HttpResponseRedirect(reverse("supervised_session", args=[session.pk]))


def show_dossier(
    request: HttpRequest,
    acting: Acting,
    application: ViewingApplication,
    *,
    errors: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the dossier, and with what was not filled in."""
    now_90k = _CLOCK.utc()
    stage = application.stage_at(now_90k=now_90k)
    is_english = (translation.get_language() or "").startswith("en")
    decision = judging.may_decide(acting=acting, application=application, now_90k=now_90k)
    book = policy.in_force(at_90k=now_90k)
    return render(
        request,
        "viewing/dossier.html",
        {
            **described(application, now_90k=now_90k),
            "checks": [
                {
                    "finding": check.finding.value,
                    "text": check.reason.text_en if is_english else check.reason.text_zh,
                    "rule": check.reason.rule,
                    "citation": _citation(check.reason.rule, is_english=is_english),
                }
                for check in judging.checks_of(acting=acting, application=application, now_90k=now_90k)
            ],
            "coverage": _coverage(acting, application),
            "attachments": list(application.attachments.all()),
            "may_read_attachments": queries.reads_attachments(acting),
            "may_decide": decision.allowed and stage is Stage.SUBMITTED,
            "may_review": stage is Stage.OBJECTED
            and judging.may_review(acting=acting, application=application, now_90k=now_90k).allowed,
            "may_return": stage is Stage.SUBMITTED
            and judging.may_return(acting=acting, application=application, now_90k=now_90k).allowed,
            "may_forward": acting.tier == UNIT and stage is Stage.AT_UNIT,
            "is_operator": Post.OPERATOR in acting.posts,
            "usual_validity": book.value("approval_usual"),
            "longest_validity": book.value("approval_longest"),
            "may_open": Post.OPERATOR in acting.posts and stage is Stage.APPROVED,
            "is_unit": acting.tier == UNIT,
            "refusals": [
                (rule.id, _citation(rule, is_english=is_english), rule.summary_en if is_english else rule.summary_zh)
                for rule in REFUSAL_GROUNDS
            ],
            "may_recuse": judging.may_recuse(acting=acting, application=application).allowed
            and not Concern.objects.filter(application=application, person=acting.person).exists(),
            "may_restrict": judging.may_restrict(acting=acting, application=application).allowed,
            "handlers": _handlers(acting, application, now_90k=now_90k),
            "printed_at_90k": now_90k,
            "errors": errors.errors if errors is not None else None,
            "holds": list(application.holds.all()),
            "seats": list(application.seats.select_related("session").all()),
        },
        status=status,
    )


def _handlers(acting: Acting, application: ViewingApplication, *, now_90k: int) -> list[dict[str, Any]]:
    """Return who could be named as those who alone may know, the applicant and who asks left out."""
    left_out = {acting.person.pk, application.applicant_id}
    return [
        {"person": person, "is_named": person.pk in (application.named_ids or ())}
        for person in handlers_of_campus(campus=application.campus_id, now_90k=now_90k)
        if person.pk not in left_out
    ]


def _coverage(acting: Acting, application: ViewingApplication) -> list[dict[str, Any]]:
    """Return what was recorded of each camera asked for, so that nobody approves a gap unseen."""
    cameras = list(application.cameras.order_by("name"))
    holds = list(registry.access_holds(acting=acting).filter(camera__in=cameras, released_at_90k__isnull=True))
    return [
        {
            "camera": camera,
            "id": f"timeline-{number}",
            "stretch": stretches.stretch_of(
                settings.HOME,
                camera=camera,
                start_90k=application.start_90k,
                end_90k=application.end_90k,
                extras=Extras(holds=[(hold.start_90k, hold.end_90k) for hold in holds if hold.camera_id == camera.pk]),
            ),
        }
        for number, camera in enumerate(cameras, start=1)
    ]


def _citation(rule: articles.Rule, *, is_english: bool) -> str:
    return rule.provision.citation_en if is_english else rule.provision.citation_zh
