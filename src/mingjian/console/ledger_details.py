"""The one line under an entry that says what exactly: a window, the ranges really served, the cause of a gap."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingjian.base import ticks
from mingjian.ledger.append import Entry
from mingjian.registry.words import cause_word


def detail_of(entry: Entry, *, names: Mapping[str, str]) -> str:
    """Return the line, empty for entries that need none."""
    match entry.kind:
        case "viewing.session_issued":
            return _("%(person)s，%(window)s，%(purpose)s") % {
                "person": names.get(str(entry.facts.get("person")), ""),
                "window": _window(entry),
                "purpose": entry.facts.get("purpose", ""),
            }
        case "viewing.session_revoked" | "registry.hold_released":
            return str(entry.facts.get("reason", ""))
        case "registry.hold_placed" | "recordings.hold_acknowledged" | "recordings.recording_deleted":
            return _window(entry)
        case "media.closed":
            return _served(entry)
        case "recordings.gap_closed":
            return _("%(window)s，%(cause)s") % {
                "window": _window(entry),
                "cause": cause_word(str(entry.facts.get("cause", ""))),
            }
        case "recordings.roots":
            count = _length(entry.facts.get("roots"))
            return ngettext("%(count)d 个录像文件", "%(count)d 个录像文件", count) % {"count": count}
        case "people.refused":
            return entry.subject.partition(":")[2]
    return ""


def _window(entry: Entry) -> str:
    start, end = entry.facts.get("start_90k"), entry.facts.get("end_90k")
    return span(start, end) if isinstance(start, int) and isinstance(end, int) else ""


def _served(entry: Entry) -> str:
    served = entry.facts.get("served_90k")
    if not isinstance(served, list) or not served:
        return _("没有播放任何画面")
    spans = [_pair(pair) for pair in served]
    return _("实际播放 %(spans)s") % {"spans": _("、").join(spans)}


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
