"""Standing back from an application, on the dossier; asking that another body decide, on the tracker."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.regulation.rules.conflicts import Tie
from mingjian.viewing import queries, usecases
from mingjian.viewing.objection_forms import ElsewhereForm, RecusalForm
from mingjian.viewing.pages.applying import tracker_context
from mingjian.viewing.pages.deciding import show_dossier

_CLOCK = SystemClock()


def recuse(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Stand back from deciding on this application."""
    application = queries.access_application(acting=acting, application_id=application_id)
    form = RecusalForm(request.POST)
    if not form.is_valid():
        return show_dossier(request, acting, application, errors=form, status=400)
    usecases.recuse(
        application=application,
        tie=Tie(form.cleaned_data["tie"]),
        reason=form.cleaned_data["reason"],
        acting=acting,
        clock=_CLOCK,
    )
    telling.done(request, _("您已回避申请 %(ticket)s，由他人审批。") % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("viewing_desk"))


def ask_elsewhere(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Ask that nobody of the body decide on one's application, because it is against that body."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    form = ElsewhereForm(request.POST)
    if not form.is_valid():
        context = tracker_context(application, acting=acting)
        return render(request, "viewing/tracker.html", context, status=400)
    usecases.ask_elsewhere(application=application, reason=form.cleaned_data["reason"], acting=acting, clock=_CLOCK)
    words = _("申请 %(ticket)s 改由受理机构以外的人审批；录像仍然锁定。")
    telling.done(request, words % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))
