"""Closing an application to all but those named, on its dossier."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.viewing import queries, usecases
from mingjian.viewing.forms import RestrictionForm
from mingjian.viewing.pages.deciding import show_dossier

_CLOCK = SystemClock()


def restrict(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Name who alone may know of the application, or open it again."""
    application = queries.access_application(acting=acting, application_id=application_id)
    form = RestrictionForm(request.POST)
    if not form.is_valid():
        return show_dossier(request, acting, application, errors=form, status=400)
    usecases.restrict(
        application=application,
        version=form.cleaned_data["version"],
        named_ids=request.POST.getlist("named"),
        reason=form.cleaned_data["reason"],
        acting=acting,
        clock=_CLOCK,
    )
    words = (
        _("已限定申请 %(ticket)s 的知情人；其他人看不到它，操作日志只写“限知事项”。")
        if request.POST.getlist("named")
        else _("已解除申请 %(ticket)s 的知情限定。")
    )
    telling.done(request, words % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("viewing_application", args=[application.pk]))
