"""The duty log of a day, to be printed and signed: shifts, what happened, and the day's checkpoint as a QR code."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base import ticks
from mingjian.base.clock import SystemClock
from mingjian.console import ledger_rows, ledger_scope, ledger_standing, ledger_words, verdicts
from mingjian.console.ledger_filter import Filter
from mingjian.console.ledger_rows import Line
from mingjian.console.ledger_scope import Scope
from mingjian.duty import queries as duty
from mingjian.duty.models import Shift
from mingjian.people import queries as people
from mingjian.people.capacity import Acting

_CLOCK = SystemClock()
# What whoever takes over has to know. Every look at a picture stands in the ledger; here it would hide the rest.
KINDS = (
    "duty.shift_started",
    "duty.shift_ended",
    "viewing.viewer_admitted",
    "viewing.more_viewers_allowed",
    "viewing.session_opened",
    "viewing.session_taken_over",
    "viewing.session_closed",
    "viewing.session_revoked",
    "media.refused",
    "media.spooled",
    "media.spool_finding",
    "people.refused",
    "recordings.gap_closed",
    "recordings.recording_damaged",
    "recordings.root_changed",
    "registry.hold_placed",
    "registry.hold_released",
    "ledger.epoch_started",
    "ledger.text_erased",
)


@dataclass(frozen=True, slots=True)
class DutyLog:
    """One day of one body. `checkpoint` is the last one of the day, None before the first."""

    day: date
    is_over: bool
    shifts: list[Shift]
    lines: list[Line]
    is_cut: bool
    checkpoint: ledger_standing.Paper | None


def duty_log(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show the log of `?day=`, today's unless told; a day to come is today."""
    today = ticks.to_datetime(_CLOCK.utc()).astimezone(ticks.CIVIL_ZONE).date()
    wanted = Filter.parse({"day": request.GET.get("day", "")}, kinds={})
    day = min(wanted.day or today, today)
    verdict = verdicts.read(settings.HOME)
    return render(
        request,
        "console/duty_log.html",
        {
            "log": log_of(acting=acting, day=day, is_over=day < today),
            "body": next((body.label for body in people.bodies() if body.code == acting.body), acting.body),
            "printed_at_90k": _CLOCK.utc(),
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1) if day < today else None,
            "verdict": verdict,
            "verdict_word": "" if verdict is None else str(ledger_words.VERDICTS[verdict.outcome][0]),
        },
    )


def log_of(*, acting: Acting, day: date, is_over: bool) -> DutyLog:
    """Return the day as far as it is in the capacity's scope."""
    wanted = Filter(day=day)
    page = ledger_scope.read_day(scope=Scope.of(acting), wanted=wanted, kinds=KINDS)
    since_90k, until_90k = wanted.since_90k or 0, wanted.until_90k or 0
    names = ledger_scope.names_of(page.leaves)
    bodies = {body.code: body.label for body in people.bodies()}
    return DutyLog(
        day=day,
        is_over=is_over,
        shifts=list(duty.access_shifts_between(acting=acting, since_90k=since_90k, until_90k=until_90k)),
        lines=[ledger_rows.line_of(leaf, names=names, bodies=bodies) for leaf in reversed(page.leaves)],
        is_cut=page.older_before is not None,
        checkpoint=ledger_standing.paper_before(until_90k),
    )
