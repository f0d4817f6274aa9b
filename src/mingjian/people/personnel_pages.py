"""Persons, their accounts and their posts (任命): found, opened, locked, appointed and relieved."""

from django.contrib.auth.hashers import is_password_usable
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.people import (
    accounts,
    acts,
    appointing,
    factors,
    leaving,
    personnel,
    staffing,
    telling,
    training,
    usecases,
)
from mingjian.people.appointing import Term
from mingjian.people.capacity import Acting
from mingjian.people.forms import AppointForm, PersonForm, ReasonForm
from mingjian.people.importing import usecases as importing
from mingjian.people.models import Appointment, Body, Person
from mingjian.people.routing import RuleRefused
from mingjian.regulation.decision import Decision
from mingjian.regulation.posts import Post

_CLOCK = SystemClock()


def persons(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List persons by name, or those whose name has the words searched for; whose account is closed, when asked."""
    words = request.GET.get("q", "").strip()[:64]
    now_90k = _CLOCK.utc()
    keeps_accounts = personnel.keeps_accounts(acting)
    is_of_closed = keeps_accounts and "closed" in request.GET
    access = personnel.access_closed if is_of_closed else personnel.access_persons
    found = access(acting=acting, words=words)
    shown = found.prefetch_related("appointments__body")[: personnel.SHOWN]
    return render(
        request,
        "people/persons.html",
        {
            "words": words,
            "total": found.count(),
            "shown": personnel.SHOWN,
            "listed": [_told(person, now_90k=now_90k) for person in shown],
            "keeps_accounts": keeps_accounts,
            "is_of_closed": is_of_closed,
            "imports": bool(importing.kinds_of(acting)),
            "appoints": personnel.appoints(acting),
        },
    )


def new_person(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Open an account and show its one-time password, this once."""
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "people/new_person.html", {"form": form}, status=status)
    person, password = usecases.open_account(**form.cleaned_data, actor=acts.of(acting), clock=_CLOCK)
    return render(request, "people/one_time.html", {"person": person, "password": password})


def person(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Show a person's account and posts, with what this capacity may do about them."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    return _person_page(request, acting, found)


def appoint(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Give the person a post."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    asked = _asked_post(request, acting)
    if asked is not None:
        now_90k = _CLOCK.utc()
        body, post = asked
        given_by = staffing.may_give(acting=acting, person=found, body=body, post=post, now_90k=now_90k)
        _require_decision(request, acting, given_by)
    form = AppointForm(request.POST, posts=personnel.posts_to_give(acting=acting, person=found))
    if not form.is_valid():
        return _person_page(request, acting, found, form=form)
    body, post = form.cleaned_data["what"]
    now_90k = _CLOCK.utc()
    given = appointing.appoint(
        person=found,
        post=post,
        body=body,
        # Nobody has held a post before it was given: the past is not written afterwards.
        term=Term(
            since_90k=max(form.cleaned_data["since"] or now_90k, now_90k),
            until_90k=form.cleaned_data["until"],
            document=form.cleaned_data["document"],
        ),
        appointed_by=acting.person,
        actor=acts.of(acting),
        clock=_CLOCK,
    )
    told = {"name": found.display_name, "capacity": given.label}
    telling.done(request, _("已任命%(name)s：%(capacity)s。") % told)
    return _back(found)


def end_appointment(request: HttpRequest, *, acting: Acting, appointment_id: str) -> HttpResponse:
    """End an appointment now."""
    held = personnel.access_appointment(acting=acting, appointment_id=appointment_id)
    _require(request, acting, held.person, held.body, Post(held.post))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, acting, held.person, is_reason_missing=True)
    appointing.end_appointment(
        appointment=held, reason=form.cleaned_data["reason"], actor=acts.of(acting), clock=_CLOCK
    )
    told = {"name": held.person.display_name, "capacity": held.label}
    telling.done(request, _("已解除%(name)s的任命（%(capacity)s），以该身份的登录和画面随即结束。") % told)
    left = staffing.staffing_of(held.body, now_90k=_CLOCK.utc())
    if left is not None and not left.decision.allowed:
        telling.done(request, _("%(body)s现在缺人，见“在岗人员”。") % {"body": held.body.label})
    return _back(held.person)


def confirm_hand_over(request: HttpRequest, *, acting: Acting, appointment_id: str) -> HttpResponse:
    """Confirm that the password given reached the person appointed."""
    held = personnel.access_appointment(acting=acting, appointment_id=appointment_id)
    _require_decision(request, acting, personnel.may_confirm(acting=acting, appointment=held))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, acting, held.person, is_reason_missing=True)
    appointing.confirm(
        appointment=held,
        reason=form.cleaned_data["reason"],
        confirmed_by=acting.person,
        actor=acts.of(acting),
        clock=_CLOCK,
    )
    told = {"name": held.person.display_name, "capacity": held.label}
    telling.done(request, _("已确认交接，%(name)s可以恢复以该身份（%(capacity)s）办理。") % told)
    return _back(held.person)


def suspend(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Lock the account."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, acting, found, is_reason_missing=True)
    accounts.suspend(person=found, reason=form.cleaned_data["reason"], actor=acts.of(acting), clock=_CLOCK)
    telling.done(request, _("已锁定%(name)s的账号，其登录和画面随即结束。") % {"name": found.display_name})
    return _back(found)


def reinstate(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Unlock the account."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, acting, found, is_reason_missing=True)
    accounts.reinstate(person=found, reason=form.cleaned_data["reason"], actor=acts.of(acting), clock=_CLOCK)
    telling.done(request, _("已解锁%(name)s的账号。") % {"name": found.display_name})
    return _back(found)


def renew_password(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Give the account a one-time password and show it, this once."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, acting, found, is_reason_missing=True)
    password = accounts.renew_password(
        person=found, reason=form.cleaned_data["reason"], actor=acts.of(acting), clock=_CLOCK
    )
    return render(request, "people/one_time.html", {"person": found, "password": password})


def take_factors_away(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Remove the second factors of somebody who lost them."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, acting, found, is_reason_missing=True)
    factors.take_away(person=found, reason=form.cleaned_data["reason"], actor=acts.of(acting), clock=_CLOCK)
    told = {"name": found.display_name}
    telling.done(request, _("已清除%(name)s的二次验证，其登录和画面随即结束，所任职务待确认后恢复。") % told)
    return _back(found)


def closed_person(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Show a closed account and the posts that ended with it."""
    return _closed_page(request, personnel.access_closed_person(acting=acting, person_id=person_id))


def reopen(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Let a closed account stand again."""
    found = personnel.access_closed_person(acting=acting, person_id=person_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _closed_page(request, found, is_reason_missing=True)
    leaving.reopen(person=found, reason=form.cleaned_data["reason"], actor=acts.of(acting), clock=_CLOCK)
    told = {"name": found.display_name}
    telling.done(request, _("已重新开立%(name)s的账号，没有职务。需要本地密码的，请在下面发放。") % told)
    return _back(found)


def _closed_page(request: HttpRequest, found: Person, *, is_reason_missing: bool = False) -> HttpResponse:
    held = found.appointments.select_related("body").order_by("-since_90k")
    shown = {"person": found, "held": held, "is_reason_missing": is_reason_missing}
    return render(request, "people/closed_person.html", shown, status=400 if is_reason_missing else 200)


def _person_page(
    request: HttpRequest,
    acting: Acting,
    found: Person,
    *,
    form: AppointForm | None = None,
    is_reason_missing: bool = False,
) -> HttpResponse:
    now_90k = _CLOCK.utc()
    posts = personnel.posts_to_give(acting=acting, person=found)
    reach = {body.pk for body in personnel.bodies_in_reach(acting)}
    held = [
        {
            "appointment": appointment,
            "state": _state_of(appointment, now_90k=now_90k),
            "may_end": appointment.body_id in reach
            and (appointment.until_90k is None or appointment.until_90k > now_90k)
            and personnel.may_appoint(
                acting=acting, person=found, body=appointment.body, post=Post(appointment.post)
            ).allowed,
            "may_confirm": appointment.is_withheld
            and appointment.body_id in reach
            and personnel.may_confirm(acting=acting, appointment=appointment).allowed,
        }
        for appointment in found.appointments.select_related("body", "appointed_by").order_by("-since_90k")
    ]
    is_refused = form is not None or is_reason_missing
    return render(
        request,
        "people/person.html",
        {
            "person": found,
            "told": (told := _told(found, now_90k=now_90k)),
            "is_to_unlock": told["is_suspended"] or told["is_locked"],
            "held": held,
            "form": form or (AppointForm(posts=posts) if posts else None),
            "is_reason_missing": is_reason_missing,
            "keeps_account": personnel.keeps_accounts(acting) and found.pk != acting.person.pk,
            "has_factors": factors.standing(found).exists(),
            "appoints": personnel.appoints(acting),
            "trains": training.body_within_reach(acting=acting, person=found, now_90k=now_90k) is not None,
            "is_oneself": found.pk == acting.person.pk,
        },
        status=400 if is_refused else 200,
    )


def _told(found: Person, *, now_90k: int) -> dict[str, object]:
    return {
        "person": found,
        "is_suspended": found.suspended_at_90k is not None,
        "has_password": is_password_usable(found.password),
        "is_locked": found.sign_in_state.is_locked(now_90k=now_90k),
        "posts": [each for each in found.appointments.all() if _state_of(each, now_90k=now_90k) == "now"],
    }


def _state_of(appointment: Appointment, *, now_90k: int) -> str:
    if appointment.until_90k is not None and appointment.until_90k <= now_90k:
        return "over"
    return "later" if appointment.since_90k > now_90k else "now"


def _asked_post(request: HttpRequest, acting: Acting) -> tuple[Body, Post] | None:
    """Return body and post as sent, if both exist within reach: what the form leaves out is refused by its rule."""
    code, _sep, post = request.POST.get("what", "").partition("|")
    body = next((body for body in personnel.bodies_in_reach(acting) if body.pk == code), None)
    return (body, Post(post)) if body is not None and post in set(Post) else None


def _require(request: HttpRequest, acting: Acting, found: Person, body: Body, post: Post) -> None:
    _require_decision(request, acting, personnel.may_appoint(acting=acting, person=found, body=body, post=post))


def _require_decision(request: HttpRequest, acting: Acting, decision: Decision) -> None:
    if not decision.allowed:
        usecases.record_refusal(acting=acting, decision=decision, path=request.path, clock=_CLOCK)
        raise RuleRefused(decision)


def _back(found: Person) -> HttpResponse:
    return HttpResponseRedirect(reverse("person", args=[found.pk]))
