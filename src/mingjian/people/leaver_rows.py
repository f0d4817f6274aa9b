"""Lines of a list of leavers against the accounts that there are: whom it ends, and which lines are refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mingjian.people.importing import days, table
from mingjian.people.importing.kinds import Column, Fault, Row, fault
from mingjian.people.importing.sheet import Sheet
from mingjian.people.models import Person

COLUMNS = (
    Column("username", "用户名", 64, "20260001"),
    Column("left_date", "离校日期", 20, "2026-11-22"),
    Column("display_name", "姓名", 64, "张三", is_wanted=False),
)


@dataclass(frozen=True, slots=True)
class Leavers:
    """What a list says. `to_end` are accounts in use; `unknown` counts lines about people without an account here.

    `is_list` is whether its heading is one of a list of leavers: else nobody is looked for in it.
    """

    to_end: tuple[Person, ...]
    unknown: int
    gone_already: int
    rows: int
    faults: tuple[Fault, ...]
    is_list: bool


def read(sheet: Sheet, *, now_90k: int) -> Leavers:
    """Return whom the list ends. A bad line refuses that line alone."""
    rows, faults = table.rows_of(sheet, columns=COLUMNS)
    if not rows:
        # Nobody left today: a heading alone is a list as well.
        is_list = [one.code for one in faults] == ["no_rows"]
        return Leavers((), 0, 0, 0, () if is_list else tuple(faults), is_list)
    bad = {one.row for one in faults}
    known = {row.username: row for row in Person.objects.filter(username__in=[row["username"] for row in rows])}
    to_end: dict[str, Person] = {}
    unknown = gone_already = 0
    for row in rows:
        if row.number in bad:
            continue
        person = known.get(row["username"])
        if found := list(_faults_of(row, person, now_90k=now_90k)):
            faults += found
        elif person is None:
            unknown += 1
        elif not person.is_active:
            gone_already += 1
        else:
            to_end[person.username] = person
    every = tuple(sorted(faults, key=lambda one: one.row))
    return Leavers(tuple(to_end.values()), unknown, gone_already, len(rows), every, is_list=True)


def _faults_of(row: Row, person: Person | None, *, now_90k: int) -> Iterator[Fault]:
    day = days.day_of(row["left_date"])
    if day is None:
        yield fault(row, "left_date", "no_date")
        return
    if days.midnight(day) > now_90k:
        yield fault(row, "left_date", "in_the_future")
    if person is None:
        return
    if row["display_name"] and row["display_name"] != person.display_name:
        yield fault(row, "display_name", "other_person", known=person.display_name)
    if _opened_at_90k(person) >= days.midnight(_after(day)):
        # The user name was given anew, or the account opened again, since the day that the line tells of.
        yield fault(row, "left_date", "opened_later")


def _opened_at_90k(person: Person) -> int:
    return person.created_at_90k if person.reopened_at_90k is None else person.reopened_at_90k


def _after(day: date) -> date:
    return day + timedelta(days=1)
