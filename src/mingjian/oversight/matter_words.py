"""Complaints and queries in words: what is complained about, where they stand, what was done."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mingjian.oversight.workflow import ComplaintStage, ComplaintStep, InquiryStage, InquiryStep
from mingjian.regulation import articles


class Conduct(TextChoices):
    """What a complaint is about: conduct that Article 20 names, or how a matter was handled. Stored codes are ids."""

    HANDLING = articles.A14_C.id, _("查阅申请等事项的办理")
    UNAPPROVED = articles.A20_1.id, _("未经批准安装监控")
    LEAK = articles.A20_6.id, _("泄露画面或不当使用")
    OTHER = articles.A20_7.id, _("其他违反规定的行为")


class Finding(TextChoices):
    """What an answered complaint turned out to be. Stored codes."""

    FOUND = "found", _("属实，已责令改正")
    PARTLY = "partly", _("部分属实，已责令改正")
    NOT_FOUND = "not_found", _("经核实不成立")


COMPLAINT_STAGES: Mapping[ComplaintStage, tuple[str | Promise, str]] = {
    ComplaintStage.FILED: (pgettext_lazy("投诉", "待受理"), "pending"),
    ComplaintStage.ACCEPTED: (pgettext_lazy("投诉", "已受理，核实中"), "pending"),
    ComplaintStage.DECLINED: (pgettext_lazy("投诉", "不予受理"), "quiet"),
    ComplaintStage.ANSWERED: (pgettext_lazy("投诉", "已办结"), "good"),
    ComplaintStage.WITHDRAWN: (pgettext_lazy("投诉", "已撤回"), "quiet"),
}
COMPLAINT_STEPS: Mapping[ComplaintStep, str | Promise] = {
    ComplaintStep.FILE: pgettext_lazy("投诉", "提出"),
    ComplaintStep.ACCEPT: pgettext_lazy("投诉", "受理"),
    ComplaintStep.DECLINE: pgettext_lazy("投诉", "不予受理"),
    ComplaintStep.ANSWER: pgettext_lazy("投诉", "办结答复"),
    ComplaintStep.HAND_OVER: pgettext_lazy("投诉", "转纪检监察机构办理"),
    ComplaintStep.RESTRICT: pgettext_lazy("投诉", "限定办理人"),
    ComplaintStep.WITHDRAW: pgettext_lazy("投诉", "撤回"),
}
INQUIRY_STAGES: Mapping[InquiryStage, tuple[str | Promise, str]] = {
    InquiryStage.OPEN: (pgettext_lazy("疑问单", "待答复"), "pending"),
    InquiryStage.ANSWERED: (pgettext_lazy("疑问单", "已答复，待认可"), "pending"),
    InquiryStage.SETTLED: (pgettext_lazy("疑问单", "已了结"), "good"),
}
INQUIRY_STEPS: Mapping[InquiryStep, str | Promise] = {
    InquiryStep.ASK: pgettext_lazy("疑问单", "提出"),
    InquiryStep.ANSWER: pgettext_lazy("疑问单", "答复"),
    InquiryStep.ACCEPT: pgettext_lazy("疑问单", "认可，了结"),
    InquiryStep.ASK_AGAIN: pgettext_lazy("疑问单", "再问"),
    InquiryStep.HAND_OVER: pgettext_lazy("疑问单", "转纪检监察机构"),
}
