"""States of cameras and causes of gaps in words a guard uses."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingjian.recorder.causes import StreamState
from mingjian.recordings.model import GapCause
from mingjian.regulation.systems import SystemClass


class Tone(StrEnum):
    """How a state looks, always beside its word."""

    GOOD = "good"
    PENDING = "pending"
    TROUBLE = "trouble"
    QUIET = "quiet"


STATE_WORDS: dict[StreamState, str | Promise] = {
    StreamState.RECORDING: _("正在录像"),
    StreamState.CONNECTING: _("正在连接"),
    StreamState.STOPPED: _("未在录像"),
    StreamState.UNREACHABLE: _("连接不上"),
    StreamState.REFUSED: _("拒绝连接"),
    StreamState.UNAUTHORIZED: _("账号或密码不对"),
    StreamState.NOT_ALLOWED: _("地址不在允许范围"),
    StreamState.NOT_FOUND: _("没有这路码流"),
    StreamState.NO_TCP: _("不支持 TCP 传输"),
    StreamState.NO_VIDEO: _("没有视频"),
    StreamState.NO_PARAMETER_SETS: _("缺少解码参数"),
    StreamState.UNSUPPORTED_CODEC: _("编码格式不支持"),
    StreamState.MALFORMED: _("数据无法识别"),
    StreamState.OVERSIZED: _("数据超出限度"),
    StreamState.FLOODING: _("码率异常偏高"),
    StreamState.SILENT: _("没有画面"),
    StreamState.NO_SYNC_SAMPLE: _("没有关键帧"),
    StreamState.CLOSED: _("连接已断开"),
    StreamState.CLOCK: _("时钟跳变"),
    StreamState.DISK: _("磁盘写不进"),
    StreamState.FAULT: _("出现故障"),
}

# How a camera is recorded that cannot be taken the ordinary way; what is dear about it in one word each.
DETOUR_WORDS: dict[str, str | Promise] = {
    "udp": _("UDP 传输，丢包不能补回"),
    "mjpeg": _("Motion JPEG，占用空间大，观看须转码"),
}

NOT_CONNECTED = _("不接入本平台")

CLASS_WORDS: dict[SystemClass, str | Promise] = {
    SystemClass.SCHOOL: _("校建系统"),
    SystemClass.UNIT: _("自建系统"),
    SystemClass.EXAMINATION: _("考试监控系统"),
    SystemClass.SECRECY: _("保密监控系统"),
    SystemClass.LABORATORY: _("实验室安全监控系统"),
    SystemClass.SPORTS: _("体育教学与测试监控系统"),
    SystemClass.RESEARCH: _("科研监控系统"),
}

HISTORY_WORDS: dict[str, str | Promise] = {
    "registry.camera_registered": _("登记摄像机"),
    "registry.camera_moved": _("摄像机调整校区"),
    "registry.camera_retired": _("注销摄像机"),
}

CAUSE_WORDS: dict[GapCause, str | Promise] = {
    GapCause.CAMERA_SILENT: _("摄像机没有画面"),
    GapCause.CAMERA_UNREACHABLE: _("摄像机连接不上"),
    GapCause.CAMERA_REFUSED: _("摄像机拒绝连接"),
    GapCause.CAMERA_MALFORMED: _("摄像机数据无法识别"),
    GapCause.RECORDER_DOWN: _("录像程序停止"),
    GapCause.DISK: _("磁盘写不进"),
    GapCause.CLOCK: _("时钟跳变"),
    GapCause.PERMITTED_OUTAGE: _("经批准的停机"),
    GapCause.UNKNOWN: _("原因不明"),
}


# Actors that are no persons.
_ACTOR_WORDS: dict[str, str | Promise] = {"shell": _("命令行用户"), "clerk": _("系统")}


def actor_word(name: str) -> str:
    """Return the name of an actor that is no person; a person's name stands for itself."""
    return str(_ACTOR_WORDS.get(name, name))


def detour_word(code: str) -> str:
    """Return in words why a camera takes the dearer way; a code without words stands for itself."""
    return str(DETOUR_WORDS.get(code, code))


def state_word(code: str) -> str:
    """Return the word of a state's code; a code of a newer recorder stands for itself."""
    try:
        return str(STATE_WORDS[StreamState(code)])
    except ValueError:
        return code


def tone_of(code: str) -> Tone:
    """Return how a state looks."""
    return {"recording": Tone.GOOD, "connecting": Tone.PENDING}.get(code, Tone.TROUBLE)


def cause_word(code: str) -> str:
    """Return the word of a gap's cause; a code of a newer recorder stands for itself."""
    try:
        return str(CAUSE_WORDS[GapCause(code)])
    except ValueError:
        return code
