"""Rows of people against the accounts that there are."""

from collections.abc import Iterator

from mingjian.people.importing.kinds import Fault, Row, fault
from mingjian.people.importing.names import is_name, is_username
from mingjian.people.importing.plan import NewPerson, Plan
from mingjian.people.models import Person


def plan(rows: list[Row]) -> Plan:
    """Return which accounts would be opened. Whoever has one under the same name already stays as they are."""
    known = {row.username.casefold(): row for row in Person.objects.only("username", "display_name", "is_active")}
    seen: dict[str, int] = {}
    new: list[NewPerson] = []
    faults: list[Fault] = []
    unchanged = 0
    for row in rows:
        found = list(_faults_of(row, seen))
        seen.setdefault(row["username"].casefold(), row.number)
        standing = known.get(row["username"].casefold())
        if standing is not None and not found:
            found += _against(row, standing)
            unchanged += not found
        elif not found:
            new.append(NewPerson(username=row["username"], display_name=row["display_name"]))
        faults += found
    return Plan(tuple(new), unchanged, tuple(faults))


def _faults_of(row: Row, seen: dict[str, int]) -> Iterator[Fault]:
    if row["username"] and not is_username(row["username"]):
        yield fault(row, "username", "no_username")
    elif first := seen.get(row["username"].casefold()):
        yield fault(row, "username", "twice", first=first)
    if row["display_name"] and not is_name(row["display_name"]):
        yield fault(row, "display_name", "no_name")


def _against(row: Row, standing: Person) -> Iterator[Fault]:
    if not standing.is_active:
        yield fault(row, "username", "account_closed")
    elif standing.username != row["username"]:
        yield fault(row, "username", "differs_in_case", known=standing.username)
    elif standing.display_name != row["display_name"]:
        yield fault(row, "display_name", "other_name", known=standing.display_name)
