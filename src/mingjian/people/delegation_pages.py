"""Delegations by page (AB角): what one lent and was lent, lending the post acted in, taking it back."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.people import delegating, policy, telling
from mingjian.people.appointing import DOCUMENT_CHARACTERS
from mingjian.people.capacity import Acting
from mingjian.people.delegating import Loan
from mingjian.people.forms import LineField, ReasonForm
from mingjian.people.models import Appointment, Person

_CLOCK = SystemClock()


class DelegateForm(forms.Form):
    """To whom a post is lent, from when to when, and why."""

    # Anybody can be named, so that who may not is refused with the article; offered are those who may.
    to = forms.ModelChoiceField(label=gettext_lazy("受托人"), queryset=Person.objects.filter(is_active=True))
    since = forms.DateField(
        label=gettext_lazy("自"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("不填即自现在起。"),
    )
    until = forms.DateField(
        label=gettext_lazy("至"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("含当日，到期自行结束。"),
    )
    reason = LineField(
        label=gettext_lazy("事由"), max_length=DOCUMENT_CHARACTERS, help_text=gettext_lazy("例如“出差”，或文件的文号。")
    )

    def __init__(self, *args: Any, colleagues: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("请选择本机构的一人")), *((str(one.pk), one.display_name) for one in colleagues)]

    def clean_until(self) -> int:
        """Return the first instant after the day."""
        day: date = self.cleaned_data["until"]
        return ticks.midnight(day + timedelta(days=1))

    def clean_since(self) -> int | None:
        """Return the first instant of the day, None for now."""
        day: date | None = self.cleaned_data["since"]
        return None if day is None else ticks.midnight(day)


def delegations(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List what one lent and was lent, with the form where the post acted in may be lent."""
    return _page(request, acting)


def delegate(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Lend the post acted in."""
    if acting.appointment is None:
        raise Http404
    now_90k = _CLOCK.utc()
    form = DelegateForm(request.POST, colleagues=delegating.colleagues(acting=acting, now_90k=now_90k))
    if not form.is_valid():
        return _page(request, acting, form=form)
    lent = delegating.delegate(
        loan=Loan(
            to=form.cleaned_data["to"],
            since_90k=None if (form.cleaned_data["since"] or 0) <= now_90k else form.cleaned_data["since"],
            until_90k=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
        ),
        acting=acting,
        clock=_CLOCK,
    )
    told = {
        "name": lent.person.display_name,
        "capacity": lent.label,
        "day": ticks.day_of(form.cleaned_data["until"] - 1).isoformat(),
    }
    telling.done(request, _("已委托%(name)s：%(capacity)s，至 %(day)s。") % told)
    return HttpResponseRedirect(reverse("delegations"))


def revoke_delegation(request: HttpRequest, *, acting: Acting, appointment_id: str) -> HttpResponse:
    """Take back what one lent."""
    lent = delegating.access_own_loan(acting=acting, appointment_id=appointment_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, acting, is_reason_missing=True)
    delegating.revoke(lent=lent, reason=form.cleaned_data["reason"], acting=acting, clock=_CLOCK)
    told = {"name": lent.person.display_name, "capacity": lent.label}
    telling.done(request, _("已收回对%(name)s的委托（%(capacity)s），以该身份的登录和画面随即结束。") % told)
    return HttpResponseRedirect(reverse("delegations"))


def _page(
    request: HttpRequest, acting: Acting, *, form: DelegateForm | None = None, is_reason_missing: bool = False
) -> HttpResponse:
    now_90k = _CLOCK.utc()
    shown = form
    if form is None and delegating.lends(acting):
        shown = DelegateForm(colleagues=delegating.colleagues(acting=acting, now_90k=now_90k))
    return render(
        request,
        "people/delegations.html",
        {
            "form": shown,
            "longest_days": policy.in_force(at_90k=now_90k).value("delegation_longest"),
            "is_reason_missing": is_reason_missing,
            "lent": [_told(one, now_90k=now_90k) for one in delegating.access_lent_by_me(acting=acting)],
            "received": [_told(one, now_90k=now_90k) for one in delegating.access_lent_to_me(acting=acting)],
        },
        status=400 if form is not None or is_reason_missing else 200,
    )


def _told(one: Appointment, *, now_90k: int) -> dict[str, object]:
    is_over = one.until_90k is not None and one.until_90k <= now_90k
    return {"appointment": one, "state": "over" if is_over else "later" if one.since_90k > now_90k else "now"}
