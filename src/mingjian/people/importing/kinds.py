"""The kinds of tables that are imported, and the columns of each. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a table is about. Stored codes; never reuse one."""

    PEOPLE = "people"
    UNITS = "units"
    APPOINTMENTS = "appointments"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A table's heading may say its code or its Chinese name; `longest` in characters."""

    code: str
    zh: str
    longest: int
    example: str
    is_wanted: bool = True


Columns = tuple[Column, ...]

COLUMNS: Mapping[Kind, Columns] = {
    Kind.PEOPLE: (
        Column("username", "用户名", 64, "20260001"),
        Column("display_name", "姓名", 64, "张三"),
    ),
    Kind.UNITS: (
        Column("code", "单位代码", 48, "physics"),
        Column("name", "单位名称", 64, "物理学院"),
        Column("name_en", "英文名称", 96, "School of Physics", is_wanted=False),
        Column("parent", "上级机构", 64, "东校区保卫处"),
        Column("campuses", "校区", 200, "东校区"),
    ),
    Kind.APPOINTMENTS: (
        Column("username", "用户名", 64, "20260001"),
        Column("post", "职务", 32, "监控系统操作员"),
        Column("body", "机构", 64, "物理学院"),
        Column("since", "开始日期", 20, "", is_wanted=False),
        Column("until", "结束日期", 20, "2027-08-31", is_wanted=False),
        Column("document", "任命文件", 200, "物理学院〔2026〕8号"),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a spreadsheet numbers it, its cells by the code of their column. A column left out is empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, code: str) -> str:
        return self.cells.get(code, "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, or in a whole row (`column` empty): a stable code and the facts its words need."""

    row: int
    column: str
    code: str
    value: str
    facts: Mapping[str, object]


def fault(row: Row, column: str, code: str, **facts: object) -> Fault:
    """Return a fault of a cell, with the beginning of what stands in it."""
    return Fault(row.number, column, code, row[column][:40], facts)
