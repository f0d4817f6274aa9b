"""协助申请: a unit begins an application for somebody, who confirms it; the unit neither sends nor decides."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import queries as people
from mingjian.people import telling
from mingjian.people.attempts import Brake
from mingjian.people.capacity import Acting
from mingjian.viewing import queries, usecases
from mingjian.viewing.forms import AssistanceForm, ConfirmationForm
from mingjian.viewing.pages.applying import tell_sent, tracker_context
from mingjian.viewing.usecases import Wish

_CLOCK = SystemClock()
# Names that were not there, by who typed them: a unit helps those who stand at its desk and needs no list of accounts.
MOST_UNKNOWN = 10
_BRAKE = Brake(most=MOST_UNKNOWN, code="viewing.too_many_names")


def draft(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Fill in an application for somebody."""
    form = AssistanceForm(request.POST) if request.method == "POST" else AssistanceForm()
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    answers = form.cleaned_data
    asker = str(acting.person.pk)
    _BRAKE.require(asker, now_90k=_CLOCK.monotonic())
    try:
        applicant = people.access_person_by_username(username=answers["username"])
    except Http404:
        _BRAKE.note(asker, now_90k=_CLOCK.monotonic())
        form.add_error("username", _("不能为这个用户名填写申请，没有保存。请与申请人核对用户名，或请申请人自行申请。"))
        return _form(request, form)
    campus, building = answers["place"]
    application = usecases.draft(
        applicant=applicant,
        wish=Wish(
            incident_kind=answers["incident_kind"],
            reason=answers["reason"],
            campus=campus,
            building=building,
            start_90k=answers["start"],
            end_90k=answers["end"],
            phone=answers["phone"],
        ),
        acting=acting,
        clock=_CLOCK,
    )
    told = {"name": applicant.display_name, "ticket": application.ticket}
    telling.done(request, _("已为%(name)s填写申请 %(ticket)s；本人核对、承诺并提交后才生效。") % told)
    return HttpResponseRedirect(reverse("viewing_application", args=[application.pk]))


def confirm(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Send what a unit began for oneself."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        context = tracker_context(application, acting=acting, confirmation=form)
        return render(request, "viewing/tracker.html", context, status=400)
    answers = form.cleaned_data
    usecases.confirm(
        application=application,
        version=answers["version"],
        reason=answers["reason"],
        phone=answers["phone"],
        acting=acting,
        clock=_CLOCK,
    )
    tell_sent(request, application)
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))


def _form(request: HttpRequest, form: AssistanceForm) -> HttpResponse:
    return render(request, "viewing/assist.html", {"form": form}, status=400 if form.is_bound else 200)
