"""What is filled in when a refusal is objected to, and when the objection is answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
