"""What is filled in about complaints and queries. Forms check shape; use-cases weigh the rest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingjian.oversight.forms import ParagraphField
from mingjian.oversight.matter_words import Conduct, Finding
from mingjian.oversight.models import LONGEST_TEXT
from mingjian.oversight.workflow import ComplaintStep, InquiryStep
from mingjian.people.forms import LineField
from mingjian.people.models import Person
from mingjian.people.queries import bodies


class ComplaintForm(forms.Form):
    """A complaint: what about, which body, maybe who, maybe which application, and in which words."""

    conduct = forms.ChoiceField(label=_("投诉什么"), choices=Conduct.choices)
    body = forms.ChoiceField(
        label=_("哪个机构"), help_text=_("涉及保卫处或其人员的，由学校纪检监察机构办理；涉及其他机构的，由保卫处办理。")
    )
    person = LineField(
        label=_("哪位人员（可不填）"),
        max_length=64,
        required=False,
        help_text=_("填姓名或用户名。被投诉的人看不到这份投诉，也不能办理。"),
    )
    ticket = LineField(
        label=_("涉及哪份申请（可不填）"),
        max_length=16,
        required=False,
        help_text=_("您本人的申请编号，如 2026-0003。"),
    )
    text = ParagraphField(
        label=_("事实和要求"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("写明何时何地发生了什么、希望怎样处理，不超过 1000 字。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("请选择")), *((body.pk, body.label) for body in bodies())]  # type: ignore[attr-defined]  # a ChoiceField


class VersionForm(forms.Form):
    """Which version was read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class HandlingForm(VersionForm):
    """One step of who deals with a complaint. A text is wanted for all but taking it up and naming handlers."""

    step = forms.ChoiceField(
        choices=[
            (step.value, step.value)
            for step in (
                ComplaintStep.ACCEPT,
                ComplaintStep.DECLINE,
                ComplaintStep.ANSWER,
                ComplaintStep.HAND_OVER,
                ComplaintStep.RESTRICT,
            )
        ]
    )
    finding = forms.ChoiceField(label=_("结果"), choices=Finding.choices, required=False)
    text = ParagraphField(
        label=_("答复和理由（投诉人会看到）"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    named = forms.MultipleChoiceField(label=_("办理人"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, handlers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].choices = [(str(person.pk), person.display_name) for person in handlers]  # type: ignore[attr-defined]  # a MultipleChoiceField

    def clean(self) -> dict[str, Any]:
        """Ask for the finding and the words that the step needs."""
        told = super().clean() or {}
        step = told.get("step")
        if step == ComplaintStep.ANSWER and not told.get("finding"):
            self.add_error("finding", _("请选择核实的结果。"))
        if step in {ComplaintStep.ANSWER, ComplaintStep.DECLINE, ComplaintStep.HAND_OVER} and not told.get("text"):
            self.add_error("text", _("请写明理由。"))
        return told


class InquiryForm(forms.Form):
    """A query: to whom, whether about somebody's conduct, and the question."""

    about = forms.CharField(max_length=96, widget=forms.HiddenInput)
    body = forms.ChoiceField(
        label=_("由谁答复"),
        required=False,
        help_text=_("不选即由该事项的责任机构答复；问保卫处人员行为的，自动送纪检监察机构。"),
    )
    is_about_conduct = forms.BooleanField(label=_("问的是操作人本人的行为（不告知该人）"), required=False)
    question = ParagraphField(label=_("疑问"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("由责任机构答复")), *((body.pk, body.label) for body in bodies())]  # type: ignore[attr-defined]  # a ChoiceField


class InquiryStepForm(VersionForm):
    """One step about a query. A text is wanted for all but settling it."""

    step = forms.ChoiceField(choices=[(step.value, step.value) for step in InquiryStep if step is not InquiryStep.ASK])
    text = ParagraphField(label=_("说明"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 4}))

    def clean(self) -> dict[str, Any]:
        """Ask for the words that the step needs."""
        told = super().clean() or {}
        if told.get("step") not in {None, InquiryStep.ACCEPT} and not told.get("text"):
            self.add_error("text", _("请写明内容。"))
        return told
