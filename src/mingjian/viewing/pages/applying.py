"""Applying in four steps, following one's applications, completing and taking back."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import acts, policy, scope, telling
from mingjian.people.capacity import Acting
from mingjian.people.templatetags.civil import instant
from mingjian.registry import stretches
from mingjian.registry.publisher import demo_floor_days
from mingjian.regulation.rules import objecting
from mingjian.regulation.rules.holding import DAY_90K
from mingjian.viewing import holding, judging, queries, usecases
from mingjian.viewing.forms import (
    CompletionForm,
    ConfirmationForm,
    FilesForm,
    HappenedForm,
    SendingForm,
    VersionForm,
    WhereForm,
    WhoForm,
)
from mingjian.viewing.models import ApplicationDecision, Concern, ViewingApplication
from mingjian.viewing.objection_forms import ObjectionForm
from mingjian.viewing.usecases import Wish
from mingjian.viewing.words import STAGES
from mingjian.viewing.workflow import STEPS, TAKES_FILES, Stage, Status, Step

_CLOCK = SystemClock()
FORMS: tuple[type[forms.Form], ...] = (HappenedForm, WhereForm, WhoForm, SendingForm)
MAX_LISTED = 100


def mine(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List one's own applications with where they stand, and the sessions one may play oneself."""
    now_90k = _CLOCK.utc()
    sessions = [
        {"session": session, "status": session.status_at(now_90k=now_90k).value}
        for session in queries.access_own_sessions(person=acting.person)[:MAX_LISTED]
    ]
    applications = queries.access_own_applications(person=acting.person)[:MAX_LISTED]
    return render(
        request,
        "viewing/mine.html",
        {
            "applications": [described(application, now_90k=now_90k) for application in applications],
            "sessions": sessions,
            "open": Status.OPEN.value,
            "may_apply": judging.may_apply(acting=acting),
        },
    )


def apply(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Ask four things, one after another; the answers travel with the form and are kept nowhere before it is sent."""
    if request.method != "POST":
        return _step(request, place=1, bound=None)
    told = request.POST.get("step", "")
    at = int(told) if told in {"1", "2", "3", "4"} else 1
    if request.POST.get("go") == "back":
        return _step(request, place=max(1, at - 1), bound=None)
    filled = [form(request.POST, request.FILES) for form in FORMS[:at]]
    for place, form in enumerate(filled, start=1):
        if not form.is_valid():
            return _step(request, place=place, bound=form, status=400)
    if at < len(FORMS):
        return _step(request, place=at + 1, bound=None)
    answers: dict[str, Any] = {}
    for form in filled:
        answers |= form.cleaned_data
    campus, building = answers["place"]
    application = usecases.submit(
        acting=acting,
        wish=Wish(
            incident_kind=answers["incident_kind"],
            reason=answers["reason"],
            campus=campus,
            building=building,
            start_90k=answers["start"],
            end_90k=answers["end"],
            phone=answers["phone"],
            unit=answers["unit"],
        ),
        attachments=answers["attachments"],
        clock=_CLOCK,
    )
    tell_sent(request, application)
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))


def tell_sent(request: HttpRequest, application: ViewingApplication) -> None:
    """Say that the application is on its way and until when nothing of its footage is cleared."""
    application.refresh_from_db(fields=["held_until_90k", "year", "number"])
    told = {"ticket": application.ticket, "until": instant(application.held_until_90k)}
    telling.done(request, _("已提交申请 %(ticket)s；录像锁定至 %(until)s。") % told)


def _step(request: HttpRequest, *, place: int, bound: forms.Form | None, status: int = 200) -> HttpResponse:
    kind = FORMS[place - 1]
    own = set(kind.base_fields)
    carried = {name: request.POST[name] for form in FORMS for name in form.base_fields if name in request.POST}
    form = bound or kind(initial={name: value for name, value in carried.items() if name in own})
    answers = [known(carried) for known in FORMS[:3]] if place == len(FORMS) else []
    return render(
        request,
        "viewing/apply.html",
        {
            "form": form,
            "place": place,
            "total": len(FORMS),
            "carried": [(name, value) for name, value in carried.items() if name not in own],
            "age": _age(carried) if place == len(FORMS) else None,
            "summary": [_spoken(field, field.form) for answer in answers for field in answer],
        },
        status=status,
    )


def _age(carried: dict[str, str]) -> dict[str, Any] | None:
    """Return what the asked window has outlived, by the retention that everybody knows; None when it is young enough.

    It says nothing about cameras: what is really there is the reviewer's to look at.
    """
    form = WhereForm(carried)
    if not form.is_valid():
        return None
    now_90k = _CLOCK.utc()
    book = policy.in_force(at_90k=now_90k)
    demo_days = demo_floor_days()
    usual, longest = (
        (demo_days, demo_days)
        if demo_days is not None
        else (book.value("retention_ordinary"), book.value("retention_key_location"))
    )
    if form.cleaned_data["end"] < now_90k - longest * DAY_90K:
        return {"is_all": True}
    if form.cleaned_data["start"] < now_90k - usual * DAY_90K:
        return {"is_all": False, "since_90k": int(now_90k - usual * DAY_90K)}
    return None


def _spoken(field: forms.BoundField, form: forms.BaseForm) -> tuple[str, str]:
    """Return a field's label and its answer as a person reads it."""
    value = str(field.value() or "")
    if isinstance(field.field, forms.ChoiceField):
        value = next((label for key, label in _flat(field.field.choices) if key == value), value)
    return str(field.label), value.replace("T", " ") if field.name in {"start", "end"} else value


def _flat(choices: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            found += [(inner, f"{key} · {name}") for inner, name in label]
        else:
            found.append((str(key), str(label)))
    return found


def tracker(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Show one's own application: dates, the decision with its reason and article, what to bring."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    return render(request, "viewing/tracker.html", tracker_context(application, acting=acting))


def tracker_context(
    application: ViewingApplication,
    *,
    acting: Acting,
    form: CompletionForm | None = None,
    files_form: FilesForm | None = None,
    confirmation: ConfirmationForm | None = None,
    objection_form: ObjectionForm | None = None,
) -> dict[str, Any]:
    """Return what the tracker page shows."""
    now_90k = _CLOCK.utc()
    stage = Stage(application.stage)
    holds = list(application.holds.all())
    is_open = holding.free_from(application, now_90k=now_90k) is None
    decision = application.final_decision
    is_elsewhere = Concern.objects.filter(application=application, person__isnull=True).exists()
    may_object = (
        stage is Stage.REFUSED and judging.may_object(acting=acting, application=application, now_90k=now_90k).allowed
    )
    return {
        **described(application, now_90k=now_90k),
        "may_ask_elsewhere": judging.may_ask_elsewhere(acting=acting, application=application).allowed
        and not is_elsewhere,
        "is_elsewhere": is_elsewhere,
        "may_withdraw": (stage, Step.WITHDRAW) in STEPS,
        "completion": form
        or (
            CompletionForm(
                initial={
                    "version": application.version,
                    "reason": application.reason,
                    "phone": application.phone,
                }
            )
            if stage is Stage.RETURNED
            else None
        ),
        "confirmation": confirmation
        or (
            ConfirmationForm(
                initial={"version": application.version, "reason": application.reason, "phone": application.phone}
            )
            if stage is Stage.DRAFT
            else None
        ),
        "may_be_incomplete": is_open and stage is not Stage.DRAFT and _may_be_incomplete(application),
        "files_form": files_form
        or (FilesForm(initial={"version": application.version}) if stage in TAKES_FILES else None),
        "objection_form": objection_form
        or (ObjectionForm(initial={"version": application.version}) if may_object else None),
        "object_until_90k": None if decision is None else _object_until(decision),
        "is_open": is_open,
        "held_until_90k": holding.free_from(application, now_90k=now_90k) or application.held_until_90k,
        "is_held": any(hold.released_at_90k is None for hold in holds),
        "is_hold_in_force": bool(holds) and all(hold.acknowledged_at_90k is not None for hold in holds),
        "seats": list(application.seats.select_related("session").all()),
    }


def _object_until(decision: ApplicationDecision) -> int:
    """Return until when the refusal can be objected to: by the days that were in force when it was told."""
    period_days = policy.in_force(at_90k=decision.decided_at_90k).value("objection_period")
    return objecting.until(refused_at_90k=decision.decided_at_90k, period_days=period_days)


def _may_be_incomplete(application: ViewingApplication) -> bool:
    """Say whether any of the footage asked for is missing. Which camera's, the applicant is not told."""
    # An applicant sees no camera; that something of them is missing is all that is told.
    with scope.machine():
        cameras = list(application.cameras.order_by("pk"))
    found = (
        stretches.stretch_of(settings.HOME, camera=camera, start_90k=application.start_90k, end_90k=application.end_90k)
        for camera in cameras
    )
    return any(one is not None and (one.missing_s > 0 or one.recorded_s == 0) for one in found)


def complete(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Send a returned application again."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    form = CompletionForm(request.POST)
    if not form.is_valid():
        return render(
            request, "viewing/tracker.html", tracker_context(application, acting=acting, form=form), status=400
        )
    answers = form.cleaned_data
    usecases.resubmit(
        application=application,
        version=answers["version"],
        reason=answers["reason"],
        phone=answers["phone"],
        actor=acts.of(acting),
        clock=_CLOCK,
    )
    telling.done(request, _("已重新提交申请 %(ticket)s。") % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))


def withdraw(request: HttpRequest, *, acting: Acting, application_id: str) -> HttpResponse:
    """Take one's application back."""
    application = queries.access_own_application(person=acting.person, application_id=application_id)
    form = VersionForm(request.POST)
    if form.is_valid():
        usecases.withdraw(
            application=application, version=form.cleaned_data["version"], actor=acts.of(acting), clock=_CLOCK
        )
        telling.done(request, _("已撤回申请 %(ticket)s。") % {"ticket": application.ticket})
    return HttpResponseRedirect(reverse("my_application", args=[application.pk]))


def described(application: ViewingApplication, *, now_90k: int) -> dict[str, Any]:
    """Return an application with its stage in words, for every page that lists or shows one."""
    stage = application.stage_at(now_90k=now_90k)
    word, tone = STAGES[stage]
    return {
        "application": application,
        "stage": stage.value,
        "stage_word": word,
        "stage_tone": tone.value,
        "decision": application.final_decision,
        "objection": judging.objection_of(application),
        "returns": [decision for decision in application.decisions.all() if decision.outcome == "returned"],
    }
