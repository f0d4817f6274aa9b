"""Lists of leavers as the system administrator sees them: what each ended, which lines were refused, what is held."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.people import leaver_rows, leavers, personnel, policy, telling
from mingjian.people.capacity import Acting
from mingjian.people.forms import ReasonForm
from mingjian.people.importing import words
from mingjian.people.models import LeaverList
from mingjian.people.waiting import Waiting

_CLOCK = SystemClock()
SHOWN = 50


def lists(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show the lists taken lately, those that wait for a person first."""
    columns = [(words.column_name(column), column.is_wanted) for column in leaver_rows.COLUMNS]
    shown = sorted(LeaverList.objects.all()[:SHOWN], key=lambda one: not one.is_held)
    return render(request, "people/leavers.html", {"lists": shown, "columns": columns})


def one(request: HttpRequest, *, acting: Acting, list_id: str) -> HttpResponse:
    """Show what became of a list, line by line, with what may be decided."""
    return _page(request, _list(list_id))


def confirm(request: HttpRequest, *, acting: Acting, list_id: str) -> HttpResponse:
    """Let a list that was held be carried out."""
    found, form = _list(list_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, is_reason_missing=True)
    leavers.confirm(held=found, remark=form.cleaned_data["reason"], acting=acting, clock=_CLOCK)
    told = {"count": found.to_end}
    telling.done(request, _("已确认离校名单：%(count)s 个账号在几秒内停用，其登录和画面随即结束。") % told)
    return HttpResponseRedirect(reverse("leaver_list", args=[found.pk]))


def decline(request: HttpRequest, *, acting: Acting, list_id: str) -> HttpResponse:
    """Put a list that was held away."""
    found, form = _list(list_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, is_reason_missing=True)
    leavers.decline(held=found, remark=form.cleaned_data["reason"], acting=acting, clock=_CLOCK)
    telling.done(request, _("没有采用这份离校名单，没有停用任何账号。"))
    return HttpResponseRedirect(reverse("leaver_list", args=[found.pk]))


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return the lists that wait for a person, for who keeps accounts."""
    held = LeaverList.objects.filter(state=LeaverList.HELD).count() if personnel.keeps_accounts(acting) else 0
    return [Waiting(_("离校名单人数过多，等待确认"), held, reverse("leaver_lists"))] if held else []


def _page(request: HttpRequest, found: LeaverList, *, is_reason_missing: bool = False) -> HttpResponse:
    names = {column.code: words.column_name(column) for column in leaver_rows.COLUMNS}
    faults = [
        {
            "row": fault["row"],
            "column": names.get(fault["column"], fault["column"]),
            "value": fault["value"],
            "why": leavers.told(fault)[words.is_english()],
        }
        for fault in found.faults
    ]
    return render(
        request,
        "people/leaver_list.html",
        {
            "list": found,
            "faults": faults,
            "is_reason_missing": is_reason_missing,
            "percent": policy.in_force(at_90k=_CLOCK.utc()).value("leavers_at_once"),
        },
        status=400 if is_reason_missing else 200,
    )


def _list(list_id: str) -> LeaverList:
    found = LeaverList.objects.filter(pk=list_id).first() if ids.is_id(list_id) else None
    if found is None:
        raise Http404
    return found
