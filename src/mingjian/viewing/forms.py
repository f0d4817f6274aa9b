"""What people fill in: the four steps of an application, the decision, the identity check, clue, closing, exception."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mingjian.base import ticks
from mingjian.people.posts import UNIT
from mingjian.people.queries import bodies, campuses
from mingjian.registry.queries import places
from mingjian.regulation.policies import POLICIES
from mingjian.viewing.examining import (
    LARGEST_BYTES,
    MEDIA_TYPES,
    MOST_FILES,
    AttachmentError,
    Examined,
    examine,
)
from mingjian.viewing.words import ATTACHMENT_TROUBLES, HoldChoice, HoldOutcome, IdKind, IncidentKind, Outcome, Result
from mingjian.viewing.workflow import PauseCause

_SEPARATOR = "|"
_LOCAL = "%Y-%m-%dT%H:%M"


class InstantField(forms.DateTimeField):
    """A minute of civil time on the campus; cleaned to ticks."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format=_LOCAL)
        super().__init__(widget=widget, input_formats=[_LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned: datetime | None = super().clean(value)
        return None if cleaned is None else ticks.from_datetime(cleaned)


class HappenedForm(forms.Form):
    """Step one: what happened."""

    incident_kind = forms.ChoiceField(label=_("事件类型"), choices=IncidentKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("查阅事由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明发生了什么、想核实什么。只为安全保卫用途，不超过 500 字。"),
    )


class WhereForm(forms.Form):
    """Step two: where and when. A building of one campus, never a camera."""

    place = forms.ChoiceField(label=_("地点"))
    start = InstantField(label=_("从"))
    end = InstantField(label=_("到"), help_text=_("一次申请不超过 24 小时；时间越准，查找越快。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {campus.pk: campus.label for campus in campuses()}
        grouped: dict[str, list[tuple[str, str]]] = {}
        for campus, building in places():
            grouped.setdefault(labels[campus], []).append((f"{campus}{_SEPARATOR}{building}", building))
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared three lines above
        field.choices = [("", _("请选择校区和楼宇")), *grouped.items()]

    def clean_place(self) -> tuple[str, str]:
        """Return campus and building."""
        campus, _sep, building = str(self.cleaned_data["place"]).partition(_SEPARATOR)
        return campus, building

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start is not None and end is not None and start >= end:
            self.add_error("end", _("结束时间要晚于开始时间。"))
        return cleaned


class WhoForm(forms.Form):
    """Step three: how to reach the applicant, and whether a unit helps."""

    phone = forms.CharField(
        label=_("联系电话"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        help_text=_("只用于通知您办理结果和到场时间。"),
    )
    unit = forms.ChoiceField(
        label=_("请所在单位协助（可不选）"),
        required=False,
        help_text=_("单位只能协助并转交，不能受理；不选则直接送二级管理机构。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(body.pk, body.label) for body in bodies() if body.tier == UNIT]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("不需要，直接送二级管理机构")), *units]


class FilesInput(forms.ClearableFileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A few receipts and photographs; cleaned to what may be kept of them. Every bad one is named."""

    def __init__(self, **kwargs: Any) -> None:
        widget = FilesInput(attrs={"accept": ",".join(MEDIA_TYPES.values())})
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = [one for one in data or [] if one]
        if not given:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("附件至多 %(most)s 个。"), params={"most": MOST_FILES})
        examined: list[Examined] = []
        troubles: list[forms.ValidationError] = []
        for one in given:
            try:
                examined.append(_examined(one))
            except AttachmentError as error:
                troubles.append(forms.ValidationError(str(ATTACHMENT_TROUBLES[error.code]), params=dict(error.facts)))
        if troubles:
            raise forms.ValidationError(troubles)
        return examined


def _examined(file: "UploadedFile[bytes]") -> Examined:
    name = file.name or ""
    # What is larger than any file may be is not read at all.
    content = b"\0" * (LARGEST_BYTES + 1) if (file.size or 0) > LARGEST_BYTES else file.read()
    return examine(name=name, content=content)


class FilesForm(forms.Form):
    """Files that come after the application was sent."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    attachments = FilesField(label=_("附件"), help_text=_("报警回执、物品照片等，JPEG、PNG 或 PDF，每个不超过 10 MB。"))


class PledgeForm(forms.Form):
    """The pledge."""

    is_true = forms.BooleanField(label=_("以上内容属实，确需查阅。"))
    is_pledged = forms.BooleanField(
        label=_("我将携带有效证件本人到场，在操作员监督下查阅；全程不拍照、不录音、不录像，不向他人传播所见内容。")
    )


class SendingForm(PledgeForm):
    """Step four: what helps, and the pledge."""

    attachments = FilesField(
        label=_("附件（可不选）"),
        required=False,
        help_text=_(
            "报警回执、物品照片等，至多 5 个，JPEG、PNG 或 PDF，每个不超过 10 MB。照片中的拍摄位置等信息会被去掉。"
        ),
    )


class DecisionForm(forms.Form):
    """The decision on one version of an application."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=Outcome.choices)
    validity_days = forms.IntegerField(
        label=_("有效天数"), min_value=1, max_value=POLICIES["approval_longest"].most, required=False
    )
    article = forms.CharField(max_length=16, required=False)
    reason = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class HoldForm(forms.Form):
    """What becomes of the locked footage of an application that is over."""

    holds = forms.MultipleChoiceField()
    outcome = forms.ChoiceField(choices=HoldOutcome.choices)
    reason = forms.CharField(max_length=500)
    keep_days = forms.IntegerField(min_value=1, max_value=POLICIES["keeping_longest"].most, required=False)

    def __init__(self, *args: Any, hold_ids: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["holds"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(hold_id, hold_id) for hold_id in hold_ids]


class VersionForm(forms.Form):
    """An act on one version of an application that needs no more words."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RestrictionForm(VersionForm):
    """Why only some may know, or all again; who, is ticked from the list of those who deal with it."""

    reason = forms.CharField(max_length=500)


class CompletionForm(VersionForm):
    """What an applicant completes after a return."""

    reason = forms.CharField(label=_("查阅事由"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    phone = forms.CharField(label=_("联系电话"), max_length=32, widget=forms.TextInput(attrs={"type": "tel"}))


class ConfirmationForm(CompletionForm, PledgeForm):
    """What an applicant says to an application that a unit began for them."""

    field_order = ("version", "reason", "phone", "is_true", "is_pledged")


class AssistanceForm(HappenedForm, WhereForm):
    """What a unit fills in for somebody; that person reads it, pledges and sends it."""

    username = forms.CharField(
        label=_("申请人的账号"),
        max_length=64,
        help_text=_("填申请人本人的校园账号。申请由其本人登录后核对、承诺并提交，单位不能代为提交。"),
    )
    phone = forms.CharField(label=_("联系电话"), max_length=32, widget=forms.TextInput(attrs={"type": "tel"}))

    field_order = ("username", "incident_kind", "reason", "place", "start", "end", "phone")


class IdCheckForm(forms.Form):
    """What the operator looked at and heard before anything is shown."""

    id_kind = forms.ChoiceField(label=_("证件种类"), choices=IdKind.choices)
    id_last4 = forms.CharField(
        label=_("证件号末四位"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 4}),
    )
    is_pledged = forms.BooleanField(label=_("已核对本人，并宣读查阅纪律，申请人承诺遵守"), required=False)
    are_phones_away = forms.BooleanField(label=_("手机等摄录设备已收存"), required=False)


class AdmitForm(IdCheckForm):
    """The same for one more applicant of the same footage."""

    application = forms.UUIDField(label=_("申请"))


class FootageInstantField(forms.RegexField):
    """A second of the footage, in civil time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            regex=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$",
            error_messages={"invalid": _("请按 2026-01-31 09:30:00 的形式填写。")},
            widget=forms.TextInput(attrs={"autocomplete": "off", "size": 19}),
            **kwargs,
        )


class SegmentForm(forms.Form):
    """What of the footage is relevant: from a second to a second."""

    camera = forms.UUIDField(widget=forms.HiddenInput)
    start = FootageInstantField(label=_("片段起点"))
    end = FootageInstantField(label=_("片段终点"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("start") and cleaned.get("end") and cleaned["start"] >= cleaned["end"]:
            self.add_error("end", _("片段终点要晚于起点。"))
        return cleaned


class RowForm(forms.Form):
    """Which row of a list is meant."""

    row = forms.UUIDField()


class PauseForm(forms.Form):
    """Why the picture stops: by hand unless the page says otherwise."""

    cause = forms.ChoiceField(
        choices=[(cause.value, cause.value) for cause in PauseCause], required=False, initial=PauseCause.OPERATOR.value
    )


class RevocationForm(forms.Form):
    """Why a running session ends at once."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ClueForm(forms.Form):
    """An instant that matters. Clock time of the footage, with seconds."""

    camera = forms.UUIDField(widget=forms.HiddenInput)
    at = FootageInstantField(label=_("录像时刻"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class ClosingForm(forms.Form):
    """The result, and what becomes of the locked footage."""

    result = forms.ChoiceField(label=_("查阅结果"), choices=[("", _("请选择")), *Result.choices])
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    hold = forms.ChoiceField(label=_("录像锁定"), choices=HoldChoice.choices, widget=forms.RadioSelect)


class ExceptionForm(forms.Form):
    """The principal's consent to more than three."""

    limit = forms.IntegerField(label=_("同意同时查阅的人数"), min_value=4, max_value=20, initial=4)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
