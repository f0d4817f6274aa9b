"""Complaining and following it up; and the desk of those who deal with complaints."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.oversight import matters, queries, usecases
from mingjian.oversight.matter_forms import ComplaintForm, HandlingForm, VersionForm
from mingjian.oversight.matter_words import COMPLAINT_STAGES, COMPLAINT_STEPS, Finding
from mingjian.oversight.models import Complaint
from mingjian.oversight.usecases import Grievance
from mingjian.oversight.workflow import BY_COMPLAINANT, ComplaintStage, ComplaintStep, complaint_steps
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.people.queries import persons_called

_CLOCK = SystemClock()
MOST_LISTED = 200


def mine(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List one's own complaints with their state."""
    found = queries.access_own_complaints(person=acting.person)[:MOST_LISTED]
    return render(
        request,
        "oversight/complaints.html",
        {"items": [_line(row) for row in found], "handles": queries.handles_complaints(acting)},
    )


def desk(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the complaints that this capacity deals with: the overdue first, then the open, the oldest first."""
    found = [_line(row) for row in queries.access_complaints(acting=acting)[:MOST_LISTED]]
    found.sort(key=lambda item: (not item["is_overdue"], not item["row"].is_open, item["row"].filed_at_90k))
    return render(request, "oversight/complaint_desk.html", {"items": found, "acting_for": acting.label})


def new(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show the form of a complaint, and make it."""
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "oversight/complain.html", {"form": form}, status=status)
    told = form.cleaned_data
    about = persons_called(told["person"]) if told["person"] else []
    if told["person"] and len(about) != 1:
        wrong = (
            _("没有叫这个名字的人。请核对，或不填。") if not about else _("有几个人叫这个名字。请填用户名，或不填。")
        )
        form.add_error("person", wrong)
    matter = matters.matter_of(acting, f"own:{told['ticket']}") if told["ticket"] else None
    if told["ticket"] and matter is None:
        form.add_error("ticket", _("您没有这个编号的申请。请核对，或不填。"))
    if not form.is_valid():
        return render(request, "oversight/complain.html", {"form": form}, status=400)
    row = usecases.complain(
        grievance=Grievance(
            conduct=told["conduct"],
            body=told["body"],
            person_id=str(about[0].pk) if about else "",
            subject="" if matter is None else matter.subject,
            text=told["text"],
        ),
        acting=acting,
        clock=_CLOCK,
    )
    telling.done(
        request,
        _("已提出投诉 %(ticket)s，由%(handler)s办理。您的姓名只有办理的人看得到。")
        % {"ticket": row.ticket, "handler": row.handler.label},
    )
    return HttpResponseRedirect(reverse("complaint", args=[row.pk]))


def complaint(request: HttpRequest, *, acting: Acting, complaint_id: str) -> HttpResponse:
    """Show one complaint: to its complainant what became of it, to who deals with it what can be done."""
    return _shown(request, acting, _in_sight(acting, complaint_id))


def withdraw(request: HttpRequest, *, acting: Acting, complaint_id: str) -> HttpResponse:
    """Take one's own complaint back."""
    row = queries.access_own_complaint(person=acting.person, complaint_id=complaint_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _shown(request, acting, row, status=400)
    usecases.withdraw(complaint=row, version=form.cleaned_data["version"], acting=acting, clock=_CLOCK)
    telling.done(request, _("已撤回投诉 %(ticket)s。") % {"ticket": row.ticket})
    return HttpResponseRedirect(reverse("complaint", args=[row.pk]))


def handle(request: HttpRequest, *, acting: Acting, complaint_id: str) -> HttpResponse:
    """Take one step about a complaint."""
    row = queries.access_complaint(acting=acting, complaint_id=complaint_id)
    form = HandlingForm(request.POST, handlers=queries.handlers_of(row, now_90k=_CLOCK.utc()))
    if not form.is_valid():
        return _shown(request, acting, row, form=form, status=400)
    told = form.cleaned_data
    step = ComplaintStep(told["step"])
    about: dict[str, Any] = {
        "complaint": row,
        "version": told["version"],
        "acting": acting,
        "clock": _CLOCK,
    }
    match step:
        case ComplaintStep.ACCEPT:
            usecases.accept_complaint(**about)
        case ComplaintStep.DECLINE:
            usecases.decline(reason=told["text"], **about)
        case ComplaintStep.ANSWER:
            usecases.answer_complaint(finding=Finding(told["finding"]), text=told["text"], **about)
        case ComplaintStep.RESTRICT:
            usecases.restrict(named_ids=told["named"], **about)
        case _:
            usecases.hand_over(reason=told["text"], **about)
    words = {"ticket": row.ticket, "step": str(COMPLAINT_STEPS[step])}
    telling.done(request, _("投诉 %(ticket)s：%(step)s，已办。") % words)
    is_gone = step is ComplaintStep.HAND_OVER
    return HttpResponseRedirect(reverse("complaint_desk") if is_gone else reverse("complaint", args=[row.pk]))


def _in_sight(acting: Acting, complaint_id: str) -> Complaint:
    own = queries.access_own_complaints(person=acting.person).filter(pk=complaint_id).first()
    return own or queries.access_complaint(acting=acting, complaint_id=complaint_id)


def _shown(
    request: HttpRequest, acting: Acting, row: Complaint, *, form: HandlingForm | None = None, status: int = 200
) -> HttpResponse:
    is_own = row.complainant_id == acting.person.pk
    steps = complaint_steps(ComplaintStage(row.stage))
    handlers = [] if is_own else queries.handlers_of(row, now_90k=_CLOCK.utc())
    return render(
        request,
        "oversight/complaint.html",
        {
            **_line(row),
            "is_own": is_own,
            "may_withdraw": is_own and ComplaintStep.WITHDRAW in steps,
            "steps": set() if is_own else {step.value for step in steps - BY_COMPLAINANT},
            "form": form or HandlingForm(initial={"version": row.version}, handlers=handlers),
            "named": [person for person in handlers if row.named_ids and person.pk in row.named_ids],
            "lines": [_act_line(act, is_own=is_own) for act in row.acts.all()],
        },
        status=status,
    )


def _line(row: Complaint) -> dict[str, Any]:
    word, tone = COMPLAINT_STAGES[ComplaintStage(row.stage)]
    return {"row": row, "stage": word, "tone": tone, "is_overdue": row.is_overdue(now_90k=_CLOCK.utc())}


def _act_line(act: Any, *, is_own: bool) -> dict[str, Any]:
    # A complainant reads what was decided, when and why; who of the office it was, the body answers for.
    is_by_complainant = ComplaintStep(act.step) in BY_COMPLAINANT
    return {
        "act": act,
        "step": COMPLAINT_STEPS[ComplaintStep(act.step)],
        "who": "" if is_own and not is_by_complainant else act.person.display_name,
    }
