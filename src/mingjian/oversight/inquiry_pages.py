"""疑问单: listed for the auditor and for the body that answers, asked from the ledger, answered, settled."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.oversight import judging, matters, queries, usecases
from mingjian.oversight.matter_forms import InquiryForm, InquiryStepForm
from mingjian.oversight.matter_words import INQUIRY_STAGES, INQUIRY_STEPS
from mingjian.oversight.matters import Matter
from mingjian.oversight.models import Inquiry
from mingjian.oversight.speech import spoken
from mingjian.oversight.workflow import InquiryStage, InquiryStep, inquiry_steps
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.people.posts import OUTSIDE

_CLOCK = SystemClock()
MOST_LISTED = 200
LONGEST_ABOUT = 96
_ANSWERERS_STEPS = frozenset({InquiryStep.ANSWER})


def inquiries(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List the queries: the overdue first, then the open, the oldest first."""
    found = [_line(row) for row in queries.access_inquiries(acting=acting)[:MOST_LISTED]]
    found.sort(key=lambda item: (not item["is_overdue"], not item["row"].is_open, item["row"].filed_at_90k))
    return render(request, "oversight/inquiries.html", {"items": found, "is_auditor": queries.asks_queries(acting)})


def new(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show the form of a query about a matter, and put it."""
    is_sent = request.method == "POST"
    told_about = (request.POST if is_sent else request.GET).get("about", "")[:LONGEST_ABOUT]
    matter = _matter(acting, told_about)
    form = InquiryForm(request.POST) if is_sent else InquiryForm(initial={"about": told_about})
    if not is_sent or not form.is_valid():
        context = {"form": form, "matter": matter, "what": described(matter.subject, matter.label)}
        return render(request, "oversight/inquire.html", context, status=400 if is_sent else 200)
    told = form.cleaned_data
    row = usecases.ask(
        matter=matter,
        body=told["body"],
        is_about_conduct=told["is_about_conduct"],
        question=told["question"],
        acting=acting,
        clock=_CLOCK,
    )
    words = _("已提出疑问单 %(ticket)s，请%(body)s答复。")
    telling.done(request, words % {"ticket": row.ticket, "body": row.addressee.label})
    return HttpResponseRedirect(reverse("inquiry", args=[row.pk]))


def inquiry(request: HttpRequest, *, acting: Acting, inquiry_id: str) -> HttpResponse:
    """Show one query with what was asked and answered."""
    return _shown(request, acting, queries.access_inquiry(acting=acting, inquiry_id=inquiry_id))


def act(request: HttpRequest, *, acting: Acting, inquiry_id: str) -> HttpResponse:
    """Take one step about a query."""
    row = queries.access_inquiry(acting=acting, inquiry_id=inquiry_id)
    form = InquiryStepForm(request.POST)
    if not form.is_valid():
        return _shown(request, acting, row, form=form, status=400)
    told = form.cleaned_data
    about: dict[str, Any] = {"inquiry": row, "version": told["version"], "acting": acting, "clock": _CLOCK}
    match step := InquiryStep(told["step"]):
        case InquiryStep.ANSWER:
            usecases.answer(text=told["text"], **about)
        case InquiryStep.ACCEPT:
            usecases.accept(**about)
        case InquiryStep.ASK_AGAIN:
            usecases.ask_again(text=told["text"], **about)
        case _:
            usecases.hand_inquiry_over(text=told["text"], **about)
    telling.done(
        request, _("疑问单 %(ticket)s：%(step)s，已办。") % {"ticket": row.ticket, "step": str(INQUIRY_STEPS[step])}
    )
    return HttpResponseRedirect(reverse("inquiry", args=[row.pk]))


def described(subject: str, label: str) -> str:
    """Return what a query is about, in the reader's language."""
    kind, _sep, _id = subject.partition(":")
    words = {
        "entry": _("操作日志第 %(label)s 号"),
        "application": _("查阅申请 %(label)s"),
        "viewing": _("查阅申请 %(label)s 的查阅"),
    }
    return words[kind] % {"label": label}


def _matter(acting: Acting, subject: str) -> Matter:
    found = matters.matter_of(acting, subject)
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest, acting: Acting, row: Inquiry, *, form: InquiryStepForm | None = None, status: int = 200
) -> HttpResponse:
    open_steps = inquiry_steps(InquiryStage(row.stage))
    is_auditor = queries.asks_queries(acting)
    steps = open_steps - _ANSWERERS_STEPS if is_auditor else open_steps & _ANSWERERS_STEPS
    if row.addressee_tier == OUTSIDE:
        steps -= {InquiryStep.HAND_OVER}
    refused = None
    if steps == _ANSWERERS_STEPS:
        decision = judging.may_answer(acting=acting, inquiry=row)
        if not decision.allowed:
            steps, refused = frozenset(), decision.reasons[0]
    return render(
        request,
        "oversight/inquiry.html",
        {
            **_line(row),
            "is_auditor": is_auditor,
            "steps": {step.value for step in steps},
            "refused": "" if refused is None else spoken(refused.cited_zh, refused.cited_en),
            "seq": row.label if row.subject.startswith("entry:") else "",
            "form": form or InquiryStepForm(initial={"version": row.version}),
            "lines": [{"act": act, "step": INQUIRY_STEPS[InquiryStep(act.step)]} for act in row.acts.all()],
        },
        status=status,
    )


def _line(row: Inquiry) -> dict[str, Any]:
    word, tone = INQUIRY_STAGES[InquiryStage(row.stage)]
    return {
        "row": row,
        "what": described(row.subject, row.label),
        "stage": word,
        "tone": tone,
        "is_overdue": row.is_overdue(now_90k=_CLOCK.utc()),
    }
