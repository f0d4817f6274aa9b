"""Stages, kinds and outcomes in words an applicant and an office use."""

from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mingjian.viewing.workflow import PauseCause, Stage


class IncidentKind(models.TextChoices):
    """What a viewing may be about: safety matters only (A14.b)."""

    THEFT = "theft", _("财物被盗")
    LOST = "lost", _("物品遗失")
    DAMAGE = "damage", _("财物损坏")
    CONFLICT = "conflict", _("纠纷或人身伤害")
    TRAFFIC = "traffic", _("校内交通事故")
    SAFETY = "safety", _("其他校园安全事件")


class Outcome(models.TextChoices):
    """What a reviewer decides. A return is no final word: the applicant completes and sends again."""

    APPROVED = "approved", pgettext_lazy("查阅状态", "同意")
    REFUSED = "refused", pgettext_lazy("查阅状态", "不予同意")
    RETURNED = "returned", _("退回补正")


class ReviewOutcome(models.TextChoices):
    """What becomes of a refusal that its applicant objected to. Either is final for the objection."""

    UPHELD = "upheld", _("维持不予同意")
    REOPENED = "reopened", _("撤销原决定，重新审批")


class IdKind(models.TextChoices):
    """Which paper the operator looked at. No copy is kept: its kind and last four characters only."""

    CAMPUS_CARD = "campus_card", _("校园卡")
    ID_CARD = "id_card", _("居民身份证")
    PASSPORT = "passport", _("护照")


class Result(models.TextChoices):
    """How a supervised viewing ended."""

    CLUE = "clue", _("发现线索")
    NO_CLUE = "no_clue", _("未发现线索")
    TERMINATED = "terminated", _("中止（违反查阅纪律）")


class HoldChoice(models.TextChoices):
    """What becomes of the locked footage when a viewing is closed; somebody has to say."""

    KEEP = "keep", _("继续锁定（案件仍在处理）")
    RELEASE = "release", _("解除锁定")


class HoldOutcome(models.TextChoices):
    """What a reviewer decides about locked footage once its application is over."""

    KEPT = "kept", _("继续锁定")
    RELEASED = "released", _("解除锁定")


ATTACHMENT_TROUBLES: dict[str, str | Promise] = {
    "viewing.attachment_too_large": _("附件“%(name)s”太大，没有收下：每个不超过 10 MB，图片不超过四千万像素。"),
    "viewing.attachment_kind": _("附件“%(name)s”不是 JPEG、PNG 图片，也不是 PDF，没有收下。请改用这三种格式。"),
    "viewing.attachment_disguised": _(
        "附件“%(name)s”里还藏有其他格式的内容（网页、压缩包或文档），没有收下。请重新拍照或扫描。"
    ),
    "viewing.attachment_unreadable": _("附件“%(name)s”打不开，可能已经损坏，没有收下。请重新拍照或导出。"),
    "viewing.attachment_active": _("附件“%(name)s”带有脚本、附带文件或加密，没有收下。请打印成普通 PDF，或拍成照片。"),
    "viewing.attachment_busy": _("正在检查别人的附件，“%(name)s”还没有收下。请过一分钟再提交。"),
}


class Tone(StrEnum):
    """How a stage looks, always beside its word."""

    GOOD = "good"
    PENDING = "pending"
    TROUBLE = "trouble"
    QUIET = "quiet"


STAGES: dict[Stage, tuple[str | Promise, Tone]] = {
    Stage.DRAFT: (_("待本人确认"), Tone.PENDING),
    Stage.AT_UNIT: (_("待所在单位转交"), Tone.PENDING),
    Stage.SUBMITTED: (_("待审批"), Tone.PENDING),
    Stage.RETURNED: (_("退回补正"), Tone.TROUBLE),
    Stage.REFUSED: (pgettext_lazy("查阅状态", "不予同意"), Tone.TROUBLE),
    Stage.OBJECTED: (_("复核中"), Tone.PENDING),
    Stage.UPHELD: (_("复核维持不予同意"), Tone.TROUBLE),
    Stage.APPROVED: (_("已同意，待到场查阅"), Tone.GOOD),
    Stage.IN_SESSION: (_("正在查阅"), Tone.GOOD),
    Stage.COMPLETED: (_("已办结"), Tone.QUIET),
    Stage.WITHDRAWN: (_("申请人已撤回"), Tone.QUIET),
    Stage.EXPIRED: (_("逾期未查阅"), Tone.QUIET),
}
PAUSE_CAUSES: dict[PauseCause, str | Promise] = {
    PauseCause.OPERATOR: _("操作员已暂停。"),
    PauseCause.IDLE: _("操作员较长时间没有操作，画面已自动停止（时限为本系统默认）。"),
    PauseCause.HIDDEN: _("监控台页面被切换或遮住，画面已自动停止。"),
    PauseCause.LINE: _("监控台与系统的连接中断过，画面已自动停止。"),
    PauseCause.UNATTENDED: _("操作员离岗或下班，画面已自动停止。"),
    PauseCause.TAKEN_OVER: _("已换由另一位操作员监督，请核对在场人员后继续。"),
}
