"""What the ledger's state asks of those who answer for it: audit and security administrators, in the top bar."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingjian.base.ticks import TICKS_PER_S
from mingjian.console import clerk, verdicts
from mingjian.people.capacity import Acting
from mingjian.people.waiting import Waiting
from mingjian.registry import rollups
from mingjian.regulation.posts import Post

ANSWERING = frozenset({Post.AUDIT_ADMINISTRATOR, Post.SECURITY_ADMINISTRATOR})
# The clerk verifies every minute, at most a thirtieth of its time: an hour's silence is the clerk's own.
STALE_90K = 3_600 * TICKS_PER_S

# What the clerk does not get done when the ledger cannot be written: told within seconds, long before it is silent.
_WRITING = frozenset({"reports", "rollups", "noise", "verdict"})

_ALARMS: dict[str, str | Promise] = {
    "ledger.silent": _("操作日志一小时没有新的记录"),
    "ledger.flood": _("操作日志新增的速度异常"),
    "ledger.pending_stuck": _("有记录没有排入操作日志"),
    "ledger.unsigned_tail": _("操作日志有记录没有签名"),
}
_BROKEN: dict[str, str | Promise] = {
    "DIVERGED": _("操作日志与留存的校验点不一致"),
    "INVALID": _("操作日志校验不通过"),
}


def told(*, acting: Acting, now_90k: int) -> list[Waiting]:
    """Return the alarms, the gravest first; nothing for anybody else, and nothing before the first verification."""
    if acting.posts.isdisjoint(ANSWERING):
        return []
    address = f"{reverse('ledger')}#standing"
    last = verdicts.read(settings.HOME)
    words: list[str | Promise] = []
    if last is not None:
        words = [_BROKEN[last.outcome]] if last.outcome in _BROKEN else []
        words += [_ALARMS[code] for code in last.warnings if code in _ALARMS]
        if last.verified_at_90k < now_90k - STALE_90K:
            words.append(_("操作日志一小时没有校验，请查看系统进程"))
    if clerk.troubles(settings.HOME) & _WRITING:
        words.append(_("操作日志写不进去或无法校验，播放和导出可能已经停止"))
    late = [one for one in rollups.standing() if rollups.is_late(one, now_90k=now_90k)]
    if late:
        words.append(_("录像摘要没有按时汇总进操作日志"))
    return [Waiting(str(word), 1, address) for word in words]
