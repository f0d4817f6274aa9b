"""What the media port refuses, in words the page can translate; the same sentences that a bare client is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, str | Promise] = {
    "grants.malformed": _("授权凭据不完整，未播放任何画面。请从系统页面重新打开。"),
    "grants.bad_signature": _("授权凭据未通过校验，未播放任何画面。请从系统页面重新打开。"),
    "grants.unknown_key": _("授权凭据的签发密钥不在本系统，未播放任何画面。请从系统页面重新打开。"),
    "grants.expired": _("授权已过期，未播放任何画面。请从系统页面重新打开。"),
    "grants.not_yet": _("授权尚未生效。请核对服务器时间后重新打开。"),
    "grants.foreign_deployment": _("授权由另一套系统签发，在本系统无效。"),
    "grants.foreign_session": _("授权属于另一次登录，不能转用。请用本人账号登录后重新打开。"),
    "grants.foreign_host": _("授权指定了另一台媒体服务器。请从系统页面重新打开。"),
    "streaming.revoked": _("授权已撤销，不再播放。如仍需查看，请重新申请。"),
    "streaming.not_granted": _("授权不包含这台摄像机或这一轨，未播放任何画面。如需查看，请另行申请。"),
    "streaming.purpose": _("授权的用途与打开方式不符：值班授权只能看实时画面，查阅授权只能看批准时段的录像。"),
    "streaming.live_only": _("实时画面不能跳转或变速。查看过去的画面须按查阅程序申请。"),
    "streaming.outside_window": _("所选时间不在授权时段内，未播放。如需其他时段，请另行申请。"),
    "streaming.foreign_lease": _("续期凭据与正在播放的授权不一致，未予续期。"),
    "streaming.no_receipt": _("调阅记录暂时无法写入，因此不能播放。请稍后重试；若持续出现，请联系监控系统管理员。"),
    "streaming.not_checked": _("暂时无法核对授权是否已撤销，因此不能播放。请稍后重试。"),
    "streaming.blackout": _(
        "控制服务中断，暂不能打开新的画面；已打开的值班画面继续，请勿关闭或刷新。恢复后会自动打开。"
    ),
    "streaming.no_plan": _("媒体服务尚未读到录像计划，暂时不能播放。请稍后重试。"),
    "streaming.transcode_bound": _("此画面须转码，而转码名额已满。请稍后再试，或改看 H.264 子码流。"),
    "streaming.viewers_bound": _("同时打开的画面已达上限。请关闭不用的画面后再试。"),
    "streaming.malformed_message": _("播放器发来的消息无法识别，连接已关闭。请刷新页面。"),
    "streaming.too_many_messages": _("播放器的操作过于频繁，连接已关闭。请刷新页面。"),
    "streaming.no_first_message": _("播放器没有在规定时间内出示授权，连接已关闭。请刷新页面。"),
}
