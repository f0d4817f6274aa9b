"""What tier 1 fills in about values and open points."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingjian.base import ticks
from mingjian.oversight.speech import spoken
from mingjian.people.forms import LineField
from mingjian.people.ruling import LONGEST_ANSWER, LONGEST_DOCUMENT, LONGEST_REASON
from mingjian.regulation.articles import Unit
from mingjian.regulation.policies import POLICIES
from mingjian.regulation.readings import READINGS


class ParagraphField(LineField):
    """A few lines that are kept as one: ends of lines become spaces."""

    def to_python(self, value: object) -> str:
        return " ".join((super().to_python(value) or "").split())


class ProposalForm(forms.Form):
    """A new value or an interpretation; which of the two follows from the topic."""

    value = forms.IntegerField(label=_("新的数值"), required=False, min_value=-1_000_000, max_value=1_000_000)
    answer = ParagraphField(
        label=_("怎样解释"), max_length=LONGEST_ANSWER, required=False, widget=forms.Textarea({"rows": 3})
    )
    document = LineField(
        label=_("文号"), max_length=LONGEST_DOCUMENT, required=False, help_text=_("例如“保卫处〔2026〕12号”。")
    )
    reason = LineField(label=_("理由"), max_length=LONGEST_REASON)
    since = forms.DateField(
        label=_("自何日起"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填即决定后生效；只对以后有效。"),
    )

    def __init__(self, *args: Any, topic: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if topic in READINGS:
            del self.fields["value"]
            return
        del self.fields["answer"]
        policy = POLICIES[topic]
        if policy.unit is Unit.SWITCH:
            self.fields["value"] = forms.TypedChoiceField(
                label=_("新的数值"), coerce=int, choices=[(1, _("开")), (0, _("关"))]
            )
        elif policy.unit is Unit.CHOICE:
            named = [(value, spoken(*words)) for value, words in policy.choices.items()]
            self.fields["value"] = forms.TypedChoiceField(label=_("新的数值"), coerce=int, choices=named)
        else:
            self.fields["value"].widget.attrs.update({"min": policy.least, "max": policy.most})
        self.order_fields(["value", "document", "reason", "since"])

    def clean_since(self) -> int | None:
        """Return the first instant of the day, None for at once."""
        day: date | None = self.cleaned_data["since"]
        return None if day is None else ticks.from_datetime(datetime.combine(day, time(), tzinfo=ticks.CIVIL_ZONE))


class RemarkForm(forms.Form):
    """What the head of tier 1 says about a proposal."""

    remark = LineField(label=_("说明"), max_length=LONGEST_REASON, required=False)


class ProposingForm(forms.Form):
    """The same over the API: all that a proposal may have; what the topic does not take stays away."""

    value = forms.IntegerField(required=False)
    answer = forms.CharField(max_length=LONGEST_ANSWER, required=False)
    document = forms.CharField(max_length=LONGEST_DOCUMENT, required=False)
    reason = forms.CharField(max_length=LONGEST_REASON)
    wanted_at_90k = forms.IntegerField(required=False, min_value=0, max_value=(1 << 62) - 1)
