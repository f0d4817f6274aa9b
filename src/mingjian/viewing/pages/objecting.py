"""Objecting to a refusal, on the tracker, and answering the objection, on the dossier."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.viewing import queries, usecases
from mingjian.viewing.objection_forms import ObjectionForm, ReviewForm
from mingjian.viewing.pages.applying import tracker_context
from mingjian.viewing.pages.deciding import article_of, show_dossier
from mingjian.viewing.words import ReviewOutcome

_CLOCK = SystemClock()
_REVIEWED: dict[ReviewOutcome, str | Promise] = {
    ReviewOutcome.UPHELD: gettext_lazy("已决定维持对申请 %(ticket)s 的不予同意，复核结束。"),
    ReviewOutcome.REOPENED: gettext_lazy("已撤销对申请 %(ticket)s 的不予同意，由原审批人以外的人重新审批。"),
}


def object_to_refusal(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """File the one objection to the refusal of one's application."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        context = tracker_context(application, acting=acting, objection_form=form)
        return render(request, "viewing/tracker.html", context, status=400)
    usecases.object_to_refusal(
        application=application,
        version=form.cleaned_data["version"],
        reason=form.cleaned_data["reason"],
        acting=acting,
        clock=_CLOCK,
    )
    words = _("已就申请 %(ticket)s 申请复核，由原审批人以外的人复核；其间录像不解除锁定。")
    telling.done(request, words % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))


def review(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Answer an objection."""
    application = queries.access_application(acting=acting, application_id=application_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return show_dossier(request, acting, application, errors=form, status=400)
    answers = form.cleaned_data
    objection = usecases.review(
        application=application,
        version=answers["version"],
        outcome=ReviewOutcome(answers["outcome"]),
        reason=answers["reason"],
        article=article_of(answers["article"]),
        acting=acting,
        clock=_CLOCK,
    )
    telling.done(request, _REVIEWED[ReviewOutcome(objection.outcome)] % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("viewing_application", args=[application.pk]))
