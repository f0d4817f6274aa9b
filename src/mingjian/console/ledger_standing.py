"""How the ledger stands, in plain words: last checkpoint, witnesses, parts, and who signs."""

from dataclasses import dataclass
from datetime import datetime

import segno
from django.db import connection
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingjian.base import ticks
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console import verdicts
from mingjian.host.home import Home
from mingjian.ledger import cosigners
from mingjian.ledger.signer_link import SignerLink
from mingjian.registry import rollups
from mingjian.registry.models import Rollup

_TROUBLES: dict[str, str | Promise] = {
    "": gettext_lazy("已联署"),
    "ledger.witness_away": gettext_lazy("联系不上，请通知对方检查"),
    "ledger.witness_unknown_log": gettext_lazy("对方还没有登记本日志（或新的一段），请把公钥交给对方"),
    "ledger.witness_answer": gettext_lazy("答复看不懂，请核对地址和公钥"),
    "ledger.witness_rolled_back": gettext_lazy("对方的记录比它自己联署过的少，请通知对方核查"),
    "ledger.witness_ahead": gettext_lazy("对方见过的记录比这里多：这里的日志可能被截短或被旧副本替换"),
    "ledger.witness_refused": gettext_lazy("对方拒绝联署：这里的日志与它见过的矛盾"),
}
_WARNINGS: dict[str, str | Promise] = {
    "ledger.pending_stuck": gettext_lazy("有记录一分钟以上没有排入日志，请查看系统进程。"),
    "ledger.unsigned_tail": gettext_lazy("有记录一分钟以上没有签名，请查看签名进程。"),
    "ledger.witness_late": gettext_lazy("有一小时以前的记录还没有见证方看过，这部分只有本机作证。"),
    "ledger.records_lost": gettext_lazy("前面某一段在恢复数据库时丢失了末尾的记录，丢失的范围写在后一段的开头。"),
    "ledger.spool_gap": gettext_lazy("断控期间的本机记录有缺失，详见日志。"),
    "ledger.silent": gettext_lazy("日志已一小时没有新的记录，请确认系统正在记录。"),
    "ledger.flood": gettext_lazy("日志新增的速度异常，可能有人用大量记录掩盖行为，请查看。"),
}


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """One witness: up to which entry it cosigned, when (90 kHz ticks, None when never), and what it says now."""

    name: str
    size: int
    cosigned_at_90k: int | None
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part (shard) of the ledger: how many entries are signed, and when the last checkpoint was stored."""

    number: int
    size: int
    checkpoint_at_90k: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed note to print: how many entries it covers, when it was stored, its text, and that as a QR code (SVG)."""

    size: int
    stored_at_90k: int
    text: str
    picture: str


@dataclass(frozen=True, slots=True)
class RollupLine:
    """How the hourly roll-ups of recordings stand, over all volumes; `late_volumes` are those whose news waits long."""

    made_at_90k: int | None
    files: int
    waiting: int
    late_volumes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """All of it. `paper` is the newest signed note, to be printed and kept."""

    parts: list[PartLine]
    rollups: RollupLine
    paper: Paper | None
    witnesses: list[WitnessLine]
    warnings: list[str]
    signer: str


def standing_of(home: Home, *, now_90k: int) -> LedgerStanding:
    """Return how the ledger stands."""
    last = verdicts.read(home)
    return LedgerStanding(
        parts=_parts(),
        rollups=rollups_of(now_90k=now_90k),
        paper=paper_before(None),
        witnesses=_witnesses(home),
        warnings=[] if last is None else [str(_WARNINGS.get(code, code)) for code in last.warnings],
        signer=_signer(home),
    )


def _parts() -> list[PartLine]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (shard) shard, size, created_at FROM public.ledger_checkpoint"
            " ORDER BY shard DESC, size DESC"
        )
        return [PartLine(shard, size, _ticks(created_at)) for shard, size, created_at in cursor.fetchall()]


def rollups_of(*, now_90k: int) -> RollupLine:
    """Return how the roll-ups stand."""
    found = rollups.standing()
    newest = max((one.last for one in found if one.last is not None), key=_made_at, default=None)
    late = [one.volume.name for one in found if rollups.is_late(one, now_90k=now_90k)]
    return RollupLine(
        made_at_90k=None if newest is None else newest.made_at_90k,
        files=0 if newest is None else newest.files,
        waiting=sum(one.waiting for one in found),
        late_volumes=tuple(late),
    )


def _made_at(one: Rollup) -> int:
    return one.made_at_90k


def paper_before(instant_90k: int | None) -> Paper | None:
    """Return the last checkpoint stored before an instant (None: the newest of all), or None when there is none."""
    at = None if instant_90k is None else ticks.to_datetime(instant_90k)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT size, created_at, note FROM public.ledger_checkpoint WHERE %s::timestamptz IS NULL"
            " OR created_at < %s::timestamptz ORDER BY shard DESC, size DESC LIMIT 1",
            (at, at),
        )
        row = cursor.fetchone()
    if row is None:
        return None
    size, created_at, note = row
    return Paper(size=int(size), stored_at_90k=_ticks(created_at), text=str(note), picture=_picture(str(note)))


def _picture(note: str) -> str:
    """Return the note as a QR code, an SVG of paths alone, so that it may stand in the page as it is."""
    return mark_safe(segno.make(note, error="l", micro=False).svg_inline(scale=3, border=4, omitsize=False))  # noqa: S308


def _ticks(instant: datetime) -> int:
    return int(instant.timestamp()) * TICKS_PER_S


def _witnesses(home: Home) -> list[WitnessLine]:
    known = {one.name: one for one in cosigners.read_standing(home.ledger)}
    lines = []
    for asked in cosigners.read_list(home.ledger):
        found = known.get(asked.key.name)
        if found is None:
            lines.append(WitnessLine(asked.key.name, 0, None, _("还没有答复"), "pending"))
            continue
        at_90k = found.cosigned_at_s * TICKS_PER_S if found.cosigned_at_s else None
        word = str(_TROUBLES.get(found.trouble, found.trouble))
        lines.append(WitnessLine(found.name, found.size, at_90k, word, "trouble" if found.trouble else "good"))
    return lines


def _signer(home: Home) -> str:
    try:
        is_apart = SignerLink(home.signer_socket).is_apart()
    except OSError:
        return _("签名进程没有应答：新的记录照常写入，暂时没有签名。")
    if is_apart:
        return _("签名进程以独立的系统用户运行：数据库等不以 root 运行的进程读不到它的私钥；防 root 要靠外部见证。")
    return _("签名进程与其他进程同用一个系统用户：能防数据库管理员，不能防能登录服务器的人。")
