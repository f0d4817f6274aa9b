"""The words of player, wall and timeline, translated on the server and handed over as JSON."""

from django.utils.translation import gettext as _

from mingjian.console.media_refusals import REFUSALS
from mingjian.registry.words import CAUSE_WORDS


def collect() -> dict[str, str | dict[str, str]]:
    """Return every word by its key, in the reader's language. `{names}` are filled in by the player."""
    return {
        **_states(),
        **_controls(),
        **_timeline(),
        **{f"cause_{cause.value}": str(word) for cause, word in CAUSE_WORDS.items()},
        "refusals": {code: str(word) for code, word in REFUSALS.items()},
    }


def _states() -> dict[str, str]:
    return {
        "connecting": _("正在连接"),
        "waiting": _("等待画面"),
        "buffering": _("正在缓冲"),
        "live": _("实时"),
        "playing": _("播放中"),
        "paused": _("已暂停"),
        "stopped": _("已停止"),
        "disconnected": _("与服务器的连接已断开，正在重新连接"),
        "unsupported": _("这个浏览器不能播放监控画面。请改用较新版本的浏览器。"),
        "decode_error": _("浏览器无法解码这段画面。请重新打开；若仍不行，请联系平台系统管理员。"),
        "refused": _("未予播放。{message}"),
        "articles": _("依据：{articles}"),
        "reopen": _("重新打开"),
        "signed_out": _("登录已失效，画面已停止。请点“重新打开”登录后继续。"),
        "ended_revoked": _("查看权限已被撤销，画面已停止。点“重新打开”可查看原因。"),
        "ended_moved": _("摄像机刚调整到另一校区，画面已停止。如仍归您管，请点“重新打开”。"),
        "ended_lease_expired": _("查看权限未能续期，画面已停止。正在重新确认。"),
        "ended_window_end": _("已到获准时段的终点。"),
        "ended_switched": _("这台摄像机现在由另一路码流录像，正在换到那一路。"),
        "ended_bound": _("同时打开的画面已达上限，此画面已停止。"),
        "ended_closed": _("画面已关闭。"),
        "ended_failed": _("读取录像时出错，画面已停止。请重新打开。"),
        "ended_disk_hangs": _("这段录像所在的磁盘没有应答，画面已停止，录像没有丢失。请告知平台管理员，稍后重新打开。"),
        "ended_too_long": _("控制服务中断已超过十二小时，值班画面已停止。恢复后会自动打开。"),
        "ended_unrecorded": _("控制服务中断，本机也无法写入观看记录，值班画面已停止。请检查服务器磁盘空间。"),
        "live_blackout": _("实时 · 本机记录"),
        "blackout": _("控制服务中断，值班画面继续，已在本机记录。恢复之前请勿刷新或关闭本页，也不能更换画面。"),
        "ended_stopping": _("媒体服务正在重启，画面稍后恢复。"),
        "absent": _("此刻没有这一路的录像"),
        "hole": _("{from} 至 {to} 没有录像：{cause}"),
        "hole_open": _("自 {from} 起没有录像：{cause}"),
    }


def _controls() -> dict[str, str]:
    return {
        "play": _("播放"),
        "pause": _("暂停"),
        "step_forward": _("下一帧"),
        "step_back": _("上一帧"),
        "speed": _("播放速度"),
        "speed_value": _("{n} 倍速"),
        "key_pictures_only": _("超过 4 倍速时只播放关键画面"),
        "fullscreen": _("全屏"),
        "choose_tile": _("点选后，时间轴显示这一路的录像情况"),
        "page_previous": _("上一组"),
        "page_next": _("下一组"),
        "page_of": _("第 {n} 组，共 {total} 组"),
        "empty_tile": _("空位"),
        "empty_tile_help": _("空位：选中后在点位上按回车，或把点位拖到这里"),
        "state_unknown": _("录像状态未知"),
    }


def _timeline() -> dict[str, str]:
    return {
        "timeline": _("时间轴"),
        "timeline_help": _("方向键移动，加号减号缩放，方括号跳到上一处、下一处缺失"),
        "zoom_in": _("放大"),
        "zoom_out": _("缩小"),
        "footage": _("有录像"),
        "future": _("尚未录制"),
        "window": _("获准时段"),
        "expired": _("已到期清除"),
        "held": _("已锁定"),
        "segment": _("出示片段"),
        "bookmark": _("线索"),
        "gaps_more": _("另有 {n} 处，放大后逐处列出"),
        "gap_table": _("缺失明细"),
        "gap_span": _("{from}–{to} {cause}"),
    }
