"""Files of an application: added by its applicant, handed out to them and to who decides, and to nobody else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.viewing import attachment_store, queries, usecases
from mingjian.viewing.examining import MEDIA_TYPES, Kind
from mingjian.viewing.forms import FilesForm
from mingjian.viewing.models import Attachment
from mingjian.viewing.pages.applying import tracker_context

_CLOCK = SystemClock()


def add(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Add files to one's own application."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    form = FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        context = tracker_context(application, acting=acting, files_form=form)
        return render(request, "viewing/tracker.html", context, status=400)
    usecases.attach(
        application=application,
        version=form.cleaned_data["version"],
        attachments=form.cleaned_data["attachments"],
        acting=acting,
        clock=_CLOCK,
    )
    count = len(form.cleaned_data["attachments"])
    told = {"ticket": application.ticket, "count": count}
    telling.done(request, _("已向申请 %(ticket)s 补充附件：%(count)d 个。") % told)
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))


def own(request: HttpRequest, *, acting: Acting, application_id: str, attachment_id: str) -> HttpResponse:
    """Hand a file back to its applicant."""
    return _file(
        queries.access_own_attachment(person=acting.person, application_id=application_id, attachment_id=attachment_id)
    )


def of_desk(request: HttpRequest, *, acting: Acting, application_id: str, attachment_id: str) -> HttpResponse:
    """Hand a file to who decides."""
    return _file(queries.access_attachment(acting=acting, application_id=application_id, attachment_id=attachment_id))


def _file(attachment: Attachment) -> HttpResponse:
    """Answer with the file as something to keep, never as a page of ours."""
    response = HttpResponse(
        attachment_store.read(settings.HOME, sha256=attachment.sha256),
        content_type=MEDIA_TYPES[Kind(attachment.kind)],
    )
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
