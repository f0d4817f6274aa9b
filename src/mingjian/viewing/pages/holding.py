"""录像锁定: what footage is locked on the campuses, why, until when, and the word that lets it go or keeps it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import policy, telling
from mingjian.people.capacity import Acting
from mingjian.people.templatetags.civil import instant
from mingjian.viewing import judging, queries, usecases
from mingjian.viewing.forms import HoldForm
from mingjian.viewing.holding import Held
from mingjian.viewing.words import STAGES, HoldOutcome

_CLOCK = SystemClock()


def held(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List what is locked: what waits for a decision, what will, what belongs to open applications, and the rest."""
    return _held(request, acting)


def settle(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Let the chosen holds of an application go, or keep them."""
    application = queries.access_held_application(acting=acting, application_id=application_id)
    form = HoldForm(request.POST, hold_ids=[str(hold.pk) for hold in application.holds.all()])
    if not form.is_valid():
        return _held(request, acting, refused=(application_id, form), status=400)
    answers = form.cleaned_data
    decisions = usecases.settle_holds(
        application=application,
        hold_ids=answers["holds"],
        outcome=HoldOutcome(answers["outcome"]),
        reason=answers["reason"],
        keep_days=answers["keep_days"],
        acting=acting,
        clock=_CLOCK,
    )
    told = {
        "ticket": application.ticket,
        "count": len(decisions),
        "until": instant(max((one.keep_until_90k or 0 for one in decisions), default=0)),
    }
    if answers["outcome"] == HoldOutcome.KEPT:
        telling.done(request, _("申请 %(ticket)s：%(count)d 处录像继续锁定至 %(until)s。") % told)
    else:
        telling.done(request, _("申请 %(ticket)s：已解除 %(count)d 处录像锁定，录像按保存期限到期清除。") % told)
    return HttpResponseRedirect(reverse("held_footage"))


def _held(
    request: HttpRequest, acting: Acting, *, refused: tuple[str, HoldForm] | None = None, status: int = 200
) -> HttpResponse:
    now_90k = _CLOCK.utc()
    book = policy.in_force(at_90k=now_90k)
    found = queries.access_held(acting=acting, now_90k=now_90k)
    items = [_described(acting, one, now_90k=now_90k) for one in found]
    # Whoever may see that footage is locked need not have to do with the application.
    held_ids = [one.application.pk for one in found]
    opening = set(queries.access_applications(acting=acting).filter(pk__in=held_ids).values_list("pk", flat=True))
    for item in items:
        if refused is not None and str(item["application"].pk) == refused[0]:
            item["form"] = refused[1]
    return render(
        request,
        "viewing/held.html",
        {
            "due": [item for item in items if item["is_due"]],
            "later": [item for item in items if not item["is_due"]],
            "opening": opening,
            "others": queries.access_other_holds(acting=acting),
            "usual_days": book.value("keeping_usual"),
            "longest_days": book.value("keeping_longest"),
            "objection_days": book.value("objection_period"),
            "case_days": book.value("case_hold"),
            "now_90k": now_90k,
        },
        status=status,
    )


def _described(acting: Acting, one: Held, *, now_90k: int) -> dict[str, Any]:
    word, tone = STAGES[one.stage]
    standing = [hold for hold in one.holds if hold.released_at_90k is None]
    may_keep = judging.may_keep(acting=acting, application=one.application, holds=standing, now_90k=now_90k)
    return {
        "application": one.application,
        "stage_word": word,
        "stage_tone": tone.value,
        "holds": one.holds,
        "standing": standing,
        "free_from_90k": one.free_from_90k,
        "is_due": one.is_due,
        "may_settle": may_keep.allowed,
        "obstacle": None if may_keep.allowed else may_keep.reasons[0],
        "past": list(one.application.hold_decisions.all()),
    }
