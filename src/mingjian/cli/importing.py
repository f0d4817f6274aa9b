"""`mingjian person import` and `left`: tables of people, units, appointments and leavers from the shell."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mingjian.base.clock import SystemClock
from mingjian.cli import django_door
from mingjian.cli.commands import CommandError
from mingjian.host.home import Home

if TYPE_CHECKING:
    from mingjian.people.importing.plan import Plan

_CLOCK = SystemClock()
FOUND = 3
KINDS = ("people", "units", "appointments")


def register(person: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Enter the commands of this module below `mingjian person`."""
    table = person.add_parser("import", help="导入表格（CSV、XLSX）。 import a table, all of it or nothing")
    table.add_argument("kind", choices=KINDS, help="账号、单位、任命。 accounts, units, appointments")
    table.add_argument("file", type=Path)
    table.add_argument("--dry-run", action="store_true", help="只核对，不录入。 check only")
    table.set_defaults(run=import_table)
    left = person.add_parser("left", help="按离校名单停用账号。 close the accounts that a list of leavers names")
    left.add_argument("file", type=Path)
    left.set_defaults(run=take_leavers)
    again = person.add_parser("reopen", help="重新开立停用的账号。 open a closed account again, without posts")
    again.add_argument("username")
    again.add_argument("--reason", required=True, help="事由。 the reason")
    again.set_defaults(run=reopen_person)


def import_table(arguments: argparse.Namespace, home: Home) -> int:
    """Check a table and enter it; 0 when it has no fault, 3 with every fault named otherwise."""
    content = read_file(arguments.file)
    django_door.open_django(home)
    from mingjian.people import acts
    from mingjian.people.importing import sheet, usecases
    from mingjian.people.importing.kinds import Kind

    kind, read = Kind(arguments.kind), sheet.read(content)
    found = usecases.plan(read, kind=kind, acting=None, now_90k=_CLOCK.utc())
    if found.faults:
        return _tell_faults(found)
    if arguments.dry_run:
        print(f"没有毛病：将录入 {len(found.new)} 行，{found.unchanged} 行已有。")
        print(f"No fault: {len(found.new)} rows to enter, {found.unchanged} stand already.")
        return 0
    done = usecases.enter_sheet(read, kind=kind, actor=acts.SHELL, clock=_CLOCK)
    print(f"已录入 {len(done.new)} 行，{done.unchanged} 行已有。 Entered {len(done.new)} rows.")
    return 0


def take_leavers(arguments: argparse.Namespace, home: Home) -> int:
    """Carry a list of leavers out, as from the drop folder; 0 when it was, 3 when it is held or no list."""
    content = read_file(arguments.file)
    django_door.open_django(home)
    from mingjian.people import leavers
    from mingjian.people.models import LeaverList

    taken = leavers.take(content, clock=_CLOCK)
    leavers.carry_out(taken, clock=_CLOCK)
    for fault in taken.faults:
        zh, en = leavers.told(fault)
        print(f"{fault['row']} {fault['column']}：{zh}\n    {en}")
    print(f"{taken.state}：应停用 {taken.to_end}，已停用 {taken.ended}。 {taken.ended} of {taken.to_end} closed.")
    return 0 if taken.state == LeaverList.DONE else FOUND


def reopen_person(arguments: argparse.Namespace, home: Home) -> int:
    """Let a closed account stand again."""
    django_door.open_django(home)
    from mingjian.people import acts, leaving
    from mingjian.people.models import Person

    person = Person.objects.filter(username=arguments.username).first()
    if person is None:
        raise CommandError("cli.person_unknown", person=arguments.username)
    leaving.reopen(person=person, reason=arguments.reason, actor=acts.SHELL, clock=_CLOCK)
    print(f"已重新开立 {person.username}，没有职务。 Opened again, without posts.")
    return 0


def read_file(path: Path) -> bytes:
    """Return what stands in a file, at most as much as a table may have. Raises CommandError."""
    from mingjian.people.importing.sheet import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError("cli.file_unreadable", path=str(path), reason=error.strerror or "") from error


def _tell_faults(found: "Plan") -> int:
    from mingjian.people.importing import words

    for fault in found.faults:
        zh, en = words.told(fault)
        place = f"{fault.row} {fault.column}".strip()
        said = f" “{fault.value}”" if fault.value else ""
        print(f"{place}{said}：{zh}\n    {en}")
    print(f"共 {len(found.faults)} 处，没有录入任何内容。 {len(found.faults)} faults; nothing was entered.")
    return FOUND
