"""What is filled in when a refusal is objected to or answered, and when somebody stands back from an application."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingjian.regulation.rules.conflicts import DECLARED, Tie
from mingjian.viewing.forms import VersionForm
from mingjian.viewing.words import ReviewOutcome


class ObjectionForm(VersionForm):
    """Why the applicant holds the refusal to be wrong."""

    reason = forms.CharField(
        label=_("复核理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明对哪一点有异议、为什么。每份申请只能复核一次，不超过 500 字。"),
    )


class ReviewForm(VersionForm):
    """The answer. An article is wanted for upholding only."""

    outcome = forms.ChoiceField(choices=ReviewOutcome.choices)
    article = forms.CharField(max_length=16, required=False)
    reason = forms.CharField(max_length=500)


class RecusalForm(forms.Form):
    """What ties a decider to the matter, and in what way."""

    tie = forms.ChoiceField(
        choices=[(tie.value, _("涉及本人") if tie is Tie.SUBJECT else _("有利害关系")) for tie in DECLARED]
    )
    reason = forms.CharField(max_length=500)


class ElsewhereForm(forms.Form):
    """Why an application is against the body that would decide on it."""

    reason = forms.CharField(max_length=500)
