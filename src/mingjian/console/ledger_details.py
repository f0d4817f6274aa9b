"""The one line under an entry that says what exactly: a window, the ranges really served, the cause of a gap."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mingjian.base import ticks
from mingjian.ledger.append import Entry
from mingjian.registry.words import cause_word

_CAUSES: Mapping[str, str | Promise] = {
    "database": gettext_lazy("数据库没有应答"),
    "web": gettext_lazy("网页服务没有应答"),
}
_FINDINGS: Mapping[str, str | Promise] = {
    "torn": gettext_lazy("最后一条没有写完：媒体服务在写入时中断，这一条没有放行任何画面"),
    "malformed": gettext_lazy("有一条不是本系统写的形式，没有补入"),
    "unknown_key": gettext_lazy("有一条由不明的密钥签名，没有补入"),
    "bad_signature": gettext_lazy("有一条与签名不符，可能被改动，没有补入"),
    "foreign": gettext_lazy("有一条属于另一套系统，没有补入"),
    "chain": gettext_lazy("前后两条接不上，中间可能有缺失"),
    "shortened": gettext_lazy("比媒体服务写下的少，可能被删减"),
}


def detail_of(entry: Entry, *, names: Mapping[str, str]) -> str:
    """Return the line, empty for entries that need none."""
    match entry.kind:
        case "viewing.session_issued":
            return _("%(person)s，%(window)s，%(purpose)s") % {
                "person": names.get(str(entry.facts.get("person")), ""),
                "window": _window(entry),
                "purpose": _said(entry, "purpose"),
            }
        case "viewing.session_revoked" | "registry.hold_released":
            return _said(entry, "reason")
        case "registry.hold_placed" | "recordings.hold_acknowledged" | "recordings.recording_deleted":
            return _window(entry)
        case "media.closed":
            return _served(entry.facts.get("served_90k"))
        case "media.spooled":
            return _spooled(entry)
        case "media.spool_finding":
            return str(_FINDINGS.get(str(entry.facts.get("code")), entry.facts.get("code", "")))
        case "recordings.gap_closed":
            return _("%(window)s，%(cause)s") % {
                "window": _window(entry),
                "cause": cause_word(str(entry.facts.get("cause", ""))),
            }
        case "recordings.roots":
            count = _length(entry.facts.get("roots"))
            return ngettext("%(count)d 个录像文件", "%(count)d 个录像文件", count) % {"count": count}
        case "recordings.rolled_up":
            return _rolled_up(entry)
        case "recordings.root_changed":
            return _window(entry)
        case "people.refused":
            return entry.subject.partition(":")[2]
    return ""


def _said(entry: Entry, name: str) -> str:
    """Return what somebody wrote; a text that stands there no more is None."""
    said = entry.facts.get(name, "")
    return _("（文字已依规清除）") if said is None else str(said)


def _rolled_up(entry: Entry) -> str:
    files, late = (entry.facts.get(name) for name in ("files", "late"))
    if not isinstance(files, int) or not isinstance(late, int):
        return ""
    told = {"hour": _window(entry), "files": files, "late": late}
    if late:
        return _("%(hour)s，%(files)d 个录像文件，其中 %(late)d 个属于更早的时段") % told
    return _("%(hour)s，%(files)d 个录像文件") % told


def _window(entry: Entry) -> str:
    start, end = entry.facts.get("start_90k"), entry.facts.get("end_90k")
    return span(start, end) if isinstance(start, int) and isinstance(end, int) else ""


def _served(served: object) -> str:
    if not isinstance(served, list) or not served:
        return _("没有播放任何画面")
    spans = [_pair(pair) for pair in served]
    return _("实际播放 %(spans)s") % {"spans": _("、").join(spans)}


def _spooled(entry: Entry) -> str:
    """Return why control was silent and what left meanwhile; a record only allows what the next one tells."""
    record = entry.facts.get("record")
    if not isinstance(record, Mapping):
        return ""
    cause = _CAUSES.get(str(record.get("cause")), "")
    if record.get("outcome") == "goes_on" and not record.get("served_90k"):
        return _("%(cause)s，没有新的授权，值班画面继续") % {"cause": cause}
    return _("%(cause)s，%(served)s") % {"cause": cause, "served": _served(record.get("served_90k"))}


def _pair(pair: object) -> str:
    match pair:
        case [int(start_90k), int(end_90k)]:
            return span(start_90k, end_90k)
    return "?"


def span(start_90k: int, end_90k: int) -> str:
    """Return a span as people read it; the date only once."""
    start, end = (ticks.to_datetime(instant).astimezone(ticks.CIVIL_ZONE) for instant in (start_90k, end_90k))
    form = "%H:%M:%S" if start.date() == end.date() else "%Y-%m-%d %H:%M:%S"
    return f"{start:%Y-%m-%d %H:%M:%S}–{end:{form}}"


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
