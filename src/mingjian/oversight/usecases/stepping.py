"""What every act here takes: a number of the year, the row locked and as it was read, the table asked, a leaf."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Max

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.oversight.models import LONGEST_TEXT, Complaint, Inquiry
from mingjian.oversight.usecases.errors import OversightError
from mingjian.people import acts, scope, texts
from mingjian.people.capacity import Acting
from mingjian.people.models import Body
from mingjian.people.routing import RuleRefused
from mingjian.regulation.decision import Decision

_NUMBER_LOCK = 0x6D6A_0005
Row = TypeVar("Row", Complaint, Inquiry)


def number_of(model: type[Complaint] | type[Inquiry], *, now_90k: int) -> tuple[int, int]:
    """Return the year and the next free number of it, within the caller's transaction."""
    year = ticks.to_datetime(now_90k).astimezone(ticks.CIVIL_ZONE).year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    # Numbers go on after those that whoever acts cannot see.
    with scope.machine():
        last = model.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return year, (last or 0) + 1


def locked(row: Row, *, version: int) -> Row:
    """Return the row for update, if it still is what the person has read. Raises OversightError("oversight.stale")."""
    found = type(row).objects.select_for_update().get(pk=row.pk)
    if found.version != version:
        raise OversightError("oversight.stale", ticket=row.ticket)
    found.version += 1
    return found


def said(text: str) -> str:
    """Return what was written as one line of sound text. Raises TextError."""
    return texts.line(" ".join(text.split()), field="text", longest=LONGEST_TEXT)


def body_with(code: str) -> Body:
    """Return the body with this code. Raises OversightError("oversight.body_unknown")."""
    found = Body.objects.filter(pk=code).first()
    if found is None:
        raise OversightError("oversight.body_unknown", body=code)
    return found


def require(decision: Decision) -> tuple[str, ...]:
    """Return the articles an allowed act rests on. Raises RuleRefused."""
    if not decision.allowed:
        raise RuleRefused(decision)
    return decision.articles


@contextmanager
def recorded(*, acting: Acting, subject: str, clock: Clock) -> Iterator[None]:
    """Carry an act; a refusal out of it becomes an entry of its own, as closed as the matter, and goes on."""
    try:
        yield
    except RuleRefused as refused:
        with transaction.atomic():
            acts.record(
                kind="oversight.refused",
                actor=acts.of(acting),
                subject=subject,
                facts={"codes": [reason.code for reason in refused.decision.reasons]},
                at_90k=clock.utc(),
                articles=refused.decision.articles,
            )
        raise
