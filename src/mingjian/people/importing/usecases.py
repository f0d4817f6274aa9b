"""What may be done with a table: tried (nothing is entered), entered whole, put away. One function, one act."""

from django.db import connection, transaction

from mingjian.base.clock import Clock
from mingjian.base.errors import MingjianError
from mingjian.base.ticks import TICKS_PER_S
from mingjian.people import acts, personnel, usecases
from mingjian.people.acts import Actor
from mingjian.people.capacity import Acting
from mingjian.people.importing import appointment_rows, people_rows, sheet, table, unit_rows
from mingjian.people.importing.enter import Crossed, enter
from mingjian.people.importing.kinds import COLUMNS, Kind
from mingjian.people.importing.plan import Plan
from mingjian.people.importing.sheet import Sheet
from mingjian.people.models import ImportRun
from mingjian.people.posts import UNIT
from mingjian.regulation import articles
from mingjian.regulation.posts import PRINCIPALS

# How long a table that was tried waits to be entered.
KEPT_90K = 3600 * TICKS_PER_S
OPEN_AT_ONCE = 5
_ARTICLES = {Kind.PEOPLE: (), Kind.UNITS: (articles.A07_2_0.id,), Kind.APPOINTMENTS: (articles.A08_B.id,)}
_LOCK = 0x6D6A_0005


class ImportingError(MingjianError):
    """A table cannot be entered as asked: "people.import_over", "people.import_faulty", "people.import_crossed"."""


def kinds_of(acting: Acting) -> tuple[Kind, ...]:
    """Return the kinds of tables that are this capacity's business, none for most."""
    found = []
    if personnel.keeps_accounts(acting):
        found.append(Kind.PEOPLE)
    if acting.post in PRINCIPALS and acting.tier != UNIT:
        found.append(Kind.UNITS)
    if personnel.appoints(acting):
        found.append(Kind.APPOINTMENTS)
    return tuple(found)


def plan(read: Sheet, *, kind: Kind, acting: Acting | None, now_90k: int) -> Plan:
    """Return what entering the table would do now. `acting` None is the shell."""
    rows, faults = table.rows_of(read, columns=COLUMNS[kind])
    match kind:
        case Kind.PEOPLE:
            found = people_rows.plan(rows)
        case Kind.UNITS:
            found = unit_rows.plan(rows, acting=acting)
        case Kind.APPOINTMENTS:
            found = appointment_rows.plan(rows, acting=acting, now_90k=now_90k)
    # A cell that cannot be read at all is not told a second time as a name that does not fit.
    unread = {(one.row, one.column) for one in faults}
    beyond = (one for one in found.faults if (one.row, one.column) not in unread)
    every = tuple(sorted((*faults, *beyond), key=lambda one: one.row))
    return Plan(found.new, found.unchanged, every, found.refused)


def attempt(*, content: bytes, kind: Kind, acting: Acting, clock: Clock) -> ImportRun:
    """Read a table and keep it for an hour, so that it can be entered as it was tried. Raises SheetError.

    Nothing is entered. What a rule refuses in it is recorded, each rule once.
    """
    read = sheet.read(content)
    now_90k = clock.utc()
    for decision in plan(read, kind=kind, acting=acting, now_90k=now_90k).refused:
        usecases.record_refusal(acting=acting, decision=decision, path=f"/people/import/{kind}/", clock=clock)
    mine = ImportRun.objects.filter(checked_by=acting.person)
    with transaction.atomic(durable=True):
        run = ImportRun.objects.create(
            kind=kind.value,
            sha256=read.sha256,
            size_bytes=read.size_bytes,
            encoding=read.encoding,
            rows=[[number, list(cells)] for number, cells in read.rows],
            row_count=len(read.rows) - 1,
            checked_by=acting.person,
            checked_at_90k=now_90k,
        )
        # A table tried again and again takes no more room.
        beyond = mine.filter(rows__isnull=False).order_by("-checked_at_90k").values_list("pk", flat=True)[OPEN_AT_ONCE:]
        mine.filter(pk__in=list(beyond)).update(rows=None)
    return run


def sheet_of(run: ImportRun) -> Sheet:
    """Return the table as it was read."""
    rows = tuple((number, tuple(cells)) for number, cells in run.rows or ())
    return Sheet(rows=rows, sha256=run.sha256, size_bytes=run.size_bytes, encoding=run.encoding)


def enter_run(*, run: ImportRun, acting: Acting, clock: Clock) -> ImportRun:
    """Enter a table that was tried, all of it or nothing. Raises ImportingError."""
    with transaction.atomic(durable=True):
        row = ImportRun.objects.select_for_update().get(pk=run.pk)
        if row.rows is None:
            raise ImportingError("people.import_over")
        done = _enter(sheet_of(row), kind=Kind(row.kind), acting=acting, actor=acts.of(acting), clock=clock)
        row.rows, row.entered_at_90k = None, clock.utc()
        row.entered, row.unchanged = len(done.new), done.unchanged
        row.save(update_fields=["rows", "entered_at_90k", "entered", "unchanged"])
    return row


@transaction.atomic(durable=True)
def enter_sheet(read: Sheet, *, kind: Kind, actor: Actor, clock: Clock) -> Plan:
    """Enter a table from the shell, all of it or nothing. Raises ImportingError."""
    return _enter(read, kind=kind, acting=None, actor=actor, clock=clock)


@transaction.atomic(durable=True)
def put_away(*, run: ImportRun) -> None:
    """Forget the rows of a table that was tried; nothing was entered, so nothing is told to the ledger."""
    ImportRun.objects.filter(pk=run.pk).update(rows=None)


@transaction.atomic(durable=True)
def forget_stale(*, clock: Clock) -> int:
    """Forget the rows of tables that nobody entered within the hour; return how many. The clerk's work."""
    old = ImportRun.objects.filter(rows__isnull=False, checked_at_90k__lte=clock.utc() - KEPT_90K)
    return old.update(rows=None)


def _enter(read: Sheet, *, kind: Kind, acting: Acting | None, actor: Actor, clock: Clock) -> Plan:
    with connection.cursor() as cursor:
        # One after the other: the second finds what the first entered.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    now_90k = clock.utc()
    found = plan(read, kind=kind, acting=acting, now_90k=now_90k)
    if found.faults:
        raise ImportingError("people.import_faulty", count=len(found.faults))
    try:
        enter(found.new, appointed_by=None if acting is None else acting.person, actor=actor, at_90k=now_90k)
    except Crossed as error:
        raise ImportingError("people.import_crossed") from error
    acts.record(
        kind="people.imported",
        actor=actor,
        subject=f"import:{read.sha256}",
        facts={
            "table": kind.value,
            "sha256": read.sha256,
            "size_bytes": read.size_bytes,
            "rows": len(read.rows) - 1,
            "entered": len(found.new),
            "unchanged": found.unchanged,
            "body": "" if acting is None else acting.body,
        },
        at_90k=now_90k,
        articles=_ARTICLES[kind],
    )
    return found
