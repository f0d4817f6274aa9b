"""Mechanisms, kinds, units and sources of the catalogue, and verdicts of the matrix, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mingjian.regulation.articles import Kind, Mechanism, Source, Standing, Unit
from mingjian.regulation.matrix import Verdict

MECHANISMS: Mapping[Mechanism, Promise | str] = {
    Mechanism.ENFORCE: pgettext_lazy("落实方式", "强制"),
    Mechanism.DETECT: pgettext_lazy("落实方式", "发现"),
    Mechanism.RECORD: pgettext_lazy("落实方式", "记录"),
    Mechanism.DECLARE: pgettext_lazy("落实方式", "告知"),
}
EXPLANATIONS: Mapping[Mechanism, Promise | str] = {
    Mechanism.ENFORCE: _("由系统把住，使违反做不成"),
    Mechanism.DETECT: _("拦不住的，要能发现并提示"),
    Mechanism.RECORD: _("由人去做，由系统留下记录"),
    Mechanism.DECLARE: _("只能告诫，要靠人遵守"),
}
# What is said beside the mechanism. In force needs no word of its own.
STANDINGS: Mapping[Standing, Promise | str] = {
    Standing.IN_FORCE: "",
    Standing.BY_DESIGN: pgettext_lazy("落实情况", "本系统没有违反的途径"),
    Standing.LATER: pgettext_lazy("落实情况", "本版本尚未落实，靠人遵守"),
}
KINDS: Mapping[Kind, Promise | str] = {
    Kind.DEFINITION: pgettext_lazy("规则类别", "定义"),
    Kind.ASSIGNMENT: pgettext_lazy("规则类别", "职责归属"),
    Kind.PERMISSION: pgettext_lazy("规则类别", "权限"),
    Kind.DUTY: pgettext_lazy("规则类别", "义务"),
    Kind.BAN: pgettext_lazy("规则类别", "禁止"),
    Kind.LIMIT: pgettext_lazy("规则类别", "限度"),
    Kind.PROCEDURE: pgettext_lazy("规则类别", "程序"),
}
UNITS: Mapping[Unit, Promise | str] = {
    Unit.MINUTE: pgettext_lazy("单位", "分钟"),
    Unit.HOUR: pgettext_lazy("单位", "小时"),
    Unit.HOUR_PER_DAY: pgettext_lazy("单位", "小时"),
    Unit.DAY: pgettext_lazy("单位", "天"),
    Unit.MONTH: pgettext_lazy("单位", "个月"),
    Unit.YEAR: pgettext_lazy("单位", "年"),
    Unit.PERSON: pgettext_lazy("单位", "人"),
    Unit.BODY: pgettext_lazy("单位", "家"),
    Unit.CAMPUS: pgettext_lazy("单位", "个"),
    Unit.TIMES: pgettext_lazy("单位", "次"),
    Unit.SWITCH: "",
    Unit.CHOICE: "",
    Unit.PERCENT: "%",
}
SOURCES: Mapping[Source, Promise | str] = {
    Source.REGULATION: _("办法规定"),
    Source.NATIONAL_LAW: _("国家法规"),
    Source.OUR_DEFAULT: _("本系统默认，待保卫处解释"),
}
OURS = _("由学校规定")
# The tone is the state's look, always beside its word.
VERDICTS: Mapping[Verdict, tuple[Promise | str, str]] = {
    Verdict.ALLOWED: (pgettext_lazy("权限", "可以"), "good"),
    Verdict.REFUSED: (pgettext_lazy("权限", "不可以"), "quiet"),
    Verdict.TICKET: (pgettext_lazy("权限", "凭批准"), "pending"),
}
