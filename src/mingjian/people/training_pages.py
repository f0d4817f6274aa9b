"""Training and pledges by page: one's own, those of a body's staff, and entering or withdrawing them."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingjian.base import ids, ticks
from mingjian.base.clock import SystemClock
from mingjian.people import personnel, policy, qualified, staffing, telling, training
from mingjian.people.capacity import Acting, held_by
from mingjian.people.forms import LineField, ReasonForm
from mingjian.people.models import Appointment, Person, Qualification
from mingjian.people.qualification import LONGEST_DOCUMENT, LONGEST_TOPIC, Kind
from mingjian.people.qualified import Validity
from mingjian.people.training import Certificate
from mingjian.regulation.rules.training import STAFF

_CLOCK = SystemClock()
KIND_NAMES: dict[Kind, str | Promise] = {
    Kind.TRAINING: gettext_lazy("操作规程和法规培训"),
    Kind.PLEDGE: gettext_lazy("保密承诺书"),
}


class CertificateForm(forms.Form):
    """What somebody was trained in, or that the pledge was signed: when, and on what paper."""

    kind = forms.ChoiceField(label=gettext_lazy("登记事项"), choices=[(one.value, KIND_NAMES[one]) for one in Kind])
    held_on = forms.DateField(label=gettext_lazy("培训或签署日期"), widget=forms.DateInput(attrs={"type": "date"}))
    topic = LineField(
        label=gettext_lazy("培训内容"),
        max_length=LONGEST_TOPIC,
        required=False,
        help_text=gettext_lazy("登记培训时填写；保密承诺书不用填。"),
    )
    document = LineField(
        label=gettext_lazy("凭据"),
        max_length=LONGEST_DOCUMENT,
        help_text=gettext_lazy("签到表、成绩单或承诺书的编号和存放处。"),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Kind.TRAINING and not cleaned.get("topic"):
            self.add_error("topic", ValidationError(_("请写明培训内容。")))
        return cleaned


def own_training(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show one's own training and pledges, and until when they hold."""
    now_90k = _CLOCK.utc()
    return render(
        request,
        "people/own_training.html",
        {
            "is_staff_member": any(held.post in STAFF for held in held_by(acting.person, now_90k=now_90k)),
            **_shown(acting.person, now_90k=now_90k),
        },
    )


def staff(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show whether the bodies within reach have whom Article 8 asks for, and list the staff with what each has."""
    now_90k = _CLOCK.utc()
    bodies = personnel.bodies_in_reach(acting)
    staff = qualified.staff(now_90k=now_90k, bodies=[body.pk for body in bodies])
    return render(
        request,
        "people/staff.html",
        {
            "staffings": staffing.staffings(bodies, now_90k=now_90k),
            "listed": _listed(staff, now_90k=now_90k),
            "kinds": _kind_names(),
        },
    )


def training_of(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Show what one of the staff within reach has."""
    return _page(request, acting, _in_reach(acting, person_id))


def record_training(request: HttpRequest, *, acting: Acting, person_id: str) -> HttpResponse:
    """Enter a training or a signed pledge."""
    found = _in_reach(acting, person_id)
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return _page(request, acting, found, form=form)
    entered = training.record(
        person=found,
        certificate=Certificate(
            kind=Kind(form.cleaned_data["kind"]),
            held_on=form.cleaned_data["held_on"],
            topic=form.cleaned_data["topic"],
            document=form.cleaned_data["document"],
        ),
        acting=acting,
        clock=_CLOCK,
    )
    told = {
        "name": found.display_name,
        "what": KIND_NAMES[Kind(entered.kind)],
        "day": ticks.day_of(entered.valid_until_90k).isoformat(),
    }
    telling.done(request, _("已登记%(name)s的%(what)s，%(day)s 起失效。") % told)
    return HttpResponseRedirect(reverse("training_of", args=[found.pk]))


def withdraw_training(request: HttpRequest, *, acting: Acting, qualification_id: str) -> HttpResponse:
    """Withdraw what was entered wrongly."""
    row = Qualification.objects.filter(pk=qualification_id).first() if ids.is_id(qualification_id) else None
    if row is None:
        raise Http404
    found = _in_reach(acting, str(row.person_id))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, acting, found, is_reason_missing=True)
    training.withdraw(qualification=row, reason=form.cleaned_data["reason"], acting=acting, clock=_CLOCK)
    told = {"name": found.display_name, "what": KIND_NAMES[Kind(row.kind)]}
    telling.done(request, _("已撤销%(name)s的这一条%(what)s登记，记录仍保留。") % told)
    return HttpResponseRedirect(reverse("training_of", args=[found.pk]))


def _page(
    request: HttpRequest,
    acting: Acting,
    found: Person,
    *,
    form: CertificateForm | None = None,
    is_reason_missing: bool = False,
) -> HttpResponse:
    now_90k = _CLOCK.utc()
    may = training.may_record(acting=acting, person=found, now_90k=now_90k).allowed
    book = policy.in_force(at_90k=now_90k)
    return render(
        request,
        "people/training.html",
        {
            "person": found,
            "form": (form or CertificateForm()) if may else None,
            "is_oneself": found.pk == acting.person.pk,
            "is_reason_missing": is_reason_missing,
            "training_months": book.value("training_validity"),
            "pledge_months": book.value("pledge_validity"),
            **_shown(found, now_90k=now_90k),
        },
        status=400 if form is not None or is_reason_missing else 200,
    )


def _shown(found: Person, *, now_90k: int) -> dict[str, object]:
    rows = found.qualifications.select_related("body", "recorded_by", "withdrawn_by")
    validity = qualified.validity_of(found)
    return {
        "standings": [{"name": KIND_NAMES[kind], **_state(validity, kind, now_90k=now_90k)} for kind in Kind],
        "rows": [{"row": row, "name": KIND_NAMES[Kind(row.kind)]} for row in rows],
        "closes_duty": policy.in_force(at_90k=now_90k).is_on("training_closes_duty"),
    }


def _listed(appointments: Sequence[Appointment], *, now_90k: int) -> list[dict[str, object]]:
    held = qualified.validities({one.person_id for one in appointments})
    listed = [
        (
            held[one.person_id].is_whole(now_90k=now_90k),
            {
                "appointment": one,
                "states": [_state(held[one.person_id], kind, now_90k=now_90k) for kind in Kind],
            },
        )
        for one in appointments
    ]
    return [item for _is_whole, item in sorted(listed, key=lambda pair: pair[0])]


def _state(validity: Validity, kind: Kind, *, now_90k: int) -> dict[str, object]:
    return {
        "kind": KIND_NAMES[kind],
        "state": validity.state(kind, now_90k=now_90k),
        "until_90k": validity.until_90k.get(kind),
    }


def _kind_names() -> list[str | Promise]:
    return [KIND_NAMES[kind] for kind in Kind]


def _in_reach(acting: Acting, person_id: str) -> Person:
    """Return one of the staff within reach; anybody else's training does not exist for this capacity."""
    found = personnel.access_person(acting=acting, person_id=person_id)
    if training.body_within_reach(acting=acting, person=found, now_90k=_CLOCK.utc()) is None:
        raise Http404
    return found
