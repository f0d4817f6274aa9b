"""规定值 and 待解释事项: listed for everybody, proposed by tier 1, decided by its head."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.oversight import rulings
from mingjian.oversight.forms import ProposalForm, RemarkForm
from mingjian.people import governing, policy, telling
from mingjian.people.capacity import Acting
from mingjian.people.governing import Proposal
from mingjian.people.models import Ruling
from mingjian.people.templatetags.civil import instant
from mingjian.regulation.posts import PRINCIPALS, Tier
from mingjian.regulation.readings import READINGS
from mingjian.regulation.rules.governing import PROPOSERS

_CLOCK = SystemClock()


def policies(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List every value with its bounds, since when it holds, and what waits; prints on paper."""
    now_90k = _CLOCK.utc()
    return render(
        request,
        "oversight/policies.html",
        {
            "lines": rulings.policy_lines(now_90k=now_90k),
            "version": policy.in_force(at_90k=now_90k).version,
            "now_90k": now_90k,
        },
    )


def readings(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List every open point with the default in force, or the interpretation."""
    return render(request, "oversight/readings.html", {"lines": rulings.reading_lines(now_90k=_CLOCK.utc())})


def topic(request: HttpRequest, *, acting: Acting, topic: str) -> HttpResponse:
    """Show one value or open point with its history, and to tier 1 the form that proposes another."""
    return _topic(request, acting, topic)


def propose(request: HttpRequest, *, acting: Acting, topic: str) -> HttpResponse:
    """Put a proposal before the head of tier 1."""
    rulings.require_known(topic)
    form = ProposalForm(request.POST, topic=topic)
    if not form.is_valid():
        return _topic(request, acting, topic, form=form, status=400)
    answers = form.cleaned_data
    governing.propose(
        proposal=Proposal(
            topic=topic,
            value=answers.get("value"),
            answer=answers.get("answer", ""),
            document=answers["document"],
            reason=answers["reason"],
            wanted_at_90k=answers["since"],
        ),
        acting=acting,
        clock=_CLOCK,
    )
    telling.done(request, _("已提出，等待一级管理机构主要负责人决定。"))
    return HttpResponseRedirect(reverse("policy", args=[topic]))


def confirm(request: HttpRequest, *, acting: Acting, ruling_id: str) -> HttpResponse:
    """Put a proposal into force."""
    found = rulings.access_ruling(ruling_id)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _topic(request, acting, found.topic, status=400)
    done = governing.confirm(ruling=found, remark=form.cleaned_data["remark"], acting=acting, clock=_CLOCK)
    told = {"number": done.version, "since": instant(done.effective_at_90k)}
    telling.done(request, _("已决定采用（第 %(number)s 号），自 %(since)s 起生效。") % told)
    return HttpResponseRedirect(reverse("policy", args=[found.topic]))


def turn_down(request: HttpRequest, *, acting: Acting, ruling_id: str) -> HttpResponse:
    """Turn a proposal down, or withdraw the own one."""
    found = rulings.access_ruling(ruling_id)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _topic(request, acting, found.topic, status=400)
    governing.turn_down(ruling=found, remark=form.cleaned_data["remark"], acting=acting, clock=_CLOCK)
    telling.done(request, _("没有采用，现行的不变。"))
    return HttpResponseRedirect(reverse("policy", args=[found.topic]))


def _topic(
    request: HttpRequest, acting: Acting, topic: str, *, form: ProposalForm | None = None, status: int = 200
) -> HttpResponse:
    now_90k = _CLOCK.utc()
    rulings.require_known(topic)
    line = rulings.line_of(topic, now_90k=now_90k)
    if line is None:
        raise Http404
    proposed = line.held.proposed
    is_tier_1 = acting.tier == Tier.FIRST
    is_proposer = is_tier_1 and not acting.posts.isdisjoint(PROPOSERS)
    is_own = proposed is not None and proposed.proposed_by_id == acting.person.pk
    is_head = is_tier_1 and not acting.posts.isdisjoint(PRINCIPALS)
    return render(
        request,
        "oversight/ruling.html",
        {
            "line": line,
            "is_reading": topic in READINGS,
            "history": rulings.history_of(topic, now_90k=now_90k),
            "proposed": proposed,
            "proposed_said": "" if proposed is None else rulings.said(topic, proposed),
            "may_confirm": proposed is not None and is_head and not is_own,
            "may_turn_down": proposed is not None and (is_head or (is_own and is_proposer)),
            "is_own": is_own,
            "form": (form or ProposalForm(topic=topic)) if is_proposer and proposed is None else None,
        },
        status=status,
    )


def _ruling(ruling_id: str) -> Ruling:
    try:
        found = Ruling.objects.filter(pk=ruling_id).first()
    except (ValueError, ValidationError):  # not an id at all
        found = None
    if found is None:
        raise Http404
    return found
