"""Lists of leavers from the drop folder: taken once, carried out person by person, held when they would end too many.

The university's own system leaves files there (docs/decisions/0012-leavers-by-file.md). A list that does not fit ends
nobody, a line that does not fit ends nobody else; what came of each is told beside the folder and on a page.
"""

import os
import stat
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.models import Sum

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, leaver_rows, leaving, policy, texts
from mingjian.people.accounts import REASON_CHARACTERS
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.importing import sheet, words
from mingjian.people.importing.kinds import Fault
from mingjian.people.importing.sheet import SheetError
from mingjian.people.leaver_rows import Leavers
from mingjian.people.models import LeaverList, Person

RESULTS = "results"
KINDS = (".csv", ".xlsx")
# So many may always go without being asked about: of a small campus one person is many per cent.
ALWAYS = 3
DAY_90K = 86_400 * TICKS_PER_S
# A file that still grows is not read.
SETTLED_S = 1.0
_CSV_ENDS = (b"\n", b"\r")
SHOWN_FAULTS = 500


class LeaversError(MingjianError):
    """A list cannot be decided on: "people.leavers_over"."""


def follow(folder: Path, *, clock: Clock) -> int:
    """Take the lists that lie in the folder and carry out what may be; return how many accounts ended.

    The clerk's work. What was begun before a crash goes on: every line may be carried out twice.
    """
    ended = 0
    failed: OSError | None = None
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in KINDS:
            try:
                ended += _follow_one(path, clock=clock)
            except OSError as error:
                # One that cannot be read or removed does not hold up the others.
                failed = error
    for waiting in LeaverList.objects.filter(state=LeaverList.OPEN):
        ended += carry_out(waiting, clock=clock)
    if failed is not None:
        raise failed
    return ended


def _follow_one(path: Path, *, clock: Clock) -> int:
    content = _settled(path, now_s=clock.utc() / TICKS_PER_S)
    if content is None:
        return 0
    taken = take(content, clock=clock)
    ended = carry_out(taken, clock=clock)
    _tell(path.parent, path, taken)
    path.unlink()
    return ended


def take(content: bytes, *, clock: Clock) -> LeaverList:
    """Read a list and keep what it asks for: open, or held when it would end too many. One that was taken stays so."""
    known = LeaverList.objects.filter(sha256=sha256(content).hexdigest()).first()
    if known is not None:
        return known
    now_90k = clock.utc()
    taken = LeaverList(sha256=sha256(content).hexdigest(), taken_at_90k=now_90k, state=LeaverList.UNREAD)
    found = _read(content, taken, now_90k=now_90k)
    if found is not None:
        taken.faults = [asdict(one) for one in found.faults[:SHOWN_FAULTS]]
        taken.row_count, taken.to_end = found.rows, len(found.to_end)
        taken.unknown, taken.gone_already = found.unknown, found.gone_already
        if found.is_list:
            is_too_many = _would_end_too_many(len(found.to_end), now_90k=now_90k)
            taken.state = LeaverList.HELD if is_too_many else LeaverList.OPEN
            taken.usernames = [person.username for person in found.to_end]
        else:
            taken.reason = "people.leavers_no_list"
    with transaction.atomic(durable=True):
        taken.save(force_insert=True)
        _record(taken, kind=f"people.leavers_{_SAID[taken.state]}", actor=acts.CLERK, at_90k=now_90k)
    return taken


def carry_out(taken: LeaverList, *, clock: Clock) -> int:
    """End everybody whom an open list names, each in an act of their own; return how many that were."""
    if taken.state != LeaverList.OPEN:
        return 0
    ended = 0
    failed: DatabaseError | None = None
    for person in Person.objects.filter(username__in=taken.usernames, is_active=True):
        try:
            ended += leaving.leave(person=person, list_sha256=taken.sha256, actor=acts.CLERK, clock=clock)
        except DatabaseError as error:
            # One whose rows do not let go holds up nobody else; the list stays open and is tried again.
            failed = error
    taken.ended += ended
    if failed is None:
        taken.state, taken.usernames, taken.ended_at_90k = LeaverList.DONE, [], clock.utc()
    taken.save(update_fields=["ended", "state", "usernames", "ended_at_90k"])
    if failed is not None:
        raise failed
    return ended


def confirm(*, held: LeaverList, remark: str, acting: Acting, clock: Clock) -> LeaverList:
    """Let a list that was held be carried out, which the clerk does at once. Raises LeaversError."""
    with transaction.atomic(durable=True):
        row = _decided(held, remark=remark, acting=acting, now_90k=clock.utc())
        row.state = LeaverList.OPEN
        row.save(update_fields=["decided_by", "decided_at_90k", "remark", "state"])
        _record(row, kind="people.leavers_confirmed", actor=acts.of(acting), at_90k=clock.utc())
    return row


def decline(*, held: LeaverList, remark: str, acting: Acting, clock: Clock) -> LeaverList:
    """Put a list that was held away: nobody ends by it. Raises LeaversError."""
    with transaction.atomic(durable=True):
        row = _decided(held, remark=remark, acting=acting, now_90k=clock.utc())
        row.state, row.usernames = LeaverList.DECLINED, []
        row.save(update_fields=["decided_by", "decided_at_90k", "remark", "state", "usernames"])
        _record(row, kind="people.leavers_declined", actor=acts.of(acting), at_90k=clock.utc())
    return row


def _decided(held: LeaverList, *, remark: str, acting: Acting, now_90k: int) -> LeaverList:
    row = LeaverList.objects.select_for_update().get(pk=held.pk)
    if not row.is_held:
        raise LeaversError("people.leavers_over")
    row.remark = texts.line(remark, field="reason", longest=REASON_CHARACTERS)
    row.decided_by, row.decided_at_90k = acting.person, now_90k
    return row


def told(fault: dict[str, object]) -> tuple[str, str]:
    """Return a kept fault's words in Chinese and English."""
    return words.told(Fault(**fault))  # type: ignore[arg-type]  # kept as JSON by `take`


def _would_end_too_many(count: int, *, now_90k: int) -> bool:
    """Ask the brake, over a day: whoever sends many small lists meets it as well."""
    lately = LeaverList.objects.filter(ended_at_90k__gt=now_90k - DAY_90K, decided_by__isnull=True)
    before = lately.aggregate(total=Sum("ended"))["total"] or 0
    people = Person.objects.filter(is_active=True).count() + before
    percent = policy.in_force(at_90k=now_90k).value("leavers_at_once")
    return count + before > max(ALWAYS, people * percent // 100)


def _read(content: bytes, taken: LeaverList, *, now_90k: int) -> Leavers | None:
    # Cut off within a user name a line would name somebody else.
    if not sheet.is_workbook(content) and not content.endswith(_CSV_ENDS):
        taken.reason = "people.leavers_cut_off"
        return None
    try:
        return leaver_rows.read(sheet.read(content), now_90k=now_90k)
    except SheetError as error:
        taken.reason = error.code
        return None


def _settled(path: Path, *, now_s: float) -> bytes | None:
    """Return what stands in a file that nobody writes to any more; None for one that waits, or is no plain file."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        state = os.fstat(number)
        if not stat.S_ISREG(state.st_mode) or 0 <= now_s - state.st_mtime < SETTLED_S:
            return None
        return file.read(sheet.MOST_BYTES + 1)


def _tell(folder: Path, path: Path, taken: LeaverList) -> None:
    """Leave beside the folder what became of a list, for whoever sent it."""
    results = folder / RESULTS
    results.mkdir(mode=0o750, exist_ok=True)
    lines = [f"{taken.state} sha256={taken.sha256} rows={taken.row_count} to_end={taken.to_end} ended={taken.ended}"]
    lines += [taken.reason] if taken.reason else []
    for fault in taken.faults:
        zh, en = told(fault)
        lines.append(f"{fault['row']} {fault['column']} {fault['value']}: {zh} {en}")
    draft = results / f".{path.name}.new"
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(results / f"{path.name}.txt")


_SAID = {LeaverList.OPEN: "taken", LeaverList.HELD: "held", LeaverList.UNREAD: "unread"}


def _record(row: LeaverList, *, kind: str, actor: Actor, at_90k: int) -> None:
    facts: dict[str, acts.Fact] = {
        "sha256": row.sha256,
        "rows": row.row_count,
        "to_end": row.to_end,
        "unknown": row.unknown,
        "gone_already": row.gone_already,
        "refused_lines": len({fault["row"] for fault in row.faults}),
    }
    reason = {"reason": row.remark or row.reason} if row.remark or row.reason else {}
    acts.record(kind=kind, actor=actor, subject=f"leavers:{row.sha256}", facts=facts | reason, at_90k=at_90k)
